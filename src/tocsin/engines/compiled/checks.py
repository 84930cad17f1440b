"""A feed's own checks over rows read in compiled code: the same SQL as the statement asks, on the arrays of a block."""

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


class Checks:
    """Tells the lines of a block of which a row fails a check."""

    def __init__(self, sql: RowSql, words: Words) -> None:
        self.words = words
        self.checks = [check.holds for check in sql.feed.checks]
        # By the columns that hold anything, whether no row can fail: most trails fill none of those that are checked.
        self.cannot_fail: dict[tuple[str, ...], bool] = {}
        named = set(re.findall(r"\w+", " ".join(self.checks)))
        self.asked = [column for column in sql.feed.columns if column.name in named]

    def failing(self, block: Block, cursor: duckdb.DuckDBPyConnection) -> NDArray[np.int64]:
        """The lines, in order."""
        if not self.checks:
            return np.empty(0, np.int64)
        filled = [column for column in self.asked if _is_filled(block.columns.get(column.name))]
        values = [_value(column) if column in filled else f"CAST(NULL AS {column.stored_as}) AS {column.name}" for column in self.asked]
        fails = " OR ".join(f"NOT coalesce({holds}, FALSE)" for holds in self.checks)
        asked = f"SELECT line FROM (SELECT {', '.join(['line', *values])} FROM looked_at) WHERE {fails}"
        names = tuple(column.name for column in filled)
        if self.cannot_fail.get(names, False):
            return np.empty(0, np.int64)
        arrays = {column.name: self._array(column, block.columns[column.name]) for column in filled}
        cursor.register("looked_at", pa.table({"line": number_array(block.lines), **arrays}))
        try:
            if names not in self.cannot_fail:
                # DuckDB reads no row of a table for a condition that it finds to be false whatever the row.
                plan = cursor.execute(f"EXPLAIN {asked}").fetchall()[0][1]
                self.cannot_fail[names] = re.search("empty.result", plan, re.IGNORECASE) is not None
            found = {line for (line,) in cursor.execute(asked).fetchall()}
            return np.array(sorted(found), np.int64)
        finally:
            cursor.unregister("looked_at")

    def _array(self, column: Column, array: NDArray[Any]) -> pa.Array:
        return word_array(array, list(self.words[column.name])) if column.stored_as == "VARCHAR" else number_array(array)


def _is_filled(array: NDArray[Any] | None) -> bool:
    return array is not None and int(array.max()) != (EMPTY if array.dtype == np.int64 else NO_WORD)


def _value(column: Column) -> str:
    if column.kind is Kind.FLAG:
        return f"CASE {column.name} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END AS {column.name}"
    # The least number of 64 bits cannot be written as one.
    return column.name if column.stored_as == "VARCHAR" else f"nullif({column.name}, {EMPTY + 1} - 1) AS {column.name}"
