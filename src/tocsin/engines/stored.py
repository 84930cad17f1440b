"""What stands in Parquet files: their columns against a Relation's, their rows, and several parts made one file.

Footers are read with DuckDB, which every installation has; Spark given the declared columns would turn a lacking one into empty cells
without a word.
"""

import os
import re
import shutil
import stat
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import duckdb

from tocsin.engines.engine import Relation
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

STORED = ("BIGINT", "VARCHAR", "BOOLEAN")
PHYSICAL = {"BIGINT": ("INT64", "INT32"), "VARCHAR": ("BYTE_ARRAY",), "BOOLEAN": ("BOOLEAN",)}
PARQUET = "FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1"


@cache
def _database() -> duckdb.DuckDBPyConnection:
    return duckdb.connect(":memory:")


def reader() -> duckdb.DuckDBPyConnection:
    """A connection for a short look at files, to be closed after it: to start a database takes longer than the look itself."""
    return _database().cursor()


def check_files(relation: Relation, connection: duckdb.DuckDBPyConnection | None = None) -> None:
    """Every file has every declared column, stored as declared.

    Raises BadDeclaration naming relation, file and column, EngineUnavailable for a file that is not there or no Parquet.
    """
    for name, kind in relation.columns:
        if kind not in STORED:
            raise BadDeclaration(f'relation {relation.name}: column "{name}" is declared {kind}; expected one of {", ".join(STORED)}.')
    for file, has in _footers(relation, connection).items():
        for name, kind in relation.columns:
            if name not in has:
                raise BadDeclaration(
                    f'relation {relation.name}: {file} has no column "{name}" (found: {", ".join(has)}).'
                    " Make the file again from its delivery, or declare the relation as the file is."
                )
            physical, logical = has[name]
            if physical not in PHYSICAL[kind] or re.match("(?i)timestamp|decimal|time|date", logical):
                raise BadDeclaration(
                    f'relation {relation.name}: {file}: column "{name}" is {physical} {logical}'.rstrip() + f"; expected {kind}."
                )


# By path, file number, size and last change: the columns of footers read before. A close asks a dozen journeys of the same files.
_Known = tuple[str, int, int, int]
_KNOWN: dict[_Known, dict[str, tuple[str, str]]] = {}
_KNOWN_AT_MOST = 20_000


def _footers(relation: Relation, connection: duckdb.DuckDBPyConnection | None) -> dict[str, dict[str, tuple[str, str]]]:
    """Path to the columns its footer tells, name to physical and logical type. A file is looked into once, while it is the same."""
    files = {path: _same(path) for path in relation.paths}
    missing = [path for path, same in files.items() if same is None]
    if missing:
        raise EngineUnavailable(
            f"relation {relation.name}: {len(missing)} of {len(relation.paths)} Parquet files are not there, first {missing[0]}."
            " Bring the store back, or make the files again from their deliveries."
        )
    known = {path: same for path, same in files.items() if same is not None}
    found = {path: has for path, same in known.items() if (has := _KNOWN.get(same)) is not None}
    if asked := [path for path in known if path not in found]:
        read = _read_footers(relation.name, asked, connection)
        if len(_KNOWN) + len(read) > _KNOWN_AT_MOST:
            _KNOWN.clear()
        # Files of a feed are alike: their columns are held once.
        alike = {tuple(has.items()): has for has in read.values()}
        # DuckDB may spell a path otherwise (./a as a): such a file is looked into every time.
        _KNOWN.update((known[path], alike[tuple(has.items())]) for path, has in read.items() if path in known)
        found |= read
    return found


def _same(path: str) -> _Known | None:
    """What a file is known by; None where there is none."""
    try:
        told = Path(path).stat()
    except OSError:
        return None
    return (path, told.st_ino, told.st_size, told.st_mtime_ns) if stat.S_ISREG(told.st_mode) else None


def _read_footers(name: str, paths: Sequence[str], connection: duckdb.DuckDBPyConnection | None) -> dict[str, dict[str, tuple[str, str]]]:
    footers = (
        "SELECT file_name, name, type, coalesce(logical_type, converted_type, '')"
        f" FROM parquet_schema({file_list(paths)}) WHERE type IS NOT NULL"
    )
    try:
        with connection.cursor() if connection is not None else reader() as looking:
            cells = looking.execute(footers).fetchall()
    except duckdb.Error as error:
        raise EngineUnavailable(
            f"relation {name}: a Parquet file cannot be read: {error}. tocsin doctor says which; bring it back from a copy."
        ) from error
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for file, column, physical, logical in cells:
        found.setdefault(file, {})[column] = (physical, logical)
    return found


@contextmanager
def written_aside(path: Path) -> Iterator[Path]:
    """A path beside `path` to write to; moved to `path` in whole if the work ends well, gone if it does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}.aside")
    try:
        yield aside
        with aside.open("rb") as written:
            os.fsync(written.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def join_parts(parts: Sequence[Path], path: Path) -> None:
    """The rows of several Parquet files, in their order, as one file."""
    if len(parts) == 1:
        shutil.copyfile(parts[0], path)
        return
    source = f"read_parquet({file_list([str(part) for part in parts])}, hive_partitioning = false)"
    with reader() as connection:
        connection.execute(f"COPY (SELECT * FROM {source}) TO {literal(str(path))} ({PARQUET})")


def write_no_rows(columns: Sequence[tuple[str, str]], path: Path) -> None:
    """A Parquet file of these columns (name, stored type) and no row."""
    path.write_bytes(_no_rows(tuple(columns)))


@cache
def _no_rows(columns: tuple[tuple[str, str], ...]) -> bytes:
    """Such a file's bytes: a month has thousands of deliveries of which no row is refused."""
    cells = ", ".join(f'CAST(NULL AS {kind}) AS "{name}"' for name, kind in columns)
    with tempfile.TemporaryDirectory(prefix="tocsin-") as folder, reader() as connection:
        connection.execute(f"COPY (SELECT {cells} LIMIT 0) TO {literal(str(path := Path(folder, 'none.parquet')))} ({PARQUET})")
        return path.read_bytes()


def row_count(path: Path) -> int:
    """How many rows a Parquet file says it has. Raises EngineUnavailable for a file that is no Parquet any more."""
    footer = f"SELECT sum(num_rows) FROM parquet_file_metadata({file_list([str(path)])})"
    try:
        with reader() as connection:
            counted = connection.execute(footer).fetchall()
    except duckdb.Error as error:
        raise EngineUnavailable(f"{path}: the Parquet file cannot be read: {error}. Bring it back from a copy.") from error
    return int(counted[0][0])


def file_list(paths: Sequence[str]) -> str:
    """DuckDB's list of exactly these files. It takes every path for a pattern, so `*`, `?` and `[` are made to stand for themselves."""
    return "[" + ", ".join(literal(re.sub(r"[*?\[]", lambda found: f"[{found.group()}]", path)) for path in paths) + "]"


def literal(value: object) -> str:
    """A setting or a path as DuckDB reads it."""
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return "'" + str(value).replace("'", "''") + "'"
