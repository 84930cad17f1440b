"""Kinds of rows and kinds of answers: what stands in the coded cells of a row, so that a drawn row carries two small numbers only."""

from dataclasses import dataclass

import numpy as np

from tocsin.estate.block import Array
from tocsin.estate.requests.mix import WARNINGS
from tocsin.estate.requests.spans import DCC_FAIL, DEVICE_FAIL, SUCCESS, TIMEOUT, USER_REJECT
from tocsin.estate.words import UNKNOWN_CODE, number

# On whose leg a message travels: the DSP's own, that of the Service Provider of the device, or the DCO's (SMETS1, domain.md 1.2).
DSP_LEG, OWN_LEG, DCO_LEG = range(3)


@dataclass(frozen=True)
class Kind:
    """Time point, message class, command variant (0 not told), leg; whether the row tells the execution time asked for."""

    time_point: str
    message_class: str
    variant: int = 0
    leg: int = DSP_LEG
    tells_execution: bool = False


KINDS: dict[str, Kind] = {
    **{f"received_{variant}": Kind("RX_DSP", "request", variant) for variant in range(1, 9)},
    **{f"planned_{variant}": Kind("RX_DSP", "request", variant, tells_execution=True) for variant in (1, 4, 5)},
    "acked": Kind("ACK_TX", "ack"),
    "precommand": Kind("TX_USER", "precommand"),
    **{f"command_{variant}": Kind("TX_CSP", "request", variant, OWN_LEG) for variant in (0, 1, 5)},
    "dco_in": Kind("RX_CSP", "request", 5, DCO_LEG),
    "dco_out": Kind("TX_DEV", "request", 5, DCO_LEG),
    "returned": Kind("RX_DSP_UP", "response", leg=OWN_LEG),
    "run_returned": Kind("RX_DSP_UP", "scheduled", leg=OWN_LEG),
    "response": Kind("TX_USER", "response"),
    "reject": Kind("TX_USER", "reject"),
    "failure": Kind("TX_USER", "failure_alert"),
    "run": Kind("TX_USER", "scheduled"),
    "report": Kind("TX_USER", "fd_outcome"),
    "local": Kind("TX_USER", "local"),
}
_PLACES = {name: place for place, name in enumerate(KINDS)}

# (response code, device result) of every answer there is.
_REJECTS = ("E1", "E2", "E3", "E4", "E5", "E11", "E12", "E13", "E17", "E19")
ANSWERS: tuple[tuple[str, str], ...] = (
    ("", ""),
    ("I0", "ok"),
    ("I0", "not_supplied"),
    ("I0", "failed"),
    ("I0", "partial"),
    ("E20", ""),
    ("E21", ""),
    ("E30", ""),
    ("E31", ""),
    *((code, "") for code in _REJECTS),
    ("I99", ""),
    ("I0", ""),
    ("8F66", "ok"),
    ("8F67", "failed"),
    (UNKNOWN_CODE, ""),
    *((code, "") for code in sorted(set(WARNINGS.values()))),
)


def kind(name: str) -> int:
    """The place of a kind of row in KINDS."""
    return _PLACES[name]


def answer(code: str, result: str = "") -> int:
    """The place of an answer in ANSWERS."""
    return ANSWERS.index((code, result))


def _of_sixteen(*shares: tuple[str, str, int]) -> list[int]:
    return [answer(code, result) for code, result, share in shares for _ in range(share)]


def _answers_by_outcome() -> Array:
    found = np.zeros((5, 16), np.int16)
    # A payload that DCC cannot read says nothing of the device (domain.md 6.4): `not_supplied` counts as success.
    found[SUCCESS] = found[TIMEOUT] = _of_sixteen(("I0", "ok", 15), ("I0", "not_supplied", 1))
    found[DEVICE_FAIL] = _of_sixteen(("I0", "failed", 13), ("I0", "partial", 3))
    found[DCC_FAIL] = _of_sixteen(("E20", "", 6), ("E21", "", 7), ("E30", "", 2), ("E31", "", 1))
    found[USER_REJECT] = [answer(code) for code in (*_REJECTS, "E4", "E5", "E11", "E11", "E12", "E17")]
    return found


# The answer by outcome and four bits of chance, of devices and of the DCC itself; of a timeout: the answer that came too late.
DEVICE_ANSWERS = _answers_by_outcome()
DCC_ANSWERS = DEVICE_ANSWERS.copy()
DCC_ANSWERS[[SUCCESS, TIMEOUT]] = answer("I0")
DCC_ANSWERS[DCC_FAIL] = answer("E30")

# The kind of row each answer comes as: E21 as the DCC's alert that the command failed (duis.md 4.2).
KIND_OF_ANSWER = np.full(len(ANSWERS), kind("response"), np.int8)
KIND_OF_ANSWER[[answer(code) for code in _REJECTS]] = kind("reject")
KIND_OF_ANSWER[answer("E21")] = kind("failure")
KIND_OF_RUN = np.where(np.isin(KIND_OF_ANSWER, kind("response")), kind("run"), KIND_OF_ANSWER).astype(np.int8)

# What the cells say, by place.
TIME_POINT = np.array([number("time_point", kind.time_point) for kind in KINDS.values()], np.int16)
MESSAGE_CLASS = np.array([number("message_class", kind.message_class) for kind in KINDS.values()], np.int16)
VARIANT = np.array([kind.variant for kind in KINDS.values()], np.int8)
LEG = np.array([kind.leg for kind in KINDS.values()], np.int8)
TELLS_EXECUTION = np.array([kind.tells_execution for kind in KINDS.values()])
CODE = np.array([number("response_code", code) for code, _ in ANSWERS], np.int16)
RESULT = np.array([number("device_result", result) for _, result in ANSWERS], np.int16)
WARNING_OF_CODE = {number("response_code", code): answer(code) for code in WARNINGS.values()}
