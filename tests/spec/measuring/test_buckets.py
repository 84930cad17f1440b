"""Buckets part a period: no key and no instant is in none of them or in two (docs/decisions/0002)."""

from itertools import pairwise

import pytest

from tocsin.measuring.buckets import KEY_BITS, PARAMETERS, in_bucket, stretches
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import QUARTER_HOUR_US

MARCH = Period(2021, 3, "Europe/London")


@pytest.mark.parametrize("buckets", [1, 2, 3, 6, 7, 16, 180, 5000])
def test_buckets_are_all_of_the_keys_and_all_of_the_period(buckets):
    told = [in_bucket(MARCH.start_at, MARCH.end_at, 0, bucket, buckets) for bucket in range(buckets)]
    assert (told[0]["first_key"], told[-1]["last_key"]) == (0, 2**KEY_BITS - 1)
    assert (told[0]["from_at"], told[-1]["until_at"]) == (MARCH.start_at, MARCH.end_at)
    for before, after in pairwise(told):
        assert after["first_key"] == before["last_key"] + 1
        assert after["from_at"] == before["until_at"]
        assert (after["from_at"] - MARCH.start_at) % QUARTER_HOUR_US == 0


def test_a_stretch_that_is_no_whole_number_of_quarter_hours_ends_where_it_ends():
    assert in_bucket(0, QUARTER_HOUR_US + 1, 0, 1, 2)["until_at"] == QUARTER_HOUR_US + 1


def test_stretches_follow_the_rows():
    """Of a month of which one day has come, each stretch has its share of that day; what says nothing of time is anywhere in the month."""
    day_at = MARCH.start_at + 5 * 96 * QUARTER_HOUR_US
    files = [(day_at + number * QUARTER_HOUR_US, day_at + (number + 1) * QUARTER_HOUR_US - 1, 1000 + number) for number in range(96)]
    found = stretches(MARCH.start_at, MARCH.end_at, [*files, (None, None, 3000)], 8)
    assert (found[0][0], found[-1][1]) == (MARCH.start_at, MARCH.end_at)
    assert all(before[1] == after[0] and (after[0] - MARCH.start_at) % QUARTER_HOUR_US == 0 for before, after in pairwise(found))
    held = [sum(from_at <= first_at < until_at for first_at, _, _ in files) for from_at, until_at in found]
    # Of 3,000 rows that may be anywhere most are of the days after: so much less of the day is in the last stretch.
    assert held == [13, 13, 12, 13, 12, 12, 12, 9]


@pytest.mark.parametrize(
    ("came", "edges"),
    [
        ([], []),
        ([(None, 5, 0)], []),
        # More in a quarter-hour than a stretch is to have: there is no smaller one.
        ([(3 * QUARTER_HOUR_US, 3 * QUARTER_HOUR_US, 99), (0, 0, 1)], []),
        ([(3 * QUARTER_HOUR_US, 3 * QUARTER_HOUR_US, 50), (8 * QUARTER_HOUR_US, 8 * QUARTER_HOUR_US, 50)], [4]),
        # From before the period to behind it, and wholly outside.
        ([(-5 * QUARTER_HOUR_US, 99 * QUARTER_HOUR_US, 10)], [3, 5, 8]),
        ([(-9, -5, 1000), (3 * QUARTER_HOUR_US, 3 * QUARTER_HOUR_US, 1), (12 * QUARTER_HOUR_US, None, 7)], []),
    ],
)
def test_stretches_are_cut_between_quarter_hours(came, edges):
    """Ten quarter-hours in four stretches."""
    assert [until_at // QUARTER_HOUR_US for _, until_at in stretches(0, 10 * QUARTER_HOUR_US, came, 4)] == [*edges, 10]


def test_a_stretch_is_told_as_it_was_cut():
    told = in_bucket(0, 10 * QUARTER_HOUR_US, 0, 1, 4, stretch=(QUARTER_HOUR_US, 7 * QUARTER_HOUR_US))
    assert (told["from_at"], told["until_at"], told["end_at"]) == (QUARTER_HOUR_US, 7 * QUARTER_HOUR_US, 10 * QUARTER_HOUR_US)


def test_every_parameter_is_told():
    assert set(in_bucket(MARCH.start_at, MARCH.end_at, 0)) == set(PARAMETERS)
