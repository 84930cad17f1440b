"""DUIS messages of every class, made up here, give the values that duis.md sections 1 to 4 and 6.3 say they hold."""

import pytest
from tests.spec.messages.drawn_messages import (
    ALERT,
    BROKER,
    COMMAND,
    CONTENT,
    DEVICE,
    HUB,
    REQUEST_ID,
    RESPONSE,
    RESPONSE_ID,
    SENT,
    USER,
    answer,
    b64,
    dcc_alert,
    device_alert,
    dlms_alert,
    dlms_time,
    framed,
    grouping,
    part,
    request,
    response,
    smets1,
)  # fmt: skip

from tocsin.messages.duis import read_message
from tocsin.messages.duis_message import DuisMessage, Kind
from tocsin.vocabulary.instants import parse_instant
from tocsin.vocabulary.service_requests import CANCELLED_FROM

PAYLOAD = framed(grouping(RESPONSE, 0x0027, b"x", counter=4711, signature=b""))
NOON = dlms_time(2026, 2, 3, 12, 0, 0)
OUTCOME = grouping(ALERT, 0x00CC, dlms_alert(0x8F66, NOON, (0x19, 4711)), counter=9001, signature=bytes(64))


def checks(message: DuisMessage) -> list[str]:
    return [finding.check_id for finding in message.findings]


def test_a_request_with_every_header_field() -> None:
    extra = f"<FirstInSequence>false</FirstInSequence><PrecedingServiceRequestID>{REQUEST_ID.lower()}</PrecedingServiceRequestID>"
    body = "<UpdatePrice><ExecutionDateTime>2026-04-01T00:00:00.5+01:00</ExecutionDateTime></UpdatePrice>"
    message = read_message(request(body, request_id=f"{USER}:{DEVICE}:{2**64 - 1}".lower(), variant=4, srv="1.2.1", extra=extra))
    assert (message.kind, message.schema_version, message.srv, message.service_reference) == (Kind.REQUEST, "5.4", "1.2.1", "1.2")
    assert message.request_id_text == f"{USER}:{DEVICE}:{2**64 - 1}"
    assert (message.originator, message.target, message.counter, message.command_variant) == (USER, DEVICE, 2**64 - 1, 4)
    assert message.preceding_request_id is not None and message.preceding_request_id.text == REQUEST_ID
    assert message.body_element == "UpdatePrice"
    assert message.execution_at == parse_instant("2026-03-31T23:00:00.500000Z")
    assert message.execution_at < CANCELLED_FROM and not message.findings


@pytest.mark.parametrize(
    ("when", "is_cancelled"),
    [("3000-12-31T00:00:00.00Z", True), ("3000-01-01T00:00:00Z", True), ("2999-12-31T23:59:59.999999Z", False)],
)
def test_the_year_3000_cancels(when: str, is_cancelled: bool) -> None:
    message = read_message(request(f"<ActivateFirmware><ExecutionDateTime>{when}</ExecutionDateTime></ActivateFirmware>"))
    assert message.execution_at is not None and (message.execution_at >= CANCELLED_FROM) is is_cancelled


def test_a_signed_pre_command_shows_its_command() -> None:
    command = grouping(COMMAND, 0x0019, b"x", originator=USER, recipient=DEVICE, counter=4711, signature=bytes(64))
    message = read_message(request(f"<SignedPreCommand><GBCSPayload>{b64(command)}</GBCSPayload></SignedPreCommand>", variant=5))
    assert message.gbcs is not None and (message.gbcs.message_code, message.gbcs.counter) == ("0x0019", 4711)


def test_a_firmware_request_names_many_devices_and_is_one_request() -> None:
    devices = ",".join([DEVICE, HUB.lower(), "nonsense", "00AA1020304050FF", "worse"])
    body = f"<UpdateFirmware><FirmwareVersion>0102</FirmwareVersion><DeviceIDList>{devices}</DeviceIDList></UpdateFirmware>"
    message = read_message(request(body, request_id=f"{USER}:{BROKER}:1", variant=8, srv="11.1"))
    assert message.device_ids == (DEVICE, HUB, "00-AA-10-20-30-40-50-FF") and message.device_count == 3
    assert [(one.check_id, one.found) for one in message.findings] == [("DM-08", '2 others, the first "nonsense"')]


