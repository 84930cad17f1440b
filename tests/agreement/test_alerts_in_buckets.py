"""Quarter-hours of alerts worked out in many buckets are those worked out at once, whatever crosses an edge (docs/decisions/0016)."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from late_alerts import QUARTER, alert_rows, count_rows
from late_months import LateMonth
from tocsin.engines import Engine
from tocsin.journeys import all_journeys
from tocsin.measuring.buckets import KEY_BITS
from tocsin.reports.journey_tables import Close, asked_of

QUARTERLY = ("alert_slices", "alert_losses")
SENDERS = ("DSP", "DSP", "CSPN", "S1SP-DXC", "nobody known")


def a_month(root: Path, engine: Engine, seed: int) -> LateMonth:
    """Alerts with keys anywhere, in files that follow one another and say of some stretch of the month what they hold."""
    chance = random.Random(seed)
    made = LateMonth(root, engine, QUARTERLY)
    made.tables = {}
    stages = [{**row, "alert_key": row["alert_key"] * 0x9E3779B97F4A7C15 % (1 << KEY_BITS)} for row in alert_rows(chance, 200)]
    for feed, column, rows in (("alert_stages", "observed_at", stages), ("alert_counts", "slice_at", count_rows(chance, 120))):
        rows.sort(key=lambda row: row[column] + chance.choice((0, 0, 0, 2 * QUARTER)))
        for first in range(0, len(rows), 100):
            made_of(made, feed, rows[first : first + 100], column, chance)
    return made


def made_of(made: LateMonth, feed: str, rows: list[dict[str, Any]], column: str, chance: random.Random) -> None:
    """Deliver rows by one sender or another, in files that say from when to when they are, or now and then do not."""
    sent = [(chance.choice(SENDERS), row) for row in rows]
    for sender in sorted({sender for sender, _ in sent}):
        mine = [row for by, row in sent if by == sender]
        name = made.deliver(feed, mine)
        stamps = sorted(row[column] for row in mine)
        says: dict[str, Any] = {"first_at": stamps[0], "last_at": stamps[-1]} if chance.random() < 0.8 else {}
        if chance.random() < 0.5:
            covers = stamps[0] // QUARTER * QUARTER
            says |= {"covers_start_at": covers, "covers_end_at": covers + QUARTER}
        made.standing[name] = replace(made.standing[name], sender=sender, **says)


def in_many(made: LateMonth, monkeypatch: pytest.MonkeyPatch, rows: int) -> dict[str, int]:
    """Let a bucket have few rows; how many buckets there are of each journey then."""
    monkeypatch.setattr("tocsin.reports.journey_tables.ROWS_A_BUCKET", rows)
    close: Close = made._close(made.root)
    accepted = sum(one.accepted for one in made.standing.values())
    return {name: len(asked_of(close, all_journeys()[name], accepted)) for name in QUARTERLY}


@pytest.mark.parametrize("seed", range(2))
def test_many_buckets_give_the_rows_of_one(embedded: Engine, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    made = a_month(tmp_path, embedded, seed)
    at_once = {name: made.whole(name) for name in QUARTERLY}
    for rows in (400, 80):
        buckets = in_many(made, monkeypatch, rows)
        assert min(buckets.values()) > 1
        assert {name: made.whole(name) for name in QUARTERLY} == at_once
    assert buckets["alert_slices"] > 10
    assert len({row[0] for row in at_once["alert_slices"]}) > 20
    assert sum(row[10] for row in at_once["alert_losses"]) > 0


def test_engines_agree_on_buckets(either_engine: Engine, embedded: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "one").mkdir()
    one = a_month(tmp_path / "one", embedded, 9)
    at_once = {name: one.whole(name) for name in QUARTERLY}
    many = a_month(tmp_path / "many", either_engine, 9)
    assert min(in_many(many, monkeypatch, 400).values()) > 1
    assert {name: many.whole(name) for name in QUARTERLY} == at_once
