"""Late rows worked into the journeys that stand give what a whole close gives, row by row, whatever came or went between closes."""

import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from journey_months import AS_ATS, many_months, together
from late_alerts import activation_rows, alert_rows, count_rows, firmware_rows, inventory_rows
from late_months import LateMonth, begun, step
from tocsin.engines import Engine

MONTHS = 120
OF_ALERTS = ("trail_activations", "alerts", "alert_legs", "alert_slices")


def requests_closed(root: Path, engine: Engine, seed: int, steps: int) -> Iterator[tuple[str, list[str]]]:
    """A month of Service Requests closed after each of many things that happen: which, and what the close said."""
    chance = random.Random(seed)
    month = together(many_months(MONTHS), 0)
    made, late = begun(root, engine, month, chance, deliveries=12)
    made.close()
    made.assert_equal()
    for _ in range(steps):
        what = step(made, month, late, chance, most=40)
        said = made.close()
        made.assert_equal()
        yield what, said


def alerts_closed(root: Path, engine: Engine, seed: int, steps: int) -> Iterator[tuple[str, list[str]]]:
    """The same of alerts and of the activations they may follow."""
    chance = random.Random(seed)
    made = LateMonth(root, engine, OF_ALERTS, as_at=AS_ATS[0])
    alerts = alert_rows(chance, 300)
    pools: dict[str, list[dict[str, Any]]] = {
        "alert_stages": list(alerts),
        "alert_counts": count_rows(chance, 60),
        "device_firmware": firmware_rows(chance, 60, alerts),
        "audit_trail": activation_rows(chance, 120, alerts),
        "device_inventory": inventory_rows(chance),
    }
    for feed, rows in pools.items():
        chance.shuffle(rows)
        here = [rows.pop() for _ in range(len(rows) * 2 // 3)]
        for number in range(4):
            made.deliver(feed, here[number::4])
    made.close()
    made.assert_equal()
    for _ in range(steps):
        what = chance.choice((*pools, "alert_stages", "alert_stages", "time"))
        if what == "time":
            made.as_at = min((at for at in AS_ATS if at > made.as_at), default=made.as_at)
        elif chance.random() < 0.5:
            made.deliver(what, [pools[what].pop() for _ in range(min(len(pools[what]), 15))])
        else:
            name = chance.choice([name for name, one in made.standing.items() if one.feed == what])
            made.supersede(name, chance.sample(made.rows[name], len(made.rows[name]) * 9 // 10))
        said = made.close()
        made.assert_equal()
        yield what, said


def roads(said: list[str]) -> Counter[str]:
    """How often journeys were worked out whole, had what changed worked in, or stood as they were."""
    words = {"from all rows that stand": "whole", "the other days stand": "late", "as they stand": "stands"}
    return Counter(road for line in said for word, road in words.items() if word in line and not ("days" in line and road == "whole"))


@pytest.mark.parametrize("seed", range(3))
def test_requests_that_come_and_go(embedded: Engine, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    told = sum((roads(said) for _, said in requests_closed(tmp_path, embedded, seed, steps=10)), Counter())
    assert told["late"] > told["whole"] > 0


@pytest.mark.parametrize("seed", range(2))
def test_alerts_that_come_and_go(embedded: Engine, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    told = Counter[str]()
    for _, said in alerts_closed(tmp_path, embedded, seed, steps=10):
        told += roads(said)
    assert told["late"] > told["whole"]


def test_on_a_cluster(sail: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the roads ask is the core's own text: Sail gives the rows of its own whole close."""
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    (tmp_path / "requests").mkdir()
    (tmp_path / "alerts").mkdir()
    told = Counter[str]()
    for _, said in (*requests_closed(tmp_path / "requests", sail, 3, steps=2), *alerts_closed(tmp_path / "alerts", sail, 1, steps=3)):
        told += roads(said)
    assert told["late"] >= 4
