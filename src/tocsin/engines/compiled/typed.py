"""The columns of the feed out of the cells of a stretch, by kind."""

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.engines.compiled.block import EMPTY, Words
from tocsin.engines.compiled.cut_lines import MARGIN, CutLines, Places
from tocsin.engines.compiled.dictionary import Dictionary
from tocsin.engines.compiled.kernels.keys import LONGEST, joined, keys
from tocsin.engines.compiled.kernels.lines import segmented
from tocsin.engines.compiled.kernels.numbers import decimals, required, stamps, wholes
from tocsin.engines.compiled.meanings import Meanings, array_kind
from tocsin.engines.compiled.plan import Keyed, Number, Part, Plan, Stamp, Treatment, Worded, is_as_received
from tocsin.engines.compiled.segments import Segment
from tocsin.engines.compiled.stamp_form import StampForm

Column = NDArray[Any]
Rows = NDArray[np.int64] | None
_LARGEST = 10**18 - 1


class Typed:
    """Reads the columns of one stretch after another; marks its doubtful lines. `rows` None stands for every line of it."""

    def __init__(self, plan: Plan, words: Words, cut: CutLines) -> None:
        self.plan, self.cut = plan, cut
        self.meanings = [Meanings(rule, words) for rule in plan.rules]
        self.dictionaries: dict[int, Dictionary] = {}
        self.clocks: dict[StampForm, NDArray[np.int64]] = {}
        self.may_be_empty = {column.name: column.may_be_empty for column in plan.columns}
        self.scratch = np.zeros(0, np.uint8)

    def begin(self) -> None:
        """Forget the stretch before."""
        self.numbers: dict[int, NDArray[np.int32]] = {}

    def part(self, part: Part, rows: Rows) -> dict[str, Column]:
        """All columns of the rows that a part makes."""
        columns = self.columns(part, part.treatments, rows)
        self.keyed(part, columns, rows)
        return columns

    def columns(self, part: Part, names: Collection[str], rows: Rows) -> dict[str, Column]:
        """Some columns of a part."""
        made = {}
        for name in names:
            odd = np.zeros(self.cut.rows if rows is None else len(rows), np.bool_)
            made[name] = self._column(part.treatments[name], rows, odd)
            is_own = self.plan.own_key is not None and name == self.plan.own_key[0]
            if not self.may_be_empty[name] and not is_own and not isinstance(part.treatments[name], Worded):
                required(made[name], odd)
            self._mark(rows, odd)
        return made

    def _mark(self, rows: Rows, odd: NDArray[np.bool_]) -> None:
        if rows is None:
            self.cut.is_odd |= odd
        else:
            self.cut.is_odd[rows[odd]] = True

    def _column(self, how: Treatment, rows: Rows, odd: NDArray[np.bool_]) -> Column:
        text = self.cut.text
        if isinstance(how, Worded):
            return self._worded(how, rows, odd)
        made = np.empty(len(odd), np.int64)
        if isinstance(how, Keyed):
            cells = [self._cells(place, rows) for place in how.places]
            parts = [self._segment(cell, part, odd) for cell, part in zip(cells, how.segments, strict=True)]
            self._keys(parts, how.separator, made, odd)
        elif isinstance(how, Number):
            wholes(text, *self._cells(how.place, rows), 1, -_LARGEST, _LARGEST, made, odd)
        elif how.form.unit:
            wholes(text, *self._cells(how.place, rows), how.form.unit, how.form.least, how.form.most, made, odd)
        else:
            form = how.form
            if form not in self.clocks:
                self.clocks[form] = form.clock
            layout = (form.place_array, form.literal_array, form.fraction, form.ending, form.utc, self.clocks[form], form.least, form.most)
            stamps(text, *self._cells(how.place, rows), *layout, made, odd)
        return made

    def _cells(self, place: int, rows: Rows) -> tuple[Places, Places]:
        starts, stops = self.cut.cells(place)
        return (starts, stops) if rows is None else (starts[rows], stops[rows])

    def _segment(self, cell: tuple[Places, Places], part: Segment | None, odd: Column) -> tuple[Places, Places]:
        if part is None:
            return cell
        begins, ends = np.empty_like(cell[0]), np.empty_like(cell[1])
        segmented(self.cut.text, *cell, part.parting, part.nth, begins, ends, odd)
        return begins, ends

    def _keys(self, cells: list[tuple[Places, Places]], separator: bytes, made: Column, odd: Column) -> None:
        text = self.cut.text
        if len(cells) == 1:
            keys(text, *cells[0], made, odd)
            return
        if len(self.scratch) < len(made) * LONGEST + MARGIN:
            self.scratch = np.zeros(len(made) * LONGEST + MARGIN, np.uint8)
        starts, stops = np.stack([one for one, _ in cells]), np.stack([one for _, one in cells])
        begins, ends = np.empty(len(made), np.int32), np.empty(len(made), np.int32)
        joined(text, starts, stops, np.frombuffer(separator, np.uint8), self.scratch, begins, ends, odd)
        keys(self.scratch, begins, ends, made, odd)

    def _worded(self, how: Worded, rows: Rows, odd: NDArray[np.bool_]) -> Column:
        meanings = self.meanings[how.rule]
        if how.place is None:
            value, is_wrong = meanings.constant
            odd |= is_wrong
            return np.full(len(odd), value, array_kind(meanings.rule.column.kind))
        numbers = self._numbers(how.place)
        return meanings.of(self.dictionaries[how.place], numbers if rows is None else numbers[rows], odd)

    def _numbers(self, place: int) -> NDArray[np.int32]:
        if place not in self.numbers:
            dictionary = self.dictionaries.setdefault(place, Dictionary())
            odd = np.zeros(self.cut.rows, np.bool_)
            self.numbers[place] = dictionary.numbered(self.cut.text, *self.cut.cells(place), odd)
            self._mark(None, odd)
        return self.numbers[place]

    def is_one_of(self, place: int, words: Collection[str]) -> NDArray[np.bool_]:
        """On which lines the cell, without blanks around it, is one of some words."""
        numbers = self._numbers(place)
        found = [word.strip() in words and word.strip() not in {"", *self.plan.shape.nulls} for word in self.dictionaries[place].since(0)]
        return np.array(found, np.bool_)[numbers] if found else np.zeros(0, np.bool_)

    def keyed(self, part: Part, columns: dict[str, Column], rows: Rows) -> None:
        """Give the rows without an identifier of their own the key that is made of other columns."""
        if self.plan.own_key is None:
            return
        name, of = self.plan.own_key
        lacking = np.flatnonzero(columns[name] == EMPTY)
        if not len(lacking):
            return
        odd, made = np.zeros(len(lacking), np.bool_), np.empty(len(lacking), np.int64)
        lines = lacking if rows is None else rows[lacking]
        cells = [self._key_cells(part.treatments[other], columns[other][lacking], lines) for other in of]
        if any(cell is None for cell in cells):
            odd[:] = True
        else:
            self._keys([cell for cell in cells if cell is not None], b":", made, odd)
        odd |= made == EMPTY
        columns[name][lacking] = made
        self.cut.is_odd[lines[odd]] = True

    def _key_cells(self, how: Treatment, values: Column, lines: NDArray[np.int64]) -> tuple[Places, Places] | None:
        """The texts of a column that rows are keyed by: its cells, of an instant its microseconds; None where they are made otherwise."""
        if isinstance(how, Stamp):
            starts, stops = np.empty(len(lines), np.int32), np.empty(len(lines), np.int32)
            decimals(values, self.cut.text, self.cut.size + MARGIN, starts, stops)
            return starts, stops
        if isinstance(how, Keyed) and how.segments == (None,):
            return self._cells(how.places[0], lines)
        if isinstance(how, Worded) and how.place is not None and is_as_received(self.plan.rules[how.rule].source):
            return self._cells(how.place, lines)
        return None
