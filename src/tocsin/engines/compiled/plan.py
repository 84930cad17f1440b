"""How the lines of a delivery are read in compiled code, or why they cannot be: made from its contract (RowSql) once a delivery."""

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.engines.compiled.segments import Segment, segment
from tocsin.engines.compiled.stamp_form import StampForm, stamp_form
from tocsin.engines.compiled.word_rule import WordRule
from tocsin.engines.pieces import NotReadHere
from tocsin.engines.row_sql import RowSql
from tocsin.feeds.feed import Column, Kind
from tocsin.feeds.shape import Shape, Source, When

_NOTHING = Source.model_validate({"constant": ""})
_MOST_PARTS = 100


@dataclass(frozen=True)
class Keyed:
    """An identifier of one cell, or of several joined; of a cell perhaps only one segment (`segments`: None for the whole)."""

    places: tuple[int, ...]
    separator: bytes = b""
    segments: tuple[Segment | None, ...] = (None,)


@dataclass(frozen=True)
class Number:
    """A whole number of one cell."""

    place: int


@dataclass(frozen=True)
class Stamp:
    """An instant of one cell."""

    place: int
    form: StampForm


@dataclass(frozen=True)
class Worded:
    """A column whose value follows by a rule (its place in `Plan.rules`) from the word in one cell, or from a constant (`place` None)."""

    place: int | None
    rule: int


Treatment = Keyed | Number | Stamp | Worded


@dataclass(frozen=True)
class Condition:
    """On which lines a row is made: the cell is empty, is not, or holds one of some words (None)."""

    place: int
    is_empty: bool | None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Part:
    """One of the rows made of a line."""

    conditions: tuple[Condition, ...]
    treatments: Mapping[str, Treatment]


@dataclass(frozen=True)
class Plan:
    """Places are those of cells in a line, from 0. `own_key`: a column, and the treatments of what a row is keyed by that lacks it."""

    width: int
    delimiter: int
    nulls: tuple[bytes, ...]
    columns: tuple[Column, ...]
    rules: tuple[WordRule, ...]
    parts: tuple[Part, ...]
    own_key: tuple[str, tuple[str, ...]] | None
    shape: Shape


def planned(sql: RowSql) -> Plan:
    """The plan of a delivery. Raises NotReadHere, which says what of its Shape is not read so."""
    rules: list[WordRule] = []
    parts = []
    for conditions, sources in sql.shape.parts():
        treatments = {column.name: _treatment(column, sources.get(column.name, _NOTHING), sql, rules) for column in sql.mapped}
        parts.append(Part(tuple(_condition(one, sql) for one in conditions), treatments))
    if len(parts) > _MOST_PARTS:
        raise NotReadHere(f"{len(parts)} rows of a line")
    nulls = tuple(word.encode() for word in sql.shape.nulls if word)
    own_key = _own_key(sql)
    return Plan(len(sql.columns), ord(sql.shape.delimiter), nulls, sql.mapped, tuple(rules), tuple(parts), own_key, sql.shape)


def _treatment(column: Column, source: Source, sql: RowSql, rules: list[WordRule]) -> Treatment:
    if source.pattern is not None or source.line or source.plus or source.minus:
        raise NotReadHere(f"{column.name}: a pattern, a line's number or a span")
    places, is_plain = sql.cells.places, not source.values and source.when_empty is None
    if source.join:
        names = [part.column for part in source.join if is_as_received(part.model_copy(update={"pattern": None}))]
        if column.kind is not Kind.IDENTIFIER or not is_plain or len(names) != len(source.join) or not source.with_.isascii():
            raise NotReadHere(f"{column.name}: a join other than an identifier's of plain columns")
        segments = tuple(None if part.pattern is None else segment(part.pattern) for part in source.join)
        return Keyed(tuple(places[name] - 1 for name in names if name is not None), source.with_.encode(), segments)
    if source.column is not None and is_plain:
        place = places[source.column] - 1
        if column.kind is Kind.IDENTIFIER:
            return Keyed((place,))
        if column.kind is Kind.WHOLE:
            return Number(place)
        if column.kind is Kind.INSTANT:
            return Stamp(place, stamp_form(source, column, sql.received_at))
    if column.kind is Kind.INSTANT and source != _NOTHING:
        raise NotReadHere(f"{column.name}: an instant of other than one plain cell")
    rule = WordRule(column, source, sql.shape)
    if rule not in rules:
        rules.append(rule)
    return Worded(None if source.column is None else places[source.column] - 1, rules.index(rule))


def is_as_received(source: Source) -> bool:
    """Whether a text is that of one cell, unchanged."""
    is_changed = source.pattern is not None or source.values or source.when_empty is not None or source.fold is not None
    return source.column is not None and not is_changed


def _condition(when: When, sql: RowSql) -> Condition:
    place = sql.cells.places[when.column] - 1
    if when.is_ in {"empty", "not_empty"}:
        return Condition(place, when.is_ == "empty")
    return Condition(place, None, frozenset((when.is_,) if isinstance(when.is_, str) else when.is_))


def _own_key(sql: RowSql) -> tuple[str, tuple[str, ...]] | None:
    if sql.feed.key_when_empty is None or any(sql.feed.column(name) not in sql.mapped for name in sql.feed.key_when_empty[1]):
        return None
    return sql.feed.key_when_empty
