"""What a run keeps of Incidents beside its figures: looks, what changed between Working Days, changes near a breach, unrecorded outages."""

import shutil
from pathlib import Path

import pytest

from desk_road import Desk, new_desk
from tocsin.reports.frozen import FrozenRun, from_json
from tocsin.reports.frozen_incidents import ChangeLine, OutageLine, RegradeLine
from tocsin.vocabulary.calendar import parse_instant

SCENARIOS = Path(__file__).resolve().parents[2] / "scenarios"
TOLD_OTHERWISE = SCENARIOS / "given_incidents_told_otherwise_between_working_days" / "when"
OUTAGES = SCENARIOS / "given_an_outage_without_an_incident" / "when"


def closed(desk: Desk, as_at: str) -> FrozenRun:
    run_id = desk.close("2021-08", as_at)
    return from_json((desk.root / "runs" / "2021-08" / run_id / "run.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    """The initial log on Working Day 1, the final as Working Day 2 ends; outages with neither."""
    made = new_desk(tmp_path_factory.mktemp("incident_lines") / "workspace")
    shutil.copy(OUTAGES / "shapes" / "outages.toml", made.root / "shapes")
    made.take_in(TOLD_OTHERWISE / "REMEDY_LOG_202108_initial.csv", received_at="2021-09-01T22:59:59Z")
    made.take_in(OUTAGES / "OUTAGES_202108.csv", received_at="2021-09-02T06:00Z")
    made.take_in(TOLD_OTHERWISE / "REMEDY_LOG_202108_final.csv", received_at="2021-09-02T23:00Z")
    return made


def test_a_run_tells_of_the_working_days_that_have_ended(desk: Desk) -> None:
    """Working Day 1 of August 2021 ends on 1 September at midnight, UK local time: until then a run tells of none."""
    days = {}
    for as_at in ("2021-09-01T22:59:59.999998Z", "2021-09-01T22:59:59.999999Z", "2021-09-03T06:00Z", "2021-09-10T00:00Z"):
        run = closed(desk, as_at)
        days[as_at] = [look.working_day for look in run.incidents.looks]
        told = {dict(figure.breakdown)["working_day"] for figure in run.figures if figure.subject == "incident_days"}
        assert told == {str(day) for day in days[as_at]}
    assert list(days.values()) == [[], [1], [1, 2], [1, 2, 3, 5]]


def test_a_look_is_just_before_its_deadline(desk: Desk) -> None:
    looks = closed(desk, "2021-09-10T00:00Z").incidents.looks
    assert looks[0].as_at + 1 == parse_instant("2021-09-01T23:00:00Z")
    assert looks[3].as_at + 1 == parse_instant("2021-09-07T23:00:00Z")
    assert {look.state for look in looks} == {"complete"}


def test_what_changed_between_working_days(desk: Desk) -> None:
    """INC2, missed as category 2, has become met as 3; INC3 was open and has been resolved: both told first on Working Day 3."""
    assert closed(desk, "2021-09-10T00:00Z").incidents.changes == (
        ChangeLine(2, 3, "initial_response", 2, "CSPN", "met", 3, "CSPN", "met", 1),
        ChangeLine(2, 3, "initial_response", 3, "DSP", "open", 3, "DSP", "missed", 1),
        ChangeLine(2, 3, "resolution", 2, "CSPN", "missed", 3, "CSPN", "met", 1),
        ChangeLine(2, 3, "resolution", 3, "DSP", "open", 3, "DSP", "met", 1),
    )


def test_a_run_before_the_next_working_day_is_a_step_too(desk: Desk) -> None:
    """As at the morning of Working Day 3 the final is in: what changed since Working Day 2 is told as a step to the run itself."""
    changes = closed(desk, "2021-09-03T06:00Z").incidents.changes
    assert {(line.from_day, line.to_day) for line in changes} == {(2, 0)}
    assert sum(line.incidents for line in changes if line.clock == "resolution") == 2


def test_a_change_near_its_breach_is_listed(desk: Desk) -> None:
    """INC2 was resolved an hour over its 24, and made less severe after that."""
    incidents = closed(desk, "2021-09-10T00:00Z").incidents
    at = parse_instant("2021-08-31T12:00:00Z")
    assert incidents.regrades == (RegradeLine("INC2", "resolution", at, 2, 3, -60, "CSPN"),)
    assert incidents.regrade_count == 1


def test_outages_without_an_incident_are_listed(desk: Desk) -> None:
    """Here INC1 is no Incident of the outage's name but one all the same; O2 names none and O3 one that nobody knows."""
    incidents = closed(desk, "2021-09-10T00:00Z").incidents
    first, second = parse_instant("2021-08-03T09:00:00Z"), parse_instant("2021-08-04T09:00:00Z")
    assert incidents.outages == (
        OutageLine("O2", "ssi", first, first + 30_000_000, "", "none"),
        OutageLine("O3", "dsp", second, second + 1_800_000_000, "INC999", "unknown"),
    )
    assert incidents.outage_count == 2


def test_a_delivery_that_stands_no_more_makes_another_run(desk: Desk, tmp_path: Path) -> None:
    """An initial entered late, received long ago: what stands is the final as before, but Working Day 1 is told otherwise."""
    other = new_desk(tmp_path / "workspace")
    other.take_in(TOLD_OTHERWISE / "REMEDY_LOG_202108_final.csv", received_at="2021-09-02T23:00Z")
    before = closed(other, "2021-09-10T00:00Z")
    other.take_in(TOLD_OTHERWISE / "REMEDY_LOG_202108_initial.csv", received_at="2021-09-01T22:59:59Z")
    after = closed(other, "2021-09-10T00:00Z")
    assert before.basis_digest == after.basis_digest
    assert before.run_id != after.run_id
    assert [look.state for look in before.incidents.looks] == ["no_data", "no_data", "complete", "complete"]
    blank = next(figure for figure in before.figures if figure.name == "incident_days.within_target/working_day=1")
    assert (blank.status, blank.value, blank.counted) == ("no_data", None, None)


def test_a_figure_of_a_working_day_is_traced_to_what_stood_then(desk: Desk) -> None:
    """Working Day 2 rests on the initial log, though the final stands by now; Working Day 3 on the final."""
    run_id = desk.close("2021-08", "2021-09-10T00:00Z")
    for day, rested_on, counted in ((2, "REMEDY_LOG_202108_initial.csv", 2), (3, "REMEDY_LOG_202108_final.csv", 3)):
        name = f"incident_days.within_target/working_day={day}/clock=resolution"
        said = desk("trace", name, "--month", "2021-08", "--run", run_id, "--format", "json")
        assert said.code == 0, said.err
        assert {row["file"] for row in said.rows} == {rested_on}
        assert len({row["text"].split(",")[0] for row in said.rows}) == counted
