"""tocsin trace: from a figure back to the rows that made it."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, show
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from tocsin.reports.trace import Trace

HEADINGS = ("delivery", "file", "line", "text")


def command(
    figure: Annotated[str, typer.Argument(help='A figure\'s name, e.g. "cpm_5/resolver_group=DSP"; tocsin figures lists them.')],
    month: Annotated[str | None, typer.Option("--month", help="Its period; not needed where --run names one.")] = None,
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest of the month by default.")] = None,
    most: Annotated[int, typer.Option("--rows", "-n", min=0, help="How many rows to list; 0 lists all.")] = 20,
    form: FormatOption = Format.TABLE,
) -> None:
    """Walk a figure back: count its happenings again, then list the deliveries and the very lines they were made of.

    The lines are the senders' own, party names and all: they are shown to whoever may read the workspace, and go nowhere else.
    """
    from tocsin.deliveries.original import original_lines
    from tocsin.desk.month import engine_of, period_of, store_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.run_store import read_run
    from tocsin.reports.trace import TraceMeans, figure_named, trace

    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month or _month_of(run, chosen.runs)), run)
    means = TraceMeans(engine_of(chosen), store_of(chosen), chosen.reference, chosen.anonymity_secret)
    found = trace(means, frozen, figure_named(frozen, figure), most or None)

    for line in _summary(found):
        typer.echo(line, err=form is not Format.TABLE)
    wanted: dict[str, set[int]] = {}
    for row in found.rows:
        wanted.setdefault(row.delivery.delivery_id, set()).add(row.line)
    texts = {row.delivery.delivery_id: row.delivery for row in found.rows}
    lines = {name: original_lines(means.store, delivery, wanted[name]) for name, delivery in texts.items()}
    rows = [(r.delivery.delivery_id, r.delivery.file_name, r.line, lines[r.delivery.delivery_id].get(r.line, "")) for r in found.rows]
    if form is Format.TABLE:
        for _, file_name, number, text in rows:
            typer.echo(f"{file_name}:{number}: {text}")
    else:
        show(HEADINGS, rows, form)
    if not found.agrees:
        raise BadDeclaration(
            f"{figure}: the journeys counted again do not give the figure. Run tocsin doctor; if it finds nothing, the key of the party"
            " codes or a table in reference/ has changed since the run."
        )


def _month_of(run: str | None, runs: Path) -> str:
    """The month in a run's name, or the only month that has runs."""
    if run is not None and (found := re.match(r"[0-9]{4}-[0-9]{2}", run)):
        return found.group()
    from tocsin.reports.run_store import months_of

    months = months_of(runs)
    if len(months) != 1:
        raise BadDeclaration(f"Which month? Say --month; there are runs of {', '.join(months) or 'none'}.")
    return months[0]


def _summary(found: "Trace") -> list[str]:
    figure = found.figure
    met = f", met {found.met:,}" if found.met is not None else ""
    span = f", span at its rank {found.percentile:,} µs" if found.percentile is not None else ""
    verdict = "agrees with" if found.agrees else "DOES NOT agree with"
    lines = [
        f"{figure.name}: {figure.shown} ({figure.status.replace('_', ' ')})",
        f"counted again from the journeys: {found.counted:,}{met}{span}: {verdict} the figure",
        f"days: {len(found.days)}; rows: {found.row_count:,} in {len(found.deliveries)} deliveries",
    ]
    lines += [f"  {delivery.delivery_id} {delivery.file_name}: {count:,} rows" for delivery, count in found.deliveries]
    return [*lines, f"listed below: {len(found.rows):,}"]
