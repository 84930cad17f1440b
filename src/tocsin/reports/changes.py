"""What changed since the month before: compared figure by figure and feed by feed, ranked, followed from month to month, divided."""

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from tocsin.measuring.movement import Bars
from tocsin.reports.change_kinds import Compared, changes_of_feeds, changes_of_holes, changes_of_measures, changes_of_processes
from tocsin.reports.change_splits import Splitting, split_lines
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.frozen_changes import KINDS, LASTING, ActionLine, ChangeLine, ChangeLines
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.settings import setting

_ORDER = {kind: place for place, kind in enumerate(KINDS)}


def change_lines(splitting: Splitting, actions: tuple[ActionLine, ...] = ()) -> ChangeLines:
    """The changes of a run that is worked out but for them, and the actions that stand against them.

    Without a run of the month before there is nothing to compare with: what is below its level, missing or incomplete is told all the
    same. Raises EngineUnavailable.
    """
    run, earlier = splitting.run, splitting.earlier
    before = earlier.month_before()
    compared = Compared(run, before, earlier, bars_of(run.period, splitting.reference), splitting.reference)
    found = [
        *changes_of_measures(compared),
        *changes_of_processes(compared),
        *changes_of_holes(compared),
        *changes_of_feeds(compared),
    ]
    lines = [_followed(line, before, run.period) for line in found]
    divided = tuple(split_lines(splitting, ranked(lines)))
    return ChangeLines(
        against=before.period.label if before else "",
        run_id=before.run_id if before else "",
        why="" if before else _why(earlier, run.period),
        lines=divided,
        slight=compared.slight,
        actions=actions,
    )


def bars_of(period: Period, reference: Path) -> Bars:
    """From where on a movement is told, as the dated settings have it on the period's first day."""

    def limit(name: str) -> int:
        return setting(name, period.first_on, reference).whole

    return Bars(limit("moved_events"), limit("moved_of_thousand"), limit("moved_volume"), limit("moved_span"))


def ranked(lines: Iterable[ChangeLine]) -> list[ChangeLine]:
    """By kind, what is severest first; within a kind by the number of events; then by key, so that the order is always the same."""
    return sorted(lines, key=lambda line: (_ORDER[line.kind], -line.events, line.key))


def _followed(line: ChangeLine, before: FrozenRun | None, period: Period) -> ChangeLine:
    """The line with the month in which it was first told, where the month before told it too."""
    told = {one.key: one for one in before.changes.lines} if before else {}
    past = told.get(line.key)
    if past is None or line.kind not in LASTING:
        return replace(line, since=period.label, months=1)
    return replace(line, since=past.since, months=past.months + 1)


def _why(earlier: EarlierRuns, period: Period) -> str:
    label = period.previous().label
    if earlier.months.get(label):
        return f"The run of {label} cannot be read, so nothing is compared with it; tocsin doctor says what is amiss."
    return f"No run of {label} was known, so nothing can be compared with the month before."
