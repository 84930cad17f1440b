"""What all blocks of a day's Service Requests stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from tocsin.estate.block import Whole
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.hours import HABITS, BadHour, bad_hours, intensities, request_count
from tocsin.estate.requests.mix import Mix, mix
from tocsin.estate.requests.pools import Pools, pools_of
from tocsin.estate.words import WORDS
from tocsin.vocabulary.target_times import ANY_SRV, grace_us, target_rows

# Drawn for a block at first, so that retries and cancellations have room in it.
DRAWN_AT_FIRST = 235_000

# Of all requests, per mille, those that are no retries of others.
NOT_RETRIES = 990


@dataclass(frozen=True)
class Ground:
    """What all blocks of a day stand on: how many requests in how many blocks, to and from whom, at which hours, and what goes wrong.

    `intensities`: of each habit by quarter-hour; `busy`: of all together.
    """

    plan: Plan
    population: Population
    day: int
    count: int
    blocks: int
    mix: Mix
    pools: Pools
    intensities: Any
    busy: Any
    bad: tuple[BadHour, ...]
    odd: Mapping[str, int]


def ground_of(plan: Plan, population: Population, day: int) -> Ground:
    """The ground of one UTC day number. Raises BadDeclaration for a month before the estate began."""
    kinds = mix()
    by_habit: Any = np.bincount(kinds.cells["habit"], kinds.cells["share"], len(HABITS))
    count = request_count(plan, day, by_habit) * NOT_RETRIES // 1000
    by_quarter = intensities(day)
    return Ground(
        plan=plan,
        population=population,
        day=day,
        count=count,
        blocks=max(1, -(-count // DRAWN_AT_FIRST)),
        mix=kinds,
        pools=pools_of(plan.seed, population, day),
        intensities=by_quarter,
        busy=by_habit @ by_quarter,
        bad=bad_hours(plan),
        odd=plan.faults.behaviour,
    )


@cache
def waits(on: date, flow: str) -> Whole:
    """How long until each SRV of a flow has timed out, in milliseconds, by number in WORDS: its target and the grace (domain.md 6.4)."""
    targets = {(of_srv, of_flow): target_us for of_srv, of_flow, target_us in target_rows(on)}
    found = [targets.get((srv, flow), targets.get((ANY_SRV, flow), 0)) for srv in WORDS["srv"]]
    return (np.array(found, np.int64) + grace_us(on)) // 1000
