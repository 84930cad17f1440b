"""A workbook as a person opens it: the first sheet leads to the others and they lead back, words wrap, numbers fit, headings stay."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from lxml import etree
from xlsxwriter.utility import xl_cell_to_rowcol

from report_reading import NUMBER, tables_of
from tocsin.journeys.no_wan_matches import NO_WAN_MATCHES
from tocsin.reports.blocks import Column, Heading, Link, Prose, Shown, Table
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.section import Section
from tocsin.reports.wording import instant_words
from tocsin.reports.work_list import WorkColumn, WorkList
from tocsin.reports.work_list_file import list_workbook
from tocsin.reports.work_list_rows import Made
from tocsin.reports.workbook import workbook_of
from tocsin.reports.workbook_charts import DATA_SHEET

# XlsxWriter warns, and leaves out what Excel would have to mend.
pytestmark = pytest.mark.filterwarnings("error")

Found = dict[tuple[int, int], str | float]


@dataclass(frozen=True)
class Sheet:
    """A sheet as the file has it: its XML, its cells by row and column, and the number format of each cell that is a number."""

    name: str
    root: Any
    cells: Found
    formats: dict[tuple[int, int], str]

    def links(self) -> Iterator[tuple[tuple[int, int], str, int]]:
        """Cell, sheet and row of every link."""
        for link in self.root.iter("{*}hyperlink"):
            sheet, _, cell = link.get("location").rpartition("!")
            quoted = re.fullmatch(r"'((?:[^']|'')*)'", sheet)
            yield xl_cell_to_rowcol(link.get("ref")), quoted[1].replace("''", "'") if quoted else sheet, xl_cell_to_rowcol(cell)[0]

    def width(self, column: int) -> float:
        found = (one for one in self.root.iter("{*}col") if int(one.get("min")) <= column + 1 <= int(one.get("max")))
        return next((float(one.get("width")) for one in found), 9.14)


def sheets_of(xlsx: bytes) -> dict[str, Sheet]:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        words = ["".join(one.itertext("{*}t")) for one in etree.fromstring(archive.read("xl/sharedStrings.xml")).iter("{*}si")]
        styles = etree.fromstring(archive.read("xl/styles.xml"))
        codes = {one.get("numFmtId"): one.get("formatCode") for one in styles.iter("{*}numFmt")}
        codes["1"] = "0"  # One of those that every workbook knows by number.
        looks = [codes.get(one.get("numFmtId"), "General") for one in styles.find("{*}cellXfs")]
        names = [one.get("name") for one in etree.fromstring(archive.read("xl/workbook.xml")).iter("{*}sheet")]
        found = {}
        for n, name in enumerate(names, start=1):
            root = etree.fromstring(archive.read(f"xl/worksheets/sheet{n}.xml"))
            cells: Found = {}
            formats = {}
            for cell in root.iter("{*}c"):
                if (value := cell.findtext("{*}v")) is not None:
                    at = xl_cell_to_rowcol(cell.get("r"))
                    cells[at] = words[int(value)] if cell.get("t") == "s" else float(value)
                    if cell.get("t") != "s":
                        formats[at] = looks[int(cell.get("s", "0"))]
            found[name] = Sheet(name, root, cells, formats)
        return found


@pytest.fixture(scope="module")
def sheets(xlsx: bytes) -> dict[str, Sheet]:
    return sheets_of(xlsx)


@pytest.fixture(scope="module")
def tables(xlsx: bytes) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(xlsx)) as archive:
        return [etree.fromstring(archive.read(name)) for name in archive.namelist() if name.startswith("xl/tables/")]


def test_the_first_sheet_says_what_this_is(sheets: dict[str, Sheet], run: FrozenRun, document: Document) -> None:
    name, front = next(iter(sheets.items()))
    told = {label: front.cells[row, 1] for (row, column), label in front.cells.items() if column == 0 and (row, 1) in front.cells}
    assert name == "Contents"
    assert (front.cells[0, 0], front.cells[1, 0]) == (document.heading, document.month)
    assert told["State"] == "Provisional"
    assert (told["As at"], told["Run"], told["Software version"]) == (instant_words(run.as_at), run.run_id, f"tocsin {run.code_version}")
    missing = next(row for (row, _), label in front.cells.items() if label == "What is missing")
    assert tuple(front.cells[missing + n, 1] for n in range(len(run.provisional_because))) == run.provisional_because
    levels = next(row for (row, _), label in front.cells.items() if label == "Service Levels")
    assert [front.cells[levels + n, 1] for n, _ in enumerate(document.levels())] == list(document.levels())


def test_a_complete_run_misses_nothing(document: Document) -> None:
    run = replace(document.run, is_complete=True, provisional_because=())
    bare = sheets_of(workbook_of(replace(document, run=run, sections=())))
    said = set(bare["Contents"].cells.values())
    assert "The report was made without tables." in bare["Tables"].cells.values()
    assert "Nothing that was due." in said
    nobody = replace(document, run=replace(run, slots=()), sections=())
    said = set(sheets_of(workbook_of(nobody))["Contents"].cells.values())
    assert "Nothing is known to be missing, but no delivery was expected of any sender." in said


def test_every_sheet_is_led_to_and_leads_back(sheets: dict[str, Sheet], document: Document) -> None:
    front = sheets["Contents"]
    assert [(front.cells[at], sheet, row) for at, sheet, row in front.links()] == [(name, name, 0) for name in list(sheets)[1:]]
    for name, sheet in list(sheets.items())[1:]:
        back = [at for at, to, _ in sheet.links() if to == "Contents"]
        assert back == ([(0, 0)] if name == "Figures" else [(1, 0)]), name
    assert sheets["CPM summary"].cells[1, 0] == f"Contents: {document.title}, provisional"


def test_a_link_leads_to_the_words_it_names(sheets: dict[str, Sheet]) -> None:
    to_tables = [(sheets["Tables"].cells[at], sheet, row) for at, sheet, row in sheets["Tables"].links() if sheet != "Contents"]
    assert len(to_tables) > 30
    assert [words for words, sheet, row in to_tables if sheets[sheet].cells[row, 0] != words] == []
    for sheet in sheets.values():
        assert {to for _, to, _ in sheet.links()} <= set(sheets)


def test_the_names_that_are_told_are_those_of_the_tables(sheets: dict[str, Sheet], tables: list[Any]) -> None:
    said = [words for (row, column), words in sheets["Tables"].cells.items() if column == 2 and row > 3]
    names = [table.get("name") for table in tables]
    assert {*said, "Contents", "Tables", "Figures"} == set(names)
    assert len({name.lower() for name in names}) == len(names)
    assert "Pre_Payment_by_day" in names
    assert not [name for name in names if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) or re.fullmatch(r"[A-Za-z]{1,3}[0-9]*", name)]


def test_the_workbook_is_made_without_a_warning(document: Document, xlsx: bytes) -> None:
    assert workbook_of(document) == xlsx


def test_a_link_of_a_section_is_a_link_of_the_workbook(document: Document) -> None:
    """Names with everything a formula must quote; a link to what is not there is words."""
    title = "It's #1 & 'more': a title of far more than thirty-one characters"
    rows = ((Link("There", "other", "Below"), 1), (Link("Sheet", "other"), 2), (Link("Nowhere", "none"), 3))
    here = Table("Links", (Column("To"), Column("Number", "whole")), rows, "None.")
    one = Section("one", "One", 1, lambda run: [])
    other = Section("other", title, 2, lambda run: [])
    sections = ((one, (here,)), (other, (Prose("Words."), Heading("Below"))))
    found = sheets_of(workbook_of(replace(document, sections=sections)))
    (name,) = (name for name in found if name.startswith("It's"))
    assert name == "It's #1 & 'more'  a title of" and len(name) <= 31
    links = [(found["One"].cells[at], sheet, row) for at, sheet, row in found["One"].links()]
    assert links == [("Contents: " + document.title + ", provisional", "Contents", 0), ("There", name, 6), ("Sheet", name, 0)]
    assert found[name].cells[6, 0] == "Below"
    assert "Nowhere" in found["One"].cells.values()


def test_a_section_in_parts_leads_to_them(sheets: dict[str, Sheet]) -> None:
    led = [sheet for _, sheet, _ in sheets["Business Processes"].links()]
    assert led[0] == "Contents" and {"Pre-Payment (PPM)", "Meter Reads (MRD)"} <= set(led)


def test_no_number_of_a_column_of_numbers_is_text(document: Document) -> None:
    """A share written as words could be neither added up nor drawn; only a number longer than a sheet keeps stays text."""
    for section, table in tables_of(document):
        for row in table.rows:
            for cell, column in zip(row, table.columns, strict=True):
                if column.kind in {"whole", "figure"} and isinstance(cell, str):
                    assert not NUMBER.fullmatch(cell), f"{section}, {table.caption}: {column.title} {cell}"


def test_a_number_has_the_places_that_the_report_prints(document: Document) -> None:
    cells = ("98.9996", "1,234.50", "+1.25", "\N{MINUS SIGN}0.5", "95")
    rows = tuple((f"row {n}", Shown(cell, "percent", True)) for n, cell in enumerate(cells))
    table = Table(
        "Numbers", (Column("Row"), Column("Number", "figure")), (*rows, ("whole", 12345), ("hole", Shown("no data", "s", False))), "-"
    )
    found = sheets_of(workbook_of(replace(document, sections=((Section("one", "One", 1, lambda run: []), (table,)),))))["One"]
    said = {found.cells[row, 0]: (found.cells[row, 1], code) for (row, column), code in found.formats.items() if column == 1}
    assert said == {
        "row 0": (98.9996, "0.0000"), "row 1": (1234.5, "#,##0.00"), "row 2": (1.25, "+0.00;\N{MINUS SIGN}0.00;0.00"),
        "row 3": (-0.5, "+0.0;\N{MINUS SIGN}0.0;0.0"), "row 4": (95.0, "0"), "whole": (12345.0, "#,##0"),
    }  # fmt: skip
    assert "no data" in found.cells.values()


def printed(number: float, code: str) -> str:
    places = len(code.partition(";")[0].partition(".")[2])
    return f"{number:{'+' if code.startswith('+') else ''}{',' if ',' in code else ''}.{places}f}"


def test_every_number_has_room(sheets: dict[str, Sheet]) -> None:
    """Excel prints #### for a number that its column is too narrow for."""
    for name, sheet in sheets.items():
        for (row, column), code in sheet.formats.items():
            if name != DATA_SHEET:
                told = printed(float(sheet.cells[row, column]), code)
                assert len(told) + 1 <= sheet.width(column), f"{name} {row} {column}: {told}"


