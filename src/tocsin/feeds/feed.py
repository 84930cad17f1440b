"""What a kind of delivery must look like: its columns, checks and cadence. One file of this shelf declares one Feed."""

import hashlib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from tocsin.vocabulary.errors import BadDeclaration

NAME = re.compile(r"[a-z][a-z0-9_]*")

# The keys of identifiers (63 bits) in bands by their upper bits: those of a band are one range, and each band has as many as another.
BAND_BITS = 5
BAND_SHIFT = 63 - BAND_BITS


class Kind(StrEnum):
    """How a cell is read, and how it is stored in the accepted rows (the store's type stands after the colon)."""

    TEXT = "text"  # VARCHAR: as it came, surrounding blanks removed
    CODE = "code"  # VARCHAR: as text; `known` lists the expected words, an unknown one is kept and counted
    WHOLE = "whole"  # BIGINT
    FLAG = "flag"  # BOOLEAN
    INSTANT = "instant"  # BIGINT: whole microseconds since 1970 UTC
    IDENTIFIER = "identifier"  # BIGINT: 63-bit stable key of the upper-cased text, see `identifier_key`


STORED_AS = {
    Kind.TEXT: "VARCHAR",
    Kind.CODE: "VARCHAR",
    Kind.WHOLE: "BIGINT",
    Kind.FLAG: "BOOLEAN",
    Kind.INSTANT: "BIGINT",
    Kind.IDENTIFIER: "BIGINT",
}


@dataclass(frozen=True)
class Column:
    """One column of a feed. `meaning` is printed in the contract page; `empty_means` says what a hole states.

    `fold` is for texts that are the same in either case and are matched with other feeds: they are stored in one.
    """

    name: str
    kind: Kind
    meaning: str
    may_be_empty: bool = False
    empty_means: str = ""
    known: tuple[str, ...] = ()
    personal: bool = False
    far_future_allowed: bool = False
    fold: Literal["upper", "lower"] | None = None

    @property
    def stored_as(self) -> str:
        return STORED_AS[self.kind]


@dataclass(frozen=True)
class Check:
    """A rule on one row. `holds` is SQL over the feed's columns; a row for which it is not true is refused with this id."""

    id: str
    sentence: str
    holds: str


@dataclass(frozen=True)
class Due:
    """When a slot must be filled: hours after the time it covers, or a Working Day after the month's end."""

    hours_after: int | None = None
    working_day: int | None = None
    status: str = "assumed"


@dataclass(frozen=True)
class Feed:
    """A kind of delivery. `key` names the columns that make two rows the same row."""

    name: str
    code: str
    title: str
    source: str
    every: str
    due: Due
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    checks: tuple[Check, ...] = field(default=())
    # A scheduled run has no request of its own: its key is made of these columns (duis.md 6, rule 10).
    key_when_empty: tuple[str, tuple[str, ...]] | None = None
    sorted_by: tuple[str, ...] = ()
    # An identifier: accepted rows lie in bands of its keys, each in the order of `sorted_by`, so that whoever works keys out range by range
    # reads the rows of that range alone. For a feed of which a day is more than is worked out at once.
    banded_by: str | None = None
    # The stamp that lies in the time its file covers; a row stamped outside of it is kept, and remarked on.
    stamped_within: str | None = None

    def __post_init__(self) -> None:
        names = [column.name for column in self.columns]
        for name in names:
            if not NAME.fullmatch(name) or names.count(name) > 1:
                raise BadDeclaration(f'feed {self.name}: column name "{name}" must be lower snake case and stand once.')
        for column in self.columns:
            if column.fold is not None and column.kind not in {Kind.TEXT, Kind.CODE}:
                raise BadDeclaration(
                    f'feed {self.name}: column "{column.name}" is of kind {column.kind.value}; only text and code are folded.'
                )
        for name in (*self.key, *self.sorted_by, *filter(None, (self.stamped_within, self.banded_by))):
            if name not in names:
                raise BadDeclaration(f'feed {self.name}: "{name}" is not one of its columns ({", ".join(names)}).')
        if self.banded_by is not None and (self.column(self.banded_by).kind, self.column(self.banded_by).may_be_empty) != (
            Kind.IDENTIFIER,
            False,
        ):
            raise BadDeclaration(f'feed {self.name}: banded_by = "{self.banded_by}"; expected an identifier that no row is without.')
        if self.every not in {"quarter_hour", "day", "month", "occasion"}:
            raise BadDeclaration(f'feed {self.name}: every = "{self.every}"; expected quarter_hour, day, month or occasion.')

    @property
    def stored_columns(self) -> tuple[tuple[str, str], ...]:
        """Name and type of each column of an accepted row: the line of the file it came on, what the feed tells, its delivery's number."""
        return (("line", "BIGINT"), *((column.name, column.stored_as) for column in self.columns), ("delivery_no", "BIGINT"))

    @property
    def is_dated_by_row(self) -> bool:
        """Whether its rows say themselves since when they hold: what held before stays told by the files of before."""
        return any(column.name == "valid_from" for column in self.columns)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise BadDeclaration(f'feed {self.name}: "{name}" is not one of its columns.')


def identifier_key(text: str) -> int:
    """The 63-bit key under which an identifier is stored: the upper half of the MD5 number, one bit dropped.

    Stable over engines and versions (an engine's own hash is not). The text itself stays in the received file, which is kept for ever.
    Two requests would have to share this key *and* the device's key to be taken for one (docs/decisions).
    """
    return int.from_bytes(hashlib.md5(text.strip().upper().encode(), usedforsecurity=False).digest(), "little") >> 65
