"""The texts of DUIS elements read as values. What cannot be read becomes a finding and an empty value; the reading goes on."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import replace

from tocsin.messages.document import Part
from tocsin.messages.finding import Finding, MalformedMessage, shown
from tocsin.messages.gbcs import GbcsHeader, read_header
from tocsin.messages.identifiers import MessageId, read_eui64, read_message_id
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.instants import moment, parse_instant

GREATEST_UNSIGNED_INT = 2**32 - 1

_WHOLE = re.compile(r"\+?[0-9]{1,20}", re.ASCII)
_ZONED = re.compile(r".*(?:Z|[+-]\d\d:?\d\d)", re.ASCII | re.DOTALL)
_ASK = "Ask the sender for the message as it was sent."


class Values:
    """Reads texts of one message into values and gathers the findings."""

    __slots__ = ("findings",)

    def __init__(self) -> None:
        self.findings: list[Finding] = []

    def eui64(self, text: str | None, where: str) -> str | None:
        if text is None:
            return None
        try:
            return read_eui64(text)
        except MalformedMessage as reason:
            self.findings.append(replace(reason.finding, where=where))
            return None

    def eui64_list(self, text: str | None, where: str) -> tuple[str, ...]:
        """A comma-separated list, in its order; ids that cannot be read are one finding, the others stand."""
        ids: list[str] = []
        wrong: list[MalformedMessage] = []
        for one in (text or "").split(","):
            try:
                ids.append(read_eui64(one))
            except MalformedMessage as reason:
                if one.strip():
                    wrong.append(reason)
        if wrong:
            # One finding for the whole list: it may hold 50,000 ids.
            found = f"{len(wrong)} others, the first {wrong[0].finding.found}"
            self.findings.append(replace(wrong[0].finding, where=where, found=found))
        return tuple(ids)

    def message_id(self, text: str | None, where: str) -> MessageId | None:
        if text is None:
            return None
        try:
            return read_message_id(text)
        except MalformedMessage as reason:
            self.findings.append(replace(reason.finding, where=where))
            return None

    def instant(self, text: str | None, where: str) -> int | None:
        """Microseconds since 1970 UTC. DUIS stamps are UTC (domain.md 5.1), so one without a zone is read as UTC."""
        if text is None:
            return None
        try:
            at = parse_instant(text if _ZONED.fullmatch(text) else f"{text}Z")
            moment(at)  # the first and last hours of the calendar exist in some zones only
            return at
        except (BadDeclaration, OverflowError):
            expected = "a date and time such as 2022-08-17T15:45:42.790Z"
            self.findings.append(Finding("DM-09", "a stamp cannot be read", where, expected, shown(text), _ASK))
            return None

    def whole(self, text: str | None, where: str, greatest: int) -> int | None:
        if text is None:
            return None
        if not _WHOLE.fullmatch(text) or int(text) > greatest:
            expected = f"a whole number of 0 to {greatest}"
            self.findings.append(Finding("DM-10", "a number cannot be read", where, expected, shown(text), _ASK))
            return None
        return int(text)

    def needed(self, parent: Part, name: str) -> Part | None:
        """A child that the schema requires; its absence is a finding."""
        child = parent.child(name)
        if child is None:
            self.missing(parent, name)
        return child

    def missing(self, parent: Part, name: str) -> None:
        where, expected = f"{parent.local_name}, line {parent.line}", f"element {name.rpartition(':')[2]}"
        found = shown(", ".join(part.local_name for part in parent))
        self.findings.append(Finding("DM-07", "a part of the message is missing", where, expected, found, _ASK))

    def service(self, said: Mapping[str, str]) -> dict[str, str | None]:
        """Service reference and variant, as text: 4.1 and 4.10 differ (duis.md 0.1)."""
        reference, srv = said.get("ServiceReference"), said.get("ServiceReferenceVariant")
        if reference and srv and srv != reference and not srv.startswith(f"{reference}."):
            expected, to_do = f"the service of variant {srv}", "The variant is used; ask the sender which is right."
            self.findings.append(Finding("DM-13", "service and variant disagree", "ServiceReference", expected, shown(reference), to_do))
        return {"service_reference": reference, "srv": srv}

    def throttle(self, said: Mapping[str, str]) -> dict[str, int | None]:
        """Alert storm protection: how many alerts this one stands for (duis.md 4.1)."""
        return {
            "throttle_count": self.whole(said.get("ThrottledAlertCount"), "ThrottledAlertCount", GREATEST_UNSIGNED_INT),
            "throttle_sequence": self.whole(said.get("ThrottledAlertSequenceId"), "ThrottledAlertSequenceId", GREATEST_UNSIGNED_INT),
        }

    def payload(self, text: str | None, where: str) -> GbcsHeader | None:
        """The header of a base64 GBCS payload."""
        if text is None:
            return None
        try:
            return read_header(base64.b64decode("".join(text.split()), validate=True))
        except (binascii.Error, ValueError) as reason:
            self.findings.append(Finding("DM-11", "a GBCS payload cannot be read", where, "base64", f"{reason}", _ASK))
        except MalformedMessage as reason:
            self.findings.append(reason.within(where))
        return None
