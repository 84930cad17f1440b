"""Where a row of the audit trail is told: by whom, in which day's file, and with which stamp."""

import numpy as np

from tocsin.estate.block import Array, Block, Whole
from tocsin.estate.faults.kinds import COPY_AFTER_US
from tocsin.estate.senders.clocks import instants_of, local_stamps
from tocsin.estate.senders.rhythm import COARSE, DCO, LOCAL, TRAIL_SENDERS, sends, slot_start, zone_name
from tocsin.estate.senders.spoiling import FAULT
from tocsin.estate.words import WORDS, number, numbers
from tocsin.vocabulary.instants import DAY_US, SECOND_US
from tocsin.vocabulary.service_providers import service_providers

__all__ = ["TRAIL_SENDERS", "addressed", "sends", "slot_start"]

# The DCO sees critical commands on their way to a SMETS1 device (domain.md 1.2); the points are no measure's.
DCO_POINTS = numbers("time_point", ("RX_CSP", "TX_DEV"))
# What the DCO's layout has no column for.
UNTOLD_BY_DCO = {
    "response_code": 0, "device_result": 0, "execution_us": np.iinfo(np.int64).min, "scheduled_us": np.iinfo(np.int64).min,
    "schedule": 0, "instruction_no": 0, "instruction_total": 0,
}  # fmt: skip


def addressed(rows: Block) -> Block:
    """Rows with `fault` set, and three columns more: sender (place in TRAIL_SENDERS), told_us (the instant a reader of the file must
    take the row's stamp for), file_day (day number of its file in the sender's own zone).

    What a sender's layout has no column for is made empty. A SMETS1 request travels in the file of the S1SP of its device if that keeps
    a trail; all else, in the DSP's. A belated row stands in the file of the day after.
    """
    rows = rows.put(sender=_sender(rows))
    rows = _untold(rows)
    local = _local(rows["stamp"], rows["sender"])
    told = _told(local, rows["sender"])
    fault = rows["fault"].astype(np.int8)
    file_day = local // DAY_US + (fault == FAULT["belated"])
    # A copy seven seconds on that falls into the hour a clock change repeats would be read as an hour earlier: no such copy is made.
    copies = np.flatnonzero(fault == FAULT["copied"])
    again = told[copies] + COPY_AFTER_US
    fault[copies[_told(_local(again, rows["sender"][copies]), rows["sender"][copies]) != again]] = 0
    return rows.put(fault=fault, told_us=told, file_day=file_day.astype(np.int32))


def _sender(rows: Block) -> Array:
    """The sender of each row: all rows of a request go with the S1SP that any of them names, but for those that the DCO sees."""
    senders = _senders_of_providers()
    named = senders[rows["service_provider"]]
    is_smets1 = named >= 0
    of_request = np.zeros(int(rows["request"].max(initial=-1)) + 1, np.int8)
    of_request[rows["request"][is_smets1]] = named[is_smets1]
    sender = of_request[rows["request"]]
    smets1 = np.zeros(len(of_request), np.bool_)
    smets1[rows["request"][is_smets1]] = True
    # A row without a RequestID needs its schedule to be known by, which the DCO does not tell.
    sender[np.isin(rows["time_point"], DCO_POINTS) & smets1[rows["request"]] & rows["has_request"]] = TRAIL_SENDERS.index(DCO)
    return sender


def _senders_of_providers() -> Array:
    """By number of a Service Provider: -1 for those that are not of SMETS1, else the place of the sender of its trail."""
    providers = service_providers()
    places = {sender: place for place, sender in enumerate(TRAIL_SENDERS)}
    smets1 = [code for code, provider in providers.items() if provider.region == "smets1"]
    found = np.full(len(WORDS["service_provider"]), -1, np.int8)
    for code in smets1:
        found[number("service_provider", code)] = places.get(providers[code].sender, 0)
    return found


def _untold(rows: Block) -> Block:
    of_dco = rows["sender"] == TRAIL_SENDERS.index(DCO)
    if not of_dco.any():
        return rows
    changed = {}
    for name, empty in UNTOLD_BY_DCO.items():
        changed[name] = rows[name].copy()
        changed[name][of_dco] = empty
    return rows.put(**changed)


def _local(at: Whole, sender: Array) -> Whole:
    """The stamps that the senders' clocks show, to the resolution they write."""
    shown = at.copy()
    for place in (TRAIL_SENDERS.index(COARSE), TRAIL_SENDERS.index(LOCAL)):
        own = sender == place
        if TRAIL_SENDERS[place] == COARSE:
            shown[own] -= shown[own] % SECOND_US
        else:
            shown[own] = local_stamps(at[own], zone_name(TRAIL_SENDERS[place]))
    return shown


def _told(local: Whole, sender: Array) -> Whole:
    told = local.copy()
    own = sender == TRAIL_SENDERS.index(LOCAL)
    told[own] = instants_of(local[own], zone_name(LOCAL))
    return told
