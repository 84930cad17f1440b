"""The rhythm of a run: hours and bands are whole numbers out of the journeys, and say the same as its days and figures."""

from pathlib import Path

import pytest

from desk_month import MONTH, closed_month
from journey_rows import drawn
from tocsin.engines import Engine, Relation
from tocsin.journeys.service_requests import SERVICE_REQUESTS
from tocsin.measuring.measure import Rule
from tocsin.processes.business_process import SRV_PROCESSES
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.rhythm import EDGES_MS, bands_sql, hours_sql

DAY = 18_860
HOUR_US = 3_600_000_000
COLUMNS = (
    ("day", "BIGINT"), ("began_at", "BIGINT"), ("srv", "VARCHAR"), ("region", "VARCHAR"), ("outcome", "VARCHAR"),
    ("round_trip_us", "BIGINT"), ("target_response_us", "BIGINT"), ("set_aside", "VARCHAR"),
)  # fmt: skip


def rows_of(table: str) -> list[tuple[object, ...]]:
    found = []
    for row in drawn(table):
        hour, minute = row["began"].split(":")
        span, target = row.get("span"), row.get("target")
        found.append(
            (
                DAY,
                DAY * 24 * HOUR_US + int(hour) * HOUR_US + int(minute) * 60_000_000,
                row["srv"],
                row.get("region", "north"),
                row.get("outcome", "success"),
                None if span is None else int(span),
                None if target is None else int(target),
                row.get("set_aside", ""),
            )
        )
    return found


def asked(engine: Engine, sql: str, table: str) -> list[tuple[object, ...]]:
    with engine.session() as session:
        session.add_rows(Relation(SERVICE_REQUESTS.name, COLUMNS), rows_of(table))
        session.add_rows(SRV_PROCESSES, [("2.2", "PPM"), ("2.3", "PPM")])
        return sorted(tuple(row) for row in session.rows(sql))


def test_a_request_is_of_the_hour_in_which_it_began(either_engine: Engine) -> None:
    """Variants of one process are summed; one without a process is of OTH; what is set aside is in no hour."""
    rules = [Rule("all", "TRUE"), Rule("decided", "outcome IN ('success', 'timeout')"), Rule("good", "outcome = 'success'")]
    found = asked(
        either_engine,
        hours_sql(SERVICE_REQUESTS, "business_process", rules),
        """
          srv  | began | outcome | set_aside
        -------+-------+---------+----------
          2.2  | 00:00 | success |
          2.2  | 00:59 | timeout |
          2.3  | 00:59 | open    |
          2.3  | 01:00 | success |
          99.9 | 23:59 | success |
          2.2  | 23:59 | success | no_request
        """,
    )
    assert found == [("OTH", DAY, 23, 1, 1, 1), ("PPM", DAY, 0, 3, 2, 1), ("PPM", DAY, 1, 1, 1, 1)]


def test_a_span_on_an_edge_is_in_the_band_above_and_still_within_its_target(either_engine: Engine) -> None:
    """30 s exactly is met (the last microsecond counts), and stands in the band from 30 s on; failed answers stand in none."""
    edge = EDGES_MS.index(30_000)
    found = asked(
        either_engine,
        bands_sql(SERVICE_REQUESTS, "business_process", "target_response_us"),
        """
          srv | began | span     | target   | region | outcome
        ------+-------+----------+----------+--------+--------
          2.2 | 00:00 | 29999999 | 30000000 | north  | success
          2.2 | 00:00 | 30000000 | 30000000 | north  | success
          2.2 | 00:00 | 30000001 | 30000000 | north  | success
          2.3 | 00:00 | 499999   |          | south  | success
          2.2 | 00:00 | 7        | 30000000 | north  | timeout
          2.2 | 00:00 |          | 30000000 | north  | success
        """,
    )
    whole = [("PPM", "north", 30_000_000, edge, 1, 1), ("PPM", "north", 30_000_000, edge + 1, 2, 1)]
    assert [row for row in found if row[1] == "north"] == whole
    assert [row for row in found if row[1] == "south"] == [("PPM", "south", None, 0, 1, 0)]


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> FrozenRun:
    desk = closed_month(tmp_path_factory.mktemp("rhythm") / "workspace")
    (path,) = (Path(desk.root) / "runs" / MONTH).glob("*/run.json")
    return from_json(path.read_text(encoding="utf-8"))


def test_hours_sum_to_the_days_that_are_drawn_beside_them(closed: FrozenRun) -> None:
    by_day = {(line.process, line.day): (sum(line.volume), sum(line.counted), sum(line.success)) for line in closed.rhythm.hours}
    assert closed.days
    for line in closed.days:
        assert by_day.pop((line.process, line.day)) == (line.volume, line.counted, line.success)
    # What is left are days on which requests were told, none of them of this process.
    assert set(by_day.values()) == {(0, 0, 0)}
    assert {day for _, day in by_day} <= {line.day for line in closed.days}


def test_hours_of_the_day_sum_to_the_figures(closed: FrozenRun) -> None:
    figures = {figure.name: figure for figure in closed.figures}
    for process in {line.process for line in closed.rhythm.of_the_day}:
        lines = [line for line in closed.rhythm.of_the_day if line.process == process]
        assert [line.hour for line in lines] == list(range(24))
        assert sum(line.volume for line in lines) == (figures[f"{process}.volume"].counted or 0)
        rate = figures[f"{process}.success_rate"]
        assert (sum(line.counted for line in lines), sum(line.success for line in lines)) == (rate.counted or 0, rate.met or 0)


def test_bands_sum_to_the_figures_by_region_and_in_all(closed: FrozenRun) -> None:
    """Two roads to the same numbers: the bands out of the journeys, the figures out of tally and ladder."""
    figures = {figure.name: figure for figure in closed.figures}
    assert closed.rhythm.bands
    for process, region in {(line.process, line.region) for line in closed.rhythm.bands}:
        lines = [line for line in closed.rhythm.bands if (line.process, line.region) == (process, region)]
        place = f"/region={region}" if region else ""
        assert sum(sum(line.spans) for line in lines) == figures[f"{process}.round_trip_max{place}"].counted
        aimed = [line for line in lines if line.target_us is not None]
        within = figures[f"{process}.within_target{place}"]
        assert (sum(sum(line.spans) for line in aimed), sum(line.within for line in aimed)) == (within.counted, within.met)
        assert all(len(line.spans) == len(EDGES_MS) + 1 for line in lines)


def test_a_share_is_that_of_its_counts_and_none_without_any(closed: FrozenRun) -> None:
    shares = [pair for line in closed.rhythm.hours for pair in zip(line.success, line.counted, line.rates, strict=True)]
    assert any(rate == "" for _, _, rate in shares)
    for success, counted, rate in shares:
        assert rate == ("" if not counted else f"{100 * success / counted:.2f}")


def test_the_rhythm_is_frozen_and_an_older_run_has_none(closed: FrozenRun) -> None:
    assert from_json(to_json(closed)).rhythm == closed.rhythm
    text = to_json(closed)
    start, end = text.index(' "rhythm": {'), text.index(' "layout": ')
    older = from_json(text[:start] + text[end:])
    assert (older.rhythm.hours, older.rhythm.bands) == ((), ())
