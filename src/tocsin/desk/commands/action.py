"""tocsin action: what somebody will do about a change, from month to month until it is done."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import AsAtOption, Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, needed, now, show
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.actions import ActionJournal

HEADINGS = ("action", "state", "change", "month", "text", "owner", "due_on", "recorded_at", "closed_at", "notes")


class Verb(StrEnum):
    """What to do with actions."""

    RECORD = "record"
    NOTE = "note"
    CLOSE = "close"
    LIST = "list"


def command(
    verb: Annotated[Verb, typer.Argument(help="record a new one, note what was done, close it, or list them all.")],
    of: Annotated[
        str | None, typer.Argument(help="The month whose change it is against (record), or the action, such as A3 (note, close).")
    ] = None,
    workspace: WorkspaceOption = Path(),
    change: Annotated[str | None, typer.Option("--change", help="Key of the change, as the report lists them (record).")] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="What is to be done, or was. No SEC Party by its name: reports print it.")
    ] = None,
    owner: Annotated[
        str | None, typer.Option("--owner", help="Who sees to it: a role, or a Service Provider; no SEC Party by name (record).")
    ] = None,
    due: Annotated[str | None, typer.Option("--due", help="The day by whose end it is to be done, e.g. 2021-10-31 (record).")] = None,
    run: Annotated[
        str | None, typer.Option("--run", help="Which run tells the change; the latest of the month by default (record).")
    ] = None,
    at: Annotated[
        str | None, typer.Option("--at", help="When it was agreed, noted or done, e.g. 2021-10-05T09:00Z; now by default.")
    ] = None,
    as_at: AsAtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Record what will be done about a change, note how it goes, close it, or list all. Reports carry it until it is closed.

    The journal is only added to. Its words are printed in reports for all SEC Parties: name none of them.
    """
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.actions import ActionEvent, ActionJournal, new_action
    from tocsin.reports.journal import plain

    chosen = Workspace.open(workspace)
    journal = ActionJournal(chosen.actions)
    if verb is Verb.LIST:
        _list(journal, as_at, form)
        return
    named = needed(of, "MONTH" if verb is Verb.RECORD else "ACTION", "action")
    instants = as_at_or_now(at, "--at"), now()
    if verb is Verb.RECORD:
        month, key = _change(chosen, named, needed(change, "--change", "action"), run)
        words, who, until = (needed(one, name, "action") for one, name in ((text, "--text"), (owner, "--owner"), (due, "--due")))
        told = new_action(words, who, until, month=month, change=key, at=instants)
        typer.echo(f"action {journal.record(told)} against {key}, due {told.due_on}")
        return
    words = plain(needed(text, "--text", "action"), "text") if verb is Verb.NOTE or text else ""
    journal.add(ActionEvent(named, "noted" if verb is Verb.NOTE else "closed", *instants, words))
    typer.echo(f"action {named}: {'note added' if verb is Verb.NOTE else 'closed'}")


def _list(journal: "ActionJournal", as_at: str | None, form: Format) -> None:
    from tocsin.reports.actions import known_actions

    rows = [
        (
            one.action, one.state, one.change, one.month, one.text, one.owner, one.due_on, moment_text(one.recorded_at),
            moment_text(one.closed_at or None) or None, "; ".join(note.text for note in one.notes) or None,
        )
        for one in known_actions(journal.events(), as_at_or_now(as_at))
    ]  # fmt: skip
    show(HEADINGS, rows, form)


def _change(chosen: "Workspace", month: str, key: str, run: str | None) -> tuple[str, str]:
    """The month and the key, if its run tells such a change."""
    from tocsin.desk.month import period_of
    from tocsin.reports.run_store import read_run

    period = period_of(chosen, month)
    frozen = read_run(chosen.runs, period, run)
    keys = [line.key for line in frozen.changes.lines]
    if key not in keys:
        raise BadDeclaration(f'run {frozen.run_id} tells no change "{key}". It tells: {", ".join(keys) or "none"}.')
    return period.label, key
