"""The body of a DUIS Response: its class (first match of duis.md section 3 wins) and what it holds."""

from typing import Any

from tocsin.messages.dcc_alert import read_dcc_alert
from tocsin.messages.document import Part
from tocsin.messages.duis_message import FirmwareWarning, Kind
from tocsin.messages.duis_values import Values
from tocsin.messages.finding import Finding, MalformedMessage, shown
from tocsin.messages.gbcs import Cra, GbcsAlert, GbcsHeader, read_alert
from tocsin.messages.identifiers import MessageId
from tocsin.messages.smets1 import read_smets1_message

ACKNOWLEDGED = "I99"
GREATEST_UNSIGNED_SHORT = 2**16 - 1

_SERVICE = ("ServiceReference", "ServiceReferenceVariant")
_PAYLOADS = {
    "FutureDatedDeviceAlertMessage": Kind.FUTURE_DATED_ALERT,
    "DSPScheduledMessage": Kind.SCHEDULED_READ,
    "PreCommand": Kind.PRE_COMMAND,
    "DSPInventory": Kind.NON_DEVICE_ANSWER,
    "DSPOptIn": Kind.NON_DEVICE_ANSWER,
    "DSPSchedulesRead": Kind.NON_DEVICE_ANSWER,
    "DSPScheduleID": Kind.NON_DEVICE_ANSWER,
    "DSPWANMatrix": Kind.NON_DEVICE_ANSWER,
    "DSPUpdateFirmwareWarning": Kind.NON_DEVICE_ANSWER,
    "DSPUpdatePPMIDFirmwareWarning": Kind.NON_DEVICE_ANSWER,
    "GBCSPayload": Kind.RESPONSE,
    "CINMessage": Kind.RESPONSE,
    "LocalCommand": Kind.LOCAL_COMMAND,
}
# Classes that stand before the acknowledgement in the order of duis.md section 3; the others come after it.
_BEFORE_CODES = (Kind.FUTURE_DATED_ALERT, Kind.SCHEDULED_READ)
_REFUSED_LISTS = {
    "invalid_id": "InvalidDeviceIDList",
    "not_commissioned": "NotCommissionedDeviceIDList",
    "firmware_not_applicable": "NotApplicableFirmwareDeviceIDList",
    "other_request_in_progress": "OtherRequestInProgressList",
    "invalid_gbcs_version": "InvalidGBCSVersionList",
}


def read_answer(body: Part, code: str, response_id: MessageId | None, values: Values) -> dict[str, Any]:
    """Fields of a DuisMessage that the body of a Response gives."""
    content = next(iter(body), None)
    if content is None:
        values.missing(body, "ResponseMessage")
        return {"kind": _without_payload(code)}
    if content.name == "sr:DCCAlertMessage":
        return read_dcc_alert(content, values)
    if content.name == "sr:DeviceAlertMessage":
        return _device_alert(content, response_id, values)
    if content.name == "sr:SMETS1ResponseMessage":
        return read_smets1_message(content, values)
    if content.name != "sr:ResponseMessage":
        values.findings.append(_unknown(content, "ResponseMessage, DeviceAlertMessage, DCCAlertMessage or SMETS1ResponseMessage"))
        return {"kind": Kind.RESPONSE, "body_element": content.local_name}
    return _service_answer(content, code, response_id, values)


