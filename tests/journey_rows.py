"""Accepted rows for tests: from a small drawn table to the relations and Parquet files an engine reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb

from tocsin.engines.engine import Relation, Session
from tocsin.feeds.feed import Column, Feed, Kind, identifier_key
from tocsin.vocabulary.calendar import parse_instant

# The day that drawn clock times are of, unless they say another: a Tuesday inside August 2021.
DRAWN_DAY = parse_instant("2021-08-10T00:00:00Z")
DAY_US = 86_400_000_000

_CLOCK = re.compile(r"(?:([+-]\d+)d )?(\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?")


def instant_of(text: str) -> int:
    """An instant drawn as ISO text with an offset, as a clock time of DRAWN_DAY, or as "+3d 12:00:00.5", days away from it."""
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return parse_instant(text)
    days, hours, minutes, seconds, fraction = clock.groups()
    whole = ((int(hours) * 60 + int(minutes)) * 60 + int(seconds)) * 1_000_000
    return DRAWN_DAY + int(days or 0) * DAY_US + whole + int((fraction or "").ljust(6, "0"))


def drawn(table: str) -> list[dict[str, str]]:
    """The rows of a table drawn with `|`; its first line names the columns, a line of dashes is passed over, an empty cell is left out."""
    lines = [line.strip() for line in table.strip().splitlines() if set(line.strip()) - set("-+| ")]
    names = [name.strip() for name in lines[0].split("|")]
    cells = [[cell.strip() for cell in line.split("|")] for line in lines[1:]]
    return [{name: cell for name, cell in zip(names, row, strict=True) if cell} for row in cells]


def accepted(feed: Feed, rows: Iterable[Mapping[str, Any]], delivery_no: int = 1) -> list[dict[str, Any]]:
    """Rows as intake stores them: text of instants and identifiers as whole numbers, every column there, line and delivery_no."""
    found = []
    for line, row in enumerate(rows, start=2):
        if strange := set(row) - {column.name for column in feed.columns} - {"line", "delivery_no"}:
            raise ValueError(f"{feed.name} has no column {', '.join(sorted(strange))}")
        stored = {column.name: _stored(column, row.get(column.name)) for column in feed.columns}
        found.append({**stored, "line": row.get("line", line), "delivery_no": row.get("delivery_no", delivery_no)})
    return found


def _stored(column: Column, cell: Any) -> Any:
    kind = column.kind
    if not isinstance(cell, str):
        return cell
    if kind is Kind.IDENTIFIER:
        return identifier_key(cell)
    if kind is Kind.INSTANT:
        return instant_of(cell)
    if kind is Kind.WHOLE:
        return int(cell)
    if column.fold is not None:
        return getattr(cell, column.fold)()
    return cell == "true" if kind is Kind.FLAG else cell


def relation(feed: Feed, paths: Sequence[Path] = ()) -> Relation:
    """The relation under which an engine reads a feed's accepted rows."""
    columns = tuple((column.name, column.stored_as) for column in feed.columns)
    return Relation(feed.name, (*columns, ("line", "BIGINT"), ("delivery_no", "BIGINT")), tuple(str(path) for path in paths))


def add_accepted(session: Session, feed: Feed, rows: Sequence[Mapping[str, Any]]) -> None:
    """Give an engine accepted rows without a file."""
    table = relation(feed)
    session.add_rows(table, [tuple(row[name] for name, _ in table.columns) for row in rows])


def write_accepted(path: Path, feed: Feed, rows: Sequence[Mapping[str, Any]]) -> Relation:
    """Write accepted rows as one Parquet file in the store's layout, and give the relation that reads it."""
    table = relation(feed, [path])
    connection = duckdb.connect(":memory:")
    columns = ", ".join(f'"{name}" {kind}' for name, kind in table.columns)
    connection.execute(f"CREATE TABLE accepted ({columns})")
    if rows:
        places = ", ".join("?" for _ in table.columns)
        connection.executemany(f"INSERT INTO accepted VALUES ({places})", [[row[name] for name, _ in table.columns] for row in rows])
    connection.execute(f"COPY accepted TO '{path}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 1)")
    connection.close()
    return table
