"""How long things take and how they end, by speed and region: looked up in tables of equally likely rungs, so that drawing is a look-up."""

import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from tocsin.estate.block import Array, Whole
from tocsin.estate.words import WORDS
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.table_file import TableRow, overriding

SPEEDS = ("light", "bulk", "command", "top_up", "scheduled", "report", "dcc")

# The outcomes of domain.md 6.4, in the order of the contract of the estate; whether one is open yet depends on the as-at.
OUTCOMES = ("success", "device_fail", "dcc_fail", "timeout", "user_reject", "open")
SUCCESS, DEVICE_FAIL, DCC_FAIL, TIMEOUT, USER_REJECT = range(5)

RUNGS = 4096
CHANCES = 65536
# Late answers lie near the 99th percentile, between these bounds in milliseconds: attempts that the network made again.
LATE_FROM, LATE_TO = 45_000, 420_000
LEAST = 2_000


@dataclass(frozen=True)
class Behaviour:
    """`spans[speed, region, rung]` in milliseconds; `outcomes[speed, region, chance]`, places in OUTCOMES. Region: number in WORDS."""

    spans: NDArray[np.int32]
    outcomes: NDArray[np.int8]


@cache
def behaviour() -> Behaviour:
    """The tables made of behaviour.csv. Raises BadDeclaration on a bad row."""
    with as_file(files("tocsin.estate.requests") / "behaviour.csv") as file:
        rows = overriding(file).rows
    shape = (len(SPEEDS), len(WORDS["region"]))
    spans, outcomes = np.zeros((*shape, RUNGS), np.int32), np.zeros((*shape, CHANCES), np.int8)
    for row in rows:
        speed = SPEEDS.index(row.one_of("speed", SPEEDS))
        word = row.one_of("region", (*REGIONS, "any"))
        regions = range(shape[1]) if word == "any" else [WORDS["region"].index(word)]
        for region in regions:
            spans[speed, region] = _spans(row)
            outcomes[speed, region] = _outcomes(row)
    return Behaviour(spans, outcomes)


def lognormal(median: int, spread_percent: int, rungs: int, least: int, most: int) -> Whole:
    """Equally likely values, least first: lognormal about a median, cut to [least, most]. Made by the standard library alone, for the
    last digits of numpy's logarithms differ from processor to processor."""
    values = (median * math.exp(spread_percent / 100 * NormalDist().inv_cdf((rung + 0.5) / rungs)) for rung in range(rungs))
    return np.array([min(max(round(value), least), most) for value in values], np.int64)


def _spans(row: TableRow) -> Whole:
    median, late = row.whole("median_ms"), row.whole("late_per_10000") * RUNGS // 10_000
    is_fast = row.cells["speed"] == "dcc"
    scale = 1 if median < LATE_FROM else median // 10_000
    usual = lognormal(median, row.whole("spread_percent"), RUNGS - late, 40 if is_fast else LEAST, 20_000 if is_fast else 7_200_000)
    steps = [scale * LATE_FROM * (LATE_TO / LATE_FROM) ** (step / max(late, 1)) for step in range(late)]
    return np.concatenate([usual, np.array([round(step) for step in steps], np.int64) // (100 if is_fast else 1)])


def _outcomes(row: TableRow) -> Array:
    """Failures first, so that halving a draw doubles them; rejects last, for a bad network rejects no more than a good one."""
    found = np.full(CHANCES, SUCCESS, np.int8)
    at = 0
    for outcome, column in ((TIMEOUT, "timeout"), (DCC_FAIL, "dcc_fail"), (DEVICE_FAIL, "device_fail")):
        wide = row.whole(column) * CHANCES // 10_000
        found[at : at + wide] = outcome
        at += wide
    rejects = row.whole("user_reject") * CHANCES // 10_000
    found[CHANCES - rejects :] = USER_REJECT
    return found
