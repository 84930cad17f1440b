"""Wrong figures that were once easy to get, each pinned: the code must go on giving the right one (examples.md section 7)."""

from fractions import Fraction

import pytest

from tocsin.measuring.ladder import nearest_rank
from tocsin.measuring.measure import Level
from tocsin.measuring.shares import judge, percent, rounded


def test_a_sum_of_percentiles_is_no_percentile():
    """The median of two days is not the mean of their medians: 1,1,9 and 9,9,9 have 9 together, and 5 by the mean (domain.md 6.3)."""
    first, second = [1, 1, 9], [9, 9, 9]
    assert nearest_rank(first + second, 500) == 9
    assert (nearest_rank(first, 500) + nearest_rank(second, 500)) // 2 == 5


@pytest.mark.parametrize(("count", "per_mille", "place"), [(20, 950, 19), (100, 550, 55), (10, 700, 7), (1000, 290, 290), (1, 1, 1)])
def test_the_rank_of_a_float_slips(count, per_mille, place):
    """ceil(0.55 * 100), ceil(0.29 * 1000) and their like come out one too high in floats; by whole numbers they do not."""
    assert nearest_rank(range(1, count + 1), per_mille) == place


def test_a_printed_pass_that_is_a_fail():
    """domain.md 15.3: 42,745 of 42,960 is 99.4995 %; two digits print 99.50, which is the target it misses."""
    value = percent(42_745, 42_960)
    assert rounded(value, 2) == "99.50"
    assert judge(value, Level("2021-02-25", "99.5", "98", "assumed")).shown == "99.4995"


def test_a_billion_requests_and_one_miss():
    """One miss of two billion is no hundred percent, however many digits a float would spend on it."""
    judgement = judge(percent(1_999_999_999, 2_000_000_000), Level("2021-02-25", "100", "85", "assumed"))
    assert (judgement.status, judgement.shown) == ("below_target", "99.99999995")


def test_a_tie_is_not_left_to_binary():
    """0.285 * 100 is 28.499999999999996 in floats; half away from zero it is 28.5, and 1.005 is 1.01."""
    assert rounded(Fraction("1.005"), 2) == "1.01"
    assert rounded(Fraction("28.5"), 0) == "29"
