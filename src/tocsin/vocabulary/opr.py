"""The Operational Performance Regime (OPR): its parameters by regulatory year, out of the dated opr_ tables (domain.md 13).

Weights and shares are exact: "1/3" in a table is a third. Thresholds and the pot are assumed; each row says how well it is known.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from tocsin.vocabulary.availability import OUTAGE_SERVICES
from tocsin.vocabulary.dated import DatedTable, Key
from tocsin.vocabulary.devices import REGIONS
from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.table_file import TableRow

# Each is assessed for itself: SMETS1, and SMETS2 in the three CSP Regions (domain.md 13).
CELLS = ("smets1", "north", "central", "south")
# How the share that is kept falls below the target: in proportion down to the minimum, or at once.
SHAPES = ("linear", "step")
# How the months of a year are one service level: their events together, or the mean of the months that had events.
AVERAGING = ("pooled_year", "mean_of_months")
# The area that is worked out; what is kept of the others is entered.
SYSTEM_PERFORMANCE = "system_performance"

TABLES = ("opr_pots", "opr_areas", "opr_measures", "opr_cells", "opr_levels", "opr_figures")
_POT = ("opr",)
_FIRST_MONTH = 4

_SHARE = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]+/0*[1-9][0-9]*")
_FIGURE = re.compile(r"[a-z0-9_]+(\.[a-z0-9_]+)?(/[a-z_]+=[^/=]+)*")
# A word that no figure can have would be taken for a cell without events.
_KNOWN_VALUES = {"region": REGIONS, "service": OUTAGE_SERVICES}


@dataclass(frozen=True)
class OprLevel:
    """Thresholds in percent; `keep_min` is the share kept at the minimum and below it."""

    target: Fraction
    minimum: Fraction
    keep_min: Fraction
    shape: str
    averaging: str


@dataclass(frozen=True)
class OprFigure:
    """A figure of a run, by name, and its share of the cell's service level."""

    name: str
    share: Fraction


@dataclass(frozen=True)
class OprCell:
    """One measure in SMETS1 or one region: its weight in the measure, its level, and what feeds it."""

    name: str
    weight: Fraction
    level: OprLevel
    figures: tuple[OprFigure, ...]


@dataclass(frozen=True)
class OprMeasure:
    """A system measure and its weight in its area."""

    name: str
    title: str
    weight: Fraction
    cells: tuple[OprCell, ...]


@dataclass(frozen=True)
class OprArea:
    """An area and its weight in the pot; `entered` is the share kept of one that others score, None where nobody entered it."""

    name: str
    weight: Fraction
    measures: tuple[OprMeasure, ...]
    entered: Fraction | None


@dataclass(frozen=True)
class OprRow:
    """One row in force, for the report: what it says, since when and how well it is known."""

    table: str
    key: Key
    value: str
    since: str
    status: str
    source: str


@dataclass(frozen=True)
class OprYear:
    """A regulatory year: what is at risk (whole pounds), and every parameter by which it is kept or lost; the heaviest first."""

    label: str
    first_on: date
    pot: Fraction
    areas: tuple[OprArea, ...]
    rows: tuple[OprRow, ...]


def regulatory_year(on: date) -> tuple[str, date]:
    """The regulatory year of a day, 1 April to 31 March, as "2021/22", and its first day (domain.md 13)."""
    first = on.year if on.month >= _FIRST_MONTH else on.year - 1
    return f"{first}/{(first + 1) % 100:02d}", date(first, _FIRST_MONTH, 1)


def opr_year(on: date, override: Path | None = None) -> OprYear | None:
    """The parameters of a day's regulatory year, as in force on the year's first day; None where no pot is in force.

    Raises BadDeclaration for a bad row, and for weights or shares that do not add up to one.
    """
    return _opr_year(tuple(DatedTable.load(name, override) for name in TABLES), *regulatory_year(on))


