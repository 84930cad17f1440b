"""A close that is killed: readers see no run or a whole one, closing again completes it, and nothing is left lying about.

A process of its own is stopped by SIGKILL at one named place of the close, as a power cut would; no moment is waited for.
"""

import shutil
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from desk_month import AS_AT, MONTH, closed_month
from desk_road import Desk, new_desk
from tocsin.reports.run_store import one_close_at_a_time

# Each place as (module, function): the process dies when it is about to call it, or, behind "after", when it has called it.
PLACES = {
    "journeys worked out": ("tocsin.reports.closing", "work_out", "after"),
    "journeys in the store": ("tocsin.reports.closing", "replace_days", "after"),
    "counted": ("tocsin.reports.worked_out", "count_journeys", "after"),
    "figures made": ("tocsin.reports.worked_out", "make_figures", "after"),
    "run written aside": ("tocsin.reports.run", "write_run", "after"),
}
KILLED = """
import importlib, os, signal, sys
module, name, when = sys.argv[1:4]
module = importlib.import_module(module)
real = getattr(module, name)
def dying(*given, **named):
    found = None if when == "before" else real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)
setattr(module, name, dying)
sys.argv = ["tocsin", *sys.argv[4:]]
from tocsin.desk.cli import main
main()
"""


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The month closed without mishap."""
    return closed_month(tmp_path_factory.mktemp("whole") / "w")


@pytest.mark.parametrize("place", PLACES)
def test_a_close_that_is_killed(whole: Desk, tmp_path: Path, place: str) -> None:
    desk = Desk(Path(shutil.copytree(whole.root, tmp_path / "w")))
    shutil.rmtree(desk.root / "runs" / MONTH)
    if place != "journeys in the store":
        # The first close of all, as well as one over journeys that are there.
        shutil.rmtree(desk.root / "store" / "journeys")
    for rested in (desk.root / "store").glob("journeys/*/*/_rests_on.json"):
        # Where what they rest on is remembered, journeys that stand would not be replaced at all.
        rested.unlink()
    words = ["close", MONTH, "--as-at", AS_AT, "--workspace", str(desk.root)]
    killed = subprocess.run([sys.executable, "-c", KILLED, *PLACES[place], *words], capture_output=True, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()

    said = desk("figures", MONTH)
    assert said.code == 10 and "no run yet" in said.err
    assert desk("doctor").code == 0
    desk.close(MONTH, AS_AT)
    assert desk.figures(MONTH) == whole.figures(MONTH)
    assert desk("trace", "cpm_1", "--rows", 1).code == 0
    assert desk("doctor").code == 0
    left = [path.name for path in (*(desk.root / "runs" / MONTH).iterdir(), *(desk.root / "store").iterdir()) if path.name.startswith(".")]
    assert left == []


def test_a_run_that_stands_is_untouched_by_a_later_close_that_is_killed(whole: Desk, tmp_path: Path) -> None:
    desk = Desk(Path(shutil.copytree(whole.root, tmp_path / "w")))
    words = ["close", MONTH, "--as-at", "2021-09-21T09:00Z", "--workspace", str(desk.root)]
    place = PLACES["journeys in the store"]
    killed = subprocess.run([sys.executable, "-c", KILLED, *place, *words], capture_output=True, timeout=120, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert desk.figures(MONTH) == whole.figures(MONTH)
    # The journeys of the frozen run are those of its own version, though a later one stands.
    assert desk("trace", "cpm_5", "--rows", 1).code == 0
    assert desk("doctor").code == 0


def test_a_second_close_waits_for_the_first(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w")
    store, runs = desk.root / "store", desk.root / "runs"
    (store / ".closing-of-the-first").mkdir()
    waits, is_in = threading.Event(), threading.Event()

    def second() -> None:
        with one_close_at_a_time(store, runs, waits.set):
            is_in.set()

    with one_close_at_a_time(store, runs, lambda: pytest.fail("nobody else is at work")):
        assert not list(store.glob(".closing-*"))
        (store / ".closing-of-this-one").mkdir()
        other = threading.Thread(target=second)
        other.start()
        assert waits.wait(30) and not is_in.is_set()
        assert (store / ".closing-of-this-one").is_dir()
    other.join(30)
    assert is_in.is_set()


def test_ctrl_c_says_that_nothing_is_half_written(whole: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Path(shutil.copytree(whole.root, tmp_path / "w")))

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("tocsin.reports.worked_out.make_figures", stopped)
    said = desk("close", MONTH, "--as-at", "2021-09-21T09:00Z")
    assert said.code == 130 and "Traceback" not in said.err
    assert len(list((desk.root / "runs" / MONTH).iterdir())) == 1
    assert not list((desk.root / "store").glob(".closing-*"))


def test_a_full_disk_is_told_without_a_traceback(whole: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = Desk(Path(shutil.copytree(whole.root, tmp_path / "w")))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tocsin.reports.run.write_run", full)
    said = desk("close", MONTH, "--as-at", "2021-09-21T09:00Z")
    assert said.code == 1 and "No space left on device" in said.err and "Traceback" not in said.err
    assert len(list((desk.root / "runs" / MONTH).iterdir())) == 1


@pytest.mark.parametrize(("raised", "code"), [("RuntimeError('Query interrupted')", 130), ("RuntimeError('another')", 1)])
def test_ctrl_c_while_the_engine_works_is_told_as_ctrl_c(raised: str, code: int) -> None:
    """DuckDB eats the KeyboardInterrupt and raises an error of its own; any other stays what it is."""
    text = f"from tocsin.desk import cli\ndef app(**named): raise {raised}\ncli.app = app\ncli.main()"
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, timeout=60, check=False, text=True)
    assert said.returncode == code and ("Traceback" in said.stderr) == (code == 1) and ("Stopped." in said.stderr) == (code == 130)


def test_ctrl_c_while_modules_are_read_is_told_without_a_traceback() -> None:
    text = "import tocsin.desk\nraise KeyboardInterrupt"
    said = subprocess.run([sys.executable, "-c", text], capture_output=True, timeout=60, check=False, text=True)
    # An uncaught KeyboardInterrupt ends Python by the signal itself, which a shell tells as 130.
    assert said.returncode == -signal.SIGINT and said.stderr == "Stopped. Nothing is half-written; run the same command again to go on.\n"
