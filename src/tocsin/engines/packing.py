"""Rows that stand in Parquet files, some of their columns packed into one sorted file: small to keep, and quick to count.

Only the place of rows changes, so it is done where the files are, by DuckDB, whichever engine worked the rows out. Words are sorted and
carried as numbers: as text the same sort takes twice as long.
"""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from tocsin.engines.embedded import SETTINGS
from tocsin.engines.stored import PARQUET, file_list, literal, written_aside
from tocsin.vocabulary.errors import EngineUnavailable

# Sorting beyond this goes through the disk: a day of 33 million requests must close in 4 GB beside everything else.
MEMORY_LIMIT = "1GB"
# A column of more different words than this is carried as text; those of a journey have hundreds.
WORDS = 60_000


def pack(paths: Sequence[str], columns: Sequence[tuple[str, str]], sorted_by: Sequence[str], to: Path) -> None:
    """The rows of Parquet files with these columns (name, stored type) alone, sorted, as one file written aside and moved in whole.

    Raises EngineUnavailable where a file cannot be read or the disk is full.
    """
    to.parent.mkdir(parents=True, exist_ok=True)
    rows = f"read_parquet({file_list(paths)}, hive_partitioning = false)"
    with tempfile.TemporaryDirectory(prefix="tocsin-", dir=to.parent) as spill, duckdb.connect(":memory:") as connection:
        try:
            for key, value in {**SETTINGS, "temp_directory": spill, "memory_limit": MEMORY_LIMIT}.items():
                connection.execute(f"SET GLOBAL {key} = {literal(value)}")
            texts = [name for name, kind in columns if kind == "VARCHAR"]
            numbered = {name for name in texts if _numbered(connection, name, rows)}
            carried = ", ".join(
                f'CAST("{name}" AS words_of_{name}) AS "{name}"' if name in numbered else f'"{name}"' for name, _ in columns
            )
            order = ", ".join(f'"{name}"' for name in sorted_by)
            with written_aside(to) as aside:
                connection.execute(f"COPY (SELECT {carried} FROM {rows} ORDER BY {order}) TO {literal(str(aside))} ({PARQUET})")
        except duckdb.Error as error:
            raise EngineUnavailable(f"{to}: rows could not be packed: {error}. What they are packed from still stands.") from error


def _numbered(connection: duckdb.DuckDBPyConnection, name: str, rows: str) -> bool:
    """Make the type that carries a column's words as numbers, unless they are too many."""
    words = f'SELECT DISTINCT "{name}" AS word FROM {rows} WHERE "{name}" IS NOT NULL'
    if len(connection.execute(f"SELECT word FROM ({words}) LIMIT {WORDS + 1}").fetchall()) > WORDS:
        return False
    connection.execute(f"CREATE TYPE words_of_{name} AS ENUM ({words} ORDER BY word)")
    return True
