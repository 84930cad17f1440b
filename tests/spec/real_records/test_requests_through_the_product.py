"""JMeter requests and trace spans through intake, journey and ladder: counts and nearest-rank percentiles as computed independently."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tocsin.engines import Relation
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, RUNG_US, Ladder, exact_percentiles_sql, read_percentiles
from twin import real_records as twin

pytestmark = pytest.mark.xdist_group("real-requests")

# Answered, whether well or not: JMeter's own percentiles are of all its requests.
EVERY_ANSWER = replace(SERVICE_REQUESTS, span_counts="TRUE")


def exact(taken: Any, journeys: Relation, by: Sequence[str]) -> dict[str, tuple[int, ...]]:
    rows = taken.rows(exact_percentiles_sql(EVERY_ANSWER, by), journeys)
    found = read_percentiles(by, PUBLISHED_PER_MILLE, rows)
    return {one.breakdown[0][1] if by else "": tuple(one.at.values()) for one in found}


def on_rungs(taken: Any, journeys: Relation, by: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """The published road: spans counted on rungs of 0.1 s, percentiles out of the counts."""
    ladder = Ladder.of(EVERY_ANSWER, ("srv",))
    path = taken.folder / "ladder.parquet"
    with taken.engine.session() as session:
        session.add(journeys)
        session.write_parquet(ladder.sql(), path)
        session.add(ladder.relation([str(path)]))
        found = read_percentiles(by, PUBLISHED_PER_MILLE, session.rows(ladder.percentiles_sql(by)))
    return {one.breakdown[0][1] if by else "": tuple(one.at.values()) for one in found}


def floors(percentiles: dict[str, tuple[int, ...]]) -> dict[str, tuple[int, ...]]:
    return {name: tuple(one // RUNG_US for one in of) for name, of in percentiles.items()}


@pytest.fixture(scope="module")
def jmeter(take: Callable[[Sequence[str]], Any]) -> Any:
    return take([twin.JMETER])


@pytest.fixture(scope="module")
def jmeter_journeys(jmeter: Any) -> Relation:
    return jmeter.journeys("service_requests", "2026-04-10T00:00:00Z", "2026-04-11T00:00:00Z")


def test_a_line_of_jmeter_becomes_a_request_and_an_answer(jmeter: Any) -> None:
    delivery = jmeter.receipts[twin.JMETER].delivery
    assert (delivery.lines, delivery.accepted, delivery.refused, delivery.duplicates) == (26_998, 53_996, 0, 0)


def test_jmeter_counts_errors_and_spans_by_label(jmeter: Any, jmeter_journeys: Relation, shared: Path) -> None:
    """All requests of one label fail and still have a Round Trip Time: success and speed are told apart."""
    sql = """SELECT srv, count(*), count_where(outcome <> 'success'), count_where(outcome = 'device_fail' AND response_code = '400'),
      min(round_trip_us), max(round_trip_us), whole_sum(round_trip_us)
    FROM service_requests WHERE set_aside = '' GROUP BY srv"""
    calls = twin.jmeter_calls(shared / "realdata")
    assert {row[0]: row[1:] for row in jmeter.rows(sql, jmeter_journeys)} == {
        label: (call.count, call.errors, call.errors, min(call.spans), max(call.spans), sum(call.spans)) for label, call in calls.items()
    }
    assert jmeter.rows("SELECT DISTINCT sec_party FROM service_requests", jmeter_journeys) == [("user:CARGA 250 RPS 1",)]


def test_jmeter_percentiles_by_label_and_of_all(jmeter: Any, jmeter_journeys: Relation, shared: Path) -> None:
    """Of all 26,998, not of a window of 20,000 as that tool's own total is."""
    calls = twin.jmeter_calls(shared / "realdata")
    expected = {label: twin.percentiles(call.spans) for label, call in calls.items()}
    of_all = {"": twin.percentiles([span for call in calls.values() for span in call.spans])}
    assert of_all[""][:4] == (683_000, 916_000, 1_019_000, 1_268_000)
    assert exact(jmeter, jmeter_journeys, ["srv"]) == expected
    assert exact(jmeter, jmeter_journeys, []) == of_all
    assert on_rungs(jmeter, jmeter_journeys, ["srv"]) == floors(expected)
    assert on_rungs(jmeter, jmeter_journeys, []) == floors(of_all)


@pytest.fixture(scope="module")
def traces(take: Callable[[Sequence[str]], Any]) -> Any:
    return take([twin.TRACES])


@pytest.fixture(scope="module")
def trace_journeys(traces: Any) -> Relation:
    return traces.journeys("service_requests", "2022-08-23T00:00:00Z", "2022-08-24T00:00:00Z")


def test_repeated_spans_are_counted_and_dropped(traces: Any, trace_journeys: Relation) -> None:
    """Two files overlap by 3,740 spans; a span is two rows here."""
    delivery = traces.receipts[twin.TRACES].delivery
    assert (delivery.lines, delivery.refused, delivery.duplicates) == (539_201, 0, 2 * 3_740)
    assert delivery.accepted == 2 * 535_461
    assert traces.rows("SELECT count(*), count_where(outcome = 'success' AND set_aside = '') FROM service_requests", trace_journeys) == [
        (535_461, 535_461)
    ]


def test_counts_and_percentiles_by_operation(traces: Any, trace_journeys: Relation, shared: Path) -> None:
    spans = twin.trace_spans(shared / "realdata").by_operation
    counts = traces.rows("SELECT srv, count(*) FROM service_requests GROUP BY srv", trace_journeys)
    assert dict(counts) == {operation: len(of) for operation, of in spans.items()}
    expected = {operation: twin.percentiles(of) for operation, of in spans.items()}
    assert exact(traces, trace_journeys, ["srv"]) == expected
    assert on_rungs(traces, trace_journeys, ["srv"]) == floors(expected)
