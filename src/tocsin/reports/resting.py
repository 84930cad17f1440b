"""What the journeys of a period rest on, remembered with their table: so that the next close knows what came or went since."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from tocsin.deliveries.ledger import Basis
from tocsin.engines.kernel import spell
from tocsin.engines.stored import written_aside
from tocsin.measuring.buckets import PARAMETERS
from tocsin.measuring.journey import Journey
from tocsin.measuring.picks import in_turn
from tocsin.reports.journey_tables import Close, JourneyTable, compared_feeds, feeds_of

# What a journey's SQL may be told; the values do not matter where only the text is looked at.
TOLD = dict.fromkeys((*PARAMETERS, "working_day"), 0)
NEVER = -1


@dataclass(frozen=True)
class RestsOn:
    """Everything that decides the rows of a journey table, and the table's version and number of rows where they are known.

    `asked` is a digest of the question and of what is asked beside the deliveries; `deliveries` gives, by feed, the name of each delivery
    that stood and its accepted rows, `read` the version of each journey of the period that is read. `as_at` is NEVER where the question
    does not ask for it.
    """

    asked: str
    as_at: int
    deliveries: Mapping[str, Mapping[str, int]]
    read: Mapping[str, int]
    version: int = NEVER
    rows: int = 0

    def kept(self, version: int, rows: int) -> Self:
        return replace(self, version=version, rows=rows)

    def is_like(self, other: Self) -> bool:
        """Whether the same rows come of both."""
        mine, its = ((one.asked, one.as_at, one.deliveries, one.read) for one in (self, other))
        return mine == its

    def changed(self, before: Self, feed: str) -> tuple[dict[str, int], dict[str, int]]:
        """The deliveries of a feed that came since another close, and those that went, each with its rows."""
        now, then = self.deliveries.get(feed, {}), before.deliveries.get(feed, {})
        return {one: now[one] for one in now if one not in then}, {one: then[one] for one in then if one not in now}


def rests_on(close: Close, journey: Journey, closed: Mapping[str, JourneyTable]) -> RestsOn:
    """What the journeys of a close are to rest on."""
    is_by_look = journey.is_by_working_day and bool(close.looks)
    beside = (
        # The text as the engine is given it: a word that is spelt otherwise is another question.
        spell(journey.sql, close.engine.name, TOLD),
        [spell(pick.sql, close.engine.name, TOLD) for pick in in_turn(journey.picks)],
        journey.columns,
        journey.sorted_by or journey.splits,
        close.stretch,
        close.period.zone,
        [(relation.name, relation.columns, list(rows)) for relation, rows in journey.dated(close.period.first_on, close.reference)],
        [(look.working_day, look.as_at, _names(look.basis, feeds_of(journey))) for look in close.looks] if is_by_look else [],
        _names(close.superseded, sorted(compared_feeds([journey]))) if close.superseded is not None else [],
    )
    asks_as_at = ":as_at" in journey.sql and not is_by_look
    return RestsOn(
        hashlib.sha256(repr(beside).encode()).hexdigest(),
        close.as_at if asks_as_at else NEVER,
        {feed: _names(close.basis, (feed,)) for feed in feeds_of(journey)},
        {name: table.version for name, table in closed.items() if name in journey.reads},
    )


def _names(basis: Basis, feeds: Collection[str]) -> dict[str, int]:
    # A delivery's id is made of its number, its instant and the digest of its bytes, and what was accepted of it never changes.
    return {one.delivery_id: one.accepted for feed in feeds for one in basis.of(feed)}


def remembered(table: Path) -> RestsOn | None:
    """What the journeys of a table rest on as it was last remembered; None where that was never, or cannot be read."""
    try:
        return RestsOn(**json.loads(_within(table).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(table: Path, rested: RestsOn) -> None:
    """Written whole, after the table: one that was replaced since, by a close that died before this, has another version."""
    with written_aside(_within(table)) as new:
        new.write_text(json.dumps(vars(rested)) + "\n", encoding="utf-8")


def _within(table: Path) -> Path:
    # With the table it goes; what begins with _ is no data to any reader of Delta tables.
    return table / "_rests_on.json"
