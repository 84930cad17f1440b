"""When requests are sent: habits of the day by UK clock and kind of day, the day's number of requests, and hours in which much fails."""

from dataclasses import dataclass
from datetime import date, time, timedelta

import numpy as np
from numpy.typing import NDArray

from tocsin.estate.block import Whole
from tocsin.estate.chance import chance
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.vocabulary.calendar import WorkingDays
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.instants import DAY_US, local_instant

Share = NDArray[np.float64]

EPOCH = date(1970, 1, 1)
QUARTERS = 96
DAY_S = 86_400

# Twenty-four hours of the UK's clock each, from midnight; assumed, but for the words of issue 3: night reads, day top-ups (a hump in the
# morning, a higher one in the evening), installs in working hours. `market`: price and supplier changes sent out soon after midnight.
HOURS = {
    "night": "60 80 90 90 70 40 14 8 6 5 5 5 5 5 5 5 5 5 5 5 6 7 10 20",
    "top_up": "8 4 3 2 3 8 25 50 70 75 70 65 65 60 55 60 75 95 100 90 70 50 30 16",
    "office": "3 2 2 2 2 3 6 15 60 95 100 95 80 90 95 90 75 40 15 8 6 5 4 3",
    "install": "0 0 0 0 0 0 1 5 50 90 100 95 75 85 95 85 60 20 6 2 1 0 0 0",
    "market": "90 100 80 40 20 10 8 8 20 40 45 40 35 35 40 35 25 15 10 8 8 8 10 30",
    "even": "30 28 26 25 25 28 35 50 70 80 80 75 70 70 72 72 70 65 60 55 50 45 40 34",
}
HABITS = tuple(HOURS)

# In per cent of a Working Day: Saturdays, then Sundays and bank holidays.
WEEKEND = {"night": (100, 100), "top_up": (110, 85), "office": (25, 10), "install": (45, 6), "market": (80, 70), "even": (90, 85)}


@dataclass(frozen=True)
class BadHour:
    """A time in which a region's requests fail `severity` times as often as they do; Incidents are raised from it."""

    region: str
    start_at: int
    end_at: int
    severity: int


def bad_hours(plan: Plan) -> tuple[BadHour, ...]:
    """One to three bad times of the month, of one to four hours each, in order. [start_at, end_at) in microseconds UTC."""
    draw = chance(plan.seed, "bad hours", plan.period.label)
    hours = (plan.period.end_at - plan.period.start_at) // DAY_US * 24
    found = []
    for _ in range(int(draw.integers(1, 4))):
        region, hour, lasting, severity = (int(draw.integers(*bounds)) for bounds in ((0, 4), (0, hours - 4), (1, 5), (6, 25)))
        start_at = plan.period.start_at + hour * DAY_US // 24
        found.append(BadHour(REGIONS[region], start_at, start_at + lasting * DAY_US // 24, severity))
    return tuple(sorted(found, key=lambda bad: (bad.start_at, bad.region)))


def request_count(plan: Plan, day: int, shares: Share) -> int:
    """Service Requests of a day: the month's messages times the scale, shared out by what each day's habits weigh.

    `shares`: of the mix, by habit. Days before and after the month are as busy as such a day of it.
    """
    weights = {other: float(_weights(other) @ shares) for other in {*plan.period.days(), day}}
    month = sum(weights[other] for other in plan.period.days())
    return round(volume_of(plan.period).messages * plan.scale * round(weights[day] * 10**9) / round(month * 10**9))


def intensities(day: int) -> Share:
    """Of each habit, the weight of each quarter-hour of a UTC day: a Working Day's sum to 1. Shape (habits, 96)."""
    shift = (day * DAY_US - local_instant(_date(day), time(0), "Europe/London")) // (DAY_US // QUARTERS)
    found = np.empty((len(HABITS), QUARTERS))
    for place, hours in enumerate(HOURS.values()):
        weights = np.array([float(word) for word in hours.split()])
        # Hours told in the middle of each, the rest between: no steps on the hour.
        middles = np.arange(24) + 0.5
        clock = (np.arange(QUARTERS) + 0.5) / 4
        smooth = np.interp(clock, middles, weights, period=24)
        # A UTC day begins an hour into the UK's in summer; that the clock changes inside two days of a year is passed over.
        found[place] = np.roll(smooth / smooth.sum(), -shift)
    return found * _weights(day)[:, None]


def slices(weights: Share, count: int) -> Whole:
    """Bounds in seconds of the day, count + 1 of them, of time slices that weigh alike by quarter-hour weights."""
    whole = np.concatenate([[0.0], np.cumsum(weights)])
    bounds = np.interp(np.linspace(0, whole[-1], count + 1), whole, np.linspace(0, DAY_S, QUARTERS + 1))
    # Whole days, also where nothing is sent at their ends.
    bounds[0], bounds[-1] = 0, DAY_S
    return np.asarray(np.round(bounds), np.int64)


def within(weights: Share, start: int, end: int) -> Share:
    """Weights of quarter-hours as far as they lie in the seconds [start, end) of the day."""
    edges = np.linspace(0, DAY_S, QUARTERS + 1)
    overlap = np.minimum(edges[1:], end) - np.maximum(edges[:-1], start)
    return np.asarray(weights * np.maximum(overlap, 0) / (DAY_S / QUARTERS))


# A drawn instant is looked up in so many steps of equal weight.
STEPS = 1024


def clock(weights: Share, start: int, end: int) -> Whole:
    """Milliseconds of the day, STEPS + 1 of them, between which requests of these weights in the seconds [start, end) come alike often."""
    edges = np.clip(np.linspace(0, DAY_S, QUARTERS + 1), start, end)
    whole = np.concatenate([[0.0], np.cumsum(within(weights, start, end))])
    if whole[-1] <= 0:
        return np.asarray(np.linspace(start * 1000, end * 1000, STEPS + 1), np.int64)
    found = np.interp(np.linspace(0, whole[-1], STEPS + 1), whole, edges * 1000)
    return np.asarray(np.round(found), np.int64)


def _weights(day: int) -> Share:
    """Of each habit, what a day weighs against a Working Day."""
    on = _date(day)
    if WorkingDays().is_working_day(on):
        return np.ones(len(HABITS))
    is_saturday = on.weekday() == 5
    return np.array([WEEKEND[habit][0 if is_saturday else 1] / 100 for habit in HABITS])


def _date(day: int) -> date:
    return EPOCH + timedelta(days=day)
