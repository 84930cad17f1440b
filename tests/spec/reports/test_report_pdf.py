"""The PDF: its numbers, its tags, its bytes, and names it has no glyphs for."""

import io
import json
import re
from typing import Any

import pytest
from pypdf import PdfReader
from told import SUMMARY, measure_figures, squeezed

from frozen_run import FOREIGN, HOSTILE, LONG
from tocsin.reports.blocks import Graph
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.typefaces import drawable, drawable_points
from tocsin.reports.typesetting import set_pages
from tocsin.reports.typst_pdf import breakable, pdf_of, words_of


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@pytest.fixture(scope="module")
def text(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def tags(element: Any) -> list[Any]:
    """Every element of the structure tree, from the top down."""
    element = element.get_object()
    if not hasattr(element, "get"):
        return []
    kids = element.get("/K", [])
    kids = kids if isinstance(kids, list) else [kids]
    return [element, *(tag for kid in kids for tag in tags(kid) if not isinstance(kid, int))]


def test_every_number_of_the_measures_is_on_the_page(text: str, run: FrozenRun) -> None:
    page = squeezed(text)
    for name, cells in SUMMARY.items():
        assert squeezed(name) in page
        for cell in cells:
            assert squeezed(cell) in page, (name, cell)
    for figure in measure_figures(run):
        told = {"no_events": "no events", "incomplete": "incomplete"}.get(figure.status, figure.shown)
        assert squeezed(told).lower() in page.lower(), figure.name
        for whole in (figure.counted, figure.met):
            assert whole is None or f"{whole:,}" in page, figure.name


def test_the_summary_row_reads_in_order(text: str) -> None:
    assert squeezed("99 96 98.9996 11,146,000 Below target") in squeezed(text)


def test_it_is_tagged_named_and_has_bookmarks(reader: PdfReader, document: Document) -> None:
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Performance Measurement Report, August 2021"
    titles = [str(entry["/Title"]) for entry in reader.outline if not isinstance(entry, list)]
    assert titles == [section.title for section, _ in document.sections]
    inner = [
        str(entry["/Title"]) for entries in reader.outline if isinstance(entries, list) for entry in entries if isinstance(entry, dict)
    ]
    assert "Pre-Payment (PPM)" in inner


def test_tables_have_header_cells_and_graphs_have_words(reader: PdfReader, document: Document) -> None:
    found = tags(reader.trailer["/Root"]["/StructTreeRoot"])
    kinds = [str(tag.get("/S")) for tag in found]
    assert {"/Table", "/TH", "/TD", "/H1", "/H2", "/Figure", "/Caption"} <= set(kinds)
    graphs = [block for _, blocks in document.sections for block in blocks if isinstance(block, Graph)]
    alts = {squeezed(str(tag["/Alt"])) for tag in found if "/Alt" in tag}
    assert len(graphs) > 6
    assert {squeezed(graph.alt) for graph in graphs} <= alts


def test_the_same_run_gives_the_same_bytes(document: Document, pdf: bytes, reader: PdfReader) -> None:
    assert pdf_of(document) == pdf
    # The run's own instant, not the machine's: a report made again next year is the same file.
    assert reader.metadata is not None
    assert str(reader.metadata.creation_date_raw).startswith("D:20210924161500")
    assert str(reader.metadata.modification_date_raw).startswith("D:20210924161500")


def test_the_last_rows_of_a_parted_table_are_not_alone_on_their_page(document: Document) -> None:
    """Of tables of every length about that of a page: three rows at least stand where the last one stands."""
    words = json.loads(words_of(document))
    table = next(
        block
        for section in words["sections"]
        for block in section["blocks"]
        if block["is"] == "table" and block["stretches"] == 1 and block["rows"]
    )
    last_pages = set()
    for count in range(30, 40):
        rows = [[f"Row{n}", *("" for _ in table["columns"][1:])] for n in range(count)]
        words["sections"] = [
            {"title": "Rows", "name": "rows", "starts-page": False, "blocks": [{**table, "is-parted": True, "rows": rows}]}
        ]
        pages = [page.extract_text() for page in PdfReader(io.BytesIO(set_pages(json.dumps(words), []))).pages]
        last_pages.add(next(found for page in reversed(pages) if (found := len(re.findall(r"Row\d", page)))))
    assert min(last_pages) >= 3
    assert len(last_pages) > 1


def test_text_from_others_is_text_and_never_markup(text: str) -> None:
    page = squeezed(text)
    assert squeezed(HOSTILE) in page
    assert LONG in page


def test_a_name_without_glyphs_is_written_by_code_point(text: str) -> None:
    assert squeezed(drawable(FOREIGN)) in squeezed(text)
    assert drawable("漢\x01\U0001f600") == "[U+6F22][U+0001][U+1F600]"
    assert drawable("Ynni Môn ŵ\nŷ × ≤ £") == "Ynni Môn ŵ ŷ × ≤ £"
    assert {ord("A"), ord("9"), ord("ŵ"), 0xA0} <= drawable_points()
    assert 0x6F22 not in drawable_points()


def test_long_words_get_places_to_break_and_lose_nothing() -> None:
    broken = breakable(LONG)
    assert broken.replace("\u200b", "") == LONG
    assert max(map(len, broken.split("\u200b"))) <= 18
    assert breakable("Service Request Variant") == "Service Request Variant"


def test_a_number_stays_on_the_line_of_its_unit() -> None:
    assert breakable("delivered within 25 s, or 2 min") == "delivered within 25\u00a0s, or 2\u00a0min"
    assert breakable("10 Service Providers of 13 had it") == "10 Service Providers of 13 had it"


def test_nothing_is_set_outside_the_type_area(reader: PdfReader) -> None:
    """No word begins left of, right of, above or below the paper's margins: what is cut off would begin or end there."""
    for number, page in enumerate(reader.pages, start=1):
        places: list[tuple[float, float]] = []

        def visit(words: str, ctm: list[float], tm: list[float], *_: object, at: list[Any] = places) -> None:
            if words.strip():
                at.append((tm[4] * ctm[0] + ctm[4], tm[5] * ctm[3] + ctm[5]))

        page.extract_text(visitor_text=visit)
        left, right, top = 18 / 25.4 * 72 - 1, (210 - 18) / 25.4 * 72 + 1, 297 / 25.4 * 72
        assert all(left <= x <= right and 20 <= y <= top for x, y in places), number
