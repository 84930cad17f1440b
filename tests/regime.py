"""Figures that feed every cell of the Operational Performance Regime as shipped, and the regime made of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

from frozen_run import figure, made_up_run
from tocsin.measuring.figures import Figure
from tocsin.reports.earlier_runs import EarlierRuns
from tocsin.reports.frozen_opr import OprCellLine, OprLines, OprMonth
from tocsin.reports.opr_lines import OprBasis, opr_lines
from tocsin.reports.run_store import write_run
from tocsin.vocabulary.calendar import Period, parse_instant
from tocsin.vocabulary.opr import opr_year

# When all of the year's months are known.
LONG_AFTER = parse_instant("2022-06-01T00:00:00Z")
SEPTEMBER = Period(2021, 9)
ALL_MET = (1_000, 1_000)


def names(on: date = SEPTEMBER.first_on) -> list[str]:
    """The names of every figure that the shipped tables ask for."""
    year = opr_year(on)
    assert year is not None
    cells = [cell for area in year.areas for measure in area.measures for cell in measure.cells]
    return sorted({fed.name for cell in cells for fed in cell.figures})


def share(name: str, met: int, counted: int, *, status: str = "stated", marks: tuple[str, ...] = ()) -> Figure:
    """A figure under its name; its words do not matter here, its whole numbers do."""
    subject, *splits = name.split("/")
    subject, _, indicator = subject.partition(".")
    breakdown = tuple((column, value) for column, _, value in (split.partition("=") for split in splits))
    return figure(subject, indicator, breakdown, shown="1", counted=counted, met=met, status=status, marks=marks)


def month_figures(told: Mapping[str, tuple[int, int]] | None = None) -> dict[str, Figure]:
    """All met everywhere but where something else is told: (met, counted) by name."""
    return {name: share(name, *(told or {}).get(name, ALL_MET)) for name in names()}


def regime(
    figures: Mapping[str, Figure], reference: Path | None = None, *, runs: Path = Path(), before: tuple[OprMonth, ...] = ()
) -> OprLines:
    """The regime of September 2021 from its figures."""
    earlier = EarlierRuns(runs, SEPTEMBER, LONG_AFTER, {month.label: month.run_id for month in before}, own="")
    basis = OprBasis(earlier, opr_year(SEPTEMBER.first_on, reference), before)
    return opr_lines(basis, "own-run", figures.values())


def cell(lines: OprLines, measure: str, name: str) -> OprCellLine:
    (found,) = (line for line in lines.cells if (line.measure, line.cell) == (measure, name))
    return found


def put_run(runs: Path, month: str, as_at: str, figures: Mapping[str, Figure]) -> str:
    """A run of a month in a workspace's runs/, as at midnight of a day."""
    run_id = f"{month}-{as_at.replace('-', '')}T000000-0123abcd"
    folder = runs / month / run_id
    folder.mkdir(parents=True)
    at = parse_instant(f"{as_at}T00:00:00Z")
    write_run(replace(made_up_run(), run_id=run_id, period=Period.parse(month), as_at=at, figures=tuple(figures.values())), folder)
    return run_id
