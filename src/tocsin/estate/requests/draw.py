"""Drawing Service Requests: a day's requests and their rows, in blocks that do not depend on each other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from tocsin.estate.block import Array, Block, Truth, Whole
from tocsin.estate.chance import chance
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.asked import DAY_MS, Asked, Sheet, bits, is_luck_below, nothing, outcomes
from tocsin.estate.requests.at_once import in_dcc, local, one_step, two_steps, unsigned
from tocsin.estate.requests.ground import Ground, ground_of, waits
from tocsin.estate.requests.held import (
    CANCELLED_MS,
    called_off_at,
    cancellations,
    held_by_device,
    held_by_dsp,
    is_called_off,
    planned_for,
    scheduled,
)
from tocsin.estate.requests.hours import STEPS, clock, slices, within
from tocsin.estate.requests.mix import HELD
from tocsin.estate.requests.oddities import Oddities
from tocsin.estate.requests.pools import POOLS, SOURCES, users_of
from tocsin.estate.requests.rows import requests_and_rows
from tocsin.estate.requests.spans import SUCCESS, TIMEOUT, USER_REJECT
from tocsin.estate.words import WORDS
from tocsin.vocabulary.target_times import FLOWS

# Requests of a block at the most.
BLOCK = 250_000

# Of 256 failed requests, those that their User soon sends again. Assumed.
RETRIED = 102


@dataclass(frozen=True)
class Drawn:
    """A block of `requests` and all their `rows`, whenever those are stamped (columns: see requests/rows.py)."""

    requests: Block
    rows: Block


def draw_requests(plan: Plan, population: Population, day: int) -> Iterator[Drawn]:
    """The requests received, planned or run on a UTC day number, in blocks of time slices of the day, each of at most BLOCK requests.

    Answers may be stamped after the day, even after the month; a device's report of what it was set up for, weeks after.
    """
    ground = ground_of(plan, population, day)
    bounds = slices(ground.busy, ground.blocks)
    for block in range(ground.blocks):
        count = ground.count * (block + 1) // ground.blocks - ground.count * block // ground.blocks
        if count:
            yield _Block(ground, block, int(bounds[block]), int(bounds[block + 1])).drawn(count)


class _Block:
    """One block while it is drawn; every part of the day has its own stream of chance."""

    def __init__(self, ground: Ground, block: int, start: int, end: int) -> None:
        self.ground, self.block = ground, block
        self.draw = chance(ground.plan.seed, "requests", ground.day, block)
        self.odd = Oddities(dict(ground.odd), chance(ground.plan.seed, "odd requests", ground.day, block))
        self.start_ms = ground.day * DAY_MS
        self.bounds = start, end
        self.clocks = np.concatenate([clock(weights, start, end) for weights in ground.intensities])
        self.new = ground.pools.installed_within((self.start_ms + start * 1000) * 1000, (self.start_ms + end * 1000) * 1000)
        self.own = {device_type: own[block :: ground.blocks] for device_type, own in ground.pools.own.items()}
        self.drawn_count = 0
        self.sheet = Sheet()

    def drawn(self, count: int) -> Drawn:
        cells = self.ground.mix.cells
        counts = self.draw.multinomial(count, self._weights())
        parts = []
        for flow in FLOWS:
            of_flow = self.ground.mix.of_flow(flow)
            asked = self._asked(flow, np.repeat(np.arange(len(cells), dtype=np.int16)[of_flow], counts[of_flow]))
            if len(asked):
                parts += self._put(flow, asked)
        requests, rows = requests_and_rows(self.ground.population, parts, self.sheet, odd=self.odd, draw=self.draw, running=self._running())
        return Drawn(requests, rows)

    def _running(self) -> int:
        """The first running number of this block: no two requests of a simulation have the same, whoever sends them."""
        return ((self.ground.day - self.ground.plan.days[0]) << 10 | self.block) << 18

    def _weights(self) -> Any:
        cells, pools = self.ground.mix.cells, self.ground.pools
        by_habit = np.array([within(weights, *self.bounds).sum() for weights in self.ground.intensities])
        found = cells["share"] * by_habit[cells["habit"]]
        found[pools.device_sizes(cells["pool"], cells["device_type"]) == 0] = 0
        nobody = [role for role, users in pools.listed.items() if not len(users)]
        found[(cells["source"] == SOURCES.index("listed")) & np.isin(cells["role"], nobody)] = 0
        return found / found.sum()

    def _asked(self, flow: str, cell: Array) -> Asked:
        ground, pools = self.ground, self.ground.pools
        cells, devices = ground.mix.cells, ground.population.devices
        pool, device_type = cells["pool"][cell], cells["device_type"][cell]
        if flow in HELD:
            kept, device = self._of_today(device_type)
            cell, pool, device_type = cell[kept], pool[kept], device_type[kept]
        else:
            # In order inside each cell, for the devices then lie in memory one after another.
            key = np.sort(cell.astype(np.int64) << 32 | self.draw.integers(0, 1 << 32, len(cell)))
            chosen = ((key & 0xFFFFFFFF) * pools.size[pool, device_type]) >> 32
            device = pools.places[pools.first[pool, device_type] + chosen]
        luck, more = self._luck(len(cell)), self._luck(len(cell))
        step = cells["habit"][cell] * (STEPS + 1) + bits(more, 16, 10)
        earliest = self.clocks[step]
        at = self.start_ms + earliest + ((self.clocks[step + 1] - earliest) * bits(more, 0, 16) >> 16)
        if flow == "scheduled":
            at -= at % 1000
        self._to_new(pool, device_type, device, at, more)
        user = users_of(
            ground.population, pools, source=cells["source"][cell], role=cells["role"][cell], device=device, bits=bits(luck, 48, 16)
        )
        region = devices["region"][device]
        nameless = np.flatnonzero(~cells["has_subject"][cell])
        device[nameless], region[nameless] = -1, 0
        none = np.full(len(cell), -1, np.int64)
        asked = Asked(
            flow=FLOWS.index(flow),
            place=none,
            cell=cell,
            at=at,
            device=device,
            user=user,
            region=region,
            outcome=none.astype(np.int8),
            luck=luck,
            more=more,
            wait=waits(ground.plan.period.first_on, flow)[cells["srv"][cell]],
            execution=nothing(len(cell)),
            later=none.astype(np.int8),
            withdraws=none,
        )
        return self._judged(asked)

    def _judged(self, asked: Asked) -> Asked:
        """With their places in the block and how each ends."""
        place = np.arange(self.drawn_count, self.drawn_count + len(asked))
        self.drawn_count += len(asked)
        return replace(asked, place=place, outcome=outcomes(asked, asked.of_cell("speed"), self._severity(asked)))

    def _severity(self, asked: Asked) -> Array | None:
        found = None
        for bad in self.ground.bad:
            if bad.start_at // 1000 < self.start_ms + 2 * DAY_MS and bad.end_at // 1000 > self.start_ms:
                found = np.ones(len(asked), np.int64) if found is None else found
                is_inside = (asked.at * 1000 >= bad.start_at) & (asked.at * 1000 < bad.end_at)
                found[is_inside & (asked.region == WORDS["region"].index(bad.region))] = bad.severity
        return found

    def _luck(self, count: int) -> Any:
        return self.draw.integers(0, 1 << 64, count, np.uint64)

    def _of_today(self, device_type: Array) -> tuple[Array, Array]:
        """Which requests find a device that may be planned for today, and those devices, each taken once."""
        device = np.full(len(device_type), -1, np.int32)
        for number in np.unique(device_type):
            places = self.draw.permutation(np.flatnonzero(device_type == number))
            free = self.own[int(number)]
            count = min(len(places), len(free))
            device[places[:count]], self.own[int(number)] = free[:count], free[count:]
        kept = np.flatnonzero(device >= 0)
        return kept, device[kept]

    def _to_new(self, pool: Array, device_type: Array, device: Array, at: Whole, more: Any) -> None:
        """Installing and commissioning goes to the devices installed in this slice of the day, soon after; in place."""
        devices = self.ground.population.devices
        installing = np.flatnonzero(pool >= POOLS.index("new"))
        for number in np.unique(device_type[installing]):
            for name in ("new", "new_smets2"):
                of_type = self.new[devices["device_type"][self.new] == number]
                free = of_type if name == "new" else of_type[~devices["is_smets1"][of_type]]
                these = installing[(device_type[installing] == number) & (pool[installing] == POOLS.index(name))]
                if len(free) and len(these):
                    chosen = free[(bits(more[these], 36, 16) * len(free)) >> 16]
                    device[these] = chosen
                    at[these] = devices["installed_us"][chosen] // 1000 + 1 + 55 * bits(more[these], 0, 16)

    def _put(self, flow: str, asked: Asked) -> list[Asked]:
        """The rows of one flow; gives its requests and those drawn with them."""
        if flow in ("on_demand", "critical"):
            asked = Asked.together(asked, self._again(asked))
            (one_step if flow == "on_demand" else two_steps)(self.sheet, asked, self.odd)
        elif flow in HELD:
            return self._put_held(flow, asked)
        elif flow == "scheduled":
            scheduled(self.sheet, asked)
        else:
            {"transform_only": unsigned, "local_only": local}.get(flow, in_dcc)(self.sheet, asked)
        return [asked]

    def _again(self, asked: Asked) -> Asked:
        """Failed requests that their User sends again some minutes later, as new requests."""
        failed = (asked.outcome != SUCCESS) & (asked.outcome != USER_REJECT) & is_luck_below(asked.more, 52, 8, RETRIED)
        again = asked.take(np.flatnonzero(failed))
        at = again.at + 60_000 + 3_500 * bits(again.more, 36, 8) + 600_000 * (again.outcome == TIMEOUT)
        return self._judged(replace(again, at=at, luck=self._luck(len(again)), more=self._luck(len(again))))

    def _put_held(self, flow: str, asked: Asked) -> list[Asked]:
        asked = replace(asked, execution=planned_for(asked, asked.at))
        called_off = np.flatnonzero(is_called_off(asked))
        off = asked.take(called_off)
        wait = waits(self.ground.plan.period.first_on, "cancellation")[off.of_cell("srv")]
        off = self._judged(
            replace(
                off,
                flow=FLOWS.index("cancellation"),
                at=called_off_at(off),
                luck=self._luck(len(off)),
                more=self._luck(len(off)),
                wait=wait,
                execution=np.full(len(off), CANCELLED_MS),
            )
        )
        # One that fails calls nothing off.
        works = off.outcome == SUCCESS
        off.withdraws[:] = np.where(works, asked.place[called_off], -1)
        withdrawn: Truth = np.zeros(len(asked), np.bool_)
        withdrawn[called_off[works]] = True
        (held_by_dsp if flow == "future_dsp" else held_by_device)(self.sheet, asked, withdrawn)
        if flow == "future_dsp":
            asked.outcome[withdrawn] = -1
        cancellations(self.sheet, off)
        return [asked, off]
