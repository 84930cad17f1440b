"""Alert rows: one for each device alert, DCC alert or S1SP alert that was read (duis.md 8.3)."""

import hashlib

from tocsin.messages.duis_message import DuisMessage, Kind
from tocsin.messages.gbcs_file import GbcsMessage
from tocsin.messages.row_text import Row, tell, tell_instant

ALERT_COLUMNS = (
    "alert_id", "alert_kind", "alert_code", "device_id", "recipient_id", "counter", "happened_at", "sent_at", "throttle_count", "structure",
    "related_request_id", "clock",
)  # fmt: skip

_DEVICE_ALERTS = {
    Kind.DEVICE_ALERT: "DeviceAlertMessage",
    # Counted apart by its structure: it comes as the answer of a service, and is the same alert of the device.
    Kind.FUTURE_DATED_ALERT: "FutureDatedDeviceAlertMessage",
    Kind.SMETS1_ALERT: "SMETS1ResponseMessage",
}


def alert_row(message: DuisMessage | GbcsMessage, related_request_id: str, dcc_ids: frozenset[str]) -> Row | None:
    """The alert row of a message, or None where it is no alert. `related_request_id`: the request that its audit row is of, if any.

    `dcc_ids` are the ids of the DCC itself, which is never the device of an alert.
    """
    if isinstance(message, GbcsMessage):
        return _bare(message, related_request_id)
    if message.kind in _DEVICE_ALERTS:
        return _device(message, related_request_id)
    if message.kind is Kind.DCC_ALERT:
        return _dcc(message, dcc_ids)
    return _s1sp(message) if message.kind is Kind.S1SP_ALERT else None


def _bare(message: GbcsMessage, related_request_id: str) -> Row | None:
    header, alert = message.header, message.alert
    if alert is None:
        return None
    return _row(
        alert_id=f"{header.originator}:{header.recipient}:{header.counter}:{alert.alert_code}",
        alert_kind="device",
        alert_code=alert.alert_code,
        device_id=header.originator,
        recipient_id=header.recipient,
        counter=str(header.counter),
        happened_at=tell_instant(alert.happened_at),
        structure="GBCS",
        related_request_id=related_request_id,
        clock=alert.clock,
    )


def _device(message: DuisMessage, related_request_id: str) -> Row:
    """A device alert: the originator is the device, the counter is the device's own (duis.md 4.1)."""
    happened_at, clock = message.alert_at, "unknown"
    if message.alert is not None:
        happened_at, clock = message.alert.happened_at, message.alert.clock
    if message.smets1 is not None:
        happened_at, clock = message.alert_at or message.smets1.timestamp_at, message.smets1.clock
    row = _row(
        alert_kind="device",
        alert_code=tell(message.alert_code),
        device_id=tell(message.target),
        recipient_id=tell(message.originator),
        counter=tell(message.counter),
        happened_at=tell_instant(happened_at),
        sent_at=tell_instant(message.response_at),
        throttle_count=tell(message.throttle_count),
        structure=_DEVICE_ALERTS[message.kind],
        related_request_id=related_request_id,
        clock=clock,
    )
    if row["device_id"] and row["counter"]:
        return row | {"alert_id": ":".join(row[name] for name in ("device_id", "recipient_id", "counter", "alert_code"))}
    return row | {"alert_id": _digest(row)}


def _dcc(message: DuisMessage, dcc_ids: frozenset[str]) -> Row:
    dcc = message.dcc_alert
    related = dcc.related_request_id if dcc else None
    row = _row(
        alert_kind="dcc",
        alert_code=tell(message.alert_code),
        device_id=tell(dcc.device_id if dcc and dcc.device_id not in dcc_ids else None),
        recipient_id=tell(message.originator),
        counter=tell(message.counter),
        happened_at=tell_instant(dcc.happened_at if dcc else None),
        sent_at=tell_instant(message.response_at),
        throttle_count=tell(message.throttle_count),
        structure=tell(dcc.structure if dcc else None),
        related_request_id=related.text if related else "",
        clock="unknown",
    )
    # Whether DCC alerts carry a ResponseID is not established (duis.md section 10).
    return row | {"alert_id": f"{message.response_id.text}:{row['alert_code']}" if message.response_id else _digest(row)}


def _s1sp(message: DuisMessage) -> Row:
    row = _row(
        alert_kind="s1sp",
        alert_code=tell(message.alert_code),
        device_id=tell(message.target),
        recipient_id=tell(message.originator),
        counter=tell(message.counter),
        happened_at=tell_instant(message.alert_at),
        structure="S1SPAlert",
        related_request_id=message.request_id.text if message.request_id else "",
        clock="unknown",
    )
    return row | {"alert_id": _digest(row)}


def _row(**cells: str) -> Row:
    return dict.fromkeys(ALERT_COLUMNS, "") | cells


def _digest(row: Row) -> str:
    """An id made of what the row says, for an alert that names none of its own; the same alert sent again has the same id."""
    text = "\x1f".join(row[name] for name in ALERT_COLUMNS if name != "alert_id")
    return f"digest:{hashlib.sha256(text.encode()).hexdigest()[:32]}"
