"""Late rows worked into the journeys that stand give what a whole close gives, row by row, whatever came or went between closes."""

import random
from collections import Counter
from pathlib import Path

import pytest

from journey_months import many_months, together
from late_months import begun, step
from tocsin.engines import Engine

MONTHS = 120


def series(root: Path, engine: Engine, seed: int, steps: int) -> Counter[str]:
    """A month closed after each of many things that happen; what was told of each close."""
    chance = random.Random(seed)
    month = together(many_months(MONTHS), 0)
    made, late = begun(root, engine, month, chance, deliveries=12)
    made.close()
    made.assert_equal()
    told: Counter[str] = Counter()
    for _ in range(steps):
        what = step(made, month, late, chance, most=40)
        said = made.close()
        print(what, said)
        made.assert_equal()
        told["late" if "days" in said[-1] else "whole" if "from all" in said[-1] else "stands"] += 1
    return told


@pytest.mark.parametrize("seed", range(6))
def test_a_month_closed_again_and_again(embedded: Engine, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.late_rows.ONE_IN", 0)
    told = series(tmp_path, embedded, seed, steps=12)
    print(told)
    assert told["late"] > told["whole"]
