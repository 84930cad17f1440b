"""Performance Measurement Periods: half-open months, in UTC or UK local time (domain.md 15.3)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US, parse_instant

periods = st.builds(Period, st.integers(1970, 2100), st.integers(1, 12), st.sampled_from(["UTC", "Europe/London"]))


@pytest.mark.parametrize(
    ("label", "zone", "minutes"),
    [
        ("2021-09", "UTC", 43_200),
        ("2021-03", "UTC", 44_640),
        ("2021-03", "Europe/London", 44_580),
        ("2021-10", "UTC", 44_640),
        ("2021-10", "Europe/London", 44_700),
        ("2021-02", "UTC", 40_320),
        ("2024-02", "Europe/London", 41_760),
    ],
)
def test_lengths_of_months_in_minutes(label: str, zone: str, minutes: int) -> None:
    assert Period.parse(label, zone).minutes == minutes


def test_a_period_in_words_dates_and_instants() -> None:
    august = Period.parse("2021-08", "Europe/London")
    assert (august.label, august.first_on, august.last_on) == ("2021-08", date(2021, 8, 1), date(2021, 8, 31))
    assert august.start_at == parse_instant("2021-07-31T23:00:00Z")
    assert august.end_at == parse_instant("2021-08-31T23:00:00Z")


def test_a_local_summer_month_touches_the_day_before_it() -> None:
    first = date(2021, 8, 1).toordinal() - date(1970, 1, 1).toordinal()
    assert Period.parse("2021-08").days() == list(range(first, first + 31))
    assert Period.parse("2021-08", "Europe/London").days() == list(range(first - 1, first + 31))


def test_the_ends_of_a_year() -> None:
    assert Period.parse("2021-12").next() == Period.parse("2022-01")
    assert Period.parse("2022-01").previous() == Period.parse("2021-12")
    assert Period.parse("2021-12").last_on == date(2021, 12, 31)


@given(periods)
def test_months_follow_one_another_without_gap_or_overlap(period: Period) -> None:
    assert period.next().previous() == period
    assert period.end_at == period.next().start_at
    assert Period.of_instant(period.start_at, period.zone) == period
    assert Period.of_instant(period.end_at - 1, period.zone) == period
    assert Period.of_instant(period.end_at, period.zone) == period.next()
    assert period.days()[0] * DAY_US <= period.start_at < period.end_at <= (period.days()[-1] + 1) * DAY_US


@pytest.mark.parametrize("text", ["", "2021", "2021-8", "2021-13", "2021-00", "2021-08-01", "08-2021", "1969-12", "9999-12", "２０２１-08"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(BadDeclaration):
        Period.parse(text)


def test_an_unknown_zone_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="GMT"):
        Period.parse("2021-08", "GMT")
