"""What every sheet of a workbook has: a title, a way back to the contents, panes that stay, and a page that prints with its headings."""

from dataclasses import dataclass

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.document import Document
from tocsin.reports.spreadsheets import inert
from tocsin.reports.workbook_looks import Looks

CONTENTS, TABLES, FIGURES = "Contents", "Tables", "Figures"
_A4 = 9
# A footer has room for 255 characters, codes included.
_FOOTER = 200


@dataclass(frozen=True)
class Pages:
    """Makes the sheets of one workbook."""

    book: Workbook
    looks: Looks
    document: Document

    def bare(self, name: str) -> Worksheet:
        """An empty sheet that prints on landscape A4, as many pages as it is long, with the report, the sheet and the page below."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        said = f"{self.document.title}, run {self.document.run.run_id}"[:_FOOTER].replace("&", "&&")
        sheet.set_footer(f"&L&8{said}&C&8&A&R&8Page &P of &N")
        # "2.2" is the name of a Service Request Variant, and a value with all its digits is longer than a number: no green corners.
        sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
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
