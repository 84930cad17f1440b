"""Rows of the audit-trail feed from messages that have been read, as a delivery would carry them: text, empty where nothing is told."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tocsin.messages.alert_rows import alert_row
from tocsin.messages.duis_answer import ACKNOWLEDGED
from tocsin.messages.duis_message import DuisMessage, Kind
from tocsin.messages.finding import Finding
from tocsin.messages.gbcs import GbcsAlert, GbcsHeader
from tocsin.messages.gbcs_file import GbcsMessage
from tocsin.messages.identifiers import MessageId
from tocsin.messages.observations import Observation
from tocsin.messages.row_text import Row, tell, tell_instant
from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED
from tocsin.vocabulary.service_requests import variants

# The columns of feeds/audit_trail.py in its order; the two floors are neighbours, so a test holds them equal.
AUDIT_COLUMNS = (
    "request_id", "observed_at", "time_point", "message_class", "srv", "command_variant", "response_code", "device_result", "user_id",
    "device_id", "device_type", "region", "service_provider", "execution_at", "schedule_id", "scheduled_at", "instruction_no",
    "instruction_total", "target_us",
)  # fmt: skip

# The Access Control Broker of the RTDS and of DCC Boxed (duis.md section 2): what it is addressed by is answered inside the DCC.
DCC_IDS = frozenset({"90-B3-D5-1F-30-00-00-02"})

_CLASSES: Mapping[Kind, str] = {
    Kind.REQUEST: "request",
    # The I99 of a non-device request is its final answer (duis.md 0.6). It stays an "ack" with its code: the journey knows the request.
    Kind.ACKNOWLEDGEMENT: "ack",
    # Every E code without payload, also E20, E21 and E30, which end a request after it was accepted: again the journey goes by the code.
    Kind.REJECTION: "reject",
    Kind.PRE_COMMAND: "precommand",
    Kind.RESPONSE: "response",
    Kind.NON_DEVICE_ANSWER: "response",
    Kind.SMETS1_RESPONSE: "response",
    Kind.LOCAL_COMMAND: "local",
    Kind.SCHEDULED_READ: "scheduled",
    Kind.FUTURE_DATED_ALERT: "fd_outcome",
}
_FROM_DEVICE = ("GBCSPayload", "CINMessage", "DSPScheduledMessage")


@dataclass(slots=True)
class Rows:
    """What one message gives. A row that cannot be placed is not in `audit` but, whole, in the `kept` of a finding."""

    audit: list[Row] = field(default_factory=list)
    alerts: list[Row] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def rows_of(message: DuisMessage | GbcsMessage, observations: Sequence[Observation] = (), dcc_ids: frozenset[str] = DCC_IDS) -> Rows:
    """Audit-trail and alert rows of one message.

    An answer is placed at its ResponseDateTime (TX_USER; ACK_TX for I99) and at every time-point in `observations`, which outrank it;
    a request and a bare GBCS payload only at the latter. `dcc_ids` are the ids under which the DCC itself is addressed.
    """
    rows = Rows()
    row = _bare_outcome(message, dcc_ids) if isinstance(message, GbcsMessage) else _audit_row(message, dcc_ids)
    if row is not None:
        _place(row, message, observations, rows)
    alert = alert_row(message, row["request_id"] if row else "", dcc_ids)
    if alert is not None:
        rows.alerts.append(alert)
    return rows


def _audit_row(message: DuisMessage, dcc_ids: frozenset[str]) -> Row | None:
    """The row without its place in time, or None for an alert that is no part of a request's journey."""
    message_class, request_id, result = _CLASSES.get(message.kind), _own_request(message), ""
    schedule_id = message.schedule_id if message.kind is Kind.SCHEDULED_READ else None
    if message.kind is Kind.SMETS1_RESPONSE:
        result = "failed" if message.smets1 and message.smets1.has_error else "not_supplied"
        if message.schedule_id is not None:
            message_class, schedule_id = "scheduled", message.schedule_id
    if message.alert_code in (COMPLETED, NOT_COMPLETED) and message.kind in (Kind.FUTURE_DATED_ALERT, Kind.DEVICE_ALERT):
        message_class, result = "fd_outcome", "ok" if message.alert_code == COMPLETED else "failed"
    if message_class == "fd_outcome":
        # The alert's own counter is the device's; the request is found through the command that the alert names.
        request_id = message.request_id or _commanded(message.gbcs, message.alert, dcc_ids)
    elif message.dcc_alert is not None and message.dcc_alert.structure == "CommandFailure":
        message_class, request_id, schedule_id = "failure_alert", message.dcc_alert.related_request_id, message.dcc_alert.schedule_id
    elif message.body_element in _FROM_DEVICE and message_class in ("response", "scheduled"):
        # I0 says that the device's answer was delivered, not that the device did it (duis.md 0.7).
        result = "not_supplied"
    if message_class is None:
        return None
    if message_class == "scheduled":
        # A run has no request of its own: schedule, variant, device and planned instant are its key (duis.md 6, rule 10).
        request_id = None
    row = dict.fromkeys(AUDIT_COLUMNS, "")
    row |= {
        "request_id": request_id.text if request_id else "",
        "message_class": message_class,
        "srv": tell(message.srv),
        "command_variant": tell(message.command_variant),
        "response_code": tell(message.response_code),
        "device_result": result,
        "user_id": tell(message.originator),
        "device_id": _device(message, request_id, dcc_ids),
        "device_type": tell(message.device_type) if message.command_variant == 8 else "",
        "execution_at": tell_instant(message.execution_at),
        "schedule_id": tell(schedule_id),
        "instruction_no": tell(message.instruction_no),
        "instruction_total": tell(message.instruction_total),
    }
    return row


