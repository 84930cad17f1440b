"""tocsin take-in: take files in and say what became of each."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import RefusedDelivery

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tocsin.deliveries.intake import Receipt
    from tocsin.deliveries.store import Store

# Of files in which every row was refused so many are named: a wrong Shape makes a month of them.
NAMED = 3
HEADINGS = ("file", "result", "feed", "delivery", "accepted", "refused", "duplicates", "supersedes", "note")


def command(
    files: Annotated[list[Path] | None, typer.Argument(help="Files to take in; everything in incoming/ when none is named.")] = None,
    workspace: WorkspaceOption = Path(),
    form: FormatOption = Format.TABLE,
    received_at: Annotated[
        str | None, typer.Option("--received-at", help="When the files came, e.g. 2021-10-04T08:00Z. Now by default.")
    ] = None,
    arrivals: Annotated[
        Path | None,
        typer.Option(
            "--arrivals",
            help="A CSV file with the columns file (below incoming/, or absolute) and received_at: each file as received at its own time.",
        ),
    ] = None,
    again: Annotated[
        bool,
        typer.Option("--again", help="Read anew what was accepted by a Shape that was corrected since; it takes the former's place."),
    ] = False,
) -> None:
    """Take files in: each is recognised by its Shape, kept, checked row by row and entered in the ledger.

    A file seen before is recognised and changes nothing, so running again after a crash is safe. Files are never moved or deleted.
    """
    from tocsin.deliveries.intake import Arrival
    from tocsin.desk.arrivals import read_arrivals
    from tocsin.desk.console import as_at_or_now, counting_lines, now
    from tocsin.desk.month import files_to_take, store_of, take_listed_in
    from tocsin.desk.workspace import Workspace

    if arrivals is not None and (files or received_at):
        raise typer.BadParameter(
            "the list says which files and when; name no file and no --received-at beside it.", param_hint="--arrivals"
        )
    chosen, at = Workspace.open(workspace), as_at_or_now(received_at, "--received-at")
    if arrivals is not None:
        asked = read_arrivals(arrivals, chosen.incoming, now())
    else:
        asked = [Arrival(file, at) for file in files_to_take(chosen, files or [])]
    if not asked:
        typer.echo(f"Nothing to take in: {arrivals or chosen.incoming} is empty.", err=True)
        return
    with counting_lines([arrival.file for arrival in asked]) as progress:
        receipts = take_listed_in(chosen, asked, progress, again=again)
    rows = []
    for receipt in receipts:
        delivery = receipt.delivery
        note = delivery.reason or "; ".join(f"{finding.check_id} {finding.count}" for finding in receipt.findings)
        rows.append(
            (receipt.file_name, receipt.status, delivery.feed, delivery.delivery_id, delivery.accepted, delivery.refused,
             delivery.duplicates, receipt.supersedes, note)
        )  # fmt: skip
    show(HEADINGS, rows, form, frozenset({"accepted", "refused", "duplicates"}))
    for words in _on_refused_rows(receipts, store_of(chosen)):
        typer.echo(words, err=True)
    refused = [receipt for receipt in receipts if receipt.status == "refused"]
    if refused:
        raise RefusedDelivery(f"{len(refused)} of {len(receipts)} files were refused; nothing of them was accepted, and they are kept.")


def _on_refused_rows(receipts: "Sequence[Receipt]", store: "Store") -> "Iterator[str]":
    """What each check that shows in files with refused rows says, with its first line, and where those rows are; no cell of any."""
    # A repeated file has the counts of nothing, and a file refused as a whole its own words.
    spoilt = [receipt for receipt in receipts if receipt.status == "accepted" and receipt.delivery.refused]
    if not spoilt:
        return
    told: dict[str, tuple[int, str, str]] = {}
    for receipt in spoilt:
        for finding in receipt.findings:
            place = f"{receipt.file_name} line {finding.first_lines[0]}" if finding.first_lines else receipt.file_name
            count, _, first = told.get(finding.check_id, (0, "", place))
            told[finding.check_id] = (count + finding.count, finding.sentence, first)
    for check, (count, sentence, first) in sorted(told.items()):
        yield f"{check}: {count:,} × {sentence}; first in {first}"
    yield f"Refused rows are kept with line, check and reason, such as {store.refused(spoilt[0].delivery.delivery_id)}"
    if empty := [receipt for receipt in spoilt if not receipt.delivery.accepted]:
        names = ", ".join(receipt.file_name for receipt in empty[:NAMED]) + (
            f" and {len(empty) - NAMED} more" if len(empty) > NAMED else ""
        )
        yield (
            f"Every row was refused of {names}: what they cover counts as missing. Is the Shape right?"
            " Correct it, then: tocsin take-in --again"
        )
