"""A journey's dearest step taken out of its text: rows grouped by a key, of which each aggregate is asked (docs/decisions/0018).

`SELECT key, min(a), count_where(b) > 0 FROM rows GROUP BY key` under WITH comes apart into the rows with their keys and one column an
aggregate, how each column goes together, and the text around it, which then reads the groups by a name. What does not have exactly this
form is left to the engine: nothing is taken apart of which it is not known that both ways give the same.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from sqlglot.tokenizer_core import TokenType

from tocsin.engines.tokens import Piece, closing, parted, pieces_of, tail_of, written

How = Literal["min", "max", "sum"]

# The name by which the text around reads the groups.
GROUPS = "rows_in_groups"
# As many keys as a group may have.
MOST_KEYS = 2

# What may stand around an aggregate beside operators, CASE and literals; of the group's rows it says nothing itself.
AROUND = {"coalesce", "nullif", "abs", "cast", "whole_div", "least_of", "greatest_of"}
# An ending of a SELECT that only a grouping without any more to it lacks.
MORE = {
    *(TokenType.HAVING, TokenType.QUALIFY, TokenType.ORDER_BY, TokenType.LIMIT, TokenType.OFFSET, TokenType.UNION, TokenType.EXCEPT),
    *(TokenType.INTERSECT, TokenType.WITH, TokenType.WINDOW),
}
# Inside an item these would ask for more than one row, or for another table.
NEVER = {TokenType.SELECT, TokenType.OVER, TokenType.DISTINCT, TokenType.ORDER_BY, TokenType.FROM, TokenType.PLACEHOLDER}
COLUMN = re.compile(r"([a-z_]\w*\.)?[a-z_]\w*")


@dataclass(frozen=True)
class Column:
    """What is asked of one column of the rows, `value`: `names` is what it is called among the groups.

    With `place`, a column of small whole numbers, `names[i]` is asked of the rows whose place is i: one value and its place cross over
    where each name had a column of its own.
    """

    names: tuple[str, ...]
    value: str
    how: How
    place: str | None = None


@dataclass(frozen=True)
class Grouping:
    """A text taken apart, in the kernel's words. `rows` has the `keys` and what `columns` speak of, the groups have the keys and names."""

    rows: str
    keys: tuple[str, ...]
    columns: tuple[Column, ...]
    rest: str


class _Unknown(Exception):
    """A form of which it is not known that it can be taken apart."""


@dataclass(frozen=True)
class _Select:
    """A SELECT that groups: its items, what stands after FROM, its condition, and the columns it groups by."""

    items: list[list[Piece]]
    source: str
    where: str
    keys: tuple[str, ...]


# Of which rows: those where a column has this literal. Empty for another condition, or none.
_Test = tuple[str, str]


@dataclass
class _Columns:
    """What a grouping asks of its rows: what is asked twice is one."""

    asked: dict[tuple[How, str, tuple[str, ...], _Test], str] = field(default_factory=dict)

    def name_of(self, how: How, value: str, conditions: Sequence[str], test: _Test = ("", "")) -> str:
        return self.asked.setdefault((how, value, tuple(conditions), test), f"a{len(self.asked)}")

    def told(self) -> tuple[tuple[Column, ...], dict[str, str]]:
        """The columns, and the text of each column of the rows by its name."""
        tested: dict[tuple[How, str, str], list[tuple[str, str]]] = {}
        for (how, value, _, (column, literal)), name in self.asked.items():
            if column:
                tested.setdefault((how, value, column), []).append((literal, name))
        texts: dict[str, str] = {}
        columns = []
        for (how, value, conditions, (column, _)), name in self.asked.items():
            of_tests = tested.get((how, value, column), [])
            if len(of_tests) < 2:
                columns.append(Column((name,), _named(texts, _where(value, conditions)), how))
            elif name == of_tests[0][1]:
                cases = " ".join(f"WHEN {literal} THEN {place}" for place, (literal, _) in enumerate(of_tests))
                place = _named(texts, f"CASE {column} {cases} END")
                columns.append(Column(tuple(name for _, name in of_tests), _named(texts, value), how, place))
        return tuple(columns), {name: text for text, name in texts.items()}


def _named(texts: dict[str, str], text: str) -> str:
    return texts.setdefault(text, f"v{len(texts)}")


