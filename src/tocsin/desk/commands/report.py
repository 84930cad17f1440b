"""tocsin report: tell a frozen run as the Performance Measurement Report."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import WorkspaceOption, now


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="Folder for the files; the run's own report/ by default.")] = None,
    formats: Annotated[str, typer.Option("--formats", help="Which of pdf,html,xlsx,csv,parquet,json.")] = "pdf,html,xlsx,csv,parquet,json",
) -> None:
    """Write the Performance Measurement Report of a run: PDF, HTML, XLSX, and every figure as CSV, Parquet and JSON."""
    from tocsin.desk.month import period_of
    from tocsin.desk.signing import with_what_was_said
    from tocsin.desk.taken_back import warn_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.pmr import write_report
    from tocsin.reports.run_store import folder_of, read_run

    chosen = Workspace.open(workspace)
    period = period_of(chosen, month)
    frozen = read_run(chosen.runs, period, run)
    folder = out or folder_of(chosen.runs, period, frozen.run_id) / "report"
    asked = [word.strip() for word in formats.split(",") if word.strip()]
    told = with_what_was_said(chosen, frozen, now())
    warn_of(told)
    for path in write_report(told, folder, asked):
        typer.echo(path)
