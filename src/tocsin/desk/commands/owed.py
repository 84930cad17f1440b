"""tocsin owed: who owes what now."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import AsAtOption, Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, one_of, show
from tocsin.vocabulary.instants import MINUTE_US

HEADINGS = (
    "sender", "feed", "owed", "on_time", "late", "missing", "to_come", "worst_late_hours", "missing_since", "next_due", "final_due",
)  # fmt: skip
NUMBERS = frozenset({"owed", "on_time", "late", "missing", "to_come", "worst_late_hours"})


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    sender: Annotated[str | None, typer.Option("--sender", "-s", help="Only what this sender owes.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Also those who owe nothing more.")] = False,
    calendars: Annotated[
        Path | None, typer.Option("--calendars", help="Write a calendar file (.ics) of each sender into this folder.")
    ] = None,
    page: Annotated[Path | None, typer.Option("--html", help="Write it as one page for a browser, with every missing file.")] = None,
    as_at: AsAtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show who owes what of a month: a line for each sender and feed, the longest missing first. `slots` shows every single file."""
    from tocsin.deliveries.owing import owing
    from tocsin.desk.due_calendar import due_calendar, file_word
    from tocsin.desk.month import period_of, slot_states
    from tocsin.desk.taken_back import tell_taken_back
    from tocsin.desk.workspace import Workspace

    chosen, at = Workspace.open(workspace), as_at_or_now(as_at)
    period = period_of(chosen, month)
    states = slot_states(chosen, period, at)
    senders = sorted({one.slot.sender for one in states if one.state != "not_expected"})
    if sender is not None:
        states = [one for one in states if one.slot.sender == one_of(sender, senders, "sender")]
    lines = [one for one in owing(states) if everything or not one.is_settled]
    show(
        HEADINGS,
        [
            (
                one.sender, one.feed, one.owed, one.on_time, one.late, one.missing, one.to_come,
                None if one.worst_late_us is None else one.worst_late_us // (60 * MINUTE_US),
                *(moment_text(instant) or None for instant in (one.missing_since, one.next_due_at, one.final_due_at)),
            )
            for one in lines
        ],
        form,
        NUMBERS,
    )  # fmt: skip
    if not lines:
        typer.echo(f"{period.label}: nothing is owed any more." if states else f"{period.label}: nobody is expected to send.", err=True)
    tell_taken_back(chosen, period, at, sender)
    if page is not None:
        from tocsin.desk.owed_page import owed_page
        from tocsin.reports.html_page import html_of_page

        page.write_text(html_of_page(owed_page(period, owing(states), states, at)), encoding="utf-8")
        typer.echo(f"{page}", err=True)
    if calendars is not None:
        calendars.mkdir(parents=True, exist_ok=True)
        for name in [sender] if sender is not None else senders:
            path = calendars / f"owed-{period.label}-{file_word(name)}.ics"
            path.write_bytes(due_calendar(name, [one.slot for one in states], period, at))
            typer.echo(f"{path}", err=True)
