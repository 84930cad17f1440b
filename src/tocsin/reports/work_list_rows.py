"""The rows of a work list: asked of a run's own journeys, with the identifiers as their senders wrote them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.deliveries.ledger import Basis, Ledger
from tocsin.deliveries.original import original_lines
from tocsin.deliveries.store import Store
from tocsin.engines import Engine, Relation, Session
from tocsin.engines.failing import asked_for
from tocsin.feeds import all_feeds
from tocsin.feeds.feed import identifier_key
from tocsin.journeys import all_journeys
from tocsin.reports.closing import JourneyTable, table_of
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.work_list import WorkColumn, WorkList
from tocsin.vocabulary.calendar import moment
from tocsin.vocabulary.errors import BadDeclaration

Cell = str | int

# What stands between the words of a line, whatever its layout; an EUI-64 is written with dashes, or none.
_BETWEEN = re.compile(r"[^0-9A-Za-z-]+")


@dataclass(frozen=True)
class Made:
    """A work list of a run: its rows, cell for cell as they are shown; an empty text is a hole."""

    of: WorkList
    rows: tuple[tuple[Cell, ...], ...]

    @property
    def headings(self) -> tuple[str, ...]:
        return tuple(column.heading for column in self.of.columns)


def make_list(one: WorkList, run: FrozenRun, engine: Engine, store: Store) -> Made:
    """The rows of a work list as the run had its happenings.

    Raises BadDeclaration for a run made before there was such a journey; EngineUnavailable where its journeys are not there any more.
    """
    journey = all_journeys()[one.of]
    line = next((line for line in run.journeys if line.name == one.of), None)
    if line is None:
        raise BadDeclaration(
            f"{run.run_id} has no {journey.title.lower()}: it was closed by an earlier version. Close {run.period.label} again."
        )
    table = JourneyTable(journey, table_of(store.root, one.of, run.period), line.version, line.rows)
    with asked_for(f"work list {one.name}"), engine.session() as session:
        session.add(table.relation)
        asked = [column.attribute for column in one.columns]
        found = session.rows(f"SELECT {', '.join(asked)} FROM {one.of} WHERE {one.which} ORDER BY {_in_order(one.sorted_by)}")
        texts = {
            place: _texts(session, column, {row[place] for row in found if row[place]}, _basis(run, store))
            for place, column in enumerate(one.columns)
            if column.kind == "identifier"
        }
    rows = (
        tuple(_cell(column, cell, texts.get(place, {})) for place, (column, cell) in enumerate(zip(one.columns, row, strict=True)))
        for row in found
    )
    return Made(one, tuple(rows))


def _in_order(names: Sequence[str]) -> str:
    # Engines put a hole at different ends.
    return ", ".join(f"CASE WHEN {name} IS NULL THEN 1 ELSE 0 END, {name}" for name in names)


def _cell(column: WorkColumn, cell: Any, texts: Mapping[int, str]) -> Cell:
    if cell is None or (column.kind == "identifier" and not cell):
        return ""
    if column.kind == "instant":
        return f"{moment(cell):%Y-%m-%d %H:%M:%S}"
    if column.kind == "flag":
        return "yes" if cell else "no"
    if column.kind == "identifier":
        return texts[cell]
    return int(cell) if column.kind == "whole" else column.values.get(str(cell), str(cell))


def _basis(run: FrozenRun, store: Store) -> Basis:
    ledger = Ledger(store)
    try:
        wanted = {line.delivery_id for line in run.deliveries}
        return Basis(tuple(one for one in ledger.deliveries() if one.delivery_id in wanted), run.basis_digest, store)
    finally:
        ledger.close()


def _texts(session: Session, column: WorkColumn, keys: set[int], basis: Basis) -> dict[int, str]:
    """The text of each key: read in a line that told it; else which row of which file tells it."""
    found: dict[int, str] = {}
    row_of: dict[int, str] = {}
    by_number = {delivery.delivery_no: delivery for delivery in basis.deliveries}
    for feed, name in column.told_in:
        left = sorted(keys - found.keys())
        if not left or not basis.of(feed):
            continue
        session.add(basis.relation(all_feeds()[feed]))
        wanted = Relation("wanted", (("wanted_key", "BIGINT"),))
        session.add_rows(wanted, [(key,) for key in left])
        # The earliest told rows of a key in each delivery: a file without lines is passed over for the next.
        told = session.rows(
            f"SELECT {name}, delivery_no, min(line) FROM {feed} JOIN wanted ON {name} = wanted_key GROUP BY {name}, delivery_no"
        )
        for number, delivery in by_number.items():
            lines = {line: key for key, told_by, line in told if told_by == number and key not in found}
            for line, text in original_lines(basis.store, delivery, lines).items():
                if (word := _word(text, lines[line])) is not None:
                    found[lines[line]] = word
            for line, key in lines.items():
                row_of.setdefault(key, f"{delivery.file_name}, row {line}")
    return {key: found.get(key) or row_of.get(key, "not told") for key in keys}


def _word(line: str, key: int) -> str | None:
    """The word of a line that is stored under this key."""
    return next((word for word in _words(line) if identifier_key(word) == key), None)


def _words(line: str) -> Iterable[str]:
    return (word for word in _BETWEEN.split(line) if word)