def _own_request(message: DuisMessage) -> MessageId | None:
    if message.request_id is not None:
        return message.request_id
    if message.originator is None or message.target is None or message.counter is None:
        return None
    return MessageId(message.originator, message.target, message.counter)


def _commanded(header: GbcsHeader | None, alert: GbcsAlert | None, dcc_ids: frozenset[str]) -> MessageId | None:
    """The request whose command an outcome is of: recipient, originator and the command's counter (duis.md 6, rule 8).

    None where the DCC wrote the command: its counter is then the DCC's own and names no request of a User (rules 5 and 6).
    """
    if header is None or alert is None or alert.command_counter is None:
        return None
    if header.recipient in dcc_ids or header.supplementary_id is not None:
        return None
    return MessageId(header.recipient, header.originator, alert.command_counter)


def _device(message: DuisMessage, request_id: MessageId | None, dcc_ids: frozenset[str]) -> str:
    """The target; for a non-device request the one device in its body, for a returned local answer the device that gave it."""
    if message.dcc_alert is not None:
        return tell(message.dcc_alert.device_id)
    if message.kind is Kind.REQUEST and message.command_variant == 8:
        if message.original_request_id is not None:
            return message.original_request_id.target
        if message.gbcs is not None:
            return message.gbcs.originator
        # A list gives no single device; the message keeps it, with its length (`device_count`).
        return message.device_ids[0] if message.device_count == 1 else ""
    target = message.target or (request_id.target if request_id else None)
    if message.kind is Kind.NON_DEVICE_ANSWER or target is None or target in dcc_ids or message.srv in _non_device_srvs():
        return ""
    return target


@cache
def _non_device_srvs() -> frozenset[str]:
    return frozenset(srv for srv, found in variants().items() if found.is_non_device)


def _bare_outcome(message: GbcsMessage, dcc_ids: frozenset[str]) -> Row | None:
    """A future-dated outcome that comes as a bare payload; any other payload gives no audit row."""
    if message.alert is None or message.alert.alert_code not in (COMPLETED, NOT_COMPLETED):
        return None
    request_id = _commanded(message.header, message.alert, dcc_ids)
    row = dict.fromkeys(AUDIT_COLUMNS, "")
    row |= {
        "request_id": request_id.text if request_id else "",
        "message_class": "fd_outcome",
        "device_result": "ok" if message.alert.alert_code == COMPLETED else "failed",
        "user_id": message.header.recipient,
        "device_id": message.header.originator,
    }
    return row


def _place(row: Row, message: DuisMessage | GbcsMessage, observations: Sequence[Observation], rows: Rows) -> None:
    """Sets the row at every time-point that is known, or keeps it apart with a finding."""
    stamps: dict[str, int] = {}
    usual = "RX_DSP" if row["message_class"] == "request" else "ACK_TX" if row["response_code"] == ACKNOWLEDGED else "TX_USER"
    if isinstance(message, DuisMessage) and message.response_at is not None:
        stamps[usual] = message.response_at
    stamps |= {seen.time_point or usual: seen.observed_at for seen in observations if seen.observed_at is not None}
    row["scheduled_at"] = next((tell_instant(seen.scheduled_at) for seen in observations if seen.scheduled_at is not None), "")
    placed = [row | {"observed_at": tell_instant(at), "time_point": point} for point, at in stamps.items()]
    if row["message_class"] == "scheduled":
        if not (row["schedule_id"] and row["scheduled_at"]):
            expected, to_do = "a DSPScheduleID and the planned instant of the run", "Give scheduled_at with the observation times."
            what = "a scheduled run without its planned instant"
            rows.findings += [_kept(one, "DM-15", what, expected, to_do) for one in placed or [row]]
            return
    elif not row["request_id"]:
        expected, to_do = "originator:target:counter of a User's request", "Take this message's row from the sender's own audit trail."
        rows.findings += [_kept(one, "DM-15", "the message cannot be tied to a request", expected, to_do) for one in placed or [row]]
        return
    if not placed:
        to_do = "Give the file's observed_at (--observed-at CSV): a message of this kind has no send time of its own."
        rows.findings.append(_kept(row, "DM-14", "no observation time", "when and at which time-point it was seen", to_do))
    rows.audit += placed


def _kept(row: Row, check_id: str, what: str, expected: str, to_do: str) -> Finding:
    filled = {name: value for name, value in row.items() if value}
    return Finding(check_id, what, "message", expected, "nothing", to_do, json.dumps(filled))
