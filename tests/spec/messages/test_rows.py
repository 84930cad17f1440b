"""Messages become rows of the audit trail and alert rows; what has no place in time or no request is kept apart, whole."""

import json

from tests.spec.messages.drawn_messages import (
    ALERT,
    BROKER,
    DEVICE,
    HUB,
    REQUEST_ID,
    RESPONSE,
    RESPONSE_ID,
    SENT,
    USER,
    answer,
    asn1_alert,
    b64,
    dcc_alert,
    device_alert,
    dlms_alert,
    dlms_time,
    framed,
    grouping,
    part,
    raw,
    request,
    response,
    smets1,
)  # fmt: skip

from tocsin.feeds.audit_trail import AUDIT_TRAIL
from tocsin.messages.alert_rows import ALERT_COLUMNS
from tocsin.messages.duis import read_message
from tocsin.messages.gbcs_file import read_gbcs_file
from tocsin.messages.observations import Observation
from tocsin.messages.rows import _CLASSES, AUDIT_COLUMNS, Rows, rows_of
from tocsin.vocabulary.audit_trail import MESSAGE_CLASSES
from tocsin.vocabulary.instants import parse_instant

SEEN_AT = parse_instant("2026-03-29T00:59:58Z")
SENT_CUT = "2026-03-29T00:59:59.999123Z"
NOON = dlms_time(2026, 2, 3, 12, 0, 0)
PAYLOAD = f"<d:GBCSPayload>{b64(framed(grouping(RESPONSE, 0x27, b'x', counter=4711, signature=b'')))}</d:GBCSPayload>"


def rows(xml: bytes, *observations: Observation) -> Rows:
    return rows_of(read_message(xml), observations)


def filled(row: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in row.items() if value}


def outcome(code: int, *, recipient: str = USER, more: bytes = b"", content: bytes | None = None) -> bytes:
    return grouping(ALERT, 0xCC, content or dlms_alert(code, NOON, (0x19, 4711)), recipient=recipient, more=more, signature=bytes(64))


def test_the_columns_and_words_are_those_of_the_feed() -> None:
    """The messages floor stands beside the feeds and cannot import them."""
    assert tuple(column.name for column in AUDIT_TRAIL.columns) == AUDIT_COLUMNS
    assert set(_CLASSES.values()) | {"failure_alert"} == set(MESSAGE_CLASSES)


def test_a_request_has_a_row_only_where_it_was_seen() -> None:
    xml = request("<A><ExecutionDateTime>3000-12-31T00:00:00.00Z</ExecutionDateTime></A>", variant=4, srv="1.1.1")
    unseen = rows(xml)
    assert not unseen.audit and [one.check_id for one in unseen.findings] == ["DM-14"]
    kept = json.loads(unseen.findings[0].kept)
    assert kept == {
        "request_id": REQUEST_ID, "message_class": "request", "srv": "1.1.1", "command_variant": "4", "user_id": USER, "device_id": DEVICE,
        "execution_at": "3000-12-31T00:00:00.000000Z",
    }  # fmt: skip
    seen = rows(xml, Observation(SEEN_AT), Observation(SEEN_AT + 1, "TX_CSP"))
    assert not seen.findings
    assert [filled(row) for row in seen.audit] == [
        {**kept, "observed_at": "2026-03-29T00:59:58.000000Z", "time_point": "RX_DSP"},
        {**kept, "observed_at": "2026-03-29T00:59:58.000001Z", "time_point": "TX_CSP"},
    ]
    assert tuple(seen.audit[0]) == AUDIT_COLUMNS


def test_an_answer_stands_at_its_own_time_unless_the_caller_knows_better() -> None:
    xml = response(answer(PAYLOAD))
    own = rows(xml)
    assert filled(own.audit[0]) == {
        "request_id": REQUEST_ID, "observed_at": SENT_CUT, "time_point": "TX_USER", "message_class": "response", "srv": "4.1.1",
        "response_code": "I0", "device_result": "not_supplied", "user_id": USER, "device_id": DEVICE,
    }  # fmt: skip
    points = [(row["time_point"], row["observed_at"]) for row in rows(xml, Observation(SEEN_AT, "RX_DSP_UP")).audit]
    assert points == [("TX_USER", SENT_CUT), ("RX_DSP_UP", "2026-03-29T00:59:58.000000Z")]
    better = rows(xml, Observation(SEEN_AT)).audit
    assert [(row["time_point"], row["observed_at"]) for row in better] == [("TX_USER", "2026-03-29T00:59:58.000000Z")]


