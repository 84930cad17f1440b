"""Rows that stand in Parquet files, some of their columns packed into sorted files: small to keep, and quick to count.

Only the place of rows changes, so it is done where the files are, whichever engine worked the rows out: many rows by whole numbers where
the extra `volume` is installed, all others by DuckDB. Both give the same rows in the same order of words.
"""

import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb

from tocsin.engines import volume
from tocsin.engines.embedded import SETTINGS
from tocsin.engines.stored import PARQUET, file_list, literal, row_count, written_aside
from tocsin.vocabulary.errors import EngineUnavailable

# Sorting beyond this goes through the disk: a day of 33 million requests must close in 4 GB beside everything else.
MEMORY_LIMIT = "1GB"
# A column of more different words than this is no column of words; those of a journey have hundreds.
WORDS = 60_000
# Fewer rows than this DuckDB sorts in less time than it takes to load what packs by whole numbers.
WORTH_LOADING = 500_000
# Rows that are packed into one file by whole numbers: 60 bytes of memory each, for each of the two that are packed side by side.
ROWS_A_FILE = 4_000_000
SIDE_BY_SIDE = 2


class NotPacked(Exception):
    """Rows do not fit into whole numbers of 64 bits: they go DuckDB's way."""


def pack(paths: Sequence[str], columns: Sequence[tuple[str, str]], sorted_by: Sequence[str], to: Path) -> list[Path]:
    """The rows of Parquet files with these columns (name, stored type) alone, each file sorted, written aside and moved into the folder
    `to` in whole; gives the files.

    Raises EngineUnavailable where a file cannot be read or the disk is full.
    """
    to.mkdir(parents=True, exist_ok=True)
    try:
        is_many = volume.is_installed() and sum(row_count(Path(path)) for path in paths) >= WORTH_LOADING
        if is_many and dict(columns)[sorted_by[-1]] == "BIGINT":
            return _by_whole_numbers(paths, columns, sorted_by, to)
    except NotPacked:
        # So many words, or spans of so many years, are no journey's that we know of; they are packed all the same.
        pass
    return [_by_duckdb(paths, columns, sorted_by, to / "0000.parquet")]


def _by_whole_numbers(paths: Sequence[str], columns: Sequence[tuple[str, str]], sorted_by: Sequence[str], to: Path) -> list[Path]:
    """Raises NotPacked, EngineUnavailable."""
    from tocsin.engines.compiled.packed_rows import pack_stretch, stretches

    def packed(number: int, stretch: Sequence[tuple[str, Sequence[int]]]) -> Path:
        with written_aside(path := to / f"{number:04d}.parquet") as aside:
            pack_stretch(stretch, columns, sorted_by, aside)
        return path

    try:
        with ThreadPoolExecutor(SIDE_BY_SIDE) as threads:
            return list(threads.map(packed, *zip(*enumerate(stretches(paths, ROWS_A_FILE)), strict=True)))
    except OSError as error:
        raise _could_not(to, error) from error


def _by_duckdb(paths: Sequence[str], columns: Sequence[tuple[str, str]], sorted_by: Sequence[str], to: Path) -> Path:
    """Words are sorted and carried as numbers: as text the same sort takes twice as long."""
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
            raise _could_not(to, error) from error
    return to


def _could_not(to: Path, error: Exception) -> EngineUnavailable:
    return EngineUnavailable(f"{to}: rows could not be packed: {error}. What they are packed from still stands.")


def _numbered(connection: duckdb.DuckDBPyConnection, name: str, rows: str) -> bool:
    """Make the type that carries a column's words as numbers, unless they are too many."""
    words = f'SELECT DISTINCT "{name}" AS word FROM {rows} WHERE "{name}" IS NOT NULL'
    if len(connection.execute(f"SELECT word FROM ({words}) LIMIT {WORDS + 1}").fetchall()) > WORDS:
        return False
    connection.execute(f"CREATE TYPE words_of_{name} AS ENUM ({words} ORDER BY word)")
    return True
