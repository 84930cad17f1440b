"""Status updates of Communications Hubs in the months before: an extract of the DSP's audit trail, a file a month, come beforehand.

Of the hubs of the quarter before it is told one quarter in arrears whether they were connected within 90 days (domain.md 10.1: PM1.2).
Nothing else of those months is drawn, and no file of them is owed.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.chance import chance
from tocsin.estate.growth import joined_in
from tocsin.estate.homes import homes_of
from tocsin.estate.outbox import Outbox, Posting
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.rows import ACCESS_CONTROL_BROKER
from tocsin.estate.requests.spans import SUCCESS, USER_REJECT
from tocsin.estate.senders.layouts import LAYOUTS
from tocsin.estate.senders.rhythm import DSP, FEED
from tocsin.estate.senders.text import euis
from tocsin.estate.senders.trail import addressed
from tocsin.estate.senders.trail_files import begun, written
from tocsin.estate.senders.trail_rows import written_rows
from tocsin.estate.truth.hub_quarters import quarter_before
from tocsin.estate.words import number
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.instants import DAY_US, MINUTE_US

CONNECTED, NO_SM_WAN = "8.14.1", "8.14.2"

FILE, SHAPE = "DSP_HUB_UPDATES_{month}.csv.gz", "dsp_trail_earlier"

# Of a thousand hubs so many have no SM WAN at first, of a hundred of these so many are connected later by an update (assumed; the month's
# own requests have the same share: domain.md 14, first-time connectivity). A tiny estate has so many hubs a month, and without WAN in all.
WITHOUT_PER_MILLE, CONNECTED_LATER = 29, 55
FEWEST_A_MONTH, FEWEST_WITHOUT = 10, 16
LATEST_DAYS = 130

# Installers work in these hours.
FROM_US, FOR_US = 8 * 60 * MINUTE_US, 10 * 60 * MINUTE_US
MILLISECOND_US = 1000

# The User's counters of these requests are a range of their own: no other request of a simulation has one of them (duis.md 0.3).
COUNTERS_FROM = 1 << 41

# A file of them is made at noon of the day before the first simulated day, and tells what there was until the midnight before.
MADE_BEFORE_US, TOLD_UNTIL_US = DAY_US // 2, DAY_US


@dataclass(frozen=True)
class Updates:
    """Updates in order of time: the hub (place), its instant (us, whole ms), whether its SRV is 8.14.1, whether the DCC refused it."""

    hub: Whole
    at: Whole
    is_connected: Truth
    is_refused: Truth

    def take(self, rows: Array) -> "Updates":
        return Updates(*(getattr(self, name)[rows] for name in ("hub", "at", "is_connected", "is_refused")))


def draw_earlier(plan: Plan, population: Population) -> tuple[Block, Block]:
    """The requests (device: place; outcome) and their rows, addressed as the trail's are; all of the rows reach the ledger."""
    updates = _drawn(plan, population)
    devices, users, count = population.devices, population.users, len(updates.hub)
    outcome = np.where(updates.is_refused, USER_REJECT, SUCCESS).astype(np.int8)
    user = devices["supplier"][updates.hub]
    srv = np.where(updates.is_connected, number("srv", CONNECTED), number("srv", NO_SM_WAN)).astype(np.int16)
    # Each request is received, and acknowledged or refused within two seconds.
    place, is_answer = np.repeat(np.arange(count), 2), np.tile([False, True], count)
    kind = is_answer.astype(np.int8) + (is_answer & updates.is_refused[place])
    waits = chance(plan.seed, "earlier answers").integers(200, 2000, count) * MILLISECOND_US
    of_request = {
        "originator": users["eui"][user],
        "counter": users["counter_from"][user] + np.arange(COUNTERS_FROM, COUNTERS_FROM + count, dtype=np.uint64),
        "srv": srv,
        "user": user.astype(np.int32),
        "device": devices["eui"][updates.hub],
        "region": devices["region"][updates.hub],
        "device_type": devices["device_type"][updates.hub],
    }
    rows = Block(
        {
            "request": place,
            **{name: values[place] for name, values in of_request.items()},
            "target": np.full(2 * count, ACCESS_CONTROL_BROKER, np.uint64),
            "has_request": np.ones(2 * count, bool),
            "stamp": updates.at[place] + np.where(is_answer, waits[place], 0),
            "time_point": _words("time_point", kind, "RX_DSP", "ACK_TX", "TX_USER"),
            "message_class": _words("message_class", kind, "request", "ack", "reject"),
            "response_code": _words("response_code", kind, "", "I99", "E4"),
            "device_result": np.zeros(2 * count, np.int16),
            "service_provider": np.full(2 * count, number("service_provider", DSP), np.int16),
            "command_variant": np.where(is_answer, 0, 8).astype(np.int8),
            **{name: np.full(2 * count, EMPTY, np.int64) for name in ("execution_us", "scheduled_us")},
            "schedule": np.zeros(2 * count, np.int64),
            **{name: np.zeros(2 * count, np.int8) for name in ("instruction_no", "instruction_total", "fault")},
        }
    )
    return Block({"device": updates.hub, "outcome": outcome}), addressed(rows)


