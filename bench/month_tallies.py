"""A month's tallies and ladders as a close leaves them, made up by whole-number rules: what the report is measured on.

A national month is 33 million requests a day (DCC, July 2022) over every SRV of the catalogue, 120 SEC Parties of very different size, the
device types an SRV goes to, three CSP Regions and SMETS1: of the 190,000 combinations the largest, until there are as many tally rows (day
by combination) as are asked for. Each has its answers on up to two dozen rungs of a tenth of a second.
"""

from collections.abc import Sequence
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.month_rhythm import PERIOD, PLACES
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.ladder import Ladder
from tocsin.reports.counting import ladder_file, tally_file
from tocsin.reports.figuring import counters_of
from tocsin.vocabulary.devices import DEVICE_TYPES
from tocsin.vocabulary.service_requests import ServiceRequestVariant, variants

PARTIES = 120
REQUESTS_A_DAY = 33_000_000
# How many rungs the answers of one tally row, a day of a combination, stand on at most.
RUNGS = 24


def flow_of(srv: ServiceRequestVariant) -> str:
    if srv.is_non_device:
        return "dcc_only"
    return "critical" if srv.is_critical else "on_demand" if srv.is_on_demand else "scheduled"


def combinations(rows: int, days: int) -> list[tuple[tuple[str, ...], int]]:
    """The splits of the largest combinations and their requests a day, so many that `days` days of them are about `rows` rows."""
    found = []
    for place, srv in enumerate(variants(PERIOD.first_on).values(), start=1):
        devices = srv.device_types or DEVICE_TYPES
        for party, (number, device), (region, generation, provider) in product(range(1, PARTIES + 1), enumerate(devices, start=1), PLACES):
            # Zipf's law for SRVs, parties and device types: few make most of the traffic.
            weight = 1.0 / (place**1.1 * party * number * len(PLACES))
            splits = (flow_of(srv), srv.srv, f"Party {party:03d}", device, region, generation, provider)
            found.append((splits, weight))
    whole = sum(weight for _, weight in found)
    largest = sorted(found, key=lambda one: (-one[1], one[0]))[: max(1, rows // days)]
    return [(splits, max(1, int(REQUESTS_A_DAY * weight / whole))) for splits, weight in largest]


def write_tallies(rows: int, folder: Path, shifts: int = 1, on: date = PERIOD.first_on) -> dict[str, int]:
    """Tally and ladder of Service Requests under `folder`, and how many rows each has; `shifts` as Steps takes it."""
    days = PERIOD.days()
    chosen = combinations(rows, len(days))
    splits = [[one[n] for one, _ in chosen] for n in range(len(SERVICE_REQUESTS.splits))]
    volume = np.array([count for _, count in chosen], dtype=np.int64)
    folder.mkdir(parents=True, exist_ok=True)
    counters = [counter.name for counter in counters_of(SERVICE_REQUESTS.name, on, folder)]
    for path in (tally_file(folder, SERVICE_REQUESTS.name), ladder_file(folder, SERVICE_REQUESTS.name)):
        path.parent.mkdir(parents=True, exist_ok=True)
    tallied = 0
    steps = Steps(len(chosen), shifts)
    with pq.ParquetWriter(tally_file(folder, SERVICE_REQUESTS.name), _schema(SERVICE_REQUESTS.splits, ("day",), counters)) as tally_out:
        for n, day in enumerate(days):
            # Days differ, and no two in the same way.
            of_day = np.maximum(volume * (90 + n * 7 % 21) // 100, 1)
            table = _tally(day, splits, of_day, counters)
            tally_out.write_table(table)
            steps.add(n, _answered(of_day)[1])
            tallied += table.num_rows
    stood = steps.ladder(splits)
    pq.write_table(stood, ladder_file(folder, SERVICE_REQUESTS.name))
    return {"tally_rows": tallied, "ladder_rows": stood.num_rows, "requests": int(volume.sum()) * len(days)}


class Steps:
    """Where the answers of each combination stand, day after day, on a ladder of the month.

    On one day they stand further apart the longer they took, and begin where no other combination's do. With `shifts` of more than one
    they begin elsewhere on the next day, on so many rungs in turn, and a month of days fills that many times the rungs of one.
    """

    def __init__(self, combinations: int, shifts: int) -> None:
        self.shifts = shifts
        self.spans = np.zeros((combinations, (RUNGS - 1) ** 2 + shifts), dtype=np.int64)

    def add(self, day: int, answered: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> None:
        rungs, place = np.minimum(answered, RUNGS), np.arange(len(answered))
        shift = (day * 7 + place) % self.shifts
        for step in range(RUNGS):
            there = place[step < rungs]
            spans = answered[there] // rungs[there] + (step < answered[there] % rungs[there])
            self.spans[there, step * step + shift[there]] += spans

    def ladder(self, splits: list[list[str]]) -> pa.Table:
        place, step = np.nonzero(self.spans)
        rung, spans = 20 + place % 37 + step, self.spans[place, step]
        taken = [pa.array(column).take(pa.array(place)) for column in splits]
        return pa.table([*taken, rung, spans], schema=_schema(Ladder.of(SERVICE_REQUESTS).splits, (), ("rung", "spans")))


def _schema(splits: Sequence[str], before: Sequence[str], whole: Sequence[str]) -> pa.Schema:
    text = [(split, pa.string()) for split in splits]
    return pa.schema([*((name, pa.int64()) for name in before), *text, *((name, pa.int64()) for name in whole)])


def _answered(volume: "np.ndarray[tuple[int], np.dtype[np.int64]]") -> tuple[Any, Any]:
    """Of so many requests those that were not rejected, and of these the successful ones."""
    counted = volume - volume // 50
    return counted, counted - counted // 40


def _tally(day: int, splits: list[list[str]], volume: "np.ndarray[tuple[int], np.dtype[np.int64]]", counters: list[str]) -> pa.Table:
    counted, success = _answered(volume)
    within, none = success - success // 40, np.zeros_like(volume)
    by_name = {
        "volume_counted": volume, "user_rejects_counted": volume - counted, "success_rate_counted": counted,
        "success_rate_met": success, "success_rate_with_rejects_counted": volume, "success_rate_with_rejects_met": success,
        "within_target_counted": success, "within_target_met": within, "cpm_1_counted": counted, "cpm_1_met": within,
    }  # fmt: skip
    columns = {name: by_name.get(name, success if name.startswith("round_trip_") else none) for name in counters}
    return pa.table([np.full_like(volume, day), *splits, *columns.values()], schema=_schema(SERVICE_REQUESTS.splits, ("day",), counters))
