"""The made-up month the jobs run on: who sends what to which device, how long it takes, and what goes wrong (seed 122).

Only whole numbers are drawn here; `generate.py` writes them out as text. The shape of the data is that of a national day as far as it
was published: 92 SRVs of Zipf's law, 48 parties of very different size, six device types, three regions, 3 % never answered, a slow
population of 1.2 % that is 400 times slower than the rest (time-outs), a few codes, and the defects that real trails have.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.vocabulary.service_requests import variants

SEED = 122
CHUNK = 500_000
DAY_MS = 86_400_000
FIRST_DAY = datetime(2026, 9, 1, tzinfo=UTC)
DEVICE_TYPES = ("ESME", "GSME", "GPF", "CHF", "PPMID", "HCALCS")
DEVICE_TYPE_WEIGHTS = (48, 30, 8, 8, 4, 2)
REGIONS = ("north", "central", "south")
REGION_WEIGHTS = (35, 33, 32)
CODES = ("", "I0", "E20", "E21", "E30")
PARTIES = 48
SRV_COUNT = 92

Whole = NDArray[np.int64]


def srvs() -> tuple[str, ...]:
    """The SRVs in use: sent to a device on demand, the non-critical ones first, since meter reads make most of the traffic."""
    to_devices = [one for one in variants().values() if one.is_on_demand and not one.is_non_device]
    return tuple(one.srv for one in sorted(to_devices, key=lambda one: one.is_critical))[:SRV_COUNT]


@dataclass(frozen=True)
class Rows:
    """Audit rows of one chunk as parallel columns; `delivery` is the day number of the file that carries the row."""

    columns: dict[str, Whole]

    def __len__(self) -> int:
        return len(self.columns["request_no"])

    def take(self, places: NDArray[np.intp] | NDArray[np.bool_]) -> "Rows":
        return Rows({name: values[places] for name, values in self.columns.items()})

    def put(self, **changed: Whole) -> "Rows":
        return Rows({**self.columns, **changed})

    @staticmethod
    def together(parts: list["Rows"]) -> "Rows":
        return Rows({name: np.concatenate([part.columns[name] for part in parts]) for name in parts[0].columns})


def draw(requests: int, days: int) -> Iterator[Rows]:
    """Chunks of audit rows, in the order in which files would carry them: roughly by time, not sorted."""
    devices = max(1000, requests // 4)
    first = 0
    for day in range(days):
        of_day = requests // days + (1 if day < requests % days else 0)
        for start in range(0, of_day, CHUNK):
            count = min(CHUNK, of_day - start)
            random = np.random.default_rng([SEED, day, start])
            began = day * DAY_MS + (start + np.sort(random.integers(0, count, count))) * DAY_MS // of_day
            yield _chunk(random, first, began, days, devices)
            first += count


def _chunk(random: np.random.Generator, first: int, began: Whole, days: int, devices: int) -> Rows:
    count = len(began)
    device = random.integers(0, devices, count)
    zipf = 1.0 / np.arange(1, SRV_COUNT + 1) ** 1.1
    skewed = 1.0 / np.arange(1, PARTIES + 1)
    srv = _pick(random, zipf, count)
    requests = Rows(
        {
            "request_no": np.arange(first, first + count, dtype=np.int64),
            "is_answer": np.zeros(count, np.int64),
            "stamp_ms": began,
            "srv": srv,
            "party": _pick(random, skewed, count),
            "device": device,
            # A device has one type and one region for life.
            "device_type": _slots(DEVICE_TYPE_WEIGHTS)[device * 7919 % 100],
            "region": _slots(REGION_WEIGHTS)[device * 104_729 // 100 % 100],
            "code": np.zeros(count, np.int64),
        }
    )
    drawn = np.exp(random.normal(7.6, 0.7, count)) * (1.0 + srv / 60.0)
    spans = np.where(random.random(count) < 0.012, drawn * 400, drawn).astype(np.int64) + 1
    # Within the waiting time of a request (30 s and a day), so that "answered" means one thing to every contender.
    spans = np.minimum(spans, 20 * 3_600_000)
    # An answer stamped before its request: two clocks that disagree.
    spans = np.where(random.random(count) < 0.001, -random.integers(1, 1800, count), spans)
    failed = random.random(count) < 0.03
    code = np.where(failed, 2 + random.integers(0, len(CODES) - 2, count), 1)
    answered = random.random(count) >= 0.03
    answers = requests.put(stamp_ms=began + spans, code=code, is_answer=np.ones(count, np.int64)).take(answered)
    return _with_defects(random, Rows.together([requests, answers]), days)


def _with_defects(random: np.random.Generator, rows: Rows, days: int) -> Rows:
    """Repeated rows, rows sent again with a later stamp, rows of a later file, and stamps from the future."""
    count = len(rows)
    repeated = rows.take(random.random(count) < 0.0075)
    again = rows.take(random.random(count) < 0.0075)
    again = again.put(stamp_ms=again.columns["stamp_ms"] + random.integers(1, 60_000, len(again)))
    rows = Rows.together([rows, repeated, again])
    count = len(rows)
    stamp = rows.columns["stamp_ms"]
    # A file carries what was stamped in its day; half a per cent comes a day later. The last file takes whatever is left.
    late = (random.random(count) < 0.005).astype(np.int64)
    delivery = np.clip(stamp // DAY_MS + late, 0, days)
    future = random.random(count) < 0.0005
    stamp = np.where(future, (delivery + 3) * DAY_MS + random.integers(0, 400 * DAY_MS, count), stamp)
    return rows.put(stamp_ms=stamp, delivery=delivery).take(random.permutation(count))


def _pick(random: np.random.Generator, weights: NDArray[np.floating[Any]], count: int) -> Whole:
    edges = np.cumsum(weights) / weights.sum()
    return np.minimum(np.searchsorted(edges, random.random(count)), len(weights) - 1).astype(np.int64)


def _slots(weights: tuple[int, ...]) -> Whole:
    return np.repeat(np.arange(len(weights), dtype=np.int64), weights)
