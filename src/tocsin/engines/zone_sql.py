"""Local stamps to instants, by rule and not by an engine's own zone functions: of an hour that occurs twice the earlier is meant.

Python's `fold=0` is the rule (PEP 495), also for stamps that a clock change skips: the offset before the change holds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tocsin.vocabulary.instants import MINUTE_US, instant

# Stamps before 2000 are refused whatever their zone (PAST), and no zone's rules are known for 2100.
HALF_HOUR_US = 30 * MINUTE_US
FIRST, LAST = datetime(1999, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@cache
def changes(zone: str) -> tuple[tuple[int, int, int], ...]:
    """The clock changes of a zone as (instant, offset before, offset after), all in microseconds."""
    return tuple(_changes(ZoneInfo(zone)))


def _changes(zone: ZoneInfo) -> Iterator[tuple[int, int, int]]:
    def offset(at: datetime) -> timedelta:
        return at.astimezone(zone).utcoffset() or timedelta()

    day, before = FIRST, offset(FIRST)
    while day < LAST:
        following = day + timedelta(days=1)
        after = offset(following)
        if after != before:
            early, late = day, following
            while late - early > timedelta(seconds=1):
                middle = early + (late - early) / 2
                early, late = (middle, late) if offset(middle) == before else (early, middle)
            at = instant(late.replace(microsecond=0))
            yield at, before // timedelta(microseconds=1), after // timedelta(microseconds=1)
        day, before = following, after


def first_offset(zone: str) -> int:
    """The offset that holds before the first clock change, in microseconds."""
    return (FIRST.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC) - FIRST) // timedelta(microseconds=1)


def offset_sql(local: str, zone: str, until: int) -> str:
    """SQL for the offset in microseconds that holds at a local stamp; the newest change is asked first, since most rows are new.

    Changes after the instant `until` are left out: stamps so late are refused, and each rung costs planning time.
    """
    rungs = [f"WHEN {local} >= {at + max(before, after)} THEN {after}" for at, before, after in reversed(_known(zone, until))]
    return f"CASE {' '.join(rungs)} ELSE {first_offset(zone)} END" if rungs else str(first_offset(zone))


def oddity_sql(local: str, zone: str, until: int) -> str:
    """SQL for what a clock change does to a local stamp: 1 its hour occurs twice, 2 no clock ever showed it, 0 neither."""
    twice = [(at + after, at + before) for at, before, after in _known(zone, until) if after < before]
    skipped = [(at + before, at + after) for at, before, after in _known(zone, until) if after > before]
    # By half-hours, the least by which clocks change: one look into a list is planned far quicker than a hundred comparisons.
    return f"CASE WHEN {_within(local, twice)} THEN 1 WHEN {_within(local, skipped)} THEN 2 ELSE 0 END"


def _known(zone: str, until: int) -> list[tuple[int, int, int]]:
    return [change for change in changes(zone) if change[0] <= until]


def _within(local: str, stretches: list[tuple[int, int]]) -> str:
    halves = [half for start, end in stretches for half in range(start // HALF_HOUR_US, -(-end // HALF_HOUR_US))]
    return f"{local} // {HALF_HOUR_US} IN ({', '.join(str(half) for half in halves)})" if halves else "FALSE"
