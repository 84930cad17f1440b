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
GROUPS = 1 << 18
# Groups set aside before those of one key are put together for the first time; later, when there are three times as many as were left.
ASIDE = 1 << 22

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
    """Groups in order of their first key: the keys of each, and what they hold, a row a name."""

    keys: NDArray[np.int64]
    held: NDArray[np.int64]

    @classmethod
    def of(cls, keys: NDArray[np.int64], held: NDArray[np.int64]) -> "_Part":
        """Groups, put in order."""
        order = np.argsort(keys[0])
        part = cls(np.take(keys, order, axis=1), np.take(held, order, axis=1))
        # As the rows' own columns are, for which the kernels are compiled.
        part.keys.flags.writeable = part.held.flags.writeable = False
        return part


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

    def emptied(self) -> _Part:
        """What the table held, in order."""
        part = _Part.of(self.keys[:, : self.count], self.held[:, : self.count])
        self.held[:, : self.count] = self.nones
        self.slots.fill(-1)
        self.count = 0
        return part


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
        self._aside: list[_Part] = []
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
        """The groups, one row each, in no order. Raises NotGroupedHere for a sum that has no room."""
        self._set_aside()
        for part in self._together():
            yield self._batch(part)

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
        self._aside.append(self._table.emptied())
        self.aside_count += self._aside[-1].keys.shape[1]
        if self.aside_count > self._most_aside:
            # Rows of one key lie far apart: without this, memory would go by the rows.
            self._aside = [_Part.of(part.keys, part.held) for part in self._together()]
            self.aside_count = sum(part.keys.shape[1] for part in self._aside)
            self._most_aside = max(ASIDE, 3 * self.aside_count)

    def _together(self) -> Iterator[_Part]:
        """What was set aside, each key once; one range of first keys after another."""
        firsts = [part.keys[0] for part in self._aside]
        bounds = _bounds(firsts, self.aside_count // GROUPS)
        cuts = [[0, *np.searchsorted(keys, bounds).tolist(), len(keys)] for keys in firsts]
        for at in range(len(bounds) + 1):
            stretches = [slice(cut[at], cut[at + 1]) for cut in cuts]
            table = self._new_table(sum(stretch.stop - stretch.start for stretch in stretches))
            for part, stretch in zip(self._aside, stretches, strict=True):
                self._merge(part, stretch, table)
            yield _Part(table.keys[:, : table.count], table.held[:, : table.count])

    def _merge(self, part: _Part, stretch: slice, table: _Table) -> None:
        groups = table.numbered(list(part.keys[:, stretch]))
        for aggregate, words, columns in zip(self.aggregates, self._words, self._columns, strict=True):
            how = _HOW[aggregate.how]
            for column in range(columns.start, columns.stop):
                told, held = part.held[column, stretch], table.held[column]
                if words is not None:
                    kernels.worded(how, groups, told, NO_BITS, 0, *words.table, held)
                elif not kernels.merged(how, groups, told, held):
                    raise NotGroupedHere(f"{aggregate.how} of {aggregate.value} at the end of 64 bits")

    def _batch(self, part: _Part) -> pa.RecordBatch:
        cells = [number_array(keys) for keys in part.keys]
        for aggregate, words, columns in zip(self.aggregates, self._words, self._columns, strict=True):
            for column in range(columns.start, columns.stop):
                held = part.held[column]
                cells.append(words.array(held) if words is not None else number_array(held, held != aggregate.none))
        return pa.RecordBatch.from_arrays(cells, schema=self.schema)


def _bounds(firsts: Sequence[NDArray[np.int64]], count: int) -> NDArray[np.int64]:
    """So many keys between which as many of all groups lie, about; a key stands behind the bound that it is."""
    if not firsts or not count:
        return NO_NUMBERS
    tried = np.sort(np.concatenate([keys[:: max(1, len(keys) // 1024)] for keys in firsts]))
    return np.unique(tried[np.arange(1, count + 1) * len(tried) // (count + 1)])
