"""Cells of a divided change in which no SEC Party can be known: told by party where that is safe, else with the parties rolled up.

A cell of Service Request Variant, party, device type and region is finer than any published table. Of each Service Request Variant the
finest of these divisions is told that reveals nobody, in either month (domain.md 6.5): all four columns, where no device type and region
of it has too few parties or one too large; party alone, or device type and region without party, whichever has the cell with the larger
part. Where its parties are suppressed all of them are rolled up, so that nothing follows by subtraction.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from tocsin.measuring.anonymity import PARTY_CODE, is_telling
from tocsin.measuring.contribution import NOTHING, Counts, parts_of_change
from tocsin.measuring.tally import Breakdown

SRV = "srv"

Cells = Mapping[Breakdown, Counts]
# What of a cell's breakdown is told.
Way = Callable[[Breakdown], Breakdown]
Number = TypeVar("Number")


@dataclass(frozen=True)
class Limits:
    """From how many parties on, and up to which share of the largest, a cell reveals nobody."""

    fewest_parties: int
    dominance_percent: int


@dataclass(frozen=True)
class Volumes:
    """The volume of each cell in the two months: whether parties are too few is judged by all they sent, not by what a rule counts."""

    before: Mapping[Breakdown, int]
    now: Mapping[Breakdown, int]


@dataclass(frozen=True)
class Told:
    """The cells of both months as they may be told, and of how many Service Request Variants the parties were rolled up."""

    before: dict[Breakdown, Counts]
    now: dict[Breakdown, Counts]
    rolled_up: int


def without_parties(cells: tuple[Cells, Cells], volumes: Volumes, shown: frozenset[str], limits: Limits) -> Told:
    """The cells of two months, each event in exactly one of them as before; `shown` are the SRVs of which parties may be told at all."""
    before: dict[Breakdown, Counts] = {}
    now: dict[Breakdown, Counts] = {}
    rolled_up = 0
    wases, nows, weights_before, weights_now = _by_srv(cells[0]), _by_srv(cells[1]), _by_srv(volumes.before), _by_srv(volumes.now)
    for srv in sorted({*wases, *nows}):
        was, is_now = wases.get(srv, {}), nows.get(srv, {})
        weights = (_counted(was), _counted(is_now), weights_before.get(srv, {}), weights_now.get(srv, {}))
        way = _way(srv in shown, weights, (was, is_now), limits)
        rolled_up += way is _but_party
        before.update(_merged(was, way))
        now.update(_merged(is_now, way))
    return Told(before, now, rolled_up)


def _way(is_shown: bool, weights: tuple[Mapping[Breakdown, int], ...], cells: tuple[Cells, Cells], limits: Limits) -> Way:
    """How the cells of one Service Request Variant are told."""
    if not is_shown or any(_tells(of, _srv_alone, limits) for of in weights):
        return _but_party
    if not any(_tells(of, _but_party, limits) for of in weights):
        return _all
    return max((_but_party, _party_alone), key=lambda way: _largest(cells, way))


def _tells(volumes: Mapping[Breakdown, int], way: Way, limits: Limits) -> bool:
    """Whether in any of the cells divided that way the parties are too few, or one too large."""
    parties: dict[Breakdown, dict[str, int]] = {}
    for cell, volume in volumes.items():
        of = parties.setdefault(way(cell), {})
        code = dict(cell)[PARTY_CODE.column]
        of[code] = of.get(code, 0) + volume
    return any(is_telling(of, limits.fewest_parties, limits.dominance_percent) for of in parties.values())


def _largest(cells: tuple[Cells, Cells], way: Way) -> Fraction:
    """The largest part that one cell has of the Service Request Variant's own change."""
    parts = parts_of_change(_merged(cells[0], way), _merged(cells[1], way))
    return abs(parts[0].whole) if parts else Fraction(0)


def _merged(cells: Cells, way: Way) -> dict[Breakdown, Counts]:
    found: dict[Breakdown, Counts] = {}
    for cell, counts in cells.items():
        found[way(cell)] = found.get(way(cell), NOTHING) + counts
    return found


def _by_srv(cells: Mapping[Breakdown, Number]) -> dict[str, dict[Breakdown, Number]]:
    found: dict[str, dict[Breakdown, Number]] = {}
    for cell, number in cells.items():
        found.setdefault(dict(cell).get(SRV, ""), {})[cell] = number
    return found


def _counted(cells: Cells) -> dict[Breakdown, int]:
    return {cell: counts.counted for cell, counts in cells.items()}


def _all(cell: Breakdown) -> Breakdown:
    return cell


def _but_party(cell: Breakdown) -> Breakdown:
    return tuple(one for one in cell if one[0] != PARTY_CODE.column)


def _party_alone(cell: Breakdown) -> Breakdown:
    return tuple(one for one in cell if one[0] in (SRV, PARTY_CODE.column))


def _srv_alone(cell: Breakdown) -> Breakdown:
    return tuple(one for one in cell if one[0] == SRV)
