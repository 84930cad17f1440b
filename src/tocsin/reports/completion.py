"""When everything a month rests on was in, and when it would have been, had every Service Provider sent by a Working Day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.deliveries.slots import SlotState

# Only what somebody owed can be waited for.
OWED = frozenset({"on_time", "late", "missing", "not_due_yet"})


@dataclass(frozen=True)
class Completion:
    """When the last owed file was in and the last answer could no longer come; None while a file is missing.

    `last` are the (feed, sender) that came last, or that are missing; `owed` and `filled` count the slots. `waits_until` is the instant
    before which answers to the month's requests may still come: files alone do not end a month.
    """

    complete_at: int | None
    owed: int
    filled: int
    last: tuple[tuple[str, str], ...]
    waits_until: int


def completion(states: Iterable[SlotState], waits_until: int) -> Completion:
    """When a month was complete, by the states of its slots (and those of the days after it in which late answers come)."""
    owed = [one for one in states if one.state in OWED]
    times = [(one.filled_at, one.slot.feed, one.slot.sender) for one in owed]
    missing = sorted({(feed, sender) for at, feed, sender in times if at is None})
    filled = [(at, feed, sender) for at, feed, sender in times if at is not None]
    if missing:
        return Completion(None, len(owed), len(filled), tuple(missing), waits_until)
    return _complete(filled, len(owed), waits_until)


def if_sent_by(states: Iterable[SlotState], sent_by: int, waits_until: int) -> Completion:
    """The same, had every owed file come at `sent_by` (µs UTC) at the latest: what came before stays, what is missing is taken as sent."""
    owed = [one for one in states if one.state in OWED]
    times = [(min(one.filled_at, sent_by) if one.filled_at is not None else sent_by, one.slot.feed, one.slot.sender) for one in owed]
    return _complete(times, len(owed), waits_until)


def _complete(times: Sequence[tuple[int, str, str]], owed: int, waits_until: int) -> Completion:
    last_at = max((at for at, _, _ in times), default=waits_until)
    last = sorted({(feed, sender) for at, feed, sender in times if at == last_at})
    return Completion(max(last_at, waits_until), owed, len(times), tuple(last), waits_until)
