"""tocsin take-in: take files in and say what became of each."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import RefusedDelivery

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
) -> None:
    """Take files in: each is recognised by its Shape, kept, checked row by row and entered in the ledger.

    A file seen before is recognised and changes nothing, so running again after a crash is safe. Files are never moved or deleted.
    """
    from tocsin.deliveries.intake import Arrival
    from tocsin.desk.arrivals import read_arrivals
    from tocsin.desk.console import as_at_or_now, counting_lines, now
    from tocsin.desk.month import files_to_take, take_listed_in
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
        receipts = take_listed_in(chosen, asked, progress)
    rows = []
    for receipt in receipts:
        delivery = receipt.delivery
        note = delivery.reason or "; ".join(f"{finding.check_id} {finding.count}" for finding in receipt.findings)
        rows.append(
            (receipt.file.name, receipt.status, delivery.feed, delivery.delivery_id, delivery.accepted, delivery.refused,
             delivery.duplicates, receipt.supersedes, note)
        )  # fmt: skip
    show(HEADINGS, rows, form, frozenset({"accepted", "refused", "duplicates"}))
    refused = [receipt for receipt in receipts if receipt.status == "refused"]
    if refused:
        raise RefusedDelivery(f"{len(refused)} of {len(receipts)} files were refused; nothing of them was accepted, and they are kept.")
