"""Requests of firmware campaigns in the audit trail: the same requests and answers that the tracking of images tells (CR1421, CR1440).

What the trail sees besides, such as the way to the device and back, is drawn here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from tocsin.estate.block import EMPTY, Array, Block, Truth, Whole
from tocsin.estate.chance import chance
from tocsin.estate.events.firmware_draw import CANCELLED_AT, Attempt, FirmwareEvent
from tocsin.estate.events.firmware_requests import CampaignRequest
from tocsin.estate.faults.fates import Fates
from tocsin.estate.plan import Plan
from tocsin.estate.population import Population
from tocsin.estate.requests.asked import DAY_MS, Asked, Sheet, bits
from tocsin.estate.requests.at_once import SIGNING, TRANSFORM, Ending, put_acks, put_legs, put_transformed
from tocsin.estate.requests.draw import Drawn
from tocsin.estate.requests.ground import waits
from tocsin.estate.requests.kinds import KIND_OF_ANSWER, answer, kind
from tocsin.estate.requests.mix import mix
from tocsin.estate.requests.oddities import NO_ODDITIES
from tocsin.estate.requests.rows import requests_and_rows
from tocsin.estate.requests.spans import DEVICE_FAIL, SUCCESS, TIMEOUT
from tocsin.estate.senders.delivered import delivered_rows
from tocsin.estate.senders.trail import addressed
from tocsin.estate.words import number
from tocsin.vocabulary.target_times import FLOWS

# What sets up, or calls off, a held activation is answered by the device within its target of 30 s (domain.md 4.1).
SET_UP_FROM_MS, SET_UP_STEP_MS = 3_000, 5


@dataclass
class _Story:
    """A request and how it was answered: by `at` (us; None: never), with what (place in ANSWERS), and whether that is a success."""

    request: CampaignRequest
    at: int | None = None
    said: int = 0
    is_well: bool = True


@dataclass(frozen=True)
class Campaigns:
    """All campaigns of a simulation. `stories` in the order of their counters; `begun`: when the first row of each is stamped, ms."""

    plan: Plan
    population: Population
    stories: Sequence[_Story]
    luck: Any
    more: Any
    begun: Whole
    days: Whole = field(repr=False)

    @classmethod
    def of(cls, plan: Plan, population: Population, attempts: Sequence[Attempt]) -> "Campaigns":
        """The requests of `draw_attempts`, each with its answers."""
        stories = sorted(_stories(attempts).values(), key=lambda one: (one.request.at, one.request.counter, one.request.user))
        draw = chance(plan.seed, "campaign requests")
        luck, more = (draw.integers(0, 1 << 64, len(stories), np.uint64) for _ in range(2))
        is_signed: Truth = np.array([one.request.srv == "11.3" for one in stories], np.bool_)
        signing = np.where(is_signed, TRANSFORM[bits(more, 36, 8)] + SIGNING[bits(more, 26, 10)], 0)
        begun = np.array([one.request.at // 1000 for one in stories], np.int64) - signing
        # What calls another off is told with it, for the truth is counted block by block.
        place = {one.request: number for number, one in enumerate(stories)}
        of_day = [number if (off := one.request.calls_off) is None else place[off] for number, one in enumerate(stories)]
        return cls(plan, population, stories, luck, more, begun, begun[of_day] // DAY_MS)

    def drawn(self, day: int) -> Drawn | None:
        """The requests first stamped on a UTC day number and those that call them off, with all their rows; None where there are none."""
        places = np.flatnonzero(self.days == day)
        if not len(places):
            return None
        sheet = Sheet()
        parts: list[Asked] = []
        by_flow = self._by_flow(places)
        for flow, of_flow in by_flow:
            asked = self._asked(flow, of_flow, sum(len(part) for part in parts))
            own = [self.stories[place] for place in of_flow]
            if flow == "firmware":
                _put_lists(sheet, asked, own)
            elif flow == "on_demand":
                _put_answered(sheet, asked, own, asked.at, command="command_1", received="received_1")
            elif flow == "critical":
                signed_at = put_transformed(sheet, asked, "received_4")
                _put_answered(sheet, asked, own, signed_at, command="command_5", received="received_5")
            else:
                _put_held(sheet, asked, own, waits(self.plan.period.first_on, "future_device_outcome")[number("srv", "11.3")])
            parts.append(asked)
        asked_for = [self.stories[place].request for _, of_flow in by_flow for place in of_flow]
        of_request = {one: number for number, one in enumerate(asked_for)}
        withdraws = np.array([-1 if one.calls_off is None else of_request[one.calls_off] for one in asked_for], np.int64)
        draw = chance(self.plan.seed, "campaign rows", day)
        requests, rows = requests_and_rows(self.population, parts, sheet, odd=NO_ODDITIES, draw=draw, running=0)
        counters = np.array([one.counter for one in asked_for], np.uint64)
        requests = requests.put(withdraws=withdraws)
        requests["later"][withdraws[withdraws >= 0]] = -1
        return Drawn(requests, rows.put(counter=counters[rows["request"]]))

    def told(self, day: int, fates: Fates) -> tuple[Drawn, Block, Truth] | None:
        """The same, its rows as senders tell them, and which of these reach the ledger."""
        drawn = self.drawn(day)
        if drawn is None:
            return None
        rows = addressed(drawn.rows.put(fault=fates.row_faults(chance(self.plan.seed, "campaign row faults", day), len(drawn.rows))))
        return drawn, rows, delivered_rows(rows, fates)

    def _by_flow(self, places: Array) -> list[tuple[str, list[int]]]:
        found: dict[str, list[int]] = {}
        for place in places.tolist():
            found.setdefault(_flow(self.stories[place].request), []).append(place)
        return list(found.items())

    def _asked(self, flow: str, places: Sequence[int], first: int) -> Asked:
        own = [self.stories[place] for place in places]
        device = np.array([-1 if one.request.device is None else one.request.device for one in own], np.int64)
        srv = np.array([number("srv", one.request.srv) for one in own])
        cells = mix().cells["srv"]
        execution = [EMPTY if one.request.execution_at is None else one.request.execution_at // 1000 for one in own]
        return Asked(
            flow=FLOWS.index(flow),
            place=np.arange(first, first + len(own)),
            # Rows of one SRV tell alike whichever of its cells they are of.
            cell=np.array([int(np.argmax(cells == one)) for one in srv], np.int16),
            at=self.begun[places],
            device=device,
            user=np.array([one.request.user for one in own], np.int32),
            region=np.where(device < 0, 0, self.population.devices["region"][device]),
            outcome=np.full(len(own), SUCCESS, np.int8),
            luck=self.luck[places],
            more=self.more[places],
            wait=waits(self.plan.period.first_on, flow)[srv],
            execution=np.array(execution, np.int64),
            later=np.full(len(own), -1, np.int8),
            withdraws=np.full(len(own), -1, np.int64),
        )


def _stories(attempts: Sequence[Attempt]) -> dict[CampaignRequest, _Story]:
    found: dict[CampaignRequest, _Story] = {}
    for attempt in attempts:
        for event in attempt.events:
            request = attempt.request if event.stage == "F0" else event.stage_request
            if request is not None:
                _add(found.setdefault(request, _Story(request)), event)
    return found


def _add(story: _Story, event: FirmwareEvent) -> None:
    if event.stage == "F0":
        # One answer for the whole list, when its last device was looked at; it warns where it leaves any out (domain.md 8.1).
        story.at = max(story.at or 0, event.observed_at)
        story.is_well &= event.result == "ok"
        story.said = story.said if not story.is_well and event.result == "ok" else answer(event.response_code)
    elif event.stage in {"F5", "F6"}:
        # An 11.2 is answered well whichever version it finds.
        story.is_well = event.stage == "F6" or event.result == "ok"
        story.at, story.said = event.observed_at, answer(event.alert_code or event.response_code, "ok" if story.is_well else "failed")


def _flow(request: CampaignRequest) -> str:
    if request.srv != "11.3":
        return "on_demand" if request.srv == "11.2" else "firmware"
    if request.execution_at is None:
        return "critical"
    return "cancellation" if request.execution_at == CANCELLED_AT else "future_device_set_up"


def _ending(asked: Asked, own: Sequence[_Story], start: Whole) -> Ending:
    """How each was answered; its outcome is set by that, and by whether it came in time (domain.md 6.4)."""
    is_told: Truth = np.array([one.at is not None for one in own], np.bool_)
    at = np.array([(one.at or 0) // 1000 for one in own], np.int64)
    asked.outcome[:] = np.where([one.is_well for one in own], SUCCESS, DEVICE_FAIL)
    asked.outcome[~is_told | (at - start > asked.wait)] = TIMEOUT
    return Ending(np.where(is_told, at, start), np.array([one.said for one in own]), is_told, is_told)


def _put_lists(sheet: Sheet, asked: Asked, own: Sequence[_Story]) -> None:
    sheet.put(asked.place, asked.at, kind("received_8"))
    end = _ending(asked, own, asked.at)
    asked.outcome[end.is_told] = SUCCESS
    sheet.put(asked.place, end.at, kind("response"), end.answer)


def _put_answered(sheet: Sheet, asked: Asked, own: Sequence[_Story], start: Whole, *, command: str, received: str) -> None:
    """Received, carried to the device and back, and answered where it was."""
    sheet.put(asked.place, start, kind(received))
    end = _ending(asked, own, start)
    put_acks(sheet, asked, start)
    put_legs(sheet, asked, start, end, command=command, odd=NO_ODDITIES)
    told = np.flatnonzero(end.is_told)
    sheet.put(asked.place[told], end.at[told], KIND_OF_ANSWER[end.answer[told]], end.answer[told])


def _put_held(sheet: Sheet, asked: Asked, own: Sequence[_Story], wait: int) -> None:
    """Set up at once, or called off; the device's report after the execution time, if there is one, is the answer. `wait`: for that."""
    signed_at = put_transformed(sheet, asked, "planned_4")
    sheet.put(asked.place, signed_at, kind("planned_5"))
    put_acks(sheet, asked, signed_at)
    every = np.ones(len(asked), np.bool_)
    set_up = Ending(
        signed_at + SET_UP_FROM_MS + SET_UP_STEP_MS * bits(asked.luck, 16, 12), np.full(len(asked), answer("I0", "ok")), every, every
    )
    put_legs(sheet, asked, signed_at, set_up, command="command_5", odd=NO_ODDITIES)
    sheet.put(asked.place, set_up.at, kind("response"), set_up.answer)
    if asked.flow == FLOWS.index("cancellation"):
        return
    told = _ending(replace(asked, wait=np.full(len(asked), wait)), own, asked.execution)
    asked.later[:], asked.outcome[:] = asked.outcome, SUCCESS
    reported = np.flatnonzero(told.is_told)
    # One instruction, of one (duis.md 6.1).
    sheet.put(asked.place[reported], told.at[reported], kind("report"), told.answer[reported], 1 * 16 + 1)
