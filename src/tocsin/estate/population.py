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

# Worked on at a time, where a whole column beside the columns kept would be too much.
PIECE = 1_000_000


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
    gas, ppmid = homes["has_gas"].astype(np.int8), homes["has_ppmid"].astype(np.int8)
    in_home = 2 + 2 * gas + ppmid + homes["has_hcalcs"]
    hub = np.cumsum(in_home, dtype=np.int64) - in_home
    count = int(in_home.sum(dtype=np.int64))
    columns: dict[str, Array] = {
        "device_type": np.empty(count, np.int16),
        "hub": np.repeat(hub, in_home),
        "supplier": np.empty(count, np.int32),
        "network": np.empty(count, np.int32),
        "model": np.empty(count, np.int16),
        "firmware": np.empty(count, np.int16),
    }
    everywhere = np.ones(len(homes), bool)
    # Each device type: which homes have one, and where after the hub it stands.
    for kind, has, after in (
        ("CHF", everywhere, 0),
        ("ESME", everywhere, 1),
        ("GSME", homes["has_gas"], 2),
        ("GPF", homes["has_gas"], 3),
        ("PPMID", homes["has_ppmid"], 2 + 2 * gas),
        ("HCALCS", homes["has_hcalcs"], 2 + 2 * gas + ppmid),
    ):
        places = (hub + after)[has]
        supplier, network = ("gas_user", "transporter") if kind in {"GSME", "GPF"} else ("import_user", "distributor")
        columns["device_type"][places] = number("device_type", kind)
        columns["supplier"][places] = homes[supplier][has]
        columns["network"][places] = homes[network][has]
        # The hub's function and the gas proxy are one box: same draw, same model and version.
        random = chance(plan.seed, "models", "CHF" if kind == "GPF" else kind)
        drawn = random.integers(0, PER_MILLE, (2, len(homes)), np.uint16)
        model = model_table(kind)[homes["served"][has], drawn[0][has]]
        columns["model"][places] = model
        columns["firmware"][places] = firmware_table()[model, drawn[1][has]]
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
    odd, first = np.uint64(random.integers(2**38, 2**39) * 2 + 1), np.uint64(random.integers(0, 2**40))
    makers = np.array([one.maker << 40 for one in models()], np.uint64)
    ids = np.empty(len(model), np.uint64)
    for start in range(0, len(ids), PIECE):
        serial = np.arange(start, min(start + PIECE, len(ids)), dtype=np.uint64)
        serial = (serial * odd + first) & SERIAL
        ids[start : start + PIECE] = makers[model[start : start + PIECE]] | serial ^ (serial >> np.uint64(17))
    return ids


def joined(devices: Block) -> Array:
    """Places of the devices that joined within the simulated month, in order."""
    return np.flatnonzero(devices["installed_us"] != EMPTY)
