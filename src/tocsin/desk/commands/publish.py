"""tocsin publish: make a run the month's report, once everybody whose word is needed has given it."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import WorkspaceOption, counted, now
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tocsin.reports.frozen_received import WithdrawnLine


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    by: Annotated[str, typer.Option("--by", help="Who publishes it: a [[signatory]] of the DCC.")],
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
) -> None:
    """Publish a run, once every required sign-off is in or waived (else exit 12); its figures and files are then held to their digests.

    A published run is never changed: `tocsin doctor` proves it, and a correction is a later run with its restatements. The report is
    written anew, for it says on its first pages that it is published and by whom.
    """
    from tocsin.desk.month import engine_of, period_of
    from tocsin.desk.signing import journal_of, signatories_of, with_what_was_said
    from tocsin.desk.taken_back import taken_back_since
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.figures_digest import figures_digest
    from tocsin.reports.pmr import write_report
    from tocsin.reports.run_store import files_digest, folder_of, read_run
    from tocsin.reports.sign_offs import SignOff, publish

    chosen = Workspace.open(workspace)
    period = period_of(chosen, month)
    frozen = read_run(chosen.runs, period, run)
    folder = folder_of(chosen.runs, period, frozen.run_id)
    _refuse_withdrawn(taken_back_since(chosen, frozen, now()), frozen.run_id, month)
    digest = figures_digest(frozen.figures)
    told = SignOff("published", period.label, frozen.run_id, "DCC", by, getpass.getuser(), now(), digest, files=files_digest(folder))
    publish(journal_of(chosen), signatories_of(chosen), frozen, told)
    typer.echo(f"run {frozen.run_id} is published. Digest of its figures: {digest}")
    for path in write_report(with_what_was_said(chosen, frozen, now()), folder / "report", engine=engine_of(chosen)):
        typer.echo(path)


def _refuse_withdrawn(lines: "Sequence[WithdrawnLine]", run_id: str, month: str) -> None:
    """Whoever took a delivery back does not mean its rows to be published."""
    if lines:
        raise BadDeclaration(
            f"run {run_id} was closed with {counted(len(lines), 'delivery', 'deliveries')} withdrawn since, such as {lines[0].delivery_id}"
            f" ({lines[0].reason}). Nothing was published: close the month again (tocsin close {month}), or let them stand again"
            " (tocsin withdraw DELIVERY --undo)."
        )
