"""Slots: what is owed by whom and when, and how each stands at an instant (on time, late, missing, not due yet, not expected)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Literal

from tocsin.deliveries.ledger import Delivery
from tocsin.feeds.feed import Feed
from tocsin.vocabulary.calendar import Clock, Period, WorkingDays, deadline_clock
from tocsin.vocabulary.due_rules import SUBMISSIONS, due_rules
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import MINUTE_US, QUARTER_HOUR_US, local_instant
from tocsin.vocabulary.settings import setting

State = Literal["on_time", "late", "missing", "not_due_yet", "not_expected"]
Every = Literal["quarter_hour", "day", "month"]


@dataclass(frozen=True)
class Expectation:
    """A sender owes a feed for every quarter-hour, day or month from `since` on, up to and without `until` (always, where not said)."""

    feed: str
    sender: str
    every: Every
    since: date | None = None
    until: date | None = None

    def holds(self, start_at: int, end_at: int, zone: str) -> bool:
        """Whether a stretch of time lies whole inside what is expected."""
        begun = self.since is None or start_at >= local_instant(self.since, time(), zone)
        return begun and (self.until is None or end_at <= local_instant(self.until, time(), zone))


@dataclass(frozen=True)
class Slot:
    """The piece a delivery should fill: half-open in time, and due before the instant `due_at`. One not expected is due never.

    `final_due_at` is by when a final is due where a sender has more to say (CR1430 [B]); None where no rule speaks of one.
    """

    feed: str
    sender: str
    start_at: int
    end_at: int
    due_at: int | None
    final_due_at: int | None = None


@dataclass(frozen=True)
class SlotState:
    """A slot, how it stands at an instant, and the delivery that first filled it whole (or the last piece of it)."""

    slot: Slot
    state: State
    filled_at: int | None
    delivery_ids: tuple[str, ...]


def owed(
    expectations: Iterable[Expectation], feeds: dict[str, Feed], period: Period, working_days: WorkingDays, reference: Path | None = None
) -> list[Slot]:
    """The slots a period owes. `reference` is a workspace's folder of dated rows, which may say at what clock a deadline ends.

    Raises BadDeclaration for an expectation of a feed that is not known.
    """
    slots = []
    dues = _Dues(period, working_days, deadline_clock(setting("deadline_clock", period.last_on, reference).value), reference)
    for expected in expectations:
        if expected.feed not in feeds:
            raise BadDeclaration(
                f'expected: feed "{expected.feed}" is not known; expected one of {", ".join(feeds)}. Correct workspace.toml.'
            )
        for start, end in _stretches(period, expected.every):
            if expected.holds(start, end, period.zone):
                due_at, final_due_at = dues.of(feeds[expected.feed], expected.sender, end)
                slots.append(Slot(expected.feed, expected.sender, start, end, due_at, final_due_at))
    return slots


def states(slots: Sequence[Slot], deliveries: Iterable[Delivery], period: Period, as_at: int) -> list[SlotState]:
    """How each slot stands at an instant, and after them what came though nobody was expected to send it then.

    `deliveries` are the ledger's entries. A slot is filled when accepted deliveries received by then cover all of it together; one of which
    every row was refused fills none.
    """
    came = [d for d in deliveries if d.fills and d.received_at <= as_at and d.covers_start_at is not None]
    came = [d for d in came if _start(d) < period.end_at and _end(d) > period.start_at]
    by_owner: dict[tuple[str | None, str | None], _Came] = {}
    for owner in {(d.feed, d.sender) for d in came}:
        by_owner[owner] = _Came([d for d in came if (d.feed, d.sender) == owner])
    touching = [by_owner[owner].touching(slot) if (owner := (slot.feed, slot.sender)) in by_owner else [] for slot in slots]
    awaited = {delivery.delivery_no for found in touching for delivery in found}
    return [_state(slot, found, as_at) for slot, found in zip(slots, touching, strict=True)] + [
        SlotState(Slot(d.feed or "", d.sender or "", _start(d), _end(d), None), "not_expected", d.received_at, (d.delivery_id,))
        for d in came
        if d.delivery_no not in awaited
    ]


def silences(expectations: Iterable[Expectation], feeds: dict[str, Feed], period: Period, working_days: WorkingDays) -> list[Slot]:
    """The stretches of a period in which a sender that owes a feed in the rest of it is agreed to send nothing: due never."""
    held: dict[tuple[str, str], list[Slot]] = {}
    for slot in owed(expectations, feeds, period, working_days):
        held.setdefault((slot.feed, slot.sender), []).append(slot)
    found = []
    for (feed, sender), slots in held.items():
        reached = period.start_at
        for slot in sorted(slots, key=lambda slot: slot.start_at):
            if slot.start_at > reached:
                found.append(Slot(feed, sender, reached, slot.start_at, None))
            reached = max(reached, slot.end_at)
        if reached < period.end_at:
            found.append(Slot(feed, sender, reached, period.end_at, None))
    return found


class _Came:
    """The deliveries of one sender and feed by the time they cover: a month of quarter-hours is thousands of them."""

    def __init__(self, deliveries: list[Delivery]) -> None:
        self.deliveries = sorted(deliveries, key=_start)
        self.starts = [_start(delivery) for delivery in self.deliveries]
        self.longest = max(_end(delivery) - _start(delivery) for delivery in self.deliveries)

    def touching(self, slot: Slot) -> list[Delivery]:
        """Those that cover some of a slot, in order of receipt."""
        first, last = bisect_right(self.starts, slot.start_at - self.longest), bisect_left(self.starts, slot.end_at)
        found = [delivery for delivery in self.deliveries[first:last] if _end(delivery) > slot.start_at]
        return sorted(found, key=lambda delivery: (delivery.received_at, delivery.delivery_no))


def _state(slot: Slot, deliveries: Sequence[Delivery], as_at: int) -> SlotState:
    used: list[Delivery] = []
    for delivery in deliveries:
        used.append(delivery)
        if _is_covered(slot, used):
            on_time = slot.due_at is None or delivery.received_at < slot.due_at
            names = tuple(d.delivery_id for d in used)
            return SlotState(slot, "on_time" if on_time else "late", delivery.received_at, names)
    is_due = slot.due_at is not None and as_at >= slot.due_at
    return SlotState(slot, "missing" if is_due else "not_due_yet", None, tuple(d.delivery_id for d in used))


def _is_covered(slot: Slot, deliveries: list[Delivery]) -> bool:
    """Thirty daily files fill a month as one monthly file does."""
    reached = slot.start_at
    for delivery in sorted(deliveries, key=_start):
        if _start(delivery) <= reached:
            reached = max(reached, _end(delivery))
    return reached >= slot.end_at


def _stretches(period: Period, every: Every) -> Iterator[tuple[int, int]]:
    if every == "month":
        yield period.start_at, period.end_at
    elif every == "quarter_hour":
        yield from ((start, start + QUARTER_HOUR_US) for start in range(period.start_at, period.end_at, QUARTER_HOUR_US))
    else:
        day = period.first_on
        while day <= period.last_on:
            following = day + timedelta(days=1)
            yield local_instant(day, time(), period.zone), local_instant(following, time(), period.zone)
            day = following


class _Dues:
    """When the slots of a period are due: by a sender's own rule, by that of all senders, else as the feed declares."""

    def __init__(self, period: Period, working_days: WorkingDays, clock: Clock, reference: Path | None) -> None:
        self.rules = due_rules(period.last_on, reference)
        self.period, self.working_days, self.clock = period, working_days, clock
        self._days: dict[int, int] = {}

    def of(self, feed: Feed, sender: str, end_at: int) -> tuple[int | None, int | None]:
        """When a slot that ends at an instant is due, and its final where one may come."""
        first, final = (self.rules.of(feed.name, sender, submission) for submission in SUBMISSIONS)
        initial = first or feed.due
        due_at = self._instant(initial.working_day, initial.hours_after, end_at)
        return due_at, None if final is None else self._instant(final.working_day, final.hours_after, end_at)

    def _instant(self, working_day: int | None, hours_after: int | None, end_at: int) -> int | None:
        if working_day is None:
            return None if hours_after is None else end_at + hours_after * 60 * MINUTE_US
        if working_day not in self._days:
            self._days[working_day] = self.working_days.deadline_at(self.working_days.working_day(self.period, working_day), self.clock)
        return self._days[working_day]


def _start(delivery: Delivery) -> int:
    return delivery.covers_start_at if delivery.covers_start_at is not None else 0


def _end(delivery: Delivery) -> int:
    return delivery.covers_end_at if delivery.covers_end_at is not None else 0
