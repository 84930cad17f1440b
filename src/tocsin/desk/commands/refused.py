"""tocsin refused: rows that were not accepted, where they are, and why."""

from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, counted, one_of, show

if TYPE_CHECKING:
    from tocsin.deliveries.ledger import Delivery
    from tocsin.deliveries.store import Store

HEADINGS = ("delivery", "file", "line", "check", "reason", "row")
# What a screen is given of a row: a sender's line may be a megabyte long.
SHOWN = 160

Told = tuple[str, str, int | None, str | None, str, str | None]


def command(
    workspace: WorkspaceOption = Path(),
    delivery: Annotated[str | None, typer.Option("--delivery", "-d", help="Only of this delivery; tocsin slots MONTH lists them.")] = None,
    check: Annotated[str | None, typer.Option("--check", "-c", help="Only what this check refused, e.g. AT-TIME.")] = None,
    most: Annotated[int, typer.Option("--rows", "-n", min=0, help="How many to list; 0 lists all.")] = 50,
    form: FormatOption = Format.TABLE,
) -> None:
    """List refused rows of the ledger's deliveries, the latest first: file, line, check, reason, and the row as it came.

    Files that were refused whole stand after them, with their reason. The rows are the senders' own, party names and all: they are shown
    to whoever may read the workspace, and go nowhere else.
    """
    from tocsin.deliveries.ledger import Ledger
    from tocsin.desk.month import store_of
    from tocsin.desk.workspace import Workspace

    store = store_of(Workspace.open(workspace))
    store.make()
    ledger = Ledger(store)
    try:
        entries = [one for one in reversed(ledger.deliveries()) if one.status == "refused" or (one.has_rows and one.refused)]
        if delivery is not None:
            named = one_of(delivery, [one.delivery_id for one in entries], "delivery with refused rows")
            entries = [one for one in entries if one.delivery_id == named]
        spoilt = [one for one in entries if one.has_rows]
        if check is not None:
            found = {finding.check_id for one in spoilt for finding in ledger.findings(one.delivery_no)}
            one_of(check, sorted(found), "check of these deliveries")
    finally:
        ledger.close()
    whole = [one for one in entries if not one.has_rows] if check is None else []
    told = list(islice(chain(_rows(store, spoilt, check), _files(whole)), most or None))
    show(HEADINGS, map(_on_screen, told) if form is Format.TABLE else told, form)
    rows = sum(one.refused for one in spoilt)
    typer.echo(
        f"Refused: {counted(rows, 'row')} of {counted(len(spoilt), 'delivery', 'deliveries')}, and {counted(len(whole), 'whole file')}."
        f" Listed, a line each and a row once a reason: {len(told):,}{'; --rows 0 lists all' if most and len(told) == most else ''}.",
        err=True,
    )


def _rows(store: "Store", deliveries: "list[Delivery]", check: str | None) -> Iterator[Told]:
    from tocsin.engines.refused_rows import refused_rows

    for one in deliveries:
        for line, check_id, reason, raw in refused_rows(store.refused(one.delivery_id), check):
            yield one.delivery_id, one.file_name, line, check_id, reason, raw


def _files(deliveries: "list[Delivery]") -> Iterator[Told]:
    for one in deliveries:
        yield one.delivery_id, one.file_name, None, None, one.reason, None


def _on_screen(told: Told) -> tuple[object, ...]:
    # A line may hold what steers a terminal: its signs are shown, not obeyed.
    return tuple(_shown(cell) if isinstance(cell, str) else cell for cell in told)


def _shown(text: str) -> str:
    """A text as it may be put on a screen: what does not print is escaped, and what is very long is cut."""
    told = "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text[:SHOWN])
    return f"{told}…" if len(text) > SHOWN else told
