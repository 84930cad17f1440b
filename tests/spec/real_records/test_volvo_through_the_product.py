"""Volvo incidents through intake and journey: every clock equals the independent one, counts and spans the published ones."""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from twin import real_records as twin

pytestmark = pytest.mark.xdist_group("real-incidents-volvo")


@pytest.fixture(scope="module")
def taken(take: Callable[[Sequence[str]], Any]) -> Any:
    return take([twin.VOLVO])


@pytest.fixture(scope="module")
def clocks(taken: Any) -> list[dict[str, Any]]:
    return taken.clocks("2010-01-01T00:00:00Z", "2013-01-01T00:00:00Z")


def test_rows_by_status_are_the_published_ones(taken: Any, shared: Path) -> None:
    told = twin.published(shared)["itsm_volvo_vinst_bpic2013"]["status_rows"]
    found = Counter(dict(taken.rows("SELECT status, count(*) FROM incident_log GROUP BY status")))
    assert found["new"] == told["Queued"]
    assert found["assigned"] + found["in_progress"] + found["pending"] == told["Accepted"]
    assert found["resolved"] + found["closed"] + found["cancelled"] == told["Completed"]
    # Kept as it came, and counted as a word that is not known.
    assert found["Unmatched/Unmatched"] == told["Unmatched"]
    unknown = {finding.check_id: finding.count for finding in taken.receipts[twin.VOLVO].findings}
    assert unknown["IL-UNKNOWN:status"] == told["Unmatched"]


def test_first_to_last_event_is_the_published_one(taken: Any, shared: Path) -> None:
    told = twin.published(shared)["itsm_volvo_vinst_bpic2013"]
    spans = taken.rows("SELECT incident_id, max(changed_at) - min(changed_at) AS span FROM incident_log GROUP BY incident_id")
    assert dict(spans) == twin.first_to_last_us(twin.volvo_changes(shared / "realdata"))
    assert len(spans) == told["cases"]
    median = twin.nearest_rank([span for _, span in spans], 500)
    assert median // twin.HOUR_US == told["median_first_to_last_event_hours"]["value"]
    longer = sum(span > 240 * twin.HOUR_US for _, span in spans)
    assert round(longer / len(spans), 3) == told["share_of_cases_longer_than_240_hours"]["value"]


def test_eight_incidents_are_open_at_the_end(clocks: list[dict[str, Any]], shared: Path) -> None:
    told = twin.published(shared)["itsm_volvo_vinst_bpic2013"]["cases_not_completed_at_end"]
    assert sum(row["state"] == "open" for row in clocks if row["clock"] == "resolution") == told


def test_every_clock_equals_the_independent_one(clocks: list[dict[str, Any]], same_clocks: Any, shared: Path) -> None:
    expected = twin.clocks(twin.volvo_changes(shared / "realdata"))
    assert sum(clock.episode > 1 for clock in expected) > 0 and sum(clock.paused_us > 0 for clock in expected) > 500
    same_clocks(clocks, expected)
