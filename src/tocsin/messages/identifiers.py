"""EUI-64 identifiers and message ids, brought to one spelling: upper case with dashes (duis.md 0.5)."""

import re
from dataclasses import dataclass

from tocsin.messages.finding import Finding, MalformedMessage, shown

GREATEST_COUNTER = 2**64 - 1

_OCTETS = re.compile(r"[0-9A-F]{2}(?:-[0-9A-F]{2}){7}")
_DIGITS = re.compile(r"[0-9A-F]{16}")
_COUNTER = re.compile(r"[0-9]{1,20}", re.ASCII)


@dataclass(frozen=True, slots=True)
class MessageId:
    """A RequestID or ResponseID: sender, addressee and the sender's counter (unsigned, 64 bits; not a clock, duis.md 0.3 and 0.4)."""

    originator: str
    target: str
    counter: int

    @property
    def text(self) -> str:
        return f"{self.originator}:{self.target}:{self.counter}"

    @property
    def answered(self) -> "MessageId":
        """The id of the request that a ResponseID answers: ids swapped, counter the same (duis.md 6, rule 2)."""
        return MessageId(self.target, self.originator, self.counter)


def read_eui64(text: str) -> str:
    """An EUI-64 in upper case with dashes; also accepts 16 hex digits. Raises MalformedMessage (DM-08)."""
    upper = text.strip().upper()
    if _OCTETS.fullmatch(upper):
        return upper
    if _DIGITS.fullmatch(upper):
        return "-".join(upper[at : at + 2] for at in range(0, 16, 2))
    raise _not_an_id("an EUI-64 such as 00-DB-12-34-56-78-90-A0", text)


def tell_eui64(octets: bytes) -> str:
    """The spelling of eight octets."""
    return octets.hex("-").upper()


def read_message_id(text: str) -> MessageId:
    """originator:target:counter. Raises MalformedMessage (DM-08)."""
    parts = text.strip().split(":")
    if len(parts) != 3:
        raise _not_an_id("originator:target:counter, three parts with two colons", text)
    if not _COUNTER.fullmatch(parts[2]) or int(parts[2]) > GREATEST_COUNTER:
        raise _not_an_id(f"a counter of 0 to {GREATEST_COUNTER} as the third part", text)
    return MessageId(read_eui64(parts[0]), read_eui64(parts[1]), int(parts[2]))


def _not_an_id(expected: str, found: str) -> MalformedMessage:
    to_do = "Ask the sender for the message as it was sent."
    return MalformedMessage(Finding("DM-08", "an identifier cannot be read", "identifier", expected, shown(found), to_do))
