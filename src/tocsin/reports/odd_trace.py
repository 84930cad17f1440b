"""Trace of an oddity: happenings that were set aside or remarked on, each with the rows that tell of it, side by side."""

import difflib
from dataclasses import dataclass
from functools import partial

from tocsin.deliveries.ledger import Basis, Delivery, Ledger
from tocsin.engines.failing import asked_for
from tocsin.journeys import journey_named
from tocsin.measuring.journey import Journey
from tocsin.reports.frozen import FrozenRun, OddityLine
from tocsin.reports.oddities import set_aside_sentence
from tocsin.reports.traced_rows import Ask, TracedRow, TraceMeans, add_rows, basis_of, journeys_of, never_empty
from tocsin.vocabulary.errors import BadDeclaration


@dataclass(frozen=True)
class OddRow:
    """One row of a delivery, and the number of the happening that it tells of: contradictory rows have the same."""

    happening: int
    row: TracedRow

    @property
    def place(self) -> tuple[int, int, int]:
        return (self.happening, self.row.delivery.delivery_no, self.row.line)


@dataclass(frozen=True)
class OddTrace:
    """The way back from an oddity. `found` is how many rows of the journey are so; the run said `line.count`.

    `happening_count`: how many happenings they are of, by the keys that lead to their rows (an Incident has a row for each clock).
    """

    line: OddityLine
    found: int
    happening_count: int
    rows: tuple[OddRow, ...]

    @property
    def listed_count(self) -> int:
        """How many of the happenings have a row among those listed."""
        return len({row.happening for row in self.rows})

    @property
    def agrees(self) -> bool:
        return self.found == self.line.count


def oddity_named(run: FrozenRun, name: str) -> OddityLine:
    """The oddity of that name. Raises BadDeclaration with the nearest names where the run has none of it."""
    by_name = {line.name: line for line in run.oddities}
    if name not in by_name:
        near = difflib.get_close_matches(name, by_name, n=3, cutoff=0.4)
        raise BadDeclaration(
            f'run {run.run_id} has no oddity "{name}". Nearest: {", ".join(near) or "none"}. tocsin trace --oddities lists them all.'
        )
    return by_name[name]


def trace_oddity(means: TraceMeans, run: FrozenRun, line: OddityLine, most: int | None = 20) -> OddTrace:
    """The rows behind an oddity, happening by happening, each whole, until `most` rows are listed; all of them without it.

    Raises EngineUnavailable where the journeys of the run are not there any more.
    """
    name, _, which = line.name.partition(".")
    journey = journey_named(name)
    ledger = Ledger(means.store)
    try:
        basis = basis_of(run, ledger)
    finally:
        ledger.close()
    with asked_for(f"trace of {line.name}"), means.engine.session() as session:
        session.add(journeys_of(run, journey, means))
        at = add_rows(session, journey, basis, run, means)
        asked = _Asked(partial(session.rows, parameters=at), journey, basis, f"{name} WHERE {_predicate(journey, which, line)}")
        rows = asked.rows(None if most is None else f" LIMIT {most}")
        if most is not None and len(rows) >= most:
            # The last happening that fits is listed whole: one row of two that contradict each other explains nothing.
            last = rows[most - 1].happening
            rows = [row for row in asked.rows(None, last) if row.happening <= last]
        return OddTrace(line, asked.count(), asked.happening_count(), tuple(rows))


@dataclass(frozen=True)
class _Asked:
    """The odd happenings of a journey; `odd` is what stands after FROM."""

    ask: Ask
    journey: Journey
    basis: Basis
    odd: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns that lead back to rows of any feed: together they name the happening."""
        return tuple(dict.fromkeys(mine for _, pairs in self.journey.traced_to for mine, _ in pairs))

    @property
    def numbered(self) -> str:
        """The happenings, numbered in the order of their keys."""
        kinds = dict(self.journey.columns)
        keys = ", ".join(f"{never_empty(name, kinds[name])} AS key_{name}" for name in self.keys)
        order = ", ".join(f"key_{name}" for name in self.keys)
        return f"SELECT *, row_number() OVER (ORDER BY {order}) AS happening FROM (SELECT DISTINCT {keys} FROM {self.odd}) AS named"

    def count(self) -> int:
        return int(self.ask(f"SELECT count(*) FROM {self.odd}")[0][0])

    def happening_count(self) -> int:
        return int(self.ask(f"SELECT count(*) FROM ({self.numbered}) AS made")[0][0]) if self.keys else 0

    def rows(self, limit: str | None, up_to: int | None = None) -> list[OddRow]:
        by_number: dict[int, Delivery] = {delivery.delivery_no: delivery for delivery in self.basis.deliveries}
        kinds = dict(self.journey.columns)
        found: set[OddRow] = set()
        for feed, pairs in self.journey.traced_to:
            if not self.basis.of(feed):
                continue
            same = " AND ".join(f"{never_empty(f'told.{theirs}', kinds[mine])} = made.key_{mine}" for mine, theirs in pairs)
            within = f" WHERE made.happening <= {up_to}" if up_to is not None else ""
            joined = f"FROM {self.journey.told(feed)} AS told JOIN ({self.numbered}) AS made ON {same}{within}"
            asked = f"SELECT made.happening, told.delivery_no, told.line {joined}"
            order = " ORDER BY made.happening, told.delivery_no, told.line"
            found |= {
                OddRow(happening, TracedRow(by_number[number], line)) for happening, number, line in self.ask(asked + order + (limit or ""))
            }
        return sorted(found, key=lambda row: row.place)


def _predicate(journey: Journey, which: str, line: OddityLine) -> str:
    """What makes a row of the journey odd in this way: the reason for which it was set aside, or a remark of the journey.

    Raises BadDeclaration for a remark that the journey no longer makes.
    """
    if line.sentence == set_aside_sentence(journey, which):
        return f"({journey.set_aside}) AND set_aside = '{which}'"
    remarks = {name: predicate for name, _, predicate in journey.remarks}
    if which not in remarks:
        raise BadDeclaration(
            f"{line.name}: {journey.name} no longer remarks on this; the run is of an earlier version. Close the period again."
        )
    return remarks[which]
