"""Tables of a Business Process: pairs as matrices on the page and one cell a row in the workbook; what is kept back is explained."""

import io
from dataclasses import replace

import pytest
from python_calamine import CalamineWorkbook

from frozen_run import figure, made_up_run
from tocsin.reports.blocks import Block, Note, Shown, Table, stands_in
from tocsin.reports.document import Document, document_of
from tocsin.reports.figure_book import FigureBook
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of
from tocsin.reports.sections.business_processes import BUSINESS_PROCESSES
from tocsin.reports.typst_pdf import pdf_of
from tocsin.reports.workbook import workbook_of

RUN = made_up_run()
PER_SRV = "Pre-Payment: per Service Request Variant by "


@pytest.fixture(scope="module")
def document() -> Document:
    return document_of(RUN, [BUSINESS_PROCESSES])


def blocks_of(run: FrozenRun) -> list[Block]:
    """The blocks of Pre-Payment alone."""
    own = replace(run, figures=tuple(figure for figure in run.figures if figure.subject == "prepayment"), days=())
    return list(BUSINESS_PROCESSES.build(own))


def tables_of(run: FrozenRun) -> dict[str, Table]:
    return {block.caption: block for block in blocks_of(run) if isinstance(block, Table)}


def told(cell: object) -> object:
    return cell.text if isinstance(cell, Shown) else cell


def test_a_pair_is_a_matrix_on_the_page() -> None:
    table = tables_of(RUN)[PER_SRV + "Device type (success in %, p95 in s)"]
    assert table.only_in == "page"
    titles = ["SRV", "ESME volume", "ESME success", "ESME p95", "GPF volume", "GPF success", "GPF p95"]
    titles += ["No device volume", "No device success", "No device p95"]
    assert [column.title for column in table.columns] == titles
    assert [column.title for column in table.columns if column.starts_group] == ["ESME volume", "GPF volume", "No device volume"]
    assert [[told(cell) for cell in row] for row in table.rows] == [
        ["2.2", 33, "94.44", "4.3", 40, "95.45", "5.3", 47, "96.46", "6.3"],
        ["4.18", 103, "95.44", "14.3", 110, "96.45", "15.3", 117, "97.46", "16.3"],
    ]


def test_where_there_was_no_request_there_is_no_figure_and_no_more_to_say() -> None:
    gone = (("srv", "2.2"), ("device_type", "GPF"))
    run = replace(RUN, figures=tuple(figure for figure in RUN.figures if figure.breakdown != gone))
    table = tables_of(run)[PER_SRV + "Device type (success in %, p95 in s)"]
    assert [told(cell) for cell in table.rows[0][4:7]] == ["none", "\N{EN DASH}", "\N{EN DASH}"]


def test_parties_stand_below_one_another_under_the_variants_with_most_requests() -> None:
    """The workbook has every Service Request Variant; the page the ten with the greatest volume, five across."""
    more = tuple(
        figure("prepayment", "volume", (("srv", f"9.{n}"), ("party_code", "P004211")), shown=str(n), counted=n, unit="count")
        for n in range(500, 510)
    )
    found = tables_of(replace(RUN, figures=RUN.figures + more))
    page = [table for caption, table in found.items() if caption.startswith(PER_SRV + "Party code (")]
    assert [[column.title for column in table.columns if column.starts_group] for table in page] == [
        [f"9.{n} volume" for n in range(500, 505)],
        [f"9.{n} volume" for n in range(505, 510)],
    ]
    assert {row[0] for row in page[0].rows} == {"P004211"}
    notes = [block.text for block in blocks_of(replace(RUN, figures=RUN.figures + more)) if isinstance(block, Note)]
    told = "By Party code the page has the 10 of 12 Service Request Variants with the most requests, the workbook all of them."
    assert told in notes
    listed = found[PER_SRV + "Party code, one row a cell"]
    assert {str(row[0]).split()[0] for row in listed.rows} >= {"2.2", "4.18", "9.500", "11.1"}


