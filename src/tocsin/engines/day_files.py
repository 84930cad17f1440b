"""Parquet files put into a table's folder, a day a file: as they are where they hold one day, parted by day where they hold several.

To write the rows of a file again costs as much as half of working them out: a file of one day is linked to, not copied.
"""

import os
import shutil
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb

from tocsin.engines.stored import PARQUET, file_list, literal, row_count


@dataclass(frozen=True)
class DayFile:
    """A file in a table's folder: its path from there, the day its rows are of, how many they are, its bytes, its last change."""

    path: str
    day: int
    rows: int
    size: int
    changed_at_ms: int


def put_day_files(part: Path, days: list[int], table: Path, partition: str, folder_name: str) -> Iterator[DayFile]:
    """Put the rows of a Parquet file, which are of these days by its column `partition`, under table/`folder_name`=DAY/.

    Nothing refers to the files yet: whoever dies before they are committed leaves files that no version has.
    """
    if len(days) == 1:
        to = _place(table, days[0], folder_name)
        try:
            os.link(part, to)
        except OSError:
            # Another file system, or one without links.
            shutil.copyfile(part, to)
            _keep(to)
        yield _told(to, days[0], table)
    elif days:
        yield from _parted(part, table, partition, folder_name)


def _parted(part: Path, table: Path, partition: str, folder_name: str) -> Iterator[DayFile]:
    """One reading for all days. One thread: the rows of each day stay in the order in which they lie."""
    table.mkdir(parents=True, exist_ok=True)
    aside = table / f".parting.{uuid.uuid4().hex}"
    rows = f"SELECT *, {partition} AS {folder_name} FROM read_parquet({file_list([str(part)])}, hive_partitioning = false)"
    try:
        with duckdb.connect(":memory:") as connection:
            connection.execute("SET threads = 1")
            connection.execute(f"COPY ({rows}) TO {literal(str(aside))} ({PARQUET}, PARTITION_BY ({folder_name}))")
        for written in sorted(aside.rglob("*.parquet")):
            day = int(written.parent.name.partition("=")[2])
            to = _place(table, day, folder_name)
            _keep(written)
            written.replace(to)
            yield _told(to, day, table)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _place(table: Path, day: int, folder_name: str) -> Path:
    folder = table / f"{folder_name}={day}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{uuid.uuid4().hex}.parquet"


def _keep(path: Path) -> None:
    with path.open("rb") as written:
        os.fsync(written.fileno())


def _told(path: Path, day: int, table: Path) -> DayFile:
    about = path.stat()
    return DayFile(path.relative_to(table).as_posix(), day, row_count(path), about.st_size, about.st_mtime_ns // 1_000_000)