def test_a_returned_local_answer_names_the_first_request() -> None:
    body = (
        f"<ReturnLocalCommandResponse><OriginalRequestID>{REQUEST_ID}</OriginalRequestID>"
        f"<DeviceGBCSResponse>{b64(PAYLOAD)}</DeviceGBCSResponse></ReturnLocalCommandResponse>"
    )
    message = read_message(request(body, request_id=f"{USER}:{BROKER}:2", variant=8, srv="8.13"))
    assert message.original_request_id is not None and message.original_request_id.text == REQUEST_ID
    assert message.gbcs is not None and message.gbcs.originator == DEVICE


@pytest.mark.parametrize(
    ("code", "payload", "kind", "body_element"),
    [
        ("I99", "", Kind.ACKNOWLEDGEMENT, "ResponseMessage"),
        ("I99", f"<d:GBCSPayload>{b64(PAYLOAD)}</d:GBCSPayload>", Kind.ACKNOWLEDGEMENT, "GBCSPayload"),
        ("I99", part("DSPScheduledMessage", GBCSPayload=b64(PAYLOAD)), Kind.SCHEDULED_READ, "DSPScheduledMessage"),
        ("E5", "", Kind.REJECTION, "ResponseMessage"),
        ("E20", "", Kind.REJECTION, "ResponseMessage"),
        ("I0", "", Kind.RESPONSE, "ResponseMessage"),
        ("I0", part("PreCommand", GBCSVersion="4.3", GBCSPayload=b64(PAYLOAD)), Kind.PRE_COMMAND, "PreCommand"),
        ("I0", f"<d:GBCSPayload>\n{b64(PAYLOAD)}\n</d:GBCSPayload>", Kind.RESPONSE, "GBCSPayload"),
        ("I0", f"<d:CINMessage><d:GBCSPayload>{b64(PAYLOAD)}</d:GBCSPayload></d:CINMessage>", Kind.RESPONSE, "CINMessage"),
        ("I0", f"<d:LocalCommand><d:GBCSPayload>{b64(PAYLOAD)}</d:GBCSPayload></d:LocalCommand>", Kind.LOCAL_COMMAND, "LocalCommand"),
        ("I0", "<d:DSPSchedulesRead/>", Kind.NON_DEVICE_ANSWER, "DSPSchedulesRead"),
        ("I0", "<d:DSPOptIn/>", Kind.NON_DEVICE_ANSWER, "DSPOptIn"),
        ("I0", "<d:DSPInventory/>", Kind.NON_DEVICE_ANSWER, "DSPInventory"),
        ("I0", "<d:DSPWANMatrix/>", Kind.NON_DEVICE_ANSWER, "DSPWANMatrix"),
    ],
)  # fmt: skip
def test_answers_are_classed_by_code_and_payload(code: str, payload: str, kind: Kind, body_element: str) -> None:
    message = read_message(response(answer(payload), code=code, response_id=RESPONSE_ID))
    assert (message.kind, message.body_element, message.response_code) == (kind, body_element, code)
    assert (message.originator, message.target, message.counter, message.srv) == (USER, DEVICE, 4711, "4.1.1")
    assert message.response_id_text == RESPONSE_ID
    assert message.response_at == parse_instant(SENT) == parse_instant("2026-03-29T00:59:59.999123Z")
    assert (message.gbcs is not None) is ("GBCSPayload" in payload)
    assert not message.findings


def test_a_scheduled_read_and_a_schedule_made() -> None:
    run = part("DSPScheduledMessage", GBCSPayload=b64(PAYLOAD), DSPScheduleID="34")
    message = read_message(response(answer(run, "4.6.1"), request_id=None, response_id=RESPONSE_ID))
    assert (message.kind, message.schedule_id, message.originator) == (Kind.SCHEDULED_READ, "34", USER)
    assert message.gbcs is not None and message.gbcs.message_code == "0x0027"
    made = read_message(response(answer("<d:DSPScheduleID>34</d:DSPScheduleID>", "5.1")))
    assert (made.kind, made.schedule_id) == (Kind.NON_DEVICE_ANSWER, "34")


