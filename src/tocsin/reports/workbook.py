"""The report as an XLSX workbook: native tables under their captions, one sheet a section or Business Process, and every figure.

Text is written as text, never as a formula. XlsxWriter's constant-memory mode has no native tables, so it is not used: a run's figures
are thousands of rows, not millions, and those are also in figures.csv.
"""

import io
import re
from dataclasses import dataclass, field

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.blocks import Block, Cell, ColourGrid, Graph, Heading, Link, Note, Prose, Shown, Status, Table, stands_in
from tocsin.reports.document import Document
from tocsin.reports.figure_files import FIGURES, figure_row
from tocsin.reports.spreadsheets import digits_of, inert
from tocsin.reports.workbook_charts import DATA_SHEET, ChartData, Placed, add_charts
from tocsin.vocabulary.calendar import moment

_SHEET_NAME = 31
_WIDEST = 60


@dataclass
class _Sheet:
    """A sheet while it is written from the top down, and the widest word count of each column."""

    sheet: Worksheet
    row: int = 0
    widths: dict[int, int] = field(default_factory=dict)


def workbook_of(document: Document) -> bytes:
    """The whole workbook; the same run gives the same bytes."""
    out = io.BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **as_text})
    made_at = moment(document.run.made_at).replace(tzinfo=None)
    book.set_properties({"title": inert(document.title), "author": "tocsin", "created": made_at, "comments": inert(document.description)})
    _Book(book).write(document)
    book.close()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.book = book
        self.names: set[str] = {DATA_SHEET.lower()}
        self.title = book.add_format({"bold": True, "font_size": 16})
        self.heading = book.add_format({"bold": True, "font_size": 12})
        self.quiet = book.add_format({"italic": True, "font_color": "#52606D"})
        self.words = book.add_format({"text_wrap": True, "valign": "top"})
        self.whole = book.add_format({"num_format": "#,##0", "valign": "top"})
        self.numbers: dict[tuple[int, bool], Format] = {}
        self.data = ChartData()

    def write(self, document: Document) -> None:
        for section, blocks in document.sections:
            sheet = self._sheet(section.title, section.sheet)
            for block in (block for block in blocks if stands_in(block, "workbook")):
                if isinstance(block, Heading) and block.level == 2 and section.sheets == "heading":
                    self._widen(sheet)
                    sheet = self._sheet(block.text)
                else:
                    self._block(sheet, block)
            self._widen(sheet)
        self._figures(document)
        self.data.write(self.book)

    def _sheet(self, title: str, name: str = "") -> _Sheet:
        sheet = _Sheet(self.book.add_worksheet(self._name(name or title)))
        sheet.sheet.write_string(0, 0, inert(title), self.title)
        sheet.sheet.hide_gridlines(2)
        sheet.sheet.set_landscape()
        sheet.sheet.fit_to_pages(1, 0)
        sheet.row = 2
        return sheet

    def _name(self, title: str) -> str:
        """A sheet name Excel takes: 31 characters, none of []:*?/\\, no apostrophe at an end, unlike every other."""
        plain = re.sub(r"[\[\]:*?/\\\x00-\x1f]", " ", title).strip(" '")[:_SHEET_NAME].strip(" '") or "Sheet"
        name, n = plain, 2
        while name.lower() in self.names or name.lower() == "history":
            end = f" {n}"
            name, n = plain[: _SHEET_NAME - len(end)] + end, n + 1
        self.names.add(name.lower())
        return name

    def _block(self, on: _Sheet, block: Block) -> None:
        match block:
            case Heading(text=text):
                on.row += 1
                on.sheet.write_string(on.row, 0, inert(text), self.heading)
                on.row += 1
            case Prose(text=text) | Note(text=text):
                on.sheet.write_string(on.row, 0, inert(text))
                on.row += 2
            case Graph():
                self._graph(on, block)
            case Table():
                self._table(on, block)

    def _graph(self, on: _Sheet, graph: Graph) -> None:
        """The words of a graph, its numbers, and beside them native charts in place of the drawing of the PDF and HTML."""
        on.sheet.write_string(on.row, 0, inert(graph.alt), self.quiet)
        # Below its words and its caption stand the headings of the table.
        on.row += 1
        below = add_charts(self.book, graph, Placed(on.sheet, on.row + 1), self.data)
        self._table(on, graph.twin)
        on.row = max(on.row, below)
        for grid in (drawn for drawn in graph.drawn_as if isinstance(drawn, ColourGrid)):
            first = on.row + 2
            self._table(on, grid.table)
            scale = {"type": "2_color_scale", "min_color": grid.light, "max_color": grid.dark}
            on.sheet.conditional_format(first, 1, first + len(grid.table.rows) - 1, len(grid.table.columns) - 1, scale)

    def _table(self, on: _Sheet, table: Table) -> None:
        on.sheet.write_string(on.row, 0, inert(table.caption), self.heading)
        on.row += 1
        if not table.rows:
            on.sheet.write_string(on.row, 0, inert(table.empty), self.quiet)
            on.row += 2
            return
        last = on.row + len(table.rows)
        headers = [{"header": title} for title in _distinct([inert(column.title) for column in table.columns])]
        style = {"columns": headers, "style": "Table Style Light 1", "autofilter": False}
        on.sheet.add_table(on.row, 0, last, len(table.columns) - 1, style)
        for n, column in enumerate(table.columns):
            on.widths[n] = max(on.widths.get(n, 0), min(_WIDEST, len(column.title) + 2))
        for down, row in enumerate(table.rows, start=on.row + 1):
            for across, cell in enumerate(row):
                self._cell(on, down, across, cell)
        on.row = last + 2

    def _cell(self, on: _Sheet, down: int, across: int, cell: Cell) -> None:
        if (digits := digits_of(cell)) is not None:
            is_signed = isinstance(cell, Shown) and not cell.text[:1].isdigit()
            form = self.whole if isinstance(cell, int) else self._places(len(digits.partition(".")[2]), is_signed)
            on.sheet.write_number(down, across, float(digits), form)
            length = len(f"{cell:,}" if isinstance(cell, int) else digits)
        else:
            text = cell.words if isinstance(cell, Status) else cell.text if isinstance(cell, Shown | Link) else str(cell)
            on.sheet.write_string(down, across, inert(text), self.words)
            length = len(text)
        on.widths[across] = max(on.widths.get(across, 0), min(_WIDEST, length + 2))

    def _places(self, places: int, is_signed: bool) -> Format:
        """So many decimals; of a difference the sign that the page prints, plus or minus."""
        if (places, is_signed) not in self.numbers:
            digits = "0." + "0" * places if places else "0"
            form = f"+{digits};\u2212{digits};{digits}" if is_signed else digits
            self.numbers[places, is_signed] = self.book.add_format({"num_format": form, "valign": "top"})
        return self.numbers[places, is_signed]

    def _widen(self, on: _Sheet) -> None:
        for column, width in on.widths.items():
            on.sheet.set_column(column, column, max(9, width))

    def _figures(self, document: Document) -> None:
        """Every figure with every field, as in figures.csv."""
        on = _Sheet(self.book.add_worksheet(self._name("Figures")))
        rows = [figure_row(figure) for figure in document.run.figures]
        headers = [{"header": column} for column, _ in FIGURES.columns]
        if rows:
            on.sheet.add_table(0, 0, len(rows), len(headers) - 1, {"columns": headers, "style": "Table Style Light 1"})
        for across, (column, _) in enumerate(FIGURES.columns):
            on.sheet.write_string(0, across, column)
            on.widths[across] = len(column) + 4
        for down, row in enumerate(rows, start=1):
            for across, cell in enumerate(row):
                if isinstance(cell, int) and digits_of(cell) is not None:
                    on.sheet.write_number(down, across, cell, self.whole)
                elif isinstance(cell, int):
                    self._cell(on, down, across, cell)
                elif cell:
                    on.sheet.write_string(down, across, inert(cell))
        on.sheet.set_column(0, 0, _WIDEST)
        on.sheet.freeze_panes(1, 1)


def _distinct(titles: list[str]) -> list[str]:
    """Headings of a native table must differ."""
    return [title if titles.index(title) == n else f"{title} ({n + 1})" for n, title in enumerate(titles)]
