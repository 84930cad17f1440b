"""What stands after files came in any order: finals, initials, re-submissions, the same file twice."""

from itertools import permutations
from pathlib import Path

import pytest

from made_store import RECEIVED_AT, MadeStore, make_store, sat_row

MINUTE_US = 60_000_000


@pytest.fixture
def made(tmp_path: Path) -> MadeStore:
    return make_store(tmp_path)


def standing(made: MadeStore, as_at: int = 2**62) -> list[str]:
    return [delivery.file_name for delivery in made.ledger().basis(as_at).deliveries]


def test_a_final_supersedes_its_initial(made: MadeStore) -> None:
    (initial,) = made.take_in(made.sat("DSP_SAT_20260301_initial.csv", sat_row(1)))
    (final,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1), sat_row(2)))
    assert standing(made) == ["DSP_SAT_20260301_final.csv"]
    assert final.supersedes == initial.delivery.delivery_id
    # The initial is not changed: a report made before the final came can be made again.
    assert standing(made, initial.delivery.received_at) == ["DSP_SAT_20260301_initial.csv"]
    assert len(made.accepted(initial)) == 1


def test_a_late_initial_does_not_supersede_the_final(made: MadeStore) -> None:
    made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1), sat_row(2)))
    (late,) = made.take_in(made.sat("DSP_SAT_20260301_initial.csv", sat_row(1)))
    assert (late.status, late.supersedes) == ("accepted", None)
    assert standing(made) == ["DSP_SAT_20260301_final.csv"]


def test_a_final_worse_than_its_initial_stands(made: MadeStore) -> None:
    made.take_in(made.sat("DSP_SAT_20260301_initial.csv", sat_row(1), sat_row(2)))
    made.take_in(made.sat("DSP_SAT_20260301_final.csv"))
    assert standing(made) == ["DSP_SAT_20260301_final.csv"]


def test_a_resubmission_is_a_later_delivery_for_the_same_slot(made: MadeStore) -> None:
    (first,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1)))
    (second,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1), sat_row(2)))
    assert second.supersedes == first.delivery.delivery_id
    assert [delivery.delivery_no for delivery in made.ledger().basis(2**62).deliveries] == [2]
    assert [delivery.delivery_no for delivery in made.ledger().basis(first.delivery.received_at).deliveries] == [1]
    assert len(made.accepted(first)) == 1


def test_a_file_delivered_twice_changes_nothing(made: MadeStore) -> None:
    file = made.sat("DSP_SAT_20260301_final.csv", sat_row(1))
    (first,) = made.take_in(file)
    before = made.ledger().basis(2**62)
    folders = sorted(made.store.deliveries.iterdir())
    (again,) = made.take_in(file)
    assert again.status == "repeated"
    assert first.delivery.delivery_id in again.delivery.reason
    assert made.ledger().basis(2**62).digest == before.digest
    assert sorted(made.store.deliveries.iterdir()) == folders
    assert [delivery.status for delivery in made.ledger().deliveries()] == ["accepted", "repeated"]


def test_equal_bytes_for_two_days_are_two_deliveries(made: MadeStore) -> None:
    """A quiet day's file may equal another quiet day's; the second day must not be called missing for it."""
    made.take_in(made.sat("DSP_SAT_20260301_final.csv"), made.sat("DSP_SAT_20260302_final.csv"))
    assert standing(made) == ["DSP_SAT_20260301_final.csv", "DSP_SAT_20260302_final.csv"]


def test_a_final_equal_to_its_initial_is_still_the_final(made: MadeStore) -> None:
    made.take_in(made.sat("DSP_SAT_20260301_initial.csv", sat_row(1)))
    (final,) = made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1)))
    assert final.status == "accepted"
    assert standing(made) == ["DSP_SAT_20260301_final.csv"]


def test_in_any_order_the_same_stands(tmp_path: Path) -> None:
    files = {"DSP_SAT_20260301_initial.csv": (1,), "DSP_SAT_20260301_final.csv": (1, 2), "DSP_SAT_20260302_initial.csv": (3,)}
    for place, order in enumerate(permutations(files)):
        made = make_store(tmp_path / str(place))
        for name in (*order, *order):
            made.take_in(made.sat(name, *(sat_row(number) for number in files[name])))
        assert sorted(standing(made)) == ["DSP_SAT_20260301_final.csv", "DSP_SAT_20260302_initial.csv"]


def test_a_basis_knows_only_what_it_is_asked_for(made: MadeStore) -> None:
    made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1)), made.sat("DSP_SAT_20260302_final.csv", sat_row(2)))
    day = 86_400_000_000
    first = made.ledger().deliveries()[0].covers_start_at
    assert len(made.ledger().basis(2**62, covering=(first, first + day)).deliveries) == 1
    assert len(made.ledger().basis(2**62, covering=(first + day - 1, first + day + 1)).deliveries) == 2
    assert made.ledger().basis(2**62, feeds=["incidents"]).deliveries == ()
    assert made.ledger().basis(RECEIVED_AT - MINUTE_US).deliveries == ()


def test_what_a_final_superseded_can_still_be_compared_with_it(made: MadeStore) -> None:
    """Of the feeds asked for, the accepted deliveries that came by an instant and do not stand; the order of arrival does not matter."""
    (initial,) = made.take_in(made.sat("DSP_SAT_20260301_initial.csv", sat_row(1)))
    ledger = made.ledger()
    first_at = initial.delivery.received_at
    assert ledger.superseded(ledger.basis(2**62), 2**62, ["audit_trail"]).deliveries == ()
    made.take_in(made.sat("DSP_SAT_20260301_final.csv", sat_row(1), sat_row(2)))
    found = ledger.superseded(ledger.basis(2**62), 2**62, ["audit_trail"])
    assert [delivery.delivery_id for delivery in found.deliveries] == [initial.delivery.delivery_id]
    assert ledger.superseded(ledger.basis(2**62), 2**62, ["incidents"]).deliveries == ()
    assert ledger.superseded(ledger.basis(first_at), first_at, ["audit_trail"]).deliveries == ()
    assert found.digest != ledger.superseded(ledger.basis(first_at), first_at, ["audit_trail"]).digest
