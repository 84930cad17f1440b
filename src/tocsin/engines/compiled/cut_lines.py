"""Lines under the eyes of the kernels: its cells, column by column, and which lines are doubtful."""

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.kernels.lines import column, cut, emptied, foreign_lines
from tocsin.engines.compiled.plan import Plan

# About so many bytes of lines stay in a core's cache from kernel to kernel.
STRETCH = 1 << 20
# The kernels look at 64 bytes at a time, and at up to 128 from the beginning of a cell on.
MARGIN = 256
_ODD_AT_FIRST = 1024

Places = NDArray[np.int32]


class CutLines:
    """Lines that were cut; the same memory serves one stretch after another. `rows` lines have as many cells as the file has columns."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.text = np.zeros(0, np.uint8)
        self.odd = np.empty((_ODD_AT_FIRST, 3), np.int32)

    def take(self, lines: NDArray[np.uint8]) -> None:
        """Cut whole lines."""
        size = len(lines)
        # Behind the lines there is room for the stamps of rows that are keyed by them.
        rows = size // self.plan.width + 1
        if len(self.text) < size + MARGIN + 20 * rows:
            self.text = np.zeros(size + MARGIN + 20 * rows, np.uint8)
            self._make_room(rows)
        self.size = size
        self.text[:size] = lines
        self.text[size : size + MARGIN] = 0
        self.rows, odd, self.lines, is_foreign = self._cut()
        if odd > len(self.odd):
            self.odd = np.empty((odd, 3), np.int32)
            self._cut()
        self.miscut = self.odd[:odd]
        self.is_odd = np.zeros(self.rows, np.bool_)
        if is_foreign:
            foreign_lines(self.text, self.begins[: self.rows], self.ends[: self.rows], self.is_odd)
        self._cells: dict[int, tuple[Places, Places]] = {}

    def _make_room(self, rows: int) -> None:
        self.begins, self.of = np.empty(rows, np.int32), np.empty(rows, np.int32)
        self.ends = np.empty((rows, self.plan.width), np.int32)

    def _cut(self) -> tuple[int, int, int, bool]:
        found: tuple[int, int, int, bool] = cut(self.text, self.size, self.plan.delimiter, self.begins, self.ends, self.of, self.odd)
        return found

    def cells(self, place: int) -> tuple[Places, Places]:
        """Where the cells of a column begin and end; one that holds a null word ends where it begins."""
        if place not in self._cells:
            starts, stops = self._column(place)
            for word in self.plan.nulls:
                emptied(self.text, starts, stops, np.frombuffer(word, np.uint8))
            self._cells[place] = starts, stops
        return self._cells[place]

    def _column(self, place: int) -> tuple[Places, Places]:
        starts, stops = np.empty(self.rows, np.int32), np.empty(self.rows, np.int32)
        column(self.begins[: self.rows], self.ends[: self.rows], place, starts, stops)
        return starts, stops

    def _ends(self) -> Places:
        """Where the rows' lines end."""
        return self.ends[: self.rows, -1]

    def doubtful(self) -> list[tuple[int, bytes]]:
        """The lines not read here, from 0 and in order, with their bytes."""
        ends, rows = self._ends(), np.flatnonzero(self.is_odd)
        found = [(int(self.of[row]), int(self.begins[row]), int(ends[row])) for row in rows]
        told = sorted([*found, *((int(line), int(begin), int(end)) for line, begin, end in self.miscut)])
        return [(line, self.text[begin:end].tobytes()) for line, begin, end in told]
