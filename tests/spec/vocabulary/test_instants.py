"""Instants: exact whole microseconds, and no guess about a zone."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US, instant, local_instant, moment, parse_instant, span_words, zone_of


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_instant_and_its_moment_are_each_other(at: datetime) -> None:
    assert moment(instant(at)) == at


def test_no_float_is_on_the_way() -> None:
    """A float of seconds since 1970 cannot hold this microsecond; a whole number can."""
    assert instant(datetime(2999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)) == 32_503_679_999_999_999


def test_a_datetime_without_a_zone_is_refused() -> None:
    with pytest.raises(BadDeclaration, match="without one"):
        instant(datetime(2021, 8, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "microseconds"),
    [
        ("1970-01-01T00:00:00Z", 0),
        ("2022-08-17T15:45:42.790Z", 1_660_751_142_790_000),
        ("2022-08-17T16:45:42.790+01:00", 1_660_751_142_790_000),
        ("2022-08-17 16:45:42,79+0100", 1_660_751_142_790_000),
        ("2022-08-17T15:45Z", 1_660_751_100_000_000),
        # The last digit is cut off: the stamp must not move into a later microsecond.
        ("2022-08-17T15:45:42.7900009Z", 1_660_751_142_790_000),
        ("1969-12-31T23:59:59.9999999Z", -1),
        ("3000-12-31T00:00:00Z", 32_535_129_600_000_000),
    ],
)
def test_iso_text_with_an_offset(text: str, microseconds: int) -> None:
    assert parse_instant(text) == microseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2022-08-17",
        "2022-08-17T15:45:42",
        "2022-02-30T00:00:00Z",
        "2022-08-17T24:00:00Z",
        "2022-08-17T15:45:60Z",
        "2022-W33-3T00:00Z",
        "17/08/2022 15:45Z",
        "2022-08-17T15:45:42+25:00",
        "٢٠٢٢-08-17T15:45:42Z",
    ],
)
def test_other_text_is_refused_and_quoted(text: str) -> None:
    with pytest.raises(BadDeclaration) as refusal:
        parse_instant(text)
    assert f'"{text}"' in str(refusal.value)


def test_local_midnight_follows_the_clock_change() -> None:
    assert moment(local_instant(date(2021, 7, 1), time(0), "Europe/London")).hour == 23
    assert moment(local_instant(date(2021, 12, 1), time(0), "Europe/London")).hour == 0


def test_only_two_zones() -> None:
    with pytest.raises(BadDeclaration, match="Europe/Paris"):
        zone_of("Europe/Paris")


@pytest.mark.parametrize(
    ("span_us", "words"),
    [
        (59 * SECOND_US, "less than a minute"),
        (MINUTE_US, "1 minute"),
        (61 * MINUTE_US - 1, "1 hour"),
        (61 * MINUTE_US, "1 hour 1 minute"),
        (2 * DAY_US + 61 * MINUTE_US, "2 days 1 hour"),
        (DAY_US + 5 * MINUTE_US, "1 day 5 minutes"),
    ],
)
def test_a_span_in_its_two_largest_units(span_us, words):
    assert span_words(span_us) == words
