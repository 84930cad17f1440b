"""The workbook: the same numbers as numbers, the words as text, native tables, nothing that runs."""

import io
import re
import zipfile

import pytest
from python_calamine import CalamineWorkbook
from told import SUMMARY, measure_figures

from frozen_run import HOSTILE
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.workbook import workbook_of


@pytest.fixture(scope="module")
def book(xlsx: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(xlsx))


@pytest.fixture(scope="module")
def parts(xlsx: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def number_or_words(text: str) -> float | str:
    return float(text.replace(",", "")) if re.fullmatch(r"[0-9,.]+", text) else text


def test_the_summary_holds_every_number_as_a_number(book: CalamineWorkbook) -> None:
    rows = book.get_sheet_by_name("CPM summary").to_python()
    found = {str(row[0]).partition(":")[0]: tuple(row[1:6]) for row in rows if str(row[0]).startswith("CPM ")}
    assert found == {name: tuple(number_or_words(cell) for cell in cells) for name, cells in SUMMARY.items()}


def test_the_sheet_of_figures_holds_every_figure(book: CalamineWorkbook, run: FrozenRun) -> None:
    heading, *rows = book.get_sheet_by_name("Figures").to_python()
    place = {name: n for n, name in enumerate(heading)}
    assert [row[place["name"]] for row in rows] == [figure.name for figure in run.figures]
    for row, figure in zip(rows, run.figures, strict=True):
        assert row[place["counted"]] == ("" if figure.counted is None else figure.counted)
        assert row[place["value"]] == ("" if figure.value is None else f"{figure.value:f}")
        assert row[place["shown"]] == number_or_words(figure.shown)
        assert row[place["target"]] == ("" if figure.target is None else float(figure.target))


def test_components_are_in_the_detail(book: CalamineWorkbook, run: FrozenRun) -> None:
    cells = {cell for row in book.get_sheet_by_name("CPM detail").to_python() for cell in row}
    for figure in measure_figures(run):
        if figure.value is not None:
            assert {float(figure.shown), float(figure.counted or 0), float(figure.met or 0)} <= cells, figure.name


def test_nothing_in_it_is_a_formula(parts: dict[str, str], book: CalamineWorkbook) -> None:
    sheets = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet")]
    assert sheets
    assert not any("<f>" in text or "<f " in text for text in sheets)
    cells = [cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row]
    assert f"'{HOSTILE}" in cells
    assert not [cell for cell in cells if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@"))]


def test_it_has_native_tables_and_sheets_excel_will_open(parts: dict[str, str], book: CalamineWorkbook) -> None:
    tables = [text for name, text in parts.items() if name.startswith("xl/tables/")]
    assert len(tables) > 30
    for text in tables:
        names = re.findall(r'<tableColumn id="\d+" name="([^"]*)"', text)
        assert names
        assert len(names) == len(set(names))
    names = [name.lower() for name in book.sheet_names]
    assert len(names) == len(set(names))
    assert all(0 < len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert {"Pre-Payment (PPM)", "Meter Reads (MRD)", "Data quality"} <= set(book.sheet_names)


def test_a_hole_is_text_and_never_a_number(book: CalamineWorkbook) -> None:
    rows = [row for row in book.get_sheet_by_name("Pre-Payment (PPM)").to_python() if row[0] in {"Fri 13 Aug", "Sat 21 Aug"}]
    assert rows[0][1:5] == ["no data"] * 4
    assert rows[1][4] == "n/a (0 events)"


def test_the_same_run_gives_the_same_bytes(document: Document, xlsx: bytes) -> None:
    assert workbook_of(document) == xlsx
