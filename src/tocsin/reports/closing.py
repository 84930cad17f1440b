"""Closing a period: the rows that stand become journeys, day by day in the journey store (docs/decisions/0002 and 0013)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from graphlib import TopologicalSorter
from pathlib import Path
from tempfile import TemporaryDirectory

from tocsin.deliveries.ledger import Delivery
from tocsin.engines.failing import asked_for
from tocsin.engines.stored import row_count, write_no_rows
from tocsin.engines.tables import paths, replace_days, version
from tocsin.journeys.service_request_facts import LOOKBACK_US
from tocsin.measuring.gathering import gather
from tocsin.measuring.journey import Journey
from tocsin.measuring.lateness import LateDays
from tocsin.reports.changing import Changes, why_whole
from tocsin.reports.journey_tables import (
    Close,
    JourneyTable,
    add_beside,
    add_feeds,
    asked_of,
    compared_feeds,
    feeds_of,
    main_day,
    ordered,
    table_of,
)
from tocsin.reports.late_days import DayWork
from tocsin.reports.late_rows import LateWork
from tocsin.reports.looks import Look
from tocsin.reports.picking import Picked, add_picks
from tocsin.reports.reporting_store import keep_for_reporting, stands_for_reporting
from tocsin.reports.resting import RestsOn, remember, remembered, rests_on
from tocsin.reports.run_store import ASIDE
from tocsin.vocabulary.errors import EngineUnavailable

__all__ = ["Close", "JourneyTable", "Progress", "close_journeys", "compared_feeds", "feeds_of", "table_of", "work_out"]

Progress = Callable[[str], None]


def close_journeys(close: Close, journeys: Sequence[Journey], progress: Progress) -> dict[str, JourneyTable]:
    """Let the journey store hold every journey of the period as the basis tells it: those that rest on what they rested on stand as they
    are, late rows are worked into those that declare how, all others are worked out whole.

    Each kind is one atomic replacement of days: a reader sees them as they were or as they are. Raises EngineUnavailable.
    """
    # An engine that does not answer is told before anything is replaced.
    with close.engine.session():
        pass
    with TemporaryDirectory(prefix=ASIDE, dir=close.store) as aside:
        closing = Closing(close, progress, {}, Picked(Path(aside)))
        for journey in _in_order(journeys):
            closing.closed[journey.name] = closing.close_one(journey)
    return {journey.name: closing.closed[journey.name] for journey in journeys}


@dataclass(frozen=True)
class Closing:
    """A close under way: the kinds of journey that are in the store already, what was picked for them, and who is told what is done."""

    close: Close
    progress: Progress
    closed: dict[str, JourneyTable]
    picked: Picked

    def close_one(self, journey: Journey) -> JourneyTable:
        """Let the store hold one kind of journey, and remember what it rests on."""
        table = table_of(self.close.store, journey.name, self.close.period)
        before, now = remembered(table), rests_on(self.close, journey, self.closed)
        stored = None if before is None else _stored(journey, table, before)
        if stored is not None and before is not None and now.is_like(before):
            self.progress(f"{journey.title}: as they stand, nothing they rest on has changed")
            return stored
        with TemporaryDirectory(prefix=ASIDE, dir=self.close.store) as aside:
            found = self._late(stored, Changes(before, now), Path(aside)) if stored is not None and before is not None else None
            if found is None:
                found = self._whole(journey, table, Path(aside))
        remember(table, now.kept(found.version, found.rows))
        return found

    def _late(self, stored: JourneyTable, changes: Changes, aside: Path) -> JourneyTable | None:
        """The journeys with what came or went since the close before worked in; None where the whole is to be worked out, and tells why."""
        title, late = stored.journey.title, stored.journey.late
        if why := why_whole(stored.journey, changes, self.close.basis):
            self.progress(f"{title}: {why}")
            return None
        if isinstance(late, LateDays):
            work = DayWork(self.close, late, stored, changes, self.closed)
            days = work.days()
            self.progress(f"{title}: {len(days)} days from all rows that stand, the other days stand")
            return self._replaced(stored, [part for day in days for part in self._day(work, day, aside)], days, aside)
        if late is None:
            return None
        self.progress(f"{title}: {changes.rows(late.feed):,} rows came or went")
        found = LateWork(self.close, late, stored, changes, self.closed, aside).worked_in()
        if found is None:
            self.progress(f"{title}: more than a third of them are touched")
            return None
        self.progress(f"{title}: {found.came:,} in place of {found.went:,} on {len(found.days)} days, the other days stand")
        return self._replaced(stored, found.parts, found.days, aside)

    def _day(self, work: DayWork, day: int, aside: Path) -> list[Path]:
        close, closed = work.of_day(day)
        (folder := aside / f"day-{day}").mkdir()
        return work_out(close, work.stored.journey, folder, closed=closed, picked=self.picked)

    def _replaced(self, stored: JourneyTable, parts: Sequence[Path], days: Sequence[int], aside: Path) -> JourneyTable:
        if not days:
            return stored
        standing = replace_days(stored.table, parts, days)
        found = JourneyTable(stored.journey, stored.table, standing, _rows(stored.table, standing))
        stood = stands_for_reporting(stored)
        keep_for_reporting(found, days if stood else self.close.period.days(), aside)
        return found

    def _whole(self, journey: Journey, table: Path, aside: Path) -> JourneyTable:
        self.progress(f"{journey.title}: from all rows that stand")
        (whole := aside / "whole").mkdir()
        parts = self._parts(journey, whole)
        days = self.close.period.days()
        standing = replace_days(table, parts, days)
        found = JourneyTable(journey, table, standing, sum(row_count(part) for part in parts))
        keep_for_reporting(found, days, aside)
        return found

    def _parts(self, journey: Journey, aside: Path) -> list[Path]:
        close = self.close
        if not journey.is_by_working_day:
            return work_out(close, journey, aside, closed=self.closed, picked=self.picked)
        # Before the first Working Day has ended, day 0 makes a table without rows.
        looks = close.looks or (Look(0, close.as_at, close.basis, {}),)
        return [
            part
            for look in looks
            for part in work_out(replace(close, as_at=look.as_at, basis=look.basis), journey, aside, look.working_day, picked=self.picked)
        ]


def _in_order(journeys: Sequence[Journey]) -> list[Journey]:
    """Those that others read come before them."""
    by_name = {journey.name: journey for journey in journeys}
    reads = {name: [read for read in journey.reads if read in by_name] for name, journey in by_name.items()}
    return [by_name[name] for name in TopologicalSorter(reads).static_order()]


def _stored(journey: Journey, table: Path, before: RestsOn) -> JourneyTable | None:
    """The journeys of the close before, where they stand as it left them; what is lost or torn is made anew."""
    try:
        if version(table) != before.version or _rows(table, before.version) != before.rows:
            return None
    except EngineUnavailable:
        return None
    return JourneyTable(journey, table, before.version, before.rows)


def _rows(table: Path, at_version: int) -> int:
    return sum(row_count(Path(path)) for path in paths(table, at_version))


def _is_near(delivery: Delivery, close: Close) -> bool:
    """Whether more than the few rows of long-held requests are wanted of a delivery; those older are passed over by their footers."""
    return delivery.last_at is None or delivery.last_at >= close.period.start_at - LOOKBACK_US


def work_out(
    close: Close,
    journey: Journey,
    aside: Path,
    working_day: int = 0,
    *,
    closed: Mapping[str, JourneyTable] | None = None,
    picked: Picked | None = None,
) -> list[Path]:
    """The journeys of a period, or of a part of it, as Parquet files in a folder; nothing else is changed. Raises EngineUnavailable.

    `closed`: the journeys of the period that are worked out already, for one that reads any of them. `picked`: what was picked for others
    of the same close.
    """
    read = {name: table for name, table in (closed or {}).items() if name in journey.reads}
    if not _has_come(close, journey, read.values()):
        write_no_rows(journey.columns, empty := aside / f"{working_day:02d}-0000.parquet")
        return [empty]
    near = sum(d.accepted for feed in feeds_of(journey) for d in close.basis.of(feed) if _is_near(d, close))
    by_day = {"working_day": working_day} if journey.is_by_working_day else {}
    asked = asked_of(close, journey, near)
    with asked_for(f"journeys {journey.name}"), close.engine.session() as session:
        if not journey.is_in_stretches:
            add_feeds(session, close, journey)
        add_beside(session, close, journey, read)
        add_picks(session, close, journey, picked)
        text = journey.sql
        if journey.gathered is not None and len(asked) > 1:
            gather(session, journey.gathered, asked, aside, journey.grouped)
            text, asked = journey.gathered.last, [close.parameters(0, 1)]
        day, parts = main_day(close, journey), []
        mostly = None if day is None else (journey.day, day)
        for bucket, at in enumerate(asked):
            if journey.is_in_stretches:
                add_feeds(session, close, journey, (at["from_at"], at["until_at"]))
            sql, part = f"SELECT * FROM ({text}) AS happenings{ordered(journey)}", aside / f"{working_day:02d}-{bucket:04d}.parquet"
            parts += session.write_parts(sql, part, at | by_day, journey.grouped, mostly)
    return parts


def _has_come(close: Close, journey: Journey, read: Iterable[JourneyTable]) -> bool:
    """Whether a journey may have a row: where nothing came of what it reads, only one of every period has."""
    bases = [basis for basis in (close.basis, close.superseded) if basis is not None]
    is_delivered = any(basis.of(feed) for basis in bases for feed in feeds_of(journey))
    return journey.is_of_every_period or is_delivered or any(table.rows for table in read)
