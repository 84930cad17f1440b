"""Few rows kept apart while an answer is written, so that its file is of one day and no row is written twice (docs/decisions/0014).

A day's close works out nearly nothing but happenings of that day, beside a few of days to come. To part a file of both reads and writes
every row once more, half of what it took to work them out.
"""

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
from duckdb.func import FunctionNullHandling, PythonUDFType

from tocsin.engines.stored import literal

if TYPE_CHECKING:
    import pyarrow as pa

# Rows that are held at most, at some 300 bytes each; those beyond go with all others, and that file is parted like any other.
MOST = 250_000


@dataclass
class RowsApart:
    """Rows of these columns that are not to go with all others, as they were come upon. `name` is a function of the connection."""

    name: str
    columns: Sequence[str]
    count: int = 0
    _kept: "list[pa.Array]" = field(default_factory=list)

    def keep(self, rows: Any) -> Any:
        """Whether rows go with all others: none does, until too many have come.

        An Arrow array of a truth for each row of a chunked array. DuckDB looks at what a function says of its types when it is made known.
        """
        import pyarrow as pa

        is_full = self.count + len(rows) > MOST
        if not is_full:
            self._kept += rows.chunks
            self.count += len(rows)
        truths = (b"\xff" if is_full else b"\0") * -(-len(rows) // 8)
        return pa.Array.from_buffers(pa.bool_(), len(rows), [None, pa.py_buffer(truths)])

    def others(self, text: str, column: str, value: int) -> str:
        """SQL text that gives the rows of another with this value; the others are kept while it is asked, each is come upon once."""
        # As a column and not where rows are chosen: that may be asked before rows are told apart, and of some more than once.
        cells = ", ".join(f'{literal(name)}: "{name}"' for name in self.columns)
        goes = f'CASE WHEN "{column}" = {value} THEN TRUE ELSE {self.name}({{{cells}}}) END'
        columns = ", ".join(f'"{name}"' for name in self.columns)
        return f"SELECT {columns} FROM (SELECT *, {goes} AS {self.name}_goes FROM ({text})) WHERE {self.name}_goes"

    def table(self) -> "pa.Table":
        import pyarrow as pa

        return pa.Table.from_struct_array(pa.chunked_array(self._kept))


@contextmanager
def rows_apart(connection: duckdb.DuckDBPyConnection, columns: Sequence[tuple[str, str]]) -> Iterator[RowsApart]:
    """A place for rows of these columns (name, stored type) while a connection is asked for an answer."""
    apart = RowsApart(f"apart_{uuid.uuid4().hex}", [name for name, _ in columns])
    kinds = ", ".join(f'"{name}" {kind}' for name, kind in columns)
    # Side effects: so that DuckDB asks once for each row, and puts nothing of it earlier or aside.
    connection.create_function(
        apart.name,
        apart.keep,
        [f"STRUCT({kinds})"],
        "BOOLEAN",
        type=PythonUDFType.ARROW,
        null_handling=FunctionNullHandling.SPECIAL,
        side_effects=True,
    )
    try:
        yield apart
    finally:
        connection.remove_function(apart.name)


def beside(path: Path) -> Path:
    """Where the rows kept apart from those of a file are written."""
    return path.with_name(f"{path.stem}-apart{path.suffix}")
