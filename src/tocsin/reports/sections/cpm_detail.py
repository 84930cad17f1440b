"""Each Code Performance Measure with its components: pooled, simple mean and worst, so that nothing hides (domain.md 2.4)."""

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Status, Table, counted, marks, met
from tocsin.reports.figure_book import FigureBook, combines
from tocsin.reports.frozen import FrozenRun, MeasureText
from tocsin.reports.section import Section
from tocsin.reports.so_far import files_in, so_far
from tocsin.reports.trend_graph import has_earlier, trend_graph
from tocsin.reports.wording import column_title, indicator_title, measure_title, value_title


def build(run: FrozenRun) -> list[Block]:
    book = run.book
    if not run.measures:
        return [Note("No Code Performance Measure was declared when this run was made.")]
    return [block for measure in run.measures for block in _measure(run, book, measure)]


def _measure(run: FrozenRun, book: FigureBook, measure: MeasureText) -> list[Block]:
    heading = Heading(measure_title(measure))
    about = [Prose(f"Counted: {measure.counted_sentence}"), Prose(f"Met: {measure.met_sentence}")]
    if measure.clause:
        about.insert(0, Prose(f"Clause: {measure.clause}."))
    if measure.reading:
        about.append(Prose(measure.reading))
    whole = book.whole(measure.name)
    if whole is not None and whole.expected:
        about.append(Prose(f"Files in of those it rests on: {files_in(whole)}."))
    if all(figure.status == "no_data" for figure in book.of(measure.name)):
        return [heading, *about, Note("No data: nothing that this measure rests on was received for the period.")]
    splits = [_components(run, book, measure, split) for split in book.splits(measure.name)]
    # One month alone is no trend; what no month has a value of is none either.
    drawn = trend_graph(run, measure.name) if has_earlier(run) else None
    return [heading, *about, *_combined(run, book, measure), *([drawn] if drawn is not None and drawn.drawn_as else []), *splits]


def _combined(run: FrozenRun, book: FigureBook, measure: MeasureText) -> list[Block]:
    """The published figure beside every other way of combining the same components; why there is none stands below, once."""
    rows: list[tuple[Cell, ...]] = []
    reasons: dict[str, None] = {}
    for figure in book.of(measure.name):
        if figure.breakdown and not combines(figure):
            continue
        name = indicator_title(figure.indicator) if figure.indicator else "All events pooled (published)"
        which = ", ".join(value_title(run, column, value) for column, value in figure.breakdown) or "all"
        if figure.value is None:
            reasons.setdefault(figure.shown.removeprefix("n/a (").removesuffix(")"))
        rows.append((name, which, so_far(figure), counted(figure), met(figure), Status(figure.status), marks(figure)))
    columns = (
        Column("Combined as", share=3), Column("Component", share=3), Column("Result, %", "figure"), Column("Counted", "whole"),
        Column("Met", "whole"), Column("Status", "status"), Column("Marks", share=2),
    )  # fmt: skip
    table = Table(f"{measure_title(measure)}: result", columns, tuple(rows), "This run holds only components of the measure, no result.")
    return [table, *([Note(f"No result: {'; '.join(reasons)}.")] if reasons else [])]


def _components(run: FrozenRun, book: FigureBook, measure: MeasureText, split: tuple[str, ...]) -> Table:
    rows = tuple(_component(run, figure) for figure in book.split(measure.name, split))
    columns = (
        *(Column(column_title(column), share=2) for column in split), Column("Result, %", "figure"), Column("Counted", "whole"),
        Column("Met", "whole"), Column("Status", "status"), Column("Marks", share=2),
    )  # fmt: skip
    by = " and ".join(column_title(column) for column in split)
    return Table(f"{measure_title(measure)}: by {by}", columns, rows, "No component was counted.", page_rows=60)


def _component(run: FrozenRun, figure: Figure) -> tuple[Cell, ...]:
    names = tuple(value_title(run, column, value) for column, value in figure.breakdown)
    return (*names, so_far(figure), counted(figure), met(figure), Status(figure.status), marks(figure))


CPM_DETAIL = Section(
    name="cpm_detail",
    title="Code Performance Measures: detail",
    order=30,
    build=build,
    sheet="CPM detail",
    starts_page=False,
)
