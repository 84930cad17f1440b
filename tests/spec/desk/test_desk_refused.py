"""Refused rows at the command line: where they are, why, and as they came; harmless to a screen, and in no log."""

import json
from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, tocsin, write_rows

KEYS = ["delivery", "file", "line", "check", "reason", "row"]
HEADER = ",".join(AUDIT_COLUMNS)


def row(number: int, at: str = "2021-08-10T10:00:00Z", more: str = "") -> str:
    return f"U:D:{number},{at},RX_DSP,request,4.1.1,1,,,Blenkinsop,D,,{more}"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A file with one good row and two refused ones, a later one with a hostile row, one that no Shape fits, and a good one."""
    desk = new_desk(tmp_path / "w")
    files = {
        "DSP_SAT_20210810_final.csv": [row(1), row(2, "yesterday"), row(3, more=",long")],
        "DSP_SAT_20210811_final.csv": [row(4, "\x1b[31mred"), row(5, "x" * 300)],
    }
    for name, lines in files.items():
        (desk.incoming / name).write_text("\n".join([HEADER, *lines, ""]))
        desk.take_in(desk.incoming / name, received_at="2021-08-12T06:00Z")
    write_rows(desk.incoming / "DSP_SAT_20210812_final.csv", AUDIT_COLUMNS)
    (desk.incoming / "strange.bin").write_text("?")
    assert desk("take-in", "--received-at", "2021-08-13T06:00Z").code == 11
    return desk


def test_every_row_with_its_place_and_reason_the_latest_first(desk: Desk) -> None:
    rows = desk("refused", "--format", "json").rows
    assert all(list(one) == KEYS for one in rows)
    assert [(one["file"], one["line"]) for one in rows] == [
        ("DSP_SAT_20210811_final.csv", 2), ("DSP_SAT_20210811_final.csv", 3), ("DSP_SAT_20210810_final.csv", 3),
        ("DSP_SAT_20210810_final.csv", 4), ("strange.bin", None),
    ]  # fmt: skip
    assert rows[2]["row"] == row(2, "yesterday") and "found yesterday" in rows[2]["reason"]
    assert rows[-1]["check"] is None and "no Shape fits" in rows[-1]["reason"]


def test_of_one_delivery_and_of_one_check(desk: Desk) -> None:
    name = desk("refused", "--format", "json").rows[2]["delivery"]
    assert {one["delivery"] for one in desk("refused", "-d", name, "--format", "json").rows} == {name}
    (one,) = desk("refused", "--check", "AT-STRUCT-LONG", "--format", "json").rows
    assert one["line"] == 4
    unknown = desk("refused", "--check", "AT-99")
    assert unknown.code == 10 and "AT-STRUCT-LONG" in unknown.err
    assert desk("refused", "--delivery", "nonsense").code == 10


def test_some_of_them_and_how_many_there_are(desk: Desk) -> None:
    said = desk("refused", "--rows", "2", "--format", "csv")
    assert len(said.table) == 2
    assert (
        said.err
        == "Refused: 4 rows of 2 deliveries, and 1 whole file. Listed, a line each and a row once a reason: 2; --rows 0 lists all.\n"
    )
    assert len(desk("refused", "--rows", "0", "--format", "csv").table) == 5


def test_a_row_does_not_steer_the_screen_and_is_cut_there_alone(desk: Desk) -> None:
    said = desk("refused")
    assert "\x1b" not in said.out and "\\x1b[31mred" in said.out and "x" * 300 not in said.out
    assert any("x" * 300 in (one["row"] or "") for one in desk("refused", "--format", "json").rows)
    assert "\x1b" in desk("refused", "--format", "json").rows[0]["row"]


def test_rows_are_in_no_log(desk: Desk) -> None:
    said = tocsin("--log", "refused", "--workspace", desk.root)
    assert said.code == 0 and "Blenkinsop" in said.out and "Blenkinsop" not in said.err


def test_a_withdrawn_delivery_is_still_looked_at(desk: Desk) -> None:
    before = desk("refused", "--format", "json").rows
    assert desk("withdraw", before[0]["delivery"], "--reason", "test data").code == 0
    assert desk("refused", "--format", "json").rows == before


def test_where_nothing_was_refused(tmp_path: Path) -> None:
    said = new_desk(tmp_path / "w")("refused", "--format", "json")
    assert (said.code, json.loads(said.out)) == (0, [])


def test_rows_that_are_gone_are_told(desk: Desk) -> None:
    name = desk("refused", "--format", "json").rows[0]["delivery"]
    (desk.root / "store" / "deliveries" / name / "refused.parquet").unlink()
    said = desk("refused")
    assert said.code == 13 and "tocsin doctor" in said.err and "Traceback" not in said.err
