"""The report as an XLSX workbook: a first sheet that leads to the others, one sheet a section or Business Process, and every figure.

Each table is a native one under its caption, with a name of its own. Text is written as text, never as a formula. XlsxWriter's
constant-memory mode has no native tables, so it is not used: a run's figures are thousands of rows, not millions, and those are also in
figures.csv.
"""

import io

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.blocks import Table
from tocsin.reports.document import Document
from tocsin.reports.spreadsheets import inert
from tocsin.reports.workbook_charts import DATA_SHEET, ChartData, Placed, add_charts
from tocsin.reports.workbook_contents import contents, facts, leading, tables_told
from tocsin.reports.workbook_figures import write_figures
from tocsin.reports.workbook_layout import FIRST_ROW, Laid, Layout, Line, Sheet, layout_of
from tocsin.reports.workbook_looks import Looks
from tocsin.reports.workbook_names import Names, columns_apart
from tocsin.reports.workbook_page import CONTENTS, FIGURES, TABLES, Pages
from tocsin.reports.workbook_widths import LINE_PT, across, heading_height, height_of, lines_of, widths_of
from tocsin.vocabulary.calendar import moment

# Headings of a sheet's only table stay in sight where what stands above them leaves room for rows.
_MOST_ABOVE_PT = 150.0
_OWN = (CONTENTS, TABLES, FIGURES, DATA_SHEET)


def workbook_of(document: Document) -> bytes:
    """The whole workbook; the same run gives the same bytes."""
    out = io.BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **as_text})
    run = document.run
    book.set_properties(
        {
            "title": inert(document.title),
            "author": "tocsin",
            "created": moment(run.made_at).replace(tzinfo=None),
            "comments": inert(document.description),
            "status": document.state.words,
        }
    )
    for name, value in (("Run", run.run_id), ("Software version", run.code_version), ("Digest of the basis", run.basis_digest)):
        book.set_custom_property(name, inert(value), "text")
    _Book(book, document).write()
    book.close()
    return out.getvalue()


