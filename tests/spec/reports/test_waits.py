"""What a run still waits for: unfilled slots by feed and sender, and the section that tells how complete the report is."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from frozen_run import FOREIGN, made_up_run
from tocsin.reports.blocks import Block, Table
from tocsin.reports.frozen import AreaText, FrozenRun, from_json, to_json
from tocsin.reports.frozen_received import SlotLine
from tocsin.reports.frozen_waits import WaitLine
from tocsin.reports.received import Received
from tocsin.reports.sections.completeness import build
from tocsin.reports.waits import subjects_by_feed, wait_lines
from tocsin.vocabulary.calendar import Period

AUGUST = Period(2021, 8)
NOTHING = Received((), (), (), (), {}, (), (), (), (), ())


def slot(feed: str, sender: str, state: str, due_at: int | None = 100) -> SlotLine:
    return SlotLine(feed, sender, "2021-08-01", due_at, state)


def lines(slots: tuple[SlotLine, ...], later: tuple[SlotLine, ...] = (), reference: Path = Path(__file__).parent) -> tuple[WaitLine, ...]:
    return wait_lines(replace(NOTHING, slots=slots, later_slots=later), AUGUST, reference)


def test_what_is_missing_and_what_is_to_come_is_told_once_a_sender():
    slots = (
        slot("audit_trail", "DSP", "on_time"), slot("audit_trail", "DSP", "missing", 300), slot("audit_trail", "DSP", "missing", 200),
        slot("audit_trail", "DSP", "not_due_yet", 900), slot("audit_trail", "DSP", "not_due_yet", 800),
        slot("audit_trail", "CSPN", "late"), slot("party_list", "DCC", "not_expected", None),
    )  # fmt: skip
    (line,) = lines(slots)
    assert (line.feed, line.sender, line.owed, line.missing, line.to_come) == ("audit_trail", "DSP", 5, 2, 2)
    assert (line.overdue_at, line.next_due_at, line.is_after) == (200, 800, False)
    assert {"cpm_1", "prepayment"} <= set(line.subjects) and "cpm_4" not in line.subjects


def test_a_slot_that_is_due_never_has_no_instant():
    (line,) = lines((slot("incidents", "DCC", "not_due_yet", None),))
    assert (line.missing, line.to_come, line.overdue_at, line.next_due_at) == (0, 1, None, None)


def test_the_longest_missing_comes_first_and_the_days_after_the_period_last():
    slots = (
        slot("incidents", "DCC", "not_due_yet", 1),
        slot("audit_trail", "CSPN", "missing", 9),
        slot("audit_trail", "DSP", "missing", 5),
    )
    found = lines(slots, (slot("audit_trail", "DSP", "missing", 2),))
    assert [(line.sender, line.is_after) for line in found] == [("DSP", False), ("CSPN", False), ("DCC", False), ("DSP", True)]


def test_nothing_is_waited_for_when_all_is_in():
    assert lines((slot("audit_trail", "DSP", "late"), slot("audit_trail", "DSP", "not_expected", None))) == ()


def test_what_is_told_as_it_stood_on_a_working_day_waits_for_nothing(tmp_path: Path):
    resting = subjects_by_feed(AUGUST, tmp_path)
    assert "incidents" in resting["incidents"] and "incident_days" not in resting["incidents"]


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {block.caption: block for block in blocks if isinstance(block, Table)}


@pytest.fixture(scope="module")
def run() -> FrozenRun:
    return made_up_run()


def test_the_section_says_who_is_waited_for_and_until_when(run: FrozenRun):
    (dsp, foreign, after) = tables(build(run))["What this month still waits for, by sender"].rows
    assert dsp == ("Audit trail", "DSP", "the month", 31, 1, "2021-09-01 00:00:00", 0, "none")
    assert foreign == ("Incidents", FOREIGN, "the month", 1, 0, "none", 1, "no due date")
    assert after == ("Audit trail", "DSP", "days after it", 2, 0, "none", 2, "2021-10-01 00:00:00")


def test_senders_of_whom_the_same_is_waited_for_stand_in_one_row_of_the_page(run: FrozenRun):
    both = replace(run, waits=(run.waits[0], replace(run.waits[0], sender="CSPN"), replace(run.waits[0], sender="CSPC", missing=2)))
    told = tables(build(both))
    assert [row[1] for row in told["What this month still waits for"].rows] == ["DSP, CSPN", "CSPC"]
    assert [row[1] for row in told["What this month still waits for, by sender"].rows] == ["DSP", "CSPN", "CSPC"]


def test_what_waits_for_the_same_stands_in_one_row_of_the_page(run: FrozenRun):
    told = tables(build(run))["What rests on files that are not in"]
    assert told.only_in == "page"
    assert ("Audit trail", "30 of 31", "CPM 1, CPM 2, Pre-Payment, Meter Reads") in told.rows
    assert ("Incidents", "30 of 31", "CPM 4, CPM 5, CPM 5A") in told.rows


def test_the_workbook_has_every_subject_and_its_files(run: FrozenRun):
    own = replace(run, areas=(AreaText("other", "Other", 99, "", ""),))
    told = tables(build(own))["Files in, of those owed"]
    assert told.only_in == "workbook"
    assert ("CPM 5A", "30 of 31", "Incidents") in told.rows and ("Other", "30 of 31", "nothing") in told.rows
    unowed = replace(run, figures=tuple(replace(figure, filled=0, expected=0) for figure in run.figures))
    assert {row[1] for row in tables(build(unowed))["Files in, of those owed"].rows} == {"none owed"}


def test_a_complete_run_waits_for_nothing_and_one_of_whom_nothing_was_expected_says_so():
    whole = made_up_run(is_complete=True)
    told = tables(build(whole))["What this month still waits for"]
    assert not told.rows and told.empty == "Nothing: every file that was owed is in."
    assert tables(build(replace(whole, slots=())))["What this month still waits for"].empty.endswith("expected of any sender.")


def test_a_run_of_before_waits_were_kept_is_read(run: FrozenRun):
    """Fields that came later are left out of the text, as an older run has it."""
    old = json.loads(to_json(run))
    del old["waits"]
    for figure in old["figures"]:
        del figure["filled"], figure["expected"], figure["so_far"]
    read = from_json(json.dumps(old))
    assert read.waits == () and {(figure.filled, figure.expected, figure.so_far) for figure in read.figures} == {(0, 0, "")}
    assert [figure.value for figure in read.figures] == [figure.value for figure in run.figures]
