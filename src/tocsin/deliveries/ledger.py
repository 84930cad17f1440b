"""The ledger: every file ever received, in order, never changed, and what was said of it since. What stands is read here."""

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Literal

import sqlalchemy as sa

from tocsin.deliveries.ledger_database import ledger_database, make_tables
from tocsin.deliveries.registers import is_register, is_told_on_occasion, place_of, rank, without_the_old
from tocsin.deliveries.store import Store
from tocsin.deliveries.withdrawals import Withdrawal, withdrawals_table, withdrawn_by
from tocsin.engines.engine import Relation
from tocsin.engines.pieces import Finding
from tocsin.feeds.feed import Feed

# A delivery is entered as one of the first three; an accepted one that was taken back since is read as withdrawn.
Status = Literal["accepted", "refused", "repeated", "withdrawn"]
# Feed, sender, Shape, and the time covered.
Slot = tuple[str | None, str | None, str | None, int | None, int | None]


@dataclass(frozen=True)
class Delivery:
    """One file received once. Instants are microseconds UTC; `covers_*` is empty for a delivery of an occasion.

    rows accepted + refused + duplicates = rows made of the lines; `blank` and `passed_over` lines make no row.
    """

    delivery_no: int
    delivery_id: str
    file_name: str
    digest: str
    feed: str | None
    shape: str | None
    sender: str | None
    covers_start_at: int | None
    covers_end_at: int | None
    submission: str
    received_at: int
    status: Status
    lines: int
    accepted: int
    refused: int
    duplicates: int
    blank: int
    passed_over: int
    first_at: int | None
    last_at: int | None
    contract_version: int
    contract_digest: str
    reason: str

    @property
    def slot(self) -> Slot:
        """What the delivery fills: a later delivery with the same slot takes its place."""
        return (self.feed, self.sender, self.shape, self.covers_start_at, self.covers_end_at)

    @property
    def has_rows(self) -> bool:
        """Whether rows of it are in the store: those of a withdrawn one stay there, to be looked at."""
        return self.status in ("accepted", "withdrawn")

    @property
    def fills(self) -> bool:
        """Whether it tells of the time it covers. No row says that nothing happened; rows that were all refused say nothing."""
        return self.status == "accepted" and (self.accepted > 0 or self.refused == 0)

    @property
    def standing(self) -> tuple[bool, bool, int, int]:
        """Which of two deliveries of a slot stands, the greater: one that tells of its time outranks one that does not, a final an initial,
        then the later received.
        """
        return (self.fills, self.submission == "final", self.received_at, self.delivery_no)


@dataclass(frozen=True)
class Basis:
    """The deliveries that stand at an instant. `digest` is the same whenever the same deliveries stand."""

    deliveries: tuple[Delivery, ...]
    digest: str
    store: Store

    def relation(self, feed: Feed) -> Relation:
        """The accepted rows of a feed for an engine: its columns, `line` and `delivery_no`. No delivery is an empty relation."""
        paths = tuple(str(self.store.accepted(d.delivery_id)) for d in self.deliveries if d.feed == feed.name and d.accepted)
        return Relation(feed.name, feed.stored_columns, paths)

    def of(self, feed: str) -> tuple[Delivery, ...]:
        return tuple(delivery for delivery in self.deliveries if delivery.feed == feed)


_TABLES = sa.MetaData()
_TEXT = {"delivery_id", "file_name", "digest", "feed", "shape", "sender", "submission", "status", "contract_digest", "reason"}
_MAY_BE_EMPTY = {"feed", "shape", "sender", "covers_start_at", "covers_end_at", "first_at", "last_at"}

