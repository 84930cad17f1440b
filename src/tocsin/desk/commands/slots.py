"""tocsin slots: what was owed for a month, by whom, by when, and how it stands."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import AsAtOption, Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, show

HEADINGS = ("feed", "sender", "from", "until", "due", "state", "filled_at", "deliveries")


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    as_at: AsAtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show every slot of a month: on time, late, missing, not due yet, or not expected."""
    from tocsin.desk.month import period_of, slot_states
    from tocsin.desk.taken_back import tell_taken_back
    from tocsin.desk.workspace import Workspace

    chosen = Workspace.open(workspace)
    period, at = period_of(chosen, month), as_at_or_now(as_at)
    found = slot_states(chosen, period, at)
    show(
        HEADINGS,
        [
            (one.slot.feed, one.slot.sender, moment_text(one.slot.start_at), moment_text(one.slot.end_at), moment_text(one.slot.due_at),
             one.state, moment_text(one.filled_at), " ".join(one.delivery_ids))
            for one in found
        ],
        form,
    )  # fmt: skip
    if not found:
        typer.echo(f"Nobody is expected to send anything for {period.label}: name who owes what in workspace.toml, [[expected]].", err=True)
    tell_taken_back(chosen, period, at)
