"""A feed's own checks over rows read in compiled code: the same SQL as the statement asks, on the arrays of a block."""

import re
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from tocsin.engines.compiled.block import EMPTY, Block, Words
from tocsin.engines.row_sql import RowSql
from tocsin.feeds.feed import Column, Kind


class Checks:
    """Tells the lines of a block of which a row fails a check."""

    def __init__(self, sql: RowSql, words: Words) -> None:
        self.words = words
        self.checks = [check.holds for check in sql.feed.checks]
        named = set(re.findall(r"\w+", " ".join(self.checks)))
        self.asked = [column for column in sql.feed.columns if column.name in named]

    def failing(self, block: Block, cursor: duckdb.DuckDBPyConnection) -> NDArray[np.int64]:
        """The lines, in order. A column that is empty throughout costs nothing: most trails fill none of those that are checked."""
        if not self.checks:
            return np.empty(0, np.int64)
        looked_at: dict[str, Any] = {"line": pa.array(block.lines)}
        values = []
        for column in self.asked:
            array = block.columns.get(column.name)
            if array is None or int(array.max()) == (EMPTY if array.dtype == np.int64 else -1):
                values.append(f"CAST(NULL AS {column.stored_as}) AS {column.name}")
            else:
                looked_at[column.name] = self._array(column, array)
                values.append(f"{_value(column)} AS {column.name}")
        fails = " OR ".join(f"NOT coalesce({holds}, FALSE)" for holds in self.checks)
        cursor.register("looked_at", pa.table(looked_at))
        try:
            typed = f"SELECT line, {', '.join(values)} FROM looked_at"
            found = cursor.execute(f"SELECT DISTINCT line FROM ({typed}) WHERE {fails} ORDER BY line").fetchall()
            return np.array([line for (line,) in found], np.int64)
        finally:
            cursor.unregister("looked_at")

    def _array(self, column: Column, array: NDArray[Any]) -> Any:
        if column.stored_as != "VARCHAR":
            return pa.array(array)
        return pa.DictionaryArray.from_arrays(pa.array(array, mask=array < 0), pa.array(list(self.words[column.name]), pa.string()))


def _value(column: Column) -> str:
    if column.kind is Kind.FLAG:
        return f"CASE {column.name} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END"
    # The least number of 64 bits cannot be written as one.
    return column.name if column.stored_as == "VARCHAR" else f"nullif({column.name}, {EMPTY + 1} - 1)"
