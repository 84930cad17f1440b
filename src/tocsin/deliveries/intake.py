"""Intake: a received file is kept, recognised, held to the contract and entered in the ledger: all of it, or none."""

import shutil
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from tocsin.deliveries.contract import Means, Received, contract_digest, hold_to
from tocsin.deliveries.entered_before import is_read_otherwise_now, refused_before, seen, told_before
from tocsin.deliveries.entries import counted, entry_of, name_of, named
from tocsin.deliveries.keeping import keep, one_at_a_time, sync_files, synced
from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.recognising import recognise
from tocsin.deliveries.side_by_side import UNDER_WAY, SideBySide
from tocsin.deliveries.spreading import NOTHING_AHEAD, Ahead, Held, Spread, attempts, hold_ahead, stretches
from tocsin.deliveries.store import ASIDE, Store
from tocsin.deliveries.sums import write_sums
from tocsin.engines.pieces import Counts, Finding
from tocsin.engines.reading import Readings, readings
from tocsin.feeds import all_feeds
from tocsin.feeds.shape import Shape
from tocsin.vocabulary.errors import BadDeclaration, RefusedDelivery

log = structlog.get_logger()

Progress = Callable[[Path, int], None]


@dataclass(frozen=True)
class Receipt:
    """What became of one file: its entry in the ledger, its findings, and the delivery whose place it takes, if any."""

    file: Path
    delivery: Delivery
    findings: tuple[Finding, ...] = ()
    supersedes: str | None = None

    @property
    def file_name(self) -> str:
        """The file's name as it is told."""
        return name_of(self.file)

    @property
    def status(self) -> str:
        return self.delivery.status


@dataclass(frozen=True)
class Arrival:
    """A file and the instant it was received, microseconds UTC."""

    file: Path
    received_at: int


def take_in(
    store: Store,
    files: Iterable[Path],
    shapes: Sequence[Shape],
    received_at: int,
    progress: Progress = lambda file, lines: None,
    *,
    means: Means | None = None,
) -> list[Receipt]:
    """Take in files that were all received at one instant; see `take_arrivals_in`."""
    return take_arrivals_in(store, (Arrival(file, received_at) for file in files), shapes, progress, means=means)


def take_arrivals_in(
    store: Store,
    arrivals: Iterable[Arrival],
    shapes: Sequence[Shape],
    progress: Progress = lambda file, lines: None,
    *,
    means: Means | None = None,
    spread: Spread | None = None,
    again: bool = False,
) -> list[Receipt]:
    """Take in files, each as received at its own instant, in the order given; a refused file does not stop the others.

    With `spread`, workers of a cluster hold the large ones to the contract, a stretch of arrivals at a time. With `again`, a file that was
    accepted by another Shape or feed than they are now is a delivery once more, which takes the place of the former.
    Raises BadDeclaration when two Shapes fit one name, RefusedDelivery when another intake is at work, EngineUnavailable.
    """
    store.make()
    means = means or Means()
    with one_at_a_time(store):
        ledger = Ledger(store)
        try:
            _sweep(store, ledger)
            with readings(store.deliveries / f"{ASIDE}spill", means.threads, means.memory_limit) as kept:
                desk = _Intake(store, ledger, tuple(shapes), progress, means, kept, again)
                listed = list(arrivals)
                if spread is None:
                    return list(desk.side_by_side(listed) if means.threads > 1 and len(listed) > 1 else map(desk.take, listed))
                parts = stretches([arrival.file for arrival in listed], spread)
                with attempts(store):
                    return [desk.take(one, ahead) for part in parts for one, ahead in desk.ahead(listed[part], spread)]
        finally:
            ledger.close()


@dataclass(frozen=True)
class _UnderWay:
    """An arrival whose turn has not come: the number it will have, what tells the same file for the same slot, its rows to be."""

    arrival: Arrival
    number: int
    digest: str | None
    same: tuple[object, ...] | None = None
    held: Future[Held] | None = None
    # False of what was entered before, and is told once more.
    is_new: bool = True

    @property
    def is_ready(self) -> bool:
        return self.held is None or self.held.done()


