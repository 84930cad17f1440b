"""Spread intake: a cluster's workers hold large deliveries to the contract, this machine alone keeps files and enters the ledger.

What a worker writes stands in a folder of its attempt, so that a worker that is lost, or slow and asked twice, leaves nothing that counts.
"""

import json
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import structlog

from tocsin.deliveries.contract import Means, Received, contract_digest, hold_to
from tocsin.deliveries.store import ASIDE, Store
from tocsin.deliveries.unpacking import Limits
from tocsin.engines.pieces import Counts, Finding
from tocsin.engines.reading import readings
from tocsin.engines.workers import Workers
from tocsin.feeds import all_feeds
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import EngineUnavailable, RefusedDelivery

log = structlog.get_logger()

# So many deliveries are under way at the workers before the ledger hears of any: what an intake that is killed has to do again.
STRETCH = 128


@dataclass(frozen=True)
class Spread:
    """Who holds deliveries to the contract besides this machine, and from what size on: small files are done sooner than sent."""

    workers: Callable[[], AbstractContextManager[Workers]]
    from_bytes: int


@dataclass(frozen=True)
class Held:
    """What a worker made of a delivery: the folder it wrote and its counts, or why the file is refused whole."""

    folder: Path
    counts: Counts
    refused: str | None = None

    def moved_to(self, out: Path) -> Counts:
        """Put the rows where the intake would have written them. Raises RefusedDelivery with the worker's reason."""
        if self.refused is not None:
            raise RefusedDelivery(self.refused)
        self.folder.replace(out)
        return self.counts


@dataclass(frozen=True)
class Ahead:
    """What is known of an arrival before it is taken in: its number, its digest if it could be kept, its rows if a worker made them."""

    number: int | None = None
    digest: str | None = None
    held: Held | None = None


NOTHING_AHEAD = Ahead()


def hold_ahead(received: Mapping[int, Received], store: Store, means: Means, spread: Spread) -> dict[int, Held]:
    """Let the workers hold deliveries, by their numbers, to the contract. Raises EngineUnavailable; nothing is entered by then."""
    if not received:
        return {}
    folder = _folder(store)
    # Largest first: one begun last would keep the others waiting.
    numbers = sorted(received, key=lambda number: -received[number].file.stat().st_size)
    with spread.workers() as workers:
        told = [_task(received[number], folder, means, workers.seen) for number in numbers]
        answers = workers.each(held_by_worker, told)
    held = {number: _held(answer, folder) for number, answer in zip(numbers, answers, strict=True)}
    log.info("deliveries held by workers", deliveries=len(held), rows=sum(one.counts.rows for one in held.values()))
    return held


@contextmanager
def attempts(store: Store) -> Iterator[None]:
    """Room for what workers write; at the end nothing is left of what they wrote in vain."""
    _folder(store).mkdir()
    try:
        yield
    finally:
        shutil.rmtree(_folder(store), ignore_errors=True)


def _folder(store: Store) -> Path:
    return store.deliveries / f"{ASIDE}spread"


def held_by_worker(told: str) -> str:
    """What a worker does: one delivery, on one thread, since a cluster gives a task one core."""
    task: dict[str, Any] = json.loads(told)
    shape, feed = Shape.model_validate_json(task["shape"]), all_feeds()[task["feed"]]
    if contract_digest(feed, shape) != task["contract"]:
        raise EngineUnavailable("a worker's tocsin holds files to another contract: install the same version on every worker.")
    file, folder = Path(task["file"]), Path(task["folder"])
    if not file.is_file() or not folder.is_dir():
        missing = file if folder.is_dir() else folder
        raise EngineUnavailable(f"a worker does not see the store: {missing} is not there. Mount it there, or set [engine] seen_as.")
    known = {name: frozenset(words) for name, words in task["known"].items()} if task["known"] is not None else None
    reference = Path(task["reference"]) if task["reference"] is not None else None
    means = Means(Limits(**task["limits"]), task["memory_limit"], 1, known, reference, task["compiled"])
    covers = (task["covers"][0], task["covers"][1]) if task["covers"] is not None else None
    received = Received(file, task["file_name"], shape, feed, task["received_at"], task["delivery_no"], covers)
    out = folder / f"{received.delivery_no}-{uuid.uuid4().hex}"
    out.mkdir()
    try:
        with readings(folder / f"{out.name}-spill", means.threads, means.memory_limit) as kept:
            counts = hold_to(received, out, means, kept)
    except RefusedDelivery as wrong:
        shutil.rmtree(out, ignore_errors=True)
        return json.dumps({"folder": "", "counts": {}, "refused": str(wrong)})
    return json.dumps({"folder": out.name, "counts": asdict(counts), "refused": None})


def _task(received: Received, folder: Path, means: Means, seen: Callable[[Path], str]) -> str:
    return json.dumps(
        {
            "file": seen(received.file),
            "folder": seen(folder),
            "file_name": received.file_name,
            "shape": received.shape.model_dump_json(),
            "feed": received.feed.name,
            "contract": contract_digest(received.feed, received.shape),
            "received_at": received.received_at,
            "delivery_no": received.delivery_no,
            "covers": received.covers,
            "limits": asdict(means.limits),
            "memory_limit": means.memory_limit,
            "known": {name: sorted(words) for name, words in means.known.items()} if means.known is not None else None,
            "reference": seen(means.reference) if means.reference is not None else None,
            "compiled": means.compiled,
        }
    )


def _held(answer: str, folder: Path) -> Held:
    told: dict[str, Any] = json.loads(answer)
    findings = [Finding(**{**one, "first_lines": tuple(one["first_lines"])}) for one in told["counts"].pop("findings", [])]
    return Held(folder / told["folder"], Counts(**told["counts"], findings=findings), told["refused"])


def stretches(files: Sequence[Path], spread: Spread) -> Iterator[slice]:
    """The parts of a list of files that are told to the ledger one after another: those for workers are counted, small ones come along."""
    start = large = 0
    for place, file in enumerate(files):
        large += file.is_file() and file.stat().st_size >= spread.from_bytes
        if large == STRETCH:
            yield slice(start, place + 1)
            start, large = place + 1, 0
    yield slice(start, len(files))
