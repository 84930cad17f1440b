"""Generated months of audit trail: every flow, then rows lost, copied, shifted, late, skewed, and codes and ids that nobody knows."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journey_rows import accepted
from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.feeds.device_inventory import DEVICE_INVENTORY
from tocsin.feeds.party_list import PARTY_LIST
from tocsin.vocabulary.calendar import Period, parse_instant

S, DAY = 1_000_000, 86_400_000_000
PERIOD = Period(2021, 8)
ON = date(2021, 8, 1)

# Rows of a sound request: time-point, class, command variant, usual delay after the row before it.
STEPS = {
    "one_step": [
        ("RX_DSP", "request", 1, 0),
        ("TX_CSP", "request", None, S),
        ("RX_DSP_UP", "response", None, 5 * S),
        ("TX_USER", "response", None, S),
    ],
    "acknowledged": [
        ("RX_DSP", "request", 3, 0),
        ("ACK_TX", "ack", 3, S),
        ("TX_USER", "local", None, S),
        ("TX_USER", "response", None, 24 * S),
    ],
    "plain": [("RX_DSP", "request", None, 0), ("TX_USER", "response", None, 30 * S)],
    "two_steps": [
        ("RX_DSP", "request", 4, 0),
        ("TX_USER", "precommand", 4, S),
        ("RX_DSP", "request", 5, 9 * S),
        ("TX_CSP", "request", 5, S),
        ("RX_DSP_UP", "response", None, 21 * S),
        ("TX_USER", "response", None, S),
    ],
    "reported": [
        ("RX_DSP", "request", 7, 0),
        ("TX_USER", "response", None, 9 * S),
        ("TX_USER", "fd_outcome", None, DAY),
        ("TX_USER", "fd_outcome", None, S),
    ],
    "told_failed": [
        ("RX_DSP", "request", 1, 0),
        ("ACK_TX", "ack", None, S),
        ("TX_USER", "response", None, S),
        ("TX_USER", "failure_alert", None, DAY),
    ],
    "refused": [("RX_DSP", "request", 1, 0), ("ACK_TX", "reject", None, S)],
    "transformed": [("RX_DSP", "request", 4, 0), ("TX_USER", "precommand", None, 3 * S)],
    "local": [("RX_DSP", "request", 2, 0), ("TX_USER", "local", None, S)],
    "local_signed": [("RX_DSP", "request", 4, 0), ("RX_DSP", "request", 6, S), ("TX_USER", "local", None, S)],
    "non_device": [("RX_DSP", "request", 8, 0), ("ACK_TX", "ack", 8, S)],
    "scheduled": [("TX_CSP", "request", None, 0), ("RX_DSP_UP", "scheduled", None, 9 * S), ("TX_USER", "scheduled", None, S)],
    "strange": [("RX_DSP", "reject", 9, 0), ("RX_CSP", "request", 1, S), ("TX_LOST", "whatever", None, S), ("USER_ACK", "ack", None, S)],
}
SRVS = ("4.1.1", "2.2", "1.1.1", "1.5", "6.23", "6.23", "6.15.1", "8.2", "11.1", "4.6.1", "6.18.1", "99.9")
CODES = (None, "I0", "I0", "I0", "I99", "W110101", "E1", "E20", "E21", "E30", "E40", "E080405", "I7", "E7777", "X1", "8F66", "8F67")
RESULTS = (None, None, "ok", "failed", "partial", "not_supplied")
# How long a row comes after the one before it, where not as usual: edges of skew, target, grace and lookback among them.
DELAYS = (
    0,
    1,
    -1,
    30 * S,
    30 * S + 1,
    -S,
    1 - 2 * S,
    -2 * S,
    -3 * S,
    DAY + 30 * S,
    DAY + 30 * S + 1,
    2 * DAY,
    5 * DAY,
    34 * DAY,
    35 * DAY + 1,
    40 * DAY,
)
STARTS = tuple(
    parse_instant(text)
    for text in (
        "2021-06-26T23:59:59.999999Z",
        "2021-06-27T00:00:00Z",
        "2021-07-20T08:00:00Z",
        "2021-07-31T23:59:59.999999Z",
        "2021-08-01T00:00:00Z",
        "2021-08-10T12:00:00Z",
        "2021-08-10T12:00:00.000001Z",
        "2021-08-31T23:59:59.999999Z",
        "2021-09-01T00:00:00Z",
        "2021-09-20T12:00:00Z",
    )
)
AS_ATS = tuple(
    parse_instant(text) for text in ("2021-08-11T12:00:30Z", "2021-09-01T00:00:00Z", "2021-09-14T00:00:00Z", "2021-12-01T00:00:00Z")
)
EXECUTIONS = (
    *STARTS[2:9],
    parse_instant("2021-08-12T00:00:00Z"),
    parse_instant("3000-12-31T00:00:00Z"),
    parse_instant("2999-12-31T23:59:59Z"),
)


@dataclass(frozen=True)
class Month:
    """Accepted rows of the three feeds, and the instant they are looked at from."""

    trail: list[dict[str, Any]]
    inventory: list[dict[str, Any]]
    parties: list[dict[str, Any]]
    as_at: int


@st.composite
def request_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """The rows of one request, sound or not."""
    at = draw(st.sampled_from(STARTS + 2 * STARTS[4:8]))
    execution_at = draw(st.sampled_from((*[None] * len(EXECUTIONS), *EXECUTIONS)))
    steps = STEPS[draw(st.sampled_from(sorted(STEPS)))]
    is_scheduled = steps is STEPS["scheduled"] and draw(st.integers(0, 5)) > 0
    whole = {
        "request_id": draw(st.integers(1, 30)),
        "device_id": draw(st.sampled_from((1, 1, 1, 2, 2, 3, None))),
        "srv": draw(st.sampled_from(SRVS)),
        "user_id": draw(st.sampled_from((None, "U-1", "U-2", "U-9"))),
        "scheduled_at": draw(st.sampled_from(STARTS)) if is_scheduled else None,
        "schedule_id": 5 if is_scheduled else None,
    }
    tells = {
        "device_type": draw(st.sampled_from((None, None, "GPF"))),
        "region": draw(st.sampled_from((None, "North", "SMETS1", "Unknown", "EWR"))),
        "service_provider": draw(st.sampled_from((None, "DSP", "CSPN", "S1SP-A"))),
    }
    has_variants = draw(st.integers(0, 4)) > 0
    rows = []
    for number, (point, kind, variant, usual) in enumerate(steps, start=1):
        is_usual = draw(st.integers(0, 4)) > 0
        at += usual if is_usual else draw(st.sampled_from(DELAYS))
        row = {
            **whole,
            "observed_at": at,
            "time_point": point,
            "message_class": kind,
            "command_variant": variant if has_variants else None,
            "response_code": draw(st.sampled_from(CODES)) if point in ("TX_USER", "ACK_TX") else None,
            "device_result": draw(st.sampled_from(RESULTS)) if point == "TX_USER" else None,
            "execution_at": execution_at if number == 1 else None,
        }
        if kind in ("fd_outcome", "failure_alert") and draw(st.booleans()):
            row["srv"] = None
        if kind == "fd_outcome":
            row |= {"instruction_no": draw(st.sampled_from((None, 1, 2))), "instruction_total": draw(st.sampled_from((None, 1, 2, 3)))}
        fate = draw(st.sampled_from(("kept", "kept", "kept", "kept", "kept", "told", "told", "lost", "twice", "copied", "own_target")))
        if fate == "told":
            row |= tells
        if fate == "own_target":
            row["target_us"] = draw(st.sampled_from((0, 5 * S, 60 * S)))
        rows += [] if fate == "lost" else [row]
        if fate == "twice":
            rows.append(dict(row))
        if fate == "copied":
            rows.append({**row, "observed_at": at + draw(st.sampled_from((S, 3 * DAY, 20 * DAY))), "srv": draw(st.sampled_from(SRVS))})
    return draw(st.permutations(rows))


@st.composite
def cancelling_rows(draw: st.DrawFn, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A request that cancels the one of these rows, or nearly does: too late, refused, unanswered, of another User or device or SRV."""
    dated = next((row for row in rows if row["execution_at"] is not None), None)
    if dated is None or dated["execution_at"] > STARTS[-1] or draw(st.integers(0, 3)) == 0:
        return []
    at = draw(st.sampled_from((dated["observed_at"], dated["execution_at"]))) + draw(st.sampled_from((-DAY, -1, 0, 1, DAY)))
    odd = draw(st.sampled_from((*[{}] * 6, {"user_id": "U-2"}, {"user_id": None}, {"device_id": 1}, {"srv": "6.23"}, {"srv": None})))
    own = {
        **dated,
        "request_id": draw(st.integers(31, 33)),
        "observed_at": at,
        "time_point": "RX_DSP",
        "message_class": "request",
        "command_variant": draw(st.sampled_from((1, 1, 5, None))),
        "response_code": None,
        "device_result": None,
        "execution_at": EXECUTIONS[-2],
        **odd,
    }
    answer = {
        **own,
        "observed_at": at + draw(st.sampled_from((S, S, S, 2 * DAY))),
        "time_point": "TX_USER",
        "message_class": "response",
        "command_variant": None,
        "response_code": draw(st.sampled_from(("I0", "I0", "I0", "E20"))),
        "execution_at": None,
    }
    return [own, answer] if draw(st.integers(0, 5)) else [own]


