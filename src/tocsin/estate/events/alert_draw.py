"""The alerts of one day: what condition arose where, and when each passed the stages a to g (domain.md 7)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.chance import chance
from tocsin.estate.events.alert_codes import DCC_CODES, DEVICE_CODES, POWER_OUTAGE, TYPE_SHARES, at_hours, at_share, code_number
from tocsin.estate.events.alert_storms import outages, storms
from tocsin.estate.growth import volume_of
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.words import number
from tocsin.vocabulary.instants import DAY_US, SECOND_US

# Legs in milliseconds by region: (least, mean of what comes on top). Radio in the North is slower and steadier (domain.md 14).
TO_HUB = (200, 900)
OVER_WAN = {"north": (6_000, 3_000), "central": (900, 2_500), "south": (900, 2_500), "smets1": (2_000, 9_000)}
INSIDE_PROVIDER, TO_DSP, INSIDE_DSP, TO_USER = (80, 300), (30, 60), (150, 700), (40, 150)

# Of a million alerts: one gets stuck before it leaves the DSP for minutes, one is lost on a leg, a receipt never comes back.
STUCK, LOST_ON_THE_WAY, LOST_IN_DSP, UNCONFIRMED, CLOCK_WRONG = 9_000, 900, 500, 4_000, 15_000
LONGEST_STUCK_MS = 1_500_000
MILLION = 1_000_000

# Alerts of a stretch at the most, storms and outages apart: a national day of 53 million is drawn in two hundred stretches.
PART = 250_000
# Devices looked at together.
PIECE = 1_000_000
# No storm of a day begins later: it ends before the day does.
LAST_STORM_US = 20 * 3_600 * SECOND_US
# A day simulated by itself has a thirtieth of its month's alerts.
DAYS_OF_A_ROUND_MONTH = 30

# An alert ends within this time of its beginning or never: quarter-hours are written so far past the month.
LONGEST_WAY_US = 3_600 * SECOND_US


@dataclass(frozen=True)
class Raised:
    """Alerts before their way: device (place), code (number in ALERT_CODES), when the condition arose (us, whole ms), what is special."""

    device: Array
    code: Array
    arose: Whole
    to_network: Truth
    is_dcc: Truth
    throttled: Array
    consolidated: Truth

    @staticmethod
    def plain(device: Array, code: Array, arose: Array, to_network: Array, is_dcc: bool = False) -> "Raised":
        ones = np.ones(len(device), np.int64)
        return Raised(device, code, arose.astype(np.int64), to_network.astype(bool), ones * 0 == (not is_dcc), ones, ones == 0)

    @staticmethod
    def together(parts: "list[Raised]") -> "Raised":
        return Raised(*(np.concatenate([getattr(part, name) for part in parts]) for name in Raised.__dataclass_fields__))


@dataclass(frozen=True)
class Stretch:
    """One of `of` stretches of a UTC day: [start_at, end_at) in microseconds UTC. Each has a stream of chance of its own."""

    day: int
    place: int
    of: int

    @property
    def start_at(self) -> int:
        return self.day * DAY_US + self._reached(self.place)

    @property
    def end_at(self) -> int:
        return self.day * DAY_US + self._reached(self.place + 1)

    def random(self, seed: int) -> np.random.Generator:
        return chance(seed, "alerts", self.day, *((self.place, self.of) if self.of > 1 else ()))

    def share(self, of_day: int) -> int:
        """This stretch's part of a number, so that the stretches add up to it."""
        return of_day * (self.place + 1) // self.of - of_day * self.place // self.of

    def instants(self, random: np.random.Generator, count: int) -> Array:
        """When alerts arise in it, by the hours of the day; microseconds UTC."""
        if self.of == 1:
            return self.day * DAY_US + at_hours(random, count)
        return self.day * DAY_US + at_share((self.place + random.random(count)) / self.of)

    def _reached(self, place: int) -> int:
        return DAY_US if place == self.of else int(at_share(np.array([place / self.of]))[0])


