"""Late rows: what came or went since a close is worked into the journeys that stand; days that nothing touched keep their files.

The question is the journey's own, asked of the rows of the keys in question alone, so that a late row means what it would have meant in
time (docs/decisions/0013).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from tocsin.engines import Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.engines.tables import paths
from tocsin.feeds import all_feeds
from tocsin.measuring.journey import Journey
from tocsin.measuring.lateness import LateRows
from tocsin.reports import changing
from tocsin.reports.changing import Changes
from tocsin.reports.journey_tables import Close, JourneyTable, add_beside, buckets_for, ordered
from tocsin.reports.picking import add_picks

KEYS = (("key", "BIGINT"),)


@dataclass(frozen=True)
class WorkedIn:
    """The days that differ, the files that take their place, and how many happenings came there and how many went."""

    days: tuple[int, ...]
    parts: tuple[Path, ...]
    came: int
    went: int


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
        with asked_for(f"late rows of {self.journey.name}"), self.close.engine.session() as session:
            keys = self._touched_keys(session)
            if keys * changing.ONE_IN > max(self.stored.rows, 1) and keys > self.changes.rows(self.late.feed):
                return None
            self._work_out(session)
            return self._days(session)

    def _touched_keys(self, session: Session) -> int:
        """Leave `touched`, the keys whose happenings are asked anew, and `wanted`, whose rows it takes; gives the number of the former."""
        late, basis = self.late, self.close.basis
        standing, changed = basis.relation(all_feeds()[late.feed]), self.changes.relation(late.feed, basis)
        # What went says as well as what came who was tied to whom.
        session.add(replace(standing, paths=(*standing.paths, *(path for path in changed.paths if path not in standing.paths))))
        session.add(replace(self.stored.relation, name="stored"))
        session.add(changed)
        self._keep_keys(session, "touched", [f"SELECT {late.column} AS key FROM changed"])
        for name, sql in late.beside:
            if not self.changes.of(name):
                continue
            if name in all_feeds():
                session.add(self.changes.relation(name, basis))
            self._keep_keys(session, "touched", ["SELECT key FROM touched", sql])
        if late.among:
            self._keep_keys(session, "touched", [f"SELECT key FROM touched WHERE key IN ({late.among})"])
        asked = ["SELECT key FROM touched"]
        if self.changes.now.as_at != self.changes.before.as_at:
            # Nothing was told of them; only time went by.
            asked.append(f"SELECT {late.attribute} AS key FROM stored WHERE {late.waits}")
        kin = [late.kin] if late.kin else []
        keys = self._keep_keys(session, "touched", [*asked, *kin])
        self._keep_keys(session, "wanted", ["SELECT key FROM touched", *kin])
        return keys

    def _work_out(self, session: Session) -> None:
        """Leave `anew`, the happenings of the touched keys as they are now, and `replaced`, as they were."""
        late, journey, close = self.late, self.journey, self.close
        narrowed = dict(late.narrowed)
        rows = self._keep_rows(session, late.feed, f"{late.column} IN (SELECT key FROM wanted)")
        for name in self.changes.now.deliveries:
            if name not in narrowed and name != late.feed:
                session.add(close.basis.relation(all_feeds()[name]))
        add_beside(session, close, journey, self.closed)
        for name, wanted in late.narrowed:
            self._keep_rows(session, name, wanted)
        # Out of the rows at hand, and none else: what was picked for the whole of a close would tell of requests that nothing touched.
        add_picks(session, close, journey, None)
        buckets = buckets_for(rows, journey)
        is_touched = f"{late.attribute} IN (SELECT key FROM touched)"
        parts = [self.aside / f"anew-{bucket:04d}.parquet" for bucket in range(buckets)]
        for bucket, part in enumerate(parts):
            sql = f"SELECT * FROM ({journey.sql}) AS happenings WHERE {is_touched}"
            session.write_parquet(sql, part, close.parameters(bucket, buckets), journey.grouped)
        session.add(Relation("anew", journey.columns, tuple(map(str, parts))))
        self._keep(session, "replaced", journey.columns, f"SELECT * FROM stored WHERE {is_touched}")

    def _days(self, session: Session) -> WorkedIn:
        journey = self.journey
        names = ", ".join(name for name, _ in journey.columns)
        both = f"SELECT {names}, 1 AS come FROM anew UNION ALL SELECT {names}, 0 AS come FROM replaced"
        # The same happening may stand more than once, but not in another number.
        differing = f"SELECT {names}, whole_sum(come) AS came, count(*) AS found FROM ({both}) AS told GROUP BY {names}"
        counts = "whole_sum(came) AS came, whole_sum(found - came) AS went"
        found = session.rows(f"SELECT {journey.day}, {counts} FROM ({differing}) AS told WHERE 2 * came <> found GROUP BY {journey.day}")
        days = tuple(sorted(day for day, _, _ in found))
        parts = tuple(self._day(session, day, names) for day in days)
        return WorkedIn(days, parts, came=sum(came for _, came, _ in found), went=sum(went for _, _, went in found))

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
        session.write_parquet(f"SELECT * FROM ({sql}) AS of_both{ordered(journey)}", part, {"day": day})
        return part

    def _keep_rows(self, session: Session, feed: str, wanted: str) -> int:
        """Only the rows wanted of a feed, under its own name; gives how many there are."""
        relation = self.close.basis.relation(all_feeds()[feed])
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
