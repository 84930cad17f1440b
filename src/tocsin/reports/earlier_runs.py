"""The runs that a run looks back at: of each of the twelve months before it, and of its own period, the one known at its as-at."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.reports.frozen import FrozenRun
from tocsin.reports.run_store import latest_known, read_glance, read_run
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import SECOND_US

# With the run's own month, thirteen: a month stands beside the same month of the year before (domain.md 12).
MONTHS_BEFORE = 12


@dataclass(frozen=True)
class EarlierRuns:
    """Names of earlier runs, and the runs themselves, each read once and only when it is asked for.

    `months` is a period's label to its run id, oldest first, "" where there is no run; `own` is the run of the period itself that was
    known just before `as_at`, "" where this is the first.
    """

    runs: Path
    period: Period
    as_at: int
    months: Mapping[str, str]
    own: str
    _read: dict[str, FrozenRun | None] = field(default_factory=dict, repr=False, compare=False)
    _glanced: dict[str, FrozenRun | None] = field(default_factory=dict, repr=False, compare=False)

    @property
    def named(self) -> str:
        """The runs looked back at, in one line: another run of a month before makes another run of this one."""
        return " ".join(run_id for run_id in (*self.months.values(), self.own) if run_id)

    def run_of(self, label: str) -> FrozenRun | None:
        """The run of a month before; None where there is none, or where it was damaged since.

        A damaged run of another month must not keep this one from being closed; `doctor` says what is amiss with it.
        """
        return self._standing(label, self.months.get(label, ""))

    def glance(self, label: str) -> FrozenRun | None:
        """The same as a glance has it (glance.py): for whoever looks at a whole year."""
        if label not in self._glanced:
            self._glanced[label] = self._fetched(label, self.months.get(label, ""), read_glance)
        return self._glanced[label]

    def own_run(self) -> FrozenRun | None:
        """The run of the same period before this one."""
        return self._standing(self.period.label, self.own)

    def month_before(self) -> FrozenRun | None:
        """The run of the month just before the period's."""
        return self.run_of(self.period.previous().label)

    def _standing(self, label: str, run_id: str) -> FrozenRun | None:
        if not run_id:
            return None
        if run_id not in self._read:
            self._read[run_id] = self._fetched(label, run_id, read_run)
        return self._read[run_id]

    def _fetched(self, label: str, run_id: str, read: Callable[[Path, Period, str], FrozenRun]) -> FrozenRun | None:
        try:
            return read(self.runs, Period.parse(label, self.period.zone), run_id) if run_id else None
        except BadDeclaration:
            return None


def earlier_runs(runs: Path, period: Period, as_at: int) -> EarlierRuns:
    """What stood at `as_at` (µs UTC) of the twelve months before a period, and of the period itself until a second before."""
    months, month = [], period
    for _ in range(MONTHS_BEFORE):
        month = month.previous()
        months.append(month)
    known = {month.label: latest_known(runs, month, as_at) or "" for month in reversed(months)}
    return EarlierRuns(runs, period, as_at, known, latest_known(runs, period, as_at - SECOND_US) or "")
