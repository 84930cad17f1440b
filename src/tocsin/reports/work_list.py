"""Work lists: the happenings of a run that a person must act on, one row each, with what to do. Never a personal column."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tocsin.engines.kernel import check_predicate
from tocsin.feeds import all_feeds
from tocsin.journeys import all_journeys
from tocsin.vocabulary.errors import BadDeclaration

# words as they stand; whole: a number; instant: µs UTC; flag: yes or no; identifier: the sender's own text of a stored key.
KINDS = ("words", "whole", "instant", "flag", "identifier")


@dataclass(frozen=True)
class WorkColumn:
    """A column of a work list: its heading, the attribute it shows, and what coded values are called.

    `told_in`, of an identifier, names where its text stands: pairs of a feed and its column, asked in this order.
    """

    heading: str
    attribute: str
    kind: str = "words"
    values: Mapping[str, str] = field(default_factory=dict)
    told_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class WorkList:
    """A work list over one kind of journey: the rows for which `which` is true, in the order of `sorted_by`. One a file of the shelf."""

    name: str
    title: str
    sentence: str
    of: str
    which: str
    columns: tuple[WorkColumn, ...]
    sorted_by: tuple[str, ...]
    order: int


def check_list(one: WorkList) -> WorkList:
    """The list itself, its journey, columns and predicate found good. Raises BadDeclaration naming file and word otherwise."""
    where = f"reports/work_lists/{one.name}.py"
    journey = all_journeys().get(one.of)
    if journey is None:
        raise BadDeclaration(f'{where}: of = "{one.of}" is no journey; expected one of {", ".join(all_journeys())}.')
    kinds = dict(journey.columns)
    for name in (*(column.attribute for column in one.columns), *one.sorted_by):
        if name not in kinds:
            raise BadDeclaration(f'{where}: "{name}" is no attribute of {journey.name}; expected of {", ".join(kinds)}.')
    for column in one.columns:
        if column.kind not in KINDS:
            raise BadDeclaration(f'{where}: column "{column.heading}": kind "{column.kind}"; expected one of {", ".join(KINDS)}.')
        if (column.kind == "identifier") != bool(column.told_in):
            raise BadDeclaration(f'{where}: column "{column.heading}": an identifier, and nothing else, says where its text is told.')
        for feed, told in column.told_in:
            if all_feeds()[feed].column(told).personal:
                raise BadDeclaration(f'{where}: column "{column.heading}": {feed}.{told} is personal; a work list shows no such column.')
    check_predicate(one.which, journey.columns, where)
    return one
