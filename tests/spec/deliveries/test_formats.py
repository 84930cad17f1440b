"""Five formats, one contract: the same rows in CSV, packed CSV, Parquet, XLSX and JSON lines give the same accepted rows."""

import gzip
import json
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
import xlsxwriter

from made_store import MadeStore, make_store

COLUMNS = ("id", "at", "local", "epoch", "hops", "answered", "srv")
local = datetime.fromisoformat  # Excel and many extracts know no zone
ROWS = [
    ("A:B:1", "2026-03-01T10:00:00.000Z", local("2026-02-01T09:30:00"), 1772359200, 3, True, "4.1.1"),
    ("A:B:2", "2026-03-01T11:00:00.250Z", None, 1772359201, None, False, " 8.14.2 "),
    ("A:B:3", "2026-03-01T12:00:00+01:00", local("2025-07-01T00:00:01"), None, -7, True, 'with "marks", and commas'),
    (None, "2026-03-01T12:00:00Z", local("2025-07-01T00:00:00"), None, 1, True, "4.1.1"),
]
SHAPE = """
feed = "audit_trail"
sender = "DSP"
pattern = "X_{day}.*"
[columns]
request_id = "id"
observed_at = "at"
scheduled_at = {column = "local", zone = "Europe/London"}
execution_at = {column = "epoch", format = "epoch_s"}
target_us = "hops"
time_point = {constant = "RX_DSP"}
message_class = {column = "answered", values = {true = "response", false = "request"}}
srv = "srv"
"""
WANTED = ", ".join(("request_id", "observed_at", "scheduled_at", "execution_at", "target_us", "message_class", "srv"))


def cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def delimited() -> bytes:
    lines = [",".join('"' + cell(value).replace('"', '""') + '"' for value in row) for row in ROWS]
    return "\n".join([",".join(COLUMNS), *lines, ""]).encode()


def write(made: MadeStore, kind: str) -> Path:
    name = f"X_20260301.{kind}"
    if kind == "csv":
        return made.file(name, delimited())
    if kind == "csv.gz":
        # Two members: tools that append to a .gz write such files.
        head, rest = delimited().split(b"\n", 1)
        return made.file(name, gzip.compress(head + b"\n") + gzip.compress(rest))
    if kind == "jsonl":
        lines = [
            json.dumps({n: v.isoformat() if isinstance(v, datetime) else v for n, v in zip(COLUMNS, row, strict=True)}) for row in ROWS
        ]
        return made.file(name, "\n".join(lines))
    path = made.incoming / name
    if kind == "parquet":
        with duckdb.connect() as connection:
            kinds = ("VARCHAR", "VARCHAR", "TIMESTAMP", "BIGINT", "DOUBLE", "BOOLEAN", "VARCHAR")
            columns = ", ".join(f'"{name}" {kind}' for name, kind in zip(COLUMNS, kinds, strict=True))
            connection.execute(f"CREATE TABLE t ({columns})")
            connection.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)", ROWS)
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("trail")
        stamp = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        sheet.write_row(0, 0, COLUMNS)
        for place, row in enumerate(ROWS, 1):
            for at, value in enumerate(row):
                if isinstance(value, datetime):
                    sheet.write_datetime(place, at, value, stamp)
                elif value is not None:
                    sheet.write(place, at, value)
    return path


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    made = make_store(tmp_path)
    made.shape("x", SHAPE)
    return made


def held(made: MadeStore, kind: str) -> tuple[list[tuple], list[tuple]]:
    (receipt,) = made.take_in(write(made, kind))
    assert receipt.status == "accepted", receipt.delivery.reason
    # In order of their instants: how a feed lays its rows down is another matter.
    return sorted(made.accepted(receipt, WANTED), key=lambda row: row[1]), made.refused(receipt)


def test_the_delimited_rows_are_as_worked_by_hand(made: MadeStore) -> None:
    rows, refused = held(made, "csv")
    assert [row[1:] for row in rows] == [
        (1772359200000000, 1769938200000000, 1772359200000000, 3, "response", "4.1.1"),
        (1772362800250000, None, 1772359201000000, None, "request", "8.14.2"),
    ]
    # The third row's target is negative (AT-03), the fourth has no identifier: refused.
    assert [row[:2] for row in refused] == [(4, "AT-03"), (5, "AT-EMPTY:request_id")]


