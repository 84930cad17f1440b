"""What goes into the contract and what comes out of it, between the floors: pieces of a received file, counts, findings."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

FIRST_LINES = 5


class NotReadHere(Exception):
    """A delivery turns out to be none for the compiled reader (docs/decisions/0012): it is read anew by the statement."""


@dataclass(frozen=True)
class Lines:
    """Whole lines of delimited text without any quotation mark: each line is one row.

    `blanked` of them stand empty because their row is told apart, as one of Rows.
    """

    first_line: int
    content: bytes
    count: int
    blanked: int = 0


@dataclass(frozen=True)
class Rows:
    """Rows already taken apart, as CSV of line, raw, width, told_check, told_reason and the cells."""

    content: bytes
    count: int


# To plan the contract's statement takes as long as to read some thousands of lines: it is asked of so many bytes at a time.
STATEMENT = 16 << 20


def gathered(pieces: Iterable[Lines | Rows], size: int = STATEMENT) -> Iterator[Lines | Rows]:
    """Neighbouring pieces of one kind as one, up to about that size."""
    held: list[Lines | Rows] = []
    for piece in pieces:
        if held and (type(piece) is not type(held[0]) or sum(len(one.content) for one in held) + len(piece.content) > size):
            yield _whole(held)
            held = []
        held.append(piece)
    if held:
        yield _whole(held)


def _whole(held: list[Lines | Rows]) -> Lines | Rows:
    first, content, count = held[0], b"".join(one.content for one in held), sum(one.count for one in held)
    if isinstance(first, Rows):
        return Rows(content, count)
    return Lines(first.first_line, content, count, sum(one.blanked for one in held if isinstance(one, Lines)))


@dataclass(frozen=True)
class Finding:
    """One kind of fault or oddity of a delivery: how many rows show it, and the first lines that do."""

    check_id: str
    sentence: str
    count: int
    first_lines: tuple[int, ...]


@dataclass
class Counts:
    """What became of the lines of a delivery: rows = accepted + refused + duplicates."""

    lines: int = 0
    blank: int = 0
    passed_over: int = 0
    rows: int = 0
    accepted: int = 0
    refused: int = 0
    duplicates: int = 0
    first_at: int | None = None
    last_at: int | None = None
    findings: list[Finding] = field(default_factory=list)
