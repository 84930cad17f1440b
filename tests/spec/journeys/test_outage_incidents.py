"""Outages and their Incidents, drawn (domain.md 3.4: unavailability that is an Incident must be recorded)."""

import pytest

from journey_rows import accepted, add_accepted, drawn
from tocsin.engines import Engine
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.feeds.outages import OUTAGES
from tocsin.journeys.outage_incidents import OUTAGE_INCIDENTS
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.calendar import Period

AUGUST = Period.parse("2021-08")
NAMES = [attribute.name for attribute in OUTAGE_INCIDENTS.attributes]
SENDERS = {1: "DSP", 2: "DSP", 3: "CSPN"}
LOG = """
    | incident_id | changed_at           | status |
    | I1          | 2021-08-09T09:00:00Z | new    |
"""
EXTRACT = """
    | incident_id | submitted_at         | status |
    | I2          | 2021-08-10T09:00:00Z | new    |
"""


@pytest.fixture
def outages(embedded: Engine):
    """Drawn outages (and Incidents) -> rows of August 2021 by outage, known in October."""

    def ask(table: str, log: str = LOG, extract: str = EXTRACT):
        with embedded.session() as session:
            for feed, rows in ((OUTAGES, table), (INCIDENT_LOG, log), (INCIDENTS, extract)):
                cells = [{**row, **({"delivery_no": int(row["delivery_no"])} if "delivery_no" in row else {})} for row in drawn(rows)]
                add_accepted(session, feed, accepted(feed, cells))
            session.add_rows(DELIVERIES, [(number, sender, None, None, "final", 0) for number, sender in SENDERS.items()])
            at = {"start_at": AUGUST.start_at, "end_at": AUGUST.end_at, "as_at": Period.parse("2021-10").start_at}
            found = [dict(zip(NAMES, row, strict=True)) for row in session.rows(OUTAGE_INCIDENTS.sql, at)]
        rows = {row["outage_id"]: row for row in found}
        assert len(rows) == len(found)
        return rows

    return ask


def test_recorded_none_and_unknown(outages):
    """An Incident may be known by its log or by an extract; one that no file knows is as bad as none."""
    found = outages("""
        | outage_id | service | kind      | started_at           | ended_at             | incident_id |
        | O1        | ssi     | unplanned | 2021-08-09T08:00:00Z | 2021-08-09T08:20:00Z | I1          |
        | O2        | ssi     | unplanned | 2021-08-10T08:00:00Z | 2021-08-10T08:20:00Z | I2          |
        | O3        | dsp     | unplanned | 2021-08-11T08:00:00Z | 2021-08-11T08:20:00Z | I3          |
        | O4        | dsp     | unplanned | 2021-08-12T08:00:00Z |                      |             |
        | O5        | dsp     | planned   | 2021-08-13T20:00:00Z | 2021-08-13T21:00:00Z |             |
    """)
    assert {name: row["recording"] for name, row in found.items()} == {
        "O1": "recorded", "O2": "recorded", "O3": "unknown", "O4": "none", "O5": "none",
    }  # fmt: skip
    assert found["O1"]["recorded_at"] - found["O1"]["started_at"] == 3_600_000_000


def test_without_any_incident_nothing_is_called_unknown(outages):
    """Where no Incidents came, an outage that names one cannot be checked: that is no finding against it."""
    table = """
        | outage_id | service | kind      | started_at           | ended_at             | incident_id |
        | O1        | ssi     | unplanned | 2021-08-09T08:00:00Z | 2021-08-09T08:20:00Z | I1          |
        | O2        | ssi     | unplanned | 2021-08-09T08:00:00Z | 2021-08-09T08:20:00Z |             |
    """
    nothing = "| incident_id |"
    found = outages(table, nothing, nothing)
    assert [found["O1"]["recording"], found["O2"]["recording"]] == ["unchecked", "none"]


def test_the_month_an_outage_touches(outages):
    """One that lies across an edge is listed in both months; one that ended at midnight, and the next month's, are not."""
    found = outages("""
        | outage_id | service | kind      | started_at           | ended_at             |
        | before    | ssi     | unplanned | 2021-07-31T23:00:00Z | 2021-08-01T00:00:00Z |
        | into      | ssi     | unplanned | 2021-07-31T23:00:00Z | 2021-08-01T00:00:01Z |
        | open      | ssi     | unplanned | 2021-07-01T23:00:00Z |                      |
        | nothing   | ssi     | unplanned | 2021-08-01T00:00:00Z | 2021-08-01T00:00:00Z |
        | out       | ssi     | unplanned | 2021-08-31T23:59:59Z | 2021-09-01T01:00:00Z |
        | next      | ssi     | unplanned | 2021-09-01T00:00:00Z | 2021-09-01T01:00:00Z |
    """)
    assert set(found) == {"into", "open", "nothing", "out"}
    assert found["into"]["began_at"] == AUGUST.start_at


def test_what_was_told_last_stands_and_a_contradiction_is_remarked(outages):
    found = outages("""
        | outage_id | service | kind      | started_at           | ended_at             | incident_id | delivery_no |
        | O1        | ssi     | unplanned | 2021-08-09T08:00:00Z |                      |             | 1           |
        | O1        | ssi     | unplanned | 2021-08-09T08:00:00Z | 2021-08-09T08:20:00Z | I1          | 2           |
        | O2        | ssi     | unplanned | 2021-08-09T08:00:00Z |                      | I1          | 2           |
        | O2        | ssi     | planned   | 2021-08-09T08:00:00Z |                      |             | 1           |
    """)
    assert (found["O1"]["recording"], found["O1"]["is_contradicted"]) == ("recorded", False)
    assert (found["O2"]["kind"], found["O2"]["is_contradicted"]) == ("unplanned", True)
