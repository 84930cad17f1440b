"""When a sender has a file ready, and when it is due: the same for whoever posts a file and whoever asks whether it stands."""

import zlib
from datetime import date, datetime, time, timedelta

from tocsin.feeds import all_feeds
from tocsin.vocabulary.calendar import Period, WorkingDays, deadline_clock
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, QUARTER_HOUR_US, instant, local_instant, moment, zone_of
from tocsin.vocabulary.settings import setting

HOUR_US = 60 * MINUTE_US
# The one sender that writes local time cuts its days there too; its summer days begin an hour before those of UTC.
LOCAL_ZONE = "Europe/London"
# Monthly reports: the initial by Working Day 2, the final by Working Day 5 (domain.md 11.2); sent in the morning of that day.
MONTHLY_WORKING_DAY = {"initial": 2, "final": 5}


def day_number(start_at: int) -> int:
    """The day a daily file is of, as the sender calls it: a local day of summer begins at 23:00 UTC of the day before."""
    return (start_at + 2 * HOUR_US) // DAY_US


def day_of(on: date) -> int:
    """The number of a date: days since 1970."""
    return (on - date(1970, 1, 1)).days


def ready_at(feed: str, sender: str, start_at: int, submission: str = "final") -> int:
    """When the sender has the file of a slot ready: after the time it covers, at an hour of the sender's own."""
    every = all_feeds()[feed].every
    own_minutes = zlib.crc32(sender.encode()) % 90
    if every == "quarter_hour":
        return start_at + QUARTER_HOUR_US + 4 * MINUTE_US
    if every == "month":
        on = WorkingDays().working_day(Period.of_instant(start_at), MONTHLY_WORKING_DAY[submission])
        return local_instant(on, time(9), "UTC") + own_minutes * MINUTE_US
    if start_at % DAY_US:
        # Its files complete days of UTC that are due within the hour after they end.
        return _next_local_midnight(start_at) + 10 * MINUTE_US
    return start_at + DAY_US + 2 * HOUR_US + own_minutes * MINUTE_US


def due_at(feed: str, start_at: int) -> int | None:
    """The instant before which the slot that the file completes is due; None where the feed says none."""
    declared = all_feeds()[feed]
    if declared.due.working_day is not None:
        period = Period.of_instant(start_at)
        days, clock = WorkingDays(), deadline_clock(setting("deadline_clock", period.last_on).value)
        return days.deadline_at(days.working_day(period, declared.due.working_day), clock)
    if declared.due.hours_after is None:
        return None
    if declared.every == "quarter_hour":
        end_at = start_at + QUARTER_HOUR_US
    elif declared.every == "month":
        end_at = Period.of_instant(start_at).end_at
    else:
        end_at = (start_at // DAY_US + 1) * DAY_US
    return end_at + declared.due.hours_after * HOUR_US


def slot_label(feed: str, start_at: int | None, end_at: int | None = None) -> str:
    """What a report calls the slot that a file completes: a month, a day, or from and until; empty for an occasion.

    `end_at`: of a file that may tell of a whole month although its feed is sent every day.
    """
    every = all_feeds()[feed].every
    if start_at is None or every == "occasion":
        return ""
    month = Period.of_instant(start_at)
    if every == "month" or (start_at, end_at) == (month.start_at, month.end_at):
        return month.label
    if every == "quarter_hour":
        return f"{moment(start_at):%Y-%m-%d %H:%M} to {moment(start_at + QUARTER_HOUR_US):%Y-%m-%d %H:%M}"
    return f"{moment(start_at):%Y-%m-%d}"


def _next_local_midnight(start_at: int) -> int:
    zone = zone_of(LOCAL_ZONE)
    following: date = (moment(start_at).astimezone(zone) + timedelta(days=1)).date()
    return instant(datetime.combine(following, time(), tzinfo=zone))
