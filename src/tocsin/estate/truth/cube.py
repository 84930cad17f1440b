"""The cube of the truth: how many happenings of each kind, and how many of their spans on each rung, as packed whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from tocsin.estate.block import Array, Block, Whole

# So many keys are held before those alike are added up: memory stays flat however long the month.
HELD = 4_000_000


@dataclass(frozen=True)
class Packing:
    """Small whole numbers packed into one: `sizes` says how many values each column may have."""

    sizes: Mapping[str, int]

    def pack(self, columns: Mapping[str, Array], rows: int) -> Whole:
        """One number a row, in the order of the columns; 0 where there is no column."""
        packed = np.zeros(rows, np.int64)
        for name, size in self.sizes.items():
            packed *= size
            packed += columns[name]
        return packed

    def unpack(self, packed: Whole) -> dict[str, Whole]:
        found = {}
        for name, size in reversed(list(self.sizes.items())):
            found[name] = packed % size
            packed = packed // size
        return {name: found[name] for name in self.sizes}


@dataclass
class Counts:
    """How often each packed number came. `add` many, `counted` tells."""

    packing: Packing
    keys: list[Whole] = field(default_factory=list)
    counts: list[Whole] = field(default_factory=list)
    held: int = 0

    def add(self, packed: Whole) -> None:
        keys, counts = np.unique(packed, return_counts=True)
        self.keys.append(keys)
        self.counts.append(counts)
        self.held += len(keys)
        if self.held > HELD:
            self._merge()

    def counted(self) -> Block:
        """A row for each number that came: its columns and `count`."""
        self._merge()
        if not self.keys:
            return Block({**dict.fromkeys(self.packing.sizes, np.zeros(0, np.int64)), "count": np.zeros(0, np.int64)})
        return Block({**self.packing.unpack(self.keys[0]), "count": self.counts[0]})

    def _merge(self) -> None:
        if len(self.keys) > 1:
            keys, counts = added_up(np.concatenate(self.keys), np.concatenate(self.counts))
            self.keys, self.counts = [keys], [counts]
        # What did not fall together is not counted again towards the next time.
        self.held = 0


def added_up(keys: Whole, counts: Whole) -> tuple[Whole, Whole]:
    """Each key once, in order, with the sum of its counts."""
    order = np.argsort(keys, kind="stable")
    keys, counts = keys[order], counts[order]
    starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1]) if len(keys) else keys)
    return keys[starts], np.add.reduceat(counts, starts) if len(starts) else counts
