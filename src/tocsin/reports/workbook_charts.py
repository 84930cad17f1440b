"""The native charts of a workbook: drawn beside the twin table of their graph, out of its own cells, in the graph's colours.

A cell that says in words why it has no number would be drawn as nought by a line. Such a column is copied to a sheet of its own, where a
hole is an empty cell, and the line has a gap there.
"""

from dataclasses import dataclass, field

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as NativeChart
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.blocks import DOTS_ALONE, Cell, Chart, Graph, Table
from tocsin.reports.graph_style import BLUE, GREEN, ORANGE, PURPLE, QUIET
from tocsin.reports.spreadsheets import digits_of, inert

DATA_SHEET = "Chart data"
# Above the columns of that sheet: its title, the way back, and what it is.
DATA_ROW = 4
WIDTH, HEIGHT = 560, 280
# A row of Excel is 20 pixels high unless it is told otherwise; one row is left free below a chart.
ROWS = 15
_NAMED = 15
_COLOURS = (BLUE, ORANGE, GREEN, PURPLE)
_MARKERS = ("circle", "square", "triangle", "diamond")


@dataclass(frozen=True)
class Placed:
    """Where the twin table stands: its sheet, the row of its headings and its first column."""

    sheet: Worksheet
    row: int
    column: int = 0


@dataclass
class ChartData:
    """Columns of numbers whose holes are empty cells, side by side on a sheet at the end; written when all are known."""

    columns: list[tuple[str, list[float | None]]] = field(default_factory=list)

    def add(self, title: str, cells: list[Cell]) -> int:
        """The column that holds these cells below its heading in row DATA_ROW."""
        # A sheet's own number is binary; it is that of the twin's cell, written from the same digits.
        self.columns.append((title, [None if (digits := digits_of(cell)) is None else float(digits) for cell in cells]))
        return len(self.columns) - 1

    def write(self, sheet: Worksheet, heading: Format) -> None:
        """All columns, each under its heading, which stays."""
        sheet.set_column(0, len(self.columns) - 1, 24)
        for across, (title, numbers) in enumerate(self.columns):
            sheet.write_string(DATA_ROW, across, inert(title), heading)
            for down, number in enumerate(numbers, start=DATA_ROW + 1):
                if number is not None:
                    sheet.write_number(down, across, number)
        sheet.freeze_panes(DATA_ROW + 1, 0)
        sheet.repeat_rows(DATA_ROW)


def charts_of(graph: Graph) -> list[Chart]:
    """The charts that a workbook draws of a graph; none of a table without rows."""
    return [chart for chart in graph.drawn_as if isinstance(chart, Chart)] if graph.twin.rows else []


def rows_beside(graph: Graph) -> int:
    """How many rows its charts take, one below the other beside its table, from the headings on."""
    return ROWS * len(charts_of(graph))


def add_charts(book: Workbook, graph: Graph, at: Placed, data: ChartData) -> None:
    """Every chart of the graph beside its twin."""
    for place, chart in enumerate(charts_of(graph)):
        drawn = _drawn(book, chart, graph.twin, at, data)
        options = {"description": graph.alt, "object_position": 2}
        at.sheet.insert_chart(at.row + place * ROWS, at.column + len(graph.twin.columns) + 1, drawn, options)


def _drawn(book: Workbook, chart: Chart, twin: Table, at: Placed, data: ChartData) -> NativeChart:
    kind = {"type": chart.kind, **({"subtype": "stacked"} if chart.is_stacked else {})}
    drawn = book.add_chart(kind)
    titles = [column.title for column in twin.columns]
    name, first, last = at.sheet.get_name(), at.row + 1, at.row + len(twin.rows)
    along = at.column + titles.index(chart.along)
    along_end = at.column + titles.index(chart.also_along or chart.along)
    for place, title in enumerate(chart.series):
        column = titles.index(title)
        cells = [row[column] for row in twin.rows]
        values = [name, first, at.column + column, last, at.column + column]
        if chart.kind == "line" and any(digits_of(cell) is None for cell in cells):
            aside = data.add(f"{chart.title}: {title}", cells)
            values = [DATA_SHEET, DATA_ROW + 1, aside, DATA_ROW + len(cells), aside]
        drawn.add_series(
            {
                "name": [name, at.row, at.column + column],
                "categories": [name, first, along, last, along_end],
                "values": values,
                **_look(chart, place),
            }
        )
    drawn.set_title({"name": _words(chart.title), "name_font": {"size": 11}, "overlay": False})
    # Of many rows so many are named that their words have room.
    step = next(step for step in range(1, len(twin.rows) + 1) if step * _NAMED >= len(twin.rows))
    categories = {"name": _words(chart.along_title), "name_font": {"bold": False}, "label_position": "low", "interval_unit": step}
    categories |= {"interval_tick": step} if step > 1 else {}
    numbers = {
        "name": _words(chart.value_title),
        "name_font": {"bold": False},
        "num_format": chart.number_format,
        # Bars of changes go to both sides of nought, and Excel finds their ends itself.
        **({} if _goes_below_nought(chart, twin) else {"min": chart.least}),
        # No share is more than all: without this Excel goes on to 102 %.
        **({"max": 100} if chart.kind == "line" and chart.value_title.endswith("%") else {}),
        "major_gridlines": {"visible": True, "line": {"color": "#DDE1E6"}},
    }
    if chart.kind == "bar":
        # The first row of the table is the uppermost bar, and the numbers stay below.
        drawn.set_y_axis({**categories, "reverse": True})
        drawn.set_x_axis({**numbers, "label_position": "high"})
    else:
        drawn.set_x_axis(categories)
        drawn.set_y_axis(numbers)
    drawn.set_legend({"position": "top"} if len(chart.series) > 1 else {"none": True})
    drawn.set_size({"width": WIDTH, "height": HEIGHT})
    return drawn


def _words(text: str) -> str:
    """Words of a chart. XlsxWriter takes "Wow!A1" for a reference to a cell: after a "!" stands a space of no width."""
    return inert(text).replace("!", "!\N{ZERO WIDTH SPACE}")


def _goes_below_nought(chart: Chart, twin: Table) -> bool:
    places = [place for place, column in enumerate(twin.columns) if column.title in chart.series]
    return any((digits_of(row[place]) or "").startswith("-") for row in twin.rows for place in places)


def _look(chart: Chart, place: int) -> dict[str, object]:
    colour = chart.colours[place] if place < len(chart.colours) else _COLOURS[place % len(_COLOURS)]
    if chart.kind != "line":
        return {"fill": {"color": colour}, "border": {"color": QUIET, "width": 0.5}, "gap": 40}
    dash = chart.dashes[place] if place < len(chart.dashes) else ""
    if dash and dash != DOTS_ALONE:
        return {"line": {"color": colour, "width": 1.25, "dash_type": dash}, "marker": {"type": "none"}}
    marker = {"type": _MARKERS[place % len(_MARKERS)], "size": 6, "fill": {"color": colour}, "border": {"color": colour}}
    return {"line": {"none": True} if dash else {"color": colour, "width": 1.5}, "marker": marker}
