"""Which months a run restates: its own against the run before it, and those whose standing run is not the one readers were last told of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tocsin.reports.deadlines import pmr_deadlines
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_restated import RestatedMonth, Restatements
from tocsin.reports.restatements import compared
from tocsin.reports.run_store import as_at_of, latest_known, read_run, runs_of
from tocsin.vocabulary.calendar import Period, WorkingDays
from tocsin.vocabulary.errors import BadDeclaration

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Since:
    """When readers were last told (µs UTC), by which run, and the runs that stand otherwise since: month, run then, run now."""

    at: int
    told_by: str
    pairs: tuple[tuple[str, str, str], ...]

    @property
    def named(self) -> str:
        """The runs compared with, in one line: others make another run."""
        return " ".join(then for _, then, _ in self.pairs)


def restated_since(earlier: EarlierRuns, working_days: WorkingDays, reference: Path, published: Mapping[str, str] = NOTHING) -> Since:
    """The months before a period that another run stands for than when readers were last told.

    Of a month that was published by then readers know the run `published` last (month to run). They were told of the others by the report
    of the month before: its published run, else the one that stood at the operative deadline of that report, else the first after it. A
    run that was made again after that is news to them, also where it was made before this period's. Where the month before has no run, by
    what stood at that deadline.
    """
    month, as_at = earlier.period.previous(), earlier.as_at
    # The last of the dates: the operative one (domain.md 11.2).
    due_at = max(line.due_at or 0 for line in pmr_deadlines(month, working_days, reference))
    stood = latest_known(earlier.runs, month, min(due_at, as_at)) or _first(earlier.runs, month, as_at)
    told_by = published.get(month.label, stood)
    at = as_at_of(told_by) if told_by else min(due_at, as_at)
    known = {**published, **({month.label: told_by} if told_by else {})}
    return Since(at, told_by, tuple(_pairs(earlier, known, at)))


def restatements(since: Since, earlier: EarlierRuns, run: FrozenRun) -> Restatements:
    """What a run that is worked out but for this restates. A run that cannot be read is named, and restates nothing."""
    months: list[RestatedMonth] = []
    unreadable: list[str] = []
    own = earlier.own_run()
    if own is not None:
        months.append(compared(own, run))
    elif earlier.own:
        unreadable.append(earlier.own)
    for label, then, now in reversed(since.pairs):
        old, new = (_read(earlier, label, run_id) for run_id in (then, now))
        unreadable += [run_id for run_id, found in ((then, old), (now, new)) if found is None]
        if old is not None and new is not None:
            months.append(compared(old, new))
    return Restatements(since.at, since.told_by, tuple(months), tuple(unreadable))


def _pairs(earlier: EarlierRuns, known: Mapping[str, str], at: int) -> Iterator[tuple[str, str, str]]:
    for label, now in earlier.months.items():
        then = known.get(label) or latest_known(earlier.runs, Period.parse(label, earlier.period.zone), at)
        if now and then and then != now:
            yield label, then, now


def _first(runs: Path, month: Period, as_at: int) -> str:
    """The first run of a month, of those known by an instant."""
    return next((run_id for run_id in runs_of(runs, month) if as_at_of(run_id) <= as_at), "")


def _read(earlier: EarlierRuns, label: str, run_id: str) -> FrozenRun | None:
    # Read for this and let go: a run is large.
    try:
        return read_run(earlier.runs, Period.parse(label, earlier.period.zone), run_id)
    except BadDeclaration:
        return None
