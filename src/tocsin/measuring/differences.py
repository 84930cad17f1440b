"""Two readings of one measure side by side: the difference in percentage points, and how much of it each component brings in.

Pooled, a reported level is the mean of its components weighed by their events, so the difference from what was observed is the sum over
components of weight x (level - observed): each has a part of it, and the parts add up to all of it (domain.md 2.4).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tocsin.measuring.figures import Figure
from tocsin.measuring.shares import percent, rounded

PLACES = 2
NO_DIFFERENCE = "n/a"


@dataclass(frozen=True)
class Part:
    """A component of the reported reading: its weight among all events, and its part of the difference, both as they are printed."""

    figure: Figure
    weight: str
    part: str


def difference(reported: Figure, observed: Figure) -> str:
    """Reported less observed, in percentage points with their sign; "n/a" where either has no value."""
    levels = [level_of(figure) for figure in (reported, observed)]
    if levels[0] is None or levels[1] is None:
        return NO_DIFFERENCE
    return signed(levels[0] - levels[1])


def parts_of(components: Sequence[Figure], observed: Figure) -> list[Part]:
    """What each component brings into the difference, the largest first, up or down; none where nothing was observed."""
    against = level_of(observed)
    told = [(figure, level) for figure in components if (level := level_of(figure)) is not None and figure.counted]
    events = sum(figure.counted or 0 for figure, _ in told)
    if against is None or not events:
        return []
    parts = [(figure, Fraction(figure.counted or 0, events), level - against) for figure, level in told]
    parts.sort(key=lambda part: (-abs(part[1] * part[2]), part[0].name))
    return [Part(figure, rounded(100 * weight, PLACES), signed(weight * apart)) for figure, weight, apart in parts]


def level_of(figure: Figure) -> Fraction | None:
    """The exact percentage of a figure, from its whole numbers; None where it has no value."""
    if figure.value is None or figure.counted is None or figure.met is None or not figure.counted:
        return None
    return percent(figure.met, figure.counted)


def signed(points: Fraction) -> str:
    """Percentage points to two places with their sign; a difference too small for them is not called none."""
    if not points:
        return rounded(points, PLACES)
    shown = rounded(abs(points), PLACES)
    sign = "+" if points > 0 else "\N{MINUS SIGN}"
    return f"{sign}{shown}" if Fraction(shown) else f"{sign}<0.01"


def apart(old: Figure, new: Figure) -> Fraction | None:
    """New less old in the unit of the figure, as their values are; None where either has none."""
    if old.value is None or new.value is None:
        return None
    return Fraction(new.value) - Fraction(old.value)


def apart_words(value: Fraction, unit: str) -> str:
    """How far apart two figures are, with its sign: points to two places, seconds to one as they are published, counts whole."""
    if unit == "percent":
        return signed(value)
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value else ""
    return f"{sign}{int(abs(value)):,}" if unit == "count" else f"{sign}{rounded(abs(value), 1)}"
