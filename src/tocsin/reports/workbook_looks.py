"""How the cells of a workbook look: numbers with the places that the report prints, statuses in words and colour, holes as words."""

from functools import cached_property
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from tocsin.reports.blocks import Cell, Column, Link, Status
from tocsin.reports.spreadsheets import digits_of, inert
from tocsin.reports.wording import tone_of
from tocsin.reports.workbook_layout import Layout
from tocsin.reports.workbook_widths import text_of

_QUIET, _LINK = "#52606D", "#0B5394"
# The colours of the page; the word beside each says the same.
TONES = {"good": "#1B6E53", "warn": "#8A5A00", "bad": "#A3262A", "quiet": _QUIET}
_NUMBERS = frozenset({"whole", "figure"})


class Looks:
    """The formats of one workbook, made when first needed, and the cells that carry them."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[str, Format] = {}
        self._numbers: dict[tuple[int, bool, bool], Format] = {}

    def look(self, name: str) -> Format:
        """One of the looks below by its name; `wrapped_` before it for words that are set in several lines."""
        if name not in self._made:
            wrapped = {"text_wrap": True} if name.startswith("wrapped_") else {}
            self._made[name] = self._book.add_format({**_LOOKS[name.removeprefix("wrapped_")], **wrapped})
        return self._made[name]

    @cached_property
    def whole(self) -> Format:
        """A whole number, its thousands set apart."""
        return self._book.add_format({**_NUMBER, "num_format": "#,##0"})

    def places(self, digits: str, text: str) -> Format:
        """The places that a figure is printed with, its thousands set apart where the report does; of a difference also its sign."""
        key = len(digits.partition(".")[2]), not text[:1].isdigit(), "," in text
        if key not in self._numbers:
            places, is_signed, has_thousands = key
            form = ("#,##0" if has_thousands else "0") + ("." + "0" * places if places else "")
            form = f"+{form};\N{MINUS SIGN}{form};{form}" if is_signed else form
            self._numbers[key] = self._book.add_format({**_NUMBER, "num_format": form})
        return self._numbers[key]

    def heading(self, column: Column, is_filtered: bool) -> Format:
        """The heading of a column: over numbers on the right, with room for the button of a filter."""
        return self.look("words_heading" if column.kind not in _NUMBERS else "filtered_heading" if is_filtered else "numbers_heading")

    def cell(self, on: Worksheet, at: tuple[int, int], cell: Cell, kind: str, layout: Layout) -> str:
        """Write a cell of a column of that kind: a number as a number, everything else as text that no spreadsheet runs.

        Gives the words that may be wrapped; none of a number.
        """
        if (digits := digits_of(cell)) is not None:
            # A sheet's own number is binary: the double nearest to at most fifteen digits, and read back the same digits.
            on.write_number(*at, float(digits), self.whole if isinstance(cell, int) else self.places(digits, text_of(cell)))
            return ""
        text = text_of(cell)
        if isinstance(cell, Link) and (to := layout.to(cell)) is not None:
            self.link(on, at, text, to)
        else:
            look = tone_of(cell.name) if isinstance(cell, Status) else "hole" if kind in _NUMBERS else "code" if kind == "code" else "words"
            on.write_string(*at, inert(text), self.look(look))
        return text

    def link(self, on: Worksheet, at: tuple[int, int], text: str, to: tuple[str, int], *, tip: str = "", look: str = "link") -> None:
        """Words that lead to a sheet of this workbook and a row of it."""
        sheet, row = to
        on.write_url(*at, f"internal:{quote_sheetname(sheet)}!A{row + 1}", self.look(look), inert(text), tip or None)


# A step away from the words of the next column.
_NUMBER: dict[str, Any] = {"valign": "top", "align": "right", "indent": 1}
_HEADING: dict[str, Any] = {"valign": "bottom", "text_wrap": True, "bold": True, "bg_color": "#E9EDF1", "bottom": 1, "bottom_color": _QUIET}
_LOOKS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16},
    "month": {"font_size": 13, "font_color": _QUIET},
    "heading": {"bold": True, "font_size": 13},
    "caption": {"bold": True},
    "prose": {"valign": "top"},
    "warning": {"valign": "top", "bold": True, "font_color": TONES["warn"]},
    "aside": {"valign": "top", "italic": True, "font_color": _QUIET},
    "label": {"valign": "top", "bold": True},
    "back": {"font_color": _LINK, "underline": 1},
    "link": {"valign": "top", "text_wrap": True, "font_color": _LINK, "underline": 1},
    "part": {"valign": "top", "font_color": _LINK, "underline": 1, "indent": 2},
    "linked_heading": {**_HEADING, "font_color": _LINK, "underline": 1},
    "words": {"valign": "top", "text_wrap": True},
    "code": {"valign": "top", "text_wrap": True, "font_name": "Consolas", "font_size": 10},
    "hole": {**_NUMBER, "text_wrap": True, "font_color": _QUIET},
    "words_heading": _HEADING,
    "numbers_heading": {**_HEADING, "align": "right", "indent": 1},
    "filtered_heading": {**_HEADING, "align": "right", "indent": 2},
    **{tone: {"valign": "top", "bold": True, "font_color": colour} for tone, colour in TONES.items()},
}
