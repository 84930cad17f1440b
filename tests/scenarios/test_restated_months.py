"""A late final restates its month: the run before stands beside it, the next month's report tells it, and compare lists every figure."""

import json
from pathlib import Path
from typing import Any

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows

AUGUST, SEPTEMBER = "2021-08", "2021-09"
RATE = "meter_reads.success_rate"


def _request(number: int, day: str, *, is_answered: bool) -> list[tuple[object, ...]]:
    asked = (f"U:D:{number}", f"{day}T10:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "U", "D", "North", "CSPN")
    answer = (f"U:D:{number}", f"{day}T10:00:05Z", "TX_USER", "response", "4.1.1", "", "I0", "ok", "U", "D", "North", "CSPN")
    return [asked, answer] if is_answered else [asked]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """August is closed by its initial file, in which an answer is missing; its final comes a month later. Nobody owes anything."""
    made = new_desk(tmp_path_factory.mktemp("restated") / "w")
    first, second = _request(1, "2021-08-10", is_answered=True), _request(2, "2021-08-10", is_answered=True)
    initial = write_rows(made.incoming / "DSP_SAT_20210810_initial.csv", AUDIT_COLUMNS, *first, second[0])
    final = write_rows(made.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *first, *second)
    september = write_rows(made.incoming / "DSP_SAT_20210910_final.csv", AUDIT_COLUMNS, *_request(3, "2021-09-10", is_answered=True))
    made.take_in(initial, received_at="2021-08-11T06:00Z")
    made.take_in(september, received_at="2021-09-11T06:00Z")
    made.take_in(final, received_at="2021-10-12T06:00Z")
    return made


@pytest.fixture(scope="module")
def runs(desk: Desk) -> list[str]:
    """August as it was reported in time, August with its final, and September after both."""
    told, again = desk.close(AUGUST, "2021-09-20T00:00Z"), desk.close(AUGUST, "2021-10-14T00:00Z")
    return [told, again, desk.close(SEPTEMBER, "2021-10-20T00:00Z")]


def restated(desk: Desk, month: str, run_id: str) -> dict[str, Any]:
    text = (desk.root / "runs" / month / run_id / "run.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)["restated"]
    return found


def test_a_first_run_restates_nothing(desk: Desk, runs: list[str]) -> None:
    assert restated(desk, AUGUST, runs[0])["months"] == []


def test_the_run_with_the_final_tells_what_the_one_before_it_told(desk: Desk, runs: list[str]) -> None:
    (month,) = restated(desk, AUGUST, runs[1])["months"]
    assert (month["old_run"], month["new_run"]) == (runs[0], runs[1])
    (rate,) = [line for line in month["figures"] if line["name"] == RATE]
    assert (rate["old_shown"], rate["new_shown"], rate["apart"], rate["feeds"]) == ("50.00", "100.00", "+50.00", ["audit_trail"])
    assert [(line["side"], line["submission"]) for line in month["deliveries"]] == [("came", "final"), ("went", "initial")]
    came, went = month["deliveries"]
    assert (came["other"], went["other"]) == (went["delivery_id"], came["delivery_id"])
    assert month["because"] == []


def test_the_next_report_restates_it_though_it_was_made_again_before(desk: Desk, runs: list[str]) -> None:
    """August's report was due on 5 October: what stood then is what its readers know."""
    told = restated(desk, SEPTEMBER, runs[2])
    assert told["told_by"] == runs[0]
    (month,) = told["months"]
    assert (month["month"], month["old_run"], month["new_run"]) == (AUGUST, runs[0], runs[1])
    assert [line["name"] for line in month["figures"]].index(RATE) >= 0


def test_the_report_prints_it(desk: Desk, runs: list[str], tmp_path: Path) -> None:
    assert desk("report", SEPTEMBER, "--run", runs[2], "--formats", "html", "--out", tmp_path).code == 0
    page = (tmp_path / "pmr-2021-09.html").read_text(encoding="utf-8")
    assert "2021-08: figures told otherwise" in page and "+50.00" in page


def test_compare_lists_every_figure_and_why(desk: Desk, runs: list[str]) -> None:
    said = desk("compare", AUGUST, "--format", "json")
    assert said.code == 0
    (rate,) = [row for row in said.rows if row["figure"] == RATE]
    assert (rate["was"], rate["is"], rate["apart"], rate["was_met"], rate["is_met"]) == ("50.00", "100.00", "+50.00", 1, 2)
    assert f"{runs[0]} stood, {runs[1]} stands" in said.err and "2 deliveries came or went" in said.err
    back = desk("compare", AUGUST, "--from", runs[1], "--to", runs[0], "--format", "csv").table
    assert [row["is"] for row in back if row["figure"] == RATE] == ["50.00"]
    moved = desk("compare", AUGUST, "--deliveries", "--format", "json").rows
    assert [(row["side"], row["submission"]) for row in moved] == [("came", "final"), ("went", "initial")]


def test_compare_asks_for_two_runs_that_are_there(desk: Desk, runs: list[str]) -> None:
    alone = desk("compare", SEPTEMBER)
    assert (alone.code, f"no run is before {runs[2]}" in alone.err) == (10, True)
    unknown = desk("compare", AUGUST, "--from", "2021-08-nothing")
    assert (unknown.code, "There is:" in unknown.err) == (10, True)
