"""The section of the indicative regime: what it warns of, what it shows, and what it says where there is nothing to show."""

from dataclasses import replace
from io import BytesIO

import pytest
from python_calamine import CalamineWorkbook

from frozen_run import made_up_run
from regime import month_figures, regime
from tocsin.reports.blocks import Block, Note, Prose, Shown, Status, Table
from tocsin.reports.document import document_of
from tocsin.reports.frozen import FrozenRun, from_json, to_json
from tocsin.reports.frozen_opr import OprLines, OprMonth
from tocsin.reports.sections.opr import OPR
from tocsin.reports.workbook import workbook_of

AVAILABILITY = "availability_minutes.of_month/service=wan_gateway"


def told(opr: OprLines) -> FrozenRun:
    return replace(made_up_run(), opr=opr)


def tables(blocks: list[Block]) -> dict[str, Table]:
    return {block.caption: block for block in blocks if isinstance(block, Table)}


@pytest.fixture(scope="module")
def regime_lines() -> OprLines:
    return regime(month_figures({AVAILABILITY: (950, 1_000)}))


def test_it_is_headed_indicative_and_warns(regime_lines: OprLines) -> None:
    first = OPR.build(told(regime_lines))[0]
    assert OPR.title.endswith("(indicative)")
    assert isinstance(first, Note) and first.kind == "warning" and first.text.startswith("Indicative only: no amount here is owed")


def test_pounds_shares_and_holes_are_shown(regime_lines: OprLines) -> None:
    drawn = tables(OPR.build(told(regime_lines)))
    assert drawn["The pot and its areas"].rows[0] == (
        "Pot", Shown("100.00", "", True), Shown("7,000,000.00", "", True), "no number", "no number",
        "No number, for want of: Contract management, Customer engagement.",
    )  # fmt: skip
    (north,) = (
        row for row in drawn["Service levels of the cells, and what they keep"].rows if row[:2] == ("Service availability", "North")
    )
    assert [cell.text if isinstance(cell, Shown) else cell for cell in north[2:]] == [
        "97.50", "99.00", "96.00", Status("below_target"), "25.00", "50.00", "408,333.33", "204,166.67",
    ]  # fmt: skip
    assert len(drawn["What each cell rests on"].rows) == 20


def test_every_assumption_stands_in_it(regime_lines: OprLines) -> None:
    rows = tables(OPR.build(told(regime_lines)))["Parameters that are not verified"].rows
    assert [row[1:4] for row in rows] == [(line.keys, line.value, line.since) for line in regime_lines.assumptions]


@pytest.mark.parametrize(
    ("months", "said"),
    [
        ((("2021-04", "r"),), "The levels are of 2021-04 alone, the first month of the year."),
        ((("2021-04", ""), ("2021-05", "r")), "The levels are of 2021-05 alone: no run of 2021-04 is there."),
        ((("2021-04", "r"), ("2021-05", "r")), "The levels are of 2 months: 2021-04, 2021-05."),
        (
            (("2021-04", "r"), ("2021-05", ""), ("2021-06", "r")),
            "The levels are of 2 months: 2021-04, 2021-06. No run of 2021-05 is there.",
        ),
    ],
)
def test_the_months_it_rests_on_are_said(regime_lines: OprLines, months: tuple[tuple[str, str], ...], said: str) -> None:
    lines = replace(regime_lines, months=tuple(OprMonth(*month) for month in months))
    assert Prose(f"Regulatory year 2021/22, 1 April to 31 March. {said}") in OPR.build(told(lines))


def test_an_earlier_run_says_why_there_is_nothing() -> None:
    assert OPR.build(made_up_run()) == [
        Note("No data: The run was made before the Operational Performance Regime was worked out. Close the period again.")
    ]


def test_it_is_frozen_with_the_run(regime_lines: OprLines) -> None:
    run = told(regime_lines)
    assert from_json(to_json(run)) == run


def test_pounds_are_numbers_in_the_workbook(regime_lines: OprLines) -> None:
    book = CalamineWorkbook.from_filelike(BytesIO(workbook_of(document_of(told(regime_lines), [OPR]))))
    cells = {cell for row in book.get_sheet_by_name("Indicative OPR").to_python() for cell in row}
    assert cells >= {7_000_000, 408_333.33, 204_166.67}