@dataclass(frozen=True)
class _Intake:
    """One stretch of intake, the lock held."""

    store: Store
    ledger: Ledger
    shapes: tuple[Shape, ...]
    progress: Progress
    means: Means
    readings: Readings
    again: bool = False

    def take(self, arrival: Arrival, ahead: Ahead = NOTHING_AHEAD) -> Receipt:
        file, received_at = arrival.file, arrival.received_at
        entry = entry_of(ahead.number or self.ledger.next_number(), name_of(file), received_at)
        out = None
        try:
            entry = named(entry, ahead.digest or keep(file, self.store))
            entry, received = self._recognised(entry)
            if (before := seen(self.ledger, entry, self.again)) is not None:
                return _repeated(self.ledger, file, entry, before)
            out = self.store.deliveries / f"{ASIDE}{entry.delivery_id}"
            if ahead.held is not None:
                counts = ahead.held.moved_to(out)
            else:
                out.mkdir()
                counts = hold_to(received, out, self.means, self.readings, lambda lines: self.progress(file, lines))
        except RefusedDelivery as wrong:
            if out is not None:
                shutil.rmtree(out, ignore_errors=True)
            return _refused(self.ledger, file, entry, str(wrong))
        entry = counted(entry, counts)
        former = self.ledger.standing_in(entry.slot, received_at)
        self._publish(out, entry, counts)
        log.info("delivery accepted", delivery=entry.delivery_id, feed=entry.feed, accepted=entry.accepted, refused=entry.refused)
        supersedes = former.delivery_id if former is not None and entry.standing > former.standing else None
        return Receipt(file, entry, tuple(counts.findings), supersedes)

    def side_by_side(self, arrivals: Iterable[Arrival]) -> Iterator[Receipt]:
        """Several deliveries under way at once; each is taken in when all before it are."""
        under_way: deque[_UnderWay] = deque()
        with SideBySide(self.store, self.means, self.readings) as beside:
            for arrival in arrivals:
                under_way.append(self._begun(arrival, under_way, beside))
                while under_way and (len(under_way) >= UNDER_WAY or under_way[0].is_ready):
                    yield self._ended(under_way.popleft())
            while under_way:
                yield self._ended(under_way.popleft())

    def _begun(self, arrival: Arrival, under_way: Sequence["_UnderWay"], beside: SideBySide) -> "_UnderWay":
        """A delivery that will be accepted, as far as can be told by now, begun; whatever is odd about one is left for `take` to tell."""
        number = self.ledger.next_number() + sum(one.is_new for one in under_way)
        entry = entry_of(number, name_of(arrival.file), arrival.received_at)
        try:
            entry = named(entry, keep(arrival.file, self.store))
            recognised, received = self._recognised(entry)
        except (BadDeclaration, RefusedDelivery) as wrong:
            is_new = refused_before(self.ledger, entry, str(wrong)) is None
            return _UnderWay(arrival, number, entry.digest or None, is_new=is_new)
        same = (recognised.digest, recognised.slot, recognised.submission)
        if (before := seen(self.ledger, recognised, self.again)) is not None:
            return _UnderWay(arrival, number, recognised.digest, is_new=told_before(self.ledger, recognised, before) is None)
        if alike := [one.arrival for one in under_way if one.same == same]:
            is_new = all((one.file.name, one.received_at) != (arrival.file.name, arrival.received_at) for one in alike)
            return _UnderWay(arrival, number, recognised.digest, is_new=is_new)
        held = beside.begin(received, lambda lines: self.progress(arrival.file, lines))
        return _UnderWay(arrival, number, recognised.digest, same, held)

    def _ended(self, one: "_UnderWay") -> Receipt:
        # Not under another number than the rows have: one before it may have been entered already, and needed none.
        is_numbered = one.number == self.ledger.next_number()
        if one.held is not None and not is_numbered:
            one.held.cancel()
        held = one.held.result() if one.held is not None and is_numbered else None
        return self.take(one.arrival, Ahead(None, one.digest, held))

    def ahead(self, arrivals: Sequence[Arrival], spread: Spread) -> list[tuple[Arrival, Ahead]]:
        """What workers make of the large ones among some arrivals; whatever is odd about one is left for `take` to tell."""
        aheads: list[Ahead] = []
        asked: dict[int, Received] = {}
        told: set[tuple[object, ...]] = set()
        # One intake is at work: numbers may be given out beforehand. Those of files that turn out to be repeats are never entered.
        for number, arrival in enumerate(arrivals, self.ledger.next_number()):
            entry = entry_of(number, name_of(arrival.file), arrival.received_at)
            digest = None
            try:
                entry = named(entry, digest := keep(arrival.file, self.store))
                entry, received = self._recognised(entry)
                same = (digest, entry.slot, entry.submission)
                if received.file.stat().st_size >= spread.from_bytes and same not in told and seen(self.ledger, entry, self.again) is None:
                    told.add(same)
                    asked[number] = received
            except RefusedDelivery:
                pass
            aheads.append(Ahead(number, digest))
        held = hold_ahead(asked, self.store, self.means, spread)
        return [(arrival, replace(ahead, held=held.get(ahead.number or 0))) for arrival, ahead in zip(arrivals, aheads, strict=True)]

    def _recognised(self, entry: Delivery) -> tuple[Delivery, Received]:
        """A kept file by the Shape that its name fits. Raises RefusedDelivery, BadDeclaration."""
        shape, covers = recognise(entry.file_name, self.shapes)
        feed = all_feeds()[shape.feed]
        entry = replace(
            entry,
            feed=feed.name,
            shape=shape.name,
            sender=shape.sender,
            covers_start_at=covers.start_at,
            covers_end_at=covers.end_at,
            submission=covers.submission,
            contract_digest=contract_digest(feed, shape),
        )
        file = self.store.raw_file(entry.digest)
        return entry, Received(file, entry.file_name, shape, feed, entry.received_at, entry.delivery_no, covers.stretch)

    def _publish(self, out: Path, entry: Delivery, counts: Counts) -> None:
        """Rows first, then the ledger: a folder without an entry is swept away, an entry without its folder cannot come to be."""
        write_sums(out)
        sync_files(out)
        out.replace(self.store.deliveries / entry.delivery_id)
        synced(self.store.deliveries)
        self.ledger.enter(entry, counts.findings)


