"""What a run rests on, as a report tells it: deliveries, refused files, findings, slots, and whether each feed is there."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.deliveries.registers import place_of
from tocsin.deliveries.slots import Expectation, Slot, SlotState, owed, silences, states
from tocsin.deliveries.withdrawals import Withdrawal
from tocsin.deliveries.withdrawing import withdrawn_deliveries
from tocsin.feeds import all_feeds
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.measuring.presence import Presence
from tocsin.reports.frozen_received import (
    DeliveryLine,
    FindingLine,
    RefusedFile,
    RepeatedFile,
    SilenceLine,
    SlotLine,
    SupersededLine,
    WithdrawnLine,
)
from tocsin.vocabulary.calendar import Period, WorkingDays, moment
from tocsin.vocabulary.instants import DAY_US

FILLED = frozenset({"on_time", "late"})

# Files of the days around a month hold rows of its requests; what came again of older ones is the business of their own month's report.
NEARBY_US = 7 * DAY_US
Near = tuple[int, int]
# Answers to a month's last requests come in files of the days after it.
LATE_ANSWERS_US = 2 * DAY_US


@dataclass(frozen=True)
class Owing:
    """The slots a period owes, those of the days after it in which answers to its last requests may still come, and agreed silences."""

    slots: Sequence[Slot]
    later: Sequence[Slot]
    silent: Sequence[Slot] = ()


@dataclass(frozen=True)
class Received:
    """Everything received for a period as known at an instant."""

    deliveries: tuple[DeliveryLine, ...]
    refused_files: tuple[RefusedFile, ...]
    findings: tuple[FindingLine, ...]
    slots: tuple[SlotLine, ...]
    presence: Mapping[str, Presence]
    later_slots: tuple[SlotLine, ...]
    repeated_files: tuple[RepeatedFile, ...]
    superseded: tuple[SupersededLine, ...]
    withdrawn: tuple[WithdrawnLine, ...]
    silences: tuple[SilenceLine, ...]

    @property
    def later_missing(self) -> int:
        """Owed files of the days after the period that may hold answers to its last requests, and are not in."""
        return sum(one.state not in FILLED for one in self.later_slots)

    @property
    def unfilled(self) -> Mapping[str, int]:
        """How many owed slots of each feed are not filled."""
        missing = {feed: presence.expected - presence.filled for feed, presence in self.presence.items() if presence.expected}
        return {feed: count for feed, count in missing.items() if count > 0}


def what_is_owed(expectations: Sequence[Expectation], period: Period, working_days: WorkingDays, reference: Path) -> Owing:
    """What the period owes, and the audit trail of the two days after it: a Target Response Time may be 48 hours (domain.md 4.1, 11.4)."""
    daily = [one for one in expectations if one.feed == AUDIT_TRAIL.name and one.every != "month"]
    after = owed(daily, all_feeds(), period.next(), working_days, reference)
    return Owing(
        slots=owed(expectations, all_feeds(), period, working_days, reference),
        later=[slot for slot in after if slot.start_at < period.end_at + LATE_ANSWERS_US],
        silent=silences(expectations, all_feeds(), period, working_days),
    )


def what_was_received(ledger: Ledger, basis: Basis, owing: Owing, period: Period, as_at: int) -> Received:
    """The ledger's view of a period and of what it owes, in the words of a report."""
    entries = ledger.deliveries(as_at)
    standing: dict[object, Delivery] = {place_of(delivery): delivery for delivery in basis.deliveries}
    near = (period.start_at - NEARBY_US, period.end_at + NEARBY_US)
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
        presence={feed: presence_of(feed, found, basis, period) for feed in all_feeds()},
        later_slots=tuple(_slot_line(one) for one in later),
        repeated_files=tuple(_repeated(entries, standing, near)),
        superseded=tuple(_superseded(entries, standing, near)),
        withdrawn=tuple(
            withdrawn_line(one, word, standing.get(place_of(one)))
            for one, word in withdrawn_deliveries(ledger, as_at)
            if _is_near(one, near)
        ),
        silences=tuple(SilenceLine(one.feed, one.sender, covers_label(one.start_at, one.end_at)) for one in owing.silent),
    )


def _repeated(entries: Sequence[Delivery], standing: Mapping[object, Delivery], near: Near) -> Iterator[RepeatedFile]:
    """Files received again, of the time the run looks at. The first accepted with the same bytes for the same slot is the one meant."""
    first: dict[object, Delivery] = {}
    for entry in entries:
        same = (entry.digest, entry.slot, entry.submission)
        if entry.status == "accepted":
            first.setdefault(same, entry)
        elif entry.status == "repeated" and same in first and place_of(entry) in standing and _is_near(entry, near):
            yield RepeatedFile(entry.file_name, entry.received_at, first[same].delivery_id)


def _superseded(entries: Sequence[Delivery], standing: Mapping[object, Delivery], near: Near) -> Iterator[SupersededLine]:
    """Accepted deliveries whose slot another fills, of the time the run looks at."""
    for entry in entries:
        stands = standing.get(place_of(entry))
        if entry.status == "accepted" and stands is not None and stands.delivery_no != entry.delivery_no and _is_near(entry, near):
            covers = covers_label(entry.covers_start_at, entry.covers_end_at)
            yield SupersededLine(
                entry.delivery_id, entry.feed or "", entry.sender or "", entry.file_name, covers, entry.submission, entry.received_at,
                stands.delivery_id,
            )  # fmt: skip


def withdrawn_line(delivery: Delivery, word: Withdrawal, stands: Delivery | None) -> WithdrawnLine:
    """A delivery that was taken back, with what was said of it and what stands in its slot, in the words of a report."""
    covers = covers_label(delivery.covers_start_at, delivery.covers_end_at)
    return WithdrawnLine(
        delivery.delivery_id, delivery.feed or "", delivery.sender or "", delivery.file_name, covers, delivery.submission,
        delivery.received_at, word.at, word.by, word.reason, stands.delivery_id if stands is not None else "",
    )  # fmt: skip


def _is_near(delivery: Delivery, near: Near) -> bool:
    """What tells of no stretch of time, such as an inventory, concerns every period."""
    if delivery.covers_start_at is None or delivery.covers_end_at is None:
        return True
    return delivery.covers_start_at < near[1] and delivery.covers_end_at > near[0]


def told_outside(reason: str) -> str:
    """A refusal's reason up to what was found in the file: the first row of a file without its header may hold names of SEC Parties.

    The ledger keeps the whole of it for those who may read the workspace.
    """
    told, found, _ = reason.partition(" (found: ")
    return f"{told}." if found else reason


def presence_of(feed: str, found: Iterable[SlotState], basis: Basis, period: Period) -> Presence:
    """How many of the files that a period owes of a feed are in, by the states of its slots; of one nobody owes, how many came."""
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
    return SlotLine(
        one.slot.feed, one.slot.sender, covers_label(one.slot.start_at, one.slot.end_at), one.slot.due_at, one.state, one.filled_at
    )


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