def test_classes_and_time_points_of_answers() -> None:
    pre = f"<d:PreCommand><d:GBCSVersion>4</d:GBCSVersion>{PAYLOAD}</d:PreCommand>"
    told = {
        code + payload[:14]: (row["message_class"], row["time_point"], row["device_result"])
        for code, payload in [("I99", ""), ("E5", ""), ("E20", ""), ("I0", pre), ("I0", f"<d:LocalCommand>{PAYLOAD}</d:LocalCommand>")]
        for row in rows(response(answer(payload), code=code)).audit
    }
    assert told == {
        "I99": ("ack", "ACK_TX", ""),
        "E5": ("reject", "TX_USER", ""),
        "E20": ("reject", "TX_USER", ""),
        "I0<d:PreCommand>": ("precommand", "TX_USER", ""),
        "I0<d:LocalComman": ("local", "TX_USER", ""),
    }


def test_the_device_of_a_non_device_request_is_in_its_body() -> None:
    to_dcc = f"{USER}:{BROKER}:1"
    bodies = {
        f"<A><DeviceID>{HUB.lower()}</DeviceID><DeviceType>CHF</DeviceType></A>": (HUB, "CHF"),
        f"<A><DeviceIDList>{DEVICE}</DeviceIDList></A>": (DEVICE, ""),
        f"<A><DeviceIDList>{DEVICE},{HUB}</DeviceIDList></A>": ("", ""),
        f"<A><OriginalRequestID>{REQUEST_ID}</OriginalRequestID></A>": (DEVICE, ""),
        f"<A><DeviceGBCSResponse>{b64(grouping(RESPONSE, 1, b'x', originator=HUB))}</DeviceGBCSResponse></A>": (HUB, ""),
        "<A><UPRN>1</UPRN></A>": ("", ""),
    }
    for body, expected in bodies.items():
        (row,) = rows(request(body, request_id=to_dcc, variant=8, srv="8.2"), Observation(SEEN_AT)).audit
        assert (row["device_id"], row["device_type"]) == expected, body
    # An 8.11 is addressed to the hub and names the device that is to be listed: the hub is its device.
    body = f"<A><DeviceID>{HUB}</DeviceID><DeviceType>ESME</DeviceType></A>"
    (row,) = rows(request(body, variant=1, srv="8.11"), Observation(SEEN_AT)).audit
    assert (row["device_id"], row["device_type"]) == (DEVICE, "")


def test_the_dcc_is_no_device() -> None:
    for xml in (
        response(answer("<d:DSPInventory/>", "8.2"), request_id=f"{USER}:{HUB}:1"),
        response(answer(srv="4.1.1"), code="I99", request_id=f"{USER}:{BROKER}:1"),
        response(answer(srv="8.14.2"), code="I99", request_id=f"{USER}:{HUB}:1"),  # non-device by the catalogue, whatever the DCC's id
    ):
        assert rows(xml).audit[0]["device_id"] == ""
    message = read_message(response(answer(), request_id=f"{USER}:{HUB}:1"))
    assert rows_of(message, dcc_ids=frozenset({HUB})).audit[0]["device_id"] == ""
    assert rows_of(message).audit[0]["device_id"] == HUB


