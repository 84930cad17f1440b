"""The engine of the Operational Performance Regime: from service levels to what is kept and lost, in exact fractions (domain.md 13).

A cell is a measure in SMETS1 or in one region. A cell without events spreads its weight over its siblings; one that is not known gives
no number, and neither does whatever it has weight in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from tocsin.vocabulary.opr import OprArea, OprCell, OprLevel, OprMeasure, OprYear

# How a cell's service level stands.
NUMBER, NO_EVENTS, HOLE = "number", "no_events", "hole"


@dataclass(frozen=True)
class Found:
    """The service level of a cell in percent, or why it has none; `told` are the figures it was made of, in words."""

    state: str
    level: Fraction | None = None
    why: str = ""
    told: tuple[str, ...] = ()


@dataclass(frozen=True)
class CellOutcome:
    """A cell: `weight` after spreading, pounds at stake by it, the share kept and the pounds; None where there is no number."""

    cell: OprCell
    found: Found
    weight: Fraction
    at_stake: Fraction
    share: Fraction | None
    kept: Fraction | None


@dataclass(frozen=True)
class MeasureOutcome:
    """A measure: `spread` are the cells whose weight went to their siblings, `lacking` those with weight and without a number."""

    measure: OprMeasure
    at_stake: Fraction
    cells: tuple[CellOutcome, ...]
    kept: Fraction | None
    spread: tuple[str, ...]
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class AreaOutcome:
    """An area: worked out from its measures, or as entered; `lacking` are the measures with weight and without a number."""

    area: OprArea
    at_stake: Fraction
    measures: tuple[MeasureOutcome, ...]
    kept: Fraction | None
    lacking: tuple[str, ...]


@dataclass(frozen=True)
class Outcome:
    """The whole pot; `lacking` are the areas with weight and without a number."""

    at_stake: Fraction
    areas: tuple[AreaOutcome, ...]
    kept: Fraction | None
    lacking: tuple[str, ...]


def share_kept(level: OprLevel, achieved: Fraction) -> Fraction:
    """The share kept at a service level: all at the target, `keep_min` at the minimum; between them in proportion, or nothing more."""
    if achieved >= level.target:
        return Fraction(1)
    if level.shape == "step" or achieved <= level.minimum:
        return level.keep_min
    return level.keep_min + (1 - level.keep_min) * (achieved - level.minimum) / (level.target - level.minimum)


def worked_out(year: OprYear, found: Mapping[tuple[str, str], Found]) -> Outcome:
    """The regime of a year, from the service level of every cell by (measure, cell)."""
    areas = tuple(_area(area, year.pot * area.weight, found) for area in year.areas)
    lacking = tuple(one.area.name for one in areas if one.kept is None and one.at_stake)
    return Outcome(year.pot, areas, _added(one.kept for one in areas if one.at_stake), lacking)


def _area(area: OprArea, at_stake: Fraction, found: Mapping[tuple[str, str], Found]) -> AreaOutcome:
    if not area.measures:
        kept = at_stake * area.entered if area.entered is not None else None
        return AreaOutcome(area, at_stake, (), kept, ())
    measures = tuple(_measure(measure, at_stake * measure.weight, found) for measure in area.measures)
    # A measure without weight may lack its number: it moves no pound.
    lacking = tuple(one.measure.name for one in measures if one.kept is None and one.at_stake)
    return AreaOutcome(area, at_stake, measures, _added(one.kept for one in measures if one.at_stake), lacking)


def _measure(measure: OprMeasure, at_stake: Fraction, found: Mapping[tuple[str, str], Found]) -> MeasureOutcome:
    levels = {cell.name: found[measure.name, cell.name] for cell in measure.cells}
    eventful = sum((cell.weight for cell in measure.cells if levels[cell.name].state != NO_EVENTS), Fraction(0))
    cells = tuple(_cell(cell, levels[cell.name], at_stake, eventful) for cell in measure.cells)
    spread = tuple(cell.name for cell in measure.cells if cell.weight and levels[cell.name].state == NO_EVENTS) if eventful else ()
    lacking = tuple(one.cell.name for one in cells if one.kept is None and one.weight)
    # Without a cell that had events there is nobody to spread to: no number, and not all or nothing of it.
    kept = _added(one.kept for one in cells if one.weight) if eventful else None
    return MeasureOutcome(measure, at_stake, cells, kept, spread, lacking)


def _cell(cell: OprCell, found: Found, at_stake: Fraction, eventful: Fraction) -> CellOutcome:
    weight = cell.weight / eventful if eventful and found.state != NO_EVENTS else Fraction(0)
    share = share_kept(cell.level, found.level) if found.level is not None else None
    kept = at_stake * weight * share if share is not None else None
    return CellOutcome(cell, found, weight, at_stake * weight, share, kept)


def _added(kept: Iterable[Fraction | None]) -> Fraction | None:
    """The sum, or None where a part of it is not known."""
    total = Fraction(0)
    for one in kept:
        if one is None:
            return None
        total += one
    return total