@pytest.mark.parametrize("kind", ["csv.gz", "parquet", "xlsx", "jsonl"])
def test_the_other_formats_give_the_same(made: MadeStore, tmp_path: Path, kind: str) -> None:
    expected, wrong = held(made, "csv")
    other = make_store(tmp_path / "other")
    other.shape("x", SHAPE)
    rows, refused = held(other, kind)
    assert rows == expected
    # Line 1 is the header where there is one.
    first = 0 if kind in {"csv.gz", "xlsx"} else 1
    assert [row[:3] for row in refused] == [(line - first, *rest) for line, *rest in [row[:3] for row in wrong]]
    assert all(row[3] for row in refused)


# Half of a character that takes two: no text can hold it.
HALF = '{"id": "A:B:1", "srv": "\\ud83d"}'


def test_json_lines_that_are_none(made: MadeStore) -> None:
    good = {"id": "A:B:1", "at": "2026-03-01T10:00:00Z", "local": None, "epoch": 1772359200, "hops": 1, "answered": True, "srv": "4.1.1"}
    lines = [
        json.dumps(good),
        "{",
        "[1]",
        "",
        json.dumps({**good, "srv": ["4.1.1"]}),
        '{"id": NaN',
        HALF,
        json.dumps({**good, "id": "A:B:2"}),
    ]
    (receipt,) = made.take_in(made.file("X_20260301.jsonl", "\n".join(lines)))
    assert [row[:2] for row in made.refused(receipt)] == [(line, "AT-STRUCT-JSON") for line in (2, 3, 5, 6, 7)]
    assert receipt.delivery.accepted == 2
    assert receipt.delivery.blank == 1


def test_a_key_no_json_line_has_is_a_missing_column(made: MadeStore) -> None:
    (receipt,) = made.take_in(made.file("X_20260301.jsonl", json.dumps({"id": "A:B:1", "at": "2026-03-01T10:00:00Z", "lokal": 1})))
    assert 'column "answered" is missing' in receipt.delivery.reason


def test_a_nested_parquet_column_is_refused_clearly(made: MadeStore) -> None:
    path = made.incoming / "X_20260301.parquet"
    duckdb.sql("SELECT 'a' AS id, ['x'] AS at, 1 AS local, 1 AS epoch, 1 AS hops, true AS answered, '4' AS srv").write_parquet(str(path))
    (receipt,) = made.take_in(path)
    assert 'column "at" holds VARCHAR[]; a single value a row was expected' in receipt.delivery.reason


def test_a_sheet_that_is_missing_and_empty_first_rows(made: MadeStore) -> None:
    path = write(made, "xlsx")
    made.shape("x", SHAPE.replace('sender = "DSP"', 'sender = "DSP"\nsheet = "march"'))
    (receipt,) = made.take_in(path)
    assert 'sheet "march" is missing (found: trail)' in receipt.delivery.reason
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("march")
        sheet.write_row(2, 1, ("id", "at", "local", "epoch", "hops", "answered", "srv"))
        sheet.write_row(4, 1, ("A:B:1", "2026-03-01T10:00:00Z", "", "", 5, True, "4.1.1"))
    (receipt,) = made.take_in(path)
    assert receipt.status == "accepted", receipt.delivery.reason
    # The empty first column is a column of the file; row numbers are those the sender sees.
    assert made.accepted(receipt, "line") == [(5,)]


def test_an_unpacked_file_of_another_encoding_without_a_header(made: MadeStore) -> None:
    text = SHAPE.replace(
        'sender = "DSP"',
        'sender = "DSP"\nencoding = "cp1252"\ndelimiter = ";"\nheader = false\npositions = ' + str(list(COLUMNS)),
    )
    made.shape("x", text)
    content = "A:B:1;2026-03-01T10:00:00Z;;;;true;caf\u00e9\r\n".encode("cp1252")
    (receipt,) = made.take_in(made.file("X_20260301.csv", content))
    assert made.accepted(receipt, "line, srv") == [(1, "caf\u00e9")]
