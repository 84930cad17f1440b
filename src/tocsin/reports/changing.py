"""What came or went between two closes of a period, and whether it can be worked into the journeys that stand."""

from dataclasses import dataclass, replace

from tocsin.deliveries.ledger import Basis
from tocsin.engines import Relation
from tocsin.feeds import all_feeds
from tocsin.measuring.journey import Journey
from tocsin.measuring.lateness import LateRows
from tocsin.reports.resting import RestsOn

# Of more than one row, or one key, in so many the whole is worked out sooner.
ONE_IN = 3


@dataclass(frozen=True)
class Changes:
    """What a close rests on beside what the close before rested on."""

    before: RestsOn
    now: RestsOn

    def deliveries(self, feed: str) -> list[str]:
        """The deliveries of a feed that came or went, by name."""
        came, went = self.now.changed(self.before, feed)
        return [*came, *went]

    def rows(self, feed: str) -> int:
        """How many accepted rows they have."""
        came, went = self.now.changed(self.before, feed)
        return sum(came.values()) + sum(went.values())

    def of(self, name: str) -> bool:
        """Whether rows of a feed came or went, or a journey that is read is another."""
        return bool(self.deliveries(name)) or self.now.read.get(name) != self.before.read.get(name)

    @property
    def names(self) -> list[str]:
        """The feeds and journeys that are not what they were."""
        return [name for name in (*self.now.deliveries, *self.now.read) if self.of(name)]

    def relation(self, feed: str, basis: Basis, name: str = "changed") -> Relation:
        """The rows that came or went, for an engine."""
        paths = (basis.store.accepted(delivery) for delivery in self.deliveries(feed))
        return replace(basis.relation(all_feeds()[feed]), name=name, paths=tuple(str(path) for path in paths))

    def lost(self, basis: Basis) -> bool:
        """Whether rows that went cannot be read any more."""
        return any(not basis.store.accepted(one).is_file() for feed in self.now.deliveries for one in self.deliveries(feed))


def why_whole(journey: Journey, changes: Changes, basis: Basis) -> str:
    """Why the journeys of a period cannot be had from those that stand and what came or went since; empty where they can."""
    before, now, late = changes.before, changes.now, journey.late
    if before.asked != now.asked:
        return "what is asked, or what is asked beside the deliveries, is not what it was"
    if late is None:
        return f"{', '.join(changes.names) or 'the as-at'} changed, and which of them that concerns is not declared"
    if others := [name for name in changes.names if name not in late.named]:
        return f"{', '.join(others)} changed, which may concern every one of them"
    if changes.lost(basis):
        return "rows that went are not there any more"
    if before.as_at != now.as_at and not (isinstance(late, LateRows) and before.as_at < now.as_at):
        return "they are seen from another instant"
    if isinstance(late, LateRows) and changes.rows(late.feed) * ONE_IN > sum(now.deliveries[late.feed].values()):
        return f"more than a third of {late.feed} came or went"
    return ""
