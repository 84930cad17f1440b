"""Delta tables of derived rows: a day is replaced whole or not at all, and what stood before can still be read by its version.

Engines are given the list of files of one version, so neither DuckDB nor Spark needs a Delta extension. A file does not hold the column
that its table is partitioned by; ours are partitioned by a copy of the day, so that every file holds every column of its Relation.
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import unquote

import duckdb
from deltalake import CommitProperties, DeltaTable, Transaction, WriterProperties, write_deltalake
from deltalake.exceptions import DeltaError

from tocsin.engines.stored import STORED, file_list, reader
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

ZSTD = WriterProperties(compression="ZSTD", compression_level=1)


def replace_days(
    table: Path, parquet: Path | Sequence[Path], days: Collection[int], partition: str = "day", transaction: str | None = None
) -> int:
    """Let the rows of a Parquet file, or of several together, stand for these days, in place of all that stood for them; gives the
    table's version.

    `partition` names the column of day numbers. A day of `days` without rows is emptied. The table is made on first use.
    With a `transaction` already taken in, nothing is done and the version that stands is given: Delta itself refuses such a repeat only
    while the first is under way, and a writer that was killed cannot know whether its work landed (ecosystem.md 2).
    A writer that dies leaves the former version standing. Raises BadDeclaration for a row of another day or without one, and for a
    column that is not BIGINT, VARCHAR or BOOLEAN; EngineUnavailable where the table or file cannot be read or written.
    """
    files = [parquet] if isinstance(parquet, Path) else list(parquet)
    try:
        standing = _opened(table)
        if standing is not None and transaction is not None and standing.transaction_version(transaction) is not None:
            return standing.version()
        with reader() as connection:
            rows = f"read_parquet({file_list([str(file) for file in files])}, hive_partitioning = false)"
            _check(connection, rows, files, days, partition)
            if standing is not None and not days:
                return standing.version()
            write_deltalake(
                table,
                connection.sql(f'SELECT *, "{partition}" AS "{_copy_of(partition)}" FROM {rows}'),
                mode="overwrite",
                # A journey that has gained an attribute since the table was made: the days beside keep their files.
                schema_mode="merge",
                predicate=None if standing is None else f"{_copy_of(partition)} IN ({', '.join(map(str, sorted(days)))})",
                partition_by=[_copy_of(partition)],
                writer_properties=ZSTD,
                # The number behind a transaction's name is Delta's; a name of ours comes once.
                commit_properties=CommitProperties(app_transactions=[Transaction(transaction, 1)] if transaction is not None else None),
            )
        return DeltaTable(table).version()
    except (DeltaError, duckdb.Error, OSError) as error:
        raise EngineUnavailable(f"table {table}: days could not be replaced: {error}. What stood before still stands.") from error


def version(table: Path) -> int | None:
    """The version that stands; None where there is no table yet."""
    standing = _opened(table)
    return None if standing is None else standing.version()


def paths(table: Path, version: int | None = None, days: Collection[int] | None = None, partition: str = "day") -> tuple[str, ...]:
    """The Parquet files of a version (of the one that stands, where none is named), for a Relation. None for a table not made yet.

    With `days` only the files of these values of the column that `replace_days` was given as `partition`. Raises EngineUnavailable where
    that version is not there any more.
    """
    if version is None and _opened(table) is None:
        return ()
    try:
        # They come as addresses, a blank in a folder's name as %20.
        opened = DeltaTable(table, version=version)
        if days is None:
            return tuple(sorted(unquote(uri) for uri in opened.file_uris()))
        wanted = f"{_copy_of(partition)} IN ({', '.join(map(str, sorted(days)))})"
        return tuple(sorted(unquote(uri) for uri in opened.file_uris(file_pruning_predicate=wanted))) if days else ()
    except (DeltaError, OSError) as error:
        raise EngineUnavailable(
            f"table {table}: version {version} cannot be read: {error}. Close the period again, which makes it anew."
        ) from error


def _opened(table: Path) -> DeltaTable | None:
    try:
        return DeltaTable(table) if DeltaTable.is_deltatable(str(table)) else None
    except (DeltaError, OSError) as error:
        raise EngineUnavailable(
            f"table {table} cannot be read: {error}. Move it away and close the period again, which makes it anew."
        ) from error


def _copy_of(partition: str) -> str:
    return f"of_{partition}"


def _check(connection: duckdb.DuckDBPyConnection, rows: str, files: Sequence[Path], days: Collection[int], partition: str) -> None:
    parquet = ", ".join(str(file) for file in files[:3])
    for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall():
        # A time stamp without a zone would raise the table's protocol beyond what older readers know.
        if kind not in STORED:
            raise BadDeclaration(f'{parquet}: column "{name}" is {kind}; expected one of {", ".join(STORED)}.')
    found = {row[0] for row in connection.execute(f'SELECT DISTINCT "{partition}" FROM {rows}').fetchall()}
    strange = sorted(str(day) for day in found - set(days))
    if strange:
        raise BadDeclaration(f"{parquet}: has rows of {partition} {', '.join(strange[:5])}, which is not among the days to be replaced.")
