"""tocsin worklist: every row a person must act on, with the sender's own identifiers and no personal column; CSV, XLSX, JSON."""

import csv
import io
import shutil
import tomllib
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from desk_road import Desk, new_desk
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.reports.work_list import WorkColumn, WorkList, check_list
from tocsin.reports.work_lists import all_work_lists
from tocsin.vocabulary.comms_hubs import BUCKETS, TO_DO
from tocsin.vocabulary.errors import BadDeclaration

SCENARIO = Path(__file__).resolve().parents[2] / "scenarios" / "given_hubs_installed_without_wan"
MPXN = "10000000000"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The scenario's month, closed."""
    told = tomllib.loads((SCENARIO / "covers.toml").read_text(encoding="utf-8"))
    made = new_desk(tmp_path_factory.mktemp("worklist") / "w")
    for shape in (SCENARIO / "when" / "shapes").glob("*.toml"):
        shutil.copy(shape, made.root / "shapes")
    for name, received_at in told["received"].items():
        made.take_in(SCENARIO / "when" / name, received_at=received_at)
    made.close("2021-08", told["runs"]["figures.csv"])
    return made


def test_what_does_not_match_and_what_to_do(desk: Desk) -> None:
    rows = desk("worklist", "2021-08", "--list", "no_wan_reconciliation", "--format", "json").rows
    told = [(row["Bucket"], row["Communications Hub"], row["Incident"], row["In conflict"], row["State"]) for row in rows]
    assert told == [
        ("M2a", "H3", "INC3", "", "Awaiting a decision inside the 90 days"),
        ("U1", "H4", "", "", "Awaiting a decision inside the 90 days"),
        ("U4", "H9", "INC9", "", "Awaiting a decision inside the 90 days"),
        ("X", "H5", "INC5", "category", "Installed and commissioned"),
    ]
    assert [row["What to do"] for row in rows] == [TO_DO[row["Bucket"]] for row in rows]
    assert rows[0]["8.14.2 received (UTC)"] == "2021-08-03 11:00:00"
    assert rows[2]["8.14.2 received (UTC)"] == ""


def test_the_most_urgent_first(desk: Desk) -> None:
    rows = desk("worklist", "2021-08", "--list", "no_wan_awaiting", "--format", "json").rows
    assert [(row["Communications Hub"], row["Days left of 90"]) for row in rows] == [("H3", 55), ("H9", 56), ("H4", 56)]


def test_lists_there_are(desk: Desk) -> None:
    rows = desk("worklist", "2021-08", "--format", "json").rows
    counted = {row["list"]: row["rows"] for row in rows}
    assert (counted["no_wan_reconciliation"], counted["no_wan_awaiting"]) == (4, 3)
    assert list(counted) == list(all_work_lists())


def test_files_hold_the_same_rows_and_no_personal_data(desk: Desk, tmp_path: Path) -> None:
    said = desk("worklist", "2021-08", "--list", "no_wan_reconciliation", "--out", tmp_path / "list.csv")
    assert said.out.endswith("list.csv: 4 rows\n")
    text = (tmp_path / "list.csv").read_text(encoding="utf-8")
    printed = desk("worklist", "2021-08", "--list", "no_wan_reconciliation", "--format", "csv").table
    assert list(csv.DictReader(io.StringIO(text))) == printed
    assert MPXN not in text
    for name in ("a.xlsx", "b.xlsx"):
        desk("worklist", "2021-08", "--list", "no_wan_reconciliation", "--out", tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert all(word in words for word in ("INC3", "H9", TO_DO["U1"], BUCKETS["M2a"]))
    assert MPXN not in words


def test_what_cannot_be_written_or_found_is_said(desk: Desk, tmp_path: Path) -> None:
    said = desk("worklist", "2021-08", "--list", "no_wan_reconciliation", "--out", tmp_path / "list.pdf")
    assert (said.code, ".csv or .xlsx" in said.err) == (10, True)
    said = desk("worklist", "2021-08", "--list", "nothing_like_it")
    assert (said.code, "no_wan_awaiting" in said.err) == (10, True)


def test_an_empty_list_is_said_to_be_empty(desk: Desk, tmp_path: Path) -> None:
    desk.take_in(SCENARIO / "when" / "DSP_SAT_20210803_final.csv", received_at="2021-08-04T06:00Z")
    desk.close("2021-10", "2021-12-15T00:00:00Z")
    said = desk("worklist", "2021-10", "--list", "no_wan_awaiting", "--out", tmp_path / "none.xlsx")
    assert said.out.endswith("none.xlsx: 0 rows\n")
    with zipfile.ZipFile(tmp_path / "none.xlsx") as book:
        assert "Nothing to do" in book.read("xl/sharedStrings.xml").decode()


GOOD = WorkList("good", "Good", "Good.", NO_WAN_MATCHES.name, "bucket = 'U1'", (WorkColumn("Bucket", "bucket"),), ("bucket",), 1)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"of": "nothing"}, "is no journey"),
        ({"which": "no_such = 1"}, "no_such"),
        ({"sorted_by": ("no_such",)}, "is no attribute of no_wan_matches"),
        ({"columns": (WorkColumn("Bucket", "bucket", "colour"),)}, 'kind "colour"'),
        ({"columns": (WorkColumn("Hub", "hub_key", "identifier"),)}, "where its text is told"),
        (
            {"columns": (WorkColumn("MPxN", "hub_key", "identifier", told_in=(("no_sm_wan_incidents", "mpxn"),)),)},
            "is personal",
        ),
    ],
)
def test_bad_declarations_are_refused(changes, said) -> None:
    assert check_list(GOOD) is GOOD
    with pytest.raises(BadDeclaration, match=said):
        check_list(replace(GOOD, **changes))
