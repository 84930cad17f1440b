"""Delta tables of derived rows: a day is replaced whole or not at all, and what stood before can still be read by its version.

Engines are given the list of files of one version, so neither DuckDB nor Spark needs a Delta extension. A file does not hold the column
that its table is partitioned by; ours are partitioned by a copy of the day, so that every file holds every column of its Relation.
"""

import json
from collections.abc import Collection, Sequence
from pathlib import Path
from urllib.parse import unquote

import duckdb
from deltalake import CommitProperties, DeltaTable, Field, Schema, Transaction
from deltalake.exceptions import DeltaError
from deltalake.schema import PrimitiveType
from deltalake.transaction import AddAction, create_table_with_add_actions

from tocsin.engines.day_files import DayFile, put_day_files
from tocsin.engines.stored import STORED, file_list, reader
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

DELTA_TYPES = {"BIGINT": "long", "VARCHAR": "string", "BOOLEAN": "boolean"}


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
            columns, found = _check(connection, files, days, partition)
        if standing is not None and not days:
            return standing.version()
        copy = _copy_of(partition)
        # The number behind a transaction's name is Delta's; a name of ours comes once.
        properties = CommitProperties(app_transactions=[Transaction(transaction, 1)] if transaction is not None else None)
        added = [_added(one, copy) for file in files for one in put_day_files(file, found[file], table, partition, copy)]
        if standing is None:
            create_table_with_add_actions(str(table), _schema(columns, copy), added, partition_by=[copy], commit_properties=properties)
        else:
            # A journey that has gained an attribute since the table was made: the days beside keep their files.
            schema = _widened(standing.schema(), _schema(columns, copy))
            gone: list[tuple[str, str, list[str]]] = [(copy, "in", [str(day) for day in sorted(days)])]
            standing.create_write_transaction([*added], "overwrite", schema, [copy], gone, commit_properties=properties)
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


def name_of_version(table: Path, version: int) -> str:
    """A name for a version of a table that no version of another has, nor of one made anew in its place: a transaction's name elsewhere."""
    standing = _opened(table)
    return f"{'' if standing is None else standing.metadata().id}-{version}"


def has_taken(table: Path, transaction: str) -> bool:
    """Whether a table was given days with this transaction. False for a table not made yet."""
    standing = _opened(table)
    return standing is not None and standing.transaction_version(transaction) is not None


def _opened(table: Path) -> DeltaTable | None:
    try:
        return DeltaTable(table) if DeltaTable.is_deltatable(str(table)) else None
    except (DeltaError, OSError) as error:
        raise EngineUnavailable(
            f"table {table} cannot be read: {error}. Move it away and close the period again, which makes it anew."
        ) from error


def _copy_of(partition: str) -> str:
    return f"of_{partition}"


def _schema(columns: Sequence[tuple[str, str]], copy: str) -> Schema:
    """Delta's own description of the columns of a file, and of the one the table is partitioned by."""
    return Schema([Field(name, PrimitiveType(DELTA_TYPES[kind])) for name, kind in (*columns, (copy, "BIGINT"))])


def _widened(standing: Schema, added: Schema) -> Schema:
    known = {one.name for one in standing.fields}
    return Schema([*standing.fields, *(one for one in added.fields if one.name not in known)])


def _added(file: DayFile, copy: str) -> AddAction:
    # Rows alone: engines read what else they ask of a file from its own footer.
    return AddAction(file.path, file.size, {copy: str(file.day)}, file.changed_at_ms, True, json.dumps({"numRecords": file.rows}))


def _check(
    connection: duckdb.DuckDBPyConnection, files: Sequence[Path], days: Collection[int], partition: str
) -> tuple[list[tuple[str, str]], dict[Path, list[int]]]:
    """The columns that the files have, and which days each has rows of."""
    parquet = ", ".join(str(file) for file in files[:3])
    rows = f"read_parquet({file_list([str(file) for file in files])}, hive_partitioning = false)"
    columns = [(str(name), str(kind)) for name, kind, *_ in connection.execute(f"DESCRIBE SELECT * FROM {rows}").fetchall()]
    for name, kind in columns:
        # A time stamp without a zone would raise the table's protocol beyond what older readers know.
        if kind not in STORED:
            raise BadDeclaration(f'{parquet}: column "{name}" is {kind}; expected one of {", ".join(STORED)}.')
    found: dict[Path, list[int]] = {}
    for file in files:
        of_one = f"read_parquet({file_list([str(file)])}, hive_partitioning = false)"
        found[file] = [row[0] for row in connection.execute(f'SELECT DISTINCT "{partition}" FROM {of_one} ORDER BY 1').fetchall()]
    strange = sorted({str(day) for of_one in found.values() for day in of_one} - {str(day) for day in days})
    if strange:
        raise BadDeclaration(f"{parquet}: has rows of {partition} {', '.join(strange[:5])}, which is not among the days to be replaced.")
    return columns, found
