"""Incidents and their clocks: the slow Python twin == DuckDB == Sail == real Spark, row by row."""

import random
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from incident_months import MONTH, WINDOW_US, month

from journey_rows import add_accepted
from tocsin.engines import Engine
from tocsin.feeds.incident_log import INCIDENT_LOG
from tocsin.feeds.incidents import INCIDENTS
from tocsin.journeys.incident_clocks import INCIDENT_CLOCKS, dated_relations
from tocsin.measuring.journey import DELIVERIES
from tocsin.vocabulary.incidents import clock_stops, incident_targets
from twin.incident_clocks import incident_clocks

ON = date(2021, 8, 1)
NAMES = [attribute.name for attribute in INCIDENT_CLOCKS.attributes]
LATE = MONTH.next().end_at
# Known a month later, exactly at the end, three hours before it and three hours after it.
KNOWN_AT = (LATE, MONTH.end_at, MONTH.end_at - 10**10, MONTH.end_at + 10**10)


def by_engine(engine: Engine, log, snapshots, as_at):
    with engine.session() as session:
        add_accepted(session, INCIDENT_LOG, log)
        add_accepted(session, INCIDENTS, snapshots)
        session.add_rows(DELIVERIES, [])
        for relation, rows in dated_relations(ON):
            session.add_rows(relation, rows)
        found = session.rows(INCIDENT_CLOCKS.sql, {"start_at": MONTH.start_at, "end_at": MONTH.end_at, "as_at": as_at})
    return sorted(found, key=str)


def by_twin(log, snapshots, as_at):
    rows = incident_clocks(
        log,
        snapshots,
        targets={key: target.seconds * 1_000_000 for key, target in incident_targets(ON).items()},
        stops={reason for reason, pauses in clock_stops(ON).items() if pauses},
        reopen_window_us=WINDOW_US,
        start_at=MONTH.start_at,
        end_at=MONTH.end_at,
        as_at=as_at,
    )
    return sorted((tuple(row[name] for name in NAMES) for row in rows), key=str)


@settings(max_examples=60, deadline=None)
@given(
    st.randoms(use_true_random=False),
    st.integers(1, 12),
    st.sampled_from(KNOWN_AT),
)
def test_twin_and_duckdb(embedded, draw, incidents, as_at):
    log, snapshots = month(draw, incidents)
    assert by_engine(embedded, log, snapshots, as_at) == by_twin(log, snapshots, as_at)


@pytest.mark.parametrize("as_at", [LATE, MONTH.end_at - 10**10])
def test_twin_and_either_engine_on_a_month(either_engine, as_at):
    """Four hundred Incidents in one call; every set-aside word, state and clock is among them."""
    log, snapshots = month(random.Random(as_at), 400)
    expected = by_twin(log, snapshots, as_at)
    assert by_engine(either_engine, log, snapshots, as_at) == expected
    told = {name: {row[place] for row in expected} for place, name in enumerate(NAMES)}
    assert told["set_aside"] == {"", "negative_span", "no_log", "no_resolution_time"}
    assert (told["state"], told["is_breached_open"], told["is_met"]) == ({"resolved", "open"}, {True, False}, {True, False})
    assert {1, 2} <= told["episode"]


@pytest.mark.cluster
def test_twin_and_spark_standalone(spark_standalone):
    log, snapshots = month(random.Random(7), 40)
    assert by_engine(spark_standalone, log, snapshots, LATE) == by_twin(log, snapshots, LATE)
