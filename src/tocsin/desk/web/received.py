"""What came and what is owed, as the ledger says it now. The ledger is opened for reading alone."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import quote

from tocsin.deliveries.ledger import Delivery, Ledger
from tocsin.deliveries.slots import owed, states
from tocsin.deliveries.store import Store
from tocsin.desk.month import expectations_of, store_of, working_days_of
from tocsin.desk.workspace import Workspace
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period


@dataclass(frozen=True)
class FeedStanding:
    """One feed of a month: how many of its slots are in which state, and when its last delivery came (µs UTC)."""

    feed: str
    states: dict[str, int]
    last_at: int | None


def deliveries_now(workspace: Workspace, at: int) -> tuple[Delivery, ...]:
    """Every entry of the ledger received by an instant; none where nothing was ever taken in."""
    store = store_of(workspace)
    if store.ledger is None:
        file = (store.root / "ledger.sqlite").resolve()
        if not file.is_file():
            return ()
        # SQLite itself refuses to write by this connection.
        store = Store(store.root, f"sqlite:///file:{quote(str(file))}?mode=ro&uri=true")
    ledger = Ledger(store)
    try:
        return ledger.deliveries(at)
    finally:
        ledger.close()


def feeds_now(workspace: Workspace, period: Period, deliveries: tuple[Delivery, ...], at: int) -> list[FeedStanding]:
    """Every feed that is owed for a month, or came, by its slots as they stand at an instant."""
    slots = owed(expectations_of(workspace), all_feeds(), period, working_days_of(workspace), workspace.reference)
    by_feed: dict[str, Counter[str]] = {}
    for one in states(slots, deliveries, period, at):
        by_feed.setdefault(one.slot.feed, Counter())[one.state] += 1
    last: dict[str, int] = {}
    for delivery in deliveries:
        if delivery.status == "accepted" and delivery.feed is not None:
            last[delivery.feed] = max(delivery.received_at, last.get(delivery.feed, 0))
    return [FeedStanding(feed, dict(counts), last.get(feed)) for feed, counts in sorted(by_feed.items())]
