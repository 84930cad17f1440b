"""Drawn Service Requests: their rows say what was intended, by the slow twin of the journey; drawn alike every time, and plausible."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import pytest
from drawn_trail import intended, trail

from tocsin.estate.block import EMPTY, Block
from tocsin.estate.faults.profile import FaultProfile, fault_profile
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.requests import ground
from tocsin.estate.requests.draw import BLOCK, Drawn, draw_requests
from tocsin.estate.requests.held import schedules
from tocsin.estate.requests.hours import bad_hours, clock, request_count, slices
from tocsin.estate.requests.mix import mix
from tocsin.estate.requests.spans import LATE_FROM, OUTCOMES, SPEEDS, behaviour
from tocsin.estate.words import WORDS
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.service_requests import USER_ROLES, variants
from tocsin.vocabulary.target_times import FLOWS
from twin.service_requests import Twin

PERIOD = Period.parse("2021-09")
TUESDAY = parse_instant("2021-09-14T00:00:00Z") // DAY_US
SUNDAY = TUESDAY - 2
FAR = parse_instant("2022-09-01T00:00:00Z")


def a_plan(seed: int = 7, scale: Fraction = Fraction(1, 1000), faults: FaultProfile | None = None) -> Plan:
    return Plan(PERIOD, scale, seed, Plan.settled_at(PERIOD), faults or fault_profile("none"))


@cache
def a_population(seed: int = 7, scale: Fraction = Fraction(1, 1000)) -> Population:
    return populate(a_plan(seed, scale))


@cache
def a_tuesday() -> Drawn:
    (drawn,) = draw_requests(a_plan(), a_population(), TUESDAY)
    return drawn


def every_day(plan: Plan, population: Population) -> Iterator[Drawn]:
    for day in plan.days:
        yield from draw_requests(plan, population, day)


def happenings(rows: Block) -> list[dict[str, Any]]:
    stored = trail(rows)
    request = {row["request_id"]: row["request"] for row in stored}
    assert len(request) == len(set(rows["request"].tolist()))
    found = Twin(stored, [], [], date(2021, 9, 1)).happenings(0, FAR, FAR)
    return [{**happening, "request": request[happening["request_key"]]} for happening in found]


def test_rows_say_the_intended_flow_and_outcome_of_every_request() -> None:
    """On a day of twenty thousand requests in which every flow occurs."""
    drawn = a_tuesday()
    found = happenings(drawn.rows)
    assert Counter((happening["request"], happening["flow"], happening["outcome"]) for happening in found) == intended(drawn.requests)
    # Lists of devices for an image are of the campaigns (test_campaigns.py).
    assert {happening["flow"] for happening in found} == set(FLOWS) - {"firmware"}
    assert {happening["set_aside"] for happening in found} == {""}
    assert {happening["skewed_legs"] for happening in found} == {0}
    withdrawn = {happening["request"] for happening in found if happening["withdrawn_count"]}
    assert withdrawn == set(np.flatnonzero(drawn.requests["withdraws"] >= 0).tolist()) != set()
    assert {None, 1} <= {happening["withdrawn_count"] for happening in found} <= {None, 0, 1}


def test_odd_behaviour_shows_and_moves_no_outcome() -> None:
    """Skewed legs, answers before their request, words that no table has: the twin sees each, and the intended outcome still holds."""
    rates = dict.fromkeys(("skewed", "unknown_srv", "unknown_code", "unknown_region"), 20_000)
    faults = FaultProfile(name="hot", sentence="All odd.", behaviour=rates | {"backwards": 160_000})
    (drawn,) = draw_requests(a_plan(faults=faults), a_population(), TUESDAY)
    found = happenings(drawn.rows)
    assert Counter((happening["request"], happening["flow"], happening["outcome"]) for happening in found) == intended(drawn.requests)
    assert {happening["set_aside"] for happening in found} == {"", "negative_span"}
    assert {happening["skewed_legs"] for happening in found} == {0, 1}
    unknown = [happening for happening in found if happening["srv"] == "99.9"]
    assert {"on_demand", "critical", "scheduled"} <= {happening["flow"] for happening in unknown}
    assert {happening["outcome"] for happening in found if happening["response_code"] == "E9999"} == {"dcc_fail"}
    assert "Orkney" in {happening["region"] for happening in found}
    for column in ("srv", "region", "user", "device", "device_type"):
        told = {(request, word) for request, word in zip(drawn.rows["request"].tolist(), drawn.rows[column].tolist(), strict=True)}
        assert len(told) == len(drawn.requests), column


def test_the_same_seed_draws_the_same_and_another_another() -> None:
    again = next(draw_requests(a_plan(), a_population(), TUESDAY))
    for name, values in a_tuesday().rows.columns.items():
        assert np.array_equal(values, again.rows[name]), name
    other = next(draw_requests(a_plan(seed=8), a_population(), TUESDAY))
    assert set(other.rows["stamp"].tolist()) != set(again.rows["stamp"].tolist())
    assert other.rows["device"][:100].tolist() != again.rows["device"][:100].tolist()


def test_blocks_share_out_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many requests as in one block, in time slices, each with all its rows; the devices planned for are shared out too."""
    monkeypatch.setattr(ground, "DRAWN_AT_FIRST", 3_000)
    blocks = list(draw_requests(a_plan(), a_population(), TUESDAY))
    assert len(blocks) > 5
    assert abs(sum(len(block.requests) for block in blocks) - len(a_tuesday().requests)) < 200
    planned = np.concatenate([block.rows["scheduled_us"][block.rows["schedule"] > 0][:1] for block in blocks])
    assert planned.tolist() == sorted(planned.tolist())
    for block in blocks:
        assert set(block.rows["request"].tolist()) == set(range(len(block.requests)))
        assert block.requests["withdraws"].max() < len(block.requests) <= BLOCK
    _assert_no_two_alike(a_population(), blocks)
    # Any block can be drawn without those before it.
    second = list(draw_requests(a_plan(), a_population(), TUESDAY))[1]
    assert np.array_equal(second.rows["counter"], blocks[1].rows["counter"])


