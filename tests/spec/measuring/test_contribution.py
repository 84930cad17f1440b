"""What carries the change of a rate: worked by hand, against a plain twin, and by what must hold of any cells whatever."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.measuring.contribution import NOTHING, Counts, adding_up, nearest, parts_of_change, together, whole_of, written
from tocsin.measuring.tally import Breakdown


def cells(**counts: tuple[int, int]) -> dict[Breakdown, Counts]:
    return {(("cell", name),): Counts(counted, met) for name, (counted, met) in counts.items()}


def drawn() -> st.SearchStrategy[dict[Breakdown, Counts]]:
    counts = st.integers(0, 50).flatmap(lambda counted: st.tuples(st.just(counted), st.integers(0, counted)))
    return st.dictionaries(st.sampled_from("abcdefgh"), counts, max_size=8).map(lambda found: cells(**found))


def test_a_rate_that_fell_in_one_cell_alone():
    """50 of 100 in b instead of 100, nothing else moved: half of the volume times minus 50 is all of the minus 25 points."""
    first, second = parts_of_change(cells(a=(100, 100), b=(100, 100)), cells(a=(100, 100), b=(100, 50)))
    assert (first.cell, first.rate, first.volume) == ((("cell", "b"),), Fraction(-25), Fraction(0))
    assert (second.cell, second.whole) == ((("cell", "a"),), Fraction(0))


def test_volume_that_moved_to_a_worse_cell():
    """No cell did worse; of 100 events 40 more go to the one at 50 %: 100 % is 25 above and 50 % is 25 below the mean of 85 and 65."""
    parts = {part.cell[0][1]: part for part in parts_of_change(cells(a=(70, 70), b=(30, 15)), cells(a=(30, 30), b=(70, 35)))}
    assert [parts[name].rate for name in "ab"] == [0, 0]
    assert [parts[name].volume for name in "ab"] == [Fraction(-10), Fraction(-10)]


def test_a_cell_that_is_new_and_one_that_is_gone():
    """Neither has a rate in both months, so all of its part is by volume: (r - R) times the change of its share."""
    parts = {part.cell[0][1]: part for part in parts_of_change(cells(a=(50, 50), gone=(50, 0)), cells(a=(50, 50), new=(50, 25)))}
    # R is the mean of 50 and 75.
    assert (parts["gone"].rate, parts["gone"].volume) == (0, (0 - Fraction(125, 2)) * Fraction(-1, 2))
    assert (parts["new"].rate, parts["new"].volume) == (0, (50 - Fraction(125, 2)) * Fraction(1, 2))
    assert sum(part.whole for part in parts.values()) == 25


@given(drawn(), drawn())
def test_the_parts_are_all_of_the_change(before, now):
    parts = parts_of_change(before, now)
    was, is_now = whole_of(before), whole_of(now)
    if not was.counted or not is_now.counted:
        assert parts == []
        return
    assert sum(part.rate + part.volume for part in parts) == is_now.rate - was.rate
    assert together(parts).whole == is_now.rate - was.rate
    assert sum(part.before.counted for part in parts) == was.counted
    assert [abs(part.whole) for part in parts] == sorted((abs(part.whole) for part in parts), reverse=True)


@given(drawn(), drawn())
def test_the_twin_says_the_same(before, now):
    """Event by event: each event of a month is so much of the whole, and stands above or below the middle level."""
    parts = {part.cell: part for part in parts_of_change(before, now)}
    was = [(cell, n < counts.met) for cell, counts in before.items() for n in range(counts.counted)]
    is_now = [(cell, n < counts.met) for cell, counts in now.items() for n in range(counts.counted)]
    if not was or not is_now:
        return
    level = (Fraction(100 * sum(met for _, met in was), len(was)) + Fraction(100 * sum(met for _, met in is_now), len(is_now))) / 2
    for cell, part in parts.items():
        one = sum((100 * met - level for name, met in was if name == cell), Fraction(0)) / len(was)
        other = sum((100 * met - level for name, met in is_now if name == cell), Fraction(0)) / len(is_now)
        assert part.whole == other - one
        if before.get(cell, NOTHING).counted and now.get(cell, NOTHING).counted:
            shares = Fraction(part.before.counted, len(was)) + Fraction(part.after.counted, len(is_now))
            assert part.rate == shares / 2 * (Fraction(100 * part.after.met, part.after.counted) - part.before.rate)


@given(drawn(), drawn(), st.sampled_from("abcdefgh"))
def test_merging_cells_moves_nothing_between_months(before, now, name):
    """Two cells told as one have as much of the change as both had: what is rolled up loses nothing."""

    def merged(of):
        found: dict[Breakdown, Counts] = {}
        for cell, counts in of.items():
            key = (("cell", "a" if cell[0][1] == name else cell[0][1]),)
            found[key] = found.get(key, NOTHING) + counts
        return found

    apart, as_one = parts_of_change(before, now), parts_of_change(merged(before), merged(now))
    both = {(("cell", "a"),), (("cell", name),)}
    assert sum(part.whole for part in apart if part.cell in both) == sum(part.whole for part in as_one if part.cell == (("cell", "a"),))


@given(st.lists(st.fractions(-100, 100, max_denominator=997), max_size=12), st.integers(0, 4))
def test_what_is_printed_adds_up(values, places):
    """Every printed value is less than a step from its own, and all of them add up to the printed sum."""
    steps = adding_up(values, places)
    assert sum(steps) == nearest(sum(values, Fraction(0)), places)
    assert all(abs(Fraction(step, 10**places) - value) < Fraction(1, 10**places) for step, value in zip(steps, values, strict=True))


@given(st.lists(st.tuples(*[st.fractions(-9, 9, max_denominator=97)] * 2), min_size=1, max_size=9))
def test_both_columns_and_their_sum_add_up(pairs):
    """Rate and volume effects are rounded to the rounded totals of their columns, and those to the rounded change."""
    rates, volumes = [rate for rate, _ in pairs], [volume for _, volume in pairs]
    totals = adding_up([sum(rates), sum(volumes)], 3)
    assert sum(adding_up(rates, 3, totals[0])) == totals[0]
    assert sum(adding_up(volumes, 3, totals[1])) == totals[1]
    assert sum(totals) == nearest(sum(rates) + sum(volumes), 3)


@pytest.mark.parametrize(
    ("steps", "told"), [(0, "0.000"), (5, "+0.005"), (-5, "\N{MINUS SIGN}0.005"), (-12_345, "\N{MINUS SIGN}12.345"), (100_000, "+100.000")]
)
def test_written(steps, told):
    assert written(steps, 3) == told


@pytest.mark.parametrize(("value", "steps"), [("0.0005", 1), ("-0.0005", -1), ("0.00049", 0), ("1/3", 333), ("-2/3", -667)])
def test_nearest_is_half_away_from_zero(value, steps):
    assert nearest(Fraction(value), 3) == steps
