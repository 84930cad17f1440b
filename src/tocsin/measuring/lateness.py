"""How rows that come late, or go with a superseded delivery, are worked into the journeys of a period that stand (docs/decisions/0013)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LateRows:
    """Of a journey whose happenings have keys: those of the keys that rows came or went of are asked anew, and nobody else.

    Every happening has in `attribute` what `column` says in each row of `feed` that it is made of. Rows decide about the happenings of
    their own key and, beyond it, only about those of `kin`: SQL text that gives as `key` the keys tied to any in the relation `touched`
    (one column, `key`), out of the feed; asked of keys that changed it gives whose answer may change, asked of those it gives whose rows
    must be at hand for the right answer. Empty where rows of one key say nothing of another.
    `among`: SQL text that gives all keys that can have a happening at all, where the feed tells of much else.
    `waits`: happenings that another instant alone may tell otherwise; only time that passes, never time that is taken back.
    `beside`: what else is read and may change, a feed or another journey of the period, with the SQL text that gives the keys it then
    decides about, out of `feed`, of `stored` (the happenings as they stand) and, of a feed, `changed` (its rows that came or went).
    `narrowed`: feeds of which only some rows are asked for the rows at hand, each with the predicate that tells which.
    """

    feed: str
    column: str
    attribute: str
    kin: str = ""
    among: str = ""
    waits: str = "FALSE"
    beside: tuple[tuple[str, str], ...] = ()
    narrowed: tuple[tuple[str, str], ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """What may change without the whole being asked anew."""
        return frozenset((self.feed, *(name for name, _ in self.beside)))


@dataclass(frozen=True)
class LateDays:
    """Of a journey whose rows of a day come of that day's rows alone: days of which rows came or went are asked anew by themselves.

    `feeds`: each with the SQL text that gives the days (`day`, UTC) of the rows in `changed`; whatever of a delivery is stamped on other
    days says nothing of a day. `journeys`: other journeys of the period, whose rows of a day make this one's of the same day.
    """

    feeds: tuple[tuple[str, str], ...] = ()
    journeys: tuple[str, ...] = ()

    @property
    def named(self) -> frozenset[str]:
        """What may change without the whole being asked anew."""
        return frozenset((*self.journeys, *(name for name, _ in self.feeds)))
