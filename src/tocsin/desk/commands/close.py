"""tocsin close: work a month out and freeze it as a run."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import AsAtOption, WorkspaceOption, as_at_or_now, now
from tocsin.vocabulary.errors import MonthNotComplete


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    as_at: AsAtOption = None,
    final: Annotated[bool, typer.Option("--final", help="Refuse (exit 12) while owed files are missing.")] = False,
) -> None:
    """Close a month: journeys, tallies and figures from what stands, frozen as a run. Every day may have its provisional run."""
    from tocsin.desk.console import telling_steps
    from tocsin.desk.month import close_month, period_of
    from tocsin.desk.taken_back import taken_back_since, warn_of
    from tocsin.desk.workspace import Workspace

    chosen = Workspace.open(workspace)
    with telling_steps() as step:
        run = close_month(chosen, period_of(chosen, month), as_at_or_now(as_at), now(), step)
    warn_of(replace(run, withdrawn_since=taken_back_since(chosen, run, now())))
    typer.echo(f"run {run.run_id}: {len(run.figures):,} figures from {len(run.deliveries):,} deliveries")
    for reason in run.provisional_because:
        typer.echo(f"provisional: {reason}")
    owed = f"; who owes what: tocsin owed {month} --workspace {workspace}" if run.provisional_because else ""
    typer.echo(f"Next: tocsin report {month} --workspace {workspace}{owed}")
    if final and not run.is_complete:
        raise MonthNotComplete(f"{month}: {len(run.provisional_because)} reasons above keep this run from being final.")
