"""Reported against observed: the difference, and the part of it that each component brings in, worked by hand (domain.md 2.4, 15.2)."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tocsin.measuring.differences import Part, apart, apart_words, difference, level_of, parts_of, signed
from tocsin.measuring.figures import Figure


def figure(name: str, counted: int | None, met: int | None, status: str = "met") -> Figure:
    value = Decimal(100 * met) / counted if counted and met is not None and status != "incomplete" else None
    return Figure(name, name, "", (), "percent", counted, met, value, "", status, None, None, (), "provider_levels", "TRUE")


OBSERVED = figure("cpm_1", 1000, 980)


@pytest.mark.parametrize(
    ("reported", "expected"),
    [
        (figure("r", 200, 198), "+1.00"),
        (figure("r", 300, 290), "\N{MINUS SIGN}1.33"),
        (figure("r", 50, 49), "0.00"),
        (figure("r", 100_000_000, 98_000_001), "+<0.01"),
        (figure("r", 0, 0), "n/a"),
        (figure("r", None, None, "no_data"), "n/a"),
        (figure("r", 200, 198, "incomplete"), "n/a"),
    ],
)
def test_difference(reported, expected):
    assert difference(reported, OBSERVED) == expected
    assert difference(reported, figure("cpm_1", None, None, "no_data")) == "n/a"


def test_parts_add_up_to_the_difference():
    """1.1: 900 of 1,000, 4.3: 3,000 of 3,000. Reported 97.5, observed 98: minus 0.5 = a quarter of -8, and three quarters of +2."""
    components = [figure("1.1", 1000, 900), figure("4.3", 3000, 3000), figure("untold", None, None, "no_data"), figure("none", 0, 0)]
    assert parts_of(components, OBSERVED) == [
        Part(components[0], "25.00", "\N{MINUS SIGN}2.00"),
        Part(components[1], "75.00", "+1.50"),
    ]
    assert difference(figure("r", 4000, 3900), OBSERVED) == "\N{MINUS SIGN}0.50"


def test_nothing_observed_explains_nothing():
    assert parts_of([figure("1.1", 1000, 900)], figure("cpm_1", 0, 0, "no_events")) == []
    assert level_of(figure("x", 5, 3, "incomplete")) is None


def test_a_difference_never_looks_like_none():
    assert [signed(Fraction(n, 1000)) for n in (0, 4, -4, 5)] == ["0.00", "+<0.01", "\N{MINUS SIGN}<0.01", "+0.01"]


@pytest.mark.parametrize(
    ("unit", "old", "new", "words"),
    [
        ("percent", "99.02", "98.76", "\N{MINUS SIGN}0.26"),
        ("percent", "99.02", "99.021", "+<0.01"),
        ("count", "1403", "12419", "+11,016"),
        ("count", "12", "2", "\N{MINUS SIGN}10"),
        ("seconds", "4.1", "4.6", "+0.5"),
        ("seconds", "4.1", "4.1", "0.0"),
    ],
)
def test_how_far_two_runs_are_apart_in_the_unit_of_the_figure(unit: str, old: str, new: str, words: str) -> None:
    then, now = (replace(figure("x", 9, 9), value=Decimal(shown), unit=unit) for shown in (old, new))
    found = apart(then, now)
    assert found is not None and apart_words(found, unit) == words


def test_a_hole_is_no_distance_away() -> None:
    number, hole = figure("x", 9, 9), figure("x", None, None, "no_data")
    assert apart(number, hole) is None and apart(hole, number) is None
