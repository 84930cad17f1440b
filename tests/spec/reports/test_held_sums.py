"""Sums that a session holds for many groupings say what the stored tally says, whatever is looked up; what is not held is asked of it."""

import random
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import pytest

from tocsin.engines import Engine
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.anonymity import PARTY_CODES
from tocsin.measuring.ladder import Ladder
from tocsin.measuring.tally import Tally
from tocsin.processes.business_process import SRV_PROCESSES
from tocsin.reports.counting import WORTH_HOLDING, Counted
from tocsin.reports.figuring import LOOKUPS, counters_of

GROUPINGS = (
    (),
    ("region",),
    ("business_process",),
    ("business_process", "srv"),
    ("business_process", "party_code"),
    ("business_process", "srv", "region"),
)


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    return Counted(
        Tally(SERVICE_REQUESTS, counters_of("service_requests", date(2021, 8, 1), tmp_path)), Ladder.of(SERVICE_REQUESTS), tmp_path
    )


def tally_rows(counted: Counted, days: int) -> list[tuple[object, ...]]:
    draw, rows = random.Random(31), []
    known = dict(counted.tally.columns)
    for day in range(18_840, 18_840 + days):
        for srv in ("2.2", "4.8.1", "77.7"):
            for region in ("north", "south", "UNKNOWN"):
                splits = {"srv": srv, "region": region, "sec_party": draw.choice(("Party 1", "Party 2", "user:3"))}
                cells = {name: splits.get(name, "x") if known[name] == "VARCHAR" else draw.randrange(1000) for name in known}
                rows.append(tuple({**cells, "day": day}[name] for name in known))
    return rows


@pytest.mark.parametrize("days", [0, 4])
def test_held_sums_are_those_of_the_tally(either_engine: Engine, counted: Counted, days: int) -> None:
    with either_engine.session() as session:
        session.add_rows(SRV_PROCESSES, [("2.2", "PPM"), ("4.8.1", "MRD")])
        session.add_rows(PARTY_CODES, [("Party 1", "P000001"), ("Party 2", "P000002")])
        session.add_rows(counted.tally.relation(()), tally_rows(counted, days))
        held = counted.held(session, GROUPINGS, LOOKUPS)
        assert set(held.held_by) == {"region", "business_process", "srv", "party_code"}
        asked = [by for n in range(4) for by in combinations(held.held_by, n)]
        for by in (*asked, ("business_process", "day"), ("flow",)):
            assert held.sums(session, by, LOOKUPS) == counted.sums(session, by, LOOKUPS)


def test_few_questions_and_empty_months_are_not_worth_holding(embedded: Engine, counted: Counted) -> None:
    with embedded.session() as session:
        # Nothing is there to hold: whoever tried would be told so.
        few = GROUPINGS[: WORTH_HOLDING - 1]
        assert counted.held(session, [*few, *few]) == counted
        empty = replace(counted, is_empty=True)
        assert empty.held(session, GROUPINGS, LOOKUPS) == empty
