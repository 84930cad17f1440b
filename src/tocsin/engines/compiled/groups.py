"""Rows of Arrow batches to one row a group: the least, greatest or sum of what its rows tell (docs/decisions/0018).

Rows of a key lie near one another in time, so most groups are whole within a stretch of rows: the groups of a stretch are few enough for a
core's cache, and what stretches told of one key is put together at the end. DuckDB's own grouping is the definition, and does whatever is
not done here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import number_array
from tocsin.engines.compiled.arrow_cells import NO_BITS, NO_NUMBERS, NotGroupedHere, Words, numbers_of, validity_of
from tocsin.engines.compiled.kernels import groups as kernels

How = Literal["min", "max", "sum"]

# Rows looked at in one go, and groups of one stretch: what a column holds of them stays in a core's cache.
ROWS = 1 << 16
GROUPS = 1 << 17
# Groups set aside before those of one key are put together for the first time; later, when there are three times as many as were left.
ASIDE = 1 << 22
# Ranges of keys that are put together one after another: of some million groups a range is for a core's cache again. Each is let go once
# it was given.
RANGES = 32

_HOW = {"min": kernels.LEAST, "max": kernels.GREATEST, "sum": kernels.SUM}


@dataclass(frozen=True)
class Aggregate:
    """What is asked of the rows' column `value`; `names` is what it is called among the groups.

    With `place`, a column of small whole numbers, `names[i]` is of the rows whose place is i; NULL and other places are of no name.
    """

    names: tuple[str, ...]
    value: str
    how: How
    place: str | None = None
    is_word: bool = False

    @property
    def none(self) -> int:
        """What a group holds that no row has told a value."""
        if self.is_word:
            return kernels.NO_WORD
        return int(kernels.HIGHEST if self.how == "min" else kernels.LOWEST)


@dataclass(frozen=True)
class _Part:
    """Some groups: the keys of each, and what they hold, a row a name."""

    keys: NDArray[np.int64]
    held: NDArray[np.int64]


class _Table:
    """Groups by their keys, with room for so many."""

    def __init__(self, keys: int, nones: NDArray[np.int64], room: int) -> None:
        self.nones = nones[:, None]
        self.slots = np.full(1 << (2 * room - 1).bit_length(), -1, np.int32)
        self.keys = np.empty((keys, room), np.int64)
        self.held = np.repeat(self.nones, room, axis=1)
        self.count = 0

    def room(self) -> int:
        return self.keys.shape[1] - self.count

    def numbered(self, keys: Sequence[NDArray[np.int64]]) -> NDArray[np.uint32]:
        """The number of the group of each row of these keys."""
        numbers = np.empty(len(keys[0]), np.uint32)
        second = keys[1] if len(keys) > 1 else NO_NUMBERS
        self.count = kernels.grouped(keys[0], second, self.slots, self.keys, self.count, numbers)
        return numbers

    def part(self) -> _Part:
        """What the table holds."""
        return _Part(self.keys[:, : self.count], self.held[:, : self.count])

    def empty(self) -> None:
        self.held[:, : self.count] = self.nones
        self.slots.fill(-1)
        self.count = 0


class Groups:
    """Rows taken in, batch by batch; then the groups, once. Memory is by the groups, however many rows there are."""

    def __init__(self, keys: Sequence[str], aggregates: Sequence[Aggregate]) -> None:
        self.keys = tuple(keys)
        self.aggregates = tuple(aggregates)
        self._words = [Words() if aggregate.is_word else None for aggregate in aggregates]
        # The rows of `held` that an aggregate fills.
        ends = np.cumsum([len(aggregate.names) for aggregate in aggregates]).tolist()
        self._columns = [slice(end - len(aggregate.names), end) for aggregate, end in zip(aggregates, ends, strict=True)]
        nones = [aggregate.none for aggregate in aggregates for _ in aggregate.names]
        self._nones = np.array(nones, np.int64)
        self._table = self._new_table(GROUPS)
        # Parts by ranges of their first keys, and the bounds between those.
        self._aside: list[list[_Part]] = []
        self._bounds = NO_NUMBERS
        # How many groups were set aside, those of one key as often as they were.
        self.aside_count, self._most_aside = 0, ASIDE

    @property
    def schema(self) -> pa.Schema:
        """The columns of the groups: keys, then names in the order of their aggregates."""
        word = pa.dictionary(pa.int32(), pa.string())
        return pa.schema(
            [
                *((key, pa.int64()) for key in self.keys),
                *((name, word if aggregate.is_word else pa.int64()) for aggregate in self.aggregates for name in aggregate.names),
            ]
        )

    def take(self, batch: pa.RecordBatch) -> None:
        """Take rows in. Raises NotGroupedHere."""
        for start in range(0, batch.num_rows, ROWS):
            self._take(batch.slice(start, ROWS))

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The groups, one row each, in no order; what was given is no longer held here. One batch at least. Raises NotGroupedHere for a
        sum without room.
        """
        self._set_aside()
        if not self._aside:
            yield self._batch(self._table.part())
        while self._aside:
            yield self._batch(self._together(self._aside.pop()))

    def _new_table(self, room: int) -> _Table:
        return _Table(len(self.keys), self._nones, room)

    def _take(self, rows: pa.RecordBatch) -> None:
        if self._table.room() < rows.num_rows:
            self._set_aside()
        values: dict[str, NDArray[np.int64]] = {}
        places: dict[str | None, NDArray[np.int64]] = {None: NO_NUMBERS}
        for key in self.keys:
            if rows.column(key).null_count:
                raise NotGroupedHere(f"a row without {key}")
        groups = self._table.numbered([numbers_of(rows.column(key)) for key in self.keys])
        for aggregate, words, columns in zip(self.aggregates, self._words, self._columns, strict=True):
            column = rows.column(aggregate.value)
            if column.null_count == len(column):
                continue
            bits, offset = validity_of(column)
            how, held = _HOW[aggregate.how], self._table.held[columns]
            if words is not None:
                kernels.worded(how, groups, words.numbered(column), bits, offset, *words.table, held[0])
                continue
            if aggregate.value not in values:
                values[aggregate.value] = numbers_of(column)
            if aggregate.place not in places:
                places[aggregate.place] = numbers_of(rows.column(aggregate.place), hole=-1)
            if not kernels.gathered(how, groups, places[aggregate.place], values[aggregate.value], bits, offset, held):
                raise NotGroupedHere(f"{aggregate.how} of {aggregate.value} at the end of 64 bits")

    def _set_aside(self) -> None:
        if not self._table.count:
            return
        firsts = self._table.keys[0, : self._table.count]
        if not self._aside:
            self._bounds = _bounds(firsts)
            self._aside = [[] for _ in range(len(self._bounds) + 1)]
        order = np.argsort(firsts)
        cuts = np.searchsorted(firsts[order], self._bounds)
        for parts, rows in zip(self._aside, np.split(order, cuts), strict=True):
            parts.append(_Part(_picked(self._table.keys, rows), _picked(self._table.held, rows)))
        self.aside_count += self._table.count
        self._table.empty()
        if self.aside_count > self._most_aside:
            # Rows of one key lie far apart: without this, memory would go by the rows.
            self._aside = [[self._together(parts)] for parts in self._aside]
            self.aside_count = sum(parts[0].keys.shape[1] for parts in self._aside)
            self._most_aside = max(ASIDE, 3 * self.aside_count)

    def _together(self, parts: Sequence[_Part]) -> _Part:
        """What was set aside of one range of keys, each key once."""
        if len(parts) == 1:
            return parts[0]
        keys = np.concatenate([part.keys for part in parts], axis=1)
        told = np.concatenate([part.held for part in parts], axis=1)
        # As the rows' own columns are, for which the kernels are compiled.
        keys.flags.writeable = told.flags.writeable = False
        table = self._new_table(keys.shape[1])
        groups = table.numbered(list(keys))
        for aggregate, words, columns in zip(self.aggregates, self._words, self._columns, strict=True):
            how = _HOW[aggregate.how]
            for column in range(columns.start, columns.stop):
                held = table.held[column]
                if words is not None:
                    kernels.worded(how, groups, told[column], NO_BITS, 0, *words.table, held)
                elif not kernels.merged(how, groups, told[column], held):
                    raise NotGroupedHere(f"{aggregate.how} of {aggregate.value} at the end of 64 bits")
        return table.part()

    def _batch(self, part: _Part) -> pa.RecordBatch:
        cells = [number_array(keys) for keys in part.keys]
        for aggregate, words, columns in zip(self.aggregates, self._words, self._columns, strict=True):
            for column in range(columns.start, columns.stop):
                held = part.held[column]
                cells.append(words.array(held) if words is not None else number_array(held, held != aggregate.none))
        return pa.RecordBatch.from_arrays(cells, schema=self.schema)


def _picked(table: NDArray[np.int64], columns: NDArray[np.int64]) -> NDArray[np.int64]:
    made = np.empty((len(table), len(columns)), np.int64)
    kernels.picked(table, columns, made)
    return made


def _bounds(keys: NDArray[np.int64]) -> NDArray[np.int64]:
    """Keys between which as many groups lie, about; a key stands behind the bound that it is."""
    tried = np.sort(keys[:: max(1, len(keys) // (16 * RANGES))])
    return np.unique(tried[np.arange(1, RANGES) * len(tried) // RANGES])
