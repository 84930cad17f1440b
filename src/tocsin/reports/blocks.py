"""What a section says, free of any format: headings, prose, tables, graphs. Renderers turn them into PDF, HTML and XLSX.

No block takes a float or an empty value: a number is a whole number or a Figure's own words, and a hole is said in words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tocsin.measuring.figures import Figure
from tocsin.vocabulary.errors import BadDeclaration

# How a cell is set: words to the left and free to wrap, numbers to the right, code in a fixed-width face.
KINDS = ("words", "code", "whole", "figure", "status")

# Status in words, with the shape that says the same without colour. Shapes are drawn by each renderer.
STATUS_WORDS: Mapping[str, tuple[str, str]] = {
    "met": ("Met", "disc"),
    "below_target": ("Below target", "triangle"),
    "below_minimum": ("Below minimum", "diamond"),
    "no_events": ("No events", "ring"),
    "no_data": ("No data", "dash"),
    "no_run": ("No run", "dash"),
    "incomplete": ("Incomplete", "half"),
    "stated": ("No level set", "ring"),
    "on_time": ("On time", "disc"),
    "not_due_yet": ("Not due yet", "ring"),
    "late": ("Late", "triangle"),
    "missing": ("Missing", "diamond"),
    "not_expected": ("Not expected", "ring"),
    "not_yet": ("Not yet", "ring"),
    "missed": ("Missed", "diamond"),
    "complete": ("Complete", "disc"),
    "fell": ("Fell", "triangle"),
    "slower": ("Slower", "triangle"),
    "volume": ("Volume moved", "ring"),
    "redefined": ("Defined anew", "ring"),
    "came_back": ("Came back", "disc"),
    "rose": ("Rose", "disc"),
    "faster": ("Faster", "disc"),
    "open": ("Open", "ring"),
    "overdue": ("Overdue", "diamond"),
    "closed": ("Closed", "disc"),
    "provisional": ("Provisional", "triangle"),
    "awaited": ("Awaited", "ring"),
    "accepted": ("Accepted", "disc"),
    "queried": ("Queried", "triangle"),
    "rejected": ("Rejected", "diamond"),
    "waived": ("Waived", "half"),
    "published": ("Published", "disc"),
    "verified": ("Verified", "disc"),
    "inferred": ("Inferred", "half"),
    "assumed": ("Assumed", "triangle"),
}

MARK_WORDS: Mapping[str, str] = {
    "small_numbers": "small numbers",
    "assumed_level": "assumed level",
    "provisional": "provisional",
    "suppressed": "suppressed",
}


@dataclass(frozen=True)
class Heading:
    """A heading inside a section; level 2 or 3, since the section's title is level 1."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Prose:
    """A paragraph of plain text; no markup is read in it."""

    text: str


@dataclass(frozen=True)
class Note:
    """A sentence set apart from the prose: `kind` is plain or warning."""

    text: str
    kind: str = "plain"


@dataclass(frozen=True)
class Shown:
    """A figure in a cell, in the words figures.py gave it, which also say why there is no number."""

    text: str
    unit: str
    is_number: bool


@dataclass(frozen=True)
class Status:
    """A status in a cell. Raises BadDeclaration for a status that has no words."""

    name: str

    def __post_init__(self) -> None:
        if self.name not in STATUS_WORDS:
            raise BadDeclaration(f'status "{self.name}" has no words: expected one of {", ".join(STATUS_WORDS)}.')

    @property
    def words(self) -> str:
        return STATUS_WORDS[self.name][0]

    @property
    def shape(self) -> str:
        return STATUS_WORDS[self.name][1]


@dataclass(frozen=True)
class Link:
    """Words in a cell that lead to a section, and in it to the heading, table or graph whose words are `at`, where there is such a one."""

    text: str
    section: str
    at: str = ""


Cell = str | int | Shown | Status | Link


@dataclass(frozen=True)
class Column:
    """A column of a table; `share` is how much of the free width a wrapping column takes against the others.

    One that `starts_group` has a rule on its left: it and those after it speak of one thing.
    """

    title: str
    kind: str = "words"
    share: int = 1
    starts_group: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise BadDeclaration(f'column "{self.title}": kind "{self.kind}"; expected one of {", ".join(KINDS)}.')


