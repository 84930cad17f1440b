"""Who keeps an audit trail, in which zone its days are, and the habits that are a sender's own and no fault.

The vices are always on, whatever the profile of faults: S1SP-6 writes local time, S1SP-5 whole seconds, S1SP-TRILLIANT repeats rows,
S1SP-CGI sends one day twice, S1SP-7 sends nothing for five days as agreed, and S1SP-9 keeps no trail: its requests are told by the DSP.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.estate.chance import chance
from tocsin.estate.plan import Plan
from tocsin.vocabulary.instants import DAY_US, instant, local_instant

FEED = "audit_trail"

DSP, DCO, SILENT, REPEATING, TWICE, LOCAL, COARSE = "DSP", "DCO", "S1SP-7", "S1SP-TRILLIANT", "S1SP-CGI", "S1SP-6", "S1SP-5"

# The DSP first: a row that belongs to nobody else is in its file.
TRAIL_SENDERS: tuple[str, ...] = (
    DSP, DCO, "S1SP-SECURE", "S1SP-DXC", TWICE, REPEATING, COARSE, LOCAL, SILENT, "S1SP-8",
)  # fmt: skip

LOCAL_ZONE = "Europe/London"
SILENT_DAYS = 5
# One row in so many of the repeating sender stands twice.
REPEATS_ONE_IN = 100
# The second time of the sender that sends a day twice.
FINAL_AFTER_US = 2 * DAY_US
_EPOCH_ON = date(1970, 1, 1)


def zone_name(sender: str) -> str:
    """The zone in which a sender counts days and, the local one, writes stamps."""
    return LOCAL_ZONE if sender == LOCAL else "UTC"


def day_on(file_day: int) -> date:
    """The date of a file day."""
    return _EPOCH_ON + timedelta(days=file_day)


@cache
def slot_start(sender_place: int, file_day: int) -> int:
    """The instant at which a file day begins in its sender's own zone."""
    return local_instant(day_on(file_day), time(), zone_name(TRAIL_SENDERS[sender_place]))


def silence(plan: Plan) -> tuple[int, int]:
    """The file days, half-open, for which it is agreed that the silent sender sends nothing: five days inside the month."""
    first, last = plan.period.start_at // DAY_US, (plan.period.end_at - 1) // DAY_US
    start = int(chance(plan.seed, "silence").integers(first + 2, last - SILENT_DAYS - 1))
    return start, start + SILENT_DAYS


def sends(plan: Plan, sender_place: int, file_day: int) -> bool:
    """Whether a sender sends a file of this day at all; rows of a silent day are in no file."""
    start, end = silence(plan)
    return TRAIL_SENDERS[sender_place] != SILENT or not start <= file_day < end


def sent_twice(plan: Plan) -> int:
    """The file day of the month that one sender sends twice: an initial, and a final with the same rows."""
    first, last = plan.period.start_at // DAY_US, (plan.period.end_at - 1) // DAY_US
    return int(chance(plan.seed, "sent twice").integers(first, last + 1))


def expected_trails(plan: Plan) -> list[dict[str, Any]]:
    """The [[expected]] tables of a workspace: who owes a trail, every day; the agreed silence is carved out."""
    owed: list[dict[str, Any]] = []
    for sender in TRAIL_SENDERS:
        one: dict[str, Any] = {"feed": FEED, "sender": sender, "every": "day", "since": day_on(plan.days.start)}
        if sender == SILENT:
            start, end = (day_on(day) for day in silence(plan))
            owed += [{**one, "until": start}, {**one, "since": end}]
        else:
            owed.append(one)
    return owed


@cache
def clock_changes(zone: str) -> tuple[tuple[int, int, int], ...]:
    """The clock changes of a zone from 2015 to 2050: (instant, offset before, offset after), microseconds."""
    own = ZoneInfo(zone)

    def offset(at: datetime) -> timedelta:
        return at.astimezone(own).utcoffset() or timedelta()

    found, at = [], datetime(2015, 1, 1, tzinfo=UTC)
    while at.year < 2050:
        following = at + timedelta(days=1)
        if offset(at) != offset(following):
            # Clocks change on the hour in every zone the senders use.
            hour = next(at + timedelta(hours=n) for n in range(1, 25) if offset(at + timedelta(hours=n)) != offset(at))
            before, after = (offset(side) // timedelta(microseconds=1) for side in (at, following))
            found.append((instant(hour), before, after))
        at = following
    return tuple(found)
