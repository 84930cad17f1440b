"""What a close is, and its journeys as the journey store holds them: what every way of working journeys out has in common."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

from tocsin.deliveries.ledger import Basis, Delivery
from tocsin.engines import Engine, Relation, Session
from tocsin.engines.tables import paths
from tocsin.feeds import all_feeds
from tocsin.measuring.buckets import in_bucket, stretches
from tocsin.measuring.journey import DELIVERIES, Journey, earlier_rows, superseded_rows
from tocsin.reports.looks import Look
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US

# A bucket of this many rows is worked out in about 2 GB; a month of more rows takes more buckets, not more memory.
ROWS_A_BUCKET = 20_000_000
# From so many rows on, and so large a share of one day, it is worth while to keep those of other days apart as they are written.
WORTH_PARTING = 1_000_000
NEARLY_ALL = (19, 20)


@dataclass(frozen=True)
class Close:
    """What a close rests on: the period, the instant it is seen from, what stood then, the engine, the store, its own reference tables.

    `superseded`: what no longer stood then, of the feeds whose journeys compare it with what did. `looks`: what stood on Working Days
    after the period, for the journeys that are told by them.
    """

    period: Period
    as_at: int
    basis: Basis
    engine: Engine
    store: Path
    reference: Path
    superseded: Basis | None = None
    looks: tuple[Look, ...] = ()
    # A part of the period that is worked out by itself, such as a quarter-hour; the whole of it where none is named.
    between: tuple[int, int] | None = None

    @property
    def stretch(self) -> tuple[int, int]:
        return self.between or (self.period.start_at, self.period.end_at)

    def parameters(self, bucket: int, buckets: int, stretch: tuple[int, int] | None = None) -> dict[str, int]:
        """What a journey's SQL is given for one of its buckets."""
        start_at, end_at = self.stretch
        return in_bucket(start_at, end_at, self.as_at, bucket, buckets, stretch=stretch)


@dataclass(frozen=True)
class JourneyTable:
    """The journeys of one kind as the store holds them, at a version that later closings do not touch."""

    journey: Journey
    table: Path
    version: int
    rows: int
    # Some days of them; all where none are named.
    days: tuple[int, ...] | None = None

    @cached_property
    def relation(self) -> Relation:
        return Relation(self.journey.name, self.journey.columns, paths(self.table, self.version, self.days, self.journey.day))


def table_of(store: Path, journey: str, period: Period) -> Path:
    """The Delta table of a period's journeys. One a period: a local month shares its first and last UTC day with its neighbours."""
    return store / "journeys" / journey / f"{period.label}-{period.zone.replace('/', '-')}"


def feeds_of(journey: Journey) -> tuple[str, ...]:
    """The feeds a journey reads; what else it reads are dated tables."""
    return tuple(name for name in journey.reads if name in all_feeds())


def compared_feeds(journeys: Iterable[Journey]) -> frozenset[str]:
    """The feeds of which journeys read what was superseded, too."""
    return frozenset(feed for journey in journeys for feed in feeds_of(journey) if superseded_rows(feed) in journey.reads)


def ordered(journey: Journey) -> str:
    """What stands behind a SELECT of a journey's rows, so that they lie in a file as they are to; nothing where that does not matter."""
    return f" ORDER BY {', '.join(journey.sorted_by or (journey.day, *journey.splits))}" if journey.is_in_order else ""


def buckets_for(rows: int, journey: Journey) -> int:
    buckets = max(1, -(-rows // (ROWS_A_BUCKET * journey.bucket_times))) if journey.is_in_buckets else 1
    # Ranges of keys are to begin and end between the bands in which accepted rows lie, and those are a power of two (Feed.banded_by).
    return 1 << (buckets - 1).bit_length() if ":first_key" in journey.sql else buckets


def asked_of(close: Close, journey: Journey, rows: int) -> list[dict[str, int]]:
    """What a journey's SQL is given bucket by bucket, where it is to be asked of so many rows."""
    buckets = buckets_for(rows, journey)
    if not journey.is_in_stretches:
        return [close.parameters(bucket, buckets) for bucket in range(buckets)]
    came = [(one.first_at, one.last_at, one.accepted) for feed in feeds_of(journey) for one in close.basis.of(feed)]
    cut = stretches(*close.stretch, came, buckets)
    return [close.parameters(bucket, len(cut), stretch) for bucket, stretch in enumerate(cut)]


def main_day(close: Close, journey: Journey) -> int | None:
    """The UTC day that nearly all happenings of a journey are of, as far as its deliveries tell; None where they tell of several, or of
    few rows, or where rows lie in an order."""
    rows: Counter[int] = Counter()
    for one in (one for feed in feeds_of(journey) for one in close.basis.of(feed)):
        if one.first_at is not None and one.last_at is not None:
            rows[(one.first_at + one.last_at) // 2 // DAY_US] += one.accepted
    if journey.is_in_order or rows.total() < WORTH_PARTING:
        return None
    [(day, most)] = rows.most_common(1)
    return day if most * NEARLY_ALL[1] >= rows.total() * NEARLY_ALL[0] else None


def may_have_rows(delivery: Delivery, between: tuple[int, int]) -> bool:
    """`first_at` and `last_at` are of the feed's first stamp that is never empty, by which its rows count for a day or a stretch."""
    if delivery.first_at is None or delivery.last_at is None:
        return True
    return delivery.first_at < between[1] and delivery.last_at >= between[0]


def add_feeds(session: Session, close: Close, journey: Journey, between: tuple[int, int] | None = None) -> None:
    """Give an engine the rows of a journey's feeds that stand, or of a stretch of time the files that may have some: to read what a
    thousand others say of themselves costs a tenth of a second whenever a relation is asked.
    """
    basis = close.basis
    if between is not None:
        basis = replace(basis, deliveries=tuple(one for one in basis.deliveries if may_have_rows(one, between)))
    for feed in feeds_of(journey):
        session.add(basis.relation(all_feeds()[feed]))


def _of_before(close: Close, feed: str) -> Basis:
    """The files of a feed that cover time of the period, or of after it, and hold rows stamped before it."""
    start_at = close.stretch[0]
    covering = (one for one in close.basis.of(feed) if one.covers_end_at is None or one.covers_end_at > start_at)
    return replace(close.basis, deliveries=tuple(one for one in covering if one.first_at is None or one.first_at < start_at))


def add_beside(session: Session, close: Close, journey: Journey, closed: Mapping[str, JourneyTable]) -> None:
    """Give an engine all that a journey reads beside the rows of its feeds that stand: deliveries, what was superseded, other journeys
    of the period, dated tables."""
    superseded = close.superseded or replace(close.basis, deliveries=())
    for feed in compared_feeds([journey]):
        session.add(replace(superseded.relation(all_feeds()[feed]), name=superseded_rows(feed)))
    for feed in (feed for feed in feeds_of(journey) if earlier_rows(feed) in journey.reads):
        session.add(replace(_of_before(close, feed).relation(all_feeds()[feed]), name=earlier_rows(feed)))
    if DELIVERIES.name in journey.reads:
        names = [name for name, _ in DELIVERIES.columns]
        came = [one for feed in feeds_of(journey) for basis in (close.basis, superseded) for one in basis.of(feed)]
        session.add_rows(DELIVERIES, [tuple(getattr(one, name) for name in names) for one in came])
    for name, table in closed.items():
        if name in journey.reads:
            session.add(table.relation)
    for relation, rows in journey.dated(close.period.first_on, close.reference):
        session.add_rows(relation, rows)
