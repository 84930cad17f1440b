"""Firmware campaigns in the audit trail: the very requests, Users, devices, instants and answers that the tracking of images tells."""

from collections import Counter, defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
from drawn_trail import intended, trail

from estate_files import small_plan
from tocsin.estate.events.alert_told import told_activations
from tocsin.estate.events.firmware_draw import Attempt, draw_attempts
from tocsin.estate.events.firmware_requests import eui
from tocsin.estate.faults.fates import Fates
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population, populate
from tocsin.estate.requests.campaigns import Campaigns
from tocsin.estate.requests.draw import Drawn
from tocsin.estate.words import WORDS
from tocsin.vocabulary.instants import DAY_US, parse_instant
from twin.service_requests import Twin

FAR = parse_instant("2022-09-01T00:00:00Z")


@cache
def a_month() -> tuple[Plan, Population, list[Attempt], tuple[Drawn, ...]]:
    plan = replace(small_plan(), scale=Fraction(1, 1_000))
    population = populate(plan)
    attempts = draw_attempts(plan, population)
    campaigns = Campaigns.of(plan, population, attempts)
    return plan, population, attempts, tuple(drawn for day in plan.days if (drawn := campaigns.drawn(day)) is not None)


def told() -> dict[str, list[dict[str, Any]]]:
    """Rows of the trail by the RequestID that files would write."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for drawn in a_month()[3]:
        stored, rows = trail(drawn.rows), drawn.rows
        for place, row in enumerate(stored):
            parties = eui(int(rows["originator"][place])), eui(int(rows["target"][place]))
            found[f"{parties[0]}:{parties[1]}:{int(rows['counter'][place])}"].append(row)
    return found


def test_every_stage_of_the_tracking_is_a_request_of_the_trail() -> None:
    """F4 is the receipt of the signed 11.3, F5 its answer or its device's report, F6 the answer to an 11.2, by the same RequestID."""
    plan, population, attempts, _ = a_month()
    rows = told()
    seen: Counter[str] = Counter()
    for attempt in attempts:
        device = eui(int(population.devices["eui"][attempt.device]))
        for event in attempt.events:
            request = event.stage_request
            # The trail is drawn from two days before the month to two days after it.
            if request is None or not plan.days.start + 1 <= request.at // DAY_US < plan.days.stop - 1:
                continue
            own = rows[request.text(population)]
            assert {row["srv"] for row in own} == {event.srv} == {request.srv}
            assert {row["device_id"] for row in own} == {int(population.devices["eui"][attempt.device])}, device
            at = {(row["message_class"], row["command_variant"], row["observed_at"]) for row in own if row["time_point"] != "TX_CSP"}
            if event.stage == "F4":
                assert ("request", 5, event.observed_at) in at
                assert {row["execution_at"] for row in own} - {None} == {request.execution_at} - {None}
            else:
                (answer,) = (row for row in own if row["observed_at"] == event.observed_at)
                assert answer["response_code"] == (event.alert_code or event.response_code)
                assert (answer["device_result"] == "ok") == (event.stage == "F6" or event.result == "ok")
                assert answer["time_point"] == "TX_USER"
            seen[event.stage + ("-held" if request.execution_at else "")] += 1
    assert {"F4", "F4-held", "F5", "F5-held", "F6"} == set(seen)


def test_what_the_tracking_has_no_answer_of_the_trail_has_none_of() -> None:
    _, population, attempts, _ = a_month()
    rows, silent = told(), 0
    for attempt in attempts:
        answered = {event.stage_request for event in attempt.events if event.stage in {"F5", "F6"}}
        for request in {event.stage_request for event in attempt.events if event.stage == "F4"} - answered - {None}:
            own = rows.get(request.text(population), [])
            classes = {row["message_class"] for row in own if row["time_point"] == "TX_USER"}
            assert "fd_outcome" not in classes
            if own and request.execution_at is None:
                assert classes == {"precommand"}
                silent += 1
    assert silent > 0


def test_a_list_is_one_request_and_warns_of_those_it_leaves_out() -> None:
    _, population, attempts, _ = a_month()
    rows, codes = told(), Counter()
    of_list: dict[str, set[str]] = defaultdict(set)
    for attempt in attempts:
        of_list[attempt.request.text(population)].add(attempt.events[0].result)
    for request, results in of_list.items():
        own = rows.get(request, [])
        if own:
            assert [row["time_point"] for row in sorted(own, key=lambda row: row["observed_at"])] == ["RX_DSP", "TX_USER"]
            assert {row["device_id"] for row in own} == {None}
            (code,) = {row["response_code"] for row in own} - {None}
            assert code == ("W110101" if "refused" in results else "I0")
            codes[code] += 1
    assert set(codes) == {"W110101", "I0"}


def test_rows_say_the_intended_flow_and_outcome_of_every_request() -> None:
    """By the slow twin of the journey; a cancellation withdraws what it was drawn with."""
    flows: set[str] = set()
    withdrew = 0
    for drawn in a_month()[3]:
        stored = trail(drawn.rows)
        request = {row["request_id"]: row["request"] for row in stored}
        assert len(request) == len(drawn.requests)
        found = Twin(stored, [], [], date(2021, 9, 1)).happenings(0, FAR, FAR)
        by_request = Counter((request[one["request_key"]], one["flow"], one["outcome"]) for one in found)
        assert by_request == intended(drawn.requests)
        assert {one["set_aside"] for one in found} == {""}
        withdrawn = {request[one["request_key"]] for one in found if one["withdrawn_count"]}
        assert withdrawn == set(np.flatnonzero(drawn.requests["withdraws"] >= 0).tolist())
        flows |= {one["flow"] for one in found}
        withdrew += len(withdrawn)
    assert flows == {"firmware", "critical", "future_device_set_up", "future_device_outcome", "cancellation", "on_demand"}
    assert withdrew > 0


class TrailAlone(Fates):
    """Every file of the audit trail comes, and none of any other feed."""

    def stands(self, feed: str, whose: str, start_at: int) -> bool:
        return feed == "audit_trail"


def test_the_trail_alone_tells_hubs_whose_meter_was_activated() -> None:
    """What tags a power outage as false where no tracking came (domain.md 7.5): at-once and held ones, of electricity meters alone."""
    plan, population, attempts, _ = a_month()
    hubs = told_activations(plan, population, TrailAlone(plan), attempts)
    instants = {at for of_hub in hubs.values() for at in of_hub}
    devices = population.devices
    meters = [one for one in attempts if devices["device_type"][one.device] == WORDS["device_type"].index("ESME")]
    answers = [(one.device, event) for one in meters for event in one.events if (event.stage, event.result) == ("F5", "ok")]
    told_so = [(device, event) for device, event in answers if event.observed_at in hubs.get(int(devices["hub"][device]), ())]
    assert len(instants) > 30
    # A trail of whole seconds, or in local time, tells some of them a little otherwise.
    assert len(told_so) > len(instants) * 3 / 4
    assert {event.stage_request.execution_at is None for _, event in told_so if event.stage_request} == {True, False}


def test_no_two_requests_have_one_id_and_counters_rise() -> None:
    requests = list(dict.fromkeys(request for attempt in a_month()[2] for request in attempt.requests()))
    assert len({(request.user, request.counter) for request in requests}) == len(requests)
    for user in {request.user for request in requests}:
        in_order = sorted((request for request in requests if request.user == user), key=lambda request: request.counter)
        assert [request.at for request in in_order] == sorted(request.at for request in in_order)
