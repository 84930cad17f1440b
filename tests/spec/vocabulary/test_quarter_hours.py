"""Quarter-hours: 96 a day, 92 and 100 on the days whose local clock changes (domain.md 9)."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.vocabulary.calendar import quarter_hour_of, quarter_hours
from tocsin.vocabulary.instants import QUARTER_HOUR_US, parse_instant


@pytest.mark.parametrize(
    ("on", "zone", "count"),
    [
        (date(2021, 8, 31), "UTC", 96),
        (date(2021, 8, 31), "Europe/London", 96),
        (date(2021, 3, 28), "UTC", 96),
        (date(2021, 3, 28), "Europe/London", 92),
        (date(2021, 10, 31), "Europe/London", 100),
        (date(2021, 12, 31), "Europe/London", 96),
    ],
)
def test_quarter_hours_of_a_day(on: date, zone: str, count: int) -> None:
    starts = quarter_hours(on, zone)
    assert len(starts) == len(set(starts)) == count
    assert all(later - earlier == QUARTER_HOUR_US for earlier, later in pairwise(starts))


def test_the_last_quarter_hour_of_a_month_in_summer_and_in_winter() -> None:
    assert quarter_hours(date(2021, 8, 31), "Europe/London")[-1] == parse_instant("2021-08-31T22:45:00Z")
    assert quarter_hours(date(2021, 11, 30), "Europe/London")[-1] == parse_instant("2021-11-30T23:45:00Z")


def test_the_quarter_hour_of_an_instant_begins_with_its_first_microsecond() -> None:
    start = parse_instant("2021-08-31T22:45:00Z")
    assert quarter_hour_of(start) == quarter_hour_of(start + QUARTER_HOUR_US - 1) == start
    assert quarter_hour_of(start - 1) == start - QUARTER_HOUR_US
    assert quarter_hour_of(-1) == -QUARTER_HOUR_US


@given(st.dates(date(1996, 1, 1), date(2037, 12, 31)), st.sampled_from(["UTC", "Europe/London"]))
def test_each_start_is_a_quarter_hour_of_its_own(on: date, zone: str) -> None:
    assert all(quarter_hour_of(start) == start for start in quarter_hours(on, zone))
