"""Business Processes: volume, success rate and Round Trip Time of each, by Service Request Variant, party, device type and region."""

from collections.abc import Sequence
from dataclasses import replace

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Block, Cell, Column, Heading, Note, Prose, Table, briefly, shown
from tocsin.reports.blocks import marks as marks_of
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun, ProcessText
from tocsin.reports.graphs import daily_graph, percentile_graph
from tocsin.reports.section import Section
from tocsin.reports.wording import INDICATORS, column_title, indicator_title, spoken, value_title, with_unit

_HOLES = frozenset({"no_data", "no_events"})
_PAGE_ROWS = 80
# The order in which the annex speaks of them (domain.md 12); another split comes after.
_SPLITS = ("srv", "party_code", "device_type", "region")
# Areas have sections of their own; runs of before there were areas had the cube alone.
INCIDENTS = "incidents"


def build(run: FrozenRun) -> list[Block]:
    book = FigureBook(run.figures)
    known = _processes(run, book)
    fed = [process for process in known if _has_figures(book, process.name)]
    blocks: list[Block] = [
        Prose(
            "Success means that a response came back with a success code; what a protected payload says cannot be seen. "
            "Round Trip Time (RTT) is the whole journey as the DSP's audit trail shows it; percentiles are nearest rank, to 0.1 s. "
            "Parties are shown by a code that stays the same within a reporting year."
        )
    ]
    blocks += [block for process in fed for block in _page(run, book, process)]
    unfed = tuple((process.title, process.code or "none", _why(book, process)) for process in known if process not in fed)
    if unfed:
        columns = (Column("Business Process", share=2), Column("Code"), Column("Why", share=5))
        blocks += [Heading("Processes without figures"), Table("No data, and why", columns, unfed, "Every process has figures.")]
    return blocks


def _processes(run: FrozenRun, book: FigureBook) -> list[ProcessText]:
    """Declared processes in order, then subjects that no declaration claims: their figures are shown as well, never dropped."""
    declared = sorted(run.processes, key=lambda process: (process.order, process.name))
    areas = {area.name for area in run.areas} | {INCIDENTS}
    claimed = {process.name for process in declared} | {measure.name for measure in run.measures} | areas
    others = dict.fromkeys(figure.subject for figure in book.figures if figure.subject not in claimed)
    return declared + [ProcessText(name, "", spoken(name), 0, "") for name in others]


def _has_figures(book: FigureBook, process: str) -> bool:
    """Whether there is anything to show: a volume of nought is told in one line, not on an empty page."""
    return any(figure.status not in _HOLES and figure.counted != 0 for figure in book.of(process))


def _why(book: FigureBook, process: ProcessText) -> str:
    if process.why_no_data:
        return f"No data: {process.why_no_data}"
    if any(figure.status == "no_events" or figure.counted == 0 for figure in book.of(process.name)):
        return "No events: what it rests on was received, and held nothing of this process."
    return "No data: nothing that this process rests on was received for the period."


def _page(run: FrozenRun, book: FigureBook, process: ProcessText) -> list[Block]:
    code = f" ({process.code})" if process.code else ""
    blocks: list[Block] = [Heading(f"{process.title}{code}")]
    if process.sentence:
        blocks.append(Prose(process.sentence))
    blocks.append(_whole(book, process))
    daily = daily_graph(run, process)
    blocks.append(daily or Note("No data by day: the run holds no daily counts of this process, so no graph is drawn."))
    for split in sorted(book.splits(process.name), key=lambda split: (len(split), _place(split[0]))):
        if len(split) > 1:
            columns = " and ".join(column_title(column) for column in split)
            blocks.append(Note(f"Figures by {columns} together are in figures.csv and in the sheet of figures."))
            continue
        figures = book.split(process.name, split)
        if all(figure.status == "incomplete" for figure in figures):
            told = column_title(split[0])
            blocks.append(Note(f"By {told}: incomplete, as above; the counts received so far are in figures.csv.", "warning"))
            continue
        table = _by(run, process, figures, split[0])
        graph = percentile_graph(run, process, figures, split[0], table) if split[0] == "region" else None
        blocks.append(graph or table)
    return blocks


def _place(column: str) -> int:
    return _SPLITS.index(column) if column in _SPLITS else len(_SPLITS)


def _whole(book: FigureBook, process: ProcessText) -> Table:
    rows: list[tuple[Cell, ...]] = [
        (with_unit(indicator_title(figure.indicator), figure.unit), shown(figure), marks_of(figure)) for figure in book.totals(process.name)
    ]
    columns = (Column("Indicator", share=3), Column("Figure", "figure"), Column("Marks", share=3))
    return _without_idle_marks(
        Table(f"{process.title}: the whole period", columns, tuple(rows), "The run holds no figure of the whole process.")
    )


def _without_idle_marks(table: Table) -> Table:
    """The table without its last column where that would only say "none"."""
    if any(row[-1] != "none" for row in table.rows):
        return table
    return replace(table, columns=table.columns[:-1], rows=tuple(row[:-1] for row in table.rows))


def _by(run: FrozenRun, process: ProcessText, figures: Sequence[Figure], column: str) -> Table:
    """One row a value of the breakdown, one column an indicator; marks come last because they speak of the row."""
    units = {figure.indicator: figure.unit for figure in figures}
    indicators = [indicator for indicator in INDICATORS if indicator in units] + [word for word in units if word not in INDICATORS]
    by_value: dict[str, dict[str, Figure]] = {}
    for figure in figures:
        by_value.setdefault(figure.breakdown[0][1], {})[figure.indicator] = figure
    rows: list[tuple[Cell, ...]] = []
    for value, found in by_value.items():
        cells: tuple[Cell, ...] = tuple(briefly(found[word]) if word in found else "no figure" for word in indicators)
        marks = dict.fromkeys(mark for figure in found.values() if figure.marks for mark in marks_of(figure).split(", "))
        rows.append((value_title(run, column, value), *cells, ", ".join(marks) or "none"))
    columns = (
        Column(column_title(column), share=3),
        *(Column(with_unit(indicator_title(indicator), units[indicator]), "figure") for indicator in indicators),
        Column("Marks"),
    )
    caption = f"{process.title}: by {column_title(column)}"
    return _without_idle_marks(Table(caption, columns, tuple(rows), "Nothing was counted under this breakdown.", _PAGE_ROWS))


BUSINESS_PROCESSES = Section(name="business_processes", title="Business Processes", order=50, build=build, sheets="heading")
