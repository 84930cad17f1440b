"""From wide requests to happenings: one a request, two where a device held it; clock, answer, outcome, what is set aside (domain.md 6)."""

import numpy as np

from tocsin.estate.block import Block, Truth, Whole
from tocsin.estate.truth.flows import FLOW, FUTURE_KINDS, future_kind
from tocsin.estate.truth.limits import Limits
from tocsin.estate.truth.readings import DCC_FAILED, DEVICE_FAILED, DONE
from tocsin.estate.truth.wide import NEVER, VERDICTS
from tocsin.estate.truth.withdrawn import Withdrawals, answered_well, told_failed

# The first four are what an answer says, by its number.
OUTCOMES = ("user_reject", "dcc_fail", "device_fail", "success", "timeout", "open")
TIMEOUT, OPEN = OUTCOMES.index("timeout"), OUTCOMES.index("open")

SET_ASIDE = ("", "no_request", "negative_span", "over_35_days")

# Flows that go over the WAN to a device and back.
_OVER_WAN = ("on_demand", "critical", "future_dsp", "future_device_set_up", "scheduled", "cancellation")


# What is told of a happening beside what this module finds.
_KEPT = ("request", "flow", "srv", "user", "device", "device_type", "region", "service_provider", "skewed", "withdrew")


def happenings(wide: Block, withdrawn: Withdrawals, as_at: int, limits: Limits, within: tuple[int, int]) -> Block:
    """The happenings that begin inside `within`, seen from `as_at`.

    Columns of the wide requests, and `began_at`, `outcome` (place in OUTCOMES), `round_trip_us` and `target_us` (NEVER: none),
    `set_aside` (place in SET_ASIDE), how many legs are `skewed`, how many rows `repeats`, how many requests it `withdrew`.
    """
    found = []
    for part in _parts(wide.put(withdrew=withdrawn.withdrew), withdrawn.is_withdrawn, limits):
        timed = _timed(part)
        inside = _those(timed, (timed["began_at"] >= within[0]) & (timed["began_at"] < within[1]))
        found.append(_judged(_legged(inside, limits), as_at, limits))
    return Block.together(found)


def _those(rows: Block, mask: Truth) -> Block:
    """The rows of a mask; without a copy where it is all of them."""
    return rows if mask.all() else rows.take(np.flatnonzero(mask))


def _flow_is(parts: Block, *names: str) -> Truth:
    found: Truth = np.isin(np.arange(len(FLOW)), [FLOW[name] for name in names])[parts["flow"]]
    return found


def _parts(wide: Block, is_withdrawn: Truth, limits: Limits) -> tuple[Block, Block]:
    """Requests and set-ups, then outcomes that devices owe; nothing of a request that the DSP held and the User called off."""
    held_by_device = wide["flow"] == FLOW["future_device_set_up"]
    has_reports, has_receipt = wide["report_count"] > 0, wide["receipt_at"] != NEVER
    owes_outcome = held_by_device & ~is_withdrawn & (has_reports | answered_well(wide))
    # Of a report whose request nobody showed only the outcome is known.
    only_outcome = owes_outcome & has_reports & ~has_receipt
    first = _those(wide, ~only_outcome & ~(is_withdrawn & (wide["flow"] == FLOW["future_dsp"])))
    second = wide.take(np.flatnonzero(owes_outcome))
    is_both = future_kind(second, limits.on) == FUTURE_KINDS.index("both")
    outcome_flow = np.where(is_both, FLOW["future_both"], FLOW["future_device_outcome"]).astype(np.int8)
    return (
        first.put(is_outcome=np.zeros(len(first), bool)),
        second.put(is_outcome=np.ones(len(second), bool), flow=outcome_flow),
    )


def _final(parts: Block) -> Whole:
    """The answer that decides, packed: of an outcome the last report, or the DCC's word that the command failed."""
    answered = parts["answered"]

    def done_at(name: str) -> Whole:
        at = parts[name]
        return np.where(at == NEVER, NEVER, np.where(at == NEVER, 0, at) * VERDICTS + DONE)

    outcome = np.minimum(parts["reported"], np.where(told_failed(parts), parts["failed"], NEVER))
    return np.select(
        [
            parts["is_outcome"],
            _flow_is(parts, "transform_only"),
            _flow_is(parts, "local_only"),
            _flow_is(parts, "dcc_only", "firmware") & (answered == NEVER),
        ],
        [outcome, np.minimum(answered, done_at("precommand_at")), np.minimum(answered, done_at("local_at")), done_at("acknowledged_at")],
        answered,
    )


