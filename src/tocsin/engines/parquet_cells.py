"""The cells of a received Parquet file, as text: then they go the same road as those of any other format."""

from pathlib import Path

import duckdb

from tocsin.engines.cell_sql import named, quoted
from tocsin.engines.stored import reader
from tocsin.vocabulary.errors import EngineUnavailable


def parquet_columns(path: Path) -> list[tuple[str, str]]:
    """The columns of a Parquet file with DuckDB's names of their types. Raises EngineUnavailable for one that cannot be read."""
    with reader() as connection:
        try:
            described = connection.execute(f"DESCRIBE SELECT * FROM read_parquet({quoted(str(path))})").fetchall()
        except duckdb.Error as error:
            raise EngineUnavailable(str(error)) from error
    return [(str(row[0]), str(row[1])) for row in described]


def as_text(name: str, kind: str) -> str:
    """SQL for a cell as the text a delimited file would carry; a stamp without a zone keeps none."""
    cell = named(name)
    if kind == "TIMESTAMP WITH TIME ZONE":
        return f"strftime({cell}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if kind.startswith("TIMESTAMP"):
        return f"strftime({cell}, '%Y-%m-%dT%H:%M:%S.%f')"
    if kind in {"DOUBLE", "FLOAT"}:
        # A whole number that pandas has kept as a float is a whole number.
        is_whole = f"{cell} = floor({cell}) AND abs({cell}) < 1e15"
        return f"CASE WHEN {is_whole} THEN CAST(CAST({cell} AS BIGINT) AS VARCHAR) ELSE CAST({cell} AS VARCHAR) END"
    return f"CAST({cell} AS VARCHAR)"
