"""Late days: a journey whose rows of a day come of that day alone is worked out for the days of which rows came or went."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from tocsin.deliveries.ledger import Basis
from tocsin.engines.failing import asked_for
from tocsin.engines.tables import paths
from tocsin.measuring.lateness import LateDays
from tocsin.reports.changing import Changes
from tocsin.reports.journey_tables import Close, JourneyTable, may_have_rows
from tocsin.vocabulary.instants import DAY_US


@dataclass(frozen=True)
class DayWork:
    """One journey by day: which days are to be worked out anew, and each day as a close of its own."""

    close: Close
    late: LateDays
    stored: JourneyTable
    changes: Changes
    closed: Mapping[str, JourneyTable]

    def days(self) -> list[int]:
        """The UTC days of the period of which rows came or went. Raises EngineUnavailable."""
        found: set[int] = set()
        with asked_for(f"late days of {self.stored.journey.name}"), self.close.engine.session() as session:
            for feed, sql in self.late.feeds:
                if self.changes.of(feed):
                    session.add(self.changes.relation(feed, self.close.basis))
                    found |= {day for (day,) in session.rows(f"SELECT DISTINCT day FROM ({sql}) AS days WHERE day IS NOT NULL")}
        for name in self.late.journeys:
            if self.changes.of(name):
                found |= {day for day in self.close.period.days() if self._is_another(self.closed[name], day)}
        return sorted(found & set(self.close.period.days()))

    def of_day(self, day: int) -> tuple[Close, dict[str, JourneyTable]]:
        """What one day is worked out from: of the feeds the deliveries that may have a row of it, of other journeys their rows of it."""
        start_at, end_at = self.close.stretch
        between = max(start_at, day * DAY_US), min(end_at, (day + 1) * DAY_US)
        stamped = {feed for feed, _ in self.late.feeds}
        near = tuple(one for one in self.close.basis.deliveries if one.feed not in stamped or may_have_rows(one, between))
        basis = Basis(near, self.close.basis.digest, self.close.basis.store)
        return replace(self.close, basis=basis, between=between), {name: replace(one, days=(day,)) for name, one in self.closed.items()}

    def _is_another(self, read: JourneyTable, day: int) -> bool:
        """Whether a journey's files of a day are others than those read before: files are never changed."""
        before = self.changes.before.read[read.journey.name]
        then, now = (paths(read.table, version, [day], read.journey.day) for version in (before, read.version))
        return then != now