@dataclass(frozen=True)
class Standing:
    """Places of devices that stand in a home before a day, by device type. `count`: of all; `absent`: places of those that do not yet."""

    count: int
    absent: Array
    of_type: dict[str, Array]

    @staticmethod
    def before(population: Population, day: int) -> "Standing":
        installed, types = population.devices["installed_us"], population.devices["device_type"]
        # A piece at a time: there are tens of millions, and the estate beside them fills most of the memory already.
        found: dict[str, list[Array]] = {name: [] for name in ("absent", *DEVICE_CODES)}
        for at in range(0, len(installed), PIECE):
            is_there, of_type = installed[at : at + PIECE] < day * DAY_US, types[at : at + PIECE]
            masks = {"absent": ~is_there, **{name: is_there & (of_type == number("device_type", name)) for name in DEVICE_CODES}}
            for name, mask in masks.items():
                found[name].append(np.flatnonzero(mask).astype(np.int32) + np.int32(at))
        places = {name: np.concatenate(parts) for name, parts in found.items()}
        absent = places.pop("absent")
        return Standing(len(installed) - len(absent), absent, places)

    def place(self, among: Array) -> Array:
        """The place of the n-th of all that stand, from 0: those few that do not are passed over."""
        passed_over: Array = among + np.searchsorted(self.absent - np.arange(len(self.absent)), among, side="right")
        return passed_over