def test_no_user_device_and_srv_are_planned_for_twice_in_all_days() -> None:
    """A cancellation withdraws what it was drawn with and nothing else; request ids and runs of schedules are never used again."""
    scale = Fraction(1, 20_000)
    blocks = list(every_day(a_plan(scale=scale), a_population(scale=scale)))
    _assert_no_two_alike(a_population(scale=scale), blocks)
    assert sum(int((block.requests["withdraws"] >= 0).sum()) for block in blocks) > 0


def _assert_no_two_alike(population: Population, blocks: list[Drawn]) -> None:
    planned: list[tuple[int, ...]] = []
    ids: list[tuple[int, ...]] = []
    runs: list[tuple[int, ...]] = []
    for block in blocks:
        requests, rows = block.requests, block.rows
        held = np.isin(requests["flow"], [FLOWS.index(flow) for flow in ("future_dsp", "future_device_set_up", "future_both")])
        planned += zip(*(requests[name][held].tolist() for name in ("user", "device", "srv")), strict=True)
        called_off = np.flatnonzero(requests["withdraws"] >= 0)
        for name in ("user", "device", "srv"):
            assert np.array_equal(requests[name][called_off], requests[name][requests["withdraws"][called_off]])
        _, first = np.unique(rows["request"], return_index=True)
        asked, run = first[rows["has_request"][first]], first[~rows["has_request"][first]]
        ids += zip(*(rows[name][asked].tolist() for name in ("originator", "target", "counter")), strict=True)
        runs += zip(*(rows[name][run].tolist() for name in ("schedule", "srv", "device", "scheduled_us")), strict=True)
    for alike in (planned, ids, runs):
        assert len(alike) == len(set(alike)) > 0


def test_requests_go_to_devices_they_are_for_that_are_there_from_users_who_may() -> None:
    population, drawn = a_population(), a_tuesday()
    facts, requests = variants(), drawn.requests
    for srv, device, user in zip(*(requests[name].tolist() for name in ("srv", "device", "user")), strict=True):
        fact = facts[WORDS["srv"][srv]]
        role = USER_ROLES[population.users["role"][user]]
        assert role in fact.user_roles or (not fact.user_roles and role in ("IS", "GS")), fact.srv
        if device >= 0:
            kind = WORDS["device_type"][population.devices["device_type"][device]]
            assert kind in fact.device_types or not fact.device_types, fact.srv
        else:
            assert fact.srv in ("8.13", "12.1", "12.2")
    rows = drawn.rows
    named = requests["device"][rows["request"]]
    is_new = (named >= 0) & (population.devices["installed_us"][named] != EMPTY)
    assert is_new.any()
    assert (rows["stamp"] > population.devices["installed_us"][named])[is_new].all()


