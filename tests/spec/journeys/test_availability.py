"""Availability, drawn: complete minutes, overlaps, maintenance and the month's edges, every case worked by hand (domain.md 2.6, 15.3)."""

from datetime import date
from typing import Any

import pytest

from journey_rows import accepted, add_accepted, drawn, relation
from tocsin.engines import Engine
from tocsin.engines.kernel import check
from tocsin.feeds.outages import OUTAGES
from tocsin.journeys.availability import AVAILABILITY, LIMIT, SERVICES, WINDOWS, dated_relations
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.availability import maintenance_windows
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import MINUTE_US

SEPTEMBER = Period.parse("2021-09")
NAMES = [name for name, _ in AVAILABILITY.columns]
SENDERS = {1: "DSP", 2: "DSP", 3: "CSPN"}


def ask(engine: Engine, table: str = "", period: Period = SEPTEMBER, as_at: int | None = None) -> dict[str, dict[str, Any]]:
    """Outages drawn as "09-10 09:00:00" of 2021, "yes" where compliant -> the month of each service."""
    found = []
    for row in drawn("\n".join(f"| {line} |" for line in table.strip().splitlines())) if table else []:
        stamps = {name: f"2021-{row[name].replace(' ', 'T')}Z" for name in ("started_at", "ended_at") if name in row}
        named = {"outage_id": row.pop("id", f"O{len(found)}"), "service": "ssi", "kind": "unplanned", **row, **stamps}
        if "is_compliant" in named:
            named["is_compliant"] = named["is_compliant"] == "yes"
        named["delivery_no"] = int(named.pop("file", "1"))
        found.append(named)
    with engine.session() as session:
        add_accepted(session, OUTAGES, accepted(OUTAGES, found))
        session.add_rows(DELIVERIES, [(n, sender, None, None, "final", 0) for n, sender in SENDERS.items()])
        for table_of, cells in dated_relations(period.first_on):
            session.add_rows(table_of, cells)
        known_at = period.end_at + 1 if as_at is None else as_at
        at = {"start_at": period.start_at, "end_at": period.end_at, "as_at": known_at}
        rows = [dict(zip(NAMES, row, strict=True)) for row in session.rows(AVAILABILITY.sql, at)]
    assert len({row["service"] for row in rows}) == len(rows)
    return {row["service"]: row for row in rows}


def test_the_sql_stays_in_the_kernel():
    tables = {one.name: one.columns for one in (relation(OUTAGES), DELIVERIES, SERVICES, WINDOWS, LIMIT)}
    check(AVAILABILITY.sql, tables, "journeys/availability.py", {"start_at", "end_at", "as_at"})
    assert set(tables) == set(AVAILABILITY.reads)


HEADING = "started_at | ended_at | kind | is_compliant"
PLANNED = "09-05 22:00:00 | 09-06 02:00:00 | planned | yes"


@pytest.mark.parametrize(
    ("outages", "tap", "down"),
    [
        ((), 43_200, 0),
        # domain.md 15.3: complete minutes of each outage; two at once are one.
        (("09-10 09:00:00 | 09-10 09:04:59 | |",), 43_200, 4),
        (("09-10 09:00:00 | 09-10 09:05:10 | |",), 43_200, 5),
        (("09-10 09:00:00 | 09-10 09:00:30 | |", "09-10 10:00:00 | 09-10 10:00:30 | |"), 43_200, 0),
        (("09-10 10:00:00 | 09-10 10:20:00 | |", "09-10 10:10:00 | 09-10 10:30:00 | |"), 43_200, 30),
        # One that another goes on from to the second, and one inside another, are one stretch.
        (("09-10 10:00:00 | 09-10 10:00:30 | |", "09-10 10:00:30 | 09-10 10:01:00 | |"), 43_200, 1),
        (("09-10 10:00:00 | 09-10 10:20:00 | |", "09-10 10:05:00 | 09-10 10:06:30 | |"), 43_200, 20),
        ((PLANNED,), 42_960, 0),
        ((PLANNED, "09-10 09:00:00 | 09-10 12:20:00 | |"), 42_960, 200),
        # Half of it inside the maintenance; then around all of it, in two pieces of complete minutes.
        ((PLANNED, "09-05 21:50:00 | 09-05 22:10:00 | |"), 42_960, 10),
        ((PLANNED, "09-05 21:58:30 | 09-06 02:03:30 | |"), 42_960, 4),
        ((PLANNED, "09-05 22:10:00 | 09-05 22:20:00 | |"), 42_960, 0),
        # Maintenance that nobody arranged as the Code wants is down time and shrinks nothing; a failover is nothing.
        (("09-10 13:00:00 | 09-10 13:10:00 | planned | no",), 43_200, 10),
        (("09-10 13:00:00 | 09-10 13:10:00 | planned |",), 43_200, 10),
        (("09-10 13:00:00 | 09-10 13:10:00 | failover |",), 43_200, 0),
        (("09-10 13:00:00 | 09-10 13:10:00 | brown-out |",), 43_200, 10),
        # The edges of the month.
        (("08-31 23:50:00 | 09-01 00:10:00 | |", "09-30 23:50:00 | 10-01 00:10:00 | |"), 43_200, 20),
        (("08-30 23:50:00 | 09-01 00:00:00 | |", "10-01 00:00:00 | 10-01 00:10:00 | |"), 43_200, 0),
        (("09-30 23:00:00 | | |",), 43_200, 60),
    ],
)
def test_minutes(embedded, outages, tap, down):
    row = ask(embedded, "\n".join((HEADING, *outages)) if outages else "")["ssi"]
    assert (row["tap_minutes"], row["down_minutes"]) == (tap, down)
    assert (row["available_minutes"], row["month_available_minutes"], row["month_minutes"]) == (tap - down, 43_200 - down, 43_200)


