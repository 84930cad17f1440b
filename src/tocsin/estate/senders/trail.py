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
    # No copy is made that would stand, seven seconds on, in the next day, or in the hour a clock change repeats and be read as earlier.
    copies = np.flatnonzero(fault == FAULT["copied"])
    again, sender = told[copies] + COPY_AFTER_US, rows["sender"][copies]
    local_again = _local(again, sender)
    fault[copies[(_told(local_again, sender) != again) | (local_again // DAY_US != file_day[copies])]] = 0
    return rows.put(fault=fault, told_us=told, file_day=file_day.astype(np.int32))


def _sender(rows: Block) -> Array:
    """The sender of each row: all rows of a request go with the S1SP that any of them names, but for those that the DCO sees."""
    named = _senders_of_providers()[rows["service_provider"]]
    is_named = named >= 0
    of_request = np.zeros(int(rows["request"].max(initial=-1)) + 1, np.int8)
    of_request[rows["request"][is_named]] = named[is_named]
    sender = of_request[rows["request"]]
    # A row without a RequestID needs its schedule to be known by, which the DCO does not tell.
    is_dcos = (rows["service_provider"] == number("service_provider", DCO)) & np.isin(rows["time_point"], DCO_POINTS) & rows["has_request"]
    sender[is_dcos] = TRAIL_SENDERS.index(DCO)
    return sender


def _senders_of_providers() -> Array:
    """By number of a Service Provider: the place of the sender of its trail for an S1SP that keeps one, else -1."""
    found = np.full(len(WORDS["service_provider"]), -1, np.int8)
    for code, provider in service_providers().items():
        if provider.role == "s1sp" and provider.sender in TRAIL_SENDERS:
            found[number("service_provider", code)] = TRAIL_SENDERS.index(provider.sender)
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
