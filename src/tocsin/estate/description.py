"""What was drawn, in whole numbers, so that a person can judge whether a simulated month looks like one of the network's.

Counted from what the estate intended, before any sender or fault came in between. All counts add up over blocks and days.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tocsin.estate.block import Array, Whole
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.draw import Drawn
from tocsin.estate.words import UNKNOWN_SRV, WORDS
from tocsin.vocabulary.business_processes import OTHER, primary_process
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US
from tocsin.vocabulary.target_times import FLOWS

OUTCOMES = ("success", "device_fail", "dcc_fail", "timeout", "user_reject", "open")
ON_DEMAND, SUCCESS = FLOWS.index("on_demand"), OUTCOMES.index("success")
HOURS, HOUR_US = 24, 60 * MINUTE_US

# Round trips longer than this stand together on the last rung.
LAST_SECOND = 120


@dataclass
class Description:
    """Counts of what was drawn inside the period. Keys are tuples of words and whole numbers; instants are UTC."""

    plan: Plan
    # What begins later is left out: of days that were not drawn only a few held requests would show.
    until_at: int | None = None
    days: set[int] = field(default_factory=set)
    by_hour: Counter[tuple[str, int]] = field(default_factory=Counter)
    by_day: Counter[int] = field(default_factory=Counter)
    by_srv: Counter[str] = field(default_factory=Counter)
    by_outcome: Counter[tuple[str, str]] = field(default_factory=Counter)
    round_trips: Counter[tuple[str, int]] = field(default_factory=Counter)
    rows_each: Counter[int] = field(default_factory=Counter)
    devices: Counter[tuple[str, str]] = field(default_factory=Counter)
    requests = 0
    rows = 0

    def add_population(self, population: Population) -> None:
        """Devices by type and region."""
        for (kind, region), count in _pairs(population.devices["device_type"], population.devices["region"]):
            self.devices[WORDS["device_type"][kind], WORDS["region"][region]] += count

    def add(self, drawn: Drawn) -> None:
        """One block of requests; those that begin outside the period are left out."""
        requests, rows = drawn.requests, drawn.rows
        if not len(requests):
            return
        first, last, each = _spans(rows["request"], rows["stamp"], len(requests))
        end_at = self.plan.period.end_at if self.until_at is None else min(self.until_at, self.plan.period.end_at)
        inside = (first >= self.plan.period.start_at) & (first < end_at)
        region = _region_of(rows["request"], rows["region"], len(requests))[inside]
        flow, outcome, first, span = requests["flow"][inside], requests["outcome"][inside], first[inside], (last - first)[inside]
        self.requests += int(inside.sum())
        self.rows += int(each[inside].sum())
        self.rows_each.update(_counts(each[inside]))
        self.by_day.update(_counts(first // DAY_US))
        self.days.update(self.by_day)
        self.by_srv.update({WORDS["srv"][srv]: count for srv, count in _counts(requests["srv"][inside]).items()})
        for (place, hour), count in _pairs(flow, first % DAY_US // HOUR_US):
            self.by_hour[FLOWS[place], hour] += count
        # One that was withdrawn ends in no way of its own.
        ended_so = outcome >= 0
        for (place, ended), count in _pairs(region[ended_so], outcome[ended_so]):
            self.by_outcome[WORDS["region"][place], OUTCOMES[ended]] += count
        # Of these alone the first and the last row are the two ends of the round trip (domain.md 6.2).
        timed = (flow == ON_DEMAND) & (outcome == SUCCESS)
        for (place, second), count in _pairs(region[timed], np.clip(span[timed] // SECOND_US, 0, LAST_SECOND)):
            self.round_trips[WORDS["region"][place], second] += count

    @classmethod
    def of(cls, plan: Plan, record: Mapping[str, Any]) -> "Description":
        """The description that `record` wrote down."""
        told = cls(plan, days=set(record["days"]))
        told.requests, told.rows = record["requests"], record["rows"]
        for name in COUNTED:
            counts: Counter[Any] = getattr(told, name)
            counts.update({tuple(key) if len(key) > 1 else key[0]: count for *key, count in record[name]})
        return told

    def by_process(self) -> Mapping[str, int]:
        """Requests by the code of the Business Process that is their SRV's home."""
        homes: Counter[str] = Counter()
        for srv, count in self.by_srv.items():
            homes[OTHER if srv in ("", UNKNOWN_SRV) else primary_process(srv, self.plan.period.first_on)] += count
        return homes

    def record(self) -> dict[str, Any]:
        """All counts as plain lists, for JSON: the same text for the same plan."""
        return {
            "days": sorted(self.days),
            "requests": self.requests,
            "rows": self.rows,
            **{name: _listed(getattr(self, name)) for name in COUNTED},
            "by_process": _listed(self.by_process()),
        }


COUNTED = ("by_hour", "by_day", "by_srv", "by_outcome", "round_trips", "rows_each", "devices")


def _listed(counts: Mapping[Any, int]) -> list[list[Any]]:
    return [[*(key if isinstance(key, tuple) else (key,)), count] for key, count in sorted(counts.items())]


def _counts(values: Array) -> dict[int, int]:
    """How often each whole number occurs; they lie close together, so that counting them needs no sorting."""
    if not len(values):
        return {}
    least = int(values.min())
    counts = np.bincount(values - least)
    found = np.flatnonzero(counts)
    return dict(zip((found + least).tolist(), counts[found].tolist(), strict=True))


def _pairs(one: Array, other: Array) -> list[tuple[tuple[int, int], int]]:
    """How often each pair of small whole numbers from 0 occurs."""
    if not len(one):
        return []
    width = int(other.max()) + 1
    return [((key // width, key % width), count) for key, count in _counts(one.astype(np.int64) * width + other).items()]


def _spans(request: Whole, stamp: Whole, requests: int) -> tuple[Whole, Whole, Whole]:
    """First stamp, last stamp and number of rows of each request."""
    info = np.iinfo(np.int64)
    first, last = np.full(requests, info.max, np.int64), np.full(requests, info.min, np.int64)
    np.minimum.at(first, request, stamp)
    np.maximum.at(last, request, stamp)
    return first, last, np.bincount(request, minlength=requests)


def _region_of(request: Whole, region: Array, requests: int) -> Array:
    """The region of each request's rows; 0, the empty word, for one that has none."""
    found = np.zeros(requests, np.int16)
    found[request] = region
    return found
