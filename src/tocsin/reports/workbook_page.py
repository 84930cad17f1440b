"""What every sheet of a workbook has: a title, a way back to the contents, panes that stay, and a page that prints with its headings."""

from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.document import Document
from tocsin.reports.spreadsheets import inert
from tocsin.reports.workbook_looks import Looks

CONTENTS, TABLES, FIGURES = "Contents", "Tables", "Figures"
_A4 = 9
# A footer has room for 255 characters, codes included, and an ampersand takes two.
_FOOTER = 180


@dataclass(frozen=True)
class Pages:
    """Makes the sheets of one workbook."""

    book: Workbook
    looks: Looks
    document: Document

    def bare(self, name: str) -> Worksheet:
        """An empty sheet that prints with the report, the sheet and the page below."""
        sheet = self.book.add_worksheet(name)
        set_up(sheet, f"{self.document.title}, run {self.document.run.run_id}")
        return sheet

    def titled(self, name: str, title: str) -> Worksheet:
        """The same with its title, and below it the way back, which says of which report this is."""
        sheet = self.bare(name)
        sheet.write_string(0, 0, inert(title), self.looks.look("title"))
        self.back(sheet, 1, 0, f"Contents: {self.document.title}, {self.document.state.words.lower()}")
        return sheet

    def back(self, sheet: Worksheet, row: int, column: int, text: str, look: str = "back") -> None:
        """A link to the contents."""
        self.looks.link(sheet, (row, column), text, (CONTENTS, 0), tip="Back to the contents", look=look)


def set_up(sheet: Worksheet, said: str) -> None:
    """How a sheet is seen and printed: without grid, on landscape A4, its columns on one page; below what it is of, sheet and page."""
    sheet.hide_gridlines(2)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{said[:_FOOTER].replace('&', '&&')}&C&8&A&R&8Page &P of &N")
    # "2.2" is the name of a Service Request Variant, and a value with all its digits is longer than a number: no green corners.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
