"""tocsin what-if: when months would have been complete, had every Service Provider sent by a Working Day."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import AsAtOption, Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, show

if TYPE_CHECKING:
    from tocsin.reports.completion import Completion
    from tocsin.vocabulary.calendar import Period, WorkingDays

HEADINGS = (
    "period", "owed", "filled", "complete_at", "working_day", "last", "sent_by", "would_be_complete_at", "would_be_working_day",
    "would_be_last", "working_days_won",
)  # fmt: skip
NUMBERS = frozenset({"owed", "filled", "working_day", "would_be_working_day", "working_days_won"})


def command(
    months: Annotated[list[str], typer.Argument(metavar="MONTH", help="Performance Measurement Periods, e.g. 2021-08 2021-09.")],
    working_day: Annotated[int, typer.Option("--by-working-day", "-d", min=1, help="By when everybody would have sent everything.")],
    workspace: WorkspaceOption = Path(),
    as_at: AsAtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say when months were complete, and when they would have been, had every owed file come by the end of a Working Day.

    A file that came before stays when it came; one that is missing is taken as sent. A month is never complete before the last answer to
    its requests can have come, however early the files are.
    """
    from tocsin.deliveries.ledger import Ledger
    from tocsin.deliveries.slots import states
    from tocsin.desk.month import expectations_of, period_of, store_of, working_days_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.completion import completion, if_sent_by
    from tocsin.reports.received import what_is_owed
    from tocsin.vocabulary.target_times import longest_wait_us

    chosen, at = Workspace.open(workspace), as_at_or_now(as_at)
    calendar = working_days_of(chosen)
    ledger = Ledger(store_of(chosen))
    try:
        entries = ledger.deliveries(at)
    finally:
        ledger.close()
    rows = []
    for month in months:
        period = period_of(chosen, month)
        owing = what_is_owed(expectations_of(chosen), period, calendar, chosen.reference)
        found = [*states(owing.slots, entries, period, at), *states(owing.later, entries, period.next(), at)]
        waits_until = period.end_at + longest_wait_us(period.last_on, chosen.reference)
        sent_by = calendar.deadline_at(calendar.working_day(period, working_day))
        rows.append(_row(period, calendar, completion(found, waits_until), sent_by, if_sent_by(found, sent_by, waits_until)))
    show(HEADINGS, rows, form, NUMBERS)


def _row(period: "Period", calendar: "WorkingDays", was: "Completion", sent_by: int, would: "Completion") -> tuple[object, ...]:
    is_day, would_be_day = (_working_day(period, calendar, one.complete_at) for one in (was, would))
    won = is_day - would_be_day if is_day is not None and would_be_day is not None else None
    return (
        period.label, was.owed, was.filled, moment_text(was.complete_at) or "not complete", is_day, _named(was),
        moment_text(sent_by), moment_text(would.complete_at), would_be_day, _named(would), won,
    )  # fmt: skip


def _working_day(period: "Period", calendar: "WorkingDays", at: int | None) -> int | None:
    """The Working Day after the month at whose end, at the latest, an instant lies; 0 for one before the first."""
    if at is None:
        return None
    day = 0
    while at > (calendar.deadline_at(calendar.working_day(period, day)) if day else period.end_at):
        day += 1
    return day


def _named(one: "Completion") -> str:
    """Who came last, or is missing: the first few, and how many more."""
    few = [f"{feed}/{sender}" for feed, sender in one.last[:3]]
    return " ".join(few) + (f" and {len(one.last) - 3} more" if len(one.last) > 3 else "")
