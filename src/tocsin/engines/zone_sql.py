"""Local stamps to instants, by rule and not by an engine's own zone functions: of an hour that occurs twice the earlier is meant.

Python's `fold=0` is the rule (PEP 495), also for stamps that a clock change skips: the offset before the change holds.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tocsin.vocabulary.instants import SECOND_US, instant

# Stamps before 2000 are refused whatever their zone (PAST), and no zone's rules are known for 2100.
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
    return int(FIRST.astimezone(ZoneInfo(zone)).utcoffset() / timedelta(seconds=1)) * SECOND_US  # type: ignore[operator]  # aware


def offset_sql(local: str, zone: str) -> str:
    """SQL for the offset in microseconds that holds at a local stamp; the newest change is asked first, since most rows are new."""
    rungs = [f"WHEN {local} >= {at + max(before, after)} THEN {after}" for at, before, after in reversed(changes(zone))]
    return f"CASE {' '.join(rungs)} ELSE {first_offset(zone)} END" if rungs else str(first_offset(zone))


def twice_sql(local: str, zone: str) -> str:
    """SQL that is true of a local stamp whose hour occurs twice."""
    return _within(local, [(at + after, at + before) for at, before, after in changes(zone) if after < before])


def skipped_sql(local: str, zone: str) -> str:
    """SQL that is true of a local stamp that no clock ever showed."""
    return _within(local, [(at + before, at + after) for at, before, after in changes(zone) if after > before])


def _within(local: str, stretches: list[tuple[int, int]]) -> str:
    return "(" + " OR ".join(f"({local} >= {start} AND {local} < {end})" for start, end in stretches) + ")" if stretches else "FALSE"
