"""A simulation stands whole or not at all, whatever ends it."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tocsin.estate.publication import ASIDE, RECORD, finish_interrupted, publish, published, set_aside
from tocsin.vocabulary.errors import BadDeclaration

RECORDED = {"plan": {"month": "2021-09"}}


def simulate_into(folder: Path) -> None:
    with set_aside(folder) as aside:
        (aside / "incoming" / "a.csv").write_text("1")
        (aside / "truth" / "figures.csv").write_text("2")
        publish(folder, aside, RECORDED)


def tree(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_what_was_set_aside_stands_whole(tmp_path: Path) -> None:
    folder = tmp_path / "estate"
    assert published(folder) is None
    simulate_into(folder)
    assert tree(folder) == ["incoming/a.csv", "truth/figures.csv", f"truth/{RECORD}"]
    assert published(folder) == RECORDED
    assert not (folder / ASIDE).exists()


@pytest.mark.parametrize("ending", [KeyboardInterrupt, OSError])
def test_a_simulation_that_fails_leaves_nothing(tmp_path: Path, ending: type[BaseException]) -> None:
    folder = tmp_path / "estate"
    with pytest.raises(ending), set_aside(folder) as aside:
        (aside / "incoming" / "a.csv").write_text("half")
        raise ending
    assert not folder.exists()


def test_a_workspace_that_was_there_stays(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "workspace.toml").write_text("")
    with pytest.raises(OSError), set_aside(tmp_path) as aside:
        (aside / "incoming" / "a.csv").write_text("half")
        raise OSError
    assert tree(tmp_path) == ["workspace.toml"]


def test_what_a_killed_one_left_is_swept_by_the_next(tmp_path: Path) -> None:
    killed = (
        "import os, signal, sys; from pathlib import Path; from tocsin.estate.publication import set_aside\n"
        "with set_aside(Path(sys.argv[1])) as aside:\n"
        "    (aside / 'incoming' / 'half.csv').write_text('half')\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False, env=os.environ)
    assert ended.returncode == -signal.SIGKILL
    assert tree(tmp_path) == [f"{ASIDE}/incoming/half.csv"]
    simulate_into(tmp_path)
    assert tree(tmp_path) == ["incoming/a.csv", "truth/figures.csv", f"truth/{RECORD}"]


@pytest.mark.parametrize("moved", [(), ("incoming",), ("incoming", "truth")])
def test_a_publication_that_was_killed_is_finished(tmp_path: Path, moved: tuple[str, ...]) -> None:
    for name in ("incoming", "truth"):
        folder = tmp_path / name if name in moved else tmp_path / ASIDE / name
        folder.mkdir(parents=True)
        (folder / ("a.csv" if name == "incoming" else RECORD)).write_text(json.dumps(RECORDED))
    (tmp_path / ASIDE).mkdir(exist_ok=True)
    (tmp_path / ASIDE / RECORD).write_text(json.dumps(RECORDED))
    finish_interrupted(tmp_path)
    assert tree(tmp_path) == ["incoming/a.csv", f"truth/{RECORD}"]
    assert published(tmp_path) == RECORDED


def test_files_that_are_there_are_never_mixed_with_simulated_ones(tmp_path: Path) -> None:
    (tmp_path / "incoming").mkdir()
    (tmp_path / "incoming" / "DSP_SAT.csv").write_text("received")
    with pytest.raises(BadDeclaration, match=r"found DSP_SAT\.csv.*another workspace"), set_aside(tmp_path):
        pytest.fail("nothing may be set aside")
    assert tree(tmp_path) == ["incoming/DSP_SAT.csv"]


def test_one_simulation_at_a_time(tmp_path: Path) -> None:
    with set_aside(tmp_path), pytest.raises(BadDeclaration, match="another simulation is at work"), set_aside(tmp_path):
        pytest.fail("two simulations in one folder")
