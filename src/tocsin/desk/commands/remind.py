"""tocsin remind: e-mail those who owe files."""

import os
from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import AsAtOption, WorkspaceOption, as_at_or_now
from tocsin.vocabulary.instants import DAY_US


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    days: Annotated[int, typer.Option("--days", min=0, help="Also of what is due within so many days.")] = 1,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Write the messages as .eml files into this folder; send none.")] = None,
    as_at: AsAtOption = None,
) -> None:
    """Remind every sender that owes a file: one message a sender and day, through the server of [mail] or, with --out, as files.

    A copy of each message that was sent is kept in reminders/ of the workspace; running the command again on a day sends none twice.
    """
    from tocsin.deliveries.owing import owing
    from tocsin.desk.month import period_of, slot_states
    from tocsin.desk.reminders import Occasion, reminders, send_reminders, write_reminders
    from tocsin.desk.workspace import Workspace
    from tocsin.vocabulary.errors import BadDeclaration

    chosen, at = Workspace.open(workspace), as_at_or_now(as_at)
    server = chosen.settings.mail
    if server is None and out is None:
        raise BadDeclaration(
            f"{chosen.root}: workspace.toml has no [mail]: add one, or name a folder with --out to send the messages by hand."
        )
    period = period_of(chosen, month)
    contacts = {contact.sender: contact.email for contact in chosen.settings.contact}
    occasion = Occasion(period, at, days * DAY_US, server.sent_from if server is not None else "tocsin@localhost")
    found = reminders(owing(slot_states(chosen, period, at)), contacts, occasion)
    if server is None or out is not None:
        written = write_reminders(found, out or Path())
        typer.echo(f"{len(written)} messages written to {out}; {len(found) - len(written)} were there already")
    else:
        sent = send_reminders(found, server, os.environ.get(server.password_variable), chosen.root / "reminders")
        typer.echo(f"{len(sent)} reminders sent; {len(found) - len(sent)} had been sent before today")
