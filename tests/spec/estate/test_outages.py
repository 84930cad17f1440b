"""Outages of the simulated estate: every case of domain.md 2.6 occurs, and the truth counts minutes as its worked examples do (15.3)."""

from fractions import Fraction
from pathlib import Path

import pytest

from tocsin.estate.events.incident_draw import incidents
from tocsin.estate.events.outages import Outage, outages
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.plan import Plan
from tocsin.estate.truth.outages import COLUMNS, OutageTruth
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.instants import MINUTE_US, SECOND_US

SEPTEMBER = Period.parse("2021-09")


def plan_of(seed: int, month: str = "2021-09") -> Plan:
    period = Period.parse(month)
    return Plan(period, Fraction(1, 5000), seed, Plan.settled_at(period), fault_profile("none"))


def outage(start: str, seconds: int, kind: str = "unplanned", *, is_compliant: bool | None = None) -> Outage:
    started_at = parse_instant(f"2021-{start}Z")
    return Outage(start, "ssi", kind, started_at, started_at + seconds * SECOND_US, None, None, is_compliant)


def minutes(*told: Outage) -> tuple[int, int]:
    """Target Availability Period and unplanned minutes in it, of the SSI in September 2021."""
    line = dict(zip(COLUMNS, OutageTruth(SEPTEMBER, told, is_delivered=True).line("ssi"), strict=True))
    return int(str(line["tap_minutes"])), int(str(line["unplanned_minutes_in_tap"]))


PLANNED = outage("09-05T22:00:00", 240 * 60, "planned", is_compliant=True)


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ([], (43_200, 0)),
        ([PLANNED, outage("09-10T09:00:00", 200 * 60)], (42_960, 200)),
        ([outage("09-10T09:00:00", 299)], (43_200, 4)),
        ([outage("09-10T09:00:00", 310)], (43_200, 5)),
        ([outage("09-10T09:00:00", 30), outage("09-10T10:00:00", 30)], (43_200, 0)),
        ([outage("09-10T10:00:00", 1200), outage("09-10T10:10:00", 1200)], (43_200, 30)),
        # Maintenance nobody arranged as the Code wants is downtime, and shrinks nothing.
        ([outage("09-10T13:00:00", 600, "planned", is_compliant=False)], (43_200, 10)),
        ([outage("09-10T13:00:00", 600, "planned")], (43_200, 10)),
        ([outage("09-10T13:00:00", 600, "failover")], (43_200, 0)),
        # Half of it inside the planned window; then around one, in two pieces of complete minutes.
        ([PLANNED, outage("09-05T21:50:00", 1200)], (42_960, 10)),
        ([PLANNED, outage("09-05T21:58:30", 245 * 60)], (42_960, 4)),
        ([outage("08-31T23:50:00", 1200), outage("09-30T23:50:00", 1200)], (43_200, 20)),
    ],
)
def test_minutes(told, expected):
    assert minutes(*told) == expected


@pytest.mark.parametrize("month", ["2021-02", "2021-03", "2021-09", "2021-10"])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_month_has_every_case(seed, month):
    plan = plan_of(seed, month)
    found = outages(plan)
    own = [one for one in found if one.service == "ssi"]
    arranged = [one for one in own if one.is_compliant]
    assert sum(one.ended_at - one.started_at for one in arranged) <= 240 * MINUTE_US
    assert {one.service for one in found} == {"ssi", "dsp", "wan_gateway"}
    assert {one.kind for one in own} == {"planned", "unplanned", "failover"}
    assert any(one.is_compliant is False for one in own)
    assert any(one.ended_at - one.started_at == 30 * SECOND_US for one in own)
    assert any(one.kind == "unplanned" and one.incident_id is None for one in own)
    assert any(one.started_at < plan.period.start_at < one.ended_at for one in own)
    assert any(one.started_at < plan.period.end_at < one.ended_at for one in own)
    assert any(one.started_at < other.started_at < one.ended_at for one in own for other in own if other.kind == one.kind == "unplanned")
    assert any(one.started_at < other.started_at < one.ended_at for one in own for other in arranged if one.kind == "unplanned")
    assert len({one.outage_id for one in found}) == len(found)


def test_outages_raise_the_incidents_they_name():
    plan = plan_of(3)
    raised = {story.incident_id: story.changes[0].changed_at for story in incidents(plan)}
    for one in outages(plan):
        if one.incident_id is not None:
            assert 0 < raised[one.incident_id] - one.started_at < 6 * MINUTE_US


def test_truth_file(tmp_path: Path):
    OutageTruth(SEPTEMBER, [PLANNED, outage("09-10T10:00:00", 61)], is_delivered=False).write(tmp_path)
    assert (tmp_path / "outages.csv").read_text() == (
        "service,outages,month_minutes,planned_minutes,tap_minutes,unplanned_minutes_in_tap,without_incident,is_delivered\n"
        "ssi,2,43200,240,42960,1,1,no\n"
    )
