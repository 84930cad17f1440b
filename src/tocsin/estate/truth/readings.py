"""How one row of a trail is to be read: what an answer says, and which point of the road it passed (domain.md 6.2 and 6.4; decision 0003).

Few words make few cases, so each is read once, in plain words, into a table by the words' numbers.
"""

from datetime import date
from functools import cache

import numpy as np

from tocsin.estate.block import Array, Block
from tocsin.estate.words import WORDS
from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED
from tocsin.vocabulary.response_codes import response_class, response_codes

# What an answer says, worst first: of several at one instant the worst is believed, so that nothing is flattered.
REJECTED, DCC_FAILED, DEVICE_FAILED, DONE = range(4)

# Points of the road, by place in this tuple. Hops inside a CSP's network are none.
POINTS = ("elsewhere", "received", "signed", "precommand", "acknowledged", "commanded", "returned", "answered", "local", "reported")
ELSEWHERE, RECEIVED, SIGNED, PRECOMMAND, ACKNOWLEDGED, COMMANDED, RETURNED, ANSWERED, LOCAL, REPORTED = range(len(POINTS))

# The DSP sees every point that a clock stands on.
SEEN_AT = ("RX_DSP", "ACK_TX", "TX_CSP", "RX_DSP_UP", "TX_USER")

_SIGNED_VARIANTS = (5, 6, 7)
_BLAMED = {"user_reject": REJECTED, "dcc_fail": DCC_FAILED, "device_fail": DEVICE_FAILED}


def verdict_of(code: str, result: str, message_class: str, on: date) -> int:
    """What one answer says: its code first, then what the device's payload told. What cannot be read as success is the DCC's failure."""
    listed = response_codes(on).get(code)
    says = listed.outcome if listed else {COMPLETED: "success", NOT_COMPLETED: "device_fail"}.get(code)
    if message_class == "failure_alert":
        return DCC_FAILED
    if says in _BLAMED:
        return _BLAMED[says]
    if message_class == "reject":
        return REJECTED
    if result in ("failed", "partial"):
        return DEVICE_FAILED
    if says is not None:
        return DONE if says in ("success", "accepted") else DCC_FAILED
    # A code that no table has is read by its first letter.
    is_well = response_class(code, on).startswith("success") if code[:1] in ("I", "W", "E") else result == "ok"
    return DONE if is_well else DCC_FAILED


def point_of(time_point: str, message_class: str, is_signed: bool, is_plain: bool, is_acceptance: bool) -> int:
    """The point that a row passed. `is_plain`: it refuses nothing; `is_acceptance`: its code is I99, which is no answer of a device."""
    if time_point == "RX_DSP" and message_class == "request":
        return SIGNED if is_signed else RECEIVED
    if time_point == "TX_CSP" and message_class == "request":
        return COMMANDED
    if time_point == "RX_DSP_UP" and message_class in ("response", "scheduled"):
        return RETURNED
    if time_point not in ("TX_USER", "ACK_TX"):
        return ELSEWHERE
    if is_plain and (message_class == "ack" or (message_class == "response" and is_acceptance)):
        return ACKNOWLEDGED
    if message_class in ("response", "scheduled", "reject", "failure_alert", "ack"):
        return ANSWERED
    own = {"precommand": PRECOMMAND, "fd_outcome": REPORTED, "local": LOCAL}
    return own.get(message_class, ELSEWHERE) if time_point == "TX_USER" else ELSEWHERE


@cache
def _verdicts(on: date) -> Array:
    classes, results, codes = WORDS["message_class"], WORDS["device_result"], WORDS["response_code"]
    return np.array([verdict_of(c, r, m, on) for c in codes for r in results for m in classes], np.int8)


@cache
def _points() -> Array:
    marks = [(signed, plain, accepted) for signed in (False, True) for plain in (False, True) for accepted in (False, True)]
    told = [(point, kind) for point in WORDS["time_point"] for kind in WORDS["message_class"]]
    return np.array([point_of(point, kind, *mark) for point, kind in told for mark in marks], np.int8)


@cache
def _acceptances(on: date) -> Array:
    listed = response_codes(on)
    return np.array([code in listed and listed[code].outcome == "accepted" for code in WORDS["response_code"]])


@cache
def _signing_variants() -> Array:
    return np.isin(np.arange(256), _SIGNED_VARIANTS)


@cache
def seen_time_points() -> Array:
    """Whether the DSP's clock sees a time-point, by the word's number."""
    return np.isin(np.array(WORDS["time_point"]), SEEN_AT)


def read_rows(rows: Block, on: date) -> tuple[Array, Array]:
    """Of every row the point it passed (place in POINTS) and what it says as an answer (0 to 3), both int8."""
    code, kind = rows["response_code"].astype(np.int32), rows["message_class"].astype(np.int32)
    kinds, results = len(WORDS["message_class"]), len(WORDS["device_result"])
    verdict = _verdicts(on)[(code * results + rows["device_result"]) * kinds + kind]
    marks = _signing_variants()[rows["command_variant"]].astype(np.int32)
    marks = marks * 2 + ((verdict == DONE) | (code == 0))
    marks = marks * 2 + _acceptances(on)[code]
    return _points()[(rows["time_point"].astype(np.int32) * kinds + kind) * 8 + marks], verdict
