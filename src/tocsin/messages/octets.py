"""A reader that walks along the bytes of a payload and says exactly where, and at what, it had to stop."""

from tocsin.messages.finding import Finding, MalformedMessage


class Octets:
    """The bytes of one payload and a place in them. Every read moves the place on, or raises MalformedMessage (DM-11); never IndexError."""

    __slots__ = ("at", "end", "payload")

    def __init__(self, payload: bytes, at: int = 0, end: int | None = None) -> None:
        self.payload = payload
        self.at = at
        self.end = len(payload) if end is None else end

    @property
    def left(self) -> int:
        return self.end - self.at

    def take(self, count: int, what: str) -> bytes:
        """The next `count` bytes."""
        if count > self.left:
            raise self.stop(f"{what} ({count} bytes)", f"{self.left} bytes before the end")
        self.at += count
        return self.payload[self.at - count : self.at]

    def number(self, count: int, what: str) -> int:
        """The next `count` bytes as an unsigned number, greatest byte first."""
        return int.from_bytes(self.take(count, what), "big")

    def expect(self, octets: bytes, what: str) -> None:
        """The next bytes must be exactly these."""
        started = self.at
        found = self.take(len(octets), what)
        if found != octets:
            self.at = started
            raise self.stop(f"{what} ({octets.hex(' ').upper()})", found.hex(" ").upper())

    def length(self, what: str) -> int:
        """A length: one byte below 0x80, else 0x81 to 0x84 and that many bytes (duis.md section 5)."""
        first = self.number(1, f"length of {what}")
        if first < 0x80:
            return first
        if not 0x81 <= first <= 0x84:
            self.at -= 1
            raise self.stop(f"length of {what}", f"length byte 0x{first:02X}")
        return self.number(first - 0x80, f"length of {what}")

    def tagged(self, tag: int, what: str) -> bytes:
        """An ASN.1 value of this tag."""
        self.expect(bytes((tag,)), what)
        return self.take(self.length(what), what)

    def stop(self, expected: str, found: str) -> MalformedMessage:
        """The complaint at this place."""
        return MalformedMessage(
            Finding(
                "DM-11",
                "a GBCS payload cannot be read",
                f"payload byte {self.at}",
                expected,
                found,
                "Check that the payload was not cut or re-encoded on its way.",
            ),
            self.at,
        )
