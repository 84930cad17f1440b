"""How wide the columns of a printed table are: what their words need, measured by the typeface, so that no number is ever broken.

A column needs at least its longest word and at most its longest line. Where the lines of all fit the page each takes its own; else
short columns keep theirs and the long ones share what is left (and text gets smaller before a word is broken). A long narrow table is
set in two or three stretches beside each other, as an index is.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tocsin.reports.typefaces import width_em

# The type area of the page is 174 mm wide.
PAGE_PT = 493.2
SIZES_PT = (8.0, 7.5, 7.0, 6.5, 6.0)
# Around the words of a cell, left and right together, and above and below; the template says the same.
AROUND_PT = 7.0
INSET_PT = 7.2
GUTTER_PT = 14.0
# A shape and its distance before the word of a status; a hair for what rounding takes.
_SHAPE_EM = 1.06
_HAIR_PT = 0.6
# DejaVu Sans Mono at the size that the template sets code in: every character alike.
_CODE_EM = 0.51
# A column of words is not made a tower of single words while others have room.
_TOWER_EM = 6.0
# Numbers are narrow: where there is not room for all, their headings and holes give way before words do.
_NUMBER_SHARE = 0.6
_LINE_EM, _FIRST_LINE_EM = 1.16, 0.66
_TWO_FROM, _THREE_FROM = 12, 30


@dataclass(frozen=True)
class Words:
    """A column as it will be set: title, kind and texts (U+200B where a word may be broken), and what share of free room it takes."""

    title: str
    kind: str
    texts: Sequence[str]
    share: int = 1
    is_bold: bool = False


@dataclass(frozen=True)
class Widths:
    """Widths in points, text size in points, into how many stretches the rows are parted, and how high the table is about."""

    points: tuple[float, ...]
    size: float
    stretches: int
    height: float


def widths_of(columns: Sequence[Words]) -> Widths:
    """The widths of a table on the page of the report."""
    for size in SIZES_PT:
        least = [_least(column, size) for column in columns]
        if sum(least) <= PAGE_PT:
            break
    whole = [max(low, _whole(column, size)) for column, low in zip(columns, least, strict=True)]
    rows = len(columns[0].texts) if columns else 0
    if sum(whole) <= PAGE_PT:
        points = whole
        stretches = _stretches(sum(whole), rows)
    else:
        towers = [min(high, max(low, _TOWER_EM * size * (column.kind == "words")))
                  for column, low, high in zip(columns, least, whole, strict=True)]  # fmt: skip
        shares = [column.share if column.kind in {"words", "code"} else _NUMBER_SHARE for column in columns]
        points = _shared(towers if sum(towers) <= PAGE_PT else least, whole, shares)
        stretches = 1
    return Widths(tuple(round(point, 2) for point in points), size, stretches, _height(columns, points, size, stretches))


def _shared(least: Sequence[float], whole: Sequence[float], shares: Sequence[float]) -> list[float]:
    """Widths that fill the page: each its share of one level, but no less than it needs and no more than it could use."""

    def at(level: float) -> list[float]:
        return [min(high, max(low, level * share)) for low, high, share in zip(least, whole, shares, strict=True)]

    low, high = 0.0, PAGE_PT * 10
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if sum(at(middle)) < PAGE_PT else (low, middle)
    return at(low)


def _measure(column: Words, size: float) -> Callable[[str], float]:
    def measured(text: str) -> float:
        if column.kind == "code":
            return len(text) * _CODE_EM * size
        return width_em(text, is_bold=column.is_bold or column.kind == "status") * size

    return measured


def _beside(column: Words, size: float) -> float:
    return AROUND_PT + _HAIR_PT + (_SHAPE_EM * size if column.kind == "status" else 0)


def _least(column: Words, size: float) -> float:
    measured = _measure(column, size)
    # A status stands in one line: its shape belongs to its word.
    words = [word for text in set(column.texts) for word in ([text] if column.kind == "status" else _words(text))]
    title = max(width_em(word, is_bold=True) for word in column.title.split(" ")) * size
    return max([measured(word.replace("\u200b", "")) for word in words] + [title], default=0.0) + _beside(column, size)


def _whole(column: Words, size: float) -> float:
    measured = _measure(column, size)
    longest = max((measured(text.replace("\u200b", "")) for text in set(column.texts)), default=0.0)
    return max(longest, _in_two_lines(column.title) * size) + _beside(column, size)


def _words(text: str) -> list[str]:
    # As lines are broken: at blanks, at places given, and after a hyphen before a letter, never inside a date.
    return re.split(r"[ \u200b]|(?<=-)(?=[^\W\d])", text)


def _in_two_lines(title: str) -> float:
    """The narrowest width in which a title takes two lines; a title is no reason for a wide column."""
    words = title.split(" ")
    parts = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words) + 1))
    return min(max(width_em(one, is_bold=True), width_em(other, is_bold=True)) for one, other in parts)


def _stretches(width: float, rows: int) -> int:
    if rows >= _THREE_FROM and 3 * width + 2 * GUTTER_PT <= PAGE_PT:
        return 3
    return 2 if rows >= _TWO_FROM and 2 * width + GUTTER_PT <= PAGE_PT else 1


def _height(columns: Sequence[Words], points: Sequence[float], size: float, stretches: int) -> float:
    """About how high the table stands, heading and all: told to keep a small one on one page."""
    if not columns:
        return 0.0
    room = [(_measure(column, size), point - _beside(column, size)) for column, point in zip(columns, points, strict=True)]
    heights = []
    for row in zip(*(column.texts for column in columns), strict=True):
        lines = max(1 + int(measured(text) / max(free, 1.0)) for text, (measured, free) in zip(row, room, strict=True))
        heights.append(INSET_PT + (_FIRST_LINE_EM + (lines - 1) * _LINE_EM) * size)
    return (sum(heights) / stretches) + 2 * INSET_PT + 2 * size
