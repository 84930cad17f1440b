"""Buckets part a period: no key and no instant is in none of them or in two (docs/decisions/0002)."""

from itertools import pairwise

import pytest

from tocsin.measuring.buckets import KEY_BITS, PARAMETERS, in_bucket
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


def test_every_parameter_is_told():
    assert set(in_bucket(MARCH.start_at, MARCH.end_at, 0)) == set(PARAMETERS)