def _service_answer(content: Part, code: str, response_id: MessageId | None, values: Values) -> dict[str, Any]:
    fields: dict[str, Any] = dict(values.service({part.local_name: part.text for part in content if part.local_name in _SERVICE}))
    if not fields["srv"]:
        values.missing(content, "ServiceReferenceVariant")
    payload = next((part for part in content if part.local_name not in _SERVICE), None)
    if payload is None:
        return fields | {"kind": _without_payload(code), "body_element": content.local_name}
    name = payload.local_name
    if name not in _PAYLOADS:
        values.findings.append(_unknown(payload, ", ".join(_PAYLOADS)))
    kind = _PAYLOADS.get(name, Kind.RESPONSE)
    if code == ACKNOWLEDGED and kind not in _BEFORE_CODES:
        kind = Kind.ACKNOWLEDGEMENT
    schedule = payload.text if name == "DSPScheduleID" else payload.below("DSPScheduleID") if name == "DSPScheduledMessage" else None
    fields |= {"kind": kind, "body_element": name, "schedule_id": schedule}
    if name in ("DSPUpdateFirmwareWarning", "DSPUpdatePPMIDFirmwareWarning"):
        lists = {field: values.eui64_list(payload.below(element), element) for field, element in _REFUSED_LISTS.items()}
        fields["firmware_warning"] = FirmwareWarning(**lists)
    if name == "FutureDatedDeviceAlertMessage":
        fields |= _future_dated(payload, response_id, values)
    elif (text := payload.text if name == "GBCSPayload" else payload.below("GBCSPayload")) is not None:
        fields["gbcs"] = values.payload(text, f"{name} payload")
    return fields


def _without_payload(code: str) -> Kind:
    """Acknowledged, rejected, or a success that has no data to return."""
    if code == ACKNOWLEDGED:
        return Kind.ACKNOWLEDGEMENT
    return Kind.REJECTION if code.startswith("E") else Kind.RESPONSE


def _future_dated(payload: Part, response_id: MessageId | None, values: Values) -> dict[str, Any]:
    said = {part.local_name: part.text for part in payload}
    return _alert(said.get("FutureDatedAlertCode"), payload, response_id, values) | {
        "instruction_no": values.whole(said.get("InstructionNumber"), "InstructionNumber", GREATEST_UNSIGNED_SHORT),
        "instruction_total": values.whole(said.get("TotalCommandInstructions"), "TotalCommandInstructions", GREATEST_UNSIGNED_SHORT),
    }


def _device_alert(content: Part, response_id: MessageId | None, values: Values) -> dict[str, Any]:
    said = {part.local_name: part.text for part in content}
    return _alert(said.get("AlertCode"), content, response_id, values) | {
        "kind": Kind.DEVICE_ALERT,
        "body_element": content.local_name,
        **values.throttle(said),
    }


def _alert(code: str | None, part: Part, response_id: MessageId | None, values: Values) -> dict[str, Any]:
    """Alert code of the envelope, the payload's header, and what the payload says; the two should agree."""
    gbcs, alert = values.payload(part.below("GBCSPayload"), "alert payload"), None
    if gbcs is not None:
        try:
            alert = read_alert(gbcs)
        except MalformedMessage as reason:
            values.findings.append(reason.within("content of the alert payload"))
        _compare(code, response_id, gbcs, alert, values)
    return {"alert_code": code.upper() if code else alert and alert.alert_code, "gbcs": gbcs, "alert": alert}


def _compare(code: str | None, response_id: MessageId | None, gbcs: GbcsHeader, alert: GbcsAlert | None, values: Values) -> None:
    pairs = [("alert code", code.upper() if code else None, alert.alert_code if alert else None)]
    if gbcs.cra is Cra.ALERT and response_id is not None:
        pairs += [("originator", response_id.originator, gbcs.originator), ("counter", str(response_id.counter), str(gbcs.counter))]
    for what, envelope, payload in pairs:
        if envelope is not None and payload is not None and envelope != payload:
            to_do = "The envelope is used; ask the sender which is right."
            values.findings.append(Finding("DM-12", f"the {what} differs", "alert payload", shown(envelope), shown(payload), to_do))


def _unknown(part: Part, expected: str) -> Finding:
    to_do = "It is kept as a response; a newer DUIS schema may have brought the element."
    return Finding("DM-17", "an element is not known here", f"line {part.line}", f"one of {expected}", shown(part.local_name), to_do)