@st.composite
def months(draw: st.DrawFn, least: int = 0, most: int = 6) -> Month:
    """A generated month of `least` to `most` requests."""
    trail = [row for rows in draw(st.lists(request_rows(), min_size=least, max_size=most)) for row in [*rows, *draw(cancelling_rows(rows))]]
    inventory = [
        {
            "device_id": draw(st.integers(1, 3)),
            "valid_from": draw(st.sampled_from((None, STARTS[3], STARTS[5], STARTS[6]))),
            "device_type": draw(st.sampled_from(("ESME", "GSME"))),
            "region": draw(st.sampled_from((None, "4G South", "central"))),
            "generation": draw(st.sampled_from((None, "SMETS2+"))),
            "service_provider": draw(st.sampled_from((None, "CSPC"))),
            "delivery_no": draw(st.integers(1, 2)),
        }
        for _ in range(draw(st.integers(0, 4)))
    ]
    parties = [
        {"user_id": draw(st.sampled_from(("U-1", "U-2"))), "sec_party": draw(st.sampled_from(("Alpha", "Beta"))), "delivery_no": number}
        for number in range(draw(st.integers(0, 3)))
    ]
    return Month(
        accepted(AUDIT_TRAIL, trail), accepted(DEVICE_INVENTORY, inventory), accepted(PARTY_LIST, parties), draw(st.sampled_from(AS_ATS))
    )