def test_every_srv_is_in_the_mix() -> None:
    assert {WORDS["srv"][number] for number in mix().cells["srv"]} == set(variants())
    # A cancellation and an outcome are drawn with the request they belong to.
    together = {"cancellation", "future_device_outcome", "future_both"}
    assert {FLOWS[number] for number in mix().cells["flow"]} == set(FLOWS) - together


def test_a_month_has_its_messages_and_rows() -> None:
    """576 million messages in August 2021 (domain.md 14), a scaled part of them in September's more; 2.1 to 2.3 rows each."""
    scale = Fraction(1, 20_000)
    plan, population = a_plan(scale=scale), a_population(scale=scale)
    blocks = [block for day in plan.period.days() for block in draw_requests(plan, population, day)]
    requests, rows = sum(len(block.requests) for block in blocks), sum(len(block.rows) for block in blocks)
    messages = volume_of(PERIOD).messages * scale
    assert abs(requests - messages) < messages / 50
    assert 2.0 < rows / requests < 2.3


def _hours_of(drawn: Drawn, srv: str) -> np.ndarray:
    """Requests by hour of UTC, of one SRV: first stamps, planned instants of runs."""
    rows = drawn.rows
    of_srv = rows["srv"] == WORDS["srv"].index(srv)
    at = np.where(rows["scheduled_us"] != EMPTY, rows["scheduled_us"], rows["stamp"])[of_srv]
    first = np.full(len(drawn.requests), np.iinfo(np.int64).max)
    np.minimum.at(first, rows["request"][of_srv], at)
    hour = first[first < np.iinfo(np.int64).max] % DAY_US // (DAY_US // 24)
    return np.bincount(np.clip(hour, 0, 23), minlength=24)


def test_reads_come_at_night_and_top_ups_by_day() -> None:
    """By the UK's clock, an hour ahead of UTC in September."""
    reads, top_ups = _hours_of(a_tuesday(), "4.8.1"), _hours_of(a_tuesday(), "2.2")
    assert reads[:5].sum() + reads[23] > reads.sum() * 0.6
    assert top_ups[6:22].sum() > top_ups.sum() * 0.85
    evening, midday, small_hours = top_ups[16:19].sum(), top_ups[12:15].sum(), top_ups[1:4].sum()
    assert evening > midday > 8 * small_hours


def test_installs_rest_on_sundays() -> None:
    (sunday,) = draw_requests(a_plan(), a_population(), SUNDAY)
    assert _hours_of(sunday, "8.11").sum() * 5 < _hours_of(a_tuesday(), "8.11").sum()
    assert len(sunday.requests) > len(a_tuesday().requests) * 0.6


def test_success_and_round_trips_lie_where_the_domain_has_them() -> None:
    """domain.md 14: on-demand success 90-99 % and 80-97 % for SMETS1, medians of 5 to 20 s, p95 of 30 to 120 s but in the steady North."""
    population, drawn = a_population(), a_tuesday()
    requests, rows = drawn.requests, drawn.rows
    at_once = np.isin(requests["flow"], [FLOWS.index("on_demand")]) & (requests["outcome"] != OUTCOMES.index("user_reject"))
    region = population.devices["region"][requests["device"]]
    received = np.zeros(len(requests), np.int64)
    answered = np.zeros(len(requests), np.int64)
    points = {word: WORDS["time_point"].index(word) for word in ("RX_DSP", "TX_USER")}
    is_answer = (rows["time_point"] == points["TX_USER"]) & (rows["message_class"] == WORDS["message_class"].index("response"))
    received[rows["request"][rows["time_point"] == points["RX_DSP"]]] = rows["stamp"][rows["time_point"] == points["RX_DSP"]]
    answered[rows["request"][is_answer]] = rows["stamp"][is_answer]
    for word in REGIONS:
        here = at_once & (region == WORDS["region"].index(word))
        good = here & (requests["outcome"] == OUTCOMES.index("success"))
        share = good.sum() / here.sum()
        assert (0.80 if word == "smets1" else 0.90) < share < (0.97 if word == "smets1" else 0.99), word
        median, p95 = np.quantile((answered - received)[good], [0.5, 0.95]) / 1e6
        assert 5 < median < 20, word
        assert (12 < p95 < 30) if word == "north" else (25 < p95 < 120), word


