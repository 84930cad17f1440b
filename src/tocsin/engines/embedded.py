"""DuckDB inside the process: the engine a new workspace starts with."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import duckdb

from tocsin.engines import volume
from tocsin.engines.engine import Relation
from tocsin.engines.failing import gave_up, not_understood
from tocsin.engines.grouped_rows import GroupedRows
from tocsin.engines.kernel import spell
from tocsin.engines.rows_apart import beside, rows_apart
from tocsin.engines.stored import PARQUET, STORED, check_files, file_list, literal, written_aside
from tocsin.vocabulary.errors import BadDeclaration

# Keys, instants and spans have a dictionary to no avail: to try it for longer is an eighth of writing a journey's rows (decision 14).
WRITTEN = f"{PARQUET}, DICTIONARY_SIZE_LIMIT 4096"
# Stored as a whole number of 64 bits whatever width the engine worked it out in.
WHOLE = {"TINYINT", "SMALLINT", "INTEGER", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"}
SETTINGS = {
    # The host's zone must not reach any figure (ecosystem.md 1.6).
    "TimeZone": "UTC",
    # Spark's rule, so that an ORDER BY inside a window means one thing.
    "default_null_order": "nulls_first_on_asc_last_on_desc",
    # Bounded memory: rows keep an order only where the text asks for one (an ORDER BY holds in the file all the same).
    "preserve_insertion_order": False,
    # No extension beyond the wheel's own is needed, and none is to be looked for on a network.
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


@dataclass(frozen=True)
class Embedded:
    """DuckDB by its settings. `temp_directory` is where it spills; without one, a folder of its own that goes when the session does."""

    threads: int | None = None
    memory_limit: str | None = None
    temp_directory: Path | None = None
    name: str = "duckdb"
    # The database that sessions share while the engine is kept.
    _kept: duckdb.DuckDBPyConnection | None = field(default=None, compare=False, repr=False)

    @contextmanager
    def session(self) -> Iterator["EmbeddedSession"]:
        """An in-memory database, or where the engine is kept a connection to it with tables of its own; nothing is left behind.

        Raises BadDeclaration for a setting DuckDB refuses.
        """
        if self._kept is None:
            with self._database() as connection:
                yield EmbeddedSession(connection)
            return
        # Tables and views of a session are temporary ones: only its own connection sees them, and they go with it.
        connection = self._kept.cursor()
        try:
            yield EmbeddedSession(connection)
        finally:
            connection.close()

    @contextmanager
    def kept(self) -> Iterator["Embedded"]:
        """One database for many sessions: to start one takes longer than most of the questions that a close asks.

        Raises BadDeclaration for a setting DuckDB refuses.
        """
        with self._database() as connection:
            yield replace(self, _kept=connection)

    @contextmanager
    def _database(self) -> Iterator[duckdb.DuckDBPyConnection]:
        if self.temp_directory is not None and not self.temp_directory.is_dir():
            raise BadDeclaration(f"engine duckdb: temp_directory {self.temp_directory} is not a folder. Make it, or name another.")
        with tempfile.TemporaryDirectory(prefix="tocsin-", dir=self.temp_directory) as spill:
            connection = duckdb.connect(":memory:")
            for key, value in {**SETTINGS, "temp_directory": spill, "threads": self.threads, "memory_limit": self.memory_limit}.items():
                if value is None:
                    continue
                try:
                    connection.execute(f"SET GLOBAL {key} = {literal(value)}")
                except duckdb.Error as error:
                    raise BadDeclaration(f"engine duckdb: {key} = {value!r} was refused: {error}") from error
            try:
                yield connection
            finally:
                connection.close()


class EmbeddedSession:
    """A stretch of work on DuckDB; see engine.Session."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection
        self._grouped = GroupedRows(connection)

    def add(self, relation: Relation) -> None:
        """A view over the Parquet files. Raises BadDeclaration for a lacking or unfit column, EngineUnavailable for a lacking file."""
        if not relation.paths:
            self.add_rows(relation, ())
            return
        check_files(relation, self.connection)
        self._grouped.sizes[relation.name] = sum(Path(path).stat().st_size for path in relation.paths)
        columns = ", ".join(f'CAST("{name}" AS {kind}) AS "{name}"' for name, kind in relation.columns)
        # Partition folders are not columns here: every file of ours holds all its columns (engines/tables.py).
        source = f"read_parquet({file_list(relation.paths)}, hive_partitioning = false)"
        self._run(f'CREATE OR REPLACE TEMP VIEW "{relation.name}" AS SELECT {columns} FROM {source}')

    def add_rows(self, relation: Relation, rows: Sequence[tuple[Any, ...]]) -> None:
        """A small table held in the session."""
        columns = ", ".join(f'"{name}" {kind}' for name, kind in relation.columns)
        table = f"rows of {relation.name}"
        self._run(f'CREATE OR REPLACE TEMP TABLE "{table}" ({columns})')
        if rows:
            # A list a column, unpacked side by side: binding cell by cell took fifty times as long.
            lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for _, kind in relation.columns)
            self._run(f'INSERT INTO "{table}" SELECT {lists}', [list(cells) for cells in zip(*rows, strict=True)])
        self._run(f'CREATE OR REPLACE TEMP VIEW "{relation.name}" AS SELECT * FROM "{table}"')

    def hold(self, name: str, sql: str, parameters: Mapping[str, int] | None = None) -> None:
        """A table of the session; where memory is short it spills."""
        table = f"rows of {name}"
        self._run(f'CREATE OR REPLACE TEMP TABLE "{table}" AS {spell(sql, "duckdb", parameters)}')
        self._run(f'CREATE OR REPLACE TEMP VIEW "{name}" AS SELECT * FROM "{table}"')

    def rows(self, sql: str, parameters: Mapping[str, int] | None = None) -> list[tuple[Any, ...]]:
        answer = self._run(spell(sql, "duckdb", parameters))
        _check_types([(str(name), str(kind)) for name, kind, *_ in answer.description or ()])
        return answer.fetchall()

    def write_parquet(self, sql: str, path: Path, parameters: Mapping[str, int] | None = None, grouped: Sequence[str] = ()) -> int:
        with self._grouped.taken_out(sql, parameters, grouped) as text:
            return self._written(text, path)

    def write_parts(
        self,
        sql: str,
        path: Path,
        parameters: Mapping[str, int] | None = None,
        grouped: Sequence[str] = (),
        mostly: tuple[str, int] | None = None,
    ) -> list[Path]:
        with self._grouped.taken_out(sql, parameters, grouped) as asked:
            text, columns = self._as_stored(asked)
            if mostly is None or not volume.is_installed() or any(kind not in STORED for _, kind in columns):
                self._copied(text, path)
                return [path]
            with rows_apart(self.connection, columns) as apart:
                self._copied(apart.others(text, *mostly), path)
        if not apart.count:
            return [path]
        self.connection.register(apart.name, apart.table())
        try:
            self._copied(f"SELECT * FROM {apart.name}", beside(path))
        finally:
            self.connection.unregister(apart.name)
        return [path, beside(path)]

    def _written(self, text: str, path: Path) -> int:
        text, _ = self._as_stored(text)
        return self._copied(text, path)

    def _as_stored(self, text: str) -> tuple[str, list[tuple[str, str]]]:
        """SQL text that gives the same in stored types, and its columns."""
        types = [(str(row[0]), str(row[1])) for row in self._run(f"DESCRIBE {text}").fetchall()]
        _check_types(types)
        if any(kind in WHOLE for _, kind in types):
            cells = ", ".join(f'CAST("{name}" AS BIGINT) AS "{name}"' if kind in WHOLE else f'"{name}"' for name, kind in types)
            text = f"SELECT {cells} FROM ({text})"
        return text, [(name, "BIGINT" if kind in WHOLE else kind) for name, kind in types]

    def _copied(self, text: str, path: Path) -> int:
        with written_aside(path) as aside:
            counted = self._run(f"COPY ({text}) TO {literal(str(aside))} ({WRITTEN})").fetchall()
        return int(counted[0][0])

    def _run(self, text: str, cells: Sequence[Any] | None = None) -> duckdb.DuckDBPyConnection:
        try:
            return self.connection.execute(text, cells)
        except (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException) as error:
            raise not_understood("duckdb", error, text) from error
        except duckdb.Error as error:
            raise gave_up("duckdb", error, text) from error


def _check_types(described: Sequence[tuple[str, str]]) -> None:
    for name, kind in described:
        if kind not in STORED and kind not in WHOLE and kind != '"NULL"':
            raise BadDeclaration(
                f'SQL text: column "{name}" comes out as {kind}; engines give whole numbers, text and truths only.'
                " Cast it, or divide in measuring/figures.py."
            )
