"""Deliveries read side by side are taken in as if each waited for the one before: same numbers, same ledger, same rows."""

import threading
from pathlib import Path

import pytest

import tocsin.deliveries.intake
import tocsin.deliveries.side_by_side
from made_store import MadeStore, make_store, sat_row
from tocsin.deliveries.contract import Means
from tocsin.deliveries.intake import Receipt
from tocsin.deliveries.store import ASIDE
from tocsin.vocabulary.errors import BadDeclaration, EngineUnavailable

ALONE, BESIDE = Means(threads=1), Means(threads=2)


def files(made: MadeStore) -> list[Path]:
    """Good ones between a repeat, a name no Shape fits, a file with a column less, one that is not there, and a final after its initial."""
    days = [made.sat(f"DSP_SAT_2026030{day}_final.csv", *(sat_row(number) for number in range(day)), "wrong") for day in range(1, 7)]
    unknown = made.file("NOBODY_KNOWS.csv", "a,b\n")
    lacking = made.file("DSP_SAT_20260307_final.csv", "id,at\n1,2\n")
    initial = made.sat("DSP_SAT_20260306_initial.csv", sat_row(1))
    again = made.incoming / "again" / days[2].name
    again.parent.mkdir()
    again.write_bytes(days[2].read_bytes())
    gone = made.incoming / "DSP_SAT_20260308_final.csv"
    return [days[0], unknown, unknown, days[1], days[2], again, lacking, lacking, gone, days[3], days[4], initial, days[5]]


def told(made: MadeStore, receipts: list[Receipt]) -> list[object]:
    """What became of each file, its rows among it, and the ledger after all."""
    rows = [(made.accepted(one), made.refused(one)) if one.status == "accepted" else None for one in receipts]
    ledger = made.ledger()
    try:
        return [[(one.file.name, one.delivery, one.findings, one.supersedes) for one in receipts], rows, ledger.deliveries()]
    finally:
        ledger.close()


def test_the_ledger_is_the_same_as_one_after_another(tmp_path: Path) -> None:
    """Files told again in a second intake need no number: those begun after them under another are read anew."""
    found = []
    for name, means in (("alone", ALONE), ("beside", BESIDE)):
        made = make_store(tmp_path / name)
        listed = files(made)
        first = told(made, made.take_in(*listed, means=means))
        later = [made.sat(f"DSP_SAT_2026031{day}_final.csv", sat_row(day)) for day in range(3)]
        second = told(made, made.take_in(listed[1], listed[0], later[0], listed[6], later[1], later[2], means=means))
        found.append(repr([first, second]).replace(str(made.root), ""))
        assert not list(made.store.deliveries.glob(f"{ASIDE}*"))
    assert found[0] == found[1]


def test_two_are_read_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_store(tmp_path)
    met = threading.Barrier(2, timeout=60)
    real = tocsin.deliveries.side_by_side.hold_to

    def meeting(*given: object) -> object:
        met.wait()
        return real(*given)  # type: ignore[arg-type]  # whatever the intake gives

    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", meeting)
    receipts = made.take_in(*(made.sat(f"DSP_SAT_2026030{day}_final.csv", sat_row(day)) for day in range(1, 5)), means=BESIDE)
    assert [receipt.status for receipt in receipts] == ["accepted"] * 4


def test_those_behind_a_large_one_are_read_while_the_ledger_waits_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_store(tmp_path)
    others_held = threading.Semaphore(0)
    real = tocsin.deliveries.side_by_side.hold_to

    def waiting(received, *given):
        if received.file_name == "DSP_SAT_20260301_final.csv":
            assert all(others_held.acquire(timeout=60) for _ in range(8))
        counts = real(received, *given)
        others_held.release()
        return counts

    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", waiting)
    receipts = made.take_in(*(made.sat(f"DSP_SAT_2026030{day}_final.csv", sat_row(day)) for day in range(1, 10)), means=BESIDE)
    assert [receipt.delivery.delivery_no for receipt in receipts] == list(range(1, 10))


def test_of_those_that_wait_the_largest_is_begun_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_store(tmp_path)
    kept, begun = threading.Semaphore(0), []
    real_hold, real_keep = tocsin.deliveries.side_by_side.hold_to, tocsin.deliveries.intake.keep

    def keep(*given):
        digest = real_keep(*given)
        kept.release()
        return digest

    def hold(received, *given):
        begun.append(int(received.file_name[14:16]))
        if received.file_name[14:16] in {"01", "02"}:
            # The last is begun by then, whoever is before it: a file is kept when those before it are begun.
            assert all(kept.acquire(timeout=60) for _ in range(4))
        return real_hold(received, *given)

    monkeypatch.setattr(tocsin.deliveries.intake, "keep", keep)
    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", hold)
    listed = [made.sat(f"DSP_SAT_202603{day:02}_final.csv", *(sat_row(number) for number in range(day))) for day in range(1, 9)]
    made.take_in(*listed, means=BESIDE)
    # The eighth may have been kept and not begun yet when the first two went on.
    assert [day for day in begun[2:] if day != 8] == [7, 6, 5, 4, 3]


