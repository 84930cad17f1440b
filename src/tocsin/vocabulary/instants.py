"""Instants: whole microseconds since 1970 in UTC, and the two zones the field speaks of (architecture section 4, rules 2 and 3)."""

import re
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tocsin.vocabulary.errors import BadDeclaration

MILLISECOND_US = 1_000
SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
QUARTER_HOUR_US = 15 * MINUTE_US
DAY_US = 24 * 60 * MINUTE_US

# Two only: instants are kept in UTC, and SEC deadlines run on UK local time (domain.md 11.1).
ZONES = ("UTC", "Europe/London")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)")


def instant(moment_of: datetime) -> int:
    """Microseconds since 1970 UTC of an aware datetime, exactly. Raises BadDeclaration for one without a zone."""
    if moment_of.utcoffset() is None:
        raise BadDeclaration(f"A date and time with a zone was expected, found {moment_of.isoformat()} without one. Say its zone.")
    return (moment_of - _EPOCH) // timedelta(microseconds=1)


def moment(at: int) -> datetime:
    """The UTC datetime of an instant, exactly; the inverse of `instant`."""
    return _EPOCH + timedelta(microseconds=at)


def parse_instant(text: str) -> int:
    """The instant that ISO 8601 text with an offset names, such as 2022-08-17T15:45:42.790Z.

    Digits past the microsecond are cut off, never rounded up into a later microsecond. Raises BadDeclaration otherwise.
    """
    found = _ISO.fullmatch(text.strip())
    if found is None:
        raise BadDeclaration(
            f'An instant was expected as ISO 8601 with an offset, such as 2021-09-24T17:00:00Z; found "{text}". '
            "Write date, time and offset (Z or +01:00)."
        )
    day, minutes, seconds, fraction, offset = found.groups()
    exact = f"{day}T{minutes}:{seconds or '00'}.{(fraction or '').ljust(6, '0')[:6]}{offset}"
    try:
        return instant(datetime.fromisoformat(exact))
    except ValueError as reason:
        raise BadDeclaration(f'No such instant: "{text}" ({reason}). Correct the date, the time or the offset.') from reason


def span_words(span_us: int) -> str:
    """A span for people, in its two largest units and cut off there: "2 days 3 hours", "45 minutes", "less than a minute"."""
    minutes = span_us // MINUTE_US
    days, rest = divmod(minutes, DAY_US // MINUTE_US)
    hours, minutes = divmod(rest, 60)
    parts = [(days, "day"), (hours, "hour"), (minutes, "minute")]
    shown = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in parts if count]
    return " ".join(shown[:2]) or "less than a minute"


def local_instant(on: date, clock: time, zone: str) -> int:
    """The instant of a wall-clock time on a local date; no caller asks for a time that a clock change skips or repeats."""
    return instant(datetime.combine(on, clock, tzinfo=zone_of(zone)))


@cache
def zone_of(name: str) -> ZoneInfo:
    """One of the ZONES by name. Raises BadDeclaration for another name, or when the machine has no time-zone data."""
    if name not in ZONES:
        raise BadDeclaration(f'Zone "{name}" is not known here: expected one of {", ".join(ZONES)}.')
    try:
        return ZoneInfo(name)
    except ZoneInfoNotFoundError as reason:
        raise BadDeclaration(f'This machine has no time-zone data for "{name}". Install the tzdata package.') from reason
