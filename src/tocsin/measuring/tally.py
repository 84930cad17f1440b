"""Tallies: all counters of a journey in one scan, whole numbers per day and breakdown. They add up; a month is a sum."""

from collections import Counter as Occurrences
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from tocsin.engines.engine import Relation
from tocsin.measuring.journey import Journey
from tocsin.measuring.measure import Counter, Indicator, Measure, Rule
from tocsin.vocabulary.errors import BadDeclaration

Breakdown = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class LookedUp:
    """A column that rows get from a small relation when they are summed: `column` by the row's `by`, else `otherwise`.

    What may change without a new tally is looked up: an SRV's Business Process (a dated map) and a SEC Party's published code.
    The relation has exactly the columns (`by`, `column`), one row for each `by`.
    """

    column: str
    by: str
    relation: str
    otherwise: str


@dataclass(frozen=True)
class Sums:
    """The counters of one breakdown, summed over the days of a period."""

    breakdown: Breakdown
    counters: Mapping[str, int]


@dataclass(frozen=True)
class Tally:
    """What is counted over a journey: its splits and every counter of every measure and indicator that reads it."""

    journey: Journey
    counters: tuple[Counter, ...]

    def __post_init__(self) -> None:
        known = dict(self.journey.columns)
        for column in (*self.journey.splits, self.journey.day):
            if column not in known:
                raise BadDeclaration(f'journey {self.journey.name}: split "{column}" is not one of its attributes ({", ".join(known)}).')
        twice = [name for name, count in Occurrences(counter.name for counter in self.counters).items() if count > 1]
        if twice or not self.counters:
            found = f'"{twice[0]}" stands twice' if twice else "none"
            raise BadDeclaration(f"tally of {self.journey.name}: counters with different names were expected, found {found}.")

    @property
    def name(self) -> str:
        """The relation under which the stored tally is read."""
        return f"{self.journey.name}_tally"

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        known = dict(self.journey.columns)
        splits = tuple((split, known[split]) for split in self.journey.splits)
        return (("day", "BIGINT"), *splits, *((counter.name, "BIGINT") for counter in self.counters))

    def relation(self, paths: Sequence[str]) -> Relation:
        return Relation(self.name, self.columns, tuple(paths))

    @property
    def held(self) -> str:
        """The relation under which a session holds sums of the stored tally, out of which coarser ones are summed."""
        return f"{self.journey.name}_sums"

    def sums_sql(self, by: Sequence[str] = (), lookups: Sequence[LookedUp] = ()) -> str:
        """Kernel SQL over the stored tally: `by` (splits or looked-up columns), then every counter summed over all its days."""
        columns = [name for name, _ in self.columns]
        return self._summed(by, with_lookups(self.name, columns, [lookup for lookup in lookups if lookup.column in by]))

    def held_sums_sql(self, by: Sequence[str] = ()) -> str:
        """The same out of sums that are held, of which `by` must be columns."""
        return self._summed(by, self.held)

    def _summed(self, by: Sequence[str], source: str) -> str:
        sums = ", ".join(f"coalesce(whole_sum({counter.name}), 0) AS {counter.name}" for counter in self.counters)
        return f"SELECT {''.join(f'{column}, ' for column in by)}{sums}\nFROM {source}{group_by(by)}"

    def read(self, by: Sequence[str], rows: Iterable[tuple[object, ...]]) -> list[Sums]:
        """The rows that `sums_sql` gave, as Sums in order of breakdown."""
        names = [counter.name for counter in self.counters]
        # Whole numbers by what the kernel promises of whole_sum.
        sums = [Sums(breakdown_of(by, row), dict(zip(names, cast(tuple[int, ...], row[len(by) :]), strict=True))) for row in rows]
        return sorted(sums, key=lambda line: line.breakdown)


# Marks that one 64-bit whole number has room for, its sign left out.
MARKS = 62


