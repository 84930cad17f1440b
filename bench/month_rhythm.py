"""The hours and the bands of a made-up month, as a close would have counted them from the journeys, for the graphs of each process."""

from collections import Counter
from collections.abc import Iterable

from tocsin.measuring.shares import percent, rounded
from tocsin.reports.frozen import DayLine
from tocsin.reports.frozen_rhythm import BandsLine, HoursLine, OfTheDayLine, RhythmLines
from tocsin.reports.rhythm import EDGES_MS
from tocsin.vocabulary.calendar import Period

PERIOD = Period(2021, 9)
PLACES = (
    ("north", "SMETS2+", "CSPN"), ("central", "SMETS2+", "CSPC"), ("south", "SMETS2+", "CSPS"), ("smets1", "SMETS1", "S1SP-SECURE"),
)  # fmt: skip
HOURS = 24
TARGET_US = 30_000_000


def rhythm(days: Iterable[DayLine]) -> RhythmLines:
    """Every day of a process spread over its hours, and its successes over the bands of four regions."""
    lines = tuple(_hours(day) for day in days)
    sums: dict[tuple[str, int], Counter[str]] = {}
    whole: Counter[str] = Counter()
    for line in lines:
        whole[line.process] += sum(line.success)
        for hour in range(HOURS):
            of_hour = sums.setdefault((line.process, hour), Counter())
            of_hour.update(volume=line.volume[hour], counted=line.counted[hour], success=line.success[hour])
    of_the_day = tuple(
        OfTheDayLine(process, hour, of["volume"], of["counted"], of["success"], _share(of["success"], of["counted"]))
        for (process, hour), of in sums.items()
    )
    regions = ("", *(region for region, _, _ in PLACES))
    bands = tuple(_bands(process, region, whole[process]) for process in whole for region in regions)
    return RhythmLines(EDGES_MS, lines, of_the_day, bands)


def _hours(day: DayLine) -> HoursLine:
    # Busier by day than by night, and no two days alike.
    weights = [6 + (hour * 5 + day.day) % 19 for hour in range(HOURS)]
    volume, counted, success = (
        tuple(number * weight // sum(weights) for weight in weights) for number in (day.volume, day.counted, day.success)
    )
    return HoursLine(day.process, day.day, volume, counted, success, tuple(map(_share, success, counted)))


def _bands(process: str, region: str, success: int) -> BandsLine:
    weights = [1 + (place * 7 + len(region)) % 11 for place in range(len(EDGES_MS) + 1)]
    of = success if not region else success // len(PLACES)
    spans = tuple(of * weight // sum(weights) for weight in weights)
    within = sum(number for number, edge in zip(spans, EDGES_MS, strict=False) if edge * 1_000 <= TARGET_US)
    shares = tuple(_share(number, sum(spans)) for number in spans)
    return BandsLine(process, region, TARGET_US, spans, shares, within, _share(within, sum(spans)))


def _share(part: int, whole: int) -> str:
    return rounded(percent(part, whole), 2) if whole else ""
