"""The Change Requests for external data: what each would cost, how long it would take, on which other it rests, what it would bring."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from tocsin.vocabulary.dated import LATEST, DatedTable
from tocsin.vocabulary.table_file import TableRow

# How a Change Request stands to another, or to a Modification: its ground; what would spare it whole, or in part.
LINKS = ("builds_on", "made_redundant_by", "reduced_by")


@dataclass(frozen=True)
class ChangeRequest:
    """One Change Request as appraised in paper 3: pounds, days of its Full Impact Assessment, months to implement.

    The Rough Order of Magnitude (ROM) is a range; where one sum was given, both ends are that sum. None of it is an offer.
    """

    name: str
    title: str
    providers: str
    requirements: tuple[str, ...]
    fia_pounds: int
    fia_days: int
    rom_from_pounds: int
    rom_to_pounds: int
    months: int
    source: str


@dataclass(frozen=True)
class Link:
    """How a Change Request stands to `other`: one of LINKS, in a sentence."""

    change_request: str
    other: str
    link: str
    sentence: str
    source: str


@dataclass(frozen=True)
class Gain:
    """What a Change Request would bring: a feed, what is used in its place today (nothing, or figures of a TOC proxy), what would gain."""

    change_request: str
    feed: str
    replaces: tuple[str, ...]
    gains: tuple[str, ...]
    sentence: str
    status: str
    source: str


def change_requests(on: date = LATEST, override: Path | None = None) -> dict[str, ChangeRequest]:
    """Every Change Request known on a date, by name. Raises BadDeclaration on a bad row of the override."""
    return _change_requests(DatedTable.load("change_requests", override), on)


def links(on: date = LATEST, override: Path | None = None) -> tuple[Link, ...]:
    """How Change Requests stand to one another. Raises BadDeclaration on a bad row of the override."""
    return _links(DatedTable.load("change_request_links", override), on)


def gains(on: date = LATEST, override: Path | None = None) -> tuple[Gain, ...]:
    """What each Change Request would bring. Raises BadDeclaration on a bad row of the override."""
    return _gains(DatedTable.load("change_request_gains", override), on)


@cache
def _change_requests(table: DatedTable, on: date) -> dict[str, ChangeRequest]:
    return {name: _change_request(name, row) for (name,), row in sorted(table.at(on).items())}


def _change_request(name: str, row: TableRow) -> ChangeRequest:
    if row.whole("rom_to_pounds") < row.whole("rom_from_pounds"):
        raise row.bad("rom_to_pounds", f"no less than rom_from_pounds ({row.whole('rom_from_pounds')})")
    return ChangeRequest(
        name=name,
        title=row.cells["title"],
        providers=row.cells["providers"],
        requirements=tuple(row.cells["requirements"].split()),
        fia_pounds=row.whole("fia_pounds"),
        fia_days=row.whole("fia_days"),
        rom_from_pounds=row.whole("rom_from_pounds"),
        rom_to_pounds=row.whole("rom_to_pounds"),
        months=row.whole("months"),
        source=row.cells["source"],
    )


@cache
def _links(table: DatedTable, on: date) -> tuple[Link, ...]:
    return tuple(
        Link(name, other, row.one_of("link", LINKS), row.cells["sentence"], row.cells["source"])
        for (name, other), row in sorted(table.at(on).items())
    )


@cache
def _gains(table: DatedTable, on: date) -> tuple[Gain, ...]:
    return tuple(
        Gain(
            name,
            feed,
            tuple(row.cells["replaces"].split()),
            tuple(row.cells["gains"].split()),
            *(row.cells[column] for column in ("sentence", "status", "source")),
        )
        for (name, feed), row in sorted(table.at(on).items())
    )
