"""Blocks: rows as parallel numpy columns, the form in which the estate draws everything."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Whole = NDArray[np.int64]
Truth = NDArray[np.bool_]

# An instant or whole number that is not told. No instant of the estate is so early.
EMPTY = np.iinfo(np.int64).min


@dataclass(frozen=True)
class Block:
    """Columns of one length. `take` picks rows, `put` sets columns, `together` sets blocks one after another."""

    columns: Mapping[str, Array]

    def __post_init__(self) -> None:
        lengths = {name: len(values) for name, values in self.columns.items()}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"columns of one length were expected, found {lengths}")

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, column: str) -> Array:
        return self.columns[column]

    def take(self, rows: Array) -> "Block":
        """The rows that a mask or a list of places picks."""
        return Block({name: values[rows] for name, values in self.columns.items()})

    def put(self, **changed: Array) -> "Block":
        return Block({**self.columns, **changed})

    @staticmethod
    def together(blocks: Sequence["Block"]) -> "Block":
        """All rows of blocks with the same columns, in order."""
        if len(blocks) == 1:
            return blocks[0]
        return Block({name: np.concatenate([block[name] for block in blocks]) for name in blocks[0].columns})
