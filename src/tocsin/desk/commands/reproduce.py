"""tocsin reproduce: make a run again from the received rows and prove every figure equal."""

from pathlib import Path
from typing import Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import BadDeclaration

HEADINGS = ("figure", "frozen", "again")


def command(
    month: Annotated[str, typer.Argument(help="The Performance Measurement Period, e.g. 2021-09.")],
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest by default.")] = None,
    engine: Annotated[str | None, typer.Option("--engine", help="duckdb or spark; the workspace's own by default.")] = None,
    url: Annotated[str | None, typer.Option("--url", help="Where Spark Connect listens (sc://host:15002), for --engine spark.")] = None,
    form: FormatOption = Format.TABLE,
) -> None:
    """Make a run again from the rows the ledger knew at its as-at, and compare figure by figure; exit code 10 where one differs.

    It works in a folder of its own and changes nothing. Figures that differ are listed; the digest of all of them is told.
    """
    from tocsin.desk.console import telling_steps
    from tocsin.desk.month import engine_asked, means_of, period_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.reproduction import reproduced
    from tocsin.reports.run_store import read_run

    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month), run)
    with telling_steps() as step:
        found = reproduced(means_of(chosen, engine_asked(chosen, engine, url)), frozen, step)
    if found.differing or form is not Format.TABLE:
        show(HEADINGS, [(one.name, one.frozen, one.again) for one in found.differing], form)
    if found.other_parameters:
        typer.echo("Settings, dated rows or earlier runs are not those of the run any more.", err=True)
    told = f"run {found.run_id}: {{}} of {found.figure_count:,} figures {{}}, made again on {found.engine}"
    if not found.is_equal:
        raise BadDeclaration(told.format(len(found.differing), "differ") + ".")
    typer.echo(told.format("all", "equal") + f". Digest: {found.digest_again}", err=True)
