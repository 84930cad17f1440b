"""tocsin trace: from a figure back to the rows that made it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tocsin.desk.console import Format, FormatOption, WorkspaceOption, counted, show
from tocsin.vocabulary.errors import BadDeclaration

if TYPE_CHECKING:
    from tocsin.reports.frozen import FrozenRun
    from tocsin.reports.odd_trace import OddTrace
    from tocsin.reports.trace import Trace
    from tocsin.reports.traced_rows import TracedRow, TraceMeans

HEADINGS = ("delivery", "file", "line", "text", "happening")
ODDITIES = ("oddity", "count", "sentence")


def command(
    figure: Annotated[
        str | None, typer.Argument(help='A figure\'s name, e.g. "cpm_5/resolver_group=DSP"; tocsin figures lists them.')
    ] = None,
    month: Annotated[str | None, typer.Option("--month", help="Its period; not needed where --run names one.")] = None,
    workspace: WorkspaceOption = Path(),
    run: Annotated[str | None, typer.Option("--run", help="Which run; the latest of the month by default.")] = None,
    most: Annotated[int, typer.Option("--rows", "-n", min=0, help="How many rows to list; 0 lists all.")] = 20,
    form: FormatOption = Format.TABLE,
    oddity: Annotated[str | None, typer.Option("--oddity", help="In place of a figure: what was set aside or remarked on.")] = None,
    oddities: Annotated[bool, typer.Option("--oddities", help="List the oddities of the run, by name.")] = False,
    html: Annotated[Path | None, typer.Option("--html", "--out", "-o", help="Write it as one page, a file ending in .html.")] = None,
) -> None:
    """Walk a figure back: count its happenings again, then list the deliveries and the very lines they were made of.

    With --oddity, the same for happenings that were set aside or remarked on: lines that contradict each other stand together. The
    lines are the senders' own, party names and all: they are shown to whoever may read the workspace, and go nowhere else. With
    --html all of it is one page for a browser, with the same lines.
    """
    from tocsin.desk.month import engine_of, period_of, store_of
    from tocsin.desk.workspace import Workspace
    from tocsin.reports.run_store import read_run
    from tocsin.reports.trace import figure_named, trace
    from tocsin.reports.traced_rows import TraceMeans

    if (figure is not None) + (oddity is not None) + oddities != 1:
        raise typer.BadParameter("name one of: a figure, --oddity NAME, --oddities.", param_hint="FIGURE")
    if html is not None:
        _check_page(html, is_of_figure=figure is not None)
    chosen = Workspace.open(workspace)
    frozen = read_run(chosen.runs, period_of(chosen, month or _month_of(run, chosen.runs)), run)
    if oddities:
        show(ODDITIES, [(line.name, line.count, line.sentence) for line in frozen.oddities], form, frozenset({"count"}))
        return
    means = TraceMeans(engine_of(chosen), store_of(chosen), chosen.reference, chosen.anonymity_secret)
    if oddity is not None:
        _trace_oddity(means, frozen, oddity, most or None, form)
        return
    found = trace(means, frozen, figure_named(frozen, figure or ""), most or None)
    for line in _summary(found) if html is None else _summary(found)[:-1]:
        typer.echo(line, err=form is not Format.TABLE)
    if html is not None:
        _write_page(means, frozen, found, html)
        typer.echo(f"page: {html}", err=form is not Format.TABLE)
    else:
        _list(means, [(row, None) for row in found.rows], form)
    if not found.agrees:
        raise BadDeclaration(
            f"{figure}: the journeys counted again do not give the figure. Run tocsin doctor; if it finds nothing, the key of the party"
            " codes or a table in reference/ has changed since the run."
        )


def _trace_oddity(means: "TraceMeans", run: "FrozenRun", name: str, most: int | None, form: Format) -> None:
    from tocsin.reports.odd_trace import oddity_named, trace_oddity

    found = trace_oddity(means, run, oddity_named(run, name), most)
    for line in _odd_summary(found):
        typer.echo(line, err=form is not Format.TABLE)
    _list(means, [(odd.row, odd.happening) for odd in found.rows], form)
    if not found.agrees:
        raise BadDeclaration(f"{name}: the journeys counted again do not give what the run says. Run tocsin doctor.")


def _check_page(path: Path, *, is_of_figure: bool) -> None:
    if not is_of_figure:
        raise typer.BadParameter("a page is made of a figure's trace; name a figure.", param_hint="--html")
    if path.suffix != ".html":
        raise BadDeclaration(f'{path}: a trace is written as .html; found "{path.suffix}".')
    if not path.parent.is_dir():
        raise BadDeclaration(f"{path}: there is no folder {path.parent}. Make it first, or name another.")


def _write_page(means: "TraceMeans", run: "FrozenRun", found: "Trace", path: Path) -> None:
    from tocsin import __version__
    from tocsin.reports.html_page import html_of_page
    from tocsin.reports.trace_page import TracedLine, trace_page

    lines = _texts(means, found.rows)
    told = [TracedLine(row, lines[row.delivery.delivery_id].get(row.line, "")) for row in found.rows]
    path.write_text(html_of_page(trace_page(found, run, told, __version__)), encoding="utf-8")


def _texts(means: "TraceMeans", rows: Sequence["TracedRow"]) -> dict[str, dict[int, str]]:
    """The lines of each delivery as they came, by number."""
    from tocsin.deliveries.original import original_lines

    wanted: dict[str, set[int]] = {}
    for row in rows:
        wanted.setdefault(row.delivery.delivery_id, set()).add(row.line)
    deliveries = {row.delivery.delivery_id: row.delivery for row in rows}
    return {name: original_lines(means.store, delivery, wanted[name]) for name, delivery in deliveries.items()}


def _list(means: "TraceMeans", rows: Sequence[tuple["TracedRow", int | None]], form: Format) -> None:
    """The lines as they came; those of one happening under its number."""
    lines = _texts(means, [row for row, _ in rows])
    told = [
        (row.delivery.delivery_id, row.delivery.file_name, row.line, lines[row.delivery.delivery_id].get(row.line, ""), happening)
        for row, happening in rows
    ]
    if form is not Format.TABLE:
        show(HEADINGS, told, form)
        return
    before = None
    for _, file_name, number, text, happening in told:
        if happening != before:
            typer.echo(f"happening {happening}:")
        before = happening
        typer.echo(f"{'  ' if happening is not None else ''}{file_name}:{number}: {text}")


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
    lines += [
        f"  {delivery.delivery_id} {delivery.file_name}: {counted(count, 'row')}{_since(delivery.status)}"
        for delivery, count in found.deliveries
    ]
    return [*lines, f"listed below: {len(found.rows):,}"]


def _since(status: str) -> str:
    # The run counted it, and stays as it was.
    return " (withdrawn since: tocsin withdraw tells why)" if status == "withdrawn" else ""


def _odd_summary(found: "OddTrace") -> list[str]:
    verdict = "agrees with" if found.agrees else "DOES NOT agree with"
    return [
        f"{found.line.name}: {found.line.count:,}. {found.line.sentence}",
        f"counted again from the journeys: {found.found:,}: {verdict} the run",
        f"happenings: {found.happening_count:,}; listed below: {len(found.rows):,} rows of {found.listed_count:,} of them",
    ]
