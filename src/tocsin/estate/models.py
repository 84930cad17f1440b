"""Device models: who made a device, what firmware it may hold, and where the model is served (domain.md section 8)."""

from dataclasses import dataclass
from functools import cache

import numpy as np

from tocsin.estate.block import Array
from tocsin.estate.own_tables import own_table
from tocsin.estate.words import ESTATE_DEVICE_TYPES
from tocsin.vocabulary.devices import REGIONS

# The SMETS1 cohorts of paper 3; place 0 is a SMETS2+ device, which is of none.
COHORTS = ("", "IOC", "MOC-MDS", "MOC-SECURE", "FOC")

# Where a home is served: one of the three CSP Regions, or its SMETS1 cohort.
SERVED = (*REGIONS[:3], *COHORTS[1:])

# Shares are drawn as whole numbers below this.
PER_MILLE = 1000

# Of a thousand devices, how many still hold a model's oldest version and how many the middle one (assumed).
OLDEST_PER_MILLE, MIDDLE_PER_MILLE = 60, 290


@dataclass(frozen=True)
class Model:
    """One model. `maker`: the first three octets of its devices' EUI-64s; `firmware`: its versions, the oldest first.

    `can_report`: whether the device can acknowledge a firmware image; PPMIDs of IOC and MDS cannot (domain.md 8.2).
    """

    name: str
    device_type: str
    served: tuple[str, ...]
    maker: int
    per_mille: int
    firmware: tuple[str, ...]
    can_report: bool


@cache
def models() -> tuple[Model, ...]:
    """Every model; a device's `model` is its place here."""
    return tuple(
        Model(
            name=row.cells["model"],
            device_type=row.one_of("device_type", ESTATE_DEVICE_TYPES),
            served=row.words("served", SERVED),
            maker=int(row.cells["maker"], 16),
            per_mille=row.whole("per_mille"),
            firmware=tuple(row.cells["firmware"].split()),
            can_report=row.truth("can_report"),
        )
        for row in own_table("models")
    )


@cache
def firmware_versions() -> tuple[str, ...]:
    """Every firmware version; a device's `firmware` is its place here."""
    return tuple(sorted({version for model in models() for version in model.firmware}))


@cache
def model_table(device_type: str) -> Array:
    """For each place of SERVED and each whole number below PER_MILLE, the model's place (int16); -1 where the type is not served."""
    table = np.full((len(SERVED), PER_MILLE), -1, np.int16)
    for place, where in enumerate(SERVED):
        reached = 0
        for number, model in enumerate(models()):
            if model.device_type == device_type and where in model.served:
                table[place, reached : reached + model.per_mille] = number
                reached += model.per_mille
    return table


@cache
def firmware_table() -> Array:
    """For each model and each whole number below PER_MILLE, the place of the version held (int16)."""
    table = np.empty((len(models()), PER_MILLE), np.int16)
    for number, model in enumerate(models()):
        oldest, middle, newest = (firmware_versions().index(version) for version in model.firmware)
        table[number] = newest
        table[number, : OLDEST_PER_MILLE + MIDDLE_PER_MILLE] = middle
        table[number, :OLDEST_PER_MILLE] = oldest
    return table
