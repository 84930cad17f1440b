"""Figures and reports at the command line: three forms with pinned keys, nothing a spreadsheet would run, every format of the report."""

import json
from pathlib import Path

import pytest

from desk_month import AS_AT, MONTH
from desk_road import INCIDENT_COLUMNS, Desk, new_desk, write_rows

KEYS = [
    "name", "subject", "indicator", "breakdown", "unit", "counted", "met", "value", "shown", "status", "target", "minimum", "marks",
    "journey", "predicate", "source", "filled", "expected", "so_far",
]  # fmt: skip


def test_json_is_a_stable_contract(month: Desk) -> None:
    rows = month("figures", MONTH, "--format", "json").rows
    assert all(list(row) == KEYS for row in rows)
    cpm_1 = next(row for row in rows if row["name"] == "cpm_1")
    assert cpm_1 | {"counted": 0, "met": 0, "value": "", "shown": "", "predicate": ""} == {
        "name": "cpm_1", "subject": "cpm_1", "indicator": "", "breakdown": "", "unit": "percent", "counted": 0, "met": 0, "value": "",
        "shown": "", "status": "below_minimum", "target": "99", "minimum": "96", "marks": "assumed_level", "journey": "service_requests",
        "predicate": "", "source": "toc_proxy", "filled": 0, "expected": 0, "so_far": "",
    }  # fmt: skip
    assert isinstance(cpm_1["counted"], int) and isinstance(cpm_1["met"], int)
    hole = next(row for row in rows if row["status"] == "no_data")
    assert (hole["counted"], hole["met"], hole["value"]) == (None, None, None)
    split = next(row for row in rows if row["name"].startswith("cpm_5/category="))
    assert list(json.loads(split["breakdown"])) == ["category"]


def test_csv_says_what_json_says(month: Desk) -> None:
    as_json = month("figures", MONTH, "--format", "json").rows
    as_csv = month("figures", MONTH, "--format", "csv").table
    assert [{key: "" if cell is None else str(cell) for key, cell in row.items()} for row in as_json] == as_csv


def test_a_table_for_people(month: Desk) -> None:
    said = month("figures", MONTH, "--measure", "cpm_4")
    assert said.code == 0
    lines = [line.split() for line in said.out.splitlines() if line.strip().startswith("cpm_4")]
    assert lines[0][0] == "cpm_4" and "below minimum" in said.out
    assert all(line[0].startswith("cpm_4") for line in lines)


def test_a_measure_that_is_not_there_names_those_that_are(month: Desk) -> None:
    said = month("figures", MONTH, "--measure", "cpm_9")
    assert said.code == 10 and 'measure: "cpm_9" is not known. There is:' in said.err and "cpm_5a" in said.err


FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1")


@pytest.fixture(scope="session")
def formulas(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Incidents of Resolver Groups whose names a spreadsheet would run."""
    desk = new_desk(tmp_path_factory.mktemp("formulas") / "w")
    rows = [
        (f"=INC{n}", f"2021-08-02T0{n}:{minute}:00Z", status, "", 3, group, "")
        for n, group in enumerate(FORMULAS)
        for minute, status in (("00", "new"), ("30", "resolved"))
    ]
    desk.take_in(write_rows(desk.incoming / "REMEDY_LOG_202108_final.csv", INCIDENT_COLUMNS, *rows), received_at="2021-09-02T06:00Z")
    desk.close(MONTH, AS_AT)
    return desk


def test_no_cell_of_a_csv_is_a_formula(formulas: Desk) -> None:
    printed = [formulas("figures", MONTH, "--format", "csv").table, formulas("trace", "cpm_5", "--format", "csv").table]
    assert formulas("report", MONTH, "--formats", "csv").code == 0
    (written,) = (formulas.root / "runs" / MONTH).glob("*/report/figures.csv")
    assert "=1+1" in written.read_text()
    for rows in printed:
        assert rows
        cells = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    texts = [row["text"] for row in printed[1]]
    assert texts and all(text.startswith("'=INC") for text in texts)
    # JSON goes to programs: there the text is as it came.
    assert all(row["text"].startswith("=INC") for row in formulas("trace", "cpm_5", "--format", "json").rows)


def test_a_report_in_every_format(month_copy: Desk, tmp_path: Path) -> None:
    said = month_copy("report", MONTH)
    assert said.code == 0, said.err
    written = [Path(line) for line in said.out.splitlines()]
    assert [path.name for path in written] == [
        f"pmr-{MONTH}.pdf",
        f"pmr-{MONTH}.html",
        f"pmr-{MONTH}.xlsx",
        "figures.csv",
        "figures.parquet",
        "figures.json",
    ]
    assert all(path.is_file() and path.parent.name == "report" for path in written)
    assert written[0].read_bytes().startswith(b"%PDF-")
    said = month_copy("report", MONTH, "--out", tmp_path / "out", "--formats", "csv, html")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["figures.csv", f"pmr-{MONTH}.html"]
    assert (tmp_path / "out" / "figures.csv").read_bytes() == written[3].read_bytes()
    assert month_copy("doctor").code == 0


def test_a_format_that_is_not_there(month: Desk) -> None:
    said = month("report", MONTH, "--formats", "docx")
    assert said.code == 10 and 'format "docx" is not known' in said.err
