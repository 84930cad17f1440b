"""tocsin changes: what a run tells of itself against the month before, ranked, with the keys that actions are recorded against."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show

HEADINGS = ("key", "kind", "title", "before", "now", "change", "unit", "events", "since", "months", "against", "figure")


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print what changed since the month before, what is severest first; the report says what carries each."""
    from tocsin.desk.month import period_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.change_words import change_title
    from tocsin.reports.run_store import read_run

    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month), run)
    rows = [
        (
            line.key, line.kind, change_title(frozen, line), line.before or None, line.now, line.change or None, line.unit, line.events,
            line.since, line.months, line.against or None, line.figure or None,
        )
        for line in frozen.changes.lines
    ]  # fmt: skip
    show(HEADINGS, rows, form, frozenset({"events", "months"}))
    if frozen.changes.why:
        typer.echo(frozen.changes.why, err=True)
