"""The due dates of a Service Provider as a calendar file (RFC 5545) that any mail program opens."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from icalendar import Alarm, Calendar, Event

from tocsin.deliveries.slots import Slot
from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, moment
from tocsin.vocabulary.instants import DAY_US, QUARTER_HOUR_US

# An entry of no length is shown by few programs: it ends when the file is due, and begins so much before.
SHOWN = timedelta(minutes=30)
WARNING = timedelta(days=1)


def file_word(sender: str) -> str:
    """A sender as a piece of a file's name: whatever could lead to another folder is an underscore."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", sender)


@dataclass(frozen=True, order=True)
class _Due:
    """Files of a feed that are due at one instant: those of a month, of a day, or all the quarter-hours of a day."""

    at: int
    feed: str
    is_final: bool
    count: int


def due_calendar(sender: str, slots: Iterable[Slot], period: Period, made_at: int) -> bytes:
    """One entry for each instant at which a sender's files of a feed are due, with a reminder a day before those due once a month.

    Quarter-hours have one entry a day. The same slots give the same entries by name: a calendar that is sent again replaces them.
    `made_at` is the time it was made (µs UTC).
    """
    calendar = Calendar()
    calendar.add("prodid", "-//tocsin//what is owed//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", f"Owed to the DCC by {sender}: {period.label}")
    for due in _dues(slot for slot in slots if slot.sender == sender):
        calendar.add_component(_event(sender, due, period, made_at))
    return bytes(calendar.to_ical())


def _dues(slots: Iterable[Slot]) -> list[_Due]:
    found: dict[tuple[str, bool, int], list[int]] = {}
    for slot in slots:
        for due_at, is_final in ((slot.due_at, False), (slot.final_due_at, True)):
            if due_at is not None:
                together = due_at // DAY_US if slot.end_at - slot.start_at == QUARTER_HOUR_US else due_at
                found.setdefault((slot.feed, is_final, together), []).append(due_at)
    return sorted(_Due(max(dues), feed, is_final, len(dues)) for (feed, is_final, _), dues in found.items())


def _event(sender: str, due: _Due, period: Period, made_at: int) -> Event:
    title, at = all_feeds()[due.feed].title, moment(due.at)
    files = f"{due.count} files" if due.count > 1 else "file"
    event = Event()
    event.add("uid", f"{due.feed}-{sender}-{period.label}-{at:%Y%m%dT%H%M%SZ}{'-final' if due.is_final else ''}@tocsin")
    event.add("dtstamp", moment(made_at))
    event.add("dtstart", at - SHOWN)
    event.add("dtend", at)
    event.add("summary", f"{title}: final due, if there is one" if due.is_final else f"{title}: {files} due")
    event.add("description", f"{title} of {sender} for {period.label}. Due before {at:%Y-%m-%d %H:%M} UTC.")
    event.add("transp", "TRANSPARENT")
    if all_feeds()[due.feed].every == "month":
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("description", f"{title} due tomorrow")
        alarm.add("trigger", -WARNING)
        event.add_component(alarm)
    return event
