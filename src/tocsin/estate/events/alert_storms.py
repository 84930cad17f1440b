"""Alerts that come in crowds: storms of one device and their throttling, power outages of a neighbourhood (domain.md 7.4 and 7.5)."""

from collections.abc import Iterator

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.events.alert_codes import POWER_OUTAGE, RESTORED, RESTORED_LATE, code_number
from tocsin.estate.population import Population
from tocsin.estate.words import number
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US

# Each part of an outage: device, code, arose, to_network, is_dcc.
Outage = tuple[Array, Array, Array, Array, bool]

# The same alert of a device passes this often in a storm; then one in EVERY is passed on and stands for as many (domain.md 7.4; the
# thresholds are configured by the DCC and not published, so these are ours).
BEFORE_THROTTLING, EVERY = 10, 10
STORM_SHARE, STORM_LENGTHS = 400, (40, 260)

# A Communications Hub tells of an outage after three minutes without power (domain.md 7.2).
TOLD_AFTER_US = 3 * MINUTE_US

OUTAGE_MINUTES = (1, 240)
# Of a thousand firmware activations: the meter's restart cuts the power of its Communications Hub (MP102).
FALSE_OUTAGES = 60


def storms(
    device: Array, code: Array, to_network: Array, random: np.random.Generator, begins: tuple[int, int]
) -> Iterator[tuple[Array, ...]]:
    """Storms of some alerting devices: device, code, arose, to_network, throttled, consolidated of every alert of each.

    `begins`: the instants, half-open, between which they begin, on whole seconds after the first; none where that is no time.
    """
    seconds = (begins[1] - begins[0]) // SECOND_US
    if len(device) == 0 or seconds <= 0:
        return
    for place in random.choice(len(device), max(1, len(device) // STORM_SHARE // 10), replace=False):
        length = int(random.integers(*STORM_LENGTHS))
        begun = begins[0] + int(random.integers(0, seconds)) * SECOND_US
        arose = begun + np.cumsum(random.integers(800, 30_000, length)) * 1000
        count = np.arange(length)
        late = count >= BEFORE_THROTTLING
        passed = ~late | ((count - BEFORE_THROTTLING) % EVERY == EVERY - 1)
        throttled = np.where(late & passed, EVERY, 1).astype(np.int64)
        of_one = np.full(length, device[place]), np.full(length, code[place]), arose, np.full(length, to_network[place])
        yield *of_one, throttled, ~passed


def outages(population: Population, present: Array, random: np.random.Generator, day: int, activations: Block | None) -> Iterator[Outage]:
    """Power outages: AD1 of the Communications Hubs of a neighbourhood, then 8F35 or 8F36 of their electricity meters.

    `present`: places of the electricity meters there are. Each part: device, code, arose, to_network, is_dcc.
    """
    devices = population.devices
    region = devices["region"][present]
    meters = {name: present[region == number("region", name)] for name in REGIONS[:3]}
    for _, among in meters.items():
        if len(among) == 0:
            continue
        for _ in range(int(random.integers(1, 3))):
            # Neighbours stand beside each other in the population.
            size = min(len(among), 3 + int(random.integers(0, 2 + len(among) // 200)))
            first = int(random.integers(0, len(among) - size + 1))
            hit = among[first : first + size]
            begins = day * DAY_US + int(random.integers(0, 19 * 3_600_000)) * 1000
            length = int(random.integers(*OUTAGE_MINUTES)) * MINUTE_US
            yield from _outage(devices, hit, begins, length, random)
    if activations is not None:
        today = activations.take(activations["at_us"] // DAY_US == day)
        false = today.take(random.integers(0, 1000, len(today)) < FALSE_OUTAGES)
        for device, at in zip(false["device"].tolist(), false["at_us"].tolist(), strict=True):
            yield from _outage(devices, np.array([device]), at, 4 * MINUTE_US, random)


def _outage(devices: Block, hit: Array, begins: int, length: int, random: np.random.Generator) -> Iterator[Outage]:
    jitter = random.integers(0, 20_000, (2, len(hit))) * 1000
    to_network = np.ones(len(hit), bool)
    if length >= TOLD_AFTER_US:
        hubs = devices["hub"][hit]
        yield hubs, np.full(len(hit), code_number(POWER_OUTAGE)), begins + TOLD_AFTER_US + jitter[0], to_network, True
    restored = RESTORED_LATE if length >= TOLD_AFTER_US else RESTORED
    yield hit, np.full(len(hit), code_number(restored)), begins + length + jitter[1], to_network, False