_DELIVERIES = sa.Table(
    "deliveries",
    _TABLES,
    *(
        sa.Column(
            part.name,
            sa.Text if part.name in _TEXT else sa.BigInteger,
            primary_key=part.name == "delivery_no",
            autoincrement=False,
            unique=part.name == "delivery_id",
            nullable=part.name in _MAY_BE_EMPTY,
        )
        for part in fields(Delivery)
    ),
    sa.Index("deliveries_digest", "digest"),
    sa.Index("deliveries_slot", "feed", "sender", "covers_start_at"),
)
_FINDINGS = sa.Table(
    "findings",
    _TABLES,
    sa.Column("delivery_no", sa.BigInteger, sa.ForeignKey("deliveries.delivery_no"), primary_key=True),
    sa.Column("check_id", sa.Text, primary_key=True),
    sa.Column("sentence", sa.Text, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("first_lines", sa.Text, nullable=False),
)
_WITHDRAWALS = withdrawals_table(_TABLES)


class Ledger:
    """The ledger of a store. Any number may read while one intake enters. Raises BadDeclaration, LedgerUnavailable."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.database = ledger_database(store.ledger_url)
        make_tables(self.database, _TABLES, [_DELIVERIES, _FINDINGS])
        self._has_words = sa.inspect(self.database).has_table(_WITHDRAWALS.name)

    def close(self) -> None:
        self.database.dispose()

    def next_number(self) -> int:
        """The number the next delivery will have. Only the holder of the intake's lock may ask."""
        with self.database.connect() as reading:
            return int(reading.execute(sa.select(sa.func.coalesce(sa.func.max(_DELIVERIES.c.delivery_no), 0) + 1)).scalar_one())

    def enter(self, delivery: Delivery, findings: Iterable[Finding] = ()) -> None:
        """Enter a delivery with its findings: all of it or nothing."""
        rows = [
            {
                "delivery_no": delivery.delivery_no,
                "check_id": finding.check_id,
                "sentence": finding.sentence,
                "rows": finding.count,
                "first_lines": " ".join(str(line) for line in finding.first_lines),
            }
            for finding in findings
        ]
        with self.database.begin() as entering:
            entering.execute(_DELIVERIES.insert().values(**asdict(delivery)))
            if rows:
                entering.execute(_FINDINGS.insert(), rows)

    def say(self, words: Sequence[Withdrawal]) -> None:
        """Enter what is said of deliveries, under the next numbers: all of it or nothing. Only the holder of the intake's lock may."""
        if not self._has_words:
            _WITHDRAWALS.create(self.database, checkfirst=True)
            self._has_words = True
        with self.database.begin() as entering:
            last = int(entering.execute(sa.select(sa.func.coalesce(sa.func.max(_WITHDRAWALS.c.word_no), 0))).scalar_one())
            for number, word in enumerate(words, last + 1):
                entering.execute(_WITHDRAWALS.insert().values(**asdict(replace(word, word_no=number))))

    def words(self) -> tuple[Withdrawal, ...]:
        """Everything that was ever said of deliveries, in order."""
        if not self._has_words:
            return ()
        with self.database.connect() as reading:
            return tuple(Withdrawal(**row._mapping) for row in reading.execute(sa.select(_WITHDRAWALS).order_by(_WITHDRAWALS.c.word_no)))

    def deliveries(self, as_at: int | None = None) -> tuple[Delivery, ...]:
        """Every entry in the order of entering, or those received by an instant, as they stood then."""
        asked = sa.select(_DELIVERIES).order_by(_DELIVERIES.c.delivery_no)
        if as_at is not None:
            asked = asked.where(_DELIVERIES.c.received_at <= as_at)
        return self._read(asked, as_at)

    def with_digest(self, digest: str) -> tuple[Delivery, ...]:
        """Every entry of a file with these very bytes."""
        return self._read(sa.select(_DELIVERIES).where(_DELIVERIES.c.digest == digest).order_by(_DELIVERIES.c.delivery_no))

    def standing_in(self, slot: Slot, as_at: int) -> Delivery | None:
        """The delivery that stands in one slot at an instant: what `basis` would say of it, without reading the rest of the ledger."""
        return max(self.accepted_in(slot, as_at), key=lambda delivery: delivery.standing, default=None)

    def accepted_in(self, slot: Slot, as_at: int) -> tuple[Delivery, ...]:
        """Every delivery accepted for one slot by an instant, but for those withdrawn by then."""
        columns = (_DELIVERIES.c[name] for name in ("feed", "sender", "shape", "covers_start_at", "covers_end_at"))
        asked = sa.select(_DELIVERIES).where(_DELIVERIES.c.status == "accepted", _DELIVERIES.c.received_at <= as_at)
        asked = asked.where(*(column.is_not_distinct_from(value) for column, value in zip(columns, slot, strict=True)))
        return tuple(delivery for delivery in self._read(asked, as_at) if delivery.status == "accepted")

    def delivery(self, delivery_no: int) -> Delivery | None:
        found = self._read(sa.select(_DELIVERIES).where(_DELIVERIES.c.delivery_no == delivery_no))
        return found[0] if found else None

    def findings(self, delivery_no: int) -> tuple[Finding, ...]:
        """The findings of a delivery, by check id."""
        asked = sa.select(_FINDINGS).where(_FINDINGS.c.delivery_no == delivery_no)
        with self.database.connect() as reading:
            found = [
                Finding(row.check_id, row.sentence, row.rows, tuple(int(line) for line in row.first_lines.split()))
                for row in reading.execute(asked)
            ]
        # Not by the database: a server sorts words as its own language does.
        return tuple(sorted(found, key=lambda finding: finding.check_id))

    def basis(
        self,
        as_at: int,
        feeds: Sequence[str] | None = None,
        covering: tuple[int, int] | None = None,
        from_the_first: Collection[str] = (),
        registers_until: int | None = None,
    ) -> Basis:
        """What stands at an instant: of each slot one accepted delivery received by then, and not withdrawn by then.

        `covering` keeps the slots that touch a half-open stretch of time; deliveries of an occasion cover all time. Of the feeds
        `from_the_first` every slot that begins before the stretch ends is kept: an Incident may have been open for months. Of a register
        one file stands, by the day it holds from: see `rank`, whose instant is `registers_until`. Of the device inventory, whose rows say
        since when they hold, the files of the stretch stand beside each other, and the newest of before it.
        """
        best: dict[Slot, Delivery] = {}
        for delivery in self.deliveries(as_at):
            if delivery.status != "accepted" or (feeds is not None and delivery.feed not in feeds):
                continue
            start_at, end_at = covering or (0, 0)
            is_of_before = delivery.feed in from_the_first or is_told_on_occasion(delivery)
            is_near = is_register(delivery) or _touches(delivery, 0 if is_of_before else start_at, end_at)
            if covering is not None and not is_near:
                continue
            held = best.get(place := place_of(delivery))
            if held is None or rank(delivery, registers_until) > rank(held, registers_until):
                best[place] = delivery
        near = without_the_old(best.values(), covering[0] if covering is not None else 0)
        standing = tuple(sorted(near, key=lambda delivery: delivery.delivery_no))
        told = "\n".join(sorted(f"{d.delivery_no} {d.delivery_id} {d.digest} {d.contract_digest}" for d in standing))
        return Basis(standing, hashlib.sha256(told.encode()).hexdigest(), self.store)

    def superseded(self, basis: Basis, as_at: int, feeds: Collection[str]) -> Basis:
        """The accepted deliveries of some feeds, received by an instant, whose slot another delivery of the basis fills."""
        standing = {delivery.slot: delivery.delivery_no for delivery in basis.deliveries}
        found = tuple(
            delivery
            for delivery in self.deliveries(as_at)
            if delivery.feed in feeds
            and delivery.status == "accepted"
            and standing.get(delivery.slot, delivery.delivery_no) != delivery.delivery_no
        )
        told = "\n".join(f"{d.delivery_no} {d.delivery_id} {d.digest} {d.contract_digest}" for d in found)
        return Basis(found, hashlib.sha256(told.encode()).hexdigest(), self.store)

    def _read(self, asked: sa.Select[Any], as_at: int | None = None) -> tuple[Delivery, ...]:
        with self.database.connect() as reading:
            entered = tuple(Delivery(**row._mapping) for row in reading.execute(asked))
        taken_back = withdrawn_by(self.words(), as_at)
        return tuple(replace(one, status="withdrawn") if one.delivery_no in taken_back else one for one in entered)


def _touches(delivery: Delivery, start_at: int, end_at: int) -> bool:
    if delivery.covers_start_at is None or delivery.covers_end_at is None:
        return True
    return delivery.covers_start_at < end_at and delivery.covers_end_at > start_at