def draw_alerts(plan: Plan, population: Population, day: int, activations: Block | None = None) -> Iterator[tuple[Stretch, Block]]:
    """The alerts whose condition arose on a UTC day, stretch by stretch, those of each in the order they arose.

    A day of few alerts is one stretch; none has many more than PART, whatever the scale, and none arises before its stretch begins. Some
    that belong to a storm or an outage arise after it ends.

    Columns: device int64 (place), user int32 (place, -1 none), counter int64, code int16 (ALERT_CODES), is_dcc, device_type, region,
    service_provider (numbers in WORDS), a to g int64 (us of the stage; EMPTY: never passed), throttled int64 (alerts it stands for),
    consolidated bool, clock_wrong bool (stage a by a clock an hour off that says so).
    `activations`: device, at_us of firmware activations, some of which cut the Communications Hub's power (MP102; domain.md 7.5).
    """
    standing = Standing.before(population, day)
    volume = volume_of(plan.period)
    parts = max(1, -(-_of_the_day(plan, volume.device_alerts + volume.dcc_alerts, day) // PART))
    counted = 0
    for place in range(parts):
        stretch = Stretch(day, place, parts)
        random = stretch.random(plan.seed)
        every = _raised(plan, population, standing, random, stretch, activations=activations)
        yield stretch, _on_their_way(population, every, random, day * 100_000_000 + counted)
        counted += len(every.device)


def _raised(
    plan: Plan, population: Population, standing: Standing, random: np.random.Generator, stretch: Stretch, *, activations: Block | None
) -> Raised:
    """The alerts of a stretch in the order they arose. Power outages of the whole day are in its first."""
    raised = [_of_devices(plan, standing, random, stretch), _of_dcc(plan, standing, random, stretch)]
    quiet = raised[0]
    if stretch.place == 0:
        raised += [Raised.plain(*part) for part in outages(population, standing.of_type["ESME"], random, stretch.day, activations)]
    begins = (stretch.start_at, min(stretch.end_at, stretch.day * DAY_US + LAST_STORM_US))
    for device, code, arose, to_network, throttled, consolidated in storms(quiet.device, quiet.code, quiet.to_network, random, begins):
        part = Raised.plain(device, code, arose, to_network)
        raised.append(Raised(**{**vars(part), "throttled": throttled, "consolidated": consolidated}))
    every = Raised.together(raised)
    order = np.lexsort((every.code, every.device, every.arose))
    return Raised(*(getattr(every, name)[order] for name in Raised.__dataclass_fields__))


def _of_the_day(plan: Plan, whole_month: int, day: int) -> int:
    """The share of a month's number that falls on one of its days, so that the days add up to it; a day outside has as many as the next."""
    if plan.only_on is not None:
        return whole_month * plan.scale.numerator // plan.scale.denominator // DAYS_OF_A_ROUND_MONTH
    first = plan.period.start_at // DAY_US
    length = plan.period.end_at // DAY_US - first
    place = (day - first) % length
    scaled = whole_month * plan.scale.numerator // plan.scale.denominator
    return scaled * (place + 1) // length - scaled * place // length


def _of_devices(plan: Plan, standing: Standing, random: np.random.Generator, stretch: Stretch) -> Raised:
    total = stretch.share(_of_the_day(plan, volume_of(plan.period).device_alerts, stretch.day))
    # Storms and outages are a fifth of what is published for a small network; of a large one, where no storm counts for much, 1 in 25.
    quiet = total * 4 // 5 if stretch.of == 1 else total * 24 // 25
    counts = random.multinomial(quiet, np.array(list(TYPE_SHARES.values())) / sum(TYPE_SHARES.values()))
    parts = []
    for (device_type, codes), count in zip(DEVICE_CODES.items(), (counts[list(TYPE_SHARES).index(t)] for t in DEVICE_CODES), strict=True):
        among = standing.of_type[device_type]
        if len(among) == 0:
            continue
        weights = np.array([weight for _, weight, _ in codes])
        picked = random.choice(len(codes), count, p=weights / weights.sum())
        numbers = np.array([code_number(code) for code, _, _ in codes], np.int16)
        told = np.array([to_network for _, _, to_network in codes])
        device = among[random.integers(0, len(among), count)]
        parts.append(Raised.plain(device, numbers[picked], stretch.instants(random, count), told[picked]))
    return Raised.together(parts)


def _of_dcc(plan: Plan, standing: Standing, random: np.random.Generator, stretch: Stretch) -> Raised:
    count = stretch.share(_of_the_day(plan, volume_of(plan.period).dcc_alerts, stretch.day))
    weights = np.array([weight for _, weight in DCC_CODES])
    numbers = np.array([code_number(code) for code, _ in DCC_CODES], np.int16)
    device = standing.place(random.integers(0, standing.count, count))
    code = numbers[random.choice(len(numbers), count, p=weights / weights.sum())]
    return Raised.plain(device, code, stretch.instants(random, count), np.zeros(count, bool), is_dcc=True)


def _on_their_way(population: Population, raised: Raised, random: np.random.Generator, first: int) -> Block:
    """Alerts with all that becomes of them; `first`: the counter of the first."""
    devices, count = population.devices, len(raised.device)
    region = devices["region"][raised.device]
    inside = raised.is_dcc & (raised.code != code_number(POWER_OUTAGE))

    def leg(least_mean: tuple[int, int]) -> Whole:
        least, mean = least_mean
        return (least + random.exponential(mean, count).astype(np.int64)) * 1000

    wan = np.zeros(count, np.int64)
    for name, least_mean in OVER_WAN.items():
        wan = np.where(region == number("region", name), leg(least_mean), wan)
    gone = np.full(count, EMPTY)
    # The DCC's own alerts begin inside it: nothing is told of them before the DSP has them.
    a, b, c, d = _before_the_dsp(raised, inside, gone, leg, wan)
    lost_before = _of_million(random, count, LOST_ON_THE_WAY) & ~inside
    e = np.where(inside, raised.arose, d + leg(TO_DSP))
    stuck = _of_million(random, count, STUCK) * random.integers(20_000, LONGEST_STUCK_MS, count) * 1000
    f = e + leg(INSIDE_DSP) + stuck
    g = f + leg(TO_USER)
    e = np.where(lost_before, gone, e)
    f = np.where(lost_before | raised.consolidated | _of_million(random, count, LOST_IN_DSP), gone, f)
    g = np.where((f == EMPTY) | _of_million(random, count, UNCONFIRMED), gone, g)
    clock_wrong = _of_million(random, count, CLOCK_WRONG) & (devices["device_type"][raised.device] == number("device_type", "GSME"))
    a = np.where(clock_wrong & (a != EMPTY), a - 3_600 * SECOND_US, a)
    told = np.where(raised.to_network, devices["network"][raised.device], devices["supplier"][raised.device])
    return Block(
        {
            "device": raised.device.astype(np.int64),
            "user": told.astype(np.int32),
            # The device's own counter (duis.md 4.1): no two alerts of a day share one.
            "counter": np.arange(count, dtype=np.int64) + first,
            "code": raised.code.astype(np.int16),
            "is_dcc": raised.is_dcc,
            "device_type": devices["device_type"][raised.device],
            "region": region,
            "service_provider": devices["service_provider"][raised.device],
            "a": a,
            "b": b,
            "c": c,
            "d": d,
            "e": e,
            "f": f,
            "g": g,
            "throttled": raised.throttled,
            "consolidated": raised.consolidated,
            "clock_wrong": clock_wrong & (a != EMPTY),
        }
    )


def _before_the_dsp(
    raised: Raised, inside: Truth, gone: Whole, leg: Callable[[tuple[int, int]], Whole], wan: Whole
) -> tuple[Whole, Whole, Whole, Whole]:
    """Stages a to d: the condition, the Communications Hub Function, the provider, and on to the DSP."""
    b = raised.arose + leg(TO_HUB)
    c = b + wan
    d = c + leg(INSIDE_PROVIDER)
    # AD1 is the Communications Hub's own: no device behind it saw the condition arise.
    a = np.where(inside | (raised.code == code_number(POWER_OUTAGE)), gone, raised.arose)
    return a, np.where(inside, gone, b), np.where(inside, gone, c), np.where(inside, gone, d)


def _of_million(random: np.random.Generator, count: int, rate: int) -> Truth:
    found: Truth = random.integers(0, MILLION, count) < rate
    return found
