"""Journeys whose grouping is done in compiled code have the rows that they have of DuckDB alone, in one bucket and in many."""

import random
from pathlib import Path

import pytest

from late_alerts import alert_rows, count_rows
from late_months import LateMonth
from tocsin.engines import Engine, grouped_rows
from tocsin.measuring.buckets import KEY_BITS

pytest.importorskip("numba")

GROUPED = ("alerts", "alert_losses")


@pytest.mark.parametrize("rows_a_bucket", [1_000_000, 100])
def test_compiled_groups_make_the_same_journeys(
    embedded: Engine, tmp_path: Path, rows_a_bucket: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    chance = random.Random(rows_a_bucket)
    made = LateMonth(tmp_path, embedded, ("trail_activations", *GROUPED))
    stages = [{**row, "alert_key": row["alert_key"] * 0x9E3779B97F4A7C15 % (1 << KEY_BITS)} for row in alert_rows(chance, 300)]
    for feed, rows in (("alert_stages", stages), ("alert_counts", count_rows(chance, 60))):
        for place in range(0, len(rows), 90):
            made.deliver(feed, rows[place : place + 90])
    made.close()
    monkeypatch.setattr("tocsin.reports.journey_tables.ROWS_A_BUCKET", rows_a_bucket)
    by_engine = {name: made.whole(name) for name in GROUPED}
    times = []
    groups = grouped_rows._Asked.groups

    def counted(asked: grouped_rows._Asked) -> object:
        found = groups(asked)
        times.append(found is not None)
        return found

    monkeypatch.setattr(grouped_rows._Asked, "groups", counted)
    for name in ("WORTH_LOADING", "WORTH_WHILE"):
        monkeypatch.setattr(grouped_rows, name, 0)
    for name in GROUPED:
        assert made.whole(name) == by_engine[name] != []
    assert all(times)
    assert len(times) >= len(GROUPED)
