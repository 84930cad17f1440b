"""GBCS payloads: the grouping header, and what an alert says in clear (duis.md sections 4.1 and 5). No key is ever needed."""

from dataclasses import dataclass
from enum import StrEnum

from tocsin.messages.device_clock import DeviceTime, read_dlms_time, read_generalized_time, read_zigbee_time
from tocsin.messages.identifiers import tell_eui64
from tocsin.messages.octets import Octets
from tocsin.vocabulary.alerts import COMPLETED, NOT_COMPLETED

_FRAME = bytes((0xDD, 0, 0, 0, 0, 0, 0))
_SECURITY_HEADER = bytes((0x11, 0, 0, 0, 0))
_MAC_LENGTH = 12


class Cra(StrEnum):
    """What kind of GBCS message it is."""

    COMMAND = "Command"
    RESPONSE = "Response"
    ALERT = "Alert"


_CRA = {1: Cra.COMMAND, 2: Cra.RESPONSE, 3: Cra.ALERT}


@dataclass(frozen=True, slots=True)
class GbcsHeader:
    """The header of a GBCS message. Counters are unsigned 64-bit numbers; `mac` is None where no MAC frame stands round the message.

    With a supplementary id the originator (or recipient) is the Access Control Broker with a counter of its own, and the User's id and
    counter are the supplementary ones (duis.md 6, rule 5).
    """

    cra: Cra
    message_code: str
    originator: str
    recipient: str
    counter: int
    supplementary_id: str | None
    supplementary_counter: int | None
    supplementary_originator_counter: int | None
    content: bytes
    signature: bytes
    mac: bytes | None
    stamped_at: int | None


@dataclass(frozen=True, slots=True)
class GbcsAlert:
    """What an alert says. `happened_at`: microseconds since 1970 UTC by the device's clock, None when that clock gave no time.

    `command_message_code` and `command_counter` tell which command a future-dated outcome is of (duis.md 6, rule 8); the ASN.1 alerts
    (0x00CA, 0x00CB, 0x0124) carry the counter only.
    """

    alert_code: str
    happened_at: int | None
    clock: str
    command_message_code: str | None = None
    command_counter: int | None = None


def read_header(payload: bytes) -> GbcsHeader:
    """The header of a GBCS payload. Raises MalformedMessage (DM-11) with the offset and what was expected there."""
    octets = Octets(payload)
    framed = payload[:1] == _FRAME[:1]
    if framed:
        octets.expect(_FRAME, "start of a MAC frame")
        inside = octets.length("MAC frame")
        if inside != octets.left:
            raise octets.stop(f"{inside} bytes in the MAC frame", f"{octets.left} bytes")
        octets.expect(_SECURITY_HEADER, "security header")
        if octets.left < _MAC_LENGTH:
            raise octets.stop(f"a MAC of {_MAC_LENGTH} bytes", f"{octets.left} bytes before the end")
        octets.end -= _MAC_LENGTH
    octets.expect(b"\xdf\x09", "grouping header")
    kind = octets.number(1, "CRA flag")
    if kind not in _CRA:
        octets.at -= 1
        raise octets.stop("CRA flag 1 (command), 2 (response) or 3 (alert)", str(kind))
    counter = octets.number(8, "originator counter")
    originator = _party(octets, "originator")
    recipient = _party(octets, "recipient")
    stamped = _stamp(octets)
    supplementary = _other_information(octets)
    content = octets.take(octets.length("content"), "content")
    # A pre-command ends here; a message that carries a MAC has an empty signature.
    signature = octets.take(octets.length("signature"), "signature") if octets.left else b""
    if octets.left:
        raise octets.stop("the end of the message", f"{octets.left} bytes more")
    return GbcsHeader(
        _CRA[kind], supplementary[0], originator, recipient, counter, *supplementary[1:], content, signature,
        payload[octets.end :] if framed else None, stamped,
    )  # fmt: skip


def _party(octets: Octets, what: str) -> str:
    octets.expect(b"\x08", f"length of {what}")
    return tell_eui64(octets.take(8, what))


def _stamp(octets: Octets) -> int | None:
    """The date and time of the header: empty, or the device's own at the answer (110 of the 962 RTDS payloads have it)."""
    length = octets.length("date and time")
    if length == 0:
        return None
    if length != 12:
        raise octets.stop("a date and time of 0 or 12 bytes", f"{length} bytes")
    return read_dlms_time(octets.take(12, "date and time")).happened_at