def tally_sql(journey: Journey, counters: Sequence[Counter]) -> str:
    """Kernel SQL over a journey: day, its splits, and one whole number for each counter; rows set aside are in none.

    Many counters ask the same of a row, and to count each by itself costs more than to read it. So each predicate is asked once and leaves
    its mark in a whole number; rows with the same marks, of which there are few kinds, are counted together and the kinds added up.
    """
    asked = tuple(dict.fromkeys(counter.rule.predicate for counter in counters if not counter.rule.amount))
    marks = {f"marks_{place // MARKS}": asked[place : place + MARKS] for place in range(0, len(asked), MARKS)}
    amounts = [counter for counter in counters if counter.rule.amount]
    keys = ", ".join((journey.day, *journey.splits))
    told = [keys, *(f"{_marked(predicates)} AS {name}" for name, predicates in marks.items())]
    told += [f"CASE WHEN {one.rule.predicate} THEN {one.rule.amount} END AS {one.name}" for one in amounts]
    alike = ", ".join((keys, *marks))
    kinds = ", ".join((alike, "count(*) AS alike", *(f"whole_sum({one.name}) AS {one.name}" for one in amounts)))
    counted = [one.name if one.rule.amount else _of_kinds(asked.index(one.rule.predicate)) for one in counters]
    sums = [f"coalesce(whole_sum({of}), 0) AS {one.name}" for of, one in zip(counted, counters, strict=True)]
    day = journey.day if journey.day == "day" else f"{journey.day} AS day"
    columns = ",\n  ".join((day, *journey.splits, *sums))
    return f"""SELECT {columns}
FROM (
  SELECT {kinds}
  FROM (SELECT {", ".join(told)} FROM {journey.name} WHERE {kept(journey)}) AS marked
  GROUP BY {alike}
) AS kinds
GROUP BY {keys}"""


def _marked(predicates: Sequence[str]) -> str:
    """A whole number with the bit of each predicate that is true of a row."""
    return " + ".join(("CAST(0 AS BIGINT)", *(f"CASE WHEN {told} THEN {1 << bit} ELSE 0 END" for bit, told in enumerate(predicates))))


def _of_kinds(place: int) -> str:
    """How many rows of a kind satisfy the predicate of that place: all of them, or none."""
    return f"CASE WHEN whole_div(marks_{place // MARKS}, {1 << place % MARKS}) % 2 = 1 THEN alike END"


def summed(rule: Rule) -> str:
    """The whole number that a rule asks for: how many rows it is true of, or the sum of its amount over them; an empty amount adds none."""
    if not rule.amount:
        return f"count_where({rule.predicate})"
    return f"coalesce(whole_sum(CASE WHEN {rule.predicate} THEN {rule.amount} END), 0)"


def kept(journey: Journey) -> str:
    """The predicate of the rows a measure may see. A set-aside rule that is unknown for a row does not set it aside."""
    return f"NOT coalesce(({journey.set_aside}), FALSE)"


def counters(of: Measure | Indicator) -> tuple[Counter, ...]:
    """`<name>_counted`, and where there is a rule for it `<name>_met`, `<name>_waiting` and `<name>_lacking`."""
    found = [Counter(f"{of.name}_counted", of.counted)]
    if of.met is not None:
        both = f"({of.counted.predicate}) AND ({of.met.predicate})"
        found.append(Counter(f"{of.name}_met", Rule(of.met.sentence, both, of.met.amount)))
    if of.waiting is not None:
        found.append(Counter(f"{of.name}_waiting", of.waiting))
    if of.lacking is not None:
        found.append(Counter(f"{of.name}_lacking", of.lacking))
    return tuple(found)


def with_lookups(relation: str, columns: Sequence[str], lookups: Sequence[LookedUp], of: str = "") -> str:
    """A FROM item: the relation's columns and those looked up. The relation itself where nothing is looked up.

    `of` is SQL text that gives the relation, where there is none of that name.
    """
    if not lookups:
        return relation
    own = [f"of_{relation}.{column} AS {column}" for column in columns]
    found = [f"coalesce({lookup.relation}.{lookup.column}, {text_literal(lookup.otherwise)}) AS {lookup.column}" for lookup in lookups]
    joins = [f"LEFT JOIN {lookup.relation} ON {lookup.relation}.{lookup.by} = of_{relation}.{lookup.by}" for lookup in lookups]
    source = f"({of})" if of else relation
    return f"(SELECT {', '.join(own + found)} FROM {source} AS of_{relation} {' '.join(joins)}) AS {relation}_with"


def group_by(columns: Sequence[str]) -> str:
    return f"\nGROUP BY {', '.join(columns)}" if columns else ""


def breakdown_of(by: Sequence[str], row: Sequence[object]) -> Breakdown:
    """The first cells of a row as a breakdown, each as text, as it stands in a figure's name. A journey leaves no split empty."""
    for column, cell in zip(by, row, strict=False):
        if cell is None:
            raise BadDeclaration(f'split "{column}" is empty in a tally. A journey must say UNKNOWN (or what a hole means) in its splits.')
    return tuple((column, str(cell)) for column, cell in zip(by, row, strict=False))


def text_literal(text: str) -> str:
    """Text inside SQL: quotes doubled, so that a resolver group's apostrophe is a letter and no more."""
    return "'" + text.replace("'", "''") + "'"
