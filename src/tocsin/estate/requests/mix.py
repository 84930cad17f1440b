"""What is sent: every SRV's share of the month's Service Requests, to which devices, from which Users, by which flow, at which hours.

About 60 % of the traffic is meter reads, security is next (domain.md section 14, October 2019); all finer shares are assumed.
An SRV without a share is drawn by the firmware campaigns (campaigns.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.requests.hours import HABITS
from tocsin.estate.requests.pools import POOLS, SOURCES
from tocsin.estate.requests.spans import SPEEDS
from tocsin.estate.words import number
from tocsin.vocabulary.devices import DEVICE_TYPES
from tocsin.vocabulary.service_requests import USER_ROLES, ServiceRequestVariant, variants
from tocsin.vocabulary.table_file import TableRow, overriding
from tocsin.vocabulary.target_times import FLOWS

# Of a million requests to devices: returned for local delivery (few Users do); critical ones that their User never signs. Assumed.
LOCAL, UNSIGNED = 500, 6000

# How the requests of one SRV divide among the types it is for. Gas reads are mostly answered by the hub's mirror (duis.md 6.2).
TYPE_SHARES = {"ESME": 60, "GSME": 15, "GPF": 25, "CHF": 20, "PPMID": 10, "HCALCS": 1}

# Requests of other roles beside the supplier's, per mille of an SRV that the supplier may send too; all by the role's share if it may not.
ROLE_SHARES = {"ES": 8, "RSA": 4, "ED": 40, "GT": 15, "OU": 12}
SUPPLIER = 1000

# SRVs that the DCC answers with data; the others end with the acknowledgement alone (duis.md 0.6).
TELLING = ("5.1", "5.2", "8.2", "12.1")

# Answers that warn although all went well (duis.md 3.1).
WARNINGS = {"5.2": "W050201", "5.3": "W050301", "8.14.1": "W081401", "11.1": "W110101", "11.4": "W110401"}


@dataclass(frozen=True)
class Mix:
    """`cells`: one row for each (flow, SRV, device type, role) there is, by flow in the order of FLOWS.

    flow, srv (number in WORDS), device_type (number in WORDS, 0 none), share (float, of one), habit (place in HABITS), speed (place in
    SPEEDS), pool (place in POOLS), role (place in USER_ROLES), source (place in SOURCES), is_critical, is_in_dcc, is_both (6.23),
    is_final_ack, has_subject, instructions (of a device-held command), warning (number in WORDS, 0 none).
    """

    cells: Block

    def of_flow(self, flow: str) -> slice:
        """Where the cells of one flow stand."""
        first, last = np.searchsorted(self.cells["flow"], [FLOWS.index(flow), FLOWS.index(flow) + 1])
        return slice(int(first), int(last))


@cache
def mix() -> Mix:
    """The mix as shipped. Raises BadDeclaration on a bad row of mix.csv."""
    with as_file(files("tocsin.estate.requests") / "mix.csv") as file:
        rows = overriding(file).rows
    found = sorted(cell for row in rows for cell in _cells(row))
    columns: dict[str, Array] = {name: np.array([cell[place] for cell in found]) for place, name in enumerate(_COLUMNS)}
    whole = columns["share"].sum()
    return Mix(Block({**columns, "share": columns["share"] / whole}))


_COLUMNS = (
    "flow",
    "srv",
    "device_type",
    "role",
    "share",
    "habit",
    "speed",
    "pool",
    "source",
    "is_critical",
    "is_in_dcc",
    "is_both",
    "is_final_ack",
    "has_subject",
    "instructions",
    "warning",
)
Cell = tuple[int | float | bool, ...]


def _cells(row: TableRow) -> Iterator[Cell]:
    """The cells of one SRV. Shares of types, roles and flows are independent of each other."""
    fact = variants()[row.one_of("srv", tuple(variants()))]
    flows = dict(_flows(row, fact))
    types = _types(row, fact)
    for device_type, of_type in types:
        for role, source, of_role in _roles(fact, device_type):
            for flow, of_flow in flows.items():
                # The DCC's own schedules and what Users plan are not tied to opening hours.
                habit = "night" if flow == "scheduled" else row.one_of("hours", HABITS)
                # Neither a schedule's run nor what never leaves the DCC goes at the speed of the SRV.
                speed = {"scheduled": "scheduled", "transform_only": "dcc", "local_only": "dcc"}.get(flow, row.one_of("speed", SPEEDS))
                instructions = row.whole("instructions" if device_type == "ESME" else "instructions_gas")
                yield (
                    FLOWS.index(flow),
                    number("srv", fact.srv),
                    number("device_type", device_type),
                    USER_ROLES.index(role),
                    row.whole("share") * of_type * of_role * of_flow,
                    HABITS.index(habit),
                    SPEEDS.index(speed),
                    POOLS.index("any" if flow in HELD else row.one_of("pool", (*POOLS, "none")).replace("none", "any")),
                    SOURCES.index(source),
                    fact.is_critical,
                    fact.is_non_device,
                    fact.future_dated == "both",
                    fact.srv not in TELLING,
                    row.cells["pool"] != "none",
                    instructions,
                    number("response_code", WARNINGS.get(fact.srv, "")),
                )


# Their devices come from the day's own share of all devices.
HELD = ("future_dsp", "future_device_set_up")


def _flows(row: TableRow, fact: ServiceRequestVariant) -> Iterator[tuple[str, float]]:
    """(flow, share) of an SRV. Cancellations and outcomes are drawn with the requests they belong to."""
    if fact.is_non_device:
        yield ("firmware" if fact.srv in ("11.1", "11.4") else "dcc_only"), 1.0
        return
    if scheduled := row.whole("scheduled") / 1000:
        yield "scheduled", scheduled
    future = (1 - scheduled) * row.whole("future") / 1000
    if future:
        yield ("future_dsp" if fact.future_dated == "dsp" else "future_device_set_up"), future
    at_once = 1 - scheduled - future
    # 8.1.1 and 8.5 have no variant for local delivery (duis.md section 2).
    if {2, 6} & set(fact.command_variants) and at_once:
        yield "local_only", at_once * LOCAL / 1e6
    if fact.is_critical:
        yield "transform_only", at_once * UNSIGNED / 1e6
    if at_once:
        yield ("critical" if fact.is_critical else "on_demand"), at_once


def _types(row: TableRow, fact: ServiceRequestVariant) -> list[tuple[str, float]]:
    """(device type, share) that an SRV is sent to; those of any device go to meters, as do those that name none, for their User's sake."""
    known = [word for word in DEVICE_TYPES if word in TYPE_SHARES and word in fact.device_types] or ["ESME", "GSME"]
    whole = sum(TYPE_SHARES[word] for word in known)
    return [(word, TYPE_SHARES[word] / whole) for word in known]


def _roles(fact: ServiceRequestVariant, device_type: str) -> Iterator[tuple[str, str, float]]:
    """(role, where its User is found, share) of those who may send an SRV to a device type (domain.md 5.3)."""
    fuel = {"ESME": ("IS", "ED"), "GSME": ("GS", "GT"), "GPF": ("GS", "GT")}.get(device_type, ("IS", ""))
    supplier, network = fuel
    # Three SRVs list no role (duis.md 5.1): the supplier sends them.
    roles = fact.user_roles or (supplier,)
    found = [(supplier, "supplier", SUPPLIER)] if supplier in roles else []
    if network in roles:
        found.append((network, "network", SUPPLIER if network not in fact.user_roles[:1] and not found else ROLE_SHARES[network]))
    # Export suppliers have to do with electricity meters alone.
    others = [role for role in ("ES", "RSA", "OU") if role in roles and (role != "ES" or device_type == "ESME")]
    found += [(role, "listed", ROLE_SHARES[role]) for role in others]
    whole = sum(weight for _, _, weight in found)
    for role, source, weight in found:
        yield role, source, weight / whole