def test_a_firmware_warning_has_five_lists() -> None:
    ids = [f"00-AA-10-20-30-40-50-{n:02X}" for n in range(5)]
    lists = (
        f"<d:InvalidDeviceIDList>{ids[0]},{ids[1]}</d:InvalidDeviceIDList>"
        f"<d:NotCommissionedDeviceIDList>{ids[1]}</d:NotCommissionedDeviceIDList>"
        f"<d:NotApplicableFirmwareDeviceIDList>{ids[2]}</d:NotApplicableFirmwareDeviceIDList>"
        f"<d:OtherRequestInProgressList>{ids[3]}</d:OtherRequestInProgressList>"
        f"<d:InvalidGBCSVersionList>{ids[4]}</d:InvalidGBCSVersionList>"
    )
    for element, srv, code in (("DSPUpdateFirmwareWarning", "11.1", "W110101"), ("DSPUpdatePPMIDFirmwareWarning", "11.4", "W110401")):
        message = read_message(response(answer(f"<d:{element}>{lists}</d:{element}>", srv), code=code))
        warning = message.firmware_warning
        assert message.kind is Kind.NON_DEVICE_ANSWER and warning is not None
        assert warning.invalid_id == (ids[0], ids[1]) and warning.not_commissioned == (ids[1],)
        assert warning.firmware_not_applicable == (ids[2],) and warning.other_request_in_progress == (ids[3],)
        assert warning.invalid_gbcs_version == (ids[4],)


