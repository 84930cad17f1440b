"""A feed's own checks over rows read in compiled code: the same SQL as the statement asks, on the arrays of a block.

A check sees few values: stages, flags, small numbers. So each combination of them is asked of DuckDB once a delivery, not each row.
"""

import re
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.arrow_arrays import number_array, word_array
from tocsin.engines.compiled.block import EMPTY, NO_WORD, Block, Words
from tocsin.engines.row_sql import RowSql
from tocsin.feeds.feed import Column, Kind

# Values from 0 to this have a number of their own in a combination; a table of so many bits says of each what is known.
VALUES_UP_TO, COMBINED_BITS = 4_000, 20
UNKNOWN, HOLDS, FAILS = 0, 1, 2

Lines = NDArray[np.int64]


class Checks:
    """Tells the lines of a block of which a row fails a check. Safe from any thread."""

    def __init__(self, sql: RowSql, words: Words) -> None:
        self.words = words
        self.checks = [check.holds for check in sql.feed.checks]
        told = " ".join(self.checks)
        self.asked = [column for column in sql.feed.columns if re.search(rf"\b{column.name}\b", told)]
        # Of these only whether they are empty can matter.
        self.by_emptiness = {
            column.name
            for column in self.asked
            if len(re.findall(rf"\b{column.name}\b", told)) == len(re.findall(rf"\b{column.name} IS (?:NOT )?NULL\b", told))
        }
        # By how many bits each column has in a combination: what is known of the combinations.
        self.known: dict[tuple[int, ...], NDArray[np.int8]] = {}

    def failing(self, block: Block, cursor: duckdb.DuckDBPyConnection) -> Lines:
        """The lines, in order."""
        if not self.checks:
            return np.empty(0, np.int64)
        combined = self._combined(block)
        if combined is None:
            return np.unique(block.lines[self._asked(block, np.arange(len(block)), cursor)])
        bits, combinations = combined
        known = self.known.setdefault(bits, np.full(1 << sum(bits), UNKNOWN, np.int8))
        found = known[combinations]
        if bool((new := np.flatnonzero(found == UNKNOWN)).size):
            met, first = np.unique(combinations[new], return_index=True)
            rows = new[first]
            # Each at once as it is: another thread may be looking.
            known[met] = np.where(np.isin(rows, self._asked(block, rows, cursor)), FAILS, HOLDS)
            found = known[combinations]
        return np.unique(block.lines[found == FAILS])

    def _combined(self, block: Block) -> tuple[tuple[int, ...], NDArray[np.int32]] | None:
        """What the checks see of each row as one number, and how many bits of it each column has; None where there are too many values."""
        bits, made = [], np.zeros(len(block), np.int32)
        for column in self.asked:
            values = block.columns.get(column.name)
            if values is None or not _is_filled(values):
                bits.append(0)
                continue
            filled = values != (EMPTY if values.dtype == np.int64 else NO_WORD)
            if column.name in self.by_emptiness:
                bits.append(1)
                numbers = filled.astype(np.int32)
            elif int(values.max()) > VALUES_UP_TO or int(values.min(where=filled, initial=0)) < 0:
                return None
            else:
                # By whole fours, so that a word more makes no new table.
                bits.append(-(-int(values.max() + 1).bit_length() // 4) * 4)
                numbers = np.where(filled, values + 1, 0).astype(np.int32)
            if sum(bits) > COMBINED_BITS:
                return None
            made = (made << bits[-1]) | numbers
        return tuple(bits), made

    def _asked(self, block: Block, rows: NDArray[np.int64], cursor: duckdb.DuckDBPyConnection) -> NDArray[np.int64]:
        """Which of some rows fail."""
        values, arrays = ["row_no"], {"row_no": number_array(rows)}
        for column in self.asked:
            array = block.columns.get(column.name)
            if array is None or not _is_filled(array := array[rows]):
                values.append(f"CAST(NULL AS {column.stored_as}) AS {column.name}")
            else:
                arrays[column.name] = self._array(column, array)
                values.append(_value(column))
        fails = " OR ".join(f"NOT coalesce({holds}, FALSE)" for holds in self.checks)
        cursor.register("looked_at", pa.table(arrays))
        try:
            found = cursor.execute(f"SELECT row_no FROM (SELECT {', '.join(values)} FROM looked_at) WHERE {fails}").fetchall()
        finally:
            cursor.unregister("looked_at")
        return np.array([row for (row,) in found], np.int64)

    def _array(self, column: Column, array: NDArray[Any]) -> pa.Array:
        return word_array(array, list(self.words[column.name])) if column.stored_as == "VARCHAR" else number_array(array)


def _is_filled(array: NDArray[Any]) -> bool:
    return int(array.max()) != (EMPTY if array.dtype == np.int64 else NO_WORD)


def _value(column: Column) -> str:
    if column.kind is Kind.FLAG:
        return f"CASE {column.name} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END AS {column.name}"
    # The least number of 64 bits cannot be written as one.
    return column.name if column.stored_as == "VARCHAR" else f"nullif({column.name}, {EMPTY + 1} - 1) AS {column.name}"
