"""Where everything of a workbook stands before a cell is written: sheets with their names, and on each the row of every line and table.

Known beforehand, since the first sheet leads to what comes after it, and the columns of a sheet are as wide as all its tables need.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tocsin.reports.blocks import Block, ColourGrid, Graph, Heading, Link, Note, Prose, Table, stands_in
from tocsin.reports.document import Document
from tocsin.reports.section import Section
from tocsin.reports.workbook_charts import rows_beside
from tocsin.reports.workbook_names import Names

# The title of a sheet, the link back to the contents, and a free row.
FIRST_ROW = 3


@dataclass(frozen=True)
class Line:
    """Words in a row of their own. `look` is heading, caption, prose, warning, aside or link; a link leads to the sheet `to`."""

    row: int
    text: str
    look: str
    to: str = ""


@dataclass(frozen=True)
class Laid:
    """A table with rows: the row of its headings, its name in formulas, and the graph or the colours that go with it."""

    row: int
    table: Table
    name: str
    graph: Graph | None = None
    colours: ColourGrid | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether its headings carry a filter. Not beside charts: what a filter hides would be gone from them, unseen."""
        return self.graph is None and self.colours is None and len(self.table.rows) >= _WORTH_FILTERING


_WORTH_FILTERING = 8


@dataclass
class Sheet:
    """A sheet: its name as Excel has it, its title, and what stands on it from the top down. `is_part` of the section sheet before it."""

    name: str
    title: str
    is_part: bool = False
    lines: list[Line] = field(default_factory=list)
    tables: list[Laid] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    row: int = FIRST_ROW

    @property
    def row_count(self) -> int:
        """Rows of all its tables, headings not counted."""
        return sum(len(laid.table.rows) for laid in self.tables)


@dataclass(frozen=True)
class Layout:
    """The sheets of the sections, in order, and where the words stand to which a link may lead."""

    sheets: tuple[Sheet, ...]
    places: Mapping[tuple[str, str], tuple[str, int]]

    def to(self, link: Link) -> tuple[str, int] | None:
        """Sheet and row of what a link names, else its section's; None where this report was made without that section."""
        return self.places.get((link.section, link.at)) or self.places.get((link.section, ""))


def layout_of(document: Document, names: Names) -> Layout:
    """The layout of the sections of a document; sheets and tables take their names out of `names`."""
    means = _Laying(document, names)
    sheets = [sheet for section, blocks in document.sections for sheet in means.sheets(section, blocks)]
    return Layout(tuple(sheets), means.places)


class _Laying:
    def __init__(self, document: Document, names: Names) -> None:
        self.month = document.month
        self.names = names
        self.places: dict[tuple[str, str], tuple[str, int]] = {}

    def sheets(self, section: Section, blocks: Iterable[Block]) -> Iterator[Sheet]:
        """One sheet of a section, or its first and one for each heading, to which the first leads."""
        first = sheet = Sheet(self.names.sheet(section.sheet or section.title), section.title)
        self.places.setdefault((section.name, ""), (first.name, 0))
        parts: list[Sheet] = []
        for block in (block for block in blocks if stands_in(block, "workbook")):
            if isinstance(block, Heading) and block.level == 2 and section.sheets == "heading":
                sheet = Sheet(self.names.sheet(block.text), block.text, is_part=True)
                parts.append(sheet)
                self.places.setdefault((section.name, block.text), (sheet.name, 0))
            else:
                self._block(section.name, sheet, block)
        for part in parts:
            first.lines.append(Line(first.row, part.title, "link", part.name))
            first.row += 1
        yield first
        yield from parts

    def _block(self, section: str, on: Sheet, block: Block) -> None:
        match block:
            case Heading(text=text):
                on.row += 1
                self._place(section, on, text)
                if block.level == 2:
                    on.headings.append(text)
                self._line(on, text, "heading")
            case Prose(text=text):
                self._line(on, text, "prose", 2)
            case Note(text=text, kind=kind):
                self._line(on, text, "warning" if kind == "warning" else "prose", 2)
            case Graph():
                self._place(section, on, block.caption)
                self._line(on, block.alt, "aside")
                # Charts stand beside the table, as high as its headings.
                below = on.row + 1 + rows_beside(block)
                self._table(section, on, block.twin, graph=block)
                on.row = max(on.row, below)
                for grid in (drawn for drawn in block.drawn_as if isinstance(drawn, ColourGrid)):
                    self._table(section, on, grid.table, colours=grid)
            case Table():
                self._table(section, on, block)

    def _table(self, section: str, on: Sheet, table: Table, graph: Graph | None = None, colours: ColourGrid | None = None) -> None:
        self._place(section, on, table.caption)
        self._line(on, table.caption, "caption")
        if not table.rows:
            self._line(on, table.empty, "aside", 2)
            return
        # A name that a formula of last month's workbook knows: nothing of the month is in it.
        name = self.names.table(re.sub(rf"(\b(in|of) )?{re.escape(self.month)}", "", table.caption))
        on.tables.append(Laid(on.row, table, name, graph, colours))
        on.row += len(table.rows) + 2

    def _line(self, on: Sheet, text: str, look: str, rows: int = 1) -> None:
        on.lines.append(Line(on.row, text, look))
        on.row += rows

    def _place(self, section: str, on: Sheet, words: str) -> None:
        self.places.setdefault((section, words), (on.name, on.row))
