"""Code Performance Measures on one page: the level asked, the level reached, the status in words, and the trend (domain.md 12)."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import MARK_WORDS, STATUS_WORDS, Block, Cell, Column, Note, Prose, Shown, Status, Table, counted, level, shown
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.frozen_trend import NO_RUN, TrendLine
from tocsin.reports.section import Section
from tocsin.reports.trend_graph import trend_summary
from tocsin.reports.wording import measure_label, measure_title

COLUMNS = (
    Column("Measure", share=5),
    Column("Target, %", "figure"),
    Column("Minimum, %", "figure"),
    Column("Result, %", "figure"),
    Column("Counted", "whole"),
    Column("Status", "status"),
    Column("On the month before, points", "figure"),
    Column("Thirteen months", share=4),
)
# No table has a cell for the whole reason of a hole: it stands below, once.
_HOLE = "n/a"

Found = tuple[MeasureText, Figure | None]


def build(run: FrozenRun) -> list[Block]:
    book = FigureBook(run.figures)
    found = [(measure, book.whole(measure.name)) for measure in run.measures]
    trends: dict[str, list[TrendLine]] = {}
    for line in run.trend:
        trends.setdefault(line.measure, []).append(line)
    rows = tuple(_row(measure, figure, trends.get(measure.name, [])) for measure, figure in found)
    table = Table("Code Performance Measures", COLUMNS, rows, "No Code Performance Measure was declared when this run was made.")
    return [Prose(_in_words([figure for _, figure in found])), table, *_notes(found), *_trend(run, trends)]


def _row(measure: MeasureText, figure: Figure | None, trend: Sequence[TrendLine]) -> tuple[Cell, ...]:
    name, target, minimum, months = measure_title(measure), level(measure.target), level(measure.minimum), _months(trend)
    change = Shown(trend[-1].change or _HOLE, "percent", False) if trend else _HOLE
    if figure is None:
        return name, target, minimum, _HOLE, _HOLE, Status("no_data"), change, months
    return name, target, minimum, _result(figure), counted(figure), Status(figure.status), change, months


def _result(figure: Figure) -> Cell:
    return shown(figure) if figure.value is not None else Shown(_HOLE, figure.unit, False)


def _months(trend: Sequence[TrendLine]) -> str:
    """How many of the months have which status, in the order of the statuses: "11 met, 2 below target"."""
    if not trend:
        return "not worked out"
    if all(line.status == NO_RUN for line in trend[:-1]):
        return "no run of an earlier month"
    states = Counter(line.status for line in trend)
    return ", ".join(f"{states[status]} {words.lower()}" for status, (words, _) in STATUS_WORDS.items() if states[status])


def _notes(found: Sequence[Found]) -> Iterator[Note]:
    """Why there is no result, and what a reader must know beside one: each once for all measures it is said of."""
    said: dict[str, list[str]] = {}
    for measure, figure in found:
        if figure is None:
            said.setdefault("no figure in this run", []).append(measure_label(measure.name))
        elif figure.value is None:
            why = figure.shown.removeprefix("n/a (").removesuffix(")")
            said.setdefault(why, []).append(measure_label(measure.name))
    if said:
        yield Note(f"No result: {_listed(said)}.")
    marked: dict[str, list[str]] = {}
    for measure, figure in found:
        for mark in figure.marks if figure is not None else ():
            marked.setdefault(MARK_WORDS.get(mark, mark.replace("_", " ")), []).append(measure_label(measure.name))
    if marked:
        yield Note(f"Marks: {_listed(marked, of=len(found))}.")


def _listed(said: Mapping[str, Sequence[str]], of: int | None = None) -> str:
    return "; ".join(f"{why}: {'every measure' if len(names) == of else ', '.join(names)}" for why, names in said.items())


def _trend(run: FrozenRun, trends: Mapping[str, Sequence[TrendLine]]) -> Iterator[Block]:
    graph = trend_summary(run)
    # The month's own value is in the table above: one month alone is no trend to draw.
    if graph is None or all(line.value is None for lines in trends.values() for line in lines[:-1]):
        yield Note("No trend is drawn: no earlier month has a run with a result of any measure.")
        return
    yield graph
    alike = sorted({line.month for lines in trends.values() for line in lines if not line.is_alike})
    if alike:
        yield Note(f"Measures were defined otherwise in {', '.join(alike)}: those months are told, and not compared.")


def _in_words(figures: list[Figure | None]) -> str:
    states = Counter("no_data" if figure is None else figure.status for figure in figures)
    parts = [f"{STATUS_WORDS[status][0].lower()}: {states[status]}" for status in STATUS_WORDS if states[status]]
    return (
        f"Of {len(figures)} Code Performance Measures, {'; '.join(parts) or 'none has a figure'}. Each is judged on the unrounded value; "
        "a value that would print as its level without reaching it is printed with more digits. A trend tells each month by its own run "
        "and by the level in force then."
    )


CPM_SUMMARY = Section(name="cpm_summary", title="Code Performance Measures: summary", order=20, build=build, sheet="CPM summary")
