"""The reporting store holds what the journey table does, without the way back, whatever came or went between closes, or is passed over."""

import random
import shutil
from pathlib import Path

import duckdb
import pytest

from journey_months import many_months, together
from late_months import LateMonth, begun, step
from tocsin.engines import Engine
from tocsin.engines.tables import paths, replace_days, version
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.measure import Counter, Rule
from tocsin.reports.closing import JourneyTable
from tocsin.reports.counting import count_journeys
from tocsin.reports.reporting_store import counted_by, reporting_table_of

NAMES = [name for name, _ in SERVICE_REQUESTS.reporting_columns]
JOURNEY = SERVICE_REQUESTS.name


def rows(files: tuple[str, ...]) -> list[tuple[object, ...]]:
    """The columns that are kept for reporting, of all rows, in an order of their own."""
    return sorted(duckdb.sql(f"SELECT {', '.join(NAMES)} FROM read_parquet({list(files)}, hive_partitioning = false)").fetchall(), key=repr)


def reporting_files(closed: JourneyTable) -> tuple[str, ...]:
    """Those of the reporting store, which must be what is read for a question that asks nothing of the way back."""
    relation = counted_by(closed, ["outcome = 'success'", "round_trip_us <= target_response_us"])
    assert relation.paths == paths(reporting_table_of(closed.table))
    assert [name for name, _ in relation.columns] == NAMES
    return relation.paths


@pytest.fixture
def made(embedded: Engine, tmp_path: Path) -> LateMonth:
    month, _ = begun(tmp_path, embedded, together(many_months(40), 0), random.Random(5), deliveries=6)
    month.close()
    return month


@pytest.mark.parametrize("seed", range(2))
def test_it_follows_the_journeys(embedded: Engine, tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    chance = random.Random(seed)
    month = together(many_months(40), 0)
    made, late = begun(tmp_path, embedded, month, chance, deliveries=8)
    said: list[str] = []
    for _ in range(6):
        said += made.close()
        closed = made.tables[JOURNEY]
        assert rows(reporting_files(closed)) == rows(closed.relation.paths), said
        step(made, month, late, chance, most=30)
    assert any("the other days stand" in line for line in said)


def test_days_that_nothing_touched_keep_their_files(made: LateMonth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    before = set(reporting_files(made.tables[JOURNEY]))
    name = next(name for name, one in made.standing.items() if one.feed == "audit_trail")
    made.supersede(name, made.rows[name][1:])
    made.close()
    after = set(reporting_files(made.tables[JOURNEY]))
    assert 0 < len(before - after) < len(before)
    assert before & after


def test_a_question_of_the_way_back_reads_the_journeys(made: LateMonth) -> None:
    closed = made.tables[JOURNEY]
    for name in SERVICE_REQUESTS.way_back:
        assert counted_by(closed, [f"outcome = 'success' AND {name} > 0"]) == closed.relation


def test_a_store_of_another_version_is_passed_over_and_made_anew(made: LateMonth) -> None:
    closed = made.tables[JOURNEY]
    # A close that died between the journeys and what is kept of them for reporting.
    days = sorted({int(day) for (day,) in duckdb.sql(f"SELECT DISTINCT day FROM read_parquet({list(closed.relation.paths)})").fetchall()})
    replace_days(closed.table, [Path(one) for one in closed.relation.paths], days)
    now = JourneyTable(SERVICE_REQUESTS, closed.table, version(closed.table) or 0, closed.rows)
    assert counted_by(now, ["TRUE"]) == now.relation
    made.close()
    assert rows(reporting_files(made.tables[JOURNEY])) == rows(made.tables[JOURNEY].relation.paths)


def test_a_store_that_was_moved_away_is_made_anew_with_the_next_day_that_changes(made: LateMonth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.reports.changing.ONE_IN", 0)
    closed = made.tables[JOURNEY]
    shutil.rmtree(reporting_table_of(closed.table))
    assert counted_by(closed, ["TRUE"]) == closed.relation
    name = next(name for name, one in made.standing.items() if one.feed == "audit_trail")
    made.supersede(name, made.rows[name][1:])
    made.close()
    assert rows(reporting_files(made.tables[JOURNEY])) == rows(made.tables[JOURNEY].relation.paths)


def test_a_journey_table_made_anew_has_no_store_of_the_one_before(made: LateMonth) -> None:
    closed = made.tables[JOURNEY]
    before = reporting_files(closed)
    shutil.rmtree(closed.table)
    made.deliver("audit_trail", [])
    made.close()
    assert made.tables[JOURNEY].version == closed.version
    assert set(reporting_files(made.tables[JOURNEY])).isdisjoint(before)


def test_what_is_counted_is_the_same_either_way(made: LateMonth, embedded: Engine, tmp_path: Path) -> None:
    closed = made.tables[JOURNEY]
    counters = [Counter("volume", Rule("All.", "TRUE")), Counter("good", Rule("Good.", "outcome = 'success'"))]
    reporting_files(closed)
    small = count_journeys(embedded, closed, counters, tmp_path / "small")
    shutil.rmtree(reporting_table_of(closed.table))
    large = count_journeys(embedded, closed, counters, tmp_path / "large")
    for one, other in zip(small.relations, large.relations, strict=True):
        asked = "SELECT * FROM read_parquet({}) ORDER BY ALL"
        assert duckdb.sql(asked.format(list(one.paths))).fetchall() == duckdb.sql(asked.format(list(other.paths))).fetchall()
