"""Spread intake without a cluster: what workers are told, what they tell, and a ledger that does not show who did the work."""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from desk_road import new_desk
from made_store import RECEIVED_AT, SAT_HEADER, MadeStore, make_store, sat_row
from tocsin.deliveries import spreading
from tocsin.deliveries.intake import Arrival, Receipt, take_arrivals_in
from tocsin.deliveries.spreading import Spread
from tocsin.engines.passage import passage
from tocsin.engines.pieces import Finding
from tocsin.engines.workers import SparkWorkers
from tocsin.feeds.shape_file import load_shapes
from tocsin.vocabulary.errors import EngineUnavailable

LARGE = 300


class Twice:
    """Workers that do everything twice over, the second time for good: as when one is lost after its work and before its word."""

    def __init__(self, tell: Callable[[dict[str, object]], dict[str, object]] = dict) -> None:
        self.told: list[str] = []
        self.tell = tell

    def seen(self, path: Path) -> str:
        return str(path)

    def each(self, work: Callable[[str], str], given: Sequence[str]) -> list[str]:
        self.told += [json.loads(text)["file_name"] for text in given]
        answers = []
        for text in given:
            changed = json.dumps(self.tell(json.loads(text)))
            work(changed)
            answers.append(work(changed))
        return answers

    @contextmanager
    def called(self) -> Iterator["Twice"]:
        yield self


def files(made: MadeStore) -> list[Path]:
    """Large and small ones, with faults, repeats, a name nobody knows, and one that is refused whole."""
    many = [sat_row(number, f"2026-03-01T10:00:{number:02d}.000Z") for number in range(9)]
    return [
        made.sat("DSP_SAT_20260301_final.csv", *many, "short,line", many[3], sat_row(9, code="NEW1")),
        made.sat("DSP_SAT_20260302_final.csv", sat_row(1)),
        made.file("UNKNOWN.csv", "x" * LARGE * 2),
        made.file("DSP_SAT_20260303_final.csv", f"{SAT_HEADER[3:]}\n" + "x,y\n" * LARGE * 2),
        made.sat("DSP_SAT_20260304_final.csv", *many),
        made.incoming / "DSP_SAT_20260301_final.csv",
    ]


def spread_in(made: MadeStore, received: list[Path], workers: Twice) -> list[Receipt]:
    arrivals = [Arrival(file, RECEIVED_AT) for file in received]
    return take_arrivals_in(made.store, arrivals, load_shapes(made.root / "shapes"), spread=Spread(workers.called, LARGE))


def ledger(made: MadeStore) -> list[tuple[object, tuple[Finding, ...]]]:
    opened = made.ledger()
    try:
        return [(delivery, opened.findings(delivery.delivery_no)) for delivery in opened.deliveries()]
    finally:
        opened.close()


def test_the_ledger_and_the_rows_are_those_of_one_machine(tmp_path: Path) -> None:
    here, there, workers = make_store(tmp_path / "here"), make_store(tmp_path / "there"), Twice()
    alone, spread = here.take_in(*files(here)), spread_in(there, files(there), workers)
    # Once each, though a file comes twice; small ones and those without a Shape are not sent. Largest first.
    assert workers.told == ["DSP_SAT_20260303_final.csv", "DSP_SAT_20260301_final.csv", "DSP_SAT_20260304_final.csv"]
    assert [receipt.status for receipt in spread] == ["accepted", "accepted", "refused", "refused", "accepted", "repeated"]
    # A reason names the Shape's file.
    assert repr(ledger(there)).replace(str(there.root), str(here.root)) == repr(ledger(here))
    assert [receipt.findings for receipt in spread] == [receipt.findings for receipt in alone]
    for one, other in zip(alone, spread, strict=True):
        if one.status == "accepted":
            assert there.accepted(other) == here.accepted(one)
            assert there.refused(other) == here.refused(one)
    # What was done in vain is gone, and no folder tells that others did the work.
    folders = {receipt.delivery.delivery_id for receipt in spread if receipt.status == "accepted"}
    assert {path.name for path in there.store.deliveries.iterdir()} == folders


def test_taken_in_again_nothing_is_sent(tmp_path: Path) -> None:
    made = make_store(tmp_path)
    received = files(made)
    spread_in(made, received, Twice())
    before, workers = ledger(made), Twice()
    assert {receipt.status for receipt in spread_in(made, received, workers)} == {"repeated", "refused"}
    assert (ledger(made), workers.told) == (before, [])


@pytest.mark.parametrize(
    "changed, said",
    [
        ({"contract": "of another version"}, "install the same version on every worker"),
        ({"file": "/nowhere/raw"}, "does not see the store: /nowhere/raw"),
        ({"folder": "/nowhere/attempts"}, "does not see the store: /nowhere/attempts"),
    ],
)
def test_a_worker_that_cannot_do_it_stops_the_intake_before_anything_is_entered(
    tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    made = make_store(tmp_path)
    with pytest.raises(EngineUnavailable, match=said):
        spread_in(made, files(made), Twice(lambda task: {**task, **changed}))
    assert ledger(made) == []
    # Nothing stands in the way of taking them in here.
    assert [receipt.status for receipt in made.take_in(*files(made))][:2] == ["accepted", "accepted"]


def test_workers_are_told_where_they_see_the_store(tmp_path: Path) -> None:
    made = make_store(tmp_path / "here")
    (tmp_path / "there").symlink_to(made.root)
    there = passage(made.root, f"file://{tmp_path / 'there'}")
    seen = SparkWorkers(None, there.address, lambda work: work()).seen(made.store.raw)
    assert seen == str(tmp_path / "there" / "store" / "raw")
    with pytest.raises(EngineUnavailable, match="s3a://bucket/store/raw"):
        SparkWorkers(None, passage(made.root, "s3a://bucket/").address, lambda work: work()).seen(made.store.raw)


def test_so_many_are_under_way_at_a_time_and_small_ones_come_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreading, "STRETCH", 2)
    made, told = make_store(tmp_path), []
    workers = Twice(lambda task: told.append(len(ledger(made))) or task)
    receipts = spread_in(made, [*files(made), made.incoming / "gone.csv"], workers)
    # Two of the large ones at first (one has no Shape and is not sent), two with what lies before them next, then the rest.
    assert told == [0, 3, 3]
    assert [receipt.status for receipt in receipts] == ["accepted", "accepted", "refused", "refused", "accepted", "repeated", "refused"]


def test_an_engine_without_workers_cannot_be_asked(tmp_path: Path) -> None:
    desk = new_desk(tmp_path / "w", '[intake]\nspread_from = "1MB"\n')
    (desk.incoming / "any.csv").write_text("x\n")
    said = desk("take-in")
    assert said.code == 10 and 'the engine "duckdb" has none' in said.err


@pytest.mark.parametrize(
    "wrong", ['[intake]\nspread_from = "64"\n', '[engine]\nseen_as = "/mnt/tocsin"\n', '[engine]\nseen_as = "file:///mnt/*"\n']
)
def test_a_size_or_an_address_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    desk = new_desk(tmp_path / "w", wrong)
    said = desk("take-in")
    assert said.code == 10 and wrong.split()[1] in said.err
