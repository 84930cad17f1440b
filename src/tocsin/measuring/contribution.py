"""What carries the change of a rate: each cell's exact part of it, how well it did told apart from how much of the volume it had.

The midpoint decomposition of Bennet (1920) and Kitagawa (1955), in the form of Griliches and Regev (1995) that measures a change of
weights against the mean of the two whole rates, and so gives cells that are new or gone a part as well. With a cell's share of all events
w and its rate r, before and after, and R the mean of the two rates of the whole:

    rate effect    (w0 + w1) / 2 * (r1 - r0)
    volume effect  ((r0 + r1) / 2 - R) * (w1 - w0)

A cell without events in one month has no rate there: all of its part, (r1 - R) * w1 or -(r0 - R) * w0, is volume effect. The parts of any
division of the events into cells add up to the change of the whole, for the shares add up to one both times.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tocsin.measuring.shares import percent
from tocsin.measuring.tally import Breakdown


@dataclass(frozen=True)
class Counts:
    """Events counted, and how many of them met the rule. `met` is no more than `counted`."""

    counted: int = 0
    met: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.counted + other.counted, self.met + other.met)

    @property
    def rate(self) -> Fraction:
        """In percent; 0 where nothing was counted, and then nothing may rest on it."""
        return percent(self.met, self.counted) if self.counted else Fraction(0)


NOTHING = Counts()


@dataclass(frozen=True)
class Part:
    """One cell's part of the change, in percentage points: by its rate, and by its share of the volume."""

    cell: Breakdown
    before: Counts
    after: Counts
    rate: Fraction
    volume: Fraction

    @property
    def whole(self) -> Fraction:
        return self.rate + self.volume


def whole_of(cells: Mapping[Breakdown, Counts]) -> Counts:
    """All cells together."""
    return Counts(sum(cell.counted for cell in cells.values()), sum(cell.met for cell in cells.values()))


def parts_of_change(before: Mapping[Breakdown, Counts], after: Mapping[Breakdown, Counts]) -> list[Part]:
    """Every cell's part of the change, the largest first, up or down; none where one of the two wholes has no events.

    Cells are told apart by breakdown; each event is in exactly one, in both months. A cell without events in either is left out.
    """
    was, now = whole_of(before), whole_of(after)
    if not was.counted or not now.counted:
        return []
    level = (was.rate + now.rate) / 2
    parts = [
        _part(cell, (before.get(cell, NOTHING), after.get(cell, NOTHING)), (was.counted, now.counted), level)
        for cell in sorted({**before, **after})
    ]
    return sorted((part for part in parts if part.before.counted or part.after.counted), key=lambda part: (-abs(part.whole), part.cell))


def _part(cell: Breakdown, counts: tuple[Counts, Counts], wholes: tuple[int, int], level: Fraction) -> Part:
    (before, after), (was, now) = counts, wholes
    share, share_now = Fraction(before.counted, was), Fraction(after.counted, now)
    if not before.counted or not after.counted:
        known = after if after.counted else before
        return Part(cell, before, after, Fraction(0), (known.rate - level) * (share_now - share))
    rate = (share + share_now) / 2 * (after.rate - before.rate)
    return Part(cell, before, after, rate, ((before.rate + after.rate) / 2 - level) * (share_now - share))


def together(parts: Sequence[Part]) -> Part:
    """Several cells as one line: their counts and their effects added up."""
    before = Counts(sum(part.before.counted for part in parts), sum(part.before.met for part in parts))
    after = Counts(sum(part.after.counted for part in parts), sum(part.after.met for part in parts))
    return Part((), before, after, total([part.rate for part in parts]), total([part.volume for part in parts]))


def total(values: Sequence[Fraction]) -> Fraction:
    """The exact sum, added up pair by pair: one after the other, the denominators of many cells grow with every step."""
    if len(values) < 3:
        return sum(values, Fraction(0))
    middle = len(values) // 2
    return total(values[:middle]) + total(values[middle:])


def adding_up(values: Sequence[Fraction], places: int, whole: int | None = None) -> list[int]:
    """Values in whole steps of the last place that add up to their rounded sum (or to `whole` steps), each less than a step from its value.

    The steps that rounding down left over go to the values that lost most by it: a table whose column does not add up is not believed.
    """
    step = int(10**places)
    scaled = [value * step for value in values]
    steps = [value.numerator // value.denominator for value in scaled]
    wanted = nearest(total(values), places) if whole is None else whole
    order = sorted(range(len(values)), key=lambda n: (steps[n] - scaled[n], n))
    for n in order[: max(0, wanted - sum(steps))]:
        steps[n] += 1
    return steps


def nearest(value: Fraction, places: int) -> int:
    """A value in whole steps of the last place, half away from zero."""
    steps = (2 * abs(value.numerator) * int(10**places) + value.denominator) // (2 * value.denominator)
    return steps if value >= 0 else -steps


def written(steps: int, places: int) -> str:
    """Whole steps of the last place as a number with its sign: "+0.125"; nought has none."""
    digits = str(abs(steps)).rjust(places + 1, "0")
    sign = "+" if steps > 0 else "\N{MINUS SIGN}" if steps else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
