"""Shares: the one division of whole numbers, judged unrounded and written so that the digits never contradict the judgement."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction

from tocsin.measuring.measure import Level

PLACES = 2
_DIVISION = Context(prec=28, rounding=ROUND_HALF_EVEN)
# Two different fractions of 64-bit counts differ within this many places; the loop below ends long before.
_MOST_PLACES = 60


@dataclass(frozen=True)
class Judgement:
    """What a level says of a percentage: the status, and the percentage as it is printed."""

    status: str
    shown: str


def percent(met: int, counted: int) -> Fraction:
    """100 * met / counted, exactly. `counted` is above zero: a zero denominator is a status, not a percentage (domain.md 2.8)."""
    return Fraction(100 * met, counted)


def decimal_of(value: Fraction) -> Decimal:
    """A percentage as a Decimal of 28 digits, for the files; judgements are made on the exact fraction."""
    return _DIVISION.divide(Decimal(value.numerator), Decimal(value.denominator))


def judge(value: Fraction, level: Level | None) -> Judgement:
    """Met, below target or below minimum, inclusive at the threshold; `stated` where no level applies (domain.md 2.8)."""
    if level is None:
        return Judgement("stated", rounded(value, PLACES))
    target, minimum = Fraction(level.target), Fraction(level.minimum)
    status = "met" if value >= target else "below_target" if value >= minimum else "below_minimum"
    return Judgement(status, _honest(value, (target, minimum)))


def rounded(value: Fraction, places: int) -> str:
    """A value that is not negative, to so many places, half away from zero, by whole numbers."""
    scaled = (2 * value.numerator * 10**places + value.denominator) // (2 * value.denominator)
    digits = str(scaled).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}" if places else digits


def _honest(value: Fraction, thresholds: tuple[Fraction, ...]) -> str:
    # 99.4995 % would print as 99.50 beside "below target 99.5": one more digit, and another, until the digits say the same.
    for places in range(PLACES, _MOST_PLACES):
        shown = rounded(value, places)
        if all((Fraction(shown) >= threshold) == (value >= threshold) for threshold in thresholds):
            return shown
    return str(value)