@cache
def _opr_year(tables: tuple[DatedTable, ...], label: str, first_on: date) -> OprYear | None:
    pots, areas, measures, cells, levels, figures = ({**table.at(first_on)} for table in tables)
    if _POT not in pots:
        return None
    for row in (row for table in (cells, levels, figures) for row in table.values()):
        # A word that nothing answers to would leave its row unheard.
        row.one_of("measure", [measure for (measure,) in measures])
        row.one_of("cell", CELLS)
    fed: dict[Key, list[OprFigure]] = {}
    for (measure, cell, figure), row in figures.items():
        fed.setdefault((measure, cell), []).append(OprFigure(_named(row, figure), _share(row, "share")))
    for place, found in fed.items():
        _whole(f"opr_figures: the shares of {', '.join(place)}", (figure.share for figure in found))
    made: dict[str, list[OprMeasure]] = {}
    for (measure,), row in measures.items():
        own = tuple(_cell(measure, cell, row, levels, fed) for cell, row in _of(measure, cells))
        _whole(f"opr_cells: the weights of {measure}", (cell.weight for cell in own))
        one = OprMeasure(measure, row.cells["title"] or measure, _share(row, "weight"), own)
        made.setdefault(row.one_of("area", [area for (area,) in areas]), []).append(one)
    for area, of_area in made.items():
        of_area.sort(key=lambda measure: (-measure.weight, measure.name))
        _whole(f"opr_measures: the weights of {area}", (measure.weight for measure in of_area))
    found_areas = sorted(
        (_area(area, row, made.get(area, [])) for (area,), row in areas.items()), key=lambda area: (-area.weight, area.name)
    )
    _whole("opr_areas: the weights", (area.weight for area in found_areas))
    rows = tuple(
        _told(table.name, key, row)
        for table, at in zip(tables, (pots, areas, measures, cells, levels, figures), strict=True)
        for key, row in at.items()
    )
    return OprYear(label, first_on, Fraction(pots[_POT].whole("pounds")), tuple(found_areas), rows)


def _of(measure: str, cells: dict[Key, TableRow]) -> Iterator[tuple[str, TableRow]]:
    """A measure's cells, in their own order and not that of the letters."""
    return ((cell, cells[measure, cell]) for cell in CELLS if (measure, cell) in cells)


def _cell(measure: str, cell: str, row: TableRow, levels: dict[Key, TableRow], fed: dict[Key, list[OprFigure]]) -> OprCell:
    level = levels.get((measure, cell))
    if level is None:
        raise row.bad("cell", f"a cell that has a row in opr_levels ({measure}, {cell})")
    return OprCell(cell, _share(row, "weight"), _level(level), tuple(fed.get((measure, cell), ())))


def _level(row: TableRow) -> OprLevel:
    target, minimum, keep_min = (_fraction(row, column) for column in ("target", "minimum", "keep_min"))
    if not minimum <= target <= 100:
        raise row.bad("target", f"a percentage no lower than the minimum {row.cells['minimum']} and no higher than 100")
    if keep_min > 1:
        raise row.bad("keep_min", "a share of at most 1")
    return OprLevel(target, minimum, keep_min, row.one_of("shape", SHAPES), row.one_of("averaging", AVERAGING))


def _area(area: str, row: TableRow, measures: Sequence[OprMeasure]) -> OprArea:
    is_entered = row.cells["kept"] != ""
    if is_entered and measures:
        raise row.bad("kept", "nothing: what is kept of an area with measures is worked out")
    return OprArea(area, _share(row, "weight"), tuple(measures), _share(row, "kept") if is_entered else None)


def _named(row: TableRow, figure: str) -> str:
    if _FIGURE.fullmatch(figure) is None or ".component_" in figure:
        raise row.bad("figure", "the name of a share, such as cpm_6a/region=north")
    for split in figure.split("/")[1:]:
        column, _, value = split.partition("=")
        if value not in _KNOWN_VALUES.get(column, (value,)):
            raise row.bad("figure", f"a {column} of {', '.join(_KNOWN_VALUES[column])}")
    return figure


def _share(row: TableRow, column: str) -> Fraction:
    share = _fraction(row, column)
    if share > 1:
        raise row.bad(column, "a share of at most 1, such as 0.7 or 1/3")
    return share


def _fraction(row: TableRow, column: str) -> Fraction:
    if _SHARE.fullmatch(row.cells[column]) is None:
        raise row.bad(column, "a number such as 0.7, 99 or 1/3")
    return Fraction(row.cells[column])


def _whole(what: str, shares: Iterable[Fraction]) -> None:
    total = sum(shares, Fraction(0))
    if total != 1:
        raise BadDeclaration(f"{what} add up to {total}, expected 1. Correct the rows of that day; a third is written 1/3.")


def _told(table: str, key: Key, row: TableRow) -> OprRow:
    own = list(row.cells.items())[len(key) + 1 : -2]
    value = ", ".join(f"{column.replace('_', ' ')} {cell}" for column, cell in own if cell and column not in {"title", "area"})
    return OprRow(table, key, value, row.cells["since"], row.cells["status"], row.cells["source"])
