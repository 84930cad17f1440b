"""Text that a spreadsheet will not run: what begins like a formula is written with an apostrophe before it (CSV injection, CWE-1236).

And numbers as it keeps them: which cells of a table are numbers at all.
"""

import re

from tocsin.reports.blocks import Cell, Shown

# Pounds are shown with their thousands set apart, differences with their sign; a cell holds the number.
_NUMBER = re.compile(r"[-+\u2212]?[0-9]+(,[0-9]{3})*(\.[0-9]+)?")
# Excel keeps fifteen digits: a longer number is written as the text that it is.
_DIGITS = 15

# Tab and carriage return as well: a spreadsheet may skip them and read on.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def digits_of(cell: Cell) -> str | None:
    """The digits of a cell that is a number; None for words, and for a number longer than a spreadsheet keeps."""
    if isinstance(cell, int):
        return str(cell) if abs(cell) < 10**_DIGITS else None
    if isinstance(cell, Shown) and _NUMBER.fullmatch(cell.text):
        digits = cell.text.replace(",", "").replace("\u2212", "-").lstrip("+")
        return digits if len(digits.replace(".", "").lstrip("-0")) <= _DIGITS else None
    return None
