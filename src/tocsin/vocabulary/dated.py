"""Dated tables: facts that change on a date, each row with `since`, `status` and `source`, so that a change is a row and not code."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import STATUSES, TableFile, TableRow, override_file, overriding, shipped

Key = tuple[str, ...]

# For a question without a date: what the tables say once every row of theirs is in force.
LATEST = date.max


@dataclass(frozen=True, eq=False)
class DatedTable:
    """A table of dated rows. The columns left of `since` are its key; status and source say how well each row is known."""

    name: str
    columns: tuple[str, ...]
    _rows: Mapping[tuple[Key, date], TableRow]

    @classmethod
    def load(cls, name: str, override: Path | None = None) -> "DatedTable":
        """The shipped table `name`, overlaid by a workspace's file of the same columns.

        `override` is that file, or the `reference/` folder that may hold it as `<name>.csv`. Its rows with the key and `since`
        of a shipped row replace it, others add to the table. Raises BadDeclaration naming file, line, column and word.
        """
        file = override_file(name, override)
        if file is None:
            return _shipped(name)
        state = file.stat()
        return _overlaid(name, file, state.st_mtime_ns, state.st_size)

    def at(self, on: date) -> dict[Key, TableRow]:
        """For each key the latest row with `since` on or before a date; keys that begin later are absent."""
        latest: dict[Key, TableRow] = {}
        for (key, since), row in self._rows.items():
            if since <= on:
                latest[key] = row
        return latest

    def rows(self) -> list[TableRow]:
        """All rows of all dates, by key and date."""
        return list(self._rows.values())

    def digest(self) -> str:
        """SHA-256 of the content, the same whatever the order of rows in the files; part of a run's parameters."""
        content = hashlib.sha256()
        for row in self.rows():
            content.update("\x1f".join(row.cells[column] for column in self.columns).encode())
            content.update(b"\x1e")
        return content.hexdigest()


@cache
def _shipped(name: str) -> DatedTable:
    table = shipped(name)
    return DatedTable(name, table.columns, _keyed(table, _key_columns(f"data/{name}.csv", table), {}))


@cache
def _overlaid(name: str, file: Path, _modified_ns: int, _size: int) -> DatedTable:
    base, table = _shipped(name), overriding(file)
    if missing := [column for column in base.columns if column not in table.columns]:
        raise BadDeclaration(
            f"{file}: line 1: column {', '.join(missing)} is missing. Expected {', '.join(base.columns)}. Correct the heading."
        )
    if unknown := [column for column in table.columns if column not in base.columns]:
        raise BadDeclaration(
            f"{file}: line 1: column {', '.join(unknown)} is not known. Expected {', '.join(base.columns)}. Correct the heading."
        )
    key = base.columns[: base.columns.index("since")]
    return DatedTable(name, base.columns, _keyed(table, key, base._rows))


def _keyed(table: TableFile, key: Key, base: Mapping[tuple[Key, date], TableRow]) -> dict[tuple[Key, date], TableRow]:
    own: dict[tuple[Key, date], TableRow] = {}
    for row in table.rows:
        row.one_of("status", STATUSES)
        if not row.cells["source"]:
            raise row.bad("source", "where the fact comes from")
        if empty := [column for column in key if not row.cells[column]]:
            raise row.bad(empty[0], "a word")
        place = tuple(row.cells[column] for column in key), row.day("since")
        if place in own:
            raise row.bad(key[0], f"one row for {', '.join(place[0])} since {place[1].isoformat()} (also at {own[place].where})")
        own[place] = row
    # In order of date within a key, so that `at` keeps the latest and `digest` does not see the order of the files.
    return dict(sorted({**base, **own}.items(), key=lambda item: item[0]))


def _key_columns(where: str, table: TableFile) -> Key:
    if missing := [column for column in ("since", "status", "source") if column not in table.columns]:
        raise BadDeclaration(f"{where}: line 1: column {', '.join(missing)} is missing (found: {', '.join(table.columns)}).")
    if table.columns[0] == "since":
        raise BadDeclaration(f"{where}: line 1: a key column was expected left of since (found: {', '.join(table.columns)}).")
    return table.columns[: table.columns.index("since")]
