"""Whom a day's requests are sent to and by whom: pools of devices by type, those installed today, those that today's plans are for."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array, Block, Truth, Whole
from tocsin.estate.chance import chance
from tocsin.estate.population import Population
from tocsin.estate.words import ESTATE_DEVICE_TYPES, WORDS
from tocsin.vocabulary.instants import DAY_US
from tocsin.vocabulary.service_requests import USER_ROLES

# Devices of a type: all, those in prepayment, those of SMETS2; and, of all or of SMETS2, those that are being installed.
POOLS = ("any", "prepayment", "smets2", "new", "new_smets2")

# Who sends: the device's supplier, its network operator, or any listed User of the role.
SOURCES = ("supplier", "network", "listed")

# A future-dated request goes to a device of its day's own: of its place in the population by this many days. So no User, device and SRV
# meet twice in all simulated days, and a cancellation withdraws exactly the request it was drawn with. More than there are days.
OWN_DAYS = 37

TYPES = len(WORDS["device_type"])


@dataclass(frozen=True)
class Pools:
    """Places of devices: of pool p and device type t, `places[first[p, t] :][: size[p, t]]`. `listed`: places of the Users of each role."""

    places: Array
    first: Whole
    size: Whole
    new: Array
    new_at: Whole
    own: dict[int, Array]
    listed: dict[int, Array]

    def device_sizes(self, pool: Array, device_type: Array) -> Whole:
        """How many devices each (pool, type) has; those to be installed fall back on those that are."""
        return np.asarray(self.size[pool, device_type])

    def installed_within(self, start_at: int, end_at: int) -> Array:
        """Places of the devices installed in [start_at, end_at), in the order of their installation."""
        first, last = np.searchsorted(self.new_at, [start_at, end_at])
        return self.new[first:last]


def pools_of(seed: int, population: Population, day: int) -> Pools:
    """The pools of one day: devices installed before it, and those installed on it."""
    devices = population.devices
    is_there = devices["installed_us"] < day * DAY_US
    by_type: dict[int, Array] = {
        WORDS["device_type"].index(word): np.flatnonzero((devices["device_type"] == WORDS["device_type"].index(word)) & is_there).astype(
            np.int32
        )
        for word in ESTATE_DEVICE_TYPES
    }
    first, size = np.zeros((len(POOLS), TYPES), np.int64), np.zeros((len(POOLS), TYPES), np.int64)
    kept: list[Array] = []
    at = 0
    for device_type, every in by_type.items():
        chosen = {"any": every, "prepayment": every[devices["is_prepayment"][every]], "smets2": every[~devices["is_smets1"][every]]}
        # A tiny estate may have no prepayment meter of a type: its top-ups go to the others.
        chosen["prepayment"] = chosen["prepayment"] if len(chosen["prepayment"]) else every
        for name, places in chosen.items():
            first[POOLS.index(name), device_type], size[POOLS.index(name), device_type] = at, len(places)
            kept.append(places)
            at += len(places)
    for name, fallback in (("new", "any"), ("new_smets2", "smets2")):
        first[POOLS.index(name)], size[POOLS.index(name)] = first[POOLS.index(fallback)], size[POOLS.index(fallback)]
    new = _installed_on(devices, day)
    return Pools(
        places=np.concatenate(kept),
        first=first,
        size=size,
        new=new,
        new_at=devices["installed_us"][new],
        own={device_type: _own(seed, every, day, device_type) for device_type, every in by_type.items()},
        listed={role: np.flatnonzero(population.users["role"] == role).astype(np.int32) for role in range(len(USER_ROLES))},
    )


def _installed_on(devices: Block, day: int) -> Array:
    installed = devices["installed_us"]
    is_today: Truth = (installed >= day * DAY_US) & (installed < (day + 1) * DAY_US)
    new = np.flatnonzero(is_today).astype(np.int32)
    return new[np.argsort(installed[new], kind="stable")]


def _own(seed: int, every: Array, day: int, device_type: int) -> Array:
    """The devices of a type that may be planned for on a day, in an order of chance."""
    own = every[every % OWN_DAYS == day % OWN_DAYS]
    return chance(seed, "planned for", day, device_type).permutation(own)


def users_of(population: Population, pools: Pools, *, source: Array, role: Array, device: Array, bits: Array) -> Array:
    """The User of each request: by its device, or one of its role, the first of which send most. `bits`: 16 of chance each."""
    users = population.devices["supplier"][device].astype(np.int32)
    by_network = np.flatnonzero(source == SOURCES.index("network"))
    users[by_network] = population.devices["network"][device[by_network]]
    others = np.flatnonzero(source == SOURCES.index("listed"))
    if len(others):
        for number in np.unique(role[others]):
            of_role = others[role[others] == number]
            known = pools.listed[int(number)]
            drawn = bits[of_role].astype(np.int64)
            # Twice drawn, the lesser: sizes of parties are skewed (domain.md 6.5).
            users[of_role] = known[(drawn * drawn * len(known)) >> 32]
    return users
