"""The registers: the DSP's device inventory, whole before the month and what joined or changed since every Monday; SECAS's SEC Parties."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.events.hub_firmware_draw import draw_activations
from tocsin.estate.faults.fates import Fates
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.senders.inventory_file import write_inventory
from tocsin.estate.senders.text import euis
from tocsin.estate.words import number
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, moment
from tocsin.vocabulary.service_requests import USER_ROLES

INVENTORY, INVENTORY_SENDER = "device_inventory", "DSP"
PARTIES, PARTIES_SENDER = "party_list", "SECAS"

# Which Shape a file is of: the whole inventory and the additions to it stand side by side.
WHOLE_SHAPE, JOINED_SHAPE = "dsp_inventory", "dsp_inventory_joined"

# A device that is in no file that has come.
NEVER = np.iinfo(np.int64).max

HOUR_US = 60 * MINUTE_US
ROLE_WORDS = {
    "IS": "Import Supplier",
    "ES": "Export Supplier",
    "GS": "Gas Supplier",
    "RSA": "Registered Supplier Agent",
    "ED": "Electricity Distributor",
    "GT": "Gas Transporter",
    "OU": "Other User",
}


@dataclass(frozen=True)
class RegisterTruth:
    """How many devices and Users the estate has, and how many of them the registers tell by the plan's last instant."""

    counts: tuple[tuple[str, int], ...]

    def write(self, truth: Path) -> None:
        with (truth / "registers.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("what", "count"))
            writer.writerows(self.counts)


def post_registers(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> RegisterTruth:
    """Post the inventory, its additions and the party list; bodies are made in the folder `aside`.

    A register stands for the one before it, so it tells all that the registers of months simulated before this one told.
    """
    outbox.earlier.drawn.append((plan, population))
    devices, changed = _of_all(outbox.earlier.drawn)
    stood = np.flatnonzero(devices["is_listed"] & (devices["installed_us"] == EMPTY))
    outbox.post(_inventory(aside, devices, stood, WHOLE_SHAPE, _before(plan)))
    for monday in _mondays(plan):
        # What joined in a month's last days, the month after tells.
        if not plan.is_a_neighbours(monday) and _has_come(plan, INVENTORY, INVENTORY_SENDER, _ready_on(monday)):
            joined = np.flatnonzero(devices["is_listed"] & _joined_by(devices, monday))
            others = changed.take(changed["since_us"] < monday * DAY_US)
            if len(joined) + len(others):
                outbox.post(_inventory(aside, devices, joined, JOINED_SHAPE, _ready_on(monday), changed=others))
    outbox.post(_party_list(plan, [one for _, one in outbox.earlier.drawn], aside))
    devices, changed = population.devices, changed_versions(population, draw_activations(plan, population))
    told = inventory_from(plan, population)
    return RegisterTruth(
        (
            ("devices", len(devices)),
            ("devices_told", int(np.count_nonzero(told != NEVER))),
            ("devices_joined", int(np.count_nonzero(devices["installed_us"] != EMPTY))),
            ("devices_joined_told", int(np.count_nonzero((told != NEVER) & (told != 0)))),
            ("versions_changed", len(changed)),
            ("versions_changed_told", len(told_versions(plan, population))),
            ("users", len(population.users)),
            ("users_told", int(np.count_nonzero(listed_users(plan, population)))),
            ("parties", len(population.parties)),
        )
    )


def post_parties(plan: Plan, population: Population, outbox: Outbox, aside: Path) -> None:
    """Post the party list alone, for a day that is simulated by itself."""
    outbox.post(_party_list(plan, [population], aside))


def _of_all(drawn: Sequence[tuple[Plan, Population]]) -> tuple[Block, Block]:
    """The devices of all months, and those of `changed_versions`, with the places they have among them all."""
    devices, changed, at = [], [], 0
    for plan, population in drawn:
        own = changed_versions(population, draw_activations(plan, population))
        devices.append(population.devices.put(hub=population.devices["hub"] + at))
        changed.append(own.put(place=own["place"] + at, hub=own["hub"] + at))
        at += len(population.devices)
    return Block.together(devices), Block.together(changed)


def changed_versions(population: Population, activations: Block) -> Block:
    """Devices in the inventory that come to run another version: place, since_us, firmware (place of the version).

    The mirror of a gas meter is in the hub's own box: it changes with the hub.
    """
    devices, hub = population.devices, activations["hub"]
    # A home's gas mirror stands third after its hub, where there is gas.
    mirror = np.minimum(hub + 3, len(devices) - 1)
    has_mirror = (devices["hub"][mirror] == hub) & (devices["device_type"][mirror] == number("device_type", "GPF"))
    both = Block.together([activations.put(place=hub), activations.put(place=mirror).take(has_mirror)])
    both = both.take(np.argsort(both["place"], kind="stable"))
    return both.take(devices["is_listed"][both["place"]])


def told_versions(plan: Plan, population: Population) -> Block:
    """Those of `changed_versions` that the files tell which have come by `until_at`."""
    changed = changed_versions(population, draw_activations(plan, population))
    come = [monday for monday in _mondays(plan) if _has_come(plan, INVENTORY, INVENTORY_SENDER, _ready_on(monday))]
    return changed.take(changed["since_us"] < max(come, default=0) * DAY_US)


def inventory_from(plan: Plan, population: Population) -> Whole:
    """For each device the instant (µs UTC) from which the files that have come by `until_at` tell it.

    0: always, for the whole inventory says nothing of when; NEVER: it is in none of them.
    """
    devices = population.devices
    if plan.only_on is not None:
        # No inventory is sent of it: of tens of millions of devices not a number each is kept to say so.
        return np.broadcast_to(np.int64(NEVER), len(devices))
    since = np.where(devices["installed_us"] == EMPTY, 0, devices["installed_us"])
    told = devices["installed_us"] == EMPTY
    for monday in _mondays(plan):
        if _has_come(plan, INVENTORY, INVENTORY_SENDER, _ready_on(monday)):
            told |= _joined_by(devices, monday)
    return np.where(told & devices["is_listed"], since, NEVER)


def listed_users(plan: Plan, population: Population) -> Truth:
    """For each User whether the party list that has come by `until_at` has it."""
    has_come = _has_come(plan, PARTIES, PARTIES_SENDER, _before(plan))
    listed: Truth = population.users["is_listed"] & has_come
    return listed


def _before(plan: Plan) -> int:
    """Noon before the first simulated day: what stands is told before the first request is sent."""
    return plan.days_start_at - 12 * HOUR_US


def _mondays(plan: Plan) -> list[int]:
    """The UTC day numbers of the Mondays on which additions are sent, the last of them after the last simulated day."""
    # Day 0, 1 January 1970, was a Thursday.
    return [day for day in range(plan.days.start + 1, plan.days.stop + 7) if day % 7 == 4]


def _ready_on(monday: int) -> int:
    return monday * DAY_US + 2 * HOUR_US


def _joined_by(devices: Block, monday: int) -> Truth:
    joined: Truth = (devices["installed_us"] != EMPTY) & (devices["installed_us"] < monday * DAY_US)
    return joined


def _has_come(plan: Plan, feed: str, sender: str, ready_at: int) -> bool:
    copies = Fates(plan).copies(feed, sender, None, ready_at, None)
    return any(copy.is_whole and copy.arrives_at <= plan.until_at for copy in copies)


def _inventory(aside: Path, devices: Block, places: Array, shape: str, ready_at: int, *, changed: Block | None = None) -> Posting:
    kind = "INVENTORY" if shape == WHOLE_SHAPE else "JOINED"
    body = aside / f"DSP_{kind}_{moment(ready_at):%Y%m%d}.parquet"
    rows = write_inventory(body, devices, places, changed)
    return _of_an_occasion(INVENTORY, INVENTORY_SENDER, body, rows, ready_at, shape=shape)


def _of_an_occasion(feed: str, sender: str, body: Path, rows: int, ready_at: int, *, shape: str = "") -> Posting:
    return Posting(feed, sender, body.name, None, None, "final", body, rows, {}, ready_at, None, shape=shape)


def _party_list(plan: Plan, populations: Sequence[Population], aside: Path) -> Posting:
    ready_at, count = _before(plan), 0
    body = aside / f"SECAS_PARTIES_{moment(ready_at):%Y%m%d}.csv"
    with body.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(("User ID", "SEC Party", "User Role"))
        for population in populations:
            users = population.users
            listed = np.flatnonzero(users["is_listed"])
            ids = euis(users["eui"][listed], is_lower=True).to_pylist()
            for user_id, place in zip(ids, listed, strict=True):
                writer.writerow((user_id, population.parties[users["party"][place]], ROLE_WORDS[USER_ROLES[users["role"][place]]]))
            count += len(listed)
    return _of_an_occasion(PARTIES, PARTIES_SENDER, body, count, ready_at)
