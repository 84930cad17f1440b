"""Whether a figure moved so that it matters: every bar is reached by what stands exactly on it, and a hole never moves."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tocsin.measuring.figures import Figure
from tocsin.measuring.movement import Bars, Movement, movement, short_of_target

BARS = Bars(events=20, of_thousand=5, volume=20, span=20)
LESS = "\N{MINUS SIGN}"


def figure(unit: str, counted: int | None, met: int | None = None, value: str | None = None, **other: object) -> Figure:
    if value is None and counted is not None:
        value = str(Decimal(100 * (met or 0)) / counted if unit == "percent" and counted else counted)
    made = Figure("f", "f", "", (), unit, counted, met, Decimal(value) if value else None, "", "stated", None, None, (), "j", "TRUE")
    return replace(made, **other)


def rate(counted: int, met: int) -> Figure:
    return figure("percent", counted, met)


@pytest.mark.parametrize(
    ("before", "now", "expected"),
    [
        # 4,000 events: 20 of them are 5 of a thousand, exactly on both bars.
        (rate(1000, 1000), rate(4000, 3980), Movement(-1, f"{LESS}0.50", 20, is_told=True)),
        (rate(1000, 1000), rate(4000, 3981), Movement(-1, f"{LESS}0.48", 19, is_told=False)),
        # Many events, too small a share of them.
        (rate(10_000, 10_000), rate(10_000, 9_951), Movement(-1, f"{LESS}0.49", 49, is_told=False)),
        # A large share of few events.
        (rate(30, 30), rate(30, 11), Movement(-1, f"{LESS}63.33", 19, is_told=False)),
        (rate(100, 50), rate(100, 70), Movement(1, "+20.00", 20, is_told=True)),
        (rate(100, 50), rate(50, 25), Movement(0, "0.00", 0, is_told=False)),
    ],
)
def test_a_rate(before, now, expected):
    assert movement(before, now, BARS) == expected


@pytest.mark.parametrize(
    ("before", "now", "change", "is_told"),
    [(100, 120, "+20.0", True), (100, 119, "+19.0", False), (20, 40, "+100.0", True), (10, 29, "+190.0", False), (0, 20, "+20", True),
     (100, 80, f"{LESS}20.0", True), (100, 0, f"{LESS}100.0", True), (0, 0, "+0", False)],
)  # fmt: skip
def test_a_volume(before, now, change, is_told):
    found = movement(figure("count", before), figure("count", now), BARS)
    assert (found.change, found.is_told, found.events) == (change, is_told, abs(now - before))


@pytest.mark.parametrize(
    ("before", "now", "change", "is_told"),
    [("10.0", "12.0", "+2.0", True), ("10.0", "11.9", "+1.9", False), ("10.0", "8.0", f"{LESS}2.0", True), ("0.0", "0.0", "0.0", False),
     ("0.0", "0.1", "+0.1", True)],
)  # fmt: skip
def test_a_percentile(before, now, change, is_told):
    found = movement(figure("seconds", 100, value=before), figure("seconds", 200, value=now), BARS)
    assert (found.change, found.is_told, found.events) == (change, is_told, 200)


def test_a_percentile_of_small_numbers_is_not_told():
    few = figure("seconds", 5, value="90.0", marks=("small_numbers",))
    assert not movement(figure("seconds", 100, value="9.0"), few, BARS).is_told
    assert not movement(few, figure("seconds", 100, value="9.0"), BARS).is_told


def test_a_hole_does_not_move():
    hole = replace(rate(100, 50), value=None, status="incomplete")
    assert movement(hole, rate(100, 99), BARS) == movement(rate(100, 99), hole, BARS) == Movement(0, "", 0, is_told=False)


@pytest.mark.parametrize(("counted", "met", "short"), [(1000, 990, 0), (1000, 989, 1), (999, 989, 1), (1000, 1000, 0), (0, 0, 0)])
def test_short_of_target(counted, met, short):
    """99 % of 999 is 989.01, so that 990 would have had to meet it."""
    assert short_of_target(replace(rate(counted or 1, met), counted=counted, target=Decimal(99))) == short
    assert short_of_target(rate(10, 1)) == 0
