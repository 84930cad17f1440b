"""What a run rests on, as a report tells it: deliveries, refused files, findings, slots, and whether each feed is there."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.deliveries.slots import Slot, SlotState, states
from tocsin.feeds import all_feeds
from tocsin.measuring.presence import Presence
from tocsin.reports.frozen import DeliveryLine, FindingLine, RefusedFile, SlotLine
from tocsin.vocabulary.calendar import Period, moment

FILLED = frozenset({"on_time", "late"})


@dataclass(frozen=True)
class Owing:
    """The slots a period owes, and those of the days after it in which answers to its last requests may still come."""

    slots: Sequence[Slot]
    later: Sequence[Slot]


@dataclass(frozen=True)
class Received:
    """Everything received for a period as known at an instant."""

    deliveries: tuple[DeliveryLine, ...]
    refused_files: tuple[RefusedFile, ...]
    findings: tuple[FindingLine, ...]
    slots: tuple[SlotLine, ...]
    presence: Mapping[str, Presence]
    # Owed files of the days after the period that may hold answers to its last requests, and are not in.
    later_missing: int

    @property
    def unfilled(self) -> Mapping[str, int]:
        """How many owed slots of each feed are not filled."""
        missing = {feed: presence.expected - presence.filled for feed, presence in self.presence.items() if presence.expected}
        return {feed: count for feed, count in missing.items() if count > 0}


def what_was_received(ledger: Ledger, basis: Basis, owing: Owing, period: Period, as_at: int) -> Received:
    """The ledger's view of a period and of what it owes, in the words of a report."""
    entries = ledger.deliveries(as_at)
    found = states(owing.slots, entries, period, as_at)
    later = [one for one in states(owing.later, entries, period.next(), as_at) if one.state != "not_expected"]
    return Received(
        deliveries=tuple(_delivery_line(delivery) for delivery in basis.deliveries),
        refused_files=tuple(RefusedFile(entry.file_name, told_outside(entry.reason)) for entry in entries if entry.status == "refused"),
        findings=tuple(
            FindingLine(delivery.delivery_id, finding.check_id, finding.sentence, finding.count)
            for delivery in basis.deliveries
            for finding in ledger.findings(delivery.delivery_no)
        ),
        slots=tuple(_slot_line(one) for one in found),
        presence={feed: _presence(feed, found, basis, period) for feed in all_feeds()},
        later_missing=sum(one.state not in FILLED for one in later),
    )


def told_outside(reason: str) -> str:
    """A refusal's reason up to what was found in the file: the first row of a file without its header may hold names of SEC Parties.

    The ledger keeps the whole of it for those who may read the workspace.
    """
    told, found, _ = reason.partition(" (found: ")
    return f"{told}." if found else reason


def _presence(feed: str, found: Iterable[SlotState], basis: Basis, period: Period) -> Presence:
    own = [one for one in found if one.slot.feed == feed and one.state != "not_expected"]
    if own:
        return Presence(sum(one.state in FILLED for one in own), len(own))
    came = [d for d in basis.of(feed) if d.covers_start_at is None or d.covers_end_at is None or _touches(d, period)]
    return Presence(len(came), 0)


def _touches(delivery: Delivery, period: Period) -> bool:
    return (delivery.covers_start_at or 0) < period.end_at and (delivery.covers_end_at or 0) > period.start_at


def _delivery_line(delivery: Delivery) -> DeliveryLine:
    return DeliveryLine(
        delivery_id=delivery.delivery_id,
        feed=delivery.feed or "",
        sender=delivery.sender or "",
        file_name=delivery.file_name,
        covers=covers_label(delivery.covers_start_at, delivery.covers_end_at),
        submission=delivery.submission,
        received_at=delivery.received_at,
        lines=delivery.lines,
        accepted=delivery.accepted,
        refused=delivery.refused,
        duplicates=delivery.duplicates,
    )


def _slot_line(one: SlotState) -> SlotLine:
    return SlotLine(one.slot.feed, one.slot.sender, covers_label(one.slot.start_at, one.slot.end_at), one.slot.due_at, one.state)


def covers_label(start_at: int | None, end_at: int | None) -> str:
    """A stretch of time for people: a month as 2021-08, a day as 2021-08-03, anything else as from and until; empty for an occasion."""
    if start_at is None or end_at is None:
        return ""
    start, end = moment(start_at), moment(end_at)
    if (start.hour, start.minute) != (0, 0) or (end.hour, end.minute) != (0, 0):
        return f"{start:%Y-%m-%d %H:%M} to {end:%Y-%m-%d %H:%M}"
    month = Period(start.year, start.month)
    if (start_at, end_at) == (month.start_at, month.end_at):
        return month.label
    last = end - timedelta(days=1)
    return f"{start:%Y-%m-%d}" if last == start else f"{start:%Y-%m-%d} to {last:%Y-%m-%d}"
