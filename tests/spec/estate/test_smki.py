"""SMKI requests of the simulated estate: every case occurs, the file tells them all, and the truth counts them by hand."""

from pathlib import Path

import pytest

from estate_files import PostedFiles, small_plan
from tocsin.estate.events.smki import COLUMNS, SmkiRequest, SmkiTruth, draw_smki, post_smki
from tocsin.estate.population import populate
from tocsin.vocabulary.smki import SMKI_SERVICES, smki_targets


@pytest.mark.parametrize("faults", ["none", "hard"])
def test_what_stands_is_what_was_drawn(tmp_path: Path, faults: str) -> None:
    files = PostedFiles(tmp_path, small_plan(faults=faults))
    truth = post_smki(files.plan, populate(files.plan), files.outbox, files.aside)
    files.close(truth)
    taken = files.take_in("smki_services")
    assert taken.findings() == set()
    found = taken.standing("smki_services", "SELECT request_id, service, requested_at, responded_at, item_count, exclusion FROM rows")
    drawn = [tuple(vars(request).values()) for request in draw_smki(files.plan)]
    assert sorted(found, key=str) == (sorted(drawn, key=str) if truth.is_delivered else [])
    assert faults == "hard" or {row["is_delivered"] for row in files.truth("smki")} == {"yes"}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_month_has_every_case(seed: int) -> None:
    plan = small_plan(seed=seed)
    found = list(draw_smki(plan))
    spans = {one: one.responded_at - one.requested_at for one in found if one.responded_at is not None}
    assert {one.service for one in found} == set(SMKI_SERVICES)
    assert all(plan.period.start_at <= one.requested_at < plan.period.end_at for one in found)
    assert len({one.request_id for one in found}) == len(found)
    targets = smki_targets(plan.period.first_on)
    assert any(span == targets[one.service] for one, span in spans.items())
    assert any(span > targets[one.service] for one, span in spans.items())
    assert len(spans) < len(found)
    assert any(one.exclusion for one in found)


def test_truth_by_hand() -> None:
    """On target, late, silent, silent and still open, excluded."""
    plan = small_plan(until="2021-09-30T12:00:00Z")
    early, late = plan.period.start_at, plan.until_at - 1_000_000
    told = [
        SmkiRequest("1", "certificate", early, early + 30_000_000, None, None),
        SmkiRequest("2", "certificate", early, early + 30_001_000, 2, None),
        SmkiRequest("3", "certificate", early, None, None, None),
        SmkiRequest("4", "certificate", late, None, None, None),
        SmkiRequest("5", "certificate", early, early + 1, None, "AGREED EXCEPTION"),
    ]
    line = dict(zip(COLUMNS, SmkiTruth(plan, told, is_delivered=True).line("certificate"), strict=True))
    assert line == {
        "service": "certificate", "requests": 5, "items": 6, "counted": 3, "met": 1, "open": 1, "unanswered": 1, "excluded": 1,
        "is_delivered": "yes",
    }  # fmt: skip
