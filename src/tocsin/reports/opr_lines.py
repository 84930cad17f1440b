"""The lines of the indicative Operational Performance Regime: the year's months, its cells worked out, and all of it in words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from tocsin.measuring.figures import Figure
from tocsin.measuring.measure import Level
from tocsin.measuring.shares import judge, rounded
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen_opr import OprAssumption, OprCellLine, OprLine, OprLines, OprMonth
from tocsin.reports.glance import is_in_glance
from tocsin.reports.opr import NO_EVENTS, AreaOutcome, CellOutcome, MeasureOutcome, Outcome, worked_out
from tocsin.reports.opr_levels import Month, columns_of, left_out, level_of, month_of, names_of
from tocsin.vocabulary.calendar import Period
from tocsin.vocabulary.dated import Key
from tocsin.vocabulary.opr import CELLS, OprLevel, OprRow, OprYear, opr_year, regulatory_year

_PLACES = 2


@dataclass(frozen=True)
class OprBasis:
    """What the regime of a month rests on: its year's parameters (None where there are none), and the year's months before it."""

    earlier: EarlierRuns
    year: OprYear | None
    before: tuple[OprMonth, ...]


def opr_basis(earlier: EarlierRuns, reference: Path) -> OprBasis:
    """The parameters in force, and for each month of the regulatory year before the period's its latest run as at an instant, or none.

    Raises BadDeclaration for parameters that do not hold together: before a month is worked out, not after.
    """
    period = earlier.period
    _, first_on = regulatory_year(period.first_on)
    first = Period(first_on.year, first_on.month, period.zone)
    months = [OprMonth(label, run_id) for label, run_id in earlier.months.items() if Period.parse(label, period.zone) >= first]
    return OprBasis(earlier, opr_year(period.first_on, reference), tuple(months))


def opr_lines(basis: OprBasis, run_id: str, figures: Iterable[Figure]) -> OprLines:
    """The regime as it stands after a month, from that month's figures and the runs of the months before it."""
    year, period = basis.year, basis.earlier.period
    if year is None:
        label, _ = regulatory_year(period.first_on)
        return OprLines(why=f"No parameters of the regime are in force for the regulatory year {label}.")
    earlier = [_read(basis, month, year) for month in basis.before if month.run_id]
    months = [*earlier, month_of(period.label, run_id, figures, year)]
    cells = [(measure.name, cell) for area in year.areas for measure in area.measures for cell in measure.cells]
    outcome = worked_out(year, {(measure, cell.name): level_of(cell, months) for measure, cell in cells})
    return _told(year, outcome, (*basis.before, OprMonth(period.label, run_id)), months[-1])


def pounds(value: Fraction) -> str:
    """An amount to the penny, half a penny up, thousands set apart."""
    whole, _, pence = rounded(value, _PLACES).partition(".")
    return f"{int(whole):,}.{pence}"


def _read(basis: OprBasis, month: OprMonth, year: OprYear) -> Month:
    # A workspace may name figures of its own, which a glance at a run need not have.
    read = basis.earlier.glance if all(is_in_glance(columns_of(name)) for name in names_of(year)) else basis.earlier.run_of
    run = read(month.label)
    # Of a damaged run its cells say so: None is no month without figures.
    return month_of(month.label, month.run_id, run.figures, year) if run is not None else Month(month.label, month.run_id, None)


def _told(year: OprYear, outcome: Outcome, months: tuple[OprMonth, ...], own: Month) -> OprLines:
    measures = [measure for area in outcome.areas for measure in area.measures]
    return OprLines(
        year=year.label,
        months=months,
        whole=_line("pot", "Pot", Fraction(1), outcome.at_stake, outcome.kept, why=_waits_for(outcome.lacking)),
        areas=tuple(_area_line(area) for area in outcome.areas),
        measures=tuple(_measure_line(measure) for measure in measures),
        cells=tuple(_cell_line(measure, cell) for measure in measures for cell in measure.cells),
        remarks=(*_spread(measures), *(word for one in measures for word in left_out(one.measure, own))),
        assumptions=tuple(_assumptions(year)),
    )