@lru_cache
def take_apart(sql: str, names: Sequence[str]) -> Grouping | None:
    """A text with the groupings that stand in it under these names of a WITH, which are to be of the same rows and keys; None
    where any of them has another form.
    """
    if not names:
        return None
    pieces = pieces_of(sql)
    try:
        return _taken_apart(pieces, names)
    except _Unknown:
        return None


def _taken_apart(pieces: list[Piece], names: Sequence[str]) -> Grouping:
    first, bodies = _with_of(pieces, set(names))
    selects = {name: _select(pieces[bodies[name][0] : bodies[name][1]]) for name in names}
    first_select = selects[names[0]]
    if any((one.source, one.keys) != (first_select.source, first_select.keys) for one in selects.values()):
        raise _Unknown
    # One of the groupings is of all rows, or all are of the same: else there would be groups that none of them has.
    wheres = {one.where for one in selects.values()}
    shared = first_select.where if len(wheres) == 1 else ""
    if len(wheres) > 1 and "" not in wheres:
        raise _Unknown
    keys = tuple(f"k{place}" for place in range(len(first_select.keys)))
    columns = _Columns()
    bodies_anew = {name: _asked_of_groups(one, keys, columns, "" if shared else one.where) for name, one in selects.items()}
    start = min(bodies[name][0] for name in names)
    # From WITH up to the name of the first grouping and its `AS (`.
    before = written(pieces[first : start - 3]).removesuffix(",")
    told, texts = columns.told()
    cells = [
        *(f"{key} AS {name}" for key, name in zip(first_select.keys, keys, strict=True)),
        *(f"{text} AS {name}" for name, text in texts.items()),
    ]
    rows = f"{'' if before.upper() == 'WITH' else before} SELECT {', '.join(cells)} FROM {first_select.source}"
    return Grouping(
        f"{rows} WHERE {shared}" if shared else rows,
        keys,
        told,
        _with_bodies(pieces, {bodies[name]: text for name, text in bodies_anew.items()}),
    )


def _with_of(pieces: list[Piece], names: set[str]) -> tuple[int, dict[str, tuple[int, int]]]:
    """Where the WITH with these names begins, and the texts under its names: the first of all, or one that the first begins with."""
    at = next((at for at, piece in enumerate(pieces) if piece.kind is TokenType.WITH), None)
    while at is not None and pieces[at].kind is TokenType.WITH:
        bodies = _bodies(pieces, at + 1)
        if names <= set(bodies):
            return at, bodies
        at = min((start for start, _ in bodies.values()), default=None)
    raise _Unknown


def _bodies(pieces: list[Piece], at: int) -> dict[str, tuple[int, int]]:
    """Where the text under each name of WITH begins and ends, without its brackets."""
    found: dict[str, tuple[int, int]] = {}
    while at + 2 < len(pieces) and pieces[at + 1].kind is TokenType.ALIAS and pieces[at + 2].kind is TokenType.L_PAREN:
        end = closing(pieces, at + 2)
        found[pieces[at].text] = (at + 3, end)
        if end + 1 == len(pieces) or pieces[end + 1].kind is not TokenType.COMMA:
            break
        at = end + 2
    return found


def _with_bodies(pieces: list[Piece], anew: dict[tuple[int, int], str]) -> str:
    text, at = "", 0
    for (start, end), body in sorted(anew.items()):
        text += f" {written(pieces[at:start])} {body}"
        at = end
    return f"{text} {written(pieces[at:])}".strip()


def _select(body: list[Piece]) -> _Select:
    at = {TokenType.SELECT: -1, TokenType.FROM: -1, TokenType.WHERE: len(body), TokenType.GROUP_BY: -1}
    depth = 0
    for place, piece in enumerate(body):
        depth += (piece.kind is TokenType.L_PAREN) - (piece.kind is TokenType.R_PAREN)
        if depth == 0 and piece.kind in MORE:
            raise _Unknown
        if depth == 0 and piece.kind in at:
            at[piece.kind] = place
    select, source, where, group = at.values()
    if select != 0 or source < 0 or group < source or not body[1:source] or body[1].kind is TokenType.DISTINCT:
        raise _Unknown
    keys = tuple(_column(key) for key in parted(body[group + 1 :]))
    if len(keys) > MOST_KEYS or len(set(keys)) < len(keys):
        raise _Unknown
    where = min(where, group)
    return _Select(parted(body[1:source]), written(body[source + 1 : where]), written(body[where + 1 : group]), keys)


