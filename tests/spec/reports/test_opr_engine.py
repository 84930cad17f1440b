"""The engine of the Operational Performance Regime: drawn levels, weights and holes, and what is kept in exact fractions."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from tocsin.reports.opr import HOLE, NO_EVENTS, NUMBER, Found, Outcome, share_kept, worked_out
from tocsin.vocabulary.opr import CELLS, OprArea, OprCell, OprLevel, OprMeasure, OprYear

LINEAR = OprLevel(Fraction(99), Fraction(96), Fraction(0), "linear", "pooled_year")
ALL, NOTHING, LACKING = Found(NUMBER, Fraction(100)), Found(NO_EVENTS), Found(HOLE, why="No such figure.")


@pytest.mark.parametrize(
    ("achieved", "keep_min", "shape", "kept"),
    [
        ("100", "0", "linear", "1"),
        ("99", "0", "linear", "1"),
        ("98.999", "0", "linear", "2999/3000"),
        ("97.5", "0", "linear", "1/2"),
        ("97", "0", "linear", "1/3"),
        ("96.001", "0", "linear", "1/3000"),
        ("96", "0", "linear", "0"),
        ("95.9", "0", "linear", "0"),
        ("97.5", "0.2", "linear", "0.6"),
        ("96", "0.2", "linear", "0.2"),
        ("0", "0.2", "linear", "0.2"),
        ("99", "0.2", "step", "1"),
        ("98.999", "0.2", "step", "0.2"),
        ("96", "0", "step", "0"),
    ],
)
def test_the_share_kept(achieved: str, keep_min: str, shape: str, kept: str) -> None:
    assert share_kept(replace(LINEAR, keep_min=Fraction(keep_min), shape=shape), Fraction(achieved)) == Fraction(kept)


def test_a_minimum_that_is_the_target_is_a_step() -> None:
    alike = replace(LINEAR, minimum=Fraction(99))
    assert (share_kept(alike, Fraction(99)), share_kept(alike, Fraction("98.99"))) == (1, 0)


def outcome(*found: Found, weights: tuple[str, ...] = ("1/4",) * 4, entered: Fraction | None = None, other: Found | None = None) -> Outcome:
    """A pot of 1200: two thirds of it one measure of four cells, a sixth a second measure, a sixth entered."""
    cells = tuple(OprCell(name, Fraction(weight), LINEAR, ()) for name, weight in zip(CELLS, weights, strict=True))
    first, second = (OprMeasure(name, name, weight, cells) for name, weight in (("first", Fraction(4, 5)), ("second", Fraction(1, 5))))
    if other is None:
        first, second = replace(first, weight=Fraction(1)), replace(second, weight=Fraction(0))
    areas = (OprArea("system", Fraction(5, 6), (first, second), None), OprArea("judged", Fraction(1, 6), (), entered))
    levels = {("first", name): one for name, one in zip(CELLS, found, strict=True)}
    levels |= {("second", name): other or LACKING for name in CELLS}
    return worked_out(OprYear("2021/22", date(2021, 4, 1), Fraction(1200), areas, ()), levels)


def test_all_is_kept_where_all_is_met() -> None:
    made = outcome(ALL, ALL, ALL, ALL, entered=Fraction(1, 2))
    assert (made.kept, made.lacking) == (Fraction(1100), ())
    assert [one.at_stake for one in made.areas[0].measures[0].cells] == [250] * 4


def test_a_cell_without_events_spreads_its_weight_in_proportion() -> None:
    """A half without events: an eighth, an eighth and a quarter carry it, twice what they did."""
    first = outcome(NOTHING, Found(NUMBER, Fraction(96)), ALL, ALL, weights=("1/2", "1/8", "1/8", "1/4")).areas[0].measures[0]
    assert [one.weight for one in first.cells] == [0, Fraction(1, 4), Fraction(1, 4), Fraction(1, 2)]
    assert (first.spread, first.kept, first.lacking) == (("smets1",), Fraction(750), ())
    assert first.cells[0].kept is None and first.cells[0].at_stake == 0


def test_a_measure_without_any_events_gives_no_number() -> None:
    made = outcome(NOTHING, NOTHING, NOTHING, NOTHING, entered=Fraction(1))
    assert (made.areas[0].measures[0].kept, made.areas[0].measures[0].spread) == (None, ())
    assert (made.kept, made.lacking, made.areas[0].lacking) == (None, ("system",), ("first",))


def test_a_hole_gives_no_number_to_what_it_has_weight_in() -> None:
    made = outcome(ALL, LACKING, ALL, ALL, entered=Fraction(1))
    first = made.areas[0].measures[0]
    assert (first.kept, first.lacking, first.cells[0].kept) == (None, ("north",), Fraction(250))
    assert (made.kept, made.lacking) == (None, ("system",))


def test_a_cell_without_weight_may_lack_its_number() -> None:
    made = outcome(ALL, LACKING, ALL, ALL, weights=("1/2", "0", "1/4", "1/4"), entered=Fraction(1))
    assert made.kept == Fraction(1200)


def test_a_measure_without_weight_may_lack_its_number() -> None:
    """Change of supplier had no weight in 2021/22: nothing of it moves a pound."""
    made = outcome(ALL, ALL, ALL, ALL, entered=Fraction(1))
    assert made.areas[0].measures[1].kept is None
    assert (made.kept, made.areas[0].lacking) == (Fraction(1200), ())
    assert outcome(ALL, ALL, ALL, ALL, entered=Fraction(1), other=LACKING).areas[0].lacking == ("second",)


def test_an_area_that_nobody_entered_leaves_the_pot_without_a_number() -> None:
    made = outcome(ALL, ALL, ALL, ALL)
    assert (made.kept, made.lacking, made.areas[0].kept) == (None, ("judged",), Fraction(1000))


def test_an_area_without_weight_may_be_left_unscored() -> None:
    made = outcome(ALL, ALL, ALL, ALL)
    areas = (
        OprArea("system", Fraction(1), tuple(one.measure for one in made.areas[0].measures), None),
        OprArea("judged", Fraction(0), (), None),
    )
    levels = {(measure, name): ALL for measure in ("first", "second") for name in CELLS}
    told = worked_out(OprYear("2021/22", date(2021, 4, 1), Fraction(1200), areas, ()), levels)
    assert (told.kept, told.lacking) == (Fraction(1200), ())
