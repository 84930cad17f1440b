"""The dated parameters of the Operational Performance Regime: regulatory years, weights that add up, rows that are refused."""

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tocsin.vocabulary.errors import BadDeclaration
from tocsin.vocabulary.opr import CELLS, OprYear, opr_year, regulatory_year

ON = date(2021, 9, 1)


def year(on: date = ON, override: Path | None = None) -> OprYear:
    found = opr_year(on, override)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("on", "label", "first_on"),
    [
        (date(2021, 4, 1), "2021/22", date(2021, 4, 1)),
        (date(2022, 3, 31), "2021/22", date(2021, 4, 1)),
        (date(2021, 3, 31), "2020/21", date(2020, 4, 1)),
        (date(1999, 12, 31), "1999/00", date(1999, 4, 1)),
    ],
)
def test_a_regulatory_year_is_april_to_march(on: date, label: str, first_on: date) -> None:
    assert regulatory_year(on) == (label, first_on)


def test_the_weights_of_2021_22() -> None:
    """70, 15 and 15 %; a third each for availability, Install & Commission and prepayment, nothing for firmware and change of supplier."""
    told = year()
    assert {area.name: area.weight for area in told.areas} == {
        "system_performance": Fraction(7, 10),
        "customer_engagement": Fraction(15, 100),
        "contract_management": Fraction(15, 100),
    }
    measures = told.areas[0].measures
    assert [(measure.name, measure.weight) for measure in measures] == [
        *((name, Fraction(1, 3)) for name in ("availability", "install_and_commission", "prepayment")),
        *((name, Fraction(0)) for name in ("change_of_supplier", "firmware")),
    ]
    assert all([cell.name for cell in measure.cells] == list(CELLS) and all(cell.figures for cell in measure.cells) for measure in measures)


def test_only_weights_are_verified_and_only_those_of_2021_22() -> None:
    assert {row.table for row in year().rows if row.status == "verified"} == {"opr_areas", "opr_measures"}
    assert not [row for row in year(date(2022, 4, 1)).rows if row.status == "verified"]


def test_the_pot_is_of_the_year_and_there_is_none_before() -> None:
    assert (year().pot, year(date(2022, 3, 31)).pot, year(date(2022, 4, 1)).pot) == (7_000_000, 7_000_000, 10_000_000)
    assert opr_year(date(2021, 3, 31)) is None


def test_a_row_within_a_year_waits_for_the_next(tmp_path: Path) -> None:
    """A year is judged by what was in force on its first day."""
    (tmp_path / "opr_pots.csv").write_text("regime,since,pounds,status,source\nopr,2021-06-01,1,verified,x\n")
    assert year(ON, tmp_path).pot == 7_000_000


def test_what_others_score_may_be_entered(tmp_path: Path) -> None:
    (tmp_path / "opr_areas.csv").write_text(
        "area,since,weight,kept,status,source\ncustomer_engagement,2021-04-01,0.15,2/3,verified,the Panel's scores\n"
    )
    told = {area.name: area.entered for area in year(ON, tmp_path).areas}
    assert told == {"system_performance": None, "contract_management": None, "customer_engagement": Fraction(2, 3)}


AREAS, MEASURES = "area,since,weight,kept,status,source", "measure,since,area,title,weight,status,source"
CELL_WEIGHTS, FIGURES = "measure,cell,since,weight,status,source", "measure,cell,figure,since,share,status,source"
LEVELS = "measure,cell,since,target,minimum,keep_min,shape,averaging,status,source"


@pytest.mark.parametrize(
    ("table", "heading", "row", "told"),
    [
        ("opr_areas", AREAS, "system_performance,2021-04-01,0.6,", "opr_areas: the weights add up to 9/10, expected 1"),
        ("opr_areas", AREAS, "system_performance,2021-04-01,0.7,0.5", 'column "kept": expected nothing'),
        ("opr_areas", AREAS, "system_performance,2021-04-01,70 %,", 'column "weight": expected a number such as 0.7'),
        ("opr_measures", MEASURES, "prepayment,2021-04-01,system_performance,P,0.333", "the weights of system_performance add up to"),
        ("opr_measures", MEASURES, "prepayment,2021-04-01,luck,P,1/3", 'column "area": expected one of'),
        ("opr_measures", MEASURES, "prepayment,2021-04-01,system_performance,P,1/0", 'column "weight"'),
        ("opr_cells", CELL_WEIGHTS, "prepayment,north,2021-04-01,1/2", "opr_cells: the weights of prepayment add up to 5/4"),
        ("opr_cells", CELL_WEIGHTS, "prepayment,wales,2021-04-01,0", 'column "cell": expected one of smets1'),
        ("opr_levels", LEVELS, "prepayment,north,2021-04-01,95,96,0,linear,pooled_year", 'column "target": expected a percentage no'),
        ("opr_levels", LEVELS, "prepayment,north,2021-04-01,101,96,0,linear,pooled_year", 'column "target"'),
        ("opr_levels", LEVELS, "prepayment,north,2021-04-01,99,96,2,linear,pooled_year", 'column "keep_min": expected a share'),
        ("opr_levels", LEVELS, "prepayment,north,2021-04-01,99,96,0,curved,pooled_year", 'column "shape": expected one of linear'),
        ("opr_levels", LEVELS, "prepayment,north,2021-04-01,99,96,0,step,best_month", 'column "averaging": expected one of pooled'),
        ("opr_levels", LEVELS, "prepayment,wales,2021-04-01,99,96,0,step,pooled_year", 'column "cell": expected one of smets1'),
        ("opr_levels", LEVELS, "luck,north,2021-04-01,99,96,0,step,pooled_year", 'column "measure": expected one of availability'),
        ("opr_cells", CELL_WEIGHTS, "luck,north,2021-04-01,1", 'column "measure": expected one of availability'),
        ("opr_figures", FIGURES, "luck,north,cpm_1/region=north,2021-04-01,1", 'column "measure": expected one of availability'),
        ("opr_figures", FIGURES, "prepayment,wales,cpm_1/region=north,2021-04-01,1", 'column "cell": expected one of smets1'),
        ("opr_figures", FIGURES, "prepayment,north,cpm_1/region=nroth,2021-04-01,0", 'column "figure": expected a region of north'),
        ("opr_figures", FIGURES, "prepayment,north,cpm_1.component_mean,2021-04-01,0", 'column "figure": expected the name of a share'),
        ("opr_figures", FIGURES, "prepayment,north,cpm_1/region=north,2021-04-01,1", "the shares of prepayment, north add up to 2"),
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_by_name(tmp_path: Path, table: str, heading: str, row: str, told: str) -> None:
    (tmp_path / f"{table}.csv").write_text(f"{heading}\n{row},assumed,x\n")
    with pytest.raises(BadDeclaration) as refused:
        opr_year(ON, tmp_path)
    assert told in str(refused.value)