def _repeated(ledger: Ledger, file: Path, entry: Delivery, before: Delivery) -> Receipt:
    if (told := told_before(ledger, entry, before)) is not None:
        return Receipt(file, told)
    reason = f"the very same file was accepted as {before.delivery_id}; nothing was changed."
    if before.status == "withdrawn":
        reason = (
            f"the very same file was accepted as {before.delivery_id} and withdrawn since: it stays withdrawn, and nothing was changed."
            f" To let it stand again: tocsin withdraw {before.delivery_id} --undo"
        )
    elif is_read_otherwise_now(ledger, entry, before):
        reason += " Its Shape or feed has changed since: taken in with --again, it is read anew and takes that one's place."
    again = replace(entry, status="repeated", reason=reason)
    ledger.enter(again)
    log.info("delivery repeated", delivery=again.delivery_id, same_as=before.delivery_id)
    return Receipt(file, again)


def _refused(ledger: Ledger, file: Path, entry: Delivery, why: str) -> Receipt:
    if (former := refused_before(ledger, entry, why)) is not None:
        return Receipt(file, former)
    entry = replace(entry, reason=f"{entry.file_name}: {why}")
    ledger.enter(entry)
    log.info("delivery refused", delivery=entry.delivery_id, feed=entry.feed)
    return Receipt(file, entry)


def _sweep(store: Store, ledger: Ledger) -> None:
    """What an intake that was killed left behind: folders that no entry names. The raw files stay, so running again makes them anew."""
    entered = {delivery.delivery_id for delivery in ledger.deliveries()}
    strange = [folder for folder in store.deliveries.iterdir() if folder.name not in entered]
    finished = [folder for folder in strange if not folder.name.startswith(ASIDE)]
    # A crash between rows and ledger leaves one such folder at most. More of them, and it is the ledger that is not this store's.
    if len(finished) > 1:
        raise RefusedDelivery(
            f"{store.deliveries} holds {len(finished)} deliveries that the ledger does not know, such as {finished[0].name}. Nothing was"
            " taken in and nothing swept away: put the store's own ledger back, or correct `ledger` in workspace.toml."
        )
    for folder in strange:
        shutil.rmtree(folder)
        log.info("unfinished delivery swept away", folder=folder.name)
    for aside in store.raw.glob(".aside-*"):
        aside.unlink()
