"""Presence: whether what a figure rests on was received. Absent, incomplete and complete are three different states."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Presence:
    """How many of the expected files of a feed, or of several together, are there for the period.

    A feed that nobody was expected to send is (0, 0): with no file it is no data; with unexpected files (n, 0) it is complete.
    `unexpected` counts files of feeds nobody was expected to send, beside others that were: they are there, and fill nothing.
    """

    filled: int
    expected: int
    unexpected: int = 0

    @property
    def state(self) -> str:
        """no_data, incomplete or complete."""
        if self.filled + self.unexpected == 0:
            return "no_data"
        return "incomplete" if self.filled < self.expected else "complete"

    @classmethod
    def together(cls, of: Iterable["Presence"]) -> "Presence":
        """The feeds of one measure taken as one: files there and files expected are added.

        A feed with more files than expected does not make up for another with fewer, nor does one that nobody expected.
        """
        all_of = list(of)
        owed = [one for one in all_of if one.expected]
        beside = sum(one.filled for one in all_of if not one.expected)
        if not owed:
            return cls(beside, 0)
        return cls(sum(min(one.filled, one.expected) for one in owed), sum(one.expected for one in owed), beside)
