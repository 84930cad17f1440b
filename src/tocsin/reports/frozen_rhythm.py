"""The rhythm of a month as a run freezes it: each Business Process by hour of each day, and its spans on bands of time."""

from dataclasses import dataclass


@dataclass(frozen=True)
class HoursLine:
    """One Business Process on one UTC day (day number since 1970), 24 numbers each, of the hours from 00:00 UTC.

    A day on which nothing at all was told of the journey has no line: a hole. `rates` are the success rates as measuring wrote them, ""
    for an hour in which nothing was counted.
    """

    process: str
    day: int
    volume: tuple[int, ...]
    counted: tuple[int, ...]
    success: tuple[int, ...]
    rates: tuple[str, ...]


@dataclass(frozen=True)
class OfTheDayLine:
    """One Business Process in one hour of the day (0 to 23, UTC), all days of the period together."""

    process: str
    hour: int
    volume: int
    counted: int
    success: int
    rate: str


@dataclass(frozen=True)
class BandsLine:
    """How many spans of a process lie in each band, in one CSP Region or, with region "", in all, under one Target Response Time.

    `target_us` is None for spans to which none applied. Band n holds spans from `RhythmLines.edges_ms[n - 1]` (the first from nought) to
    just under `edges_ms[n]`; the last has no upper edge. `shares` are of all spans of the region, whatever their target; `within` are the
    spans no longer than the target and `rate` their share of this line, "" without a target. Percentages are as measuring wrote them.
    """

    process: str
    region: str
    target_us: int | None
    spans: tuple[int, ...]
    shares: tuple[str, ...]
    within: int
    rate: str


@dataclass(frozen=True)
class RhythmLines:
    """Everything a run keeps for its graphs of hours and of times. `edges_ms`: the edges of the bands, in milliseconds."""

    edges_ms: tuple[int, ...] = ()
    hours: tuple[HoursLine, ...] = ()
    of_the_day: tuple[OfTheDayLine, ...] = ()
    bands: tuple[BandsLine, ...] = ()


NO_RHYTHM_LINES = RhythmLines()
