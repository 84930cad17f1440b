"""A command that its surroundings stop: nobody reads on, or a disk is full. Neither is a traceback, and both say enough."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows
from tocsin.deliveries import keeping
from tocsin.deliveries.ledger import Ledger
from tocsin.deliveries.store import Store
from tocsin.desk.endings import UNREAD, full_disk_words


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = new_desk(tmp_path / "w")
    write_rows(desk.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS)
    return desk


def unread(*words: str, before: str = "") -> tuple[int, str]:
    """Exit code and standard error of a command whose output goes to a pipe that nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    text = f"{before}\nimport sys\nfrom tocsin.desk.cli import main\nsys.argv = {['tocsin', *words]!r}\nmain()"
    with os.fdopen(writing, "wb") as nobody:
        # Buffered, as it is where nobody asked otherwise.
        environment = {**os.environ, "PYTHONUNBUFFERED": ""}
        done = subprocess.run(
            [sys.executable, "-c", text], stdout=nobody, stderr=subprocess.PIPE, timeout=120, check=False, text=True, env=environment
        )
    return done.returncode, done.stderr


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_nobody_reads_on_and_it_ends_quietly(desk: Desk, form: str) -> None:
    assert unread("slots", "2021-08", "--workspace", str(desk.root), "--format", form)[0] == UNREAD
    code, said = unread("withdraw", "--workspace", str(desk.root), "--format", form)
    assert (code, "Traceback" in said, "Exception ignored" in said, "BrokenPipe" in said) == (UNREAD, False, False, False)


def test_an_error_is_told_even_so(desk: Desk) -> None:
    """Half a table was printed to nobody, and then something was wrong."""
    before = "import tocsin.desk.workspace as w\nfrom tocsin.vocabulary.errors import BadDeclaration\n"
    before += "def gone(root):\n    print('half')\n    raise BadDeclaration('amiss')\nw.Workspace.open = gone"
    code, said = unread("slots", "2021-08", before=before)
    assert (code, said) == (10, "BadDeclaration: amiss\n")


def test_another_pipe_that_breaks_is_an_error(desk: Desk) -> None:
    before = "import tocsin.desk.workspace as w\ndef gone(root): raise BrokenPipeError(32, 'Broken pipe')\nw.Workspace.open = gone"
    text = f"{before}\nimport sys\nfrom tocsin.desk.cli import main\nsys.argv = ['tocsin', 'slots', '2021-08']\nmain()"
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, timeout=120, check=False, text=True)
    assert (done.returncode, "Broken pipe" in done.stderr, "Traceback" in done.stderr) == (1, True, False)


def test_a_full_disk_is_told_with_its_folders_and_no_file_is_refused_for_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(keeping.os, "fsync", full)
        said = desk("take-in")
    assert said.code == 1 and "Traceback" not in said.err
    assert f"A disk is full. Room left: {desk.root / 'store' / 'raw'} " in said.err and " MB" in said.err and "Make room" in said.err
    ledger = Ledger(Store(desk.root / "store"))
    assert ledger.deliveries() == ()
    ledger.close()
    assert not list((desk.root / "store" / "raw").iterdir())
    assert [row["result"] for row in desk.take_in(received_at="2021-08-11T06:00Z")] == ["accepted"]


def test_of_an_error_without_a_file_the_workspace_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_WORKSPACE", raising=False)
    full = OSError(28, "No space left on device")
    for asked in (["tocsin", "close", "-w", str(tmp_path)], ["tocsin", f"--workspace={tmp_path}", "close"]):
        assert f"{tmp_path} " in full_disk_words(full, asked)
    monkeypatch.setenv("TOCSIN_WORKSPACE", str(tmp_path / "not" / "there"))
    assert f"{tmp_path / 'not' / 'there'} " in full_disk_words(full, ["tocsin", "close"])
    assert full_disk_words(PermissionError(13, "Permission denied"), []) == ""