def post_earlier(plan: Plan, population: Population, rows: Block, outbox: Outbox, aside: Path) -> None:
    """Post the rows that `draw_earlier` gives, each in the file of the month it is stamped in."""
    layout, users = LAYOUTS[DSP], euis(population.users["eui"])
    ready_at = plan.days_start_at - MADE_BEFORE_US
    for month in _months(plan):
        told = rows.take((rows["told_us"] >= month.start_at) & (rows["told_us"] < month.end_at))
        made, spoilt = written_rows(told.take(np.argsort(told["told_us"], kind="stable")), layout.kind)
        body = aside / f"earlier-{month.label}"
        file = begun(body, layout)
        if len(made):
            file.write(written(made, layout, users))
        file.close()
        name = FILE.format(month=month.label.replace("-", ""))
        span = month.start_at, month.end_at
        outbox.post(Posting(FEED, DSP, name, *span, "final", body, len(made), spoilt, ready_at, None, shape=SHAPE))


def _drawn(plan: Plan, population: Population) -> Updates:
    random = chance(plan.seed, "earlier updates")
    hubs, days = _installed(plan, population, random)
    count = len(hubs)
    at = days * DAY_US + FROM_US + random.integers(0, FOR_US // MILLISECOND_US, count) * MILLISECOND_US
    without = random.permutation(count)[: max(min(FEWEST_WITHOUT, count // 2), count * WITHOUT_PER_MILLE // 1000)]
    is_connected = np.ones(count, bool)
    is_connected[without] = False
    is_refused = np.zeros(count, bool)
    later = random.integers(0, 100, len(without)) < CONNECTED_LATER
    # Mostly soon: the lesser of two.
    after = random.integers(DAY_US // MILLISECOND_US, LATEST_DAYS * DAY_US // MILLISECOND_US, (2, len(without))).min(0) * MILLISECOND_US
    connected_at = np.where(later, at[without] + after, EMPTY)
    _put_edges(plan, at, without, connected_at, is_refused)
    again = np.flatnonzero(connected_at != EMPTY)
    found = Updates(
        hub=np.concatenate([hubs, hubs[without[again]]]),
        at=np.concatenate([at, connected_at[again]]),
        is_connected=np.concatenate([is_connected, np.ones(len(again), bool)]),
        is_refused=np.concatenate([is_refused, np.zeros(len(again), bool)]),
    )
    found = found.take(np.flatnonzero(found.at < _until(plan)))
    return found.take(np.lexsort((found.hub, found.at)))


def _put_edges(plan: Plan, at: Whole, without: Array, connected_at: Whole, is_refused: Truth) -> None:
    """Cases that every month has, in place: on the edges of the quarter and of its 90 days, and one update that the DCC refused."""
    _, quarter_at, quarter_end_at = quarter_before(plan.period)
    at[without[:3]] = quarter_at
    # The last millisecond of the 90th day; the first instant of the day after; never.
    connected_at[:3] = quarter_at + 91 * DAY_US - MILLISECOND_US, quarter_at + 91 * DAY_US, EMPTY
    others = np.setdiff1d(np.arange(len(at)), without)
    if quarter_end_at < _until(plan):
        at[others[:2]] = quarter_end_at - MILLISECOND_US, quarter_end_at
    is_refused[others[2:3]] = True


def _installed(plan: Plan, population: Population, random: np.random.Generator) -> tuple[Whole, Whole]:
    """Hubs (places) and the UTC days of their first updates: as many a month as joined by the published figures, a third of all at most."""
    devices = population.devices
    is_hub = (devices["device_type"] == number("device_type", "CHF")) & ~devices["is_smets1"] & (devices["installed_us"] == EMPTY)
    free = np.flatnonzero(is_hub)
    days = [np.array(list(_days_of(plan, month, random)), np.int64) for month in _months(plan)]
    drawn = random.permutation(np.concatenate(days))[: len(free) // 3]
    return random.choice(free, len(drawn), replace=False), drawn


def _days_of(plan: Plan, month: Period, random: np.random.Generator) -> Iterator[Any]:
    first, last = month.start_at // DAY_US, min(month.end_at, _until(plan)) // DAY_US
    yield from random.integers(first, last, max(FEWEST_A_MONTH, homes_of(joined_in(month)[1], plan)))


def _months(plan: Plan) -> list[Period]:
    """From the first month of the quarter before to the month before the plan's."""
    _, quarter_at, _ = quarter_before(plan.period)
    found = [Period.of_instant(quarter_at, plan.period.zone)]
    while found[-1].next() < plan.period:
        found.append(found[-1].next())
    return found


def _until(plan: Plan) -> int:
    return plan.days_start_at - TOLD_UNTIL_US


def _words(column: str, kind: Array, *told: str) -> Array:
    return np.array([number(column, word) for word in told], np.int16)[kind]