def _other_information(octets: Octets) -> tuple[str, str | None, int | None, int | None]:
    """Message code, then as much of the supplementary party as there is; a certificate may end it and is passed over."""
    left = octets.length("other information")
    end = octets.at + left
    if left < 2 or left > octets.left:
        raise octets.stop("other information of at least 2 bytes within the message", f"{left} bytes")
    code = f"0x{octets.number(2, 'message code'):04X}"
    party = tell_eui64(octets.take(8, "supplementary party")) if end - octets.at >= 8 else None
    counter = octets.number(8, "supplementary counter") if end - octets.at >= 8 else None
    # Exactly eight bytes more are a counter; more than that is a certificate (lengths 424 and 425 were seen).
    own = octets.number(8, "supplementary originator counter") if end - octets.at == 8 else None
    octets.at = end
    return code, party, counter, own


def read_alert(header: GbcsHeader) -> GbcsAlert:
    """What the content of an alert says. Raises MalformedMessage (DM-11), its offset counted from the start of the content."""
    octets = Octets(header.content)
    if header.cra is not Cra.ALERT:
        raise octets.stop("the content of an alert", f"a {header.cra.lower()}")
    first = header.content[:1]
    if first == b"\x0f":
        return _dlms_alert(octets)
    if first == b"\x30":
        return _asn1_alert(octets)
    if first == b"\x01":
        return _zigbee_alert(octets)
    raise octets.stop("an alert in DLMS (0F), ASN.1 (30) or ZigBee (01 09)", first.hex().upper() or "no content")


def _dlms_alert(octets: Octets) -> GbcsAlert:
    """A DLMS data notification: structure of alert code, date-time and, for an outcome, an octet string with code and counter."""
    octets.take(5, "data notification")
    octets.take(octets.length("date and time of the notification"), "date and time of the notification")
    octets.expect(b"\x02", "structure")
    octets.length("structure")
    octets.expect(b"\x12", "alert code tag")
    code = octets.take(2, "alert code").hex().upper()
    octets.expect(b"\x09\x0c", "date-time of the alert")
    when = read_dlms_time(octets.take(12, "date-time of the alert"))
    if code not in (COMPLETED, NOT_COMPLETED):
        return _alert(code, when)
    octets.expect(b"\x09", "octet string of the command")
    octets.length("octet string of the command")
    return _outcome(code, when, octets)


def _zigbee_alert(octets: Octets) -> GbcsAlert:
    """A ZigBee (GBZ) alert: profile, flag, alert code, seconds since 2000 and, for an outcome, length, command code and counter."""
    octets.expect(b"\x01\x09", "ZigBee profile")
    octets.take(1, "count of further parts")
    code = octets.take(2, "alert code").hex().upper()
    when = read_zigbee_time(octets.take(4, "time of the alert"))
    if code not in (COMPLETED, NOT_COMPLETED):
        return _alert(code, when)
    octets.length("part about the command")
    return _outcome(code, when, octets)


def _asn1_alert(octets: Octets) -> GbcsAlert:
    """A DER sequence: alert code, GeneralizedTime and, for an outcome, the command's counter (first number of the part that follows)."""
    octets.expect(b"\x30", "sequence")
    octets.length("sequence")
    number = int.from_bytes(octets.tagged(0x02, "alert code"), "big")
    code = f"{number:04X}"
    when = read_generalized_time(octets.tagged(0x18, "time of the alert"))
    if code not in (COMPLETED, NOT_COMPLETED):
        return _alert(code, when)
    if octets.payload[octets.at : octets.at + 1] == b"\x30":
        octets.expect(b"\x30", "sequence of the command")
        octets.length("sequence of the command")
    return _alert(code, when, None, int.from_bytes(octets.tagged(0x02, "command counter"), "big"))


def _outcome(code: str, when: DeviceTime, octets: Octets) -> GbcsAlert:
    return _alert(code, when, f"0x{octets.number(2, 'command message code'):04X}", octets.number(8, "command counter"))


def _alert(code: str, when: DeviceTime, message_code: str | None = None, counter: int | None = None) -> GbcsAlert:
    return GbcsAlert(code, when.happened_at, when.clock, message_code, counter)
