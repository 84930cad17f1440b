"""Where frozen runs are kept: runs/<period>/<run_id>/, written aside and moved in whole, never changed after."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tocsin.deliveries.sums import FILE as SUMS
from tocsin.deliveries.sums import digest_of, write_sums, wrong_sums
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.glance import glance_of
from tocsin.vocabulary.calendar import Period, moment
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import instant

FILE, GLANCE = "run.json", "glance.json"
# Where a close works before it is done, in the store.
ASIDE = ".closing-"


def run_id_of(period: Period, as_at: int, basis_digest: str, parameters_digest: str, code_version: str) -> str:
    """The same period, as-at, basis, parameters and code make the same run: closing again gives the one that is there."""
    made_of = "\x1f".join((period.label, period.zone, str(as_at), basis_digest, parameters_digest, code_version))
    return f"{period.label}-{moment(as_at):%Y%m%dT%H%M%S}-{hashlib.sha256(made_of.encode()).hexdigest()[:8]}"


def as_at_of(run_id: str) -> int:
    """The second a run's name says it is as at, in microseconds UTC."""
    stamp = run_id.rpartition("-")[0][-len("20210101T000000") :]
    return instant(datetime.strptime(stamp, "%Y%m%dT%H%M%S").replace(tzinfo=UTC))


@contextmanager
def one_close_at_a_time(store: Path, runs: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the closing lock of a workspace, and sweep away what a close that was killed left; `waiting` is told when another is at work."""
    with (store / "close.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        # The lock is held, so whoever made these is gone.
        for left in (*store.glob(f"{ASIDE}*"), *runs.glob("*/.*.making-*")):
            shutil.rmtree(left, ignore_errors=True)
        yield


@contextmanager
def being_made(runs: Path, period: Period, run_id: str) -> Iterator[Path]:
    """A folder to make a run in; it becomes runs/<period>/<run_id> when the work ends well and is gone when it does not."""
    place = runs / period.label / run_id
    aside = place.with_name(f".{run_id}.making-{os.getpid()}")
    shutil.rmtree(aside, ignore_errors=True)
    aside.mkdir(parents=True)
    try:
        yield aside
        aside.replace(place)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_run(run: FrozenRun, folder: Path) -> None:
    """The run, a glance at it, and digests of all that is kept with it, on the disk before the folder is moved into place."""
    for name, of in ((FILE, run), (GLANCE, glance_of(run))):
        with (folder / name).open("w", encoding="utf-8") as file:
            file.write(to_json(of))
            file.flush()
            os.fsync(file.fileno())
    write_sums(folder)


def files_digest(folder: Path) -> str:
    """One digest of all files of a run: that of its list of digests. Raises BadDeclaration when the list is not there."""
    path = folder / SUMS
    if not path.is_file():
        raise BadDeclaration(f"{path} is missing: the run cannot be proved to be what was frozen. Restore it from a copy.")
    return digest_of(path)


def months_of(runs: Path) -> list[str]:
    """Labels of the periods that have a run."""
    return sorted({path.parent.parent.name for path in runs.glob(f"*/[!.]*/{FILE}")})


def runs_of(runs: Path, period: Period) -> list[str]:
    """Run ids of a period, oldest as-at first."""
    folder = runs / period.label
    return sorted(path.parent.name for path in folder.glob(f"[!.]*/{FILE}")) if folder.is_dir() else []


def folder_of(runs: Path, period: Period, run_id: str | None = None) -> Path:
    """The folder of a run, of the latest one by as-at unless one is named. Raises BadDeclaration listing the runs there are."""
    there = runs_of(runs, period)
    if not there:
        raise BadDeclaration(f"{period.label}: no run yet. Make one with: tocsin close {period.label}")
    if run_id is not None and run_id not in there:
        raise BadDeclaration(f'{period.label}: there is no run "{run_id}". There is: {", ".join(there)}.')
    return runs / period.label / (run_id or _latest(runs / period.label, there))


def run_before(runs: Path, period: Period, run_id: str) -> str:
    """The run of a period before another, by as-at and then by name; "" where that is the first."""
    there = runs_of(runs, period)
    return there[there.index(run_id) - 1] if run_id in there and there.index(run_id) else ""


def latest_known(runs: Path, period: Period, as_at: int) -> str | None:
    """The latest run of a period by as-at, of those as at an instant or before; None where there is none."""
    until = f"{period.label}-{moment(as_at):%Y%m%dT%H%M%S}"
    known = [name for name in runs_of(runs, period) if name.rpartition("-")[0] <= until]
    return _latest(runs / period.label, known) if known else None


def _latest(folder: Path, there: list[str]) -> str:
    """The run with the latest as-at; of several as at one second the one made last (with other settings, or by other code)."""
    second = there[-1].rpartition("-")[0]
    alike = [name for name in there if name.rpartition("-")[0] == second]
    if len(alike) == 1:
        return alike[0]
    made = {name: _read(folder / name / FILE) for name in alike}
    return max(alike, key=lambda name: (made[name].as_at, made[name].made_at))


def read_run(runs: Path, period: Period, run_id: str | None = None) -> FrozenRun:
    """A frozen run as it was written. Raises BadDeclaration when it is not there or was changed."""
    return _read(folder_of(runs, period, run_id) / FILE)


def read_glance(runs: Path, period: Period, run_id: str) -> FrozenRun:
    """The same at a glance (see glance.py), in a twentieth of the time. Raises BadDeclaration when either file was changed."""
    folder = folder_of(runs, period, run_id)
    if not (folder / GLANCE).is_file():
        # A run that was made before glances were kept.
        return glance_of(read_run(runs, period, run_id))
    for path, problem in wrong_sums(folder, (FILE, GLANCE)):
        raise BadDeclaration(f"{path}: {problem}. Close the period again.")
    return _read(folder / GLANCE)


def _read(path: Path) -> FrozenRun:
    return from_json(path.read_text(encoding="utf-8"), str(path))
