"""tocsin figures: figures of a run to the screen or a pipe."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, one_of, show


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    measure: Annotated[str | None, typer.Option("--measure", "-m", help="Only this measure or Business Process, e.g. cpm_5.")] = None,
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print figures: their whole numbers, value, status and marks."""
    from tocsin.desk.month import period_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.figure_files import FIGURES, figure_row
    from tocsin.reports.run_store import read_run

    chosen = Workspace.open(workspace)
    figures = read_run(chosen.runs, period_of(chosen, month), run).figures
    if measure is not None:
        one_of(measure, sorted({figure.subject for figure in figures}), "measure")
        figures = tuple(figure for figure in figures if figure.subject == measure)
    if form is Format.TABLE:
        shown = [(f.name, f.counted, f.met, f.shown, f.unit, f.status.replace("_", " "), " ".join(f.marks)) for f in figures]
        show(("figure", "counted", "met", "value", "unit", "status", "marks"), shown, form, frozenset({"counted", "met", "value"}))
        return
    show([column for column, _ in FIGURES.columns], [figure_row(figure) for figure in figures], form)
