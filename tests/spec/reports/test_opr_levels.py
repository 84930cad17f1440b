"""The service level of a cell from the figures of one or more months, and why it has none."""

from collections.abc import Mapping
from fractions import Fraction

import pytest

from regime import share
from tocsin.measuring.figures import Figure
from tocsin.reports.opr import HOLE, NO_EVENTS, NUMBER, Found
from tocsin.reports.opr_levels import Month, left_out, level_of
from tocsin.vocabulary.opr import OprCell, OprFigure, OprLevel, OprMeasure

LEVEL = OprLevel(Fraction(99), Fraction(96), Fraction(0), "linear", "pooled_year")
NORTH, SOUTH, OTHER = "cpm_6a/region=north", "cpm_6a/region=south", "cpm_6b/region=north"


def cell(*shares: tuple[str, str], averaging: str = "pooled_year") -> OprCell:
    level = OprLevel(LEVEL.target, LEVEL.minimum, LEVEL.keep_min, LEVEL.shape, averaging)
    return OprCell("north", Fraction(1), level, tuple(OprFigure(name, Fraction(part)) for name, part in shares))


def months(*told: Mapping[str, Figure] | None) -> list[Month]:
    return [Month(f"2021-{4 + n:02d}", f"run-{n}", figures) for n, figures in enumerate(told)]


def of(*figures: Figure) -> dict[str, Figure]:
    return {figure.name: figure for figure in figures}


def level(of_cell: OprCell, *told: Mapping[str, Figure] | None) -> Found:
    return level_of(of_cell, months(*told))


ALONE = cell((NORTH, "1"))


def test_a_share_of_whole_numbers_is_exact() -> None:
    found = level(ALONE, of(share(NORTH, 1, 3)))
    assert (found.state, found.level, found.told) == (NUMBER, Fraction(100, 3), ("cpm_6a/region=north: 1 of 3",))


@pytest.mark.parametrize(("averaging", "expected"), [("pooled_year", Fraction(91)), ("mean_of_months", Fraction(55))])
def test_months_are_pooled_or_their_mean_is_taken(averaging: str, expected: Fraction) -> None:
    """10 of 100 and 900 of 900: 910 of 1,000 pooled, the mean of 10 and 100 otherwise; a month without events counts in neither."""
    quiet = share(NORTH, 0, 0, status="no_events")
    found = level(cell((NORTH, "1"), averaging=averaging), of(share(NORTH, 10, 100)), of(quiet), of(share(NORTH, 900, 900)))
    assert found.level == expected


def test_several_figures_count_by_their_shares() -> None:
    assert level(cell((NORTH, "1/4"), (OTHER, "3/4")), of(share(NORTH, 1, 2), share(OTHER, 9, 10))).level == Fraction(80)


def test_a_figure_without_events_leaves_its_share_to_the_others() -> None:
    quiet = share(OTHER, 0, 0, status="no_events")
    found = level(cell((NORTH, "1/4"), (OTHER, "3/4")), of(share(NORTH, 1, 2), quiet))
    assert (found.state, found.level) == (NUMBER, Fraction(50))
    assert found.why == "Without events, its share left to the others: cpm_6b/region=north."


@pytest.mark.parametrize(
    "figures",
    [
        pytest.param(of(share(NORTH, 0, 0, status="no_events")), id="it says so itself"),
        pytest.param(of(share("cpm_6a", 5, 5), share(SOUTH, 5, 5)), id="its kin are told by region and it is not"),
        pytest.param(of(share("cpm_6a", 0, 0, status="no_events")), id="the whole had none"),
    ],
)
def test_no_events(figures: dict[str, Figure]) -> None:
    assert level(ALONE, figures).state == NO_EVENTS


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        pytest.param(None, "2021-04: its run run-0 cannot be read.", id="a damaged run"),
        pytest.param({}, "2021-04: the run has no figure cpm_6a/region=north.", id="nothing of the kind"),
        pytest.param(
            of(share("cpm_6a", 5, 5), share("cpm_6a/model=M1", 5, 5)),
            "2021-04: the run has no figure cpm_6a/region=north.",
            id="not by region",
        ),
        pytest.param(
            of(share(NORTH, 5, 5, status="incomplete")), "2021-04: cpm_6a/region=north: n/a (incomplete: 30 of 31 files).", id="incomplete"
        ),
        pytest.param(
            of(share("cpm_6a", 5, 5, status="incomplete")),
            "2021-04: cpm_6a/region=north: n/a (incomplete: 30 of 31 files).",
            id="not told by region, and the whole is incomplete",
        ),
        pytest.param(of(share("cpm_6a", 0, 0, status="no_data")), "2021-04: cpm_6a/region=north: n/a (no data).", id="no data at all"),
        pytest.param(
            of(share(SOUTH, 5, 5, status="incomplete")),
            "2021-04: cpm_6a/region=north: n/a (incomplete: 30 of 31 files).",
            id="not told, and its kin are incomplete",
        ),
    ],
)
def test_a_hole_is_told_in_words(figures: dict[str, Figure] | None, why: str) -> None:
    found = level(ALONE, figures)
    assert (found.state, found.level, found.why) == (HOLE, None, why)


def test_one_month_with_a_hole_is_a_hole_of_the_year() -> None:
    found = level(ALONE, of(share(NORTH, 5, 5)), of(share(NORTH, 5, 5, status="incomplete")), {})
    assert found.state == HOLE
    assert found.why.startswith("2021-05: cpm_6a") and "2021-06: the run has no figure" in found.why


def test_one_figure_with_a_hole_is_a_hole_of_the_cell() -> None:
    assert level(cell((NORTH, "1/2"), (OTHER, "1/2")), of(share(NORTH, 5, 5))).state == HOLE


def test_a_cell_that_nothing_feeds_is_a_hole() -> None:
    assert level(cell(), of(share(NORTH, 5, 5))).why == "No figure is named for it."
    assert level(cell((NORTH, "0")), of(share(NORTH, 5, 5))).state == HOLE


def test_a_provisional_figure_is_said_to_be_so() -> None:
    assert level(ALONE, of(share(NORTH, 4, 5, marks=("provisional",)))).told == ("cpm_6a/region=north: 4 of 5, provisional",)


def test_what_is_in_no_cell_is_told() -> None:
    measure = OprMeasure("firmware", "Firmware", Fraction(1), (ALONE,))
    (month,) = months(of(share(NORTH, 5, 5), share("cpm_6a/region=UNKNOWN", 6_000, 7_000), share("cpm_6a", 6_005, 7_005)))
    assert list(left_out(measure, month)) == ["Firmware: the 7,000 of cpm_6a/region=UNKNOWN in 2021-04 are in no cell."]
