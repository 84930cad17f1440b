"""tocsin deadlines: by when a month's report is or might be due, and whether that makes the papers of the OPSG."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, asked_period, show

if TYPE_CHECKING:
    from tocsin.reports.pmr_calendar import Due, Fit

HEADINGS = (
    "deadline", "working_day", "due_on", "pounds", "meeting", "meets_on", "paper_on", "makes_paper_day", "slack_working_days", "known_as",
    "sentence",
)  # fmt: skip


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-08.")],
    workspace: Annotated[Path | None, typer.Option("--workspace", "-w", help="Use this workspace's calendar and own rows.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show every deadline of a month's PMR against the OPSG's meetings: legal, operative, and the options of paper 2.

    Slack is counted in Working Days from the deadline to the paper day; below zero the report comes too late. Meetings are dated rows:
    add those of other months to reference/opsg_meetings.csv of the workspace.
    """
    from tocsin.reports.pmr_calendar import dues, fits
    from tocsin.vocabulary.calendar import WorkingDays

    working_days, reference = WorkingDays(), None
    if workspace is not None:
        from tocsin.desk.month import working_days_of
        from tocsin.desk.workspace import Workspace

        chosen = Workspace.open(workspace)
        working_days, reference = working_days_of(chosen), chosen.reference
    period = asked_period(month)
    found = fits(period, working_days, reference)
    if not found:
        typer.echo(f"No meeting of the OPSG is known for {period.label}: add its row to reference/opsg_meetings.csv.", err=True)
    rows = [_row(fit.due, fit) for fit in found] or [_row(due, None) for due in dues(period, working_days, reference)]
    show(HEADINGS, rows, form, frozenset({"working_day", "pounds", "slack_working_days"}))


def _row(due: "Due", fit: "Fit | None") -> tuple[object, ...]:
    against: tuple[object, ...] = (None,) * 5
    if fit is not None:
        makes = "yes" if fit.makes_paper_day else "no"
        against = (fit.meeting.meeting, fit.meeting.meets_on, fit.meeting.paper_on, makes, fit.slack)
    known_as = due.status if fit is None else fit.meeting.status
    return (due.name, due.working_day, due.due_on, due.pounds, *against, known_as, due.sentence)
