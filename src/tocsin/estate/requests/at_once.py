"""Flows that are answered as they come: on demand, critical in two steps, unsigned, local, and answered in the DCC (domain.md 6.2)."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array, Truth, Whole
from tocsin.estate.requests.asked import Asked, Sheet, bits, is_luck_below, span
from tocsin.estate.requests.kinds import (
    DCC_ANSWERS,
    DEVICE_ANSWERS,
    KIND_OF_ANSWER,
    WARNING_OF_CODE,
    answer,
    kind,
)
from tocsin.estate.requests.oddities import NO_ODDITIES, Oddities
from tocsin.estate.requests.spans import DCC_FAIL, DEVICE_FAIL, SPEEDS, SUCCESS, TIMEOUT, USER_REJECT, lognormal
from tocsin.estate.words import UNKNOWN_CODE, WORDS

# Of 256 requests: those of which the trail tells the way to the device and back, those acknowledged, late answers among timeouts, requests
# for local delivery besides (variants 3 and 7), warnings among those that may warn. Chosen to leave 2.1 to 2.3 rows a request, for July
# 2022 had 33 M requests and about 69 M rows of trail a day (architecture section 6); assumed.
TRACED, ACKED, LATE, BOTH_WAYS, WARNED = 88, 26, 64, 1, 20

# The User's own signing: about 20 s by machine, minutes by hand; two seconds at least keeps the two receipts apart by any clock.
SIGNING = lognormal(20_000, 110, 1024, 2_500, 900_000)
TRANSFORM = lognormal(900, 35, 256, 200, 8_000)

SMETS1 = WORDS["region"].index("smets1")


@dataclass(frozen=True)
class Ending:
    """When each was answered, in what way; `is_told`: whether it ever was; `is_by_device`: whether the device answered at all."""

    at: Whole
    answer: Array
    is_told: Truth
    is_by_device: Truth


def ending(asked: Asked, start: Whole, answers: Array, lasting: Whole, odd: Oddities = NO_ODDITIES) -> Ending:
    """How requests end that were begun at `start` and take so long if all goes well. Failures are faster; some answers come too late."""
    outcome = asked.outcome
    strange = odd.some(len(asked), "unknown_code")
    # An error that no table lists is the DCC's (decision 3).
    outcome[strange] = DCC_FAIL
    at = start + lasting
    is_told = np.ones(len(asked), np.bool_)
    bad = np.flatnonzero(outcome != SUCCESS)
    ended, begun, way_in = outcome[bad], start[bad], bits(asked.luck, 56, 8)[bad]
    at[bad[ended == DEVICE_FAIL]] -= lasting[bad[ended == DEVICE_FAIL]] // 4
    failed = ended == DCC_FAIL
    at[bad[failed]] = begun[failed] + 1_000 + lasting[bad[failed]] // 3
    rejected = ended == USER_REJECT
    at[bad[rejected]] = begun[rejected] + 100 + 4 * way_in[rejected]
    timed_out = bad[ended == TIMEOUT]
    at[timed_out] = (start + asked.wait)[timed_out] + 60_000 + 8_000 * bits(asked.luck, 16, 12)[timed_out]
    is_told[timed_out] = is_luck_below(asked.more, 44, 8, LATE)[timed_out]
    found = answers[outcome, bits(asked.luck, 52, 4)]
    found[strange] = answer(UNKNOWN_CODE)
    return Ending(at, found, is_told, (outcome == SUCCESS) | (outcome == DEVICE_FAIL) | (outcome == TIMEOUT) & is_told)


def put_legs(sheet: Sheet, asked: Asked, start: Whole, end: Ending, *, command: str, odd: Oddities) -> None:
    """The way to the device and back, for those of which the trail tells it; a skewed clock has the answer back before the command left."""
    traced = np.flatnonzero(is_luck_below(asked.luck, 36, 8, TRACED) & (asked.outcome != USER_REJECT))
    part = asked.place[traced]
    commanded = start[traced] + 150 + 3 * bits(asked.luck, 56, 8)[traced]
    sheet.put(part, commanded, kind(command))
    returned = np.flatnonzero(end.is_by_device[traced])
    back = end.at[traced[returned]] - 100 - 2 * bits(asked.more, 44, 8)[traced[returned]]
    skewed = odd.some(len(returned), "skewed")
    # Under a second, so that a sender of whole seconds keeps it inside the tolerance of two.
    back[skewed] = commanded[returned[skewed]] - odd.whole(len(skewed), 1, 990)
    sheet.put(part[returned], back, kind("returned"))
    if command == "command_5":
        by_dco = np.flatnonzero(asked.region[traced] == SMETS1)
        # The second party to a critical SMETS1 instruction (domain.md 1.2); no measure reads these.
        sheet.put(part[by_dco], commanded[by_dco] + 40, kind("dco_in"))
        sheet.put(part[by_dco], commanded[by_dco] + 90, kind("dco_out"))


def put_answers(sheet: Sheet, asked: Asked, start: Whole, end: Ending, odd: Oddities) -> None:
    at = end.at
    backwards = odd.some(len(asked), "backwards")
    backwards = backwards[asked.outcome[backwards] != TIMEOUT]
    at[backwards] = start[backwards] - odd.whole(len(backwards), 5_000, 60_000)
    told = np.flatnonzero(end.is_told)
    sheet.put(asked.place[told], at[told], KIND_OF_ANSWER[end.answer[told]], end.answer[told])


def put_acks(sheet: Sheet, asked: Asked, start: Whole, below: int = ACKED) -> None:
    """Acknowledgements, of which a request that is refused gets none."""
    acked = np.flatnonzero(is_luck_below(asked.luck, 44, 8, below) & (asked.outcome != USER_REJECT))
    sheet.put(asked.place[acked], start[acked] + 60 + bits(asked.luck, 56, 8)[acked] // 2, kind("acked"), answer("I99"))


def one_step(sheet: Sheet, asked: Asked, odd: Oddities, received: str = "received_1") -> None:
    """A non-critical request: received, perhaps acknowledged, carried to the device and back, answered."""
    both = np.zeros(len(asked), np.bool_)
    if received == "received_1":
        both = is_luck_below(asked.more, 52, 8, BOTH_WAYS) & (asked.outcome != USER_REJECT)
    sheet.put(asked.place, asked.at, np.where(both, kind("received_3"), kind(received)))
    put_acks(sheet, asked, asked.at)
    end = ending(asked, asked.at, DEVICE_ANSWERS, span(asked, asked.of_cell("speed")), odd)
    put_legs(sheet, asked, asked.at, end, command="command_1", odd=odd)
    put_answers(sheet, asked, asked.at, end, odd)
    put_local(sheet, asked.take(np.flatnonzero(both)), asked.at[both])


def two_steps(sheet: Sheet, asked: Asked, odd: Oddities, received: str = "received_4", signed: str = "received_5") -> Whole:
    """A critical request: transformed, signed by its User, sent again under the same id. Gives the instants it came back signed."""
    signed_at = put_transformed(sheet, asked, received)
    both = np.zeros(len(asked), np.bool_)
    if signed == "received_5":
        both = is_luck_below(asked.more, 52, 8, BOTH_WAYS) & (asked.outcome != USER_REJECT)
    sheet.put(asked.place, signed_at, np.where(both, kind("received_7"), kind(signed)))
    put_acks(sheet, asked, signed_at)
    end = ending(asked, signed_at, DEVICE_ANSWERS, span(asked, asked.of_cell("speed")), odd)
    put_legs(sheet, asked, signed_at, end, command="command_5", odd=odd)
    put_answers(sheet, asked, signed_at, end, odd)
    put_local(sheet, asked.take(np.flatnonzero(both)), signed_at[both])
    return signed_at


def put_transformed(sheet: Sheet, asked: Asked, received: str) -> Whole:
    """The first step of a critical request; gives the instants at which its User, having signed, sends it again."""
    transformed_at = asked.at + TRANSFORM[bits(asked.more, 36, 8)]
    sheet.put(asked.place, asked.at, kind(received))
    sheet.put(asked.place, transformed_at, kind("precommand"), answer("I0"))
    return np.asarray(transformed_at + SIGNING[bits(asked.more, 26, 10)])


def put_local(sheet: Sheet, asked: Asked, start: Whole) -> None:
    sheet.put(asked.place, start + TRANSFORM[bits(asked.more, 36, 8)], kind("local"), answer("I0"))


def unsigned(sheet: Sheet, asked: Asked) -> None:
    """Critical requests that their User never sends back signed; some are refused before they are transformed."""
    sheet.put(asked.place, asked.at, kind("received_4"))
    end = ending(asked, asked.at, DCC_ANSWERS, TRANSFORM[bits(asked.more, 36, 8)])
    refused = np.flatnonzero((asked.outcome == DCC_FAIL) | (asked.outcome == USER_REJECT))
    sheet.put(asked.place[refused], end.at[refused], KIND_OF_ANSWER[end.answer[refused]], end.answer[refused])
    good = np.flatnonzero(asked.outcome == SUCCESS)
    sheet.put(asked.place[good], end.at[good], kind("precommand"), answer("I0"))


def local(sheet: Sheet, asked: Asked) -> None:
    """Commands returned for local delivery only: of one step, and of two where the SRV is critical."""
    is_critical = asked.of_cell("is_critical")
    start = asked.at.copy()
    critical, plain = np.flatnonzero(is_critical), np.flatnonzero(~is_critical)
    start[critical] = put_transformed(sheet, asked.take(critical), "received_4")
    sheet.put(asked.place[critical], start[critical], kind("received_6"))
    sheet.put(asked.place[plain], start[plain], kind("received_2"))
    end = ending(asked, start, DCC_ANSWERS, TRANSFORM[bits(asked.more, 36, 8)])
    refused = np.flatnonzero((asked.outcome == DCC_FAIL) | (asked.outcome == USER_REJECT))
    sheet.put(asked.place[refused], end.at[refused], KIND_OF_ANSWER[end.answer[refused]], end.answer[refused])
    good = np.flatnonzero(asked.outcome == SUCCESS)
    sheet.put(asked.place[good], end.at[good], kind("local"), answer("I0"))


def in_dcc(sheet: Sheet, asked: Asked) -> None:
    """Requests that the DCC answers itself: with data, with a warning, or with the acknowledgement as the last word (duis.md 0.6)."""
    sheet.put(asked.place, asked.at, kind("received_8"))
    end = ending(asked, asked.at, DCC_ANSWERS, span(asked, SPEEDS.index("dcc")))
    kinds = KIND_OF_ANSWER[end.answer]
    good = np.flatnonzero((asked.outcome == SUCCESS) & asked.of_cell("is_final_ack"))
    kinds[good], end.answer[good] = kind("acked"), answer("I99")
    warning = asked.of_cell("warning")
    warned = np.flatnonzero((asked.outcome == SUCCESS) & (warning > 0) & is_luck_below(asked.more, 52, 8, WARNED))
    kinds[warned] = kind("response")
    end.answer[warned] = [WARNING_OF_CODE[int(code)] for code in warning[warned]]
    told = np.flatnonzero(end.is_told)
    sheet.put(asked.place[told], end.at[told], kinds[told], end.answer[told])
