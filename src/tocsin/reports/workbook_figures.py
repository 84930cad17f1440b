"""The sheet of a workbook that holds every figure with every field, as figures.csv does, one flat table from the first row on."""

from collections.abc import Iterable, Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Shown
from tocsin.reports.figure_files import FIGURES as ROWS
from tocsin.reports.figure_files import Row, figure_row
from tocsin.reports.spreadsheets import digits_of, inert
from tocsin.reports.workbook_looks import Looks
from tocsin.reports.workbook_page import FIGURES, Pages

_WIDTHS = {"name": 60, "indicator": 20, "breakdown": 36, "value": 32, "shown": 14, "marks": 22, "predicate": 44, "so_far": 22}
_WIDTH = 13
# A figure in words or as a number, whichever it is; `value` has more digits than a number of a sheet and stays text.
_NUMBERS = frozenset({"shown", "target", "minimum"})


def write_figures(pages: Pages, figures: Iterable[Figure]) -> None:
    """The sheet; a cell is empty where a figure has no such number, and `shown` and `status` say why."""
    rows = [figure_row(figure) for figure in figures]
    sheet = pages.bare(FIGURES)
    titles = [title for title, _ in ROWS.columns]
    if rows:
        headers = [{"header": title, "header_format": pages.looks.look("words_heading")} for title in titles]
        style = {"columns": headers, "style": "Table Style Light 1", "name": FIGURES, "title": "Every figure of the run"}
        sheet.add_table(0, 0, len(rows), len(titles) - 1, style)
    for across, title in enumerate(titles):
        sheet.set_column(across, across, _WIDTHS.get(title, _WIDTH))
        sheet.write_string(0, across, title, pages.looks.look("words_heading"))
    # The headings are the first row, for whatever reads tables out of workbooks: so the first of them leads back.
    pages.back(sheet, 0, 0, titles[0], "linked_heading")
    _write(sheet, pages.looks, rows, [title in _NUMBERS for title in titles])
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)


def _write(sheet: Worksheet, looks: Looks, rows: Sequence[Row], may_be_numbers: Sequence[bool]) -> None:
    # Half a million cells of a national month: what is asked again of each is asked once, and the same words are looked at once.
    whole, write_number, write_string = looks.whole, sheet.write_number, sheet.write_string
    numbers: dict[str, tuple[float, Format] | None] = {}
    for down, row in enumerate(rows, start=1):
        for across, cell in enumerate(row):
            if isinstance(cell, int):
                if digits_of(cell) is None:
                    write_string(down, across, str(cell))
                else:
                    write_number(down, across, cell, whole)
            elif cell:
                if may_be_numbers[across]:
                    if cell not in numbers:
                        numbers[cell] = _number(looks, cell)
                    if (number := numbers[cell]) is not None:
                        write_number(down, across, *number)
                        continue
                write_string(down, across, inert(cell))


def _number(looks: Looks, words: str) -> tuple[float, Format] | None:
    """The number that words are, and how it looks; None where they say why there is none."""
    digits = digits_of(Shown(words, "", True))
    return None if digits is None else (float(digits), looks.places(digits, words))