def test_words_that_do_not_fit_a_line_are_wrapped_and_have_the_height(sheets: dict[str, Sheet], document: Document) -> None:
    long = [block.text for _, blocks in document.sections for block in blocks if isinstance(block, Prose) and len(block.text) > 250]
    assert long
    for sheet in sheets.values():
        heights = {int(row.get("r")) - 1: float(row.get("ht", "15")) for row in sheet.root.iter("{*}row")}
        merged = {one.get("ref") for one in sheet.root.iter("{*}mergeCell")}
        for (row, _), words in sheet.cells.items():
            if words in long:
                (area,) = (area for area in merged if xl_cell_to_rowcol(area.partition(":")[0]) == (row, 0))
                last = xl_cell_to_rowcol(area.partition(":")[2])[1]
                width = sum(sheet.width(column) for column in range(last + 1))
                assert heights[row] / 15 * width >= len(str(words)), words


def test_headings_stay_and_are_printed(sheets: dict[str, Sheet], document: Document) -> None:
    for name, sheet in sheets.items():
        pane = sheet.root.find(".//{*}pane")
        assert pane.get("state") == "frozen" and int(pane.get("ySplit")) >= 1, name
        assert sheet.root.find("{*}pageSetup").get("orientation") == "landscape"
        assert sheet.root.find("{*}pageSetup").get("fitToHeight") == "0"
        assert f"run {document.run.run_id}" in sheet.root.findtext("{*}headerFooter/{*}oddFooter")
    # Of a sheet with one table its headings stay, and the first column, which names the row.
    summary = sheets["Tables"].root.find(".//{*}pane")
    assert (sheets["Tables"].cells[int(summary.get("ySplit")) - 1, 0], summary.get("xSplit")) == ("Table", "1")