def test_an_outcome_is_of_the_request_whose_command_it_names() -> None:
    fields = "<d:InstructionNumber>2</d:InstructionNumber><d:TotalCommandInstructions>6</d:TotalCommandInstructions>"
    payload = (
        f"<d:FutureDatedDeviceAlertMessage><d:FutureDatedAlertCode>8F66</d:FutureDatedAlertCode>"
        f"<d:GBCSPayload>{b64(outcome(0x8F66))}</d:GBCSPayload>{fields}</d:FutureDatedDeviceAlertMessage>"
    )
    found = rows(response(answer(payload, "1.1.1"), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
    assert filled(found.audit[0]) == {
        "request_id": REQUEST_ID, "observed_at": SENT_CUT, "time_point": "TX_USER", "message_class": "fd_outcome", "srv": "1.1.1",
        "response_code": "I0", "device_result": "ok", "user_id": USER, "device_id": DEVICE, "instruction_no": "2", "instruction_total": "6",
    }  # fmt: skip
    assert filled(found.alerts[0]) == {
        "alert_id": f"{DEVICE}:{USER}:9001:8F66", "alert_kind": "device", "alert_code": "8F66", "device_id": DEVICE, "recipient_id": USER,
        "counter": "9001", "happened_at": "2026-02-03T12:00:00.000000Z", "sent_at": SENT_CUT, "structure": "FutureDatedDeviceAlertMessage",
        "related_request_id": REQUEST_ID, "clock": "unknown",
    }  # fmt: skip
    assert tuple(found.alerts[0]) == ALERT_COLUMNS


def test_an_outcome_as_a_device_alert_in_all_encodings() -> None:
    for code, content, result in [
        (0x8F66, None, "ok"),
        (0x8F67, None, "failed"),
        (0x8F67, asn1_alert(0x8F67, "20260203120000Z", 4711), "failed"),
    ]:
        body = device_alert(f"{code:04X}", outcome(code, content=content))
        found = rows(response(body, request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
        row = found.audit[0]
        assert (row["request_id"], row["message_class"], row["device_result"]) == (REQUEST_ID, "fd_outcome", result)
        assert found.alerts[0]["structure"] == "DeviceAlertMessage"
        assert found.alerts[0]["related_request_id"] == REQUEST_ID


def test_an_outcome_of_a_command_that_the_dcc_wrote_names_no_request() -> None:
    """The counter is then the DCC's own (duis.md 6, rules 5 and 6): tying it to a User's request would be a guess."""
    for payload in (outcome(0x8F66, recipient=BROKER), outcome(0x8F66, more=raw(HUB)), b"\xdf"):
        found = rows(response(device_alert("8F66", payload), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
        assert not found.audit and len(found.alerts) == 1
        (finding,) = found.findings
        kept = json.loads(finding.kept)
        assert finding.check_id == "DM-15" and "request_id" not in kept
        assert (kept["observed_at"], kept["device_result"]) == (SENT_CUT, "ok")


def test_a_scheduled_run_needs_the_instant_it_was_planned_for() -> None:
    run = f"<d:DSPScheduledMessage>{PAYLOAD}<d:DSPScheduleID>34</d:DSPScheduleID></d:DSPScheduledMessage>"
    # A RequestID, should one be there, is that of the schedule: every run would carry the same.
    xml = response(answer(run, "4.6.1"), response_id=RESPONSE_ID)
    without = rows(xml)
    assert not without.audit and [one.check_id for one in without.findings] == ["DM-15"]
    row = rows(xml, Observation(None, None, SEEN_AT)).audit[0]
    assert filled(row) == {
        "observed_at": SENT_CUT, "time_point": "TX_USER", "message_class": "scheduled", "srv": "4.6.1", "response_code": "I0",
        "device_result": "not_supplied", "user_id": USER, "device_id": DEVICE, "schedule_id": "34",
        "scheduled_at": "2026-03-29T00:59:58.000000Z",
    }  # fmt: skip
    body = smets1("<d:ResponseMessage/>", outer="<d:DSPScheduleID>34</d:DSPScheduleID>")
    row = rows(response(body, request_id=None, response_id=RESPONSE_ID), Observation(None, None, SEEN_AT)).audit[0]
    assert (row["message_class"], row["schedule_id"], row["request_id"]) == ("scheduled", "34", "")


def test_a_schedule_made_is_no_run_of_it() -> None:
    assert rows(response(answer("<d:DSPScheduleID>34</d:DSPScheduleID>", "5.1"))).audit[0]["schedule_id"] == ""


def test_a_command_failure_ends_a_request() -> None:
    structure = part("CommandFailure", CommandRequestID=REQUEST_ID, DeviceID=DEVICE)
    found = rows(response(dcc_alert("N13", structure), request_id=None, response_id=f"{BROKER}:{USER}:77"))
    row = found.audit[0]
    assert (row["request_id"], row["message_class"], row["observed_at"]) == (REQUEST_ID, "failure_alert", SENT_CUT)
    assert filled(found.alerts[0]) == {
        "alert_id": f"{BROKER}:{USER}:77:N13", "alert_kind": "dcc", "alert_code": "N13", "device_id": DEVICE, "recipient_id": USER,
        "counter": "77", "sent_at": SENT_CUT, "structure": "CommandFailure", "related_request_id": REQUEST_ID, "clock": "unknown",
    }  # fmt: skip


def test_the_dcc_is_not_the_device_of_an_alert_about_a_request_to_it() -> None:
    breach = part("ADUserThresholdBreach", RequestID=f"{USER}:{BROKER}:5")
    alert = rows(response(dcc_alert("N58", part("QuarantinedRequest", breach)), request_id=None)).alerts[0]
    assert (alert["device_id"], alert["related_request_id"]) == ("", f"{USER}:{BROKER}:5")


def test_other_alerts_give_no_audit_row() -> None:
    outage = f"<d:PowerOutageEvent><d:CommsHubDeviceID>{HUB}</d:CommsHubDeviceID></d:PowerOutageEvent>"
    found = rows(response(dcc_alert("AD1", outage), request_id=None))
    assert not found.audit and not found.findings
    assert found.alerts[0]["alert_id"].startswith("digest:")
    again = rows(response(dcc_alert("AD1", outage), request_id=None))
    later = rows(response(dcc_alert("AD1", outage), request_id=None, at="2026-03-29T01:00:00Z"))
    assert found.alerts == again.alerts and later.alerts[0]["alert_id"] != found.alerts[0]["alert_id"]
    throttled = "<d:ThrottledAlertCount>12</d:ThrottledAlertCount>"
    payload = grouping(ALERT, 0x1000, dlms_alert(0x8F3F, dlms_time(2026, 2, 3, 12, 0, 0, status=2)), signature=bytes(64))
    found = rows(response(device_alert("8F3F", payload, throttled), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
    assert not found.audit and (found.alerts[0]["throttle_count"], found.alerts[0]["clock"]) == ("12", "unreliable")


def test_smets1_answers_and_alerts() -> None:
    bad = "<c:SMETSData><c:SMETS1Debug><c:SMETS1Response ResponseCode='5' Position='1'/></c:SMETS1Debug></c:SMETSData>"
    results = [rows(response(smets1(f"<d:ResponseMessage>{data}</d:ResponseMessage>"))).audit[0]["device_result"] for data in ("", bad)]
    assert results == ["not_supplied", "failed"]
    stamp = '<c:Timestamp ClockStatus="reliable">2026-02-03T04:05:06Z</c:Timestamp>'
    content = "<c:DeviceAlertContent><c:GBCSHexAlertCode>8F35</c:GBCSHexAlertCode></c:DeviceAlertContent>"
    body = smets1(f"<d:DeviceAlertMessage>{content}</d:DeviceAlertMessage>", stamp)
    found = rows(response(body, request_id=None, response_id=RESPONSE_ID))
    alert = found.alerts[0]
    assert not found.audit and (alert["alert_id"], alert["structure"]) == (f"{DEVICE}:{USER}:4711:8F35", "SMETS1ResponseMessage")
    assert (alert["happened_at"], alert["clock"], alert["sent_at"]) == ("2026-02-03T04:05:06.000000Z", "reliable", SENT_CUT)


def test_an_s1sp_alert() -> None:
    xml = (
        f'<S1SPAlert xmlns="http://www.dccinterface.co.uk/ServiceUserGateway" schemaVersion="5.4"><RequestID>{REQUEST_ID}</RequestID>'
        f"<S1SPAlertCode>S1X</S1SPAlertCode><DateTime>{SENT}</DateTime></S1SPAlert>"
    )
    found = rows(xml.encode())
    assert not found.audit
    alert = found.alerts[0]
    assert (alert["alert_kind"], alert["alert_code"], alert["device_id"], alert["happened_at"]) == ("s1sp", "S1X", DEVICE, SENT_CUT)
    assert alert["related_request_id"] == REQUEST_ID and alert["alert_id"].startswith("digest:")


def test_a_bare_payload_gives_alerts_only_and_an_outcome_where_it_was_seen() -> None:
    read = read_gbcs_file(outcome(0x8F67).hex().encode())
    unseen = rows_of(read)
    assert [one.check_id for one in unseen.findings] == ["DM-14"] and not unseen.audit
    assert (unseen.alerts[0]["structure"], unseen.alerts[0]["related_request_id"], unseen.alerts[0]["sent_at"]) == ("GBCS", REQUEST_ID, "")
    row = rows_of(read, [Observation(SEEN_AT, "RX_DSP_UP")]).audit[0]
    assert (row["request_id"], row["device_result"], row["time_point"]) == (REQUEST_ID, "failed", "RX_DSP_UP")
    assert rows_of(read_gbcs_file(grouping(RESPONSE, 0x27, b"x").hex().encode())) == Rows()