def _line(name: str, title: str, weight: Fraction, at_stake: Fraction, kept: Fraction | None, *, why: str) -> OprLine:
    numbers = (pounds(kept), pounds(at_stake - kept)) if kept is not None else ("", "")
    return OprLine(name, title, _percent(weight), pounds(at_stake), *numbers, why)


def _area_line(one: AreaOutcome) -> OprLine:
    if one.measures:
        why = _waits_for(one.lacking) if one.kept is None else "Worked out from its measures."
    else:
        why = "Not entered: scored by others." if one.kept is None else "As entered: scored by others."
    return _line(one.area.name, _words(one.area.name), one.area.weight, one.at_stake, one.kept, why=why)


def _measure_line(one: MeasureOutcome) -> OprLine:
    why = _waits_for(one.lacking) if one.lacking else "No cell of it had events." if one.kept is None else ""
    return _line(one.measure.name, one.measure.title, one.measure.weight, one.at_stake, one.kept, why=why)


def _cell_line(measure: MeasureOutcome, one: CellOutcome) -> OprCellLine:
    level, found = one.cell.level, one.found
    judged = judge(found.level, _as_level(level)) if found.level is not None else None
    hole = "no_events" if found.state == NO_EVENTS else "no_data"
    return OprCellLine(
        measure=measure.measure.title,
        cell=one.cell.name,
        status=judged.status if judged else hole,
        level=judged.shown if judged else "",
        target=rounded(level.target, _PLACES),
        minimum=rounded(level.minimum, _PLACES),
        weight=_percent(one.weight),
        share_kept=_percent(one.share) if one.share is not None else "",
        at_stake=pounds(one.at_stake),
        kept=pounds(one.kept) if one.kept is not None else "",
        lost=pounds(one.at_stake - one.kept) if one.kept is not None else "",
        why=found.why,
        told=found.told,
    )


def _as_level(level: OprLevel) -> Level:
    return Level("", str(level.target), str(level.minimum), "assumed")


def _spread(measures: Iterable[MeasureOutcome]) -> Iterator[str]:
    for one in measures:
        if one.spread:
            cells = ", ".join(_words(cell) for cell in one.spread)
            yield f"{one.measure.title}: no events in {cells}; the weight was spread over the other cells in proportion to theirs."


def _assumptions(year: OprYear) -> Iterator[OprAssumption]:
    """Rows that are not verified, those alike told once: the thresholds of twenty cells may be one assumption."""
    alike: dict[tuple[str, str, str, str, str], list[OprRow]] = {}
    for row in year.rows:
        if row.status != "verified":
            alike.setdefault((row.table, row.value, row.since, row.status, row.source), []).append(row)
    for (table, value, since, status, source), rows in alike.items():
        yield OprAssumption(table, _keys([row.key for row in rows]), value, since, status, source)


def _keys(keys: Sequence[Key]) -> str:
    """What rows speak of, measure by measure: "Firmware: every cell: cpm_6a, cpm_6b"."""
    of_measure: dict[str, list[Key]] = {}
    for measure, *place in keys:
        of_measure.setdefault(measure, []).append(tuple(place))
    told = []
    for measure, places in of_measure.items():
        cells = [cell for cell in CELLS if any(cell in place[:1] for place in places)]
        which = "every cell" if len(cells) == len(CELLS) else ", ".join(_words(cell) for cell in cells)
        figures = dict.fromkeys(figure.partition("/region=")[0] for place in places for figure in place[1:])
        told.append(": ".join(word for word in (_words(measure), which, ", ".join(figures)) if word))
    return "; ".join(told)


def _waits_for(lacking: Sequence[str]) -> str:
    return f"No number, for want of: {', '.join(_words(name) for name in lacking)}." if lacking else ""


def _percent(share: Fraction) -> str:
    return rounded(share * 100, _PLACES)


def _words(name: str) -> str:
    told = name.replace("_", " ")
    return told.upper() if told in ("smets1", "opr") else told[:1].upper() + told[1:]
