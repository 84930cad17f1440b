"""The service level of a cell of the Operational Performance Regime, from figures that frozen runs hold (domain.md 13).

Exact: from the whole numbers of a figure, not from its Decimal. Whatever is not complete in any month gives no number, and is named.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from tocsin.measuring.figures import Figure
from tocsin.measuring.shares import percent
from tocsin.reports.opr import HOLE, NO_EVENTS, NUMBER, Found
from tocsin.vocabulary.opr import OprCell, OprMeasure, OprYear


@dataclass(frozen=True)
class Month:
    """Of one month's run the figures of the kinds that feed the regime, by name; None where its run is there and cannot be read."""

    label: str
    run_id: str
    figures: Mapping[str, Figure] | None


def month_of(label: str, run_id: str, figures: Iterable[Figure], year: OprYear) -> Month:
    """A month with those figures only that the cells of a year ask for, and their kin: a run may have a hundred thousand."""
    wanted = {_base(name) for name in names_of(year)}
    return Month(label, run_id, {figure.name: figure for figure in figures if _base(figure.name) in wanted})


def names_of(year: OprYear) -> set[str]:
    """The figures that feed the cells of a year."""
    cells = [cell for area in year.areas for measure in area.measures for cell in measure.cells]
    return {figure.name for cell in cells for figure in cell.figures}


def level_of(cell: OprCell, months: Sequence[Month]) -> Found:
    """A cell's service level over some months: its figures by their shares; one without events leaves its share to the others."""
    fed = [figure for figure in cell.figures if figure.share]
    if not fed:
        return Found(HOLE, why="No figure is named for it.")
    found = [_over(figure.name, months, cell.level.averaging) for figure in fed]
    told = tuple(word for one in found for word in one.told)
    if holes := [one.why for one in found if one.state == HOLE]:
        return Found(HOLE, why=" ".join(holes), told=told)
    levels = [(figure.share, one.level) for figure, one in zip(fed, found, strict=True) if one.level is not None]
    if not levels:
        return Found(NO_EVENTS, why="No events.", told=told)
    eventful = sum((share for share, _ in levels), Fraction(0))
    silent = [figure.name for figure, one in zip(fed, found, strict=True) if one.level is None]
    why = f"Without events, its share left to the others: {', '.join(silent)}." if silent else ""
    return Found(NUMBER, sum((share * level for share, level in levels), Fraction(0)) / eventful, why, told)


def left_out(measure: OprMeasure, month: Month) -> Iterator[str]:
    """What this month's run counts of the same kind and no cell of the measure has, such as an unknown region: a sentence each."""
    named = {figure.name for cell in measure.cells for figure in cell.figures if figure.share}
    places = {(_base(name), columns_of(name)) for name in named}
    for name, figure in sorted((month.figures or {}).items()):
        if (_base(name), columns_of(name)) in places and name not in named and figure.counted:
            yield f"{measure.title}: the {figure.counted:,} of {name} in {month.label} are in no cell."


def _over(name: str, months: Sequence[Month], averaging: str) -> Found:
    found = [_in(name, month) for month in months]
    if holes := [one.why for one in found if isinstance(one, Found)]:
        return Found(HOLE, why=" ".join(holes))
    counts = [(one.met or 0, one.counted or 0) for one in found if isinstance(one, Figure)]
    met, counted = (sum(numbers) for numbers in zip(*counts, strict=True)) if counts else (0, 0)
    told = (f"{name}: {met:,} of {counted:,}{_provisional(found)}",)
    eventful = [percent(*pair) for pair in counts if pair[1]]
    if not eventful:
        return Found(NO_EVENTS, told=told)
    if averaging == "mean_of_months":
        return Found(NUMBER, sum(eventful, Fraction(0)) / len(eventful), told=told)
    return Found(NUMBER, percent(met, counted), told=told)


def _in(name: str, month: Month) -> Figure | Found | None:
    """A figure of one month with whole numbers; None where there was nothing to count; else the hole, in words."""
    if month.figures is None:
        return Found(HOLE, why=f"{month.label}: its run {month.run_id} cannot be read.")
    own = month.figures.get(name)
    telling = own or _standing_for(name, month.figures)
    if telling is None:
        return Found(HOLE, why=f"{month.label}: the run has no figure {name}.")
    if telling.status in ("no_data", "incomplete") or "suppressed" in telling.marks:
        return Found(HOLE, why=f"{month.label}: {name}: {telling.shown}.")
    if own is None or own.status == "no_events":
        return None
    if own.unit != "percent" or own.counted is None or own.met is None:
        return Found(HOLE, why=f"{month.label}: {name} is no share of whole numbers.")
    return own


def _standing_for(name: str, figures: Mapping[str, Figure]) -> Figure | None:
    """A figure that says why another is not there: where a subject is told by the same columns, or had nothing at all, it had no events.

    None where the run tells nothing of the kind; then the name itself is unknown to it.
    """
    kin = [figure for found, figure in figures.items() if _base(found) == _base(name)]
    for status in ("no_data", "incomplete"):
        if holes := [figure for figure in kin if figure.status == status]:
            return holes[0]
    alike = [figure for figure in kin if columns_of(figure.name) == columns_of(name)]
    return next(iter(alike), next((figure for figure in kin if figure.status == "no_events" and not figure.breakdown), None))


def _base(name: str) -> str:
    return name.partition("/")[0]


def columns_of(name: str) -> tuple[str, ...]:
    """The columns a figure is broken down by, from its name."""
    return tuple(split.partition("=")[0] for split in name.split("/")[1:])


def _provisional(found: Sequence[Figure | Found | None]) -> str:
    is_provisional = any(isinstance(one, Figure) and "provisional" in one.marks for one in found)
    return ", provisional" if is_provisional else ""
