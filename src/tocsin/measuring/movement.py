"""Whether a figure moved from one month to another so that it matters, by how much, and how many events that is."""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from tocsin.measuring.contribution import Counts
from tocsin.measuring.differences import level_of, signed
from tocsin.measuring.figures import Figure
from tocsin.measuring.shares import percent, rounded

_PLACES = 1


@dataclass(frozen=True)
class Bars:
    """From where on a movement is told; dated settings of the same meaning (`moved_…`).

    `events` that went otherwise, or came or stayed away; `of_thousand` that at least of those counted; `volume` and `span` in percent of
    what was.
    """

    events: int
    of_thousand: int
    volume: int
    span: int


@dataclass(frozen=True)
class Movement:
    """How a figure moved: `direction` +1 up, -1 down, 0 not at all; `change` in words of its unit; whether that is told."""

    direction: int
    change: str
    events: int
    is_told: bool


STILL = Movement(0, "", 0, is_told=False)


def movement(before: Figure, now: Figure, bars: Bars) -> Movement:
    """The movement of a share, a percentile or a count; none where either figure has no value."""
    if before.value is None or now.value is None or before.unit != now.unit:
        return STILL
    return _MOVED[now.unit](before, now, bars)


def counts_of(figure: Figure) -> Counts:
    """The whole numbers of a share."""
    return Counts(figure.counted or 0, figure.met or 0)


def short_of_target(figure: Figure) -> int:
    """How many more events would have had to meet the rule for the figure to reach its target; 0 where there is none or it does."""
    if figure.target is None or figure.counted is None or figure.met is None:
        return 0
    wanted = Fraction(figure.target) * figure.counted / 100
    return max(0, -(-wanted.numerator // wanted.denominator) - figure.met)


def _rate(before: Figure, now: Figure, bars: Bars) -> Movement:
    was, is_now = level_of(before), level_of(now)
    if was is None or is_now is None:
        return STILL
    counted = now.counted or 0
    # So many of this month's events went otherwise than they would have at the rate of then.
    events = abs(is_now - was) * counted / 100
    is_told = events >= bars.events and 1000 * events >= bars.of_thousand * counted
    return Movement(_sign(is_now - was), signed(is_now - was), events.numerator // events.denominator, is_told)


def _span(before: Figure, now: Figure, bars: Bars) -> Movement:
    was, is_now = Fraction(str(before.value)), Fraction(str(now.value))
    apart = is_now - was
    is_small = "small_numbers" in (*before.marks, *now.marks)
    is_told = not is_small and bool(apart) and 100 * abs(apart) >= bars.span * was
    return Movement(_sign(apart), _with_sign(apart), now.counted or 0, is_told)


def _volume(before: Figure, now: Figure, bars: Bars) -> Movement:
    was, is_now = before.counted or 0, now.counted or 0
    apart = is_now - was
    is_told = abs(apart) >= bars.events and 100 * abs(apart) >= bars.volume * was
    change = _with_sign(percent(apart, was)) if was else f"{apart:+,}"
    return Movement(_sign(Fraction(apart)), change, abs(apart), is_told)


def _with_sign(value: Fraction) -> str:
    sign = "+" if value > 0 else "\N{MINUS SIGN}" if value else ""
    return sign + rounded(abs(value), _PLACES)


def _sign(value: Fraction) -> int:
    return (value > 0) - (value < 0)


_MOVED: dict[str, Callable[[Figure, Figure, Bars], Movement]] = {"percent": _rate, "seconds": _span, "count": _volume}
