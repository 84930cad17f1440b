"""Is what is kept what was entered? The ledger against the store, byte for byte, and every run readable."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.store import ASIDE, Store
from tocsin.engines.stored import row_count
from tocsin.reports.frozen import from_json
from tocsin.reports.run_store import FILE
from tocsin.vocabulary.errors import TocsinError

_RESTORE = "Restore it from a copy of the workspace; the ledger's entry stays true."


@dataclass(frozen=True)
class Complaint:
    """One thing that is not as it should be, and what to do about it."""

    what: str
    where: str
    problem: str
    to_do: str


def check_store(store: Store, *, prove_digests: bool) -> Iterator[Complaint]:
    """Every delivery of the ledger: its received file with the very bytes, its accepted and refused rows by number; nothing beside them."""
    if not store.deliveries.is_dir():
        return
    ledger = Ledger(store)
    entries = ledger.deliveries()
    ledger.close()
    proved: set[str] = set()
    for delivery in entries:
        if delivery.digest and delivery.digest not in proved:
            proved.add(delivery.digest)
            yield from _check_raw(store, delivery, prove_digests)
        if delivery.status == "accepted":
            yield from _check_rows(store, delivery)
    entered = {delivery.delivery_id for delivery in entries if delivery.status == "accepted"}
    for folder in sorted(store.deliveries.iterdir()):
        if folder.name not in entered:
            kind = "unfinished intake" if folder.name.startswith(ASIDE) else "delivery the ledger does not know"
            yield Complaint(kind, str(folder), "it is in no ledger entry", "Run tocsin take-in again: unfinished work is swept and redone.")


def check_runs(runs: Path) -> Iterator[Complaint]:
    """Every run of every period reads back as it was written."""
    for path in sorted(runs.glob(f"*/[!.]*/{FILE}")):
        try:
            run = from_json(path.read_text(encoding="utf-8"), str(path))
        except TocsinError as problem:
            yield Complaint("run", str(path), str(problem), "Restore it from a copy, or close the period again as at the same instant.")
            continue
        if run.run_id != path.parent.name:
            yield Complaint("run", str(path), f"it calls itself {run.run_id}", "Restore the folder's name or the file from a copy.")


def _check_raw(store: Store, delivery: Delivery, prove_digests: bool) -> Iterator[Complaint]:
    raw = store.raw_file(delivery.digest)
    if not raw.is_file():
        yield Complaint("received file", str(raw), f"missing, though {delivery.delivery_id} rests on it", _RESTORE)
        return
    if prove_digests:
        with raw.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != delivery.digest:
            yield Complaint("received file", str(raw), f"its bytes were changed: digest {found[:16]}…", _RESTORE)


def _check_rows(store: Store, delivery: Delivery) -> Iterator[Complaint]:
    accepted, refused = store.accepted(delivery.delivery_id), store.refused(delivery.delivery_id)
    for path in (accepted, refused):
        if not path.is_file():
            yield Complaint("rows of a delivery", str(path), "missing", _RESTORE)
    if accepted.is_file() and (rows := row_count(accepted)) != delivery.accepted:
        yield Complaint("accepted rows", str(accepted), f"{rows} rows; the ledger says {delivery.accepted}", _RESTORE)
