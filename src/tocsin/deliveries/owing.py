"""Who owes what: the slots of a month by sender and feed, how many are in, late, missing, still to come, and what is due next."""

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.deliveries.slots import SlotState


@dataclass(frozen=True)
class Owes:
    """What one sender owes of one feed in a month, at an instant (µs UTC).

    `worst_late_us` is the longest that a file came after it was due, None where none was late; `missing_since` is when the longest
    missing was due; `next_due_at` is when the next that is still to come is due; `final_due_at` by when a final may follow.
    """

    feed: str
    sender: str
    owed: int
    on_time: int
    late: int
    missing: int
    to_come: int
    worst_late_us: int | None
    missing_since: int | None
    next_due_at: int | None
    final_due_at: int | None

    @property
    def is_settled(self) -> bool:
        """Whether nothing more is owed."""
        return not (self.missing or self.to_come)


def owing(states: Iterable[SlotState]) -> list[Owes]:
    """One line a sender and feed, those with missing files first, the longest missing before the others; what nobody owed is left out."""
    by_owner: dict[tuple[str, str], list[SlotState]] = {}
    for one in states:
        if one.state != "not_expected":
            by_owner.setdefault((one.slot.feed, one.slot.sender), []).append(one)
    lines = [_line(feed, sender, found) for (feed, sender), found in by_owner.items()]
    return sorted(lines, key=_urgency)


def _urgency(line: Owes) -> tuple[int, int, str, str]:
    if line.missing:
        return 0, line.missing_since or 0, line.sender, line.feed
    return (1, line.next_due_at or 0, line.sender, line.feed) if line.to_come else (2, 0, line.sender, line.feed)


def _line(feed: str, sender: str, found: list[SlotState]) -> Owes:
    of_state = {state: [one for one in found if one.state == state] for state in ("on_time", "late", "missing", "not_due_yet")}
    lateness = [one.filled_at - one.slot.due_at for one in of_state["late"] if one.filled_at is not None and one.slot.due_at is not None]
    due = {state: [one.slot.due_at for one in of_state[state] if one.slot.due_at is not None] for state in ("missing", "not_due_yet")}
    finals = [one.slot.final_due_at for one in found if one.slot.final_due_at is not None]
    return Owes(
        feed=feed,
        sender=sender,
        owed=len(found),
        on_time=len(of_state["on_time"]),
        late=len(of_state["late"]),
        missing=len(of_state["missing"]),
        to_come=len(of_state["not_due_yet"]),
        worst_late_us=max(lateness, default=None),
        missing_since=min(due["missing"], default=None),
        next_due_at=min(due["not_due_yet"], default=None),
        final_due_at=max(finals, default=None),
    )
