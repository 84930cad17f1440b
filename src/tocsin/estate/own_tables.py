"""The estate's own tables: CSV files of `estate/data`, each row with its status and source."""

from functools import cache
from importlib.resources import as_file, files

from tocsin.vocabulary.table_file import TableRow, overriding


@cache
def own_table(name: str) -> tuple[TableRow, ...]:
    """The rows of `estate/data/<name>.csv`, in order. Raises BadDeclaration when the file is not even."""
    with as_file(files("tocsin.estate") / "data" / f"{name}.csv") as file:
        return overriding(file).rows
