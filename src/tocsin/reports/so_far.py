"""How complete a figure is, as cells: the files in of those owed, and what is there of an incomplete one (decision 0008)."""

from tocsin.measuring.figures import Figure
from tocsin.reports.blocks import Cell, Shown, briefly
from tocsin.reports.wording import number


def so_far(figure: Figure) -> Cell:
    """A figure for a cell with room: of an incomplete one its number so far, which is no value and so is set as no number."""
    if not figure.so_far:
        return briefly(figure)
    told = number(int(figure.so_far)) if figure.unit == "count" else figure.so_far
    return Shown(f"{told} so far", figure.unit, False)


def files_in(figure: Figure) -> str:
    """How many of the files a figure rests on are in, of those owed."""
    return f"{number(figure.filled)} of {number(figure.expected)}" if figure.expected else "none owed"
