"""Files that hold one GBCS payload alone, as hex digits (the DCC's reference test data comes so)."""

import re
from dataclasses import dataclass

from tocsin.messages.finding import Finding, MalformedMessage, shown
from tocsin.messages.gbcs import Cra, GbcsAlert, GbcsHeader, read_alert, read_header

_NOT_HEX = re.compile(rb"[^0-9A-Fa-f]")


@dataclass(frozen=True, slots=True)
class GbcsMessage:
    """One GBCS payload; `alert` only where it is an alert whose content can be read, `findings` where it cannot."""

    header: GbcsHeader
    alert: GbcsAlert | None
    findings: tuple[Finding, ...] = ()

    @property
    def kind(self) -> str:
        # A pre-command has neither MAC nor signature: that is what the User adds (133 of 133 in the RTDS, and no other command).
        if self.header.cra is Cra.COMMAND and self.header.mac is None and not self.header.signature:
            return "gbcs-precommand"
        return f"gbcs-{self.header.cra.lower()}"


def read_gbcs_file(digits: bytes) -> GbcsMessage:
    """The payload that hex digits spell; blanks and line ends are passed over. Raises MalformedMessage (DM-04, DM-11)."""
    bare = b"".join(digits.removeprefix(b"\xef\xbb\xbf").split())
    if not bare:
        raise MalformedMessage(Finding("DM-04", "the file is empty", "file", "one payload as hex digits", "no digits", "Ask the sender."))
    if wrong := _NOT_HEX.search(bare):
        raise _not_hex("hex digits", shown(bare[wrong.start() : wrong.end()].decode("latin-1")), wrong.start())
    if len(bare) % 2:
        raise _not_hex("an even number of hex digits", f"{len(bare)} digits", len(bare) - 1)
    header = read_header(bytes.fromhex(bare.decode("ascii")))
    if header.cra is not Cra.ALERT:
        return GbcsMessage(header, None)
    try:
        return GbcsMessage(header, read_alert(header))
    except MalformedMessage as reason:
        return GbcsMessage(header, None, (reason.within("content of the alert"),))


def _not_hex(expected: str, found: str, at: int) -> MalformedMessage:
    to_do = "Check that the file was not cut; a DUIS message must not be named .HEX."
    return MalformedMessage(Finding("DM-11", "a GBCS payload cannot be read", f"digit {at + 1}", expected, found, to_do), at // 2)
