"""JSON objects, one a line, under the eyes of the kernels: the values of the wanted keys, and which lines are doubtful."""

from itertools import compress

import numpy as np

from tocsin.engines.compiled.cut_lines import CutLines, Places
from tocsin.engines.compiled.kernels.objects import FIRST, MOST_WRITTEN, UNKNOWN, cut_objects
from tocsin.engines.compiled.plan import Plan
from tocsin.engines.json_rows import JsonRows

# A key with its punctuation that is longer than eight times as many bytes is looked at anew in every line.
_EIGHTS = 8


class CutObjects(CutLines):
    """Lines that were cut, each a flat JSON object: its cells are the values of the keys that the Shape asks for."""

    def __init__(self, plan: Plan, objects: JsonRows) -> None:
        super().__init__(plan)
        self.objects = objects
        names = [name.encode() for name in objects.columns]
        self.names = np.frombuffer(b"".join(names) or b" ", np.uint8)
        self.name_ends = np.cumsum([len(name) for name in names]).astype(np.int32)
        self.met_on, self.seen = np.empty(len(names), np.int32), np.zeros(len(names), np.bool_)
        # The order of keys is what it was in the line before, mostly.
        self.written = np.zeros((MOST_WRITTEN, 2 * _EIGHTS), np.uint64)
        self.sizes, self.wanted = np.zeros(MOST_WRITTEN, np.int32), np.full(MOST_WRITTEN, -1, np.int32)
        self.follows, self.used = np.full(MOST_WRITTEN, UNKNOWN, np.int32), np.full(1, FIRST, np.int64)

    def _make_room(self, rows: int) -> None:
        self.begins, self.of, self.line_stops = (np.empty(rows, np.int32) for _ in range(3))
        self.starts, self.stops = np.empty((self.plan.width, rows), np.int32), np.empty((self.plan.width, rows), np.int32)

    def _cut(self) -> tuple[int, int, int, bool]:
        keys = (self.names, self.name_ends, self.written, self.sizes, self.wanted, self.follows, self.used)
        made = (self.starts, self.stops, self.begins, self.line_stops, self.of, self.odd, self.met_on, self.seen)
        rows, odd, lines = cut_objects(self.text, self.size, self.objects.longest, *keys, *made)
        self.objects.seen.update(compress(self.objects.columns, self.seen))
        return rows, odd, lines, False

    def _ends(self) -> Places:
        return self.line_stops[: self.rows]

    def _column(self, place: int) -> tuple[Places, Places]:
        return self.starts[place, : self.rows], self.stops[place, : self.rows]
