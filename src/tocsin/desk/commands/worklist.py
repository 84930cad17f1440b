"""tocsin worklist: what a person must act on, as a list."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, one_of, show
from tocsin.vocabulary.errors import BadDeclaration

HEADINGS = ("list", "rows", "title")
SUFFIXES = (".csv", ".xlsx")


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    name: Annotated[str | None, typer.Option("--list", "-l", help="Which list; without it, which lists there are.")] = None,
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    out: Annotated[Path | None, typer.Option("--out", "-o", help="A file to write it to, by its ending .csv or .xlsx.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print or write a work list of a run: one row for each happening to act on, and what to do. It holds no personal column."""
    from tocsin.desk.month import engine_of, period_of, store_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.run_store import read_run
    from tocsin.reports.work_list_file import list_csv, list_workbook
    from tocsin.reports.work_list_rows import make_list
    from tocsin.reports.work_lists import all_work_lists

    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month), run)
    engine, store, lists = engine_of(chosen), store_of(chosen), all_work_lists()
    if out is not None and out.suffix not in SUFFIXES:
        raise BadDeclaration(f'{out}: a work list is written as {" or ".join(SUFFIXES)}; found "{out.suffix}".')
    if name is None:
        counted = [(one.name, len(make_list(one, frozen, engine, store).rows), one.title) for one in lists.values()]
        show(HEADINGS, counted, form, frozenset({"rows"}))
        return
    made = make_list(lists[one_of(name, list(lists), "work list")], frozen, engine, store)
    if out is None:
        show(made.headings, made.rows, form)
        return
    if out.suffix == ".xlsx":
        out.write_bytes(list_workbook(made, frozen.run_id, frozen.made_at))
    else:
        out.write_text(list_csv(made), encoding="utf-8", newline="")
    typer.echo(f"{out}: {len(made.rows):,} rows")
