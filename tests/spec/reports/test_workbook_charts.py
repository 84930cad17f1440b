"""Native charts of a workbook: each series refers to the twin's own cells, holes are gaps, every chart has its words."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

import pytest
from lxml import etree
from python_calamine import CalamineWorkbook
from xlsxwriter.utility import xl_cell_to_rowcol

from tocsin.reports.blocks import Chart, Column, Graph, Shown, Table
from tocsin.reports.document import Document
from tocsin.reports.spreadsheets import digits_of
from tocsin.reports.workbook import workbook_of
from tocsin.reports.workbook_charts import DATA_SHEET

NAMES = {
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "x": "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing",
}


@dataclass(frozen=True)
class Read:
    """A chart as the workbook holds it: kind, title, axis titles, and the references of each series."""

    kind: str
    title: str
    axes: tuple[str, ...]
    series: tuple[tuple[str, str, str], ...]
    text: str


@pytest.fixture(scope="module")
def parts(xlsx: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def book(xlsx: bytes) -> CalamineWorkbook:
    return CalamineWorkbook.from_filelike(io.BytesIO(xlsx))


@pytest.fixture(scope="module")
def charts(parts: dict[str, bytes]) -> list[Read]:
    names = sorted((name for name in parts if name.startswith("xl/charts/chart")), key=lambda name: int(re.sub(r"\D", "", name)))
    return [read(parts[name]) for name in names]


def read(xml: bytes) -> Read:
    root = etree.fromstring(xml)

    def words(path: str, of: Any = root) -> str:
        return "".join(of.xpath(path, namespaces=NAMES))

    kind = next(etree.QName(child).localname for child in root.find(".//c:plotArea", NAMES) if str(child.tag).endswith("Chart"))
    axes = tuple("".join(axis.xpath(".//a:t/text()", namespaces=NAMES)) for axis in root.findall(".//c:plotArea/*/c:title", NAMES))
    series = tuple(
        (words("c:tx//c:f/text()", one), words("c:cat//c:f/text()", one), words("c:val//c:f/text()", one))
        for one in root.findall(".//c:ser", NAMES)
    )
    return Read(kind, words("c:chart/c:title//a:t/text()"), axes, series, xml.decode())


def declared(document: Document) -> Iterator[tuple[Graph, Chart]]:
    for _, blocks in document.sections:
        for block in blocks:
            if isinstance(block, Graph):
                yield from ((block, drawn) for drawn in block.drawn_as if isinstance(drawn, Chart))


def cells(book: CalamineWorkbook, reference: str) -> list[Any]:
    """What stands in the cells that a series refers to, read back."""
    sheet, _, area = reference.rpartition("!")
    first, _, last = area.replace("$", "").partition(":")
    (top, left), (bottom, right) = xl_cell_to_rowcol(first), xl_cell_to_rowcol(last or first)
    rows = book.get_sheet_by_name(sheet.strip("'").replace("''", "'")).to_python(skip_empty_area=False)
    return [rows[down][across] for down in range(top, bottom + 1) for across in range(left, right + 1)]


def test_every_declared_chart_is_there_with_its_titles(document: Document, charts: list[Read]) -> None:
    wanted = [chart for _, chart in declared(document)]
    assert len(wanted) > 5
    assert [chart.title for chart in charts] == [chart.title for chart in wanted]
    kinds = {"line": "lineChart", "column": "barChart", "bar": "barChart"}
    assert [chart.kind for chart in charts] == [kinds[chart.kind] for chart in wanted]
    for found, chart in zip(charts, wanted, strict=True):
        assert set(found.axes) == {chart.along_title, chart.value_title}


def test_a_series_refers_to_the_cells_of_the_twin(document: Document, charts: list[Read], book: CalamineWorkbook) -> None:
    for found, (graph, chart) in zip(charts, declared(document), strict=True):
        titles = [column.title for column in graph.twin.columns]
        assert len(found.series) == len(chart.series)
        for (name, along, values), title in zip(found.series, chart.series, strict=True):
            column = [row[titles.index(title)] for row in graph.twin.rows]
            numbers = [None if (digits := digits_of(cell)) is None else float(digits) for cell in column]
            drawn = [cell if isinstance(cell, int | float) else None for cell in cells(book, values)]
            assert cells(book, name) == [title]
            assert drawn == numbers, f"{chart.title}: {title}"
            assert len(cells(book, along)) == len(column) * (2 if chart.also_along else 1)


def test_a_hole_is_an_empty_cell_for_a_line_and_never_nought(charts: list[Read], book: CalamineWorkbook) -> None:
    aside = [values for chart in charts for _, _, values in chart.series if DATA_SHEET in values]
    assert aside
    for values in aside:
        assert "" in cells(book, values)
        assert not [cell for cell in cells(book, values) if isinstance(cell, str) and cell]
    # Without a word on them Excel leaves a gap where a cell is empty.
    assert not any("dispBlanksAs" in chart.text for chart in charts)


def test_columns_and_bars_begin_at_nought(document: Document, charts: list[Read], book: CalamineWorkbook) -> None:
    for found, (_, chart) in zip(charts, declared(document), strict=True):
        drawn = [cell for _, _, values in found.series for cell in cells(book, values) if isinstance(cell, int | float)]
        assert (f'<c:min val="{chart.least}"/>' in found.text) == (min(drawn) >= 0), chart.title
        assert chart.kind == "line" or chart.least == 0


def test_changes_go_to_both_sides_of_nought_and_no_title_is_a_reference(document: Document) -> None:
    """A fall is a bar to the left; "Wow!A1" is a title like another, though XlsxWriter would read it as a cell."""
    rows = (("North", Shown("+1.25", "points", True)), ("South", Shown("\N{MINUS SIGN}0.50", "points", True)))
    twin = Table("Parts", (Column("Region"), Column("Part, points", "figure")), rows, "None.")
    chart = Chart("bar", "Wow!A1", "Region", ("Part, points",), "Region", "Points", "0.00")
    graph = Graph("parts", "Parts", "Bars of parts: north 1.25, south less 0.50.", {}, twin, (chart,))
    section, _ = document.sections[0]
    xlsx = workbook_of(replace(document, sections=((section, (graph,)),)))
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        found = read(archive.read("xl/charts/chart1.xml"))
    assert found.title.replace("\N{ZERO WIDTH SPACE}", "") == "Wow!A1"
    assert "<c:min " not in found.text
    ((_, _, values),) = found.series
    assert cells(CalamineWorkbook.from_filelike(io.BytesIO(xlsx)), values) == [1.25, -0.5]


def test_every_chart_has_the_words_of_its_graph(document: Document, parts: dict[str, bytes]) -> None:
    drawings = [etree.fromstring(text) for name, text in parts.items() if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name)]
    told = [frame.get("descr") for root in drawings for frame in root.findall(".//x:graphicFrame//x:cNvPr", NAMES)]
    assert sorted(told) == sorted(graph.alt for graph, _ in declared(document))


def table_rows(parts: dict[str, bytes], drawing: str) -> list[int]:
    """The first rows, from nought, of the native tables of the sheet that shows a drawing."""
    shows = f"../drawings/{drawing.rpartition('/')[2]}"
    sheet = next(name for name, text in parts.items() if name.startswith("xl/worksheets/_rels/") and f'"{shows}"'.encode() in text)
    named = re.findall(r'Target="\.\./tables/([^"]+)"', parts[sheet].decode())
    found = [re.search(r' ref="[A-Z]+(\d+):', parts[f"xl/tables/{table}"].decode()) for table in named]
    return [int(one[1]) - 1 for one in found if one is not None]


def test_no_chart_stands_on_another_or_beside_the_next_table(parts: dict[str, bytes]) -> None:
    for name, text in parts.items():
        if re.fullmatch(r"xl/drawings/drawing\d+\.xml", name):
            tables = table_rows(parts, name)
            anchors = etree.fromstring(text).findall("x:twoCellAnchor", NAMES)
            rows = sorted((int(one.findtext("x:from/x:row", "", NAMES)), int(one.findtext("x:to/x:row", "", NAMES))) for one in anchors)
            assert all(last < first for (_, last), (first, _) in pairwise(rows))
            assert all(int(one.findtext("x:from/x:col", "", NAMES)) > 1 for one in anchors)
            # A table is wider than another: one that begins beside a chart would lie under it.
            for first, last in rows:
                assert not [start for start in tables if first < start <= last]


def test_a_heat_map_is_a_colour_scale_on_its_grid(parts: dict[str, bytes]) -> None:
    scales = [text for name, text in parts.items() if name.startswith("xl/worksheets/sheet") and b"<colorScale>" in text]
    assert len(scales) == 1
    # One grid of volume and one of rates, 31 days by 24 hours each.
    areas = re.findall(r'<conditionalFormatting sqref="([A-Z]+)(\d+):([A-Z]+)(\d+)"', scales[0].decode())
    assert [(left, right, int(last) - int(first)) for left, first, right, last in areas] == [("B", "Y", 30)] * 2
