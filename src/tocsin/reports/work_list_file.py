"""A work list as a file that a person opens: CSV, or a workbook with one native table."""

import csv
import io

import xlsxwriter

from tocsin.reports.spreadsheets import inert
from tocsin.reports.work_list_rows import Made
from tocsin.reports.workbook_looks import Looks
from tocsin.reports.workbook_names import columns_apart
from tocsin.reports.workbook_page import set_up
from tocsin.reports.workbook_widths import height_of, lines_of
from tocsin.vocabulary.calendar import moment

_WIDEST = 60


def list_csv(made: Made) -> str:
    """RFC 4180, UTF-8; a text that a spreadsheet would run is made inert."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(made.headings)
    writer.writerows([inert(cell) if isinstance(cell, str) else cell for cell in row] for row in made.rows)
    return out.getvalue()


def list_workbook(made: Made, run_id: str, made_at: int) -> bytes:
    """One sheet: the title, which run it is of, and the rows as a table that can be filtered. The same run gives the same bytes."""
    out = io.BytesIO()
    as_text = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, {"in_memory": True, **as_text})
    book.set_properties({"title": inert(made.of.title), "author": "tocsin", "created": moment(made_at).replace(tzinfo=None)})
    looks = Looks(book)
    sheet = book.add_worksheet("Work list")
    set_up(sheet, f"{made.of.title}, run {run_id}")
    sheet.write_string(0, 0, inert(made.of.title), looks.look("title"))
    sheet.write_string(1, 0, inert(f"{made.of.sentence} Run {run_id}."))
    columns = enumerate(made.headings)
    widths = [min(_WIDEST, max(len(heading) + 5, 0, *(len(str(row[n])) + 2 for row in made.rows))) for n, heading in columns]
    for n, width in enumerate(widths):
        sheet.set_column(n, n, width)
    if made.rows:
        look = looks.look("words_heading")
        headers = [{"header": heading, "header_format": look} for heading in columns_apart(map(inert, made.headings))]
        style = {"columns": headers, "style": "Table Style Light 1", "name": "Work_list", "title": made.of.title}
        sheet.add_table(3, 0, 3 + len(made.rows), len(headers) - 1, style)
    else:
        sheet.write_string(3, 0, "Nothing to do: the list is empty.")
    for down, row in enumerate(made.rows, start=4):
        for across, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(down, across, cell, looks.whole)
            else:
                sheet.write_string(down, across, inert(cell), looks.look("words"))
        lines = max(lines_of(str(cell), width) for cell, width in zip(row, widths, strict=True))
        if lines > 1:
            sheet.set_row(down, height_of(lines))
    sheet.freeze_panes(4, 1)
    sheet.repeat_rows(3)
    book.close()
    return out.getvalue()
