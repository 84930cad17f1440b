"""A work list as a file that a person opens: CSV, or a workbook with one native table."""

import csv
import io

import xlsxwriter

from tocsin.reports.spreadsheets import inert
from tocsin.reports.work_list_rows import Made
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
    book.set_properties({"title": made.of.title, "author": "tocsin", "created": moment(made_at).replace(tzinfo=None)})
    sheet = book.add_worksheet("Work list")
    sheet.write_string(0, 0, made.of.title, book.add_format({"bold": True, "font_size": 14}))
    sheet.write_string(1, 0, f"{made.of.sentence} Run {run_id}.")
    if made.rows:
        headers = [{"header": heading} for heading in made.headings]
        sheet.add_table(3, 0, 3 + len(made.rows), len(headers) - 1, {"columns": headers, "style": "Table Style Light 1"})
    else:
        sheet.write_string(3, 0, "Nothing to do: the list is empty.")
    for down, row in enumerate(made.rows, start=4):
        for across, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(down, across, cell)
            else:
                sheet.write_string(down, across, inert(cell))
    for across, heading in enumerate(made.headings):
        widest = max([len(heading) + 4, *(len(str(row[across])) + 2 for row in made.rows)])
        sheet.set_column(across, across, min(_WIDEST, widest))
    sheet.freeze_panes(4, 1)
    book.close()
    return out.getvalue()
