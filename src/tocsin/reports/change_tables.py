"""A divided change as the lines of its tables: the cells that carry most by name, the rest in one line, all of it adding up as printed."""

from collections.abc import Mapping, Sequence

from tocsin.measuring.contribution import NOTHING, Counts, Part, adding_up, parts_of_change, together, written
from tocsin.measuring.shares import rounded
from tocsin.measuring.tally import Breakdown
from tocsin.reports.change_parties import Told
from tocsin.reports.frozen_changes import CellLine, SplitLine

PLACES = 3
# How many cells a table names, and how many values of one column alone.
MOST_CELLS, MOST_VALUES = 6, 3

Cells = Mapping[Breakdown, Counts]


def told_lines(columns: tuple[str, ...], cells: tuple[Cells, Cells], told: Told, alone: Sequence[str]) -> SplitLine:
    """A change divided over the cells that may be told, and over each of the columns `alone` by itself.

    `cells` are those of the month before and of this one, with every column; they are merged to a column's values, which name no party
    unless the column does.
    """
    parts = parts_of_change(told.before, told.now)
    if not parts:
        return SplitLine(why="The change cannot be divided: in one of the two months nothing was counted.")
    whole = together(parts)
    # Rounded once: every table below adds up to these.
    rate, volume = adding_up([whole.rate, whole.volume], PLACES)
    return SplitLine(
        columns=columns,
        whole=_cell_line(whole, rate, volume, len(parts)),
        lines=_lines(parts, MOST_CELLS, (rate, volume)),
        rolled_up=told.rolled_up,
        alone=tuple(line for column in alone if len(columns) > 1 for line in _by_column(column, cells)),
    )


def _by_column(column: str, cells: tuple[Cells, Cells]) -> tuple[CellLine, ...]:
    """The change divided by one column alone. Its parts by rate and by volume are not those of finer cells; their sum is."""
    merged = [_merged(of, column) for of in cells]
    parts = parts_of_change(merged[0], merged[1])
    whole = together(parts)
    rate, volume = adding_up([whole.rate, whole.volume], PLACES)
    return tuple(_lines(parts, MOST_VALUES, (rate, volume), ((column, ""),)))


def _lines(parts: Sequence[Part], most: int, whole: tuple[int, int], rest_of: Breakdown = ()) -> tuple[CellLine, ...]:
    """The cells that carry most, those alone that carry any of it; the rest in one line, under its own name where it is one cell."""
    moved = [part for part in parts if part.rate or part.volume] or parts
    named = list(moved if len(moved) <= most + 1 else moved[:most])
    rest = [part for part in parts if part not in named]
    if len(rest) == 1:
        named, rest = [*named, *rest], []
    lines = [*named, *([together(rest)] if rest else [])]
    rates, volumes = adding_up([one.rate for one in lines], PLACES, whole[0]), adding_up([one.volume for one in lines], PLACES, whole[1])
    return tuple(
        _cell_line(part, rates[n], volumes[n], len(rest) if n == len(named) else 1, rest_of if n == len(named) else part.cell)
        for n, part in enumerate(lines)
    )


def _cell_line(part: Part, rate: int, volume: int, cells: int, cell: Breakdown = ()) -> CellLine:
    return CellLine(
        cell=cell,
        counted_before=part.before.counted,
        met_before=part.before.met,
        counted=part.after.counted,
        met=part.after.met,
        rate_effect=written(rate, PLACES),
        volume_effect=written(volume, PLACES),
        effect=written(rate + volume, PLACES),
        rate_before=_rate(part.before),
        rate=_rate(part.after),
        told="" if part.before.counted and part.after.counted else "new" if part.after.counted else "gone",
        cells=cells,
    )


def _rate(counts: Counts) -> str:
    return rounded(counts.rate, 2) if counts.counted else "n/a (0 events)"


def _merged(cells: Cells, column: str) -> dict[Breakdown, Counts]:
    found: dict[Breakdown, Counts] = {}
    for cell, counts in cells.items():
        value = tuple(one for one in cell if one[0] == column)
        found[value] = found.get(value, NOTHING) + counts
    return found
