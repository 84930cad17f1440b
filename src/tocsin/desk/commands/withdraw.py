"""tocsin withdraw: take a delivery back that should never have stood, or let it stand again."""

import getpass
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, as_at_or_now, moment_text, needed, show
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from tocsin.deliveries.ledger import Delivery
    from tocsin.deliveries.withdrawals import Withdrawal
    from tocsin.desk.workspace import Workspace

HEADINGS = ("delivery", "file", "feed", "sender", "from", "until", "says", "at", "by", "reason", "stands")


def command(
    delivery: Annotated[
        str | None,
        typer.Argument(
            help="Its id (tocsin slots MONTH lists them), or the SHA-256 of a file, for all its deliveries. Without one: what is withdrawn."
        ),
    ] = None,
    workspace: WorkspaceOption = Path(),
    reason: Annotated[str | None, typer.Option("--reason", help="Why. Reports print it: name no SEC Party.")] = None,
    by: Annotated[str | None, typer.Option("--by", help="Who says it; whoever is signed in on this machine by default.")] = None,
    undo: Annotated[bool, typer.Option("--undo", help="Let a withdrawn delivery stand again.")] = False,
    at: Annotated[str | None, typer.Option("--at", help="From when on it holds, e.g. 2021-10-06T09:00Z. Now by default.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take a delivery back: wrong file, wrong sender, test data. It stands no more; what stood in its place before stands again.

    Nothing is deleted: the file and its rows are kept, and the ledger keeps who said it, when and why. Runs closed with it stay as they
    were; closed again, the month is worked out without it. The same file sent again stays withdrawn, until --undo.
    """
    from tocsin.desk.workspace import Workspace

    chosen = Workspace.open(workspace)
    if delivery is None:
        _list(chosen, form)
        return
    _say(chosen, delivery, needed(reason, "--reason", "withdraw"), by or getpass.getuser(), as_at_or_now(at, "--at"), form, undo=undo)


def _say(workspace: "Workspace", named: str, reason: str, by: str, at: int, form: Format, *, undo: bool) -> None:
    from tocsin.deliveries.withdrawing import Word, say_of
    from tocsin.desk.month import store_of
    from tocsin.reports.closed_with import closed_with
    from tocsin.reports.journal import plain

    def check(deliveries: Sequence["Delivery"], at: int) -> None:
        # What a run rests on is read from the ledger as at its instant: a word of before it would make it another run.
        for run in closed_with(workspace.runs, deliveries):
            if run.as_at >= at:
                raise BadDeclaration(
                    f"run {run.run_id}, as at {moment_text(run.as_at)}, was closed with it: it stood until then. Nothing was recorded;"
                    " say a later --at, or none."
                )

    word = Word(named, "restored" if undo else "withdrawn", plain(reason, "--reason"), plain(by, "--by"), getpass.getuser(), at)
    answers = say_of(store_of(workspace), word, check)
    rows = [_row(one.delivery, one.word, one.stands) for one in answers]
    show(HEADINGS, rows, form)
    if not any(one.is_new for one in answers):
        typer.echo(f"{'It stands' if undo else 'It was withdrawn'} already: nothing was changed.", err=True)
        return
    if undo:
        typer.echo("It stands again where no later delivery fills its slot. The next close counts it.", err=True)
        return
    runs = closed_with(workspace.runs, [one.delivery for one in answers])
    for run in runs:
        state = "complete" if run.is_complete else "provisional"
        typer.echo(f"closed with it, and stays as it was: run {run.run_id} ({state}), as at {moment_text(run.as_at)}", err=True)
    for month in dict.fromkeys(run.month for run in runs):
        typer.echo(f"Next: tocsin close {month}, then tocsin compare {month}", err=True)


def _list(workspace: "Workspace", form: Format) -> None:
    from tocsin.deliveries.ledger import Ledger
    from tocsin.deliveries.withdrawing import stands_now, withdrawn_deliveries
    from tocsin.desk.console import now
    from tocsin.desk.month import store_of

    store = store_of(workspace)
    store.make()
    ledger = Ledger(store)
    try:
        rows = [_row(one, word, stands_now(ledger, one, now())) for one, word in withdrawn_deliveries(ledger)]
    finally:
        ledger.close()
    show(HEADINGS, rows, form)
    if not rows:
        typer.echo('No delivery is withdrawn. To withdraw one: tocsin withdraw DELIVERY --reason "…"', err=True)


def _row(one: "Delivery", word: "Withdrawal | None", stands: "Delivery | None") -> tuple[object, ...]:
    told = (word.said, moment_text(word.at), word.by, word.reason) if word is not None else (None, None, None, None)
    covers = (moment_text(one.covers_start_at) or None, moment_text(one.covers_end_at) or None)
    return (one.delivery_id, one.file_name, one.feed, one.sender, *covers, *told, stands.delivery_id if stands is not None else None)
