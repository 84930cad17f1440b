"""tocsin commentary: what Service Providers are asked to comment on, by when, and what they answered."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import AsAtOption, Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, needed, one_of, show

HEADINGS = ("request", "state", "of", "on", "month", "question", "asked_by", "asked_at", "due_at", "answered_at", "answer")


class Verb(StrEnum):
    """What to do with requests."""

    ASK = "ask"
    ANSWER = "answer"
    LIST = "list"


def command(
    verb: Annotated[Verb, typer.Argument(help="ask a Service Provider, enter its answer, or list what was asked.")],
    which: Annotated[
        str | None, typer.Argument(metavar="[MONTH|REQUEST]", help="The month (ask; list one month), or the request, such as C3 (answer).")
    ] = None,
    workspace: WorkspaceOption = Path(),
    of: Annotated[str | None, typer.Option("--of", help="Which Service Provider is asked (ask).")] = None,
    on: Annotated[str | None, typer.Option("--on", help="The figure or Service Provider measure it is about, such as 1.1 (ask).")] = None,
    text: Annotated[str | None, typer.Option("--text", help="The question, or the answer. Reports print both: name no SEC Party.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who asks, or who entered the answer.")] = None,
    at: Annotated[str | None, typer.Option("--at", help="When it was asked or answered, e.g. 2021-10-05T09:00Z; now by default.")] = None,
    as_at: AsAtOption = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Ask a Service Provider for commentary, enter its answer, or list all. One is due by the end of Working Day 2 after the request."""
    from tocsin.desk.month import period_of, working_days_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.commentary_requests import Asking, AskingJournal, requests
    from tocsin.reports.journal import plain
    from tocsin.vocabulary.service_providers import senders

    chosen = Workspace.open(workspace)
    journal = AskingJournal(chosen.commentary)
    if verb is Verb.LIST:
        month = period_of(chosen, which).label if which else None
        known = requests(journal.events(), working_days_of(chosen), as_at_or_now(as_at), month=month, reference=chosen.reference)
        show(
            HEADINGS,
            [
                (one.name, one.state, one.of, one.on, one.month, one.question, one.asked_by, moment_text(one.asked_at),
                 moment_text(one.due_at), moment_text(one.answered_at or None) or None, one.answer or None)
                for one in known
            ],
            form,
        )  # fmt: skip
        return
    told, who = plain(needed(text, "--text", "commentary"), "text"), plain(needed(by, "--by", "commentary"), "by")
    said_at = as_at_or_now(at, "--at")
    if verb is Verb.ASK:
        month = period_of(chosen, needed(which, "MONTH", "commentary")).label
        asked_of = one_of(needed(of, "--of", "commentary"), senders(), "Service Provider")
        about = plain(needed(on, "--on", "commentary"), "on")
        name = journal.ask(Asking("asked", "", month, who, said_at, told, asked_of, about))
        typer.echo(f"{name}: asked of {asked_of}")
        return
    name = needed(which, "REQUEST", "commentary")
    journal.answer(Asking("answered", name, "", who, said_at, told))
    typer.echo(f"{name}: answered")
