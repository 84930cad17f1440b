"""Registers: files sent on an occasion, each of which tells the whole of what stands, such as the SEC Party list.

Where the name of its file says a day, a register holds from that day: an older one that comes late takes no newer one's place, and of a
month the one stands that holds at its end, however many have come since. The device inventory is no such register: its rows say themselves
since when they hold, and what a device was before is in the files of before.
"""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from tocsin.feeds import all_feeds

if TYPE_CHECKING:
    from tocsin.deliveries.ledger import Delivery, Slot

# Whether it tells anything, whether it holds by then, how near to then it began to, and how it stands among those of the same day.
Rank = tuple[bool, bool, int, tuple[bool, bool, int, int]]


def is_told_on_occasion(delivery: "Delivery") -> bool:
    """Whether what it tells holds until it is told anew: a file of before a month may tell what held in it."""
    feed = all_feeds().get(delivery.feed or "")
    return feed is not None and feed.every == "occasion"


def is_register(delivery: "Delivery") -> bool:
    return is_told_on_occasion(delivery) and not all_feeds()[delivery.feed or ""].is_dated_by_row


def place_of(delivery: "Delivery") -> "Slot":
    """Where one delivery stands at a time: its slot, and of a register one place for files of whatever day."""
    return (delivery.feed, delivery.sender, delivery.shape, None, None) if is_register(delivery) else delivery.slot


def rank(delivery: "Delivery", until: int | None) -> Rank:
    """Which of two deliveries of a place stands, the greater. Of a register the newest of those that hold before an instant (of all, where
    none is asked for), else the one that holds soonest after it; one whose name says no day always held."""
    since = (delivery.covers_start_at or 0) if is_register(delivery) else 0
    holds = until is None or since < until
    return (delivery.fills, holds, since if holds else -since, delivery.standing)


def without_the_old(standing: Collection["Delivery"], start_at: int) -> Iterator["Delivery"]:
    """Of files whose rows say since when they hold, those of an instant and after it, and of each sender's before it the newest alone."""
    newest: dict[Slot, Delivery] = {}
    for one in standing:
        if _is_before(one, start_at):
            held = newest.setdefault((one.feed, one.sender, one.shape, None, None), one)
            if (one.fills, one.covers_start_at, one.standing) > (held.fills, held.covers_start_at, held.standing):
                newest[one.feed, one.sender, one.shape, None, None] = one
    for one in standing:
        if not _is_before(one, start_at) or one in newest.values():
            yield one


def _is_before(delivery: "Delivery", at: int) -> bool:
    is_dated_by_row = is_told_on_occasion(delivery) and not is_register(delivery)
    return is_dated_by_row and delivery.covers_end_at is not None and delivery.covers_end_at <= at
