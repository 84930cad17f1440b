"""Registers: files sent on an occasion, each of which tells the whole of what stands, such as the SEC Party list.

Where the name of its file says a day, a register holds from that day: an older one that comes late takes no newer one's place, and of a
month the one stands that holds at its end, however many have come since.
"""

from typing import TYPE_CHECKING

from tocsin.feeds import all_feeds

if TYPE_CHECKING:
    from tocsin.deliveries.ledger import Delivery, Slot

# Whether it tells anything, whether it holds by then, how near to then it began to, and how it stands among those of the same day.
Rank = tuple[bool, bool, int, tuple[bool, bool, int, int]]


def is_register(delivery: "Delivery") -> bool:
    feed = all_feeds().get(delivery.feed or "")
    return feed is not None and feed.every == "occasion"


def place_of(delivery: "Delivery") -> "Slot":
    """Where one delivery stands at a time: its slot, and of a register one place for files of whatever day."""
    return (delivery.feed, delivery.sender, delivery.shape, None, None) if is_register(delivery) else delivery.slot


def rank(delivery: "Delivery", until: int | None) -> Rank:
    """Which of two deliveries of a place stands, the greater. Of a register the newest of those that hold before an instant (of all, where
    none is asked for), else the one that holds soonest after it; one whose name says no day always held."""
    since = (delivery.covers_start_at or 0) if is_register(delivery) else 0
    holds = until is None or since < until
    return (delivery.fills, holds, since if holds else -since, delivery.standing)
