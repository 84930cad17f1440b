"""Writers of whole small tables: the feeds whose rows are few enough to be plain Python (csv, csv.gz, jsonl, xlsx, parquet)."""

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import xlsxwriter

from tocsin.vocabulary.instants import moment

Format = Literal["csv", "csv.gz", "jsonl", "jsonl.gz", "xlsx", "parquet"]
# A workbook and a gzip tell when they were made: always this, so that the same rows are the same bytes.
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TableLayout:
    """How one sender lays out a small feed.

    `columns` maps the file's column names, in order, to the keys of the rows. Instants (whole microseconds) of the keys in `stamps` are
    written by strftime `stamp` in `zone`; "iso" is 2021-09-01T00:00:00.000Z, "epoch_ms" and "epoch_us" are whole numbers, and %f is cut
    to milliseconds where `stamp` ends in it. `dates` are written by `date`. `values` are the sender's own words, by key; a truth is
    written "true" or "false" before they are asked.
    """

    columns: Mapping[str, str]
    format: Format = "csv"
    delimiter: str = ","
    encoding: str = "utf-8"
    has_header: bool = True
    stamps: Sequence[str] = ()
    stamp: str = "iso"
    zone: str = "UTC"
    date: str = "%Y-%m-%d"
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    sheet: str = "Sheet1"

    def texts(self, row: Mapping[str, object]) -> list[str]:
        """The cells of one row; a key that a row lacks, or None, is an empty cell."""
        return [self._text(key, row.get(key)) for key in self.columns.values()]

    def _text(self, key: str, value: object) -> str:
        if value is None:
            return ""
        if key in self.stamps and isinstance(value, int):
            return self._stamp(value)
        if isinstance(value, bool):
            text = "true" if value else "false"
        elif isinstance(value, date):
            text = value.strftime(self.date)
        else:
            text = str(value)
        return self.values.get(key, {}).get(text, text)

    def _stamp(self, at: int) -> str:
        if self.stamp == "epoch_us":
            return str(at)
        if self.stamp == "epoch_ms":
            return str(at // 1000)
        if self.stamp == "iso":
            return moment(at).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"
        written = moment(at).astimezone(ZoneInfo(self.zone)).strftime(self.stamp)
        return written[:-3] if self.stamp.endswith("%f") else written


def write_table(path: Path, layout: TableLayout, rows: Iterable[Mapping[str, object]]) -> int:
    """Write rows in a sender's layout, the same bytes for the same rows; gives how many there were."""
    texts = [layout.texts(row) for row in rows]
    match layout.format:
        case "xlsx":
            _write_sheet(path, layout, texts)
        case "parquet":
            columns = list(zip(*texts, strict=True)) if texts else [()] * len(layout.columns)
            arrays = [pa.array([text or None for text in column], pa.string()) for column in columns]
            pq.write_table(pa.table(dict(zip(layout.columns, arrays, strict=True))), path, compression="zstd", store_schema=False)
        case "jsonl" | "jsonl.gz":
            lines = [json.dumps(dict(zip(layout.columns, row, strict=True)), ensure_ascii=False) for row in texts]
            # An empty file would be refused: a blank line says that nothing happened.
            _write_text(path, layout, "".join(f"{line}\n" for line in lines or [""]))
        case _:
            written = io.StringIO()
            writer = csv.writer(written, delimiter=layout.delimiter, lineterminator="\n")
            writer.writerows([list(layout.columns), *texts] if layout.has_header else texts)
            _write_text(path, layout, written.getvalue())
    return len(texts)


def _write_text(path: Path, layout: TableLayout, text: str) -> None:
    octets = text.encode(layout.encoding)
    if layout.format.endswith(".gz"):
        octets = gzip.compress(octets, compresslevel=1, mtime=0)
    path.write_bytes(octets)


def _write_sheet(path: Path, layout: TableLayout, rows: list[list[str]]) -> None:
    with open_book(path) as book:
        sheet = book.add_worksheet(layout.sheet)
        for place, row in enumerate([list(layout.columns), *rows] if layout.has_header else rows):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(place, column, text)


def open_book(path: Path) -> Any:
    """An xlsxwriter workbook whose bytes depend on its cells alone."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_urls": False, "in_memory": True})
    book.set_properties({"created": MADE_AT.replace(tzinfo=None)})
    return book