def withdrawn_month() -> Month:
    """One plain withdrawal: a request held by the DSP for 12 August, cancelled two days before. Chance alone may not draw one."""
    received_at = parse_instant("2021-08-10T12:00:00Z")
    original = {
        "request_id": 1, "device_id": 1, "srv": "4.1.1", "user_id": "U-1", "observed_at": received_at, "time_point": "RX_DSP",
        "message_class": "request", "command_variant": 1, "execution_at": parse_instant("2021-08-12T00:00:00Z"),
    }  # fmt: skip
    cancelling = {**original, "request_id": 31, "observed_at": received_at + S, "execution_at": parse_instant("3000-12-31T00:00:00Z")}
    answer = {**cancelling, "observed_at": received_at + 2 * S, "time_point": "TX_USER", "message_class": "response", "response_code": "I0"}
    return Month(accepted(AUDIT_TRAIL, [original, cancelling, {**answer, "execution_at": None}]), [], [], AS_ATS[-1])


@cache
def many_months(count: int) -> list[Month]:
    """The same generated months every time, for an engine whose every question costs seconds."""
    found: list[Month] = [withdrawn_month()]

    @settings(
        max_examples=count, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
    )
    @given(months(least=4, most=8))
    def collect(month: Month) -> None:
        found.append(month)

    collect()
    return found


def together(found: list[Month], as_at: int) -> Month:
    """Many months as one: requests and devices numbered apart, all seen from one instant."""
    apart = [(1000 * number, month) for number, month in enumerate(found)]
    return Month(
        trail=[moved(row, offset, "request_id", "device_id") for offset, month in apart for row in month.trail],
        inventory=[moved(row, offset, "device_id") for offset, month in apart for row in month.inventory],
        # Users are the same in every month; the list that says most of them serves all.
        parties=max((month.parties for month in found), key=len),
        as_at=as_at,
    )


def moved(row: dict[str, Any], offset: int, *columns: str) -> dict[str, Any]:
    return {**row, **{column: row[column] + offset for column in columns if row[column] is not None}}
