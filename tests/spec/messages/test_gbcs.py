"""GBCS payloads: header, alerts with the three encodings of time, and payloads that are cut or wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.spec.messages.drawn_messages import (
    ALERT,
    BROKER,
    COMMAND,
    DEVICE,
    RESPONSE,
    USER,
    asn1_alert,
    dlms_alert,
    dlms_time,
    framed,
    grouping,
    raw,
    zigbee_alert,
)  # fmt: skip

from tocsin.messages.finding import MalformedMessage
from tocsin.messages.gbcs import Cra, read_alert, read_header
from tocsin.messages.gbcs_file import read_gbcs_file
from tocsin.vocabulary.instants import parse_instant

NOON = parse_instant("2026-02-03T12:00:00Z")
DLMS_NOON = dlms_time(2026, 2, 3, 12, 0, 0)
SECONDS_TO_NOON = (NOON - parse_instant("2000-01-01T00:00:00Z")) // 1_000_000


def test_a_framed_response_with_every_part() -> None:
    more = raw(USER) + (2**64 - 1).to_bytes(8, "big") + (7).to_bytes(8, "big")
    inside = grouping(RESPONSE, 0x0027, b"\x01\x02", recipient=BROKER, counter=2**64 - 1, more=more, stamp=DLMS_NOON, signature=b"")
    header = read_header(framed(inside))
    assert (header.cra, header.message_code) == (Cra.RESPONSE, "0x0027")
    assert (header.originator, header.recipient, header.counter) == (DEVICE, BROKER, 2**64 - 1)
    assert (header.supplementary_id, header.supplementary_counter, header.supplementary_originator_counter) == (USER, 2**64 - 1, 7)
    assert (header.content, header.signature, header.mac, header.stamped_at) == (b"\x01\x02", b"", bytes(range(12)), NOON)


@pytest.mark.parametrize("octets", [0, 8, 16, 24, 422, 423])
def test_other_information_of_every_length_seen(octets: int) -> None:
    header = read_header(grouping(COMMAND, 0x0034, b"x", more=raw(USER) + bytes(octets - 8) if octets else b""))
    assert header.supplementary_id == (USER if octets else None)
    assert header.supplementary_counter == (0 if octets >= 16 else None)
    assert header.supplementary_originator_counter == (0 if octets == 24 else None)
    assert header.mac is None


@pytest.mark.parametrize("size", [0x7F, 0x80, 0xFF, 0x100, 0x1234])
def test_short_and_long_lengths(size: int) -> None:
    assert len(read_header(framed(grouping(RESPONSE, 1, bytes(size), signature=b""))).content) == size


def test_a_pre_command_has_neither_mac_nor_signature() -> None:
    bare = grouping(COMMAND, 0x0019, b"x")
    kinds = [read_gbcs_file(one.hex().encode()).kind for one in (bare, bare + b"\x40" + bytes(64), framed(bare + b"\0"))]
    assert kinds == ["gbcs-precommand", "gbcs-command", "gbcs-command"]


@pytest.mark.parametrize(
    ("content", "happened_at", "clock"),
    [
        (dlms_alert(0x8F30, DLMS_NOON), NOON, "unknown"),
        (dlms_alert(0x8F30, dlms_time(2026, 2, 3, 12, 0, 0, status=0)), NOON, "reliable"),
        (dlms_alert(0x8F30, dlms_time(2026, 2, 3, 12, 0, 0, status=2)), NOON, "unreliable"),
        (dlms_alert(0x8F30, dlms_time(2026, 2, 3, 12, 0, 0, status=8)), NOON, "invalid"),
        (dlms_alert(0x8F30, dlms_time(2026, 2, 3, 13, 0, 0, deviation=0x10000 - 60)), NOON, "unknown"),
        (dlms_alert(0x8F30, dlms_time(0xFFFF, 0xFF, 0xFF, 12, 0, 0)), None, "invalid"),
        (zigbee_alert(0x8F30, SECONDS_TO_NOON), NOON, "unknown"),
        (zigbee_alert(0x8F30, 0xFFFFFFFF), None, "invalid"),
        (asn1_alert(0x8F30, "20260203120000Z"), NOON, "unknown"),
        (asn1_alert(0x8F30, "20261303120000Z"), None, "invalid"),
    ],
)
def test_the_three_encodings_of_time(content: bytes, happened_at: int | None, clock: str) -> None:
    alert = read_alert(read_header(grouping(ALERT, 0x1000, content)))
    assert (alert.alert_code, alert.happened_at, alert.clock) == ("8F30", happened_at, clock)
    assert (alert.command_message_code, alert.command_counter) == (None, None)


@pytest.mark.parametrize(
    ("content", "code", "counter"),
    [
        (dlms_alert(0x8F66, DLMS_NOON, (0x0019, 2**64 - 1)), "0x0019", 2**64 - 1),
        (zigbee_alert(0x8F67, SECONDS_TO_NOON, (0x006B, 4711)), "0x006B", 4711),
        (asn1_alert(0x8F66, "20260203120000Z", 4711), None, 4711),
        (asn1_alert(0x8F67, "20260203120000Z", 2**64 - 1, nested=True), None, 2**64 - 1),
    ],
)
def test_an_outcome_names_its_command(content: bytes, code: str | None, counter: int) -> None:
    alert = read_alert(read_header(grouping(ALERT, 0x00CC, content)))
    assert (alert.command_message_code, alert.command_counter) == (code, counter)


def test_an_alert_code_below_8000_is_told_in_four_digits() -> None:
    assert read_alert(read_header(grouping(ALERT, 1, asn1_alert(0x0071, "20260203120000Z")))).alert_code == "0071"


WHOLE = [
    grouping(COMMAND, 0x0019, b"abc"),
    grouping(RESPONSE, 0x0019, b"abc", more=raw(USER) + bytes(8), signature=bytes(64)),
    framed(grouping(ALERT, 0x1001, dlms_alert(0x8F66, DLMS_NOON, (0x19, 5)), signature=b"")),
    grouping(ALERT, 0x00CD, zigbee_alert(0x8F66, 5, (0x6B, 5)), signature=bytes(64)),
    grouping(ALERT, 0x00CA, asn1_alert(0x8F66, "20260203120000Z", 300, nested=True), signature=bytes(64)),
    framed(grouping(RESPONSE, 0x0027, bytes(300), stamp=DLMS_NOON, signature=b"")),
]


def read_all(payload: bytes) -> None:
    header = read_header(payload)
    if header.cra is Cra.ALERT:
        read_alert(header)


@pytest.mark.parametrize("payload", WHOLE)
def test_cut_at_every_byte_it_says_where(payload: bytes) -> None:
    read_all(payload)
    for cut in range(len(payload)):
        try:
            read_all(payload[:cut])
        except MalformedMessage as reason:
            assert reason.offset is not None and 0 <= reason.offset <= cut
            assert reason.finding.check_id == "DM-11"
            assert reason.finding.expected
        else:
            # Only a message without a frame can end early and be whole: right before its signature.
            assert payload[0] == 0xDF and payload[cut:] == b"\x40" + bytes(64)


@given(st.sampled_from(WHOLE), st.data())
def test_with_any_bytes_changed_nothing_but_malformed_message_is_raised(payload: bytes, data: st.DataObject) -> None:
    changed = bytearray(payload)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    try:
        read_all(bytes(changed))
    except MalformedMessage as reason:
        assert reason.finding.check_id == "DM-11"


@given(st.binary(max_size=80), st.sampled_from([b"", b"\xdf\x09\x03", b"\xdd" + bytes(6)]))
def test_of_any_bytes_nothing_but_malformed_message_is_raised(payload: bytes, start: bytes) -> None:
    try:
        read_all(start + payload)
    except MalformedMessage as reason:
        assert reason.offset is not None


def test_wrong_parts_are_named_with_their_place() -> None:
    good = grouping(COMMAND, 0x0019, b"abc")
    for changed, offset, expected in [
        (b"\xde" + good[1:], 0, "grouping header"),
        (good[:2] + b"\x04" + good[3:], 2, "CRA flag"),
        (good[:11] + b"\x07" + good[12:], 11, "length of originator"),
        (good + b"\x05ab", len(good) + 1, "signature"),
        (good + b"\0\0", len(good) + 1, "the end of the message"),
        (good[:30] + b"\x7f" + good[31:], 31, "within the message"),
        (good[:30] + b"\x01" + good[31:], 31, "at least 2 bytes"),
        (framed(good + b"\0")[:-1], 8, "bytes in the MAC frame"),
    ]:
        with pytest.raises(MalformedMessage) as caught:
            read_header(changed)
        assert caught.value.offset == offset, expected
        assert expected in caught.value.finding.expected


def test_an_answer_is_no_alert_and_an_unknown_encoding_is_named() -> None:
    with pytest.raises(MalformedMessage, match="expected the content of an alert, found a response"):
        read_alert(read_header(grouping(RESPONSE, 1, b"\x0f")))
    for content, found in ((b"\x77\x01", "found 77"), (b"", "found no content")):
        with pytest.raises(MalformedMessage, match=found):
            read_alert(read_header(grouping(ALERT, 1, content)))


@pytest.mark.parametrize(
    ("digits", "check_id", "where"),
    [
        (b"", "DM-04", "file"),
        (b" \r\n", "DM-04", "file"),
        (b"DF0", "DM-11", "digit 3"),
        (b"DF 0G", "DM-11", "digit 4"),
        (b"<?xml?>", "DM-11", "digit 1"),
    ],
)  # fmt: skip
def test_files_that_are_not_hex(digits: bytes, check_id: str, where: str) -> None:
    with pytest.raises(MalformedMessage) as caught:
        read_gbcs_file(digits)
    assert (caught.value.finding.check_id, caught.value.finding.where) == (check_id, where)


def test_a_hex_file_may_have_lines_blanks_and_a_mark() -> None:
    digits = grouping(COMMAND, 0x0019, b"abc").hex(" ").upper().encode()
    assert read_gbcs_file(b"\xef\xbb\xbf" + digits[:30] + b"\r\n" + digits[30:] + b"\n").header.message_code == "0x0019"


def test_an_alert_with_unreadable_content_keeps_its_header() -> None:
    message = read_gbcs_file(grouping(ALERT, 0x1000, b"\x0f\x01").hex().encode())
    assert message.kind == "gbcs-alert" and message.alert is None
    assert [finding.check_id for finding in message.findings] == ["DM-11"]
    assert message.findings[0].where == "content of the alert, payload byte 0"
