"""Late rows: what came or went since a close is worked into the journeys that stand; days that nothing touched keep their files.

The question is the journey's own, asked of the rows of the keys in question alone, so that a late row means what it would have meant in
time (docs/decisions/0013).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.engines import Relation, Session
from tocsin.engines.tables import paths
from tocsin.feeds import all_feeds
from tocsin.measuring.journey import Journey, LateRows
from tocsin.reports.journey_tables import Close, JourneyTable, add_beside, buckets_for, order_of
from tocsin.reports.resting import NEVER, RestsOn

# With more than one key in so many to be asked anew, the whole is worked out sooner.
ONE_IN = 3
KEYS = (("key", "BIGINT"),)


@dataclass(frozen=True)
class Changes:
    """What came and what went since the close before, by delivery, of the feed whose rows are worked in and of the things they name."""

    before: RestsOn
    now: RestsOn

    def of(self, feed: str) -> set[str]:
        came, went = self.now.changed(self.before, feed)
        return {*came, *went}

    def rows(self, feed: str) -> int:
        came, went = self.now.changed(self.before, feed)
        return sum(came.values()) + sum(went.values())


@dataclass(frozen=True)
class WorkedIn:
    """The days that differ, the files that take their place, and how many happenings changed, came or went."""

    days: tuple[int, ...]
    parts: tuple[Path, ...]
    changed: int


def why_whole(journey: Journey, changes: Changes) -> str:
    """Why the journeys of a period cannot be had from those that stand and what came or went since; empty where they can."""
    before, now = changes.before, changes.now
    if before.asked != now.asked:
        return "what is asked, or what is asked beside the deliveries, is not what it was"
    if journey.late_rows is None:
        return "other rows stand, and they name no happening that they alone are about"
    if before.as_at > now.as_at:
        return "the close before saw more"
    late = journey.late_rows
    named = {late.feed, *(feed for feed, *_ in late.things)}
    if others := [feed for feed in now.deliveries if feed not in named and changes.of(feed)]:
        return f"other rows of {', '.join(others)} stand"
    if not now.deliveries[late.feed]:
        return f"nothing of {late.feed} stands"
    if changes.rows(late.feed) * ONE_IN > sum(now.deliveries[late.feed].values()):
        return f"more than a third of {late.feed} came or went"
    return ""


@dataclass(frozen=True)
class LateWork:
    """One journey, whose rows of a close before stand in `stored`, as they are to be after `changes`; its files are written in `aside`."""

    close: Close
    late: LateRows
    stored: JourneyTable
    changes: Changes
    closed: Mapping[str, JourneyTable]
    aside: Path

    @property
    def journey(self) -> Journey:
        return self.stored.journey

    def worked_in(self) -> WorkedIn | None:
        """The days that differ from those stored; None where so much is touched that the whole is worked out sooner.

        Raises EngineUnavailable.
        """
        with self.close.engine.session() as session:
            keys = self._touched_keys(session)
            if keys * ONE_IN > max(self.stored.rows, 1) and keys > self.changes.rows(self.late.feed):
                return None
            self._work_out(session)
            return self._days(session)

    def _touched_keys(self, session: Session) -> int:
        """Leave `touched`, the keys whose happenings are asked anew, and `wanted`, whose rows it takes; gives the number of the former."""
        late, feed = self.late, all_feeds()[self.late.feed]
        standing = self.close.basis.relation(feed)
        changed = self._changed(late.feed)
        # What went says as well as what came who was tied to whom.
        session.add(replace(standing, paths=(*standing.paths, *(path for path in changed.paths if path not in standing.paths))))
        session.add(replace(changed, name="changed"))
        session.add(replace(self.stored.relation, name="stored"))
        asked = [f"SELECT {late.column} AS key FROM changed"]
        for number, (beside, column, _, attribute) in enumerate(late.things):
            session.add(replace(self._changed(beside), name=f"changed_{number}"))
            asked.append(f"SELECT {late.attribute} AS key FROM stored WHERE {attribute} IN (SELECT {column} FROM changed_{number})")
        if self.changes.now.as_at != NEVER:
            # Nothing was told of them; only time went by.
            asked.append(f"SELECT {late.attribute} AS key FROM stored WHERE {late.waits}")
        keys = self._keep_keys(session, "touched", asked)
        if late.kin:
            keys = self._keep_keys(session, "touched", ["SELECT key FROM touched", late.kin])
        self._keep_keys(session, "wanted", ["SELECT key FROM touched", *([late.kin] if late.kin else [])])
        return keys

    def _work_out(self, session: Session) -> None:
        """Leave `anew`, the happenings of the touched keys as they are now, and `replaced`, as they were."""
        late, journey, close = self.late, self.journey, self.close
        feed = all_feeds()[late.feed]
        rows = self._keep_rows(session, close.basis.relation(feed), f"{late.column} IN (SELECT key FROM wanted)")
        things = {name: (column, named) for name, column, named, _ in late.things}
        for name in (name for name in self.changes.now.deliveries if name != late.feed):
            relation = close.basis.relation(all_feeds()[name])
            if name in things:
                column, named = things[name]
                self._keep_rows(session, relation, f"{column} IN (SELECT {named} FROM {late.feed})")
            else:
                session.add(relation)
        add_beside(session, close, journey, self.closed)
        buckets = buckets_for(rows) if ":bucket" in journey.sql else 1
        is_touched = f"{late.attribute} IN (SELECT key FROM touched)"
        parts = [self.aside / f"anew-{bucket:04d}.parquet" for bucket in range(buckets)]
        for bucket, part in enumerate(parts):
            sql = f"SELECT * FROM ({journey.sql}) AS happenings WHERE {is_touched}"
            session.write_parquet(sql, part, {**close.parameters(buckets), "bucket": bucket})
        session.add(Relation("anew", journey.columns, tuple(map(str, parts))))
        self._keep(session, "replaced", journey.columns, f"SELECT * FROM stored WHERE {is_touched}")

    def _days(self, session: Session) -> WorkedIn:
        journey = self.journey
        names = ", ".join(name for name, _ in journey.columns)
        both = f"SELECT {names}, 1 AS come FROM anew UNION ALL SELECT {names}, 0 AS come FROM replaced"
        # The same happening may stand more than once, but not in another number.
        differing = f"SELECT {names}, whole_sum(come) AS came, count(*) AS found FROM ({both}) AS told GROUP BY {names}"
        found = session.rows(f"SELECT {journey.day}, count(*) FROM ({differing}) AS told WHERE 2 * came <> found GROUP BY {journey.day}")
        days = tuple(sorted(day for day, _ in found))
        return WorkedIn(days, tuple(self._day(session, day, names) for day in days), sum(count for _, count in found))

    def _day(self, session: Session, day: int, names: str) -> Path:
        """The rows of one day as they are now: those stored whose key is not touched, and the others anew."""
        journey, key = self.journey, self.late.attribute
        session.add(Relation("of_day", journey.columns, paths(self.stored.table, self.stored.version, [day], journey.day)))
        kept = ", ".join(f"of_day.{name} AS {name}" for name, _ in journey.columns)
        sql = f"""
          SELECT {kept} FROM of_day LEFT JOIN (SELECT DISTINCT {key} AS key FROM replaced WHERE {journey.day} = :day) AS gone
            ON gone.key = of_day.{key}
          WHERE gone.key IS NULL
          UNION ALL SELECT {names} FROM anew WHERE {journey.day} = :day"""
        part = self.aside / f"day-{day}.parquet"
        session.write_parquet(f"SELECT * FROM ({sql}) AS of_both ORDER BY {order_of(journey)}", part, {"day": day})
        return part

    def _changed(self, feed: str) -> Relation:
        """Rows of the deliveries that came or went."""
        store = self.close.basis.store
        came, went = self.changes.now.changed(self.changes.before, feed)
        changed = [name for name, rows in {**came, **went}.items() if rows]
        return replace(self.close.basis.relation(all_feeds()[feed]), paths=tuple(str(store.accepted(name)) for name in changed))

    def _keep_rows(self, session: Session, relation: Relation, wanted: str) -> int:
        """Only the rows wanted of a feed, under its own name; gives how many there are."""
        session.add(relation)
        names = ", ".join(name for name, _ in relation.columns)
        return self._keep(session, relation.name, relation.columns, f"SELECT {names} FROM {relation.name} WHERE {wanted}")

    def _keep_keys(self, session: Session, name: str, asked: Iterable[str]) -> int:
        together = " UNION ALL ".join(f"SELECT key FROM ({one}) AS some_keys" for one in asked)
        return self._keep(session, name, KEYS, f"SELECT DISTINCT key FROM ({together}) AS all_keys WHERE key IS NOT NULL")

    def _keep(self, session: Session, name: str, columns: tuple[tuple[str, str], ...], sql: str) -> int:
        """An answer under a name of its own, in a file: asked again and again it is worked out once, on any engine."""
        part = self.aside / f"{name}-{len(list(self.aside.iterdir()))}.parquet"
        rows = session.write_parquet(sql, part)
        session.add(Relation(name, columns, (str(part),)))
        return rows
