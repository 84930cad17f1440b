"""How wide the columns of a sheet are and how high its rows of wrapped words, counted in characters as Excel counts widths.

All tables of a sheet share its columns. A number is never cut (Excel would print ####), a name keeps to one line, sentences wrap; where
the column is one of numbers in another table of the sheet, they wrap sooner.
"""

import re
from collections.abc import Iterable, Sequence

from tocsin.reports.blocks import Cell, Column, Link, Shown, Status, Table

NARROWEST, UNTOLD = 9.0, 8.43
LINE_PT, _HIGHEST_PT = 15.0, 405.0
_WORDS, _FIRST, _BESIDE_NUMBERS = 60, 44, 32
# Around the words of a cell, and as much again on the right of a number; the button of a filter.
_AROUND, _BUTTON = 2, 3
# Words are set across so many characters, and so many columns at most.
_MEASURE, _MOST_COLUMNS = 110.0, 14
_NUMBERS = frozenset({"whole", "figure"})


def text_of(cell: Cell) -> str:
    """What stands in a cell, as text."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int):
        return f"{cell:,}"
    return cell.words if isinstance(cell, Status) else cell.text


def widths_of(tables: Iterable[tuple[Table, bool]]) -> list[float]:
    """The widths of a sheet's columns from the left; with each table whether its headings carry the button of a filter."""
    needs: list[float] = []
    long: dict[int, float] = {}
    of_numbers: set[int] = set()
    for table, has_buttons in tables:
        needs += [NARROWEST] * (len(table.columns) - len(needs))
        for n, column in enumerate(table.columns):
            room = _AROUND + _BUTTON * has_buttons
            title = max(_longest_word(column.title), -(-len(column.title) // 3)) + room
            if column.kind in {*_NUMBERS, "status"}:
                of_numbers.add(n)
                needs[n] = max(needs[n], title, max((_number_width(row[n]) for row in table.rows), default=0) + 2 * _AROUND)
            else:
                needs[n] = max(needs[n], title)
                longest = max((len(text_of(row[n])) for row in table.rows), default=0) + _AROUND
                long[n] = max(long.get(n, 0), longest)
    for n, length in long.items():
        most = _FIRST if n == 0 else _BESIDE_NUMBERS if n in of_numbers else _WORDS
        needs[n] = max(needs[n], min(most, length))
    return needs


def heading_height(columns: Sequence[Column], widths: Sequence[float], has_buttons: bool) -> float:
    """How high the headings of a table stand, in points."""
    room = _AROUND - 1 + _BUTTON * has_buttons
    return height_of(max(lines_of(column.title, width - room) for column, width in zip(columns, widths, strict=False)))


def across(widths: Sequence[float]) -> tuple[int, float]:
    """The last column that prose is set across, and how wide it is set."""
    width = 0.0
    for n in range(_MOST_COLUMNS):
        width += widths[n] if n < len(widths) else UNTOLD
        if width >= _MEASURE:
            break
    return n, width


def _number_width(cell: Cell) -> int:
    # Words in the place of a number may wrap between words.
    return len(text_of(cell)) if isinstance(cell, int | Status) or (isinstance(cell, Shown) and cell.is_number) else _of_hole(cell)


def _of_hole(cell: str | Shown | Link | Status) -> int:
    text = text_of(cell)
    return max(_longest_word(text), -(-len(text) // 2))


def _longest_word(text: str) -> int:
    # A unit keeps to the word before it: "p50, s", "Target, %".
    return max(map(len, re.split(r"(?<!,) | (?!\S{1,2}$)", text)), default=0)


def height_of(lines: int) -> float:
    """How high so many lines stand, in points; Excel has no row higher than 409."""
    return min(_HIGHEST_PT, lines * LINE_PT)


def lines_of(text: str, width: float) -> int:
    """Lines of text that is broken at blanks, and in the midst of a word that is longer than a line."""
    lines, used = 1, 0.0
    for word in text.split(" "):
        if used and used + 1 + len(word) > width:
            lines, used = lines + 1, 0.0
        used += len(word) + (used > 0)
        while used > max(width, 1.0):
            lines, used = lines + 1, used - max(width, 1.0)
    return lines
