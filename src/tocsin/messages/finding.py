"""What is wrong with a message: a finding for the people who must act on it, and the exception that carries one inside this floor."""

from dataclasses import dataclass, replace

# Check ids of this floor, with the sentence that the findings page prints.
CHECKS = {
    "DM-01": "the file is well-formed XML",
    "DM-02": "the file has no DTD, entity or external reference",
    "DM-03": "the file is no larger than the limit",
    "DM-04": "the file is not empty",
    "DM-05": "the bytes are in the encoding that the file declares",
    "DM-06": "the root element is one of the four that DUIS knows",
    "DM-07": "every part that the message needs is there",
    "DM-08": "an identifier is an EUI-64, or originator:target:counter",
    "DM-09": "a stamp is a date and time",
    "DM-10": "a number is a whole number in its range",
    "DM-11": "a GBCS payload can be read",
    "DM-12": "envelope and GBCS payload say the same",
    "DM-13": "service reference and variant belong together",
    "DM-14": "it is known when the message was observed",
    "DM-15": "the message's place in the audit trail is known",
    "DM-16": "the file can be read",
    "DM-17": "every element that decides the class is one of DUIS 5.4",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault: which check, what it is about, where in the file, what was expected, what was found, and what to do.

    `kept` holds, as JSON text, the values of a row that was kept apart; it is empty for all other findings.
    """

    check_id: str
    what: str
    where: str
    expected: str
    found: str
    to_do: str
    kept: str = ""


class MalformedMessage(Exception):
    """A message, or a part of one, that cannot be read. Bad data is a row: the reader turns this into its `finding`.

    `offset` is the byte of a GBCS payload at which reading stopped; None for XML, whose `finding.where` gives line and column.
    """

    def __init__(self, finding: Finding, offset: int | None = None) -> None:
        super().__init__(f"{finding.what}: {finding.where}: expected {finding.expected}, found {finding.found}. {finding.to_do}")
        self.finding = finding
        self.offset = offset

    def within(self, part: str) -> Finding:
        """The finding, with the part of the message in which it was met named first."""
        return replace(self.finding, where=f"{part}, {self.finding.where}")


def shown(text: str | None, longest: int = 80) -> str:
    """A found value for a finding: quoted, cut when long, control characters escaped; "nothing" for none."""
    if text is None or text == "":
        return "nothing"
    cut = text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
    return f'"{"".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in cut)}"'
