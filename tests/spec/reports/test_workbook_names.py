"""Names that Excel takes: of sheets, of tables, of a table's columns."""

import pytest

from tocsin.reports.workbook_names import Names, columns_apart


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Pre-Payment (PPM)", "Pre-Payment (PPM)"),
        ("Security and Key Management (SKM)", "Security and Key (SKM)"),
        ("Communications Hub Ordering and Returns", "Communications Hub Ordering and"),
        ("Communications Hub Ordering, Returns and more", "Communications Hub Ordering,"),
        ("A" * 40, "A" * 31),
        ("'What?' [a/b]: *c*", "What '  a b    c"),
        ("History", "History 2"),
        ("contents", "contents 2"),
        ("", "Sheet"),
    ],
)
def test_a_sheet_has_a_name_that_excel_takes(title: str, name: str) -> None:
    assert Names(["Contents"]).sheet(title) == name


def test_no_two_sheets_have_one_name() -> None:
    names = Names()
    assert [names.sheet("B" * 35), names.sheet("b" * 35), names.sheet("B" * 31)] == ["B" * 31, "b" * 29 + " 2", "B" * 29 + " 3"]


@pytest.mark.parametrize(
    ("caption", "name"),
    [
        ("Prepayment: by day", "Prepayment_by_day"),
        ("CPM 1: On-Demand Service Responses sent in time: by CSP Region", "CPM_1_by_CSP_Region"),
        ("CPM 1", "CPM_1"),
        ("CPM1", "T_CPM1"),
        ("R1C1", "T_R1C1"),
        ("C", "T_C"),
        ("90-day No SMWAN", "T_90_day_No_SMWAN"),
        ("=SUM(A1)", "SUM_A1"),
        ("\N{POUND SIGN}", "Table"),
        ("Figures", "Figures_2"),
    ],
)
def test_a_table_has_a_name_that_a_formula_takes(caption: str, name: str) -> None:
    assert Names(tables=["Figures"]).table(caption) == name


def test_columns_of_one_table_are_unlike() -> None:
    """Excel mends a workbook in which they are not, capitals or not, and says that it was damaged."""
    found = columns_apart(["Met", "met", "Met", "Met (2)", "Met"])
    assert found[:3] == ["Met", "met (2)", "Met (3)"]
    assert len({title.lower() for title in found}) == 5
