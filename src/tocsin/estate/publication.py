"""Publishing a simulation: everything is written aside, in one hidden folder, and moved into place whole at the very end.

A crash, Ctrl-C or a full disk leaves the hidden folder at most; the next simulation sweeps it, or finishes the moving that had begun.
"""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tocsin.vocabulary.errors import BadDeclaration

ASIDE = ".simulating"
INCOMING, TRUTH = "incoming", "truth"
# What was simulated, in the truth's folder; in the hidden folder it is written last, and says that all is there.
RECORD = "simulation.json"


def published(folder: Path) -> dict[str, Any] | None:
    """The record of the simulation that stands in a folder; None where none does."""
    path = folder / TRUTH / RECORD
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else None


def finish_interrupted(folder: Path) -> None:
    """Finish the moving of a simulation that was killed while it was being published; all of it stood on the disk already."""
    if (folder / ASIDE / RECORD).is_file():
        with _one_at_a_time(folder):
            _move(folder, folder / ASIDE)


@contextmanager
def set_aside(folder: Path) -> Iterator[Path]:
    """A hidden folder with incoming/ and truth/ to simulate into; what was written there is gone unless `publish` moved it.

    Raises BadDeclaration when another simulation is at work here, or when incoming/ or truth/ hold anything.
    """
    made_here = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    with _one_at_a_time(folder):
        aside = folder / ASIDE
        try:
            shutil.rmtree(aside, ignore_errors=True)
            _refuse_what_is_there(folder)
            for name in (INCOMING, TRUTH):
                (aside / name).mkdir(parents=True)
            yield aside
        finally:
            if not (aside / RECORD).is_file():
                shutil.rmtree(aside, ignore_errors=True)
            if made_here and not any(folder.iterdir()):
                folder.rmdir()


@contextmanager
def _one_at_a_time(folder: Path) -> Iterator[None]:
    opened = os.open(folder, os.O_RDONLY)
    try:
        # The kernel lets go of it whatever way the process ends: a lock can never be left behind.
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as wrong:
        raise BadDeclaration(f"{folder}: another simulation is at work here. Nothing was written; run again when it is done.") from wrong
    finally:
        os.close(opened)


def publish(folder: Path, aside: Path, record: Mapping[str, Any]) -> None:
    """Move incoming/ and truth/ into place. Once the record is written, a killed publication is finished by the next simulation."""
    text = json.dumps(record, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    (aside / TRUTH / RECORD).write_text(text, encoding="utf-8")
    unfinished = aside / f"{RECORD}.unfinished"
    unfinished.write_text(text, encoding="utf-8")
    # One call for thousands of small files; a disk that is full says so here at the latest.
    os.sync()
    unfinished.replace(aside / RECORD)
    _move(folder, aside)


def _move(folder: Path, aside: Path) -> None:
    for name in (INCOMING, TRUTH):
        if (aside / name).is_dir():
            # A folder takes an empty one's place in one step.
            (aside / name).replace(folder / name)
    shutil.rmtree(aside)


def _refuse_what_is_there(folder: Path) -> None:
    for name in (INCOMING, TRUTH):
        found = next(iter(sorted((folder / name).iterdir())), None) if (folder / name).is_dir() else None
        if found is not None:
            raise BadDeclaration(
                f"{folder / name}: an empty folder was expected, found {found.name}: files of another simulation, or received ones. Nothing"
                " was written. Simulate into another workspace (-w FOLDER), or move incoming/ and truth/ away first."
            )
