"""The truth of Service Requests against the product's journey: the same happenings from rows at random, most of them odd."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from estate_rows import product_happenings, product_run, registers_of, request_key, trail_of
from tocsin.engines import Engine
from tocsin.estate.block import EMPTY, Block
from tocsin.estate.chance import chance
from tocsin.estate.faults.kinds import ROW_FAULTS
from tocsin.estate.faults.profile import fault_profile
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.truth.happenings import OUTCOMES, SET_ASIDE
from tocsin.estate.truth.service_requests import RequestTruth, told_once, with_copies
from tocsin.estate.truth.splits import SRVS
from tocsin.estate.truth.whereabouts import DEVICE_TYPES, GENERATIONS_TOLD, PROVIDERS, REGIONS, Registers
from tocsin.estate.truth.wide import NEVER
from tocsin.estate.words import WORDS, number
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US
from tocsin.vocabulary.target_times import FLOWS
from twin.estate_month import compare

SEPTEMBER = Period(2021, 9)
PLAN = Plan(SEPTEMBER, Fraction(1, 1000), 1, Plan.settled_at(SEPTEMBER), fault_profile("none"))
DEVICES, USERS, REQUESTS = 40, 8, 2_500

# Where the truth first looks for the device of a request; it must find it wherever it is.
NOTHING_GUESSED = Block({"device": np.zeros(REQUESTS, np.int64)})

# On demand, in two steps, held by the device, by both, by the DSP, answered inside the DCC, firmware, planned, and one no list has.
SRVS_DRAWN = ("4.1.1", "2.2", "6.11", "1.1.1", "6.23", "3.2", "8.2", "12.1", "11.1", "4.8.1", "99.9")
CODES = ("", "I0", "I99", "E1", "E20", "E21", "E9999", "8F66", "8F67", "W110101")
# Where and what, as rows usually come, and as they never should.
PLACES = (
    ("RX_DSP", "request"), ("ACK_TX", "ack"), ("ACK_TX", "reject"), ("TX_USER", "precommand"), ("TX_CSP", "request"), ("RX_CSP", "request"),
    ("RX_DSP_UP", "response"), ("TX_USER", "response"), ("TX_USER", "scheduled"), ("TX_USER", "fd_outcome"), ("TX_USER", "local"),
    ("TX_USER", "failure_alert"), ("USER_ACK", "ack"), ("RX_DSP", "ack"), ("RX_DSP_UP", "scheduled"), ("ACK_TX", "response"),
)  # fmt: skip
OFTEN = np.array([9, 3, 1, 3, 4, 1, 4, 9, 2, 5, 1, 2, 1, 1, 1, 1])
STEPS = [0, 0, 1, 500, 999, 1_000, 1_999, 2_000, 2_001, 30_000, 30_001, 86_400_000, 86_430_000, 172_800_000, 3_110_400_000]


def made_population() -> Population:
    """A few devices and Users of every kind."""
    draw = chance(3, "made population")
    is_smets1 = draw.random(DEVICES) < 0.3
    place = np.arange(DEVICES)
    region = np.where(is_smets1, number("region", "smets1"), 1 + place % 3).astype(np.int16)
    provider = np.array([number("service_provider", word) for word in ("CSPN", "CSPC", "CSPS", "S1SP-5")], np.int16)[region - 1]
    devices = Block(
        {
            "eui": draw.integers(1, 2**63, DEVICES, dtype=np.uint64),
            "device_type": (1 + place % 6).astype(np.int16),
            "region": region,
            "service_provider": provider,
            "is_smets1": is_smets1,
            "installed_us": np.where(place % 5 == 0, SEPTEMBER.start_at + 9 * DAY_US, EMPTY),
            "is_listed": place % 7 != 3,
        }
    )
    users = Block(
        {
            "eui": draw.integers(2**63, 2**64, USERS, dtype=np.uint64),
            "party": (np.arange(USERS) % 5).astype(np.int16),
            "is_listed": np.arange(USERS) < USERS - 2,
        }
    )
    return Population(devices, users, ("Amber", "Beryl & Sons", "Coral/Jet", "Dunes=Sand", "Elm"))


def wild_rows(seed: int, population: Population, block: int | None = None, requests: int = REQUESTS) -> Block:
    """Rows at random: any point in any order, told or not, so that every hole and every contradiction occurs.

    Of one of two blocks every second User, for no cancellation is of another block than what it cancels.
    """
    draw = chance(seed, "wild rows")
    each = draw.integers(1, 9, requests)
    request = np.repeat(np.arange(requests), each)
    rows = len(request)

    def numbers(column: str, words: tuple[str, ...]) -> Any:
        return np.array([number(column, word) for word in words], np.int16)

    def sometimes(share: float, values: Any, hole: int) -> Any:
        return np.where(draw.random(rows) < share, values, hole)

    # A third of the requests go the usual road, at a few devices: some of them cancel others, and withdraw them.
    is_calm = draw.random(requests) < 0.35
    calm, step = is_calm[request], np.minimum(np.arange(rows) - (np.cumsum(each) - each)[request], 4)
    place = draw.choice(len(PLACES), rows, p=OFTEN / OFTEN.sum())
    place = np.where(calm, np.array([0, 4, 6, 7, 12])[step], place)
    srv = numbers("srv", SRVS_DRAWN)[np.where(is_calm, draw.integers(3, 6, requests), draw.integers(0, len(SRVS_DRAWN), requests))]
    user, device = draw.integers(0, USERS, requests), np.where(is_calm, draw.integers(0, 4, requests), draw.integers(-3, DEVICES, requests))
    user = np.where(is_calm, user % 4, user)
    user = user if block is None else user // 2 * 2 + block
    began = SEPTEMBER.start_at + draw.integers(-2 * DAY_US // MINUTE_US, 32 * DAY_US // MINUTE_US, requests) * MINUTE_US
    ends = draw.random(requests) < 0.1
    began = np.where(
        ends, draw.choice([SEPTEMBER.start_at, SEPTEMBER.end_at], requests) + draw.integers(-2, 3, requests) * SECOND_US, began
    )
    execution = np.select(
        [draw.random(requests) < 0.2, (draw.random(requests) < 0.5) | is_calm],
        [parse_instant("3000-12-31T00:00:00Z"), began + draw.choice([-3_600, 0, 1, 3_600, 86_400, 864_000], requests) * SECOND_US],
        EMPTY,
    )
    is_planned = (draw.random(requests) < 0.1) & ~is_calm
    scheduled = np.where(is_planned, began + draw.integers(-5, 6, requests) * SECOND_US, EMPTY)
    device_eui = np.where(device < 0, np.uint64(0), population.devices["eui"][device])
    other = np.where(draw.random(rows) < 0.01, population.devices["eui"][0], device_eui[request])
    # Where the DCC answers a request is about one device at most.
    is_shared = np.isin(srv[request], numbers("srv", ("8.2", "12.1", "99.9"))) | (draw.random(requests) < 0.9)[request]
    no_srv = (draw.random(requests) < 0.1)[request]
    of_dcc = np.where(is_shared | no_srv, device_eui[request], other)
    word = {
        column: sometimes(share, draw.integers(1, len(WORDS[column]), rows), 0)
        for column, share in (("device_type", 0.2), ("region", 0.3), ("service_provider", 0.4))
    }
    return Block(
        {
            "request": request,
            "told_us": began[request] + np.where(calm, step * 2_000, np.array(STEPS)[draw.integers(0, len(STEPS), rows)]) * 1_000,
            "time_point": numbers("time_point", tuple(point for point, _ in PLACES))[place],
            "message_class": numbers("message_class", tuple(kind for _, kind in PLACES))[place],
            "srv": np.where(no_srv & (draw.random(rows) < 0.8), 0, srv[request]).astype(np.int16),
            "response_code": numbers("response_code", CODES)[np.where(calm, 1, draw.integers(0, len(CODES), rows))],
            "command_variant": np.where(calm, 1, sometimes(0.7, draw.choice([1, 2, 4, 4, 5, 5, 5, 6, 8, 9], rows), 0)).astype(np.int8),
            "user": sometimes(0.9, user[request], -1).astype(np.int32),
            "device": np.where(draw.random(rows) < 0.9, of_dcc, np.uint64(0)),
            "execution_us": sometimes(0.7, execution[request], EMPTY),
            "scheduled_us": sometimes(0.7, scheduled[request], EMPTY),
            "instruction_no": sometimes(0.5, draw.integers(1, 4, rows), 0).astype(np.int8),
            "instruction_total": sometimes(0.3, draw.integers(1, 4, rows), 0).astype(np.int8),
            "device_result": np.where(calm, 0, sometimes(0.4, draw.integers(1, len(WORDS["device_result"]), rows), 0)),
            "fault": np.where(draw.random(rows) < 0.01, ROW_FAULTS.index("copied"), 0).astype(np.int8),
            "sender": np.zeros(rows, np.int8),
            "file_day": np.zeros(rows, np.int32),
            **word,
        }
    )


def by_truth(truth: RequestTruth, found: Block) -> list[tuple[Any, ...]]:
    """The happenings of the truth in the words of the product."""
    names = truth.registers.party_names

    def told(value: int) -> int | None:
        return None if value == NEVER else value

    return sorted(
        (
            request_key(0, int(found["request"][row])),
            FLOWS[found["flow"][row]],
            int(found["began_at"][row]),
            SRVS[found["srv"][row]],
            names[found["party"][row]],
            DEVICE_TYPES[found["device_type"][row]],
            REGIONS[found["region"][row]],
            GENERATIONS_TOLD[found["generation"][row]],
            PROVIDERS[found["service_provider"][row]],
            OUTCOMES[found["outcome"][row]],
            told(int(found["round_trip_us"][row])),
            told(int(found["target_us"][row])),
            SET_ASIDE[found["set_aside"][row]],
            int(found["repeats"][row]),
            int(found["skewed"][row]),
            int(found["withdrew"][row]),
        )
        for row in range(len(found))
    )


def by_product(rows: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    names = (
        "request_key", "flow", "began_at", "srv", "sec_party", "device_type", "region", "generation", "service_provider", "outcome",
        "round_trip_us", "target_response_us", "set_aside", "repeat_count", "skewed_legs",
    )  # fmt: skip
    return sorted((*(row[name] for name in names), row["withdrawn_count"] or 0) for row in rows)


def truth_of(population: Population, as_at: int) -> RequestTruth:
    """The truth of these devices and Users, seen from an instant."""
    devices = population.devices
    inventory_from = np.where(devices["is_listed"], np.where(devices["installed_us"] == EMPTY, 0, devices["installed_us"]), NEVER)
    return RequestTruth(replace(PLAN, until_at=as_at), population, Registers.of(population, inventory_from, population.users["is_listed"]))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("as_at", [SEPTEMBER.start_at + 15 * DAY_US, PLAN.until_at])
def test_rows_at_random_make_the_same_happenings(embedded: Engine, seed: int, as_at: int) -> None:
    population = made_population()
    truth, rows = truth_of(population, as_at), wild_rows(seed, population)
    delivered = chance(seed, "delivered").random(len(rows)) < 0.9
    found = by_truth(truth, truth.found(NOTHING_GUESSED, rows, delivered))
    came = told_once(with_copies(rows.take(np.flatnonzero(delivered))))
    registers = registers_of(population, truth.registers.inventory_from, population.users["is_listed"])
    assert found == by_product(product_happenings(embedded, trail_of(came, population), registers, SEPTEMBER, as_at))


def test_the_rows_at_random_hold_every_flow_outcome_and_reason(embedded: Engine) -> None:
    """Otherwise agreement on them would say little."""
    population = made_population()
    found = []
    for as_at in (SEPTEMBER.start_at + 15 * DAY_US, PLAN.until_at):
        truth = truth_of(population, as_at)
        rows = wild_rows(0, population)
        found += by_truth(truth, truth.found(NOTHING_GUESSED, rows, np.ones(len(rows), bool)))
    told = list(zip(*found, strict=True))
    assert set(told[1]) == set(FLOWS)
    assert set(told[9]) == set(OUTCOMES)
    assert set(told[12]) == set(SET_ASIDE)
    assert {0, 1, 2} <= set(told[13]) & set(told[15])
    assert {0, 1} <= set(told[14])
    assert {"UNKNOWN"} <= set(told[4]) & set(told[5]) & set(told[6]) & set(told[7]) & set(told[8])


@pytest.mark.parametrize("seed", range(2))
def test_they_make_the_same_figures(embedded: Engine, seed: int, tmp_path: Path) -> None:
    """Measures, Business Processes, percentiles, days and oddities, in blocks as a simulation adds them."""
    population, secret = made_population(), b"a secret of the estate's own"
    truth, trail = truth_of(population, PLAN.until_at), []
    for block in range(2):
        rows = wild_rows(10 * seed + block, population, block)
        truth.add(SimpleNamespace(requests=NOTHING_GUESSED), rows, np.ones(len(rows), bool))
        trail += trail_of(told_once(with_copies(rows)), population, block)
    truth.close(tmp_path)
    registers = registers_of(population, truth.registers.inventory_from, population.users["is_listed"])
    run = product_run(embedded, trail, registers, SEPTEMBER, PLAN.until_at, folder=tmp_path, secret=secret)
    assert compare(run, tmp_path, secret, ("service_requests",)) == []
