"""An intake killed at any instant leaves all of a delivery or none of it, and running again completes it."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from made_store import MadeStore, make_store, sat_row
from tocsin.deliveries.keeping import one_at_a_time
from tocsin.vocabulary.errors import RefusedDelivery

NAME = "DSP_SAT_20260301_final.csv"
HERE = Path(__file__).resolve()

# Each is left by os._exit at the very call, before or after it is done: as by a kill, nothing is tidied up.
INSTANTS = [
    (module, name, moment)
    for module, name in [
        ("tocsin.deliveries.intake", "keep"),
        ("tocsin.deliveries.intake", "hold_to"),
        ("tocsin.deliveries.intake", "sync_files"),
        ("tocsin.deliveries.intake", "synced"),
        ("tocsin.engines.reading", "settle"),
        ("tocsin.deliveries.ledger.Ledger", "enter"),
    ]
    for moment in ("before", "after")
]

KILLED = """
import importlib, os, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from made_store import MadeStore
module, name, moment = {instant!r}
try:
    holder = importlib.import_module(module)
except ModuleNotFoundError:
    parent, _, within = module.rpartition(".")
    holder = getattr(importlib.import_module(parent), within)
called = getattr(holder, name)
def killed(*args, **named):
    if moment == "after":
        called(*args, **named)
    os._exit(9)
setattr(holder, name, killed)
MadeStore(Path({root!r}), ledger_url={ledger_url!r}).take_in(Path({file!r}))
"""


@pytest.fixture
def made(tmp_path: Path, ledger_url: str | None) -> MadeStore:
    made = make_store(tmp_path)
    made.ledger_url = ledger_url
    return made


@pytest.mark.parametrize("instant", INSTANTS, ids=lambda instant: "-".join(instant).removeprefix("tocsin."))
def test_killed_at(made: MadeStore, instant: tuple[str, str, str]) -> None:
    file = made.sat(NAME, sat_row(1), sat_row(2), "wrong")
    script = KILLED.format(tests=str(HERE.parents[2]), instant=instant, root=str(made.root), file=str(file), ledger_url=made.ledger_url)
    # The ledger's tables exist before, so that the kill meets the delivery and not the making of the ledger.
    made.store.make()
    made.ledger().close()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 9, done.stderr
    entered = made.ledger().deliveries()
    is_entered = instant[1:] == ("enter", "after")
    assert len(entered) == is_entered
    for delivery in entered:
        assert made.store.accepted(delivery.delivery_id).is_file()
    assert [len(made.ledger().findings(delivery.delivery_no)) for delivery in entered] == [1] * len(entered)
    assert file.exists()
    (receipt,) = made.take_in(file)
    assert receipt.status == ("repeated" if is_entered else "accepted")
    (standing,) = made.ledger().basis(2**62).deliveries
    assert (standing.delivery_no, standing.accepted, standing.refused) == (1, 2, 1)
    assert [folder.name for folder in made.store.deliveries.iterdir()] == [standing.delivery_id]
    assert [raw.name for raw in made.store.raw.iterdir()] == [standing.digest]


def test_a_ledger_that_cannot_be_written_leaves_nothing_standing(made: MadeStore, monkeypatch: pytest.MonkeyPatch) -> None:
    file = made.sat(NAME, sat_row(1))

    def full(self: object, *args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tocsin.deliveries.ledger.Ledger.enter", full)
    with pytest.raises(OSError, match="No space left"):
        made.take_in(file)
    monkeypatch.undo()
    assert made.ledger().basis(2**62).deliveries == ()
    assert made.take_in(file)[0].status == "accepted"
    assert len(list(made.store.deliveries.iterdir())) == 1


def test_what_was_spilt_by_an_intake_that_was_killed_is_swept_away(made: MadeStore) -> None:
    made.store.make()
    spilt = made.store.deliveries / ".aside-spill"
    spilt.mkdir()
    (spilt / "duckdb_temp_storage_DEFAULT-0.tmp").write_bytes(b"rows of nobody")
    (receipt,) = made.take_in(made.sat(NAME, sat_row(1)))
    assert [folder.name for folder in made.store.deliveries.iterdir()] == [receipt.delivery.delivery_id]


def test_two_intakes_do_not_meet_and_readers_are_not_stopped(made: MadeStore) -> None:
    made.take_in(made.sat(NAME, sat_row(1)))
    with one_at_a_time(made.store):
        with pytest.raises(RefusedDelivery, match="another intake is at work"):
            made.take_in(made.sat("DSP_SAT_20260302_final.csv", sat_row(2)))
        assert len(made.ledger().basis(2**62).deliveries) == 1
    assert made.take_in(made.incoming / "DSP_SAT_20260302_final.csv")[0].status == "accepted"


def test_the_lock_goes_with_its_process(made: MadeStore) -> None:
    script = f"""
import sys, time
from pathlib import Path
from tocsin.deliveries.keeping import one_at_a_time
from tocsin.deliveries.store import Store
with one_at_a_time(Store(Path({str(made.store.root)!r}))):
    print("held", flush=True)
    time.sleep(60)
"""
    made.store.make()
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        with pytest.raises(RefusedDelivery):
            made.take_in()
        os.kill(holder.pid, 9)
    deadline = time.monotonic() + 10
    while True:
        try:
            assert made.take_in() == []
            break
        except RefusedDelivery:
            assert time.monotonic() < deadline
            time.sleep(0.01)
