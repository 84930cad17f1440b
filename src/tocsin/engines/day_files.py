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

# Beside what the engine that wrote the rows holds.
MEMORY_LIMIT = "1GB"
# From so many rows on a second thread is worth its memory, and rows do not stay in the order in which they lie: no journey of so many
# writes them in one (Journey.is_in_order).
MANY = 1_000_000
THREADS = 2
# To read the rows once more costs as much as to part a quarter of them.
PICKED_FROM = 4


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
    """Days that many rows are of are picked out one by one, at half the cost of parting them; all others are parted in one reading."""
    table.mkdir(parents=True, exist_ok=True)
    aside = table / f".parting.{uuid.uuid4().hex}"
    rows = f"SELECT *, {partition} AS {folder_name} FROM read_parquet({file_list([str(part)])}, hive_partitioning = false)"
    try:
        aside.mkdir()
        with duckdb.connect(":memory:") as connection:
            for key, value in {"threads": 1, "memory_limit": MEMORY_LIMIT, "temp_directory": str(aside / "spilled")}.items():
                connection.execute(f"SET GLOBAL {key} = {literal(value)}")
            counted = connection.execute(f"SELECT {folder_name}, count(*) FROM ({rows}) GROUP BY {folder_name} ORDER BY 1").fetchall()
            total = sum(count for _, count in counted)
            picked = [day for day, count in counted if total >= MANY and count * PICKED_FROM >= total]
            if total >= MANY:
                connection.execute(f"SET GLOBAL threads = {THREADS}")
                connection.execute("SET GLOBAL preserve_insertion_order = false")
            for day in picked:
                (folder := aside / f"{folder_name}={day}").mkdir()
                of_day = f"SELECT * EXCLUDE ({folder_name}) FROM ({rows}) WHERE {folder_name} = {day}"
                connection.execute(f"COPY ({of_day}) TO {literal(str(folder / 'picked.parquet'))} ({PARQUET})")
            if len(picked) < len(counted):
                others = f"SELECT * FROM ({rows}) WHERE {folder_name} NOT IN ({', '.join(map(str, picked))})" if picked else rows
                connection.execute(f"COPY ({others}) TO {literal(str(aside / 'parted'))} ({PARQUET}, PARTITION_BY ({folder_name}))")
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
