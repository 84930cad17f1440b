"""SMETS1 answers and alerts, and the alerts of the S1SPs: no GBCS payload, everything in clear in the XML (duis.md 6.3)."""

from typing import Any

from tocsin.messages.document import Part
from tocsin.messages.duis_message import Kind, Smets1Header
from tocsin.messages.duis_values import Values
from tocsin.messages.identifiers import GREATEST_COUNTER

CLOCKS = ("reliable", "unreliable", "invalid")


def read_smets1_message(content: Part, values: Values) -> dict[str, Any]:
    """Fields of a DuisMessage that a SMETS1ResponseMessage gives."""
    said = {part.local_name: part.text for part in content}
    fields = {"body_element": content.local_name, "schedule_id": said.get("DSPScheduleID"), **values.throttle(said)}
    fields |= {name: value for name, value in values.service(said).items() if value}
    signed = values.needed(content, "sr:SMETS1SignedResponse")
    if signed is None:
        return fields | {"kind": Kind.SMETS1_RESPONSE}
    return _signed(signed, values) | fields


def read_signed_response(root: Part, values: Values) -> dict[str, Any]:
    """Fields of a SMETS1SignedResponse that stands alone, as an S1SP sends it to the DSP."""
    fields = _signed(root, values) | {"body_element": root.local_name}
    inner: Smets1Header | None = fields.get("smets1")
    if inner is not None:
        fields |= {"originator": inner.target, "target": inner.originator, "counter": inner.counter}
    return fields


def read_s1sp_alert(root: Part, values: Values) -> dict[str, Any]:
    """Fields of an S1SPAlert that stands alone. `alert_at` is its DateTime, the S1SP's own clock."""
    said = {part.local_name: part.text for part in root}
    request_id = values.message_id(said.get("RequestID"), "RequestID")
    device = values.eui64(said.get("DeviceID"), "DeviceID")
    return {
        "kind": Kind.S1SP_ALERT,
        "body_element": root.local_name,
        "request_id": request_id,
        "request_id_text": request_id.text if request_id else said.get("RequestID"),
        "originator": request_id.originator if request_id else None,
        "target": device or (request_id.target if request_id else None),
        "counter": request_id.counter if request_id else None,
        "device_ids": (device,) if device else (),
        "alert_code": said.get("S1SPAlertCode"),
        "alert_at": values.instant(said.get("DateTime"), "DateTime"),
    }


def _signed(signed: Part, values: Values) -> dict[str, Any]:
    inner = values.needed(signed, "sr:SMETS1Response")
    header = None if inner is None else values.needed(inner, "sr:Header")
    body = None if inner is None else values.needed(inner, "sr:Body")
    answer = None if body is None else next(iter(body), None)
    fields: dict[str, Any] = {"kind": Kind.SMETS1_RESPONSE}
    if header is not None:
        said = {part.local_name: part.text for part in header}
        fields["smets1"] = _header(header, said, answer, values)
        fields |= {"service_reference": said.get("ServiceReference"), "srv": said.get("ServiceReferenceVariant")}
    if answer is not None and answer.local_name == "DeviceAlertMessage":
        code = answer.below("GBCSHexAlertCode")
        at = values.instant(answer.below("Timestamp"), "DeviceAlertContent Timestamp")
        fields |= {"kind": Kind.SMETS1_ALERT, "alert_code": code.upper() if code else None, "alert_at": at}
    return fields


def _header(header: Part, said: dict[str, str], answer: Part | None, values: Values) -> Smets1Header:
    stamp = header.child("ra:Timestamp")
    clock = (stamp.attribute("ClockStatus") or "unknown") if stamp else "unknown"
    gsme = stamp.attribute("isFromGSME") if stamp else None
    return Smets1Header(
        originator=values.eui64(said.get("BusinessOriginatorID"), "BusinessOriginatorID"),
        target=values.eui64(said.get("BusinessTargetID"), "BusinessTargetID"),
        counter=values.whole(said.get("OriginatorCounter"), "OriginatorCounter", GREATEST_COUNTER),
        timestamp_at=values.instant(said.get("Timestamp"), "SMETS1 header Timestamp"),
        clock=clock if clock in CLOCKS else "unknown",
        is_from_gsme=None if gsme is None else gsme in ("true", "1"),
        # The block stands in the place of the data and gives a code for each error; 0 is taken for none (inferred, duis.md 3.2).
        has_error=answer is not None and any(code.strip() != "0" for code in answer.attributes_below("SMETS1Response", "ResponseCode")),
    )
