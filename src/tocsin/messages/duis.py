"""DUIS messages, the XML between Users and the DCC (duis.md sections 1 to 4), read into values whatever prefixes the sender uses."""

from collections.abc import Callable, Mapping
from typing import Any

from tocsin.messages.document import LARGEST_MESSAGE, NAMESPACES, Part, read_document
from tocsin.messages.duis_answer import read_answer
from tocsin.messages.duis_message import DuisMessage, Kind
from tocsin.messages.duis_values import Values
from tocsin.messages.finding import Finding, MalformedMessage, shown
from tocsin.messages.identifiers import MessageId
from tocsin.messages.smets1 import read_s1sp_alert, read_signed_response

GREATEST_COMMAND_VARIANT = 9  # 9 is internal to the DCC (duis.md section 2)


def read_message(xml: bytes, namespaces: Mapping[str, str] = NAMESPACES, limit: int = LARGEST_MESSAGE) -> DuisMessage:
    """One DUIS message of up to `limit` bytes. `namespaces` maps namespace to "sr" (gateway) or "ra" (parsed content).

    Raises MalformedMessage (DM-01 to DM-06) when nothing can be read; lesser faults are in the message's `findings`.
    """
    root = read_document(xml, namespaces, limit)
    if root.name not in _READERS:
        expected = "one of " + ", ".join(name.rpartition(":")[2] for name in _READERS) + " in the DUIS namespace"
        to_do = "If the sender wraps DUIS in a namespace of its own, name it in the namespace map."
        raise MalformedMessage(Finding("DM-06", "not a DUIS message", f"root element, line {root.line}", expected, shown(root.name), to_do))
    values = Values()
    fields = _READERS[root.name](root, values)
    version = root.attribute("schemaVersion")
    if version is None:
        values.findings.append(
            Finding("DM-07", "a part of the message is missing", f"root element, line {root.line}", "attribute schemaVersion", "nothing",
                    "Ask the sender for the message as it was sent.")
        )  # fmt: skip
    return DuisMessage(schema_version=version or "", findings=tuple(values.findings), **fields)


def _request(root: Part, values: Values) -> dict[str, Any]:
    header, body = values.needed(root, "sr:Header"), values.needed(root, "sr:Body")
    fields: dict[str, Any] = {"kind": Kind.REQUEST}
    if header is not None:
        said = {part.local_name: part.text for part in header}
        if "RequestID" not in said:
            values.missing(header, "RequestID")
        request_id = values.message_id(said.get("RequestID"), "RequestID")
        preceding = said.get("PrecedingServiceRequestID")
        fields |= _parties(request_id) | values.service(said)
        fields |= {
            "request_id": request_id,
            "request_id_text": request_id.text if request_id else said.get("RequestID"),
            "command_variant": values.whole(said.get("CommandVariant"), "CommandVariant", GREATEST_COMMAND_VARIANT),
            "preceding_request_id": values.message_id(preceding, "PrecedingServiceRequestID"),
        }
    content = None if body is None else next(iter(body), None)
    if content is None:
        if body is not None:
            values.missing(body, "the service request")
        return fields
    gbcs = content.below("GBCSPayload") if content.local_name == "SignedPreCommand" else content.below("DeviceGBCSResponse")
    return fields | {
        "body_element": content.local_name,
        "execution_at": values.instant(content.below("ExecutionDateTime"), "ExecutionDateTime"),
        "device_ids": _devices(content, values),
        "device_type": content.below("DeviceType"),
        "schedule_id": content.below("DSPScheduleID"),
        "original_request_id": values.message_id(content.below("OriginalRequestID"), "OriginalRequestID"),
        "gbcs": values.payload(gbcs, f"{content.local_name} payload"),
    }


def _devices(content: Part, values: Values) -> tuple[str, ...]:
    """Devices named in the body: one, or the list of an 11.1 or 11.4 (up to about 50,000)."""
    listed = content.below("DeviceIDList")
    if listed is not None:
        return values.eui64_list(listed, "DeviceIDList")
    one = values.eui64(content.below("DeviceID"), "DeviceID")
    return () if one is None else (one,)


def _response(root: Part, values: Values) -> dict[str, Any]:
    header, body = values.needed(root, "sr:Header"), values.needed(root, "sr:Body")
    said: dict[str, str] = {} if header is None else {part.local_name: part.text for part in header}
    if header is not None:
        for name in ("ResponseCode", "ResponseDateTime"):
            if name not in said:
                values.missing(header, name)
    request_id = values.message_id(said.get("RequestID"), "RequestID")
    response_id = values.message_id(said.get("ResponseID"), "ResponseID")
    # Alerts have a ResponseID only: turned round it names the User first, as a request would (duis.md 6, rule 2).
    fields = _parties(request_id or (response_id.answered if response_id else None))
    fields |= {
        "request_id": request_id,
        "request_id_text": request_id.text if request_id else said.get("RequestID"),
        "response_id": response_id,
        "response_id_text": response_id.text if response_id else said.get("ResponseID"),
        "response_code": said.get("ResponseCode"),
        "response_at": values.instant(said.get("ResponseDateTime"), "ResponseDateTime"),
    }
    if body is None:
        return fields | {"kind": Kind.RESPONSE}
    return fields | read_answer(body, said.get("ResponseCode", ""), response_id, values)


def _parties(message_id: MessageId | None) -> dict[str, Any]:
    if message_id is None:
        return {}
    return {"originator": message_id.originator, "target": message_id.target, "counter": message_id.counter}


_READERS: Mapping[str, Callable[[Part, Values], dict[str, Any]]] = {
    "sr:Request": _request,
    "sr:Response": _response,
    "sr:SMETS1SignedResponse": read_signed_response,
    "sr:S1SPAlert": read_s1sp_alert,
}