def test_much_fails_in_bad_hours() -> None:
    """One to three a month, drawn by the seed alone, for Incidents to be raised from."""
    plan = a_plan()
    found = bad_hours(plan)
    assert found == bad_hours(a_plan(scale=Fraction(1, 7))) != bad_hours(a_plan(seed=8))
    assert 1 <= len(found) <= 3
    bad = found[0]
    assert PERIOD.start_at <= bad.start_at < bad.end_at <= PERIOD.end_at
    failed = {True: [0, 0], False: [0, 0]}
    for block in draw_requests(plan, a_population(), bad.start_at // DAY_US):
        requests, rows = block.requests, block.rows
        began = np.full(len(requests), np.iinfo(np.int64).max)
        np.minimum.at(began, rows["request"], rows["stamp"])
        here = (requests["device"] >= 0) & (a_population().devices["region"][requests["device"]] == WORDS["region"].index(bad.region))
        is_failure = np.isin(requests["outcome"], [OUTCOMES.index(word) for word in ("device_fail", "dcc_fail", "timeout")])
        inside = (began >= bad.start_at) & (began < bad.end_at)
        for is_bad in (True, False):
            failed[is_bad][0] += int((here & is_failure & (inside == is_bad)).sum())
            failed[is_bad][1] += int((here & (inside == is_bad)).sum())
    assert failed[True][0] / failed[True][1] > 3 * failed[False][0] / failed[False][1]


def test_two_runs_of_one_instant_have_schedules_of_their_own() -> None:
    """A run without a request id is known by schedule, SRV, device and planned instant: two may not be taken for one."""
    device, srv = np.array([5, 5, 5, 6, 5]), np.array([1, 1, 2, 1, 1])
    at = np.array([1000, 1000, 1000, 1000, 2000])
    first, again, other_srv, other_device, later = schedules(device, srv, at).tolist()
    assert first == later
    assert len({first, again, other_srv, other_device}) == 4


def test_requests_of_a_slice_lie_in_it_as_the_day_weighs() -> None:
    weights = np.zeros(96)
    weights[40:44] = [1, 0, 0, 3]
    assert slices(weights, 2).tolist() == [0, 43 * 900 + 300, 86_400]
    instants = clock(weights, 40 * 900, 44 * 900)
    assert (instants[0], instants[128], instants[640], instants[-1]) == (36_000_000, 36_450_000, 39_150_000, 39_600_000)
    assert clock(weights, 0, 900).tolist()[::1024] == [0, 900_000]


def test_days_share_out_the_month_by_their_kind() -> None:
    """Whole numbers that add up to the month's messages, but for their rounding."""
    shares = np.array([0.5, 0.1, 0.1, 0.1, 0.1, 0.1])
    plan = a_plan()
    counts = {day: request_count(plan, day, shares) for day in plan.days}
    month = sum(counts[day] for day in plan.period.days())
    assert abs(month - volume_of(PERIOD).messages * plan.scale) < 31
    assert counts[SUNDAY] < counts[SUNDAY - 1] < counts[TUESDAY]


def test_spans_rise_and_late_answers_are_the_last_of_them() -> None:
    spans = behaviour().spans[SPEEDS.index("light"), WORDS["region"].index("central")]
    assert (np.diff(spans) >= 0)[:-60].all()
    assert spans[len(spans) // 2] == pytest.approx(7_500, rel=0.05)
    # 1.2 % of them: the attempts that the network made again.
    assert (spans[-49:] >= LATE_FROM).all()
    assert behaviour().spans[SPEEDS.index("dcc"), 0, 2048] < 1_000