def test_flat_tables_have_filters_and_those_beside_charts_have_none(tables: list[Any], document: Document) -> None:
    filtered = {table.get("name") for table in tables if table.find("{*}autoFilter") is not None}
    assert {"Figures", "Tables"} <= filtered
    assert "Pre_Payment_by_day" not in filtered
    for table in tables:
        rows = [xl_cell_to_rowcol(cell)[0] for cell in table.get("ref").split(":")]
        assert rows[1] - rows[0] >= 8 or table.get("name") not in filtered - {"Figures"}
    assert len(filtered) > 3


def test_a_work_list_is_one_flat_table_that_prints() -> None:
    """Long words wrap and have the height; what looks like a formula is text; its headings stay and are on every page."""
    columns = (WorkColumn("Bucket", "bucket"), WorkColumn("What to do", "bucket"), WorkColumn("Days left of 90", "days_left", "whole"))
    of = WorkList("one", "One & all", "What is to be done.", NO_WAN_MATCHES.name, "bucket = 'U1'", columns, ("bucket",), 1)
    long = "Ask the Service Provider for the record of the installation, and tell the User when it is there."
    made = Made(of, (("U1", long, 12), ("=1+1", "Wait.", -3), ("U2", long * 300, 0)))
    found = sheets_of(list_workbook(made, "2021-08-RUN", 0))["Work list"]
    assert [found.cells[row, 0] for row in (0, 3, 4, 5)] == ["One & all", "Bucket", "U1", "'=1+1"]
    assert (found.cells[4, 2], found.cells[5, 2]) == (12.0, -3.0)
    heights = {int(row.get("r")): float(row.get("ht", "15")) for row in found.root.iter("{*}row")}
    # Of the last row Excel shows as much as its highest row holds.
    assert (heights[5], heights[6], heights[7]) == (30.0, 15.0, 405.0)
    assert found.root.find(".//{*}pane").get("ySplit") == "4"
    assert found.root.find("{*}pageSetup").get("orientation") == "landscape"
    assert "One && all, run 2021-08-RUN" in found.root.findtext("{*}headerFooter/{*}oddFooter")
