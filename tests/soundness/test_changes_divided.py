"""Wrong reasons that were once easy to give for a change, each pinned: the division must go on telling the right one."""

from fractions import Fraction

from tocsin.measuring.contribution import Counts, adding_up, parts_of_change, together, written
from tocsin.measuring.tally import Breakdown


def cells(**counts: tuple[int, int]) -> dict[Breakdown, Counts]:
    return {(("region", name),): Counts(counted, met) for name, (counted, met) in counts.items()}


def test_every_region_better_and_the_whole_worse():
    """Simpson's paradox: both regions gain a point and the whole loses, for the worse region has most of the volume now. Both are told."""
    before = cells(north=(1_000, 990), south=(1_000, 890))
    now = cells(north=(200, 200), south=(1_800, 1_620))
    whole = together(parts_of_change(before, now))
    assert (whole.before.rate, whole.after.rate) == (94, 91)
    assert whole.rate == 1 and whole.volume == -4
    assert all(part.rate > 0 for part in parts_of_change(before, now))


def test_more_volume_at_a_poor_rate_is_no_gain():
    """Against nought in place of the mean of the wholes, a cell at 50 % whose share grew would seem to have raised the rate by it."""
    parts = {part.cell[0][1]: part for part in parts_of_change(cells(a=(90, 90), b=(10, 5)), cells(a=(50, 50), b=(50, 25)))}
    assert parts["b"].volume == (50 - Fraction(85)) * Fraction(4, 10)
    assert parts["b"].volume < 0


def test_a_new_cell_does_not_fall_from_nought():
    """A cell that is new has no rate before: taken for 0 %, its coming at 90 % would be a gain of 45 points by its rate."""
    parts = {part.cell[0][1]: part for part in parts_of_change(cells(a=(100, 100)), cells(a=(100, 100), b=(100, 90)))}
    assert parts["b"].rate == 0
    assert parts["b"].whole == parts["b"].volume == (90 - Fraction(195, 2)) / 2


def test_three_thirds_are_printed_as_a_whole():
    """Each rounded by itself, three parts of minus a third print as minus 0.999 beside a change of minus 1.000."""
    assert [written(steps, 3) for steps in adding_up([Fraction(-1, 3)] * 3, 3)] == [
        "\N{MINUS SIGN}0.333", "\N{MINUS SIGN}0.333", "\N{MINUS SIGN}0.334",
    ]  # fmt: skip
