"""The population: every device of the estate behind its Communications Hub, and every User that may send to it."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block
from tocsin.estate.chance import chance
from tocsin.estate.homes import home_counts, make_homes
from tocsin.estate.models import PER_MILLE, firmware_table, model_table, models
from tocsin.estate.parties import make_parties
from tocsin.estate.plan import Plan
from tocsin.estate.words import number

# Of a thousand devices so many are missing from the inventory (assumed); they are real and answer all the same.
UNLISTED_PER_MILLE = 3
FEWEST_UNLISTED = 2

# Serial numbers fill the last five octets of an EUI-64, below the three octets of the maker.
SERIAL = np.uint64(2**40 - 1)


@dataclass(frozen=True)
class Population:
    """Devices and Users, both in a fixed order: other blocks name them by place. Coded words are numbers of `words.WORDS`.

    `devices`: eui uint64; device_type, region, service_provider int16 (numbers); is_smets1 bool; cohort int8 (place in COHORTS); hub int64
    (place of its Communications Hub); supplier, network int32 (places in users: import or gas supplier, distributor or transporter);
    is_prepayment bool; installed_us int64 (EMPTY: before the simulated days); is_listed bool (False: not in the inventory);
    model int16 (place in models()); firmware int16 (place in firmware_versions()).
    `users`: eui uint64; party int16 (place in parties); role int8 (place in USER_ROLES); is_listed bool (False: not in the party list);
    counter_from uint64 (its first counter).
    """

    devices: Block
    users: Block
    parties: tuple[str, ...]


def populate(plan: Plan) -> Population:
    """The estate at the end of the plan's month, devices that join in it included.

    Raises BadDeclaration for a month before the estate or a scale that leaves too few homes.
    """
    parties = make_parties(plan.seed, sum(home_counts(plan)))
    homes = make_homes(plan, parties)
    return Population(_devices(plan, homes), parties.users, parties.names)


def _devices(plan: Plan, homes: Block) -> Block:
    """A home's devices stand together: the Communications Hub, the electricity meter, the gas meter and its proxy, then the rest."""
    gas, ppmid = homes["has_gas"].astype(np.int64), homes["has_ppmid"].astype(np.int64)
    in_home = 2 + 2 * gas + ppmid + homes["has_hcalcs"]
    hub = np.cumsum(in_home) - in_home
    everywhere = np.arange(len(homes))
    with_gas = np.flatnonzero(homes["has_gas"])
    with_ppmid = np.flatnonzero(homes["has_ppmid"])
    with_hcalcs = np.flatnonzero(homes["has_hcalcs"])
    # Each device type: which homes have one, at which place the device stands, and what of the home is its supplier and network.
    kinds = (
        ("CHF", everywhere, hub, "import_user", "distributor"),
        ("ESME", everywhere, hub + 1, "import_user", "distributor"),
        ("GSME", with_gas, hub[with_gas] + 2, "gas_user", "transporter"),
        ("GPF", with_gas, hub[with_gas] + 3, "gas_user", "transporter"),
        ("PPMID", with_ppmid, (hub + 2 + 2 * gas)[with_ppmid], "import_user", "distributor"),
        ("HCALCS", with_hcalcs, (hub + 2 + 2 * gas + ppmid)[with_hcalcs], "import_user", "distributor"),
    )
    count = int(in_home.sum())
    random = chance(plan.seed, "devices")
    # The hub's function and the gas proxy are one box: same draw, same model and version.
    drawn = {kind: random.integers(0, PER_MILLE, (2, len(homes)), np.uint16) for kind in ("CHF", "ESME", "GSME", "PPMID", "HCALCS")}
    drawn["GPF"] = drawn["CHF"]
    columns: dict[str, Array] = {
        "device_type": np.empty(count, np.int16),
        "hub": np.repeat(hub, in_home),
        "supplier": np.empty(count, np.int32),
        "network": np.empty(count, np.int32),
        "model": np.empty(count, np.int16),
        "firmware": np.empty(count, np.int16),
    }
    for kind, where, places, supplier, network in kinds:
        model = model_table(kind)[homes["served"][where], drawn[kind][0][where]]
        columns["device_type"][places] = number("device_type", kind)
        columns["supplier"][places] = homes[supplier][where]
        columns["network"][places] = homes[network][where]
        columns["model"][places] = model
        columns["firmware"][places] = firmware_table()[model, drawn[kind][1][where]]
    for name in ("region", "service_provider", "cohort", "is_prepayment", "installed_us"):
        columns[name] = np.repeat(homes[name], in_home)
    columns["is_smets1"] = columns["cohort"] > 0
    columns["is_listed"] = _listed(plan, count)
    columns["eui"] = _device_ids(plan, columns["model"])
    return Block(columns)


def _listed(plan: Plan, count: int) -> Array:
    listed = np.ones(count, bool)
    unlisted = max(FEWEST_UNLISTED, count * UNLISTED_PER_MILLE // PER_MILLE)
    listed[chance(plan.seed, "unlisted").integers(0, count, unlisted)] = False
    return listed


def _device_ids(plan: Plan, model: Array) -> Array:
    """EUI-64s: the maker's octets, then a serial number that no other device has, scattered one-to-one by the seed."""
    random = chance(plan.seed, "device ids")
    odd = np.uint64(random.integers(2**38, 2**39) * 2 + 1)
    serial = np.arange(len(model), dtype=np.uint64)
    serial *= odd
    serial += np.uint64(random.integers(0, 2**40))
    serial &= SERIAL
    serial ^= serial >> np.uint64(17)
    serial |= np.array([one.maker for one in models()], np.uint64)[model] << np.uint64(40)
    return serial


def joined(devices: Block) -> Array:
    """Places of the devices that joined within the simulated month, in order."""
    return np.flatnonzero(devices["installed_us"] != EMPTY)
