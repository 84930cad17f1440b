"""Few rows of the trail are found once a close for all journeys that ask for them, and never those of another close."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from drawn_hubs import at, responses, updates

from journey_rows import accepted
from late_months import LateMonth
from tocsin.engines import Engine
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.journeys import all_journeys
from tocsin.journeys.picked_hub_signs import HUB_SIGNS
from tocsin.journeys.picked_requests import PICKED_ROWS, SRVS
from tocsin.measuring.picks import in_turn
from tocsin.reports.picking import Picked
from tocsin.vocabulary.calendar import parse_instant
from tocsin.vocabulary.instants import DAY_US

HUBS = ("hub_installs", "hub_quarters", "no_wan_matches")

# Two hubs without WAN, of which one gets it later; one that has it.
TRAIL = [
    *updates("hub | srv | observed_at\nH1 | 8.14.2 | 2021-08-03\nH2 | 8.14.2 | 2021-08-03\nH3 | 8.14.1 | 2021-08-04"),
    *responses("device | observed_at\nH2 | 2021-08-09\nH3 | 2021-08-09\nE9 | 2021-08-09"),
]


@pytest.fixture
def month(embedded: Engine, tmp_path: Path) -> LateMonth:
    """A month in which a few hubs told of themselves, among devices that did not."""
    made = LateMonth(tmp_path, embedded, journeys=("service_requests", *HUBS, "trail_activations"))
    made.deliver("audit_trail", accepted(AUDIT_TRAIL, TRAIL))
    return made


def states(month: LateMonth) -> dict[str, int]:
    names = [name for name, _ in all_journeys()["hub_installs"].columns]
    rows = [dict(zip(names, row, strict=True)) for row in month.kept("hub_installs")]
    return {state: sum(row["state"] == state for row in rows) for state in {row["state"] for row in rows}}


def rows_of(picked: Picked, month: LateMonth, pick: Any = PICKED_ROWS, **other: Any) -> int:
    close = replace(month._close(month.root), **other)
    (path,) = picked.relation(close, pick).paths
    return int(duckdb.sql(f"SELECT count(*) FROM read_parquet('{path}')").fetchall()[0][0])


def test_journeys_closed_together_are_what_each_is_by_itself(month: LateMonth) -> None:
    month.close()
    month.assert_equal()
    assert states(month) == {"commissioned": 2, "left": 1}


def test_rows_are_found_once_for_all_journeys_of_a_close(month: LateMonth, monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[str] = []
    asked = Picked.relation

    def relation(picked: Picked, close: Any, pick: Any) -> Any:
        before = len(picked.made)
        given = asked(picked, close, pick)
        if len(picked.made) > before and str(picked.made[next(reversed(picked.made))]) in given.paths:
            found.append(pick.name)
        return given

    monkeypatch.setattr(Picked, "relation", relation)
    month.close()
    assert sorted(found) == sorted({pick.name for name in month.journeys for pick in in_turn(all_journeys()[name].picks)})


def test_what_was_picked_goes_with_the_close(month: LateMonth) -> None:
    month.close()
    assert {path.name for path in month.store.root.iterdir()} == {"deliveries", "journeys", "reporting"}


def test_a_row_that_comes_later_is_found_by_the_next_close(month: LateMonth) -> None:
    month.close()
    month.deliver("audit_trail", accepted(AUDIT_TRAIL, responses("device | observed_at\nH1 | 2021-08-20")))
    month.close()
    month.assert_equal()
    assert states(month) == {"commissioned": 3}


def test_another_part_of_a_close_has_rows_of_its_own(month: LateMonth, tmp_path: Path) -> None:
    (folder := tmp_path / "picked").mkdir()
    picked = Picked(folder)
    # Each request in two rows, its answer without an SRV.
    assert rows_of(picked, month) == 6
    gone = month._close(month.root).basis
    assert rows_of(picked, month, basis=replace(gone, deliveries=())) == 0
    assert rows_of(picked, month) == 6
    assert rows_of(picked, month, HUB_SIGNS) == 1
    long_after = parse_instant(at("2021-08-09")) + 300 * DAY_US
    assert rows_of(picked, month, HUB_SIGNS, between=(long_after, long_after + DAY_US)) == 0


def test_of_the_trail_a_journey_that_picks_reads_nothing_itself() -> None:
    """Or it would look through every row after all. Activations ask for the readings of versions (11.2), which are many; Service Requests
    for all, once a bucket.
    """
    for name in HUBS:
        assert "audit_trail" in all_journeys()[name].reads
        assert "audit_trail" not in all_journeys()[name].sql
    for name in ("trail_activations", "service_requests"):
        assert all_journeys()[name].sql.count("FROM audit_trail") == 1


@pytest.mark.parametrize("name", ["service_requests", *HUBS, "trail_activations"])
def test_a_pick_comes_after_what_it_reads_and_its_feeds_are_the_journeys(name: str) -> None:
    journey = all_journeys()[name]
    turn = in_turn(journey.picks)
    assert len(set(turn)) == len(turn)
    for place, pick in enumerate(turn):
        assert set(pick.of) <= set(turn[:place])
        # What a journey rests on are the feeds it reads: those of its picks must be among them.
        assert set(pick.feeds) <= set(journey.reads)


def test_every_srv_that_is_asked_of_the_rows_picked_is_picked() -> None:
    for srv in ("8.14.1", "8.14.2", "8.14.3", "8.14.4", "11.3"):
        assert f"'{srv}'" in SRVS
