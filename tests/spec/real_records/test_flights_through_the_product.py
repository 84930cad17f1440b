"""New York flights as requests with a target: party, region and device joined, shares in time as computed independently."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tocsin.engines import Relation
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.ladder import PUBLISHED_PER_MILLE, exact_percentiles_sql, read_percentiles
from twin import real_records as twin

pytestmark = pytest.mark.xdist_group("real-flights")

# Added to every answer and to the target, so that an early arrival is no negative round trip.
ADDED_MIN = 120
IN_TIME = "outcome = 'success' AND round_trip_us <= target_response_us"


@pytest.fixture(scope="module")
def taken(take: Callable[[Sequence[str]], Any]) -> Any:
    return take([twin.FLIGHTS, twin.PLANES, twin.AIRLINES])


@pytest.fixture(scope="module")
def journeys(taken: Any) -> Relation:
    return taken.journeys("service_requests", "2013-01-01T00:00:00Z", "2013-08-01T00:00:00Z")


@pytest.fixture(scope="module")
def flights(shared: Path) -> list[twin.Flight]:
    return twin.flights(shared / "realdata")


def test_every_flight_is_one_journey(taken: Any, journeys: Relation, flights: list[twin.Flight]) -> None:
    """A request and, where there was one, an arrival or a withdrawal; nothing refused, nothing set aside."""
    delivery = taken.receipts[twin.FLIGHTS].delivery
    arrived, never_sent = sum(one.late_min is not None for one in flights), sum(not one.is_sent for one in flights)
    assert (delivery.lines, delivery.accepted) == (len(flights), len(flights) + arrived + never_sent)
    assert (delivery.refused, delivery.duplicates) == (0, 0)
    assert taken.rows("SELECT count(*), count_where(set_aside = '') FROM service_requests", journeys) == [(166_158, 166_158)]


def test_answered_unanswered_and_never_sent(taken: Any, journeys: Relation, flights: list[twin.Flight]) -> None:
    """Diverted or lost is no response; cancelled was never sent and is no failure of anybody's."""
    lost = sum(one.is_sent and one.late_min is None for one in flights)
    expected = {"success": len(flights) - lost - 4_883, "timeout": lost, "user_reject": 4_883}
    assert dict(taken.rows("SELECT outcome, count(*) FROM service_requests GROUP BY outcome", journeys)) == expected
    assert lost == 597


def test_flights_by_month_local_and_utc(taken: Any, journeys: Relation, flights: list[twin.Flight], shared: Path) -> None:
    """The published counts are of local months; a UTC month is another stretch of time and another count."""
    told = twin.published(shared)["flights_nyc2013_jan_jun"]["rows_by_month"]
    new_york = twin.ZoneInfo("America/New_York")
    for zone, expected in ((new_york, told), (UTC, Counter(str(utc_month(one)) for one in flights))):
        bounds = [twin.microseconds(datetime(2013, month, 1, tzinfo=zone).astimezone(UTC)) for month in range(1, 8)]
        counts = ", ".join(f"count_where(began_at >= {start} AND began_at < {end})" for start, end in pairwise(bounds))
        found = taken.rows(f"SELECT {counts} FROM service_requests", journeys)[0]
        assert list(found) == [expected[str(month)] for month in range(1, 7)]


def utc_month(flight: twin.Flight) -> int:
    return datetime.fromtimestamp(flight.scheduled_at // 1_000_000, UTC).month


def test_share_in_time_by_carrier_and_origin(taken: Any, journeys: Relation, flights: list[twin.Flight], shared: Path) -> None:
    names = twin.carriers(shared / "realdata")
    answered, in_time = Counter(), Counter()
    for one in flights:
        for key in (names[one.carrier], one.origin):
            answered[key] += one.late_min is not None
            in_time[key] += one.is_in_time
    for split in ("sec_party", "region"):
        sql = f"SELECT {split}, count_where(outcome = 'success'), count_where({IN_TIME}) FROM service_requests GROUP BY {split}"
        found = taken.rows(sql, journeys)
        assert len(found) == {"sec_party": 16, "region": 3}[split]
        for key, of, met in found:
            assert (of, met) == (answered[key], in_time[key]), key
    assert sum(in_time.values()) == 2 * 119_440


def test_planes_that_the_inventory_knows(taken: Any, journeys: Relation, flights: list[twin.Flight]) -> None:
    """About 16 % of the flights name a plane that is not in it: their device type is UNKNOWN, and they are not dropped."""
    known = sum(one.is_known_plane for one in flights)
    assert taken.rows("SELECT count_where(device_type <> 'UNKNOWN') FROM service_requests", journeys) == [(known,)]
    assert round(100 * known / len(flights)) == 84


def test_percentiles_of_lateness_by_carrier(taken: Any, journeys: Relation, flights: list[twin.Flight], shared: Path) -> None:
    names = twin.carriers(shared / "realdata")
    late: dict[str, list[int]] = {name: [] for name in names.values()}
    for one in flights:
        if one.late_min is not None:
            late[names[one.carrier]].append((one.late_min + ADDED_MIN) * twin.MINUTE_US)
    rows = taken.rows(exact_percentiles_sql(SERVICE_REQUESTS, ["sec_party"]), journeys)
    found = {one.breakdown[0][1]: tuple(one.at.values()) for one in read_percentiles(["sec_party"], PUBLISHED_PER_MILLE, rows)}
    assert found == {name: twin.percentiles(of) for name, of in late.items()}
