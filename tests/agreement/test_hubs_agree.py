"""Communications Hubs: the slow Python twin == DuckDB == Sail, from rows at random, most of them odd, in any order."""

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from journey_rows import accepted, add_accepted
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.no_sm_wan_incidents import NO_SM_WAN_INCIDENTS
from tocsin.journeys.hub_facts import dated_relations
from tocsin.journeys.hub_installs import HUB_INSTALLS
from tocsin.journeys.hub_quarters import HUB_QUARTERS
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.measuring.buckets import in_bucket
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import hold_picks
from tocsin.vocabulary.calendar import Period, parse_instant
from twin.hubs import HubTwin

AUGUST = Period.parse("2021-08")
QUARTER = (parse_instant("2021-04-01T00:00:00Z"), parse_instant("2021-07-01T00:00:00Z"))
DAY_US, HOUR_US = 86_400_000_000, 3_600_000_000
HUBS, DEVICES = [f"H{place}" for place in range(12)], [f"E{place}" for place in range(6)]
AS_AT = (AUGUST.end_at + 10 * DAY_US, AUGUST.end_at, AUGUST.end_at - 9 * DAY_US, AUGUST.end_at + 120 * DAY_US)


def month(draw: random.Random, size: int) -> tuple[list[Any], list[Any], list[Any]]:
    """Accepted rows of the trail, the inventory and the lists; half of the stamps lie where days and windows end."""
    edges = [AUGUST.start_at - days * DAY_US for days in (0, 31, 61, 62, 90, 91, 122, 123)] + [AUGUST.end_at]

    def at() -> int:
        if draw.random() < 0.4:
            return draw.choice(edges) + draw.choice((-1, 0, 1, HOUR_US))
        return AUGUST.start_at + draw.randrange(-150 * 24, 31 * 24) * HOUR_US

    trail = [row for number in range(size) for row in _request(draw, number, at())]
    trail += [
        {"request_id": f"W{number}", "device_id": draw.choice(HUBS + DEVICES), "observed_at": at(), "time_point": "RX_DSP_UP",
         "message_class": draw.choice(("response", "scheduled", "fd_outcome")), "srv": "4.1.1"}
        for number in range(size // 3)
    ]  # fmt: skip
    inventory = [
        {"device_id": device, "device_type": "ESME", "comms_hub_id": draw.choice([*HUBS, None]), "valid_from": draw.choice([None, at()]),
         "region": draw.choice(("North", "North", "south", None)), "service_provider": draw.choice(("CSPN", None))}
        for device in draw.choices(HUBS + DEVICES, k=size)
    ]  # fmt: skip
    lists = [row for number in range(size) for row in _incident(draw, number % (size // 2 + 1), at())]
    # Some lines are told again, and files come in any order.
    for rows in (trail, lists):
        rows.extend(draw.choices(rows, k=size // 4))
        draw.shuffle(rows)
    return (
        accepted(AUDIT_TRAIL, trail),
        accepted(DEVICE_INVENTORY, inventory),
        accepted(NO_SM_WAN_INCIDENTS, [dict(row, delivery_no=draw.randrange(3)) for row in lists]),
    )


def _request(draw: random.Random, number: int, at: int) -> list[dict[str, Any]]:
    srv = draw.choice(("8.14.1", "8.14.2", "8.14.2", "8.14.2", "8.14.3", "8.14.4"))
    asked = {"request_id": f"R{number}", "observed_at": at, "time_point": "RX_DSP", "message_class": "request", "srv": srv}
    asked |= {"command_variant": 8, "device_id": draw.choice([*HUBS, *HUBS, None]), "region": draw.choice(("North", "central", None))}
    code = draw.choice(("I0", "I0", "I0", "W081401", "E081401", "E20"))
    answer = {"request_id": f"R{number}", "observed_at": at + draw.choice((0, 1, HOUR_US)), "time_point": "TX_USER"}
    answer |= {"message_class": "response", "response_code": code, "srv": draw.choice((srv, srv, None))}
    again = dict(answer, response_code=draw.choice(("I0", "E20")), observed_at=answer["observed_at"] + draw.choice((0, 1)))
    parts = ((asked, 0.95), (answer, 0.9), (again, 0.1))
    return [part for part, share in parts if draw.random() < share]


def _incident(draw: random.Random, number: int, at: int) -> list[dict[str, Any]]:
    kinds = draw.sample(("raised", "received", "closed", "heard of"), draw.choice((1, 2, 2, 3)))
    hub, mpxn = draw.choice([*HUBS, None]), draw.choice(("101", "102", "103", None))
    closed_at = at + draw.choice((-DAY_US, DAY_US, 20 * DAY_US, 95 * DAY_US))
    rows = []
    for kind in kinds:
        closed = closed_at + draw.choice((0, 0, HOUR_US)) if kind == "closed" or draw.random() < 0.3 else None
        rows.append(
            {
                "incident_id": f"I{number}",
                "list_kind": kind,
                "submitted_at": at + draw.choice((0, 0, 0, 3, 4)) * DAY_US,
                "closed_at": closed,
                "listed_at": draw.choice((None, None, at + DAY_US)),
                "comms_hub_id": hub if draw.random() < 0.7 else None,
                "mpxn": mpxn if draw.random() < 0.97 else "104",
                "category": draw.choice((3, 3, 3, 3, 3, 3, 3, 3, 4, None)),
                "region": draw.choice(("north", "North", None, None, None, None, None)),
                "service_provider": draw.choice(("CSPN", "CSPN", None)),
                "outcome": draw.choice(("connected", "not_achievable", "replaced")) if kind == "closed" or draw.random() < 0.1 else None,
                "exception": draw.choice(("installation", None, None)) if kind == "closed" else None,
            }
        )
    return rows


def by_engine(engine: Engine, rows: tuple[Any, Any, Any], as_at: int, journey: Journey) -> list[dict[str, Any]]:
    with engine.session() as session:
        for feed, given_rows in zip((AUDIT_TRAIL, DEVICE_INVENTORY, NO_SM_WAN_INCIDENTS), rows, strict=True):
            add_accepted(session, feed, given_rows)
        for relation, dated in dated_relations(AUGUST.first_on):
            session.add_rows(relation, dated)
        at = in_bucket(AUGUST.start_at, AUGUST.end_at, as_at)
        hold_picks(session, journey.picks, at)
        found = session.rows(journey.sql, at)
    return [dict(zip([name for name, _ in journey.columns], row, strict=True)) for row in found]


def check(engine: Engine, rows: tuple[Any, Any, Any], as_at: int) -> None:
    twin = HubTwin(*rows, as_at)
    names = ("began_at", "first_srv", "region", "service_provider", "state", "trail_state", "exception")
    installs = [row for row in by_engine(engine, rows, as_at, HUB_INSTALLS) if not row["set_aside"]]
    assert {row["hub_key"]: tuple(row[name] for name in names) for row in installs} == twin.installs(AUGUST.start_at, AUGUST.end_at)
    quarter = {row["hub_key"]: (row["is_within_90_by_trail"], row["is_within_90"]) for row in by_engine(engine, rows, as_at, HUB_QUARTERS)}
    assert quarter == {
        hub.key: (twin.within_90(hub, by_lists=False), twin.within_90(hub, by_lists=True))
        for hub in twin.hubs.values()
        if QUARTER[0] <= hub.first[0] < QUARTER[1]
    }
    told = ("hub_key", "cohort", "bucket", "conflict", "is_raised", "is_listed", "age_days")
    matches = by_engine(engine, rows, as_at, NO_WAN_MATCHES)
    assert sorted((tuple(row[name] for name in told) for row in matches), key=str) == twin.matches(AUGUST.start_at, AUGUST.end_at)


@settings(max_examples=40, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(1, 14), st.sampled_from(AS_AT))
def test_twin_and_duckdb(embedded: Engine, draw: random.Random, size: int, as_at: int) -> None:
    check(embedded, month(draw, size), as_at)


@pytest.mark.parametrize("seed", range(3))
def test_twin_and_both_engines_on_a_larger_month(either_engine: Engine, seed: int) -> None:
    check(either_engine, month(random.Random(seed), 60), AS_AT[seed])


def test_months_at_random_hold_every_case() -> None:
    """Otherwise agreement would say little."""
    states, buckets, conflicts = set(), set(), set()
    for seed in range(40):
        twin = HubTwin(*month(random.Random(seed), 20), AS_AT[seed % len(AS_AT)])
        states |= {told[4] for told in twin.installs(QUARTER[0], AUGUST.end_at).values()}
        matches = twin.matches(AUGUST.start_at, AUGUST.end_at)
        buckets |= {match[2] for match in matches}
        conflicts |= {match[3] for match in matches}
    assert states == {"commissioned", "pending_90", "left", "replaced"}
    assert buckets == {"M3", "M2a", "M2b", "U1", "U2", "U3", "U4", "X", "UNKNOWN"}
    assert conflicts == {"", "category", "mpxn", "region", "closed_before_submitted", "closing", "outcome"}
