"""Service Requests: on generated months the slow twin, DuckDB, Sail and a real Spark give the same rows."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from journey_months import AS_ATS, ON, PERIOD, Month, many_months, months, together
from journey_rows import add_accepted
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.journeys.service_request_outcomes import OUTCOMES
from tocsin.journeys.service_requests import SERVICE_REQUESTS, dated_relations
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.target_times import FLOWS
from twin.service_requests import Twin

MONTHS = 300


def by_engine(engine: Engine, month: Month, on: date = ON, buckets: int = 1) -> list[tuple[Any, ...]]:
    """The journey's rows by an engine, bucket after bucket, in one order."""
    found = []
    with engine.session() as session:
        add_accepted(session, AUDIT_TRAIL, month.trail)
        add_accepted(session, DEVICE_INVENTORY, month.inventory)
        add_accepted(session, PARTY_LIST, month.parties)
        for relation, rows in dated_relations(on):
            session.add_rows(relation, rows)
        for bucket in range(buckets):
            parameters = in_bucket(PERIOD.start_at, PERIOD.end_at, month.as_at, bucket, buckets)
            hold_picks(session, SERVICE_REQUESTS.picks, parameters)
            found += session.rows(SERVICE_REQUESTS.sql, parameters)
    return sorted(found, key=repr)


def by_twin(month: Month, on: date = ON) -> list[tuple[Any, ...]]:
    """The journey's rows by the twin, in the same order of columns and rows."""
    happenings = Twin(month.trail, month.inventory, month.parties, on).happenings(PERIOD.start_at, PERIOD.end_at, month.as_at)
    return sorted((tuple(happening[name] for name, _ in SERVICE_REQUESTS.columns) for happening in happenings), key=repr)


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)
@given(month=months())
def test_duckdb_gives_the_rows_of_the_twin(embedded: Engine, month: Month) -> None:
    assert by_engine(embedded, month) == by_twin(month)


@pytest.mark.parametrize("as_at", AS_ATS)
def test_many_months_in_buckets_give_the_rows_of_the_twin(embedded: Engine, as_at: int) -> None:
    """Buckets hold whole requests: however many there are, together they give every happening once."""
    month = together(many_months(MONTHS), as_at)
    assert by_engine(embedded, month, buckets=2) == by_twin(month)


def test_the_generated_months_hold_every_flow_outcome_and_reason() -> None:
    """Otherwise agreement on them would say little."""
    found = [row for as_at in AS_ATS for row in by_twin(together(many_months(MONTHS), as_at))]
    names = [name for name, _ in SERVICE_REQUESTS.columns]
    seen = {name: {row[names.index(name)] for row in found} for name in ("flow", "outcome", "set_aside")}
    assert seen == {
        "flow": set(FLOWS),
        "outcome": set(OUTCOMES),
        "set_aside": {"", "no_request", "negative_span", "over_35_days"},
    }
    assert all(any(row[place] is not None for row in found) for place in range(len(names)))
    assert {row[names.index("withdrawn_count")] for row in found} >= {None, 0, 1}


def test_sail_gives_the_rows_of_the_twin(sail: Engine) -> None:
    month = together(many_months(MONTHS), AS_ATS[1])
    assert by_engine(sail, month) == by_twin(month)


@pytest.mark.cluster
def test_a_spark_cluster_gives_the_rows_of_the_twin(spark_standalone: Engine) -> None:
    month = together(many_months(40), AS_ATS[2])
    assert by_engine(spark_standalone, month) == by_twin(month)
