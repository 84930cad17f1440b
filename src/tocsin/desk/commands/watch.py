"""tocsin watch: take in what appears in incoming/, and close quarter-hours and days as they fill."""

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import WorkspaceOption, counted, say_error
from tocsin.vocabulary.errors import RefusedDelivery, TocsinError
from tocsin.vocabulary.instants import SECOND_US

if TYPE_CHECKING:
    from tocsin.desk.watching import Turn


def command(
    workspace: WorkspaceOption = Path(),
    every: Annotated[float, typer.Option("--every", min=0.1, max=60, help="Seconds between two looks at incoming/.")] = 5.0,
    once: Annotated[
        bool, typer.Option("--once", help="Until nothing in incoming/ waits any more, then stop; exit 11 for refused files.")
    ] = False,
    slices_only: Annotated[
        bool, typer.Option("--slices-only", help="Close quarter-hours of alerts; leave months to tocsin close.")
    ] = False,
) -> None:
    """Keep taking in what appears in incoming/, and close quarter-hours and days as they fill. Ctrl-C stops it; nothing is half-written.

    A file is taken in when it was found unchanged at two looks. A quarter-hour of alerts is on the shelf when its last owed file is in,
    or at its deadline with what is missing named; a month gets a provisional run whenever a day of it has filled.
    """
    from tocsin.desk.console import now
    from tocsin.desk.watching import Watch
    from tocsin.desk.workspace import Workspace

    chosen = Workspace.open(workspace)
    watch = Watch(chosen, now, round(every * SECOND_US), is_closing_days=not slices_only)
    typer.echo(f"Watching {chosen.incoming}. Ctrl-C stops; nothing is ever half-written.", err=True)
    refused, said = 0, ""
    while True:
        try:
            turn = watch.turn()
        except TocsinError as problem:
            if once:
                raise
            # A Shape that is being written, an engine that is away: said once, and tried again.
            if said != str(problem):
                say_error(problem)
            said = str(problem)
        else:
            said = ""
            refused += sum(receipt.status == "refused" for receipt in turn.receipts)
            _tell(turn, now())
            if once and not turn.is_waiting:
                break
        time.sleep(every)
    if refused:
        raise RefusedDelivery(f"refused: {counted(refused, 'file')}; nothing of that was accepted, and all of it is kept.")


def _tell(turn: "Turn", at: int) -> None:
    from tocsin.desk.watching import said_at

    for receipt in turn.receipts:
        delivery = receipt.delivery
        rows = f"{delivery.accepted:,} rows accepted, {delivery.refused:,} refused" if receipt.status == "accepted" else delivery.reason
        typer.echo(f"{said_at(at)} {receipt.file_name}: {receipt.status}: {rows}")
    for closed in turn.slices:
        state = closed.state
        waited = (at - state.last_received_at) // SECOND_US
        missing = f"; missing: {', '.join(state.missing)}" if state.missing else ""
        typer.echo(f"{said_at(at)} slice {closed.path.stem}: {closed.rows:,} rows on the shelf {waited:,} s after its last file{missing}")
    for run in turn.runs:
        state_of = "complete" if run.is_complete else "provisional"
        typer.echo(f"{said_at(at)} run {run.run_id}: {len(run.figures):,} figures, {state_of}")
