"""tocsin compare: what two runs of a month tell otherwise, figure by figure, and what came or went between them."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, counted, moment_text, show
from tocsin.vocabulary.errors import BadDeclaration

HEADINGS = ("figure", "was", "is", "apart", "unit", "was_status", "is_status", "was_counted", "is_counted", "was_met", "is_met", "feeds")
WHY = ("side", "delivery", "feed", "sender", "covers", "submission", "received_at", "other", "why")


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    old: Annotated[str | None, typer.Option("--from", help="The run compared with; by default the one before --to.")] = None,
    new: Annotated[str | None, typer.Option("--to", help="The run that tells otherwise; the latest by default.")] = None,
    deliveries: Annotated[bool, typer.Option("--deliveries", help="The deliveries that make the difference, in place of figures.")] = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare two runs of a month: every figure told otherwise, or the deliveries that came or stand no more; why, on standard error."""
    from tocsin.desk.month import period_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.restatements import compared
    from tocsin.reports.run_store import folder_of, read_run, run_before

    chosen = Workspace.open(workspace)
    period = period_of(chosen, month)
    new = folder_of(chosen.runs, period, new).name
    old = old or run_before(chosen.runs, period, new)
    if not old:
        raise BadDeclaration(f"{period.label}: no run is before {new}. Name one with --from, or close the month again.")
    found = compared(read_run(chosen.runs, period, old), read_run(chosen.runs, period, new), listed=None)
    if deliveries:
        rows = [
            (line.side, line.delivery_id, line.feed, line.sender, line.covers, line.submission, moment_text(line.received_at), line.other,
             line.why)
            for line in found.deliveries
        ]  # fmt: skip
        show(WHY, rows, form)
    else:
        told = [
            (one.name, one.old_shown, one.new_shown, one.apart, one.unit, one.old_status, one.new_status, one.old_counted, one.new_counted,
             one.old_met, one.new_met, " ".join(one.feeds))
            for one in found.figures
        ]  # fmt: skip
        numbers = frozenset({"was", "is", "apart", "was_counted", "is_counted", "was_met", "is_met"})
        show(HEADINGS, told, form, numbers)
    typer.echo(f"{old} stood, {new} stands."
        f" Told otherwise: {counted(found.figure_count, 'figure')}, of them {found.status_count:,} with another status.",
               err=True)  # fmt: skip
    if found.suppressed_count:
        typer.echo(f"Suppressed in one of them, and not told: {counted(found.suppressed_count, 'further figure')}.", err=True)
    typer.echo(
        f"{counted(found.delivery_count, 'delivery', 'deliveries')} came or went that they may rest on (--deliveries lists them), and"
        f" {counted(found.others, 'other')}.",
        err=True,
    )
    for reason in found.because:
        typer.echo(reason, err=True)
