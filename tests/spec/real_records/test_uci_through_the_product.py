"""UCI incidents through intake and journey: every clock equals the independent one, the shares missed the published ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from tocsin.vocabulary.calendar import moment
from twin import real_records as twin

pytestmark = pytest.mark.xdist_group("real-incidents-uci")


@pytest.fixture(scope="module")
def taken(take: Callable[[Sequence[str]], Any]) -> Any:
    return take([twin.UCI])


@pytest.fixture(scope="module")
def clocks(taken: Any) -> list[dict[str, Any]]:
    return taken.clocks("2016-02-01T00:00:00Z", "2018-01-01T00:00:00Z")


def test_every_row_is_accepted(taken: Any) -> None:
    delivery = taken.receipts[twin.UCI].delivery
    assert (delivery.lines, delivery.accepted, delivery.refused, delivery.duplicates) == (101_045, 101_045, 0, 0)
    assert taken.rows("SELECT count(DISTINCT incident_id) FROM incident_log") == [(17_136,)]


def test_statuses_are_those_of_the_file(taken: Any, shared: Path) -> None:
    expected = Counter(change.status for change in twin.uci_changes(shared / "realdata"))
    assert dict(taken.rows("SELECT status, count(*) FROM incident_log GROUP BY status")) == expected


def test_every_clock_equals_the_independent_one(clocks: list[dict[str, Any]], same_clocks: Any, shared: Path) -> None:
    expected = twin.clocks(twin.uci_changes(shared / "realdata"))
    # So that the comparison is one of re-opened incidents and of pauses too.
    assert sum(clock.episode > 1 for clock in expected) > 0 and sum(clock.paused_us > 0 for clock in expected) > 1000
    same_clocks(clocks, expected)


def test_shares_missed_are_the_published_ones(taken: Any, clocks: list[dict[str, Any]], shared: Path) -> None:
    """By the sender's own flag, of incidents that were worked on, by month of opening."""
    told = twin.published(shared)["itsm_uci498_opened_to_apr2016"]
    never = "SELECT incident_id FROM incident_log GROUP BY incident_id HAVING count_where(status NOT IN ('resolved', 'closed')) = 0"
    never_worked_on = {incident for (incident,) in taken.rows(never)}
    last: dict[str, dict[str, Any]] = {}
    opened: dict[str, str] = {}
    for row in sorted((row for row in clocks if row["clock"] == "resolution"), key=lambda row: row["episode"]):
        last[row["incident_id"]] = row
        opened.setdefault(row["incident_id"], f"{moment(row['submitted_at']):%Y-%m}")
    for month, of_all in (("2016-03", 8062), ("2016-04", 7398)):
        met = [row["reported_met"] for incident, row in last.items() if opened[incident] == month and incident not in never_worked_on]
        assert len(met) == of_all
        assert round(met.count(False) / of_all, 3) == told[f"share_missed_{month}"]["value"]
        assert (met.count(False), len(met)) == twin.uci_misses(shared / "realdata")[month]