def _timed(parts: Block) -> Block:
    """With `answered_at`, `verdict` (-1 none), the start of the clock and what began when."""
    final = _final(parts)
    is_answered = final != NEVER
    answered_at = np.where(is_answered, final // VERDICTS, NEVER)
    verdict = np.where(is_answered, final % VERDICTS, -1).astype(np.int8)
    receipt_at, execution_at = parts["receipt_at"], parts["execution_at"]
    has_receipt = receipt_at != NEVER
    by_dsp = _flow_is(parts, "future_dsp")
    # Refused before its execution time: nothing is owed at that time, and the refusal is timed from the receipt.
    is_refused = by_dsp & has_receipt & is_answered & (answered_at < execution_at) & (verdict <= DCC_FAILED)
    waits = parts["is_outcome"] | (by_dsp & ~is_refused)
    later = np.where(has_receipt & (execution_at != NEVER), np.maximum(execution_at, receipt_at), np.minimum(execution_at, receipt_at))
    started_at = np.where(_flow_is(parts, "scheduled"), parts["scheduled_at"], np.where(waits, later, receipt_at))
    signing_lost = (parts["first_variant"] == 4) & (parts["signed_at"] == NEVER) & (parts["commanded_at"] != NEVER)
    no_request = ~_flow_is(parts, "scheduled") & (~has_receipt | (~parts["is_outcome"] & signing_lost))
    return parts.put(
        answered_at=answered_at,
        verdict=verdict,
        started_at=started_at,
        began_at=np.where(started_at == NEVER, parts["first_at"], started_at),
        no_request=no_request,
        is_planned=_flow_is(parts, "scheduled") | (by_dsp & ~is_refused),
    )


def _legged(parts: Block, limits: Limits) -> Block:
    """With `round_trip_us`, how many legs are slightly negative, and whether one is so beyond what a clock's skew explains."""
    answered_at, started_at = parts["answered_at"], parts["started_at"]
    is_timed = ~_flow_is(parts, "transform_only", "local_only") & ~parts["no_request"] & (answered_at != NEVER)
    own = ~parts["is_outcome"]
    over_wan = _flow_is(parts, *_OVER_WAN)
    # After an error told by the DCC the device may still answer: that is no leg of the answer.
    by_device = over_wan & ((parts["verdict"] == -1) | (parts["verdict"] >= DEVICE_FAILED))
    legs = (
        (own, parts["received_at"], parts["precommand_at"]),
        (own, parts["precommand_at"], parts["signed_at"]),
        # A plan is no clock: a command handed over before a planned instant is neither skew nor wrong.
        (over_wan & ~parts["is_planned"], started_at, parts["commanded_at"]),
        (by_device, parts["commanded_at"], parts["returned_at"]),
        (by_device, parts["returned_at"], answered_at),
        (own, parts["receipt_at"], parts["local_at"]),
    )
    skewed, backwards = np.zeros(len(parts), np.int64), np.zeros(len(parts), bool)
    for counts, left_at, came_at in legs:
        is_negative = counts & (came_at < left_at) & (left_at != NEVER)
        if is_negative.any():
            is_wrong = is_negative & (left_at - np.where(is_negative, came_at, 0) >= limits.skew_us)
            skewed += is_negative & ~is_wrong
            backwards |= is_wrong
    round_trip = np.where(is_timed, np.where(is_timed, answered_at, 0) - np.where(is_timed, started_at, 0), NEVER)
    return parts.put(skewed=skewed, backwards=backwards, round_trip_us=round_trip)


def _judged(parts: Block, as_at: int, limits: Limits) -> Block:
    """With `outcome`, `target_us` and `set_aside`."""
    target_us = limits.target(parts["flow"], parts["srv"])
    waits_until = parts["began_at"] + limits.grace_us + np.where(target_us == NEVER, 0, target_us)
    is_answered, round_trip = parts["answered_at"] != NEVER, parts["round_trip_us"]
    in_time = is_answered & (parts["answered_at"] <= waits_until)
    outcome = np.select([in_time, ~is_answered & (as_at <= waits_until)], [parts["verdict"], OPEN], TIMEOUT).astype(np.int8)
    is_timed = round_trip != NEVER
    set_aside = np.select(
        [parts["no_request"], (is_timed & (round_trip < 0)) | parts["backwards"], is_timed & (round_trip > limits.longest_us)],
        [1, 2, 3],
        0,
    ).astype(np.int8)
    # On an outcome only what devices reported beyond the first of each instruction is a repeat; on the rest only other points are.
    repeats = np.where(parts["is_outcome"], parts["report_count"] - parts["instruction_count"], parts["repeats"])
    kept = {name: parts[name] for name in _KEPT}
    return Block(
        {
            **kept,
            "began_at": parts["began_at"],
            "round_trip_us": round_trip,
            "target_us": target_us,
            "outcome": outcome,
            "set_aside": set_aside,
            "repeats": repeats,
        }
    )