@pytest.mark.parametrize("volume", [7, 1_000_000])
def test_values_that_are_too_many_for_the_page_stand_in_even_parts(volume: int) -> None:
    types = ("ESME", "GPF", "GSME", "CHF", "PPMID", "HCALCS")
    own = tuple(
        figure("prepayment", "volume", (("srv", "2.2"), ("device_type", kind)), shown=str(volume), counted=volume, unit="count")
        for kind in types
    )
    found = tables_of(replace(RUN, figures=(RUN.figures[0], *own)))
    page = [table for caption, table in found.items() if caption.startswith(PER_SRV + "Device type (")]
    assert [sum(column.starts_group for column in table.columns) for table in page] == [3, 3]
    assert "Pre-Payment: per Service Request Variant by Device type (CHF, ESME, GPF; success in %, p95 in s)" in found


def test_five_short_codes_stand_side_by_side_unless_their_volumes_are_millions() -> None:
    for volume, groups in ((999_999, [5]), (1_000_000, [3, 2])):
        own = tuple(
            figure("prepayment", "volume", (("srv", srv), ("party_code", "P000001")), shown=str(volume), counted=volume, unit="count")
            for srv in ("2.2", "2.3", "4.18", "7.1", "UNKNOWN")
        )
        page = [table for table in tables_of(replace(RUN, figures=own)).values() if table.only_in == "page"]
        assert [sum(column.starts_group for column in table.columns) for table in page] == groups
        assert page[-1].columns[-1].title == "UNKNOWN volume"


def test_the_workbook_has_one_row_a_cell_with_its_marks() -> None:
    table = tables_of(RUN)[PER_SRV + "CSP Region, one row a cell"]
    assert table.only_in == "workbook"
    first = [told(cell) for cell in table.rows[0]]
    assert first[0] == "2.2 Top Up Device"
    assert first[1:] == ["Central", 12, "91.41", "1.3", "1.3", "small numbers"]
    assert len(table.rows) == len([f for f in RUN.figures if f.subject == "prepayment" and f.indicator == "volume" and _is_by_region(f)])


def _is_by_region(figure: object) -> bool:
    return [column for column, _ in getattr(figure, "breakdown", ())] == ["srv", "region"]


def test_what_is_not_shown_by_party_is_explained_and_never_a_column() -> None:
    notes = [block.text for block in blocks_of(RUN) if isinstance(block, Note)]
    (told_why,) = [text for text in notes if text.startswith("Not shown by Party code")]
    assert told_why.startswith("Not shown by Party code for 1 of the 3 Service Request Variants (11.1): too few parties, or one too large")
    page = [table for table in tables_of(RUN).values() if table.only_in == "page"]
    assert not [column.title for table in page for column in table.columns if "11.1" in column.title or "Not shown" in column.title]
    (row,) = [row for row in tables_of(RUN)[PER_SRV + "Party code, one row a cell"].rows if row[1] == "Not shown"]
    assert [told(cell) for cell in row] == [
        "11.1 Update Firmware" if str(row[0]).startswith("11.1 ") else "11.1", "Not shown", "suppressed", "suppressed", "no figure",
        "suppressed", "suppressed",
    ]  # fmt: skip


def test_a_process_of_too_few_parties_says_so_in_place_of_their_table() -> None:
    hidden = replace(
        figure("prepayment", "volume", (("party_code", "not_shown"),), shown="0", unit="count", marks=("suppressed",)),
        value=None,
        shown="suppressed",
    )
    others = tuple(figure for figure in RUN.figures if "party_code" not in dict(figure.breakdown))
    run = replace(RUN, figures=(*others, hidden))
    assert FigureBook(run.figures).not_shown("prepayment") == {""}
    assert FigureBook(RUN.figures).not_shown("prepayment") == {"11.1"}
    notes = [block.text for block in blocks_of(run) if isinstance(block, Note)]
    assert any(text.startswith("Not shown by Party code: too few parties, or one too large") for text in notes)
    assert not [caption for caption in tables_of(run) if "Party code" in caption]


def test_each_format_has_its_own_of_the_two(document: Document) -> None:
    """PDF and HTML the matrices, the workbook the cells, and nothing twice."""
    page = html_of(document)
    assert PER_SRV + "CSP Region (" in page
    assert "one row a cell" not in page
    assert pdf_of(document).startswith(b"%PDF")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(workbook_of(document))).get_sheet_by_name("Pre-Payment (PPM)").to_python()
    captions = [str(row[0]) for row in rows]
    assert PER_SRV + "CSP Region, one row a cell" in captions
    assert not [caption for caption in captions if caption.startswith(PER_SRV + "CSP Region (")]
    for _, blocks in document.sections:
        for block in blocks:
            assert stands_in(block, "page") or stands_in(block, "workbook")