def test_a_future_dated_outcome() -> None:
    said = {"FutureDatedAlertCode": "8f66", "GBCSPayload": b64(OUTCOME), "InstructionNumber": "2", "TotalCommandInstructions": "6"}
    payload = part("FutureDatedDeviceAlertMessage", **said)
    message = read_message(response(answer(payload, "1.1.1"), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
    assert (message.kind, message.alert_code, message.srv) == (Kind.FUTURE_DATED_ALERT, "8F66", "1.1.1")
    assert (message.instruction_no, message.instruction_total) == (2, 6)
    assert message.alert is not None and (message.alert.command_counter, message.alert.command_message_code) == (4711, "0x0019")
    assert not message.findings


def test_a_throttled_device_alert_and_one_that_contradicts_its_envelope() -> None:
    throttled = "<d:ThrottledAlertSequenceId>3</d:ThrottledAlertSequenceId><d:ThrottledAlertCount>4294967295</d:ThrottledAlertCount>"
    message = read_message(response(device_alert("8f66", OUTCOME, throttled), request_id=None, response_id=f"{DEVICE}:{USER}:9001"))
    assert (message.kind, message.throttle_count, message.throttle_sequence) == (Kind.DEVICE_ALERT, 4294967295, 3)
    assert not message.findings
    other = read_message(response(device_alert("8F67", OUTCOME), request_id=None, response_id=f"{HUB}:{USER}:9002"))
    assert [(one.check_id, one.what) for one in other.findings] == [
        ("DM-12", "the alert code differs"), ("DM-12", "the originator differs"), ("DM-12", "the counter differs"),
    ]  # fmt: skip
    assert other.alert_code == "8F67"


def test_an_unreadable_payload_costs_the_payload_only() -> None:
    for text, check_id in (("no base64!", "DM-11"), ("AAAA", "DM-11"), ("€", "DM-11")):
        message = read_message(response(answer(f"<d:GBCSPayload>{text}</d:GBCSPayload>")))
        assert message.gbcs is None and message.response_code == "I0" and checks(message) == [check_id]


def test_faults_of_the_envelope_are_findings_and_the_rest_is_read() -> None:
    message = read_message(response(answer(srv="4.1.1"), request_id=f"{USER}:{DEVICE}:{2**64}", at="yesterday"))
    assert checks(message) == ["DM-08", "DM-09"]
    assert (message.request_id, message.request_id_text, message.srv) == (None, f"{USER}:{DEVICE}:{2**64}", "4.1.1")
    for at in ("9999-12-31T23:59:59-14:00", "2026-02-30T00:00:00Z", "2026-03-01T24:00:00Z"):
        assert checks(read_message(response(answer(), at=at))) == ["DM-09"]
    assert read_message(response(answer(), at="2026-03-01T00:00:00")).response_at == parse_instant("2026-03-01T00:00:00Z")
    assert checks(read_message(request("<A/>", variant=10))) == ["DM-10"]
    assert checks(read_message(request(""))) == ["DM-07"]
    assert checks(read_message(request("<A/>").replace(b"RequestID", b"RequestName"))) == ["DM-07"]
    assert checks(read_message(request("<A/>").replace(b"<ServiceReference>4.1<", b"<ServiceReference>4.11<"))) == ["DM-13"]
    assert checks(read_message(request("<A/>").replace(b' schemaVersion="5.4"', b""))) == ["DM-07"]
    assert checks(read_message(response(answer("<d:SomethingNew/>")))) == ["DM-17"]
    assert checks(read_message(response("<d:SomethingNew/>"))) == ["DM-17"]
    assert checks(read_message(response(""))) == ["DM-07"]


AT = "2026-02-03T04:05:06Z"
HAPPENED_AT = parse_instant(AT)
TRANSFER = part("FirmwareTransferAlert", OtherDeviceID=DEVICE, FirmwareVersion="02", TransferResponseCode="FileTransferSuccess")
UPGRADE = part("PPMIDFirmwareUpgradeAlert", FirmwareVersion="03", ActivateImageResultCode="ActivationFailure")
LOG = part("GPFDeviceLog", OldCHFDeviceID=USER, NewCHFDeviceID=HUB, OldGPFDeviceID=USER, NewGPFDeviceID=DEVICE)


@pytest.mark.parametrize(
    ("structure", "expected"),
    [
        (
            part("PowerOutageEvent", CommsHubDeviceID=HUB, StartDateTime=AT, MPxN="1"),
            {"device_id": HUB, "comms_hub_id": HUB, "happened_at": HAPPENED_AT},
        ),
        (
            part("CommandFailure", CommandRequestID=REQUEST_ID.lower(), DSPScheduleID="7", DeviceID=HUB),
            {"device_id": HUB, "related_request_id": REQUEST_ID, "schedule_id": "7"},
        ),
        (
            part(
                "CSPFirmwareDeliveryStatus", UpdateFirmwareRequestID=REQUEST_ID, CommsHubDeviceID=HUB, TargetDeviceID=DEVICE,
                FirmwareVersion="01", TimeStamp=AT, CommsHubTransferStatus="Failure",
            ),
            {
                "device_id": DEVICE, "comms_hub_id": HUB, "related_request_id": REQUEST_ID, "firmware_version": "01",
                "happened_at": HAPPENED_AT, "outcome": "Failure",
            },
        ),
        (
            part("CommsHubAlert", TRANSFER, CommsHubDeviceID=HUB, AlertCode="8F8A"),
            {"device_id": DEVICE, "comms_hub_id": HUB, "inner_alert_code": "8F8A", "outcome": "FileTransferSuccess"},
        ),
        (
            part("FirmwareDistributionFailure", UpdateFirmwareRequestID=REQUEST_ID, MeterIDs=f"{DEVICE},{HUB}"),
            {"device_id": None, "device_ids": (DEVICE, HUB), "related_request_id": REQUEST_ID},
        ),
        (
            part("DeviceStatusChangeEvent", part("DeviceStatusChange", "<d:DeviceSuspended/>"), DeviceID=DEVICE),
            {"device_id": DEVICE, "outcome": "DeviceSuspended"},
        ),
        (
            part("PPMIDAlert", UPGRADE, DeviceID=DEVICE, DeviceAlertCode="8F88", Timestamp=AT),
            {"device_id": DEVICE, "inner_alert_code": "8F88", "outcome": "ActivationFailure", "happened_at": HAPPENED_AT},
        ),
        (part("DeviceLogRestored", LOG, RestoredDate="2026-01-01"), {"device_id": DEVICE, "comms_hub_id": HUB}),
        (
            part("QuarantinedRequest", part("ADUserThresholdBreach", RequestID=REQUEST_ID)),
            {"device_id": DEVICE, "related_request_id": REQUEST_ID},
        ),
        (
            part("S1SPAlertDSP", part("S1SPAlert", DeviceID=DEVICE, S1SPAlertCode="S1X", DateTime=AT)),
            {"device_id": DEVICE, "inner_alert_code": "S1X", "happened_at": HAPPENED_AT},
        ),
        ("<d:SomethingNew><d:Odd/></d:SomethingNew>", {"device_id": None}),
    ],
)  # fmt: skip
def test_dcc_alerts_by_structure(structure: str, expected: dict[str, object]) -> None:
    message = read_message(response(dcc_alert("n53", structure), request_id=None, response_id=f"{BROKER}:{USER}:77"))
    assert (message.kind, message.alert_code, message.originator) == (Kind.DCC_ALERT, "N53", USER)
    alert = message.dcc_alert
    assert alert is not None and alert.structure == structure[3 : structure.index(">")]
    for name, value in expected.items():
        found = getattr(alert, name)
        assert (found.text if name == "related_request_id" else found) == value, name
    assert not message.findings


STAMP = '<c:Timestamp isFromGSME="true" ClockStatus="unreliable">2026-02-03T04:05:06Z</c:Timestamp>'


def test_a_smets1_answer() -> None:
    outer = "<d:ServiceReference>4.1</d:ServiceReference><d:ServiceReferenceVariant>4.1.1</d:ServiceReferenceVariant>"
    good = smets1("<d:ResponseMessage><c:SMETSData><c:SomeRsp/></c:SMETSData></d:ResponseMessage>", STAMP, outer)
    message = read_message(response(good, response_id=RESPONSE_ID))
    inner = message.smets1
    assert (message.kind, message.srv, message.body_element) == (Kind.SMETS1_RESPONSE, "4.1.1", "SMETS1ResponseMessage")
    assert inner is not None and (inner.originator, inner.target, inner.counter) == (DEVICE, USER, 4711)
    assert (inner.timestamp_at, inner.clock, inner.is_from_gsme, inner.has_error) == (parse_instant(AT), "unreliable", True, False)
    debug = "<c:SMETSData><c:SMETS1Debug><c:SMETS1Response ResponseCode='{}' Position='1'/></c:SMETS1Debug></c:SMETSData>"
    for code, has_error in (("0", False), ("17", True)):
        other = read_message(response(smets1(f"<d:ResponseMessage>{debug.format(code)}</d:ResponseMessage>")))
        assert other.smets1 is not None and other.smets1.has_error is has_error
        assert (other.smets1.clock, other.smets1.is_from_gsme) == ("unknown", None)


def test_a_smets1_alert() -> None:
    told = f"<c:GBCSHexAlertCode>8f35</c:GBCSHexAlertCode><c:AlertDescription>d</c:AlertDescription><c:Timestamp>{AT}</c:Timestamp>"
    content = f"<c:DeviceAlertContent>{told}</c:DeviceAlertContent>"
    outer = "<d:ThrottledAlertCount>9</d:ThrottledAlertCount>"
    body = smets1(f"<d:DeviceAlertMessage>{content}</d:DeviceAlertMessage>", "", outer)
    message = read_message(response(body, request_id=None, response_id=RESPONSE_ID))
    assert (message.kind, message.alert_code, message.alert_at, message.throttle_count) == (Kind.SMETS1_ALERT, "8F35", parse_instant(AT), 9)


def test_signed_responses_and_s1sp_alerts_that_stand_alone() -> None:
    inside = smets1("<d:ResponseMessage/>", STAMP)
    start, end = inside.index("<d:SMETS1SignedResponse>"), inside.index("</d:SMETS1ResponseMessage>")
    spaces = 'xmlns:d="http://www.dccinterface.co.uk/ServiceUserGateway" xmlns:c="' + CONTENT + '" schemaVersion="5.4"'
    alone = read_message(inside[start:end].replace("<d:SMETS1SignedResponse>", f"<d:SMETS1SignedResponse {spaces}>").encode())
    assert (alone.kind, alone.originator, alone.target, alone.counter) == (Kind.SMETS1_RESPONSE, USER, DEVICE, 4711)
    xml = part("S1SPAlert", RequestID=REQUEST_ID, S1SPAlertCode="S1X", DateTime=AT)
    alert = read_message(xml.replace("S1SPAlert>", f"S1SPAlert {spaces}>", 1).encode())
    assert (alert.kind, alert.alert_code, alert.alert_at, alert.target) == (Kind.S1SP_ALERT, "S1X", parse_instant(AT), DEVICE)