class _Book:
    def __init__(self, book: xlsxwriter.Workbook, document: Document) -> None:
        self.book = book
        self.document = document
        self.looks = Looks(book)
        self.pages = Pages(book, self.looks, document)
        self.data = ChartData()

    def write(self) -> None:
        layout = layout_of(self.document, Names(_OWN, _OWN))
        to_any = leading(layout, _OWN)
        front = self.pages.bare(CONTENTS)
        for sheet in layout.sheets:
            self._sheet(sheet, layout)
        tables = tables_told(layout)
        self._sheet(_alone(TABLES, tables), to_any)
        write_figures(self.pages, self.document.run.figures)
        own = [
            (TABLES, "Every table by the name that a formula or a pivot gives it.", 1, len(tables.rows)),
            (FIGURES, "Every figure with all its fields, as in figures.csv.", 1, len(self.document.run.figures)),
        ]
        if self.data.columns:
            data = self.pages.titled(DATA_SHEET, "What charts draw where a cell has words in place of a number")
            data.write_string(2, 0, "The same numbers as in the tables; a hole is an empty cell, and a line has a gap there.")
            self.data.write(data, self.looks.look("words_heading"))
            own.append((DATA_SHEET, "What charts draw where a cell has words in place of a number.", 0, 0))
        self._front(front, contents(layout, own), to_any)

    def _front(self, on: Worksheet, told: Table, layout: Layout) -> None:
        """What this is, and below it a line for every sheet."""
        on.write_string(0, 0, inert(self.document.heading), self.looks.look("title"))
        on.write_string(1, 0, inert(self.document.title.removeprefix(f"{self.document.heading}, ")), self.looks.look("month"))
        widths = widths_of([(told, False)])
        widths[1] = max(widths[1], 72.0)
        self._widen(on, widths)
        row = FIRST_ROW
        for label, value in facts(self.document):
            if label:
                on.write_string(row, 0, label, self.looks.look("label"))
            text = self.looks.cell(on, (row, 1), value, "words", layout)
            on.set_row(row, height_of(lines_of(text, widths[1])))
            row += 1
        row += 1
        on.write_string(row, 0, told.caption, self.looks.look("heading"))
        self._table(on, Laid(row + 1, told, CONTENTS), widths, layout)
        for n, sheet in enumerate(layout.sheets):
            if sheet.is_part:
                self.looks.link(on, (row + 2 + n, 0), sheet.name, (sheet.name, 0), look="part")
        on.freeze_panes(2, 0)

    def _sheet(self, sheet: Sheet, layout: Layout) -> None:
        on = self.pages.titled(sheet.name, sheet.title)
        widths = widths_of((laid.table, laid.is_filtered) for laid in sheet.tables)
        self._widen(on, widths)
        last, width = across(widths)
        above = sum([self._line(on, line, last, width) for line in sheet.lines])
        for laid in sheet.tables:
            self._table(on, laid, widths, layout)
        self._stay(on, sheet, above)

    def _widen(self, on: Worksheet, widths: list[float]) -> None:
        for n, width in enumerate(widths):
            on.set_column(n, n, width)

    def _line(self, on: Worksheet, line: Line, last: int, width: float) -> float:
        """Words in a row of their own; gives how high it was made for words that do not fit one line, else nought."""
        if line.look == "link":
            self.looks.link(on, (line.row, 0), line.text, (line.to, 0))
            return 0.0
        lines = lines_of(line.text, width)
        if line.look in {"heading", "caption"} or lines == 1:
            on.write_string(line.row, 0, inert(line.text), self.looks.look(line.look))
            return 0.0
        look = self.looks.look(f"wrapped_{line.look}")
        on.merge_range(line.row, 0, line.row, last, "", look)
        on.write_string(line.row, 0, inert(line.text), look)
        on.set_row(line.row, height_of(lines))
        return height_of(lines)

    def _table(self, on: Worksheet, laid: Laid, widths: list[float], layout: Layout) -> None:
        table, row = laid.table, laid.row
        titles = columns_apart(inert(column.title) for column in table.columns)
        formats = [self.looks.heading(column, laid.is_filtered) for column in table.columns]
        style = {
            "columns": [{"header": title, "header_format": look} for title, look in zip(titles, formats, strict=True)],
            "style": "Table Style Light 1",
            "autofilter": laid.is_filtered,
            "name": laid.name,
            "title": table.caption,
        }
        on.add_table(row, 0, row + len(table.rows), len(table.columns) - 1, style)
        on.set_row(row, heading_height(table.columns, widths, laid.is_filtered))
        kinds = [column.kind for column in table.columns]
        for down, cells in enumerate(table.rows, start=row + 1):
            lines = 1
            for n, (cell, kind) in enumerate(zip(cells, kinds, strict=True)):
                text = self.looks.cell(on, (down, n), cell, kind, layout)
                if len(text) > widths[n]:
                    lines = max(lines, lines_of(text, widths[n]))
            if lines > 1:
                # Not every program finds the height of wrapped words itself.
                on.set_row(down, height_of(lines))
        if laid.graph is not None:
            add_charts(self.book, laid.graph, Placed(on, row), self.data)
        if laid.colours is not None:
            scale = {"type": "2_color_scale", "min_color": laid.colours.light, "max_color": laid.colours.dark}
            on.conditional_format(row + 1, 1, row + len(table.rows), len(table.columns) - 1, scale)

    def _stay(self, on: Worksheet, sheet: Sheet, above: float) -> None:
        """What stays in sight and is printed on every page: the headings of a sheet's only table, else its title; and names of rows."""
        only = sheet.tables[0].row if len(sheet.tables) == 1 and sheet.tables[0].graph is None else None
        if only is not None and only * LINE_PT + above <= _MOST_ABOVE_PT:
            on.freeze_panes(only + 1, 1)
        else:
            on.freeze_panes(2, 1 if sheet.tables else 0)
        on.repeat_rows(0 if only is None else only)


def _alone(name: str, table: Table) -> Sheet:
    """A sheet of the workbook's own, with one table."""
    sheet = Sheet(name, table.caption)
    if table.rows:
        sheet.tables.append(Laid(FIRST_ROW, table, name))
    else:
        sheet.lines.append(Line(FIRST_ROW, table.empty, "aside"))
    return sheet