TANGLE = f"""{HEADING}
    {PLANNED}
    09-06 01:30:00 | 09-06 02:30:30 | planned | yes
    09-05 21:00:10 | 09-05 22:30:00 | |
    09-06 01:00:00 | 09-06 03:00:00 | planned | no
    09-06 02:59:00 | 09-06 03:01:59 | |
    09-03 12:00:00 | 09-03 13:00:00 | failover |
"""


def test_a_tangle_on_either_engine(either_engine):
    """Maintenance 22:00 to 02:30:30, down 21:00:10 to 22:00 and 02:30:30 to 03:01:59: 270 minutes out, 59 and 31 down."""
    found = ask(either_engine, TANGLE)
    row = found["ssi"]
    assert (row["maintenance_minutes"], row["tap_minutes"], row["down_minutes"]) == (270, 42_930, 59 + 31)
    assert (row["outage_count"], row["failover_count"], row["not_compliant_count"], row["no_incident_count"]) == (6, 1, 1, 2)
    assert row["is_over_limit"] and not row["untimely_count"]
    assert set(found) == {"ssi", "dsp", "wan_gateway"}
    assert (found["dsp"]["available_minutes"], found["dsp"]["outage_count"], found["dsp"]["is_over_limit"]) == (43_200, 0, False)


def test_an_outage_told_again_is_as_it_was_told_last(embedded):
    """Open in the first file, over in the second; another sender's outage of the same reference is another one."""
    found = ask(
        embedded,
        """
        file | id | started_at     | ended_at       | service
        1    | A  | 09-10 10:00:00 |                | ssi
        2    | A  | 09-10 10:00:00 | 09-10 10:05:00 | ssi
        3    | A  | 09-11 10:00:00 | 09-11 10:02:00 | ssi
        3    | B  | 09-11 10:00:00 | 09-11 10:02:00 | telepathy
        """,
    )
    assert (found["ssi"]["down_minutes"], found["ssi"]["outage_count"], found["ssi"]["still_down_count"]) == (7, 2, 0)
    assert found["telepathy"]["down_minutes"] == 2


def test_one_that_is_not_over_lasts_as_far_as_is_known(embedded):
    as_at = SEPTEMBER.start_at + 9 * 24 * 60 * MINUTE_US + 30 * MINUTE_US
    row = ask(embedded, "started_at | ended_at\n09-10 00:00:00 |", as_at=as_at)["ssi"]
    assert (row["down_minutes"], row["still_down_count"]) == (30, 1)


@pytest.mark.parametrize(
    ("started", "ended", "untimely"),
    [
        ("09-05 19:00:00", "09-06 07:00:00", 0),
        ("09-05 18:59:59", "09-06 02:00:00", 1),
        ("09-05 23:00:00", "09-06 07:00:01", 1),
        ("09-05 12:00:00", "09-05 13:00:00", 1),
    ],
)
def test_maintenance_outside_the_night_is_remarked_on(embedded, started, ended, untimely):
    """20:00 to 08:00 of UK summer time is 19:00 to 07:00 UTC; what is outside is counted, and still leaves the period."""
    row = ask(embedded, f"started_at | ended_at | kind | is_compliant\n{started} | {ended} | planned | yes")["ssi"]
    assert (row["untimely_count"], row["down_minutes"]) == (untimely, 0)


@pytest.mark.parametrize(("month", "zone", "minutes"), [("2021-10", "Europe/London", 44_700), ("2021-03", "Europe/London", 44_580)])
def test_a_local_month(embedded, month, zone, minutes):
    assert ask(embedded, period=Period.parse(month, zone))["wan_gateway"]["tap_minutes"] == minutes


def test_nights_cover_the_month_and_the_night_before():
    nights = maintenance_windows(date(2021, 10, 1))
    assert nights[0] == (SEPTEMBER.end_at - 5 * 60 * MINUTE_US, SEPTEMBER.end_at + 7 * 60 * MINUTE_US)
    # The clocks go back on the 31st: that evening begins at 20:00 UTC.
    assert any(until - at == 12 * 60 * MINUTE_US and at == Period.parse("2021-11").start_at - 4 * 60 * MINUTE_US for at, until in nights)
