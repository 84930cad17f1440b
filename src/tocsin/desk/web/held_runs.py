"""Runs as the pages and the API read them: looked for anew at every request, read from the disk once for each digest."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tocsin.deliveries.sums import wrong_sums
from tocsin.desk.web.problems import NotServed
from tocsin.desk.workspace import Workspace
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import FILE, GLANCE, files_digest, folder_of, months_of, read_glance, read_run, runs_of
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration

# A national month's run takes some hundred megabytes while it is held; a glance is held without figures, and takes next to nothing.
_RUNS, _GLANCES = 2, 2_000


@dataclass(frozen=True)
class HeldRun:
    """A frozen run with the digest of all that is kept of it, and whether it is the latest of its month."""

    run: FrozenRun
    digest: str
    is_latest: bool

    @cached_property
    def columns(self) -> frozenset[str]:
        """Every column that any of its figures is broken down by."""
        return frozenset(column for figure in self.run.figures for column, _ in figure.breakdown)

    @cached_property
    def subjects(self) -> frozenset[str]:
        """Every measure, Business Process and area that it has a figure of."""
        return frozenset(figure.subject for figure in self.run.figures)


class HeldRuns:
    """The runs of a workspace. Any number of threads may ask; nothing is ever written."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._lock = threading.Lock()
        self._kept: dict[str, OrderedDict[tuple[str, str], FrozenRun]] = {FILE: OrderedDict(), GLANCE: OrderedDict()}
        self._found_latest: dict[str, tuple[tuple[str, ...], str]] = {}

    def months(self) -> list[str]:
        """Labels of the months that have a run, oldest first. A run that is being made, or was broken off, is not among them.

        Nor is another folder that somebody put beside them, such as a copy of a month under another name.
        """
        return [label for label in months_of(self.workspace.runs) if _is_month(label)]

    def period(self, month: str) -> Period:
        """Raises NotServed (404) for what is no month with a run, whatever else it may be: no request's words become a path."""
        if month not in self.months():
            raise NotServed(404, f'"{month}" has no run. There are runs of: {", ".join(self.months()) or "no month yet"}.')
        return Period.parse(month)

    def runs(self, month: str) -> list[str]:
        """Run ids of a month, oldest as-at first."""
        return runs_of(self.workspace.runs, self.period(month))

    def run(self, month: str, run_id: str | None = None) -> HeldRun:
        """A run of a month, the latest unless one is named. Raises NotServed (404) where there is no such run."""
        return self._held(FILE, month, run_id, _RUNS)

    def glance(self, month: str, run_id: str | None = None) -> HeldRun:
        """What a run is, without its figures, and without the days, files and reasons."""
        return self._held(GLANCE, month, run_id, _GLANCES)

    def _held(self, which: str, month: str, run_id: str | None, most: int) -> HeldRun:
        period = self.period(month)
        there = self.runs(month)
        if run_id is not None and run_id not in there:
            raise NotServed(404, f'{month} has no run "{run_id}". There is: {", ".join(there)}.')
        latest = self._latest(period, tuple(there))
        folder = folder_of(self.workspace.runs, period, run_id or latest)
        digest, kept = files_digest(folder), self._kept[which]
        key = (folder.name, digest)
        # One thread reads a run while the others wait for it: two readings at once would only take the memory twice.
        with self._lock:
            if key not in kept:
                kept[key] = self._read(which, period, folder)
            kept.move_to_end(key)
            while len(kept) > most:
                kept.popitem(last=False)
            return HeldRun(kept[key], digest, folder.name == latest)

    def _latest(self, period: Period, there: tuple[str, ...]) -> str:
        # Of runs as at one second every one is read to tell which was made last, so what was found is kept for the same runs.
        with self._lock:
            known, latest = self._found_latest.get(period.label, ((), ""))
            if known != there:
                latest = folder_of(self.workspace.runs, period).name
                self._found_latest[period.label] = there, latest
            return latest

    def _read(self, which: str, period: Period, folder: Path) -> FrozenRun:
        if which == GLANCE:
            return replace(read_glance(self.workspace.runs, period, folder.name), figures=())
        for path, problem in wrong_sums(folder, (FILE,)):
            raise BadDeclaration(f"{path}: {problem}. Close the period again.")
        return read_run(self.workspace.runs, period, folder.name)


def _is_month(label: str) -> bool:
    try:
        return Period.parse(label).label == label
    except BadDeclaration:
        return False