def _column(pieces: list[Piece]) -> str:
    """A column by its name, or by that of its relation and its own."""
    text = "".join(piece.text for piece in pieces)
    if len(pieces) not in {1, 3} or not COLUMN.fullmatch(text):
        raise _Unknown
    return text


def _asked_of_groups(select: _Select, keys: tuple[str, ...], columns: _Columns, where: str) -> str:
    """The grouping's items as they are asked of the groups. Where it is of some rows alone, it has the groups with one of those."""
    by_key = dict(zip(select.keys, keys, strict=True))
    cells = []
    for item in select.items:
        is_named = len(item) > 2 and item[-2].kind is TokenType.ALIAS
        value, name = (item[:-2], item[-1].text) if is_named else (item, item[-1].text)
        told = written(value)
        if told in by_key:
            cells.append(f"{by_key[told]} AS {name}")
        elif is_named:
            cells.append(f"{_around(value, columns, where)} AS {name}")
        else:
            raise _Unknown
    text = f"SELECT {', '.join(cells)} FROM {GROUPS}"
    return f"{text} WHERE {columns.name_of('sum', f'({where})', ())} > 0" if where else text


def _around(item: list[Piece], columns: _Columns, where: str) -> str:
    """An item with the name of a column in place of each aggregate."""
    out, at = "", 0
    while at < len(item):
        piece = item[at]
        is_call = at + 1 < len(item) and item[at + 1].kind is TokenType.L_PAREN
        name = piece.text.lower()
        if piece.kind in NEVER:
            raise _Unknown
        if is_call and name in AGGREGATES:
            end = closing(item, at + 1)
            tail = tail_of(item, end + 1)
            out += f" {_aggregate(name, item[at + 2 : end], item[end + 1 : tail], columns, where)}"
            at = tail
            continue
        if piece.kind is TokenType.VAR and not (is_call and name in AROUND):
            raise _Unknown
        out += f" {piece.text}"
        at += 1
    return out.strip()


AGGREGATES = {"min", "max", "count", "whole_sum", "count_where"}


def _aggregate(name: str, inside: list[Piece], behind: list[Piece], columns: _Columns, where: str) -> str:
    """The column of an aggregate, as it is asked of the groups."""
    calls = {piece.text.lower() for piece, follows in pairwise(inside) if follows.kind is TokenType.L_PAREN}
    arguments = parted(inside)
    if len(arguments) != 1 or calls & AGGREGATES or any(piece.kind in NEVER for piece in (*inside, *behind)):
        raise _Unknown
    value, test = written(arguments[0]), ("", "")
    conditions = [where] if where else []
    if behind:
        condition = behind[3:-1]
        is_filter = behind[0].kind is TokenType.FILTER and behind[2].kind is TokenType.WHERE and closing(behind, 1) == len(behind) - 1
        if name == "count_where" or not is_filter:
            raise _Unknown
        test = _test(condition) if not where and name in {"min", "max"} else test
        conditions.append(written(condition))
    if name in {"count", "count_where"}:
        if name == "count_where":
            conditions.append(value)
        elif value != "*":
            conditions.append(f"({value}) IS NOT NULL")
        # No row of a group that is counted is none, where a sum over none is unknown.
        return f"coalesce({columns.name_of('sum', ' AND '.join(f'({one})' for one in conditions) or 'TRUE', ())}, 0)"
    how: How = "min" if name == "min" else "max" if name == "max" else "sum"
    return columns.name_of(how, value, conditions, test)


def _test(condition: list[Piece]) -> _Test:
    """A column and the literal it is to have, where a condition is no more than that."""
    is_equal = len(condition) > 2 and condition[-2].kind is TokenType.EQ and condition[-1].kind in {TokenType.STRING, TokenType.NUMBER}
    column = "".join(piece.text for piece in condition[:-2])
    return (column, condition[-1].text) if is_equal and COLUMN.fullmatch(column) else ("", "")


def _where(value: str, conditions: Sequence[str]) -> str:
    if not conditions:
        return value
    return f"CASE WHEN {' AND '.join(f'({condition})' for condition in conditions)} THEN {value} END"
