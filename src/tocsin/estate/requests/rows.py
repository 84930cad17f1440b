"""From drawn requests and the sheet of their rows to the blocks that senders write and the truth is counted from."""

from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Whole
from tocsin.estate.population import Population
from tocsin.estate.requests.asked import Asked, Sheet
from tocsin.estate.requests.held import schedules
from tocsin.estate.requests.kinds import CODE, DCO_LEG, DSP_LEG, LEG, MESSAGE_CLASS, RESULT, TELLS_EXECUTION, TIME_POINT, VARIANT
from tocsin.estate.requests.mix import mix
from tocsin.estate.requests.oddities import Oddities
from tocsin.estate.words import UNKNOWN_REGION_WORD, UNKNOWN_SRV, number
from tocsin.vocabulary.target_times import FLOWS

# The DCC Access Control Broker, target of what no device answers (duis.md section 2): 90-B3-D5-1F-30-00-00-02.
ACCESS_CONTROL_BROKER = 0x90B3D51F30000002

DSP, DCO = number("service_provider", "DSP"), number("service_provider", "DCO")
SCHEDULED, BOTH, SET_UP = (FLOWS.index(flow) for flow in ("scheduled", "future_both", "future_device_set_up"))

# Flows that a request of an SRV no table has would go just as well.
MAY_BE_UNKNOWN = [FLOWS.index(flow) for flow in ("on_demand", "critical", "dcc_only", "scheduled")]

# Rows stand about four seconds out of order, as systems write them (architecture section 4, rule 9).
OUT_OF_ORDER_MS = 4096
_PLACE_BITS = 21


def requests_and_rows(
    population: Population, parts: list[Asked], sheet: Sheet, *, odd: Oddities, draw: Any, running: int
) -> tuple[Block, Block]:
    """The block's requests and rows.

    Requests: flow, outcome (-1: withdrawn, no happening), later, srv, user, device (place of the device the rows name, -1 none),
    withdraws. Rows: request (place in the block), originator, target, device (EUI-64), counter, has_request (False: a scheduled run, whose
    request id is left empty), stamp (whole milliseconds), execution_us and scheduled_us (whole seconds; EMPTY), all in microseconds UTC,
    coded words as numbers in WORDS, schedule, instruction_no and instruction_total (0: none). `running`: of the first request.
    """
    asked = _in_order(parts)
    requests = _requests(asked, odd)
    told = _told(population, asked, requests, odd, running)
    place, stamp, kind, answer, instruction = _out_of_order(sheet, draw)
    leg = LEG[kind]
    provider = np.full(len(kind), DSP, np.int16)
    on_own_leg = np.flatnonzero(leg != DSP_LEG)
    provider[on_own_leg] = np.where(leg[on_own_leg] == DCO_LEG, DCO, told["service_provider"][place[on_own_leg]])
    execution = np.full(len(kind), EMPTY, np.int64)
    telling = np.flatnonzero(TELLS_EXECUTION[kind])
    execution[telling] = told["execution_us"][place[telling]]
    rows = Block(
        {
            "request": place,
            "originator": told["originator"][place],
            "target": told["target"][place],
            "counter": told["counter"][place],
            "has_request": told["has_request"][place],
            "stamp": stamp * 1000,
            "time_point": TIME_POINT[kind],
            "message_class": MESSAGE_CLASS[kind],
            "srv": requests["srv"][place],
            "response_code": CODE[answer],
            "device_result": RESULT[answer],
            "device_type": told["device_type"][place],
            "region": told["region"][place],
            "service_provider": provider,
            "command_variant": VARIANT[kind],
            "user": requests["user"][place],
            "device": told["device"][place],
            "execution_us": execution,
            "scheduled_us": told["scheduled_us"][place],
            "schedule": told["schedule"][place],
            "instruction_no": (instruction >> 4).astype(np.int8),
            "instruction_total": (instruction & 15).astype(np.int8),
        }
    )
    return requests, rows


