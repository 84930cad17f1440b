"""Made-up DUIS messages and GBCS payloads for the tests of this folder; nothing of them is copied from anywhere."""

import base64
import struct

USER, DEVICE, HUB, BROKER = "90-B3-D5-1F-30-05-00-01", "00-AA-10-20-30-40-50-60", "00-AA-10-20-30-40-50-C4", "90-B3-D5-1F-30-00-00-02"
GATEWAY, CONTENT = "http://www.dccinterface.co.uk/ServiceUserGateway", "http://www.dccinterface.co.uk/ResponseAndAlert"
REQUEST_ID, RESPONSE_ID = f"{USER}:{DEVICE}:4711", f"{DEVICE}:{USER}:4711"
SENT = "2026-03-29T00:59:59.9991234Z"  # the last second before clocks go forward; digits past the microsecond are cut

COMMAND, RESPONSE, ALERT = 1, 2, 3


def raw(eui64: str) -> bytes:
    return bytes.fromhex(eui64.replace("-", ""))


def length(count: int) -> bytes:
    if count < 0x80:
        return bytes((count,))
    return bytes((0x81, count)) if count < 0x100 else b"\x82" + count.to_bytes(2, "big")


def grouping(
    cra: int, code: int, content: bytes, *, originator: str = DEVICE, recipient: str = USER, counter: int = 9001,
    more: bytes = b"", stamp: bytes = b"", signature: bytes | None = None,
) -> bytes:  # fmt: skip
    """A grouping header and its content; `more` stands behind the message code."""
    other = code.to_bytes(2, "big") + more
    head = b"\xdf\x09" + bytes((cra,)) + counter.to_bytes(8, "big") + b"\x08" + raw(originator) + b"\x08" + raw(recipient)
    body = head + length(len(stamp)) + stamp + length(len(other)) + other + length(len(content)) + content
    return body if signature is None else body + length(len(signature)) + signature


def framed(inside: bytes, mac: bytes = bytes(range(12))) -> bytes:
    """A MAC frame round a message."""
    inner = b"\x11\0\0\0\0" + inside + mac
    return b"\xdd" + bytes(6) + length(len(inner)) + inner


def dlms_time(year: int, *rest: int, deviation: int = 0x8000, status: int = 0xFF) -> bytes:
    month, day, hour, minute, second = rest
    return struct.pack(">HBBBBBBBHB", year, month, day, 0xFF, hour, minute, second, 0, deviation, status)


def dlms_alert(code: int, when: bytes, command: tuple[int, int] | None = None) -> bytes:
    told = b"" if command is None else b"\x09\x13" + struct.pack(">HQ", *command) + bytes(9)
    return b"\x0f\x20\0\0\x01\0\x02" + bytes((2 if command is None else 3,)) + b"\x12" + code.to_bytes(2, "big") + b"\x09\x0c" + when + told


def zigbee_alert(code: int, seconds: int, command: tuple[int, int] | None = None) -> bytes:
    told = b"" if command is None else b"\x0e" + struct.pack(">HQ", *command) + b"\x07\0\x09\x06"
    return b"\x01\x09" + bytes((command is not None,)) + code.to_bytes(2, "big") + seconds.to_bytes(4, "big") + told


def der(tag: int, value: bytes) -> bytes:
    return bytes((tag,)) + length(len(value)) + value


def asn1_alert(code: int, when: str, counter: int | None = None, nested: bool = False) -> bytes:
    number = b"" if counter is None else der(0x02, counter.to_bytes(9, "big").lstrip(b"\0") or b"\0")
    told = der(0x30, number + der(0x02, b"\x01")) if nested else number
    return der(0x30, der(0x02, b"\0" + code.to_bytes(2, "big")) + der(0x18, when.encode()) + told)


def b64(payload: bytes) -> str:
    return base64.b64encode(payload).decode()


def request(body: str, *, request_id: str = REQUEST_ID, variant: int = 1, srv: str = "4.1.1", extra: str = "") -> bytes:
    reference = ".".join(srv.split(".")[:2])
    return (
        f'<Request xmlns="{GATEWAY}" schemaVersion="5.4"><Header><RequestID>{request_id}</RequestID>{extra}'
        f"<CommandVariant>{variant}</CommandVariant><ServiceReference>{reference}</ServiceReference>"
        f"<ServiceReferenceVariant>{srv}</ServiceReferenceVariant></Header><Body>{body}</Body></Request>"
    ).encode()


def response(body: str, *, code: str = "I0", request_id: str | None = REQUEST_ID, response_id: str | None = None, at: str = SENT) -> bytes:
    ids = (f"<d:RequestID>{request_id}</d:RequestID>" if request_id else "") + (
        f"<d:ResponseID>{response_id}</d:ResponseID>" if response_id else ""
    )
    return (
        f'<d:Response xmlns:d="{GATEWAY}" xmlns:c="{CONTENT}" schemaVersion="5.4"><d:Header>{ids}<d:ResponseCode>{code}</d:ResponseCode>'
        f"<d:ResponseDateTime>{at}</d:ResponseDateTime></d:Header><d:Body>{body}</d:Body></d:Response>"
    ).encode()


def part(element: str, *inside: str, **texts: str) -> str:
    """An element of the gateway namespace: what is inside first, then children with these texts, in order."""
    children = "".join(f"<d:{name}>{text}</d:{name}>" for name, text in texts.items())
    return f"<d:{element}>{''.join(inside)}{children}</d:{element}>"


def answer(payload: str = "", srv: str = "4.1.1") -> str:
    reference = ".".join(srv.split(".")[:2])
    return (
        f"<d:ResponseMessage><d:ServiceReference>{reference}</d:ServiceReference>"
        f"<d:ServiceReferenceVariant>{srv}</d:ServiceReferenceVariant>{payload}</d:ResponseMessage>"
    )


def device_alert(code: str, payload: bytes, throttled: str = "") -> str:
    return part("DeviceAlertMessage", f"<d:AlertCode>{code}</d:AlertCode>{throttled}", GBCSPayload=b64(payload))


def dcc_alert(code: str, structure: str) -> str:
    return f"<d:DCCAlertMessage><d:DCCAlertCode>{code}</d:DCCAlertCode><d:DCCAlert>{structure}</d:DCCAlert></d:DCCAlertMessage>"


def smets1(body: str, stamp: str = "", outer: str = "") -> str:
    return (
        f"<d:SMETS1ResponseMessage>{outer}<d:SMETS1SignedResponse><d:SMETS1Response><d:Header>"
        f"<c:BusinessOriginatorID>{DEVICE.lower()}</c:BusinessOriginatorID><c:BusinessTargetID>{USER}</c:BusinessTargetID>"
        f"<c:OriginatorCounter>4711</c:OriginatorCounter>{stamp}</d:Header><d:Body>{body}</d:Body></d:SMETS1Response>"
        "</d:SMETS1SignedResponse></d:SMETS1ResponseMessage>"
    )