def test_beside_a_large_one_nothing_is_begun_before_its_lines_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines keep every core busy, its writing does not: the small ones are for then."""
    made = make_store(tmp_path)
    monkeypatch.setattr(tocsin.deliveries.side_by_side, "LARGE", 1)
    told: list[tuple[str, str]] = []
    kept, begun = threading.Semaphore(0), threading.Semaphore(0)
    real_hold, real_keep = tocsin.deliveries.side_by_side.hold_to, tocsin.deliveries.intake.keep

    def keep(*given):
        digest = real_keep(*given)
        kept.release()
        return digest

    def hold(received, out, means, readings, progress):
        told.append((received.file_name[14:16], "begun"))
        begun.release()
        if received.file_name[14:16] == "01":
            # By then the others are known, and a second thread stands by.
            assert all(kept.acquire(timeout=60) for _ in range(4))
            counts = real_hold(received, out, means, readings.heard(lambda: told.append(("01", "read"))), progress)
            readings.was_read()
            # It is being written as long as it takes to begin another.
            assert begun.acquire(timeout=60)
            assert begun.acquire(timeout=60)
            return counts
        return real_hold(received, out, means, readings, progress)

    monkeypatch.setattr(tocsin.deliveries.intake, "keep", keep)
    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", hold)
    large = made.sat("DSP_SAT_20260301_final.csv", *(sat_row(number) for number in range(20_000)))
    receipts = made.take_in(large, *(made.sat(f"DSP_SAT_2026030{day}_final.csv", sat_row(day)) for day in range(2, 5)), means=BESIDE)
    assert [receipt.status for receipt in receipts] == ["accepted"] * 4
    assert told[:2] == [("01", "begun"), ("01", "read")]


def test_after_a_crash_nothing_is_read_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A list told again: what was entered before needs no number, so those behind it are begun under the numbers they get."""
    made = make_store(tmp_path)
    held: list[str] = []
    real = tocsin.deliveries.side_by_side.hold_to

    def noting(received, *given):
        held.append(received.file_name)
        return real(received, *given)

    listed = [made.sat(f"DSP_SAT_2026030{day}_final.csv", sat_row(day)) for day in range(1, 9)]
    lacking, unknown = made.file("DSP_SAT_20260309_final.csv", "id,at\n1,2\n"), made.file("NOBODY_KNOWS.csv", "a,b\n")
    made.take_in(lacking, unknown, *listed[:4], means=BESIDE)
    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", noting)
    monkeypatch.setattr(tocsin.deliveries.intake, "hold_to", noting)
    receipts = made.take_in(lacking, unknown, *listed, listed[7], means=BESIDE)
    assert [receipt.status for receipt in receipts] == ["refused"] * 2 + ["repeated"] * 4 + ["accepted"] * 4 + ["repeated"]
    assert sorted(held) == [file.name for file in listed[4:]]


@pytest.mark.parametrize("wrong", [EngineUnavailable("the engine gave up"), KeyboardInterrupt()], ids=["engine", "broken_off"])
def test_what_goes_wrong_under_way_stops_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wrong: BaseException) -> None:
    """Those before it are entered, those after are not, and nothing half read is left."""
    made = make_store(tmp_path)
    real = tocsin.deliveries.side_by_side.hold_to

    def failing(received, *given):
        if received.file_name == "DSP_SAT_20260303_final.csv":
            raise wrong
        return real(received, *given)

    monkeypatch.setattr(tocsin.deliveries.side_by_side, "hold_to", failing)
    listed = [made.sat(f"DSP_SAT_2026030{day}_final.csv", sat_row(day)) for day in range(1, 7)]
    with pytest.raises(type(wrong)):
        made.take_in(*listed, means=BESIDE)
    ledger = made.ledger()
    assert [delivery.file_name for delivery in ledger.deliveries()] == [file.name for file in listed[:2]]
    ledger.close()
    assert not list(made.store.deliveries.glob(f"{ASIDE}*"))
    monkeypatch.undo()
    assert [receipt.status for receipt in made.take_in(*listed, means=BESIDE)] == ["repeated"] * 2 + ["accepted"] * 4


def test_a_name_two_shapes_fit_stops_the_intake_at_its_turn(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    text = (made.root / "shapes/dsp_audit_trail.toml").read_text()
    made.shape("second", text.replace("DSP_SAT_{day}_{submission}.*", "DSP_SAT_{day}_initial.csv"))
    listed = [made.sat(f"DSP_SAT_2026030{day}_{'initial' if day == 3 else 'final'}.csv", sat_row(day)) for day in range(1, 5)]
    with pytest.raises(BadDeclaration):
        made.take_in(*listed, means=BESIDE)
    ledger = made.ledger()
    assert [delivery.file_name for delivery in ledger.deliveries()] == [file.name for file in listed[:2]]
    ledger.close()