def _in_order(parts: list[Asked]) -> Block:
    """All requests of the block in the order of their places; flow, srv as drawn, and what the parts say."""
    flows = np.concatenate([np.full(len(part), part.flow, np.int8) for part in parts])
    columns = {name: np.concatenate([getattr(part, name) for part in parts]) for name in _OF_PARTS}
    # Places were given part by part, so they only want laying end to end where a part had others drawn with it.
    order = np.empty(len(flows), np.int64)
    order[columns.pop("place")] = np.arange(len(flows))
    return Block({"flow": flows, **columns}).take(order)


_OF_PARTS = ("place", "cell", "at", "device", "user", "region", "outcome", "execution", "later", "withdraws")


def _requests(asked: Block, odd: Oddities) -> Block:
    cells = mix().cells
    srv = cells["srv"][asked["cell"]].astype(np.int16)
    flow = asked["flow"].copy()
    unknown = odd.some(len(flow), "unknown_srv")
    srv[unknown[np.isin(flow[unknown], MAY_BE_UNKNOWN)]] = number("srv", UNKNOWN_SRV)
    held = np.flatnonzero(flow == SET_UP)
    flow[held[cells["is_both"][asked["cell"][held]]]] = BOTH
    return Block(
        {
            "flow": flow,
            "outcome": asked["outcome"],
            "later": asked["later"],
            "srv": srv,
            "user": asked["user"].astype(np.int32),
            "device": asked["device"].astype(np.int64),
            "withdraws": asked["withdraws"],
        }
    )


def _told(population: Population, asked: Block, requests: Block, odd: Oddities, running: int) -> dict[str, Array]:
    """What every row of a request tells alike."""
    devices, users, cells = population.devices, population.users, mix().cells
    device, user, named = requests["device"], requests["user"], requests["device"] >= 0
    is_non_device = cells["is_in_dcc"][asked["cell"]]
    eui = np.where(named, devices["eui"][device], np.uint64(0))
    region = asked["region"].astype(np.int16)
    strange = odd.some(len(region), "unknown_region")
    region[strange[named[strange]]] = number("region", UNKNOWN_REGION_WORD)
    is_run = asked["flow"] == SCHEDULED
    runs = np.flatnonzero(is_run)
    planned: Whole = np.full(len(is_run), EMPTY, np.int64)
    planned[runs] = asked["at"][runs] * 1000
    schedule = np.zeros(len(is_run), np.int64)
    schedule[runs] = schedules(device[runs], cells["srv"][asked["cell"][runs]], asked["at"][runs])
    execution = asked["execution"]
    return {
        "originator": users["eui"][user],
        "target": np.where(is_non_device, np.uint64(ACCESS_CONTROL_BROKER), eui),
        # A User's counters rise from where that User began; some began above 2**63 (duis.md 0.3).
        "counter": users["counter_from"][user] + np.arange(running, running + len(user), dtype=np.uint64),
        "has_request": ~is_run,
        "device_type": np.where(named, devices["device_type"][device], 0).astype(np.int16),
        "region": region,
        "service_provider": np.where(named, devices["service_provider"][device], DSP).astype(np.int16),
        "device": eui,
        "execution_us": np.where(execution == EMPTY, EMPTY, execution * 1000),
        "scheduled_us": planned,
        "schedule": schedule,
    }


def _out_of_order(sheet: Sheet, draw: Any) -> tuple[Whole, Whole, Array, Array, Array]:
    """The sheet's columns as a system would have written them: by time, but not quite."""
    place, stamp = np.concatenate(sheet.places), np.concatenate(sheet.stamps)
    written = stamp - stamp.min() + draw.integers(0, OUT_OF_ORDER_MS, len(stamp))
    # Sorted as one number with its place, for the order of equal ones must not be the processor's choice.
    key = written << _PLACE_BITS | np.arange(len(stamp))
    order = np.sort(key) & ((1 << _PLACE_BITS) - 1)
    return (
        place[order],
        stamp[order],
        np.concatenate(sheet.kinds)[order],
        np.concatenate(sheet.answers)[order],
        np.concatenate(sheet.instructions)[order],
    )
