"""Code Performance Measures on one page: the level asked, the level reached, the status in words, and the trend (domain.md 12)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import MARK_WORDS, STATUS_WORDS, Block, Cell, Column, Note, Prose, Shown, Status, Table, counted, level, shown
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.frozen_trend import NO_RUN, TrendLine
from tocsin.reports.section import Section
from tocsin.reports.so_far import so_far
from tocsin.reports.trend_graph import has_earlier, trend_summary
from tocsin.reports.wording import measure_label, measure_title, month_words

COLUMNS = (
    Column("Measure", share=8),
    Column("Target, %", "figure"),
    Column("Minimum, %", "figure"),
    Column("Result, %", "figure"),
    Column("Counted", "whole"),
    Column("Status", "status"),
    Column("Change, points", "figure"),
    Column("Months by status", share=5),
)
# No table has a cell for the whole reason of a hole: it stands below, once, with the files in of those owed; the detail tells them for
# every measure. A column more would make two pages of it.
_HOLE = "n/a"

Found = tuple[MeasureText, Figure | None]


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    found = [(measure, book.whole(measure.name)) for measure in run.measures]
    trends: dict[str, list[TrendLine]] = {}
    for line in run.trend:
        trends.setdefault(line.measure, []).append(line)
    rows = tuple(_row(measure, figure, trends.get(measure.name, [])) for measure, figure in found)
    table = Table("Code Performance Measures", COLUMNS, rows, "No Code Performance Measure was declared when this run was made.")
    return [Prose(_in_words(run, [figure for _, figure in found])), *_with_trend(run, table), *_notes(found)]


def _row(measure: MeasureText, figure: Figure | None, trend: Sequence[TrendLine]) -> tuple[Cell, ...]:
    name = measure_label(measure.name) if _is_other_reading(measure) else measure_title(measure)
    target, minimum, months = level(measure.target), level(measure.minimum), _months(trend)
    change = Shown(trend[-1].change or _HOLE, "percent", False) if trend else _HOLE
    if figure is None:
        return name, target, minimum, _HOLE, _HOLE, Status("no_data"), change, months
    return name, target, minimum, _result(figure), counted(figure), Status(figure.status), change, months


def _result(figure: Figure) -> Cell:
    if figure.value is None:
        return so_far(figure) if figure.so_far else Shown(_HOLE, figure.unit, False)
    return shown(figure)


def _months(trend: Sequence[TrendLine]) -> str:
    """How many of the months that have a run have which status, in the order of the statuses: "11 met, 2 below target"."""
    if not trend:
        return "not worked out"
    states = Counter(line.status for line in trend if line.status != NO_RUN)
    if sum(states.values()) <= 1:
        return _HOLE
    return ", ".join(f"{states[status]} {words.lower()}" for status, (words, _) in STATUS_WORDS.items() if states[status])


def _notes(found: Sequence[Found]) -> Iterator[Note]:
    """Why there is no result, and what a reader must know beside one: each once for all measures it is said of."""
    missing: dict[str, list[str]] = {}
    marked: dict[str, list[str]] = {}
    for measure, figure in found:
        if figure is None or figure.value is None:
            why = figure.shown.removeprefix("n/a (").removesuffix(")") if figure is not None else "no figure in this run"
            missing.setdefault(why, []).append(measure_label(measure.name))
        for mark in figure.marks if figure is not None else ():
            marked.setdefault(MARK_WORDS.get(mark, mark.replace("_", " ")), []).append(measure_label(measure.name))
    said = [*([f"No result, {_listed(missing)}."] if missing else []), *([f"Marks, {_listed(marked, of=len(found))}."] if marked else [])]
    if said:
        yield Note(" ".join(said))


def _listed(said: Mapping[str, Sequence[str]], of: int | None = None) -> str:
    return "; ".join(f"{why}: {'every measure' if len(names) == of else ', '.join(names)}" for why, names in said.items())


def _with_trend(run: FrozenRun, table: Table) -> Iterator[Block]:
    """The table under its graph, which has room for one reading of each measure; the detail draws every one."""
    if not has_earlier(run):
        yield table
        yield Note("No trend is drawn: no earlier month has a run with a result of any measure.")
        return
    graph = trend_summary(run, {measure.name for measure in run.measures if not _is_other_reading(measure)})
    yield replace(graph, twin=table) if graph is not None else table
    whole = trend_summary(run)
    if whole is not None:
        yield replace(whole.twin, only_in="workbook")
    alike = sorted({line.month for line in run.trend if not line.is_alike})
    if alike:
        yield Note(f"Measures were defined otherwise in {', '.join(alike)}: those months are told, and not compared.")


def _is_other_reading(measure: MeasureText) -> bool:
    """Whether it is the same measure from another source ("CPM 1 reported"): told by its short name, its whole one stands above it."""
    return " " in measure_label(measure.name).removeprefix("CPM ")


def _in_words(run: FrozenRun, figures: list[Figure | None]) -> str:
    states = Counter("no_data" if figure is None else figure.status for figure in figures)
    parts = [f"{STATUS_WORDS[status][0].lower()}: {states[status]}" for status in STATUS_WORDS if states[status]]
    return (
        f"Of {len(figures)} Code Performance Measures and readings of them, {'; '.join(parts) or 'none has a figure'}. "
        f"Each is judged on the unrounded value.{_of_months(run)}"
    )


def _of_months(run: FrozenRun) -> str:
    """What the columns of change and months say."""
    if not run.trend:
        return ""
    first = [line for line in run.trend if line.measure == run.trend[0].measure]
    told = sum(bool(line.run_id) for line in first)
    runs = "1 has a run" if told == 1 else f"{told} have a run"
    return (
        f" Change is that on {month_words(run.period.previous())}. Of the {len(first)} months to {month_words(run.period)}, {runs}; "
        "each is told by its own and judged by its own level."
    )


CPM_SUMMARY = Section(name="cpm_summary", title="Code Performance Measures: summary", order=20, build=build, sheet="CPM summary")
