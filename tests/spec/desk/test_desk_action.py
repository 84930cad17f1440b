"""tocsin action: recorded against a change the run tells, listed, noted, closed, and proved by doctor."""

from pathlib import Path

import pytest

from desk_road import Desk, new_desk
from frozen_run import made_up_run
from tocsin.reports.run_store import write_run

MONTH, KEY = "2021-08", "cpm_4:below_level"
NEW = ("--text", "Ask for the causes", "--owner", "OPSG", "--due", "2021-10-31", "--at", "2021-10-01T09:00Z")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """A workspace with the made-up run, which tells six changes."""
    made, run = new_desk(tmp_path / "w"), made_up_run()
    folder = made.root / "runs" / MONTH / run.run_id
    folder.mkdir(parents=True)
    write_run(run, folder)
    return made


def test_changes_lists_the_keys(desk: Desk) -> None:
    rows = desk("changes", MONTH, "--format", "json").rows
    assert [row["key"] for row in rows][:2] == [KEY, "audit_trail/DSP:missing"]
    assert rows[3] == {
        "key": "prepayment.success_rate:fell", "kind": "fell", "title": "Pre-Payment: Success rate", "before": "98.00", "now": "96.01",
        "change": "\N{MINUS SIGN}1.99", "unit": "percent", "events": 215, "since": "2021-06", "months": 3, "against": "2021-05",
        "figure": "prepayment.success_rate",
    }  # fmt: skip
    assert rows[1]["figure"] is None


def test_an_action_from_first_to_last(desk: Desk) -> None:
    assert desk("action", "record", MONTH, "--change", KEY, *NEW).out == f"action A1 against {KEY}, due 2021-10-31\n"
    assert desk("action", "note", "A1", "--text", "Asked  on\nMonday", "--at", "2021-10-02T09:00Z").out == "action A1: note added\n"
    assert desk("action", "list", "--as-at", "2021-11-01T00:00Z", "--format", "json").rows == [
        {
            "action": "A1", "state": "overdue", "change": KEY, "month": MONTH, "text": "Ask for the causes", "owner": "OPSG",
            "due_on": "2021-10-31", "recorded_at": "2021-10-01 09:00:00Z", "closed_at": None, "notes": "Asked on Monday",
        }
    ]  # fmt: skip
    assert desk("action", "close", "A1", "--at", "2021-11-02T09:00Z").out == "action A1: closed\n"
    (row,) = desk("action", "list", "--format", "json").rows
    assert (row["state"], row["closed_at"]) == ("closed", "2021-11-02 09:00:00Z")
    assert desk("doctor").code == 0


def test_a_change_that_the_run_does_not_tell_is_refused_with_those_it_tells(desk: Desk) -> None:
    said = desk("action", "record", MONTH, "--change", "cpm_1:fell", *NEW)
    assert said.code == 10
    assert 'tells no change "cpm_1:fell". It tells: cpm_4:below_level, audit_trail/DSP:missing, cpm_2:incomplete' in said.err
    assert not (desk.root / "actions.jsonl").exists()


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("record", MONTH, *NEW), 2, "--change"),
        (("record", MONTH, "--change", KEY, "--text", "x"), 2, "--owner"),
        (("record", "--change", KEY, *NEW), 2, "MONTH"),
        (("record", MONTH, "--change", KEY, *NEW[:5], "soon"), 10, "a date such as 2021-10-31"),
        (("record", MONTH, "--change", KEY, "--text", " ", *NEW[2:]), 10, "1 to 2,000 characters"),
        (("record", "2021-07", "--change", KEY, *NEW), 10, "no run yet"),
        (("note", "--text", "x"), 2, "ACTION"),
        (("note", "A1"), 2, "--text"),
        (("close", "A7"), 10, "There is: none yet"),
        (("close", "A7", "--at", "2999-01-01T00:00Z"), 2, "has not come yet"),
        (("mend", "A7"), 2, "mend"),
    ],
)
def test_what_is_wrong_is_said(desk: Desk, words: tuple[str, ...], code: int, told: str) -> None:
    said = desk("action", *words)
    assert (said.code, told in said.err) == (code, True), said.err


def test_its_words_are_no_formula(desk: Desk) -> None:
    desk("action", "record", MONTH, "--change", KEY, "--text", "=HYPERLINK(1)", *NEW[2:])
    (row,) = desk("action", "list", "--format", "csv").table
    assert row["text"] == "'=HYPERLINK(1)"


def test_help_says_to_name_no_party(desk: Desk) -> None:
    assert "name none of them" in desk("action", "--help").out


def test_doctor_finds_a_changed_line_and_a_torn_end(desk: Desk) -> None:
    for _ in range(2):
        assert desk("action", "record", MONTH, "--change", KEY, *NEW).code == 0
    journal = desk.root / "actions.jsonl"
    whole = journal.read_text()
    journal.write_text(whole + '{"after": "1')
    said = desk("doctor", "--format", "json")
    assert said.code == 10 and [(row["what"], "12 bytes" in row["problem"]) for row in said.rows] == [("actions", True)]
    # The next one sweeps it away, and is numbered as if it had never been.
    assert desk("action", "record", MONTH, "--change", KEY, *NEW).out.startswith("action A3")
    assert desk("doctor").code == 0
    journal.write_text(journal.read_text().replace("OPSG", "Nobody", 1))
    said = desk("doctor", "--format", "json")
    assert said.code == 10 and "the line before it was changed" in said.rows[0]["problem"]
