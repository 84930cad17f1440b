"""Is what is kept what was entered? The ledger against the store, byte for byte, and every run readable."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.store import ASIDE, Store
from tocsin.deliveries.sums import MISSING, digest_of, wrong_sums
from tocsin.engines.stored import row_count
from tocsin.reports.figures_digest import figures_digest
from tocsin.reports.frozen import from_json
from tocsin.reports.journal import Journal
from tocsin.reports.run_store import FILE, files_digest
from tocsin.reports.sign_offs import SignOffJournal
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
    """Every delivery of the ledger: its received file and its rows with the very bytes; nothing beside them.

    With `prove_digests` every byte is read again; without, files are only looked for and rows counted.
    """
    if not store.root.is_dir():
        yield Complaint("store", str(store.root), "the folder is missing", _RESTORE)
        return
    ledger = Ledger(store)
    entries = ledger.deliveries()
    ledger.close()
    proved: set[str] = set()
    for delivery in entries:
        if delivery.digest and delivery.digest not in proved:
            proved.add(delivery.digest)
            yield from _check_raw(store, delivery, prove_digests)
        if delivery.has_rows:
            yield from _check_rows(store, delivery, prove_digests)
    entered = {delivery.delivery_id for delivery in entries if delivery.has_rows}
    folders = sorted(store.deliveries.iterdir()) if store.deliveries.is_dir() else []
    strange = [folder for folder in folders if folder.name not in entered]
    # One folder without an entry is what a crash leaves; several say that this is not the ledger of this store.
    is_swept = sum(not folder.name.startswith(ASIDE) for folder in strange) < 2
    to_do = "Run tocsin take-in again: unfinished work is swept and redone." if is_swept else "Put the store's own ledger back."
    for folder in strange:
        kind = "unfinished intake" if folder.name.startswith(ASIDE) else "delivery the ledger does not know"
        yield Complaint(kind, str(folder), "it is in no ledger entry", to_do)


def check_runs(runs: Path, *, prove_digests: bool) -> Iterator[Complaint]:
    """Every run of every period reads back as it was written, its tallies and ladders among it."""
    for path in sorted(runs.glob(f"*/[!.]*/{FILE}")):
        try:
            run = from_json(path.read_text(encoding="utf-8"), str(path))
        except TocsinError as problem:
            yield Complaint("run", str(path), str(problem), "Restore it from a copy, or close the period again as at the same instant.")
            continue
        if run.run_id != path.parent.name:
            yield Complaint("run", str(path), f"it calls itself {run.run_id}", "Restore the folder's name or the file from a copy.")
        for wrong, amiss in wrong_sums(path.parent) if prove_digests else ():
            yield Complaint("file of a run", str(wrong), amiss, "Restore it from a copy, or close the period again.")


def check_journal(what: str, journal: Journal[Any]) -> Iterator[Complaint]:
    """A journal, where there is one: every line in order, and none torn at its end."""
    if torn := journal.torn():
        problem = f"its last {torn} bytes are no whole line: a crash left them"
        yield Complaint(what, str(journal.path), problem, "Nothing that was said to be recorded is lost; the next entry sweeps them away.")
    try:
        journal.events()
    except TocsinError as problem:
        yield Complaint(what, str(journal.path), str(problem), "Restore the journal from a copy of the workspace.")


def check_publications(journal: SignOffJournal, runs: Path) -> Iterator[Complaint]:
    """Every published run is what was published: its files, and its figures one by one."""
    try:
        published = [one for one in journal.events() if one.said == "published"]
    except TocsinError:
        # Told by check_journal.
        return
    to_do = "Restore the run from a copy: what was published must stay what it was."
    for one in published:
        folder = runs / one.month / one.run_id
        try:
            files = files_digest(folder)
            figures = figures_digest(from_json((folder / FILE).read_text(encoding="utf-8"), str(folder / FILE)).figures)
        except (TocsinError, OSError) as problem:
            yield Complaint("published run", str(folder), str(problem), to_do)
            continue
        if files != one.files:
            yield Complaint("published run", str(folder), f"its list of files was changed: digest {files[:16]}…", to_do)
        if figures != one.part:
            yield Complaint("published run", str(folder), f"its figures are not those published: digest {figures[:16]}…", to_do)


def _check_raw(store: Store, delivery: Delivery, prove_digests: bool) -> Iterator[Complaint]:
    raw = store.raw_file(delivery.digest)
    if not raw.is_file():
        yield Complaint("received file", str(raw), f"missing, though {delivery.delivery_id} rests on it", _RESTORE)
        return
    if prove_digests:
        found = digest_of(raw)
        if found != delivery.digest:
            yield Complaint("received file", str(raw), f"its bytes were changed: digest {found[:16]}…", _RESTORE)


def _check_rows(store: Store, delivery: Delivery, prove_digests: bool) -> Iterator[Complaint]:
    accepted, refused = store.accepted(delivery.delivery_id), store.refused(delivery.delivery_id)
    for path in (accepted, refused):
        if not path.is_file():
            yield Complaint("rows of a delivery", str(path), "missing", _RESTORE)
    for wrong, problem in wrong_sums(accepted.parent) if prove_digests else ():
        if problem != MISSING:
            yield Complaint("rows of a delivery", str(wrong), problem, _RESTORE)
    if accepted.is_file():
        yield from _check_count(accepted, delivery)


def _check_count(accepted: Path, delivery: Delivery) -> Iterator[Complaint]:
    try:
        rows = row_count(accepted)
    except TocsinError as problem:
        yield Complaint("accepted rows", str(accepted), str(problem), _RESTORE)
        return
    if rows != delivery.accepted:
        yield Complaint("accepted rows", str(accepted), f"{rows} rows; the ledger says {delivery.accepted}", _RESTORE)
