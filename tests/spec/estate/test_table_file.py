"""Small tables in every form: cells as their layout says, the same bytes for the same rows, read back by the product's own readers."""

import csv
import gzip
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
import python_calamine

from tocsin.estate.senders.table_file import Format, TableLayout, write_table
from tocsin.vocabulary.calendar import parse_instant

ROWS = (
    {"id": "INC1", "at": parse_instant("2021-07-01T12:00:00.123Z"), "on": date(2021, 7, 2), "is_met": True, "category": 3},
    {"id": "INC2, said \"urgent\"", "at": parse_instant("2021-12-01T12:00:00Z"), "on": None, "is_met": False},
)  # fmt: skip
COLUMNS = {"Ref": "id", "Logged": "at", "On": "on", "Met": "is_met", "Cat": "category"}
WORDS = {"is_met": {"true": "Y", "false": "N"}, "category": {"3": "C3"}}
EXPECTED = [
    ["INC1", "01/07/2021 13:00:00.123", "02.07.2021", "Y", "C3"],
    ['INC2, said "urgent"', "01/12/2021 12:00:00.000", "", "N", ""],
]


def layout(form: Format, **others: Any) -> TableLayout:
    own = {"stamps": ("at",), "stamp": "%d/%m/%Y %H:%M:%S.%f", "zone": "Europe/London", "date": "%d.%m.%Y", "values": WORDS}
    return TableLayout(COLUMNS, form, **{**own, **others})


def read(path: Path, form: str) -> list[list[str]]:
    """All cells, header first."""
    if form == "xlsx":
        return python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    if form == "parquet":
        found = duckdb.sql(f"FROM read_parquet('{path}')")
        return [found.columns, *([cell or "" for cell in row] for row in found.fetchall())]
    text = gzip.decompress(path.read_bytes()) if form.endswith(".gz") else path.read_bytes()
    if form.startswith("jsonl"):
        objects = [json.loads(line) for line in text.decode().splitlines()]
        return [list(objects[0]), *(list(one.values()) for one in objects)]
    return list(csv.reader(io.StringIO(text.decode())))


@pytest.mark.parametrize("form", ["csv", "csv.gz", "jsonl", "jsonl.gz", "xlsx", "parquet"])
def test_cells_are_as_the_layout_says(tmp_path: Path, form: Format) -> None:
    """Local stamps in summer and winter time, dates, own words, empty cells, quoted text; written twice it is the same file."""
    for run in "ab":
        assert write_table(tmp_path / run, layout(form), iter(ROWS)) == 2
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert read(tmp_path / "a", form) == [list(COLUMNS), *EXPECTED]


@pytest.mark.parametrize(
    ("stamp", "text"), [("iso", "2021-07-01T12:00:00.123Z"), ("epoch_ms", "1625140800123"), ("epoch_us", "1625140800123000")]
)
def test_stamps_of_other_forms(tmp_path: Path, stamp: str, text: str) -> None:
    write_table(tmp_path / "a", layout("csv", stamp=stamp), ROWS[:1])
    assert read(tmp_path / "a", "csv")[1][1] == text


def test_a_table_without_rows_is_no_empty_file(tmp_path: Path) -> None:
    """A header alone says that nothing happened; JSON lines say it with a blank line; without a header the gzip at least has a head."""
    forms: dict[Format, bytes] = {"csv": b"Ref,Logged,On,Met,Cat\n", "jsonl": b"\n"}
    for form, text in forms.items():
        write_table(tmp_path / form, layout(form), ())
        assert (tmp_path / form).read_bytes() == text
    write_table(tmp_path / "bare", layout("csv.gz", has_header=False), ())
    assert gzip.decompress((tmp_path / "bare").read_bytes()) == b""
    write_table(tmp_path / "parquet", layout("parquet"), ())
    assert read(tmp_path / "parquet", "parquet") == [list(COLUMNS)]


def test_another_encoding_and_delimiter(tmp_path: Path) -> None:
    write_table(tmp_path / "a", layout("csv", encoding="utf-16", delimiter="\t", has_header=False), ROWS)
    assert (tmp_path / "a").read_bytes().decode("utf-16").splitlines()[0] == "\t".join(EXPECTED[0])
