"""What a run tells of how its files came: again, in another's place, not at all by agreement, and in the days after the period."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from desk_road import AUDIT_COLUMNS, Desk, new_desk, write_rows
from tocsin.deliveries.slots import Expectation, owed, silences, states
from tocsin.feeds import all_feeds
from tocsin.reports.blocks import Table
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.frozen_received import SilenceLine
from tocsin.reports.run_store import read_run
from tocsin.reports.sections import data_quality, feeds_and_deadlines
from tocsin.vocabulary.calendar import Period, WorkingDays, parse_instant

AUGUST = Period(2021, 8)
SETTINGS = """
[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"
until = 2021-08-12

[[expected]]
feed = "audit_trail"
sender = "DSP"
every = "day"
since = 2021-08-15
"""


def _rows(*numbers: int) -> list[tuple[object, ...]]:
    return [(f"U:D:{n}", "2021-08-10T10:00:00Z", "RX_DSP", "request", "4.1.1", 1, "", "", "U", "D", "", "") for n in numbers]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> FrozenRun:
    """The 10th comes as initial, as final, and as that final once more; the 1st of September comes late."""
    desk: Desk = new_desk(tmp_path_factory.mktemp("came") / "w", SETTINGS)
    initial = write_rows(desk.incoming / "DSP_SAT_20210810_initial.csv", AUDIT_COLUMNS, *_rows(1))
    final = write_rows(desk.incoming / "DSP_SAT_20210810_final.csv", AUDIT_COLUMNS, *_rows(1, 2))
    after = write_rows(desk.incoming / "DSP_SAT_20210901_final.csv", AUDIT_COLUMNS)
    desk.take_in(initial, received_at="2021-08-11T06:00Z")
    desk.take_in(final, received_at="2021-08-12T06:00Z")
    desk.take_in(final, received_at="2021-08-13T06:00Z")
    desk.take_in(after, received_at="2021-09-03T06:00Z")
    desk.close("2021-08", "2021-09-10T00:00Z")
    return read_run(desk.root / "runs", AUGUST)


def test_a_file_received_again_is_told_with_what_it_repeats(run: FrozenRun) -> None:
    (again,) = run.repeated_files
    (stands,) = [line for line in run.deliveries if line.covers == "2021-08-10"]
    assert (again.file_name, again.received_at) == ("DSP_SAT_20210810_final.csv", parse_instant("2021-08-13T06:00Z"))
    assert again.same_as == stands.delivery_id


def test_a_delivery_whose_place_another_took_is_told_with_that_one(run: FrozenRun) -> None:
    (line,) = run.superseded
    (stands,) = [one for one in run.deliveries if one.covers == "2021-08-10"]
    assert (line.file_name, line.covers, line.submission) == ("DSP_SAT_20210810_initial.csv", "2021-08-10", "initial")
    assert line.stands == stands.delivery_id != line.delivery_id


def test_silences_and_the_days_after_are_told(run: FrozenRun) -> None:
    assert run.silences == (SilenceLine("audit_trail", "DSP", "2021-08-12 to 2021-08-14"),)
    assert [(slot.covers, slot.state) for slot in run.later_slots] == [("2021-09-01", "late"), ("2021-09-02", "missing")]
    assert "1 owed audit trail file of the two days after the period is not in: late answers would be in it." in run.provisional_because


def test_the_section_prints_all_of_it(run: FrozenRun) -> None:
    blocks = [*data_quality.build(run), *feeds_and_deadlines.build(run)]
    tables = {block.caption: block for block in blocks if isinstance(block, Table)}
    assert [row[0] for row in tables["Files received again"].rows] == ["DSP_SAT_20210810_final.csv"]
    assert [row[1] for row in tables["Deliveries whose place another took"].rows] == ["DSP_SAT_20210810_initial.csv"]
    assert [row[2] for row in tables["Agreed silences"].rows] == ["2021-08-12 to 2021-08-14"]
    assert [row[2] for row in tables["Slots of the days after the period"].rows] == ["2021-09-02", "2021-09-01"], "the missing first"


def test_a_run_made_before_these_were_told_still_reads(run: FrozenRun) -> None:
    bare = replace(run, repeated_files=(), superseded=(), silences=(), later_slots=())
    text = to_json(bare)
    for name in ("repeated_files", "superseded", "silences", "later_slots"):
        assert f'"{name}": []' in text
        text = text.replace(f'"{name}": [],', "").replace(f',\n "{name}": []', "")
    assert from_json(text) == bare


def test_what_comes_in_a_silence_was_not_expected(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w", SETTINGS)
    desk.take_in(write_rows(desk.incoming / "DSP_SAT_20210813_final.csv", AUDIT_COLUMNS), received_at="2021-08-14T06:00Z")
    lines = desk("slots", "2021-08", "--as-at", "2021-09-10T00:00Z", "--format", "json").rows
    assert [(line["from"][:10], line["state"]) for line in lines if line["state"] == "not_expected"] == [("2021-08-13", "not_expected")]


def test_a_sender_that_owes_nothing_all_month_is_no_silence() -> None:
    gone = [Expectation("audit_trail", "DSP", "day", until=date(2021, 5, 1))]
    assert silences(gone, all_feeds(), AUGUST, WorkingDays()) == []
    halves = [
        Expectation("audit_trail", "DSP", "quarter_hour", until=date(2021, 8, 2)),
        Expectation("audit_trail", "DSP", "day", since=date(2021, 8, 3)),
    ]
    (silent,) = silences(halves, all_feeds(), AUGUST, WorkingDays())
    assert (silent.start_at, silent.end_at) == (parse_instant("2021-08-02T00:00Z"), parse_instant("2021-08-03T00:00Z"))
    slots = owed(halves, all_feeds(), AUGUST, WorkingDays())
    assert {state.state for state in states(slots, [], AUGUST, parse_instant("2021-08-01T00:00Z"))} == {"not_due_yet"}
