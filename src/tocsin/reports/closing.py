"""Closing a period: the rows that stand become journeys, day by day in the journey store (docs/decisions/0002)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.deliveries.ledger import Basis, Delivery
from tocsin.engines import Engine, Relation, Session
from tocsin.engines.stored import row_count, write_no_rows
from tocsin.engines.tables import paths, replace_days
from tocsin.feeds import all_feeds
from tocsin.journeys.service_request_facts import LOOKBACK_US
from tocsin.measuring.journey import DELIVERIES, Journey, superseded_rows
from tocsin.reports.looks import Look
from tocsin.reports.run_store import ASIDE
from tocsin.vocabulary.calendar import Period

# A bucket of this many rows is worked out in about 2 GB; a month of more rows takes more buckets, not more memory.
ROWS_A_BUCKET = 20_000_000

Progress = Callable[[str], None]


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


@dataclass(frozen=True)
class JourneyTable:
    """The journeys of one kind as the store holds them, at a version that later closings do not touch."""

    journey: Journey
    table: Path
    version: int
    rows: int

    @cached_property
    def relation(self) -> Relation:
        return Relation(self.journey.name, self.journey.columns, paths(self.table, self.version))


def table_of(store: Path, journey: str, period: Period) -> Path:
    """The Delta table of a period's journeys. One a period: a local month shares its first and last UTC day with its neighbours."""
    return store / "journeys" / journey / f"{period.label}-{period.zone.replace('/', '-')}"


def feeds_of(journey: Journey) -> tuple[str, ...]:
    """The feeds a journey reads; what else it reads are dated tables."""
    return tuple(name for name in journey.reads if name in all_feeds())


def compared_feeds(journeys: Iterable[Journey]) -> frozenset[str]:
    """The feeds of which journeys read what was superseded, too."""
    return frozenset(feed for journey in journeys for feed in feeds_of(journey) if superseded_rows(feed) in journey.reads)


def close_journeys(close: Close, journeys: Sequence[Journey], progress: Progress) -> dict[str, JourneyTable]:
    """Work out every journey of the period from the basis and replace the period's days in the journey store.

    Each kind is one atomic replacement: a reader sees the days as they were or as they are. Raises EngineUnavailable.
    """
    closed: dict[str, JourneyTable] = {}
    for journey in _in_order(journeys):
        progress(f"{journey.title}: from the rows that stand")
        table = table_of(close.store, journey.name, close.period)
        with TemporaryDirectory(prefix=ASIDE, dir=close.store) as aside:
            parts = _parts(close, journey, Path(aside), closed)
            version = replace_days(table, parts, close.period.days())
            closed[journey.name] = JourneyTable(journey, table, version, sum(row_count(part) for part in parts))
    return {journey.name: closed[journey.name] for journey in journeys}


def _in_order(journeys: Sequence[Journey]) -> list[Journey]:
    """Those that others read come before them."""
    by_name = {journey.name: journey for journey in journeys}
    reads = {name: [read for read in journey.reads if read in by_name] for name, journey in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(reads).static_order()]


def _is_near(delivery: Delivery, close: Close) -> bool:
    """Whether more than the few rows of long-held requests are wanted of a delivery; those older are passed over by their footers."""
    return delivery.last_at is None or delivery.last_at >= close.period.start_at - LOOKBACK_US


def _parts(close: Close, journey: Journey, aside: Path, closed: Mapping[str, JourneyTable]) -> list[Path]:
    if not journey.is_by_working_day:
        return work_out(close, journey, aside, closed=closed)
    # Before the first Working Day has ended, day 0 makes a table without rows.
    looks = close.looks or (Look(0, close.as_at, close.basis, {}),)
    return [
        part for look in looks for part in work_out(replace(close, as_at=look.as_at, basis=look.basis), journey, aside, look.working_day)
    ]


def work_out(
    close: Close, journey: Journey, aside: Path, working_day: int = 0, *, closed: Mapping[str, JourneyTable] | None = None
) -> list[Path]:
    """The journeys of a period, or of a part of it, as Parquet files in a folder; nothing else is changed. Raises EngineUnavailable.

    `closed`: the journeys of the period that are worked out already, for one that reads any of them.
    """
    read = [table for name, table in (closed or {}).items() if name in journey.reads]
    if not _has_come(close, journey, read):
        write_no_rows(journey.columns, empty := aside / f"{working_day:02d}-0000.parquet")
        return [empty]
    buckets = 1
    if ":bucket" in journey.sql:
        near = sum(d.accepted for feed in feeds_of(journey) for d in close.basis.of(feed) if _is_near(d, close))
        buckets = max(1, -(-near // ROWS_A_BUCKET))
    start_at, end_at = close.stretch
    at = {"start_at": start_at, "end_at": end_at, "as_at": close.as_at, "buckets": buckets}
    at |= {"working_day": working_day} if journey.is_by_working_day else {}
    order = ", ".join(journey.sorted_by or (journey.day, *journey.splits))
    with close.engine.session() as session:
        for feed in feeds_of(journey):
            session.add(close.basis.relation(all_feeds()[feed]))
        _add_deliveries(session, close, journey)
        for table in read:
            session.add(table.relation)
        for relation, rows in journey.dated(close.period.first_on, close.reference):
            session.add_rows(relation, rows)
        parts = [aside / f"{working_day:02d}-{bucket:04d}.parquet" for bucket in range(buckets)]
        for bucket, part in enumerate(parts):
            session.write_parquet(f"SELECT * FROM ({journey.sql}) AS happenings ORDER BY {order}", part, {**at, "bucket": bucket})
    return parts


def _has_come(close: Close, journey: Journey, read: Iterable[JourneyTable]) -> bool:
    """Whether a journey may have a row: where nothing came of what it reads, only one of every period has."""
    bases = [basis for basis in (close.basis, close.superseded) if basis is not None]
    is_delivered = any(basis.of(feed) for basis in bases for feed in feeds_of(journey))
    return journey.is_of_every_period or is_delivered or any(table.rows for table in read)


def _add_deliveries(session: Session, close: Close, journey: Journey) -> None:
    """The deliveries themselves, and the rows of those that no longer stand, for a journey that asks for them."""
    superseded = close.superseded or replace(close.basis, deliveries=())
    for feed in compared_feeds([journey]):
        session.add(replace(superseded.relation(all_feeds()[feed]), name=superseded_rows(feed)))
    if DELIVERIES.name in journey.reads:
        names = [name for name, _ in DELIVERIES.columns]
        came = [one for feed in feeds_of(journey) for basis in (close.basis, superseded) for one in basis.of(feed)]
        session.add_rows(DELIVERIES, [tuple(getattr(one, name) for name in names) for one in came])