@dataclass(frozen=True)
class Table:
    """Rows under typed columns; the first column names the row. `empty` is the sentence that stands where there are no rows.

    `page_rows` is how many rows a printed page carries at most; the workbook carries all, and the page says so. None means all.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    page_rows: int | None = None
    # "page" or "workbook" where another table stands in its place in the other.
    only_in: str = ""

    @property
    def printed(self) -> tuple[tuple[Cell, ...], ...]:
        """The rows of the printed page."""
        return self.rows if self.page_rows is None else self.rows[: self.page_rows]

    @property
    def left_off(self) -> str:
        """The sentence under a table that was shortened for the page; empty where it was not."""
        rest = len(self.rows) - len(self.printed)
        return f"{rest:,} further rows are in the workbook; every figure is in figures.csv." if rest else ""

    def __post_init__(self) -> None:
        if not self.empty:
            raise BadDeclaration(f'table "{self.caption}": the sentence for no rows is missing. Say why it may be empty.')
        for row in self.rows:
            if len(row) != len(self.columns):
                raise BadDeclaration(f'table "{self.caption}": a row has {len(row)} cells, expected {len(self.columns)}.')


CHART_KINDS = ("line", "column", "bar")
# In the place of a dash: the dots of a line and not the line, where neighbours are not one after the other.
DOTS_ALONE = "dots"


@dataclass(frozen=True)
class Chart:
    """A native chart that a workbook draws of its graph's twin table: which columns, by their titles, and how they are shown.

    `along` names the column of categories, `series` those of numbers; `number_format` is Excel's. `colours` and `dashes` are of the series
    in order. `least` is where an axis of lines may begin; columns and bars always begin at nought. `also_along`: the column right of
    `along`, where two together name a row.
    """

    kind: str
    title: str
    along: str
    series: tuple[str, ...]
    along_title: str
    value_title: str
    number_format: str = "#,##0"
    is_stacked: bool = False
    colours: tuple[str, ...] = ()
    dashes: tuple[str, ...] = ()
    least: int = 0
    also_along: str = ""

    def __post_init__(self) -> None:
        if self.kind not in CHART_KINDS:
            raise BadDeclaration(f'chart "{self.title}": kind "{self.kind}"; expected one of {", ".join(CHART_KINDS)}.')
        if self.least and self.kind != "line":
            raise BadDeclaration(f'chart "{self.title}": {self.kind}s begin at nought; expected `least` for lines only.')


@dataclass(frozen=True)
class ColourGrid:
    """A table of numbers that a workbook colours as the graph is coloured, from `light` at the least to `dark` at the greatest."""

    table: Table
    light: str
    dark: str


@dataclass(frozen=True)
class Graph:
    """A Vega-Lite specification with the words that stand for it and the table that holds the same numbers (PDF/UA, WCAG 1.1.1).

    `drawn_as` is what stands for the drawing in a workbook: charts of the twin, and grids where the twin has less than the drawing.
    """

    name: str
    caption: str
    alt: str
    spec: Mapping[str, Any]
    twin: Table
    drawn_as: tuple[Chart | ColourGrid, ...] = ()

    def __post_init__(self) -> None:
        if not self.alt.strip():
            raise BadDeclaration(f'graph "{self.name}": the alternative text is missing. Say in words what the graph shows.')
        known = [column.title for column in self.twin.columns]
        wanted = [title for chart in self.drawn_as if isinstance(chart, Chart) for title in (chart.along, *chart.series)]
        if strange := [title for title in wanted if title not in known]:
            raise BadDeclaration(f'graph "{self.name}": its chart asks for "{strange[0]}"; its table has {", ".join(known)}.')


Block = Heading | Prose | Note | Table | Graph


def stands_in(block: Block, medium: str) -> bool:
    """Whether a block is for the page or for the workbook; most are for both."""
    return not isinstance(block, Table) or block.only_in in ("", medium)


def shown(figure: Figure) -> Cell:
    """A figure as a cell: a count as the whole number it is, else the words of figures.py, which also say why there is no number.

    A figure without words would be a hole shown as nothing, so it is refused (BadDeclaration).
    """
    if not figure.shown:
        raise BadDeclaration(f"figure {figure.name}: nothing to show. Expected the words of figures.py, also where there is no number.")
    if figure.unit == "count" and figure.value is not None and figure.counted is not None:
        return figure.counted
    return Shown(figure.shown, figure.unit, figure.value is not None)


def briefly(figure: Figure) -> Cell:
    """The same for a cell of a wide table, where a hole is only named; its reason stands with the figure of the whole."""
    if figure.value is not None or figure.status not in STATUS_WORDS or "suppressed" in figure.marks:
        return shown(figure)
    return Shown(STATUS_WORDS[figure.status][0].lower(), figure.unit, False)


def level(percent: str | None) -> Cell:
    """A Service Level in percent as it was declared, or that there is none."""
    return Shown(percent, "percent", True) if percent else "none"


def counted(figure: Figure) -> Cell:
    """The whole number a figure was made of, or why there is none."""
    return figure.counted if figure.counted is not None else Status("no_data").words


def met(figure: Figure) -> Cell:
    """How many of them met the rule, or why there is none."""
    return figure.met if figure.met is not None else Status("no_data").words


def marks(figure: Figure) -> str:
    """The words printed beside a figure; an unknown mark is printed as it is, never dropped."""
    return ", ".join(MARK_WORDS.get(mark, mark.replace("_", " ")) for mark in figure.marks) or "none"
