"""Firmware of Communications Hubs as it happens: downloads day by day, and the versions that start to run some time after (CR1423).

Nobody tells an activation: that a hub runs another version is known when the inventory has it (domain.md 8.4).
"""

from typing import NamedTuple

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.chance import chance
from tocsin.estate.models import firmware_versions, models
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.words import number
from tocsin.vocabulary.instants import DAY_US, MINUTE_US, SECOND_US
from tocsin.vocabulary.service_providers import service_providers

# Who downloads images to its Communications Hubs and tells of it.
SENDERS = ("CSPN", "CSPCS", "S1SP-SECURE")

# Of a thousand Communications Hubs of a Service Provider a day's campaign takes so many, and three at least (assumed).
A_DAY, FEWEST, FAILED = 8, 3, 35
FAILURES = ("signal lost", "image rejected", "no room")

# An image that is on the hub runs some hours to some days later; of a hundred so many never do (assumed).
SOONEST_US, LATEST_US, NEVER_RUNS = 40 * MINUTE_US, 9 * DAY_US, 6


class Download(NamedTuple):
    """One attempt: the hub (place), when it began and ended (us, whole s), its version, why it failed (empty: it did not)."""

    hub: int
    began_at: int
    ended_at: int
    version: str
    failure: str

    @property
    def result(self) -> str:
        return "failed" if self.failure else "ok"


def draw_downloads(plan: Plan, population: Population, sender: str) -> list[Download]:
    """Every attempt of a sender's Communications Hubs, in the order in which they began."""
    devices = population.devices
    providers = [number("service_provider", code) for code, one in service_providers().items() if one.sender == sender]
    is_own = (devices["device_type"] == number("device_type", "CHF")) & np.isin(devices["service_provider"], providers)
    own: Array = np.flatnonzero(is_own & (devices["installed_us"] < plan.days_start_at))
    downloads: list[Download] = []
    for day in plan.days:
        random = chance(plan.seed, "hub firmware", sender, day)
        for hub in random.choice(own, min(len(own), max(FEWEST, len(own) * A_DAY // 1000)), replace=False).tolist():
            began_at = day * DAY_US + int(random.integers(0, 86_400)) * SECOND_US
            ended_at = began_at + int(random.integers(600, 5 * 3_600)) * SECOND_US
            failure = str(random.choice(FAILURES)) if random.integers(0, 1000) < FAILED else ""
            downloads.append(Download(hub, began_at, ended_at, models()[devices["model"][hub]].firmware[-1], failure))
    return sorted(downloads, key=lambda download: (download.began_at, download.hub))


def draw_activations(plan: Plan, population: Population) -> Block:
    """Every hub that comes to run another version than the one it held: hub (place), since_us (whole s), firmware (place of the version).

    One row a hub, in order of place: each campaign brings the newest version of the model.
    """
    devices = population.devices
    newest = np.array([firmware_versions().index(model.firmware[-1]) for model in models()], np.int16)
    hubs, starts = [], []
    for sender in SENDERS:
        downloads = draw_downloads(plan, population, sender)
        random = chance(plan.seed, "hub activations", sender)
        delays = random.integers(SOONEST_US // SECOND_US, LATEST_US // SECOND_US, len(downloads)) * SECOND_US
        runs = random.integers(0, 100, len(downloads)) >= NEVER_RUNS
        done = np.flatnonzero(runs & np.array([download.result == "ok" for download in downloads], bool))
        hubs.append(np.array([downloads[place].hub for place in done], np.int64))
        starts.append(np.array([downloads[place].ended_at for place in done], np.int64) + delays[done])
    hub, since = np.concatenate(hubs), np.concatenate(starts)
    if plan.is_followed:
        # What comes to run in the month after would be of that month.
        hub, since = hub[since < plan.period.end_at], since[since < plan.period.end_at]
    others = np.flatnonzero(devices["firmware"][hub] != newest[devices["model"][hub]])
    # By hub, its first activation first: a second download of what runs already changes nothing.
    others = others[np.lexsort((since[others], hub[others]))]
    _, first = np.unique(hub[others], return_index=True)
    hub, since = hub[others[first]], since[others[first]]
    return Block({"hub": hub, "since_us": since, "firmware": newest[devices["model"][hub]]})
