"""The SEC's calendar: Performance Measurement Periods, Working Days, quarter-hours (domain.md 2.1, 11 and 15)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cached_property
from pathlib import Path
from typing import Literal, get_args

from tocsin.vocabulary.bank_holidays import bank_holidays, years_covered
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import (
    DAY_US,
    MINUTE_US,
    QUARTER_HOUR_US,
    instant,
    local_instant,
    moment,
    parse_instant,
    zone_of,
)

__all__ = [
    "PROFILES",
    "Clock",
    "Period",
    "WorkingDays",
    "deadline_clock",
    "instant",
    "moment",
    "parse_instant",
    "quarter_hour_of",
    "quarter_hours",
]

Clock = Literal["end_of_day", "17:00"]
CLOCKS: tuple[Clock, ...] = get_args(Clock)

# The SEC wording at hand does not say which part of the 1971 Act counts (domain.md 11.1): England & Wales, unless a workspace says.
PROFILES: dict[str, tuple[str, ...]] = {
    "england_and_wales": ("england_and_wales",),
    "with_scotland": ("england_and_wales", "scotland"),
}

_SATURDAY = 5
_MIDNIGHT = time(0)


@dataclass(frozen=True, order=True)
class Period:
    """A Performance Measurement Period: one calendar month, read in a zone (UTC unless a dated setting says otherwise)."""

    year: int
    month: int
    zone: str = "UTC"

    def __post_init__(self) -> None:
        zone_of(self.zone)
        if not (1970 <= self.year <= 9998 and 1 <= self.month <= 12):
            raise BadDeclaration(f"A period was expected as a month of the years 1970 to 9998, found {self.year:04d}-{self.month:02d}.")

    @classmethod
    def parse(cls, text: str, zone: str = "UTC") -> "Period":
        """The period that a label such as "2021-08" names. Raises BadDeclaration for anything else."""
        if re.fullmatch(r"[0-9]{4}-[0-9]{2}", text) is None:
            raise BadDeclaration(f'A period was expected as year and month, such as 2021-08; found "{text}".')
        return cls(int(text[:4]), int(text[5:]), zone)

    @classmethod
    def of_instant(cls, at: int, zone: str = "UTC") -> "Period":
        """The period in which an instant falls."""
        local = moment(at).astimezone(zone_of(zone))
        return cls(local.year, local.month, zone)

    @property
    def label(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def first_on(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_on(self) -> date:
        return self.next().first_on - timedelta(days=1)

    @property
    def start_at(self) -> int:
        """First instant inside the period."""
        return local_instant(self.first_on, _MIDNIGHT, self.zone)

    @property
    def end_at(self) -> int:
        """First instant after the period: periods are half-open, so that every instant is in exactly one."""
        return self.next().start_at

    @property
    def minutes(self) -> int:
        """Length in minutes; a local March is an hour short and a local October an hour long (domain.md 15.3)."""
        return (self.end_at - self.start_at) // MINUTE_US

    def days(self) -> list[int]:
        """UTC day numbers (days since 1970) that the period touches; a local summer month also touches the evening before it."""
        return list(range(self.start_at // DAY_US, (self.end_at - 1) // DAY_US + 1))

    def next(self) -> "Period":
        return Period(self.year + self.month // 12, self.month % 12 + 1, self.zone)

    def previous(self) -> "Period":
        return Period(self.year - (self.month == 1), (self.month - 2) % 12 + 1, self.zone)


@dataclass(frozen=True)
class WorkingDays:
    """Working Days of a profile; `override` is a workspace's reference/bank_holidays.csv (or that folder)."""

    profile: str = "england_and_wales"
    override: Path | None = None

    def __post_init__(self) -> None:
        if self.profile not in PROFILES:
            raise BadDeclaration(
                f'Calendar profile "{self.profile}" is not known: expected one of {", ".join(PROFILES)}. Name one of them.'
            )

    @cached_property
    def _holidays(self) -> frozenset[date]:
        return frozenset().union(*(bank_holidays(division, self.override) for division in PROFILES[self.profile]))

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset.intersection(*(years_covered(division, self.override) for division in PROFILES[self.profile]))

    def is_working_day(self, on: date) -> bool:
        """Neither Saturday, Sunday nor a bank holiday. Raises BadDeclaration for a year the calendar does not cover."""
        if on.year not in self._years:
            raise BadDeclaration(
                f"The bank-holiday calendar covers {min(self._years)} to {max(self._years)} ({self.profile}); "
                f"{on.isoformat()} is outside it. Add the bank holidays of {on.year} to reference/bank_holidays.csv of the workspace, "
                "or freeze a longer calendar with tools/freeze_bank_holidays.py."
            )
        return on.weekday() < _SATURDAY and on not in self._holidays

    def working_day(self, period: Period, n: int) -> date:
        """Working Day n after a period: WD1 is the first Working Day strictly after its last day (domain.md 11.1).

        Raises BadDeclaration for n below 1 and for a year the calendar does not cover.
        """
        return self.working_day_after(period.last_on, n)

    def working_day_after(self, on: date, n: int) -> date:
        """The n-th Working Day strictly after a day. Raises BadDeclaration as `working_day` does."""
        if n < 1:
            raise BadDeclaration(f"Working Days are counted from 1; found {n}.")
        counted = 0
        while counted < n:
            on += timedelta(days=1)
            counted += self.is_working_day(on)
        return on

    def working_days_between(self, a: date, b: date) -> int:
        """Working Days after `a` up to and including `b`; negative when `b` is before `a`. WD n is n after the month's last day."""
        if b < a:
            return -self.working_days_between(b, a)
        return sum(self.is_working_day(on) for on in _dates(a + timedelta(days=1), b))

    def deadline_at(self, on: date, clock: Clock = "end_of_day") -> int:
        """The instant a deadline on a local date ends, exclusive: the midnight after it, or 17:00, UK local time (domain.md 11.1)."""
        if deadline_clock(clock) == "17:00":
            return local_instant(on, time(17), "Europe/London")
        return local_instant(on + timedelta(days=1), _MIDNIGHT, "Europe/London")


def deadline_clock(word: str) -> Clock:
    """The clock of a deadline by its word. Raises BadDeclaration for another."""
    for clock in CLOCKS:
        if clock == word:
            return clock
    raise BadDeclaration(f'Deadline clock "{word}" is not known: expected {" or ".join(CLOCKS)}.')


def quarter_hours(on: date, zone: str = "UTC") -> list[int]:
    """Starts of the quarter-hours of a date: 96, but 92 or 100 on a day whose local clock changes (domain.md 9)."""
    start_at = local_instant(on, _MIDNIGHT, zone)
    return list(range(start_at, local_instant(on + timedelta(days=1), _MIDNIGHT, zone), QUARTER_HOUR_US))


def quarter_hour_of(at: int) -> int:
    """Start of the quarter-hour in which an instant falls; the same in both zones, whose offsets are whole hours."""
    return at - at % QUARTER_HOUR_US


def _dates(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
