"""PDF/UA-1 as far as a reader of the file can tell: the checks of the Matterhorn Protocol that need no eyes (PDF Association, 1.1).

Typst itself refuses to write a file that breaks the standard; these look at what it wrote.
"""

import io
import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from lxml import etree
from pypdf import PdfReader

from tocsin.reports.document import Document

HEADINGS = [f"/H{level}" for level in range(1, 7)]


@pytest.fixture(scope="module")
def reader(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


@pytest.fixture(scope="module")
def root(reader: PdfReader) -> Any:
    return reader.trailer["/Root"]


def kids(element: Any) -> Iterator[Any]:
    found = element.get("/K", [])
    for one in found if isinstance(found, list) else [found]:
        kid = one.get_object() if hasattr(one, "get_object") else one
        if hasattr(kid, "get") and "/S" in kid:
            yield kid


def walked(element: Any) -> Iterator[Any]:
    """Every element of the structure tree, in reading order."""
    for kid in kids(element):
        yield kid
        yield from walked(kid)


@pytest.fixture(scope="module")
def elements(root: Any) -> list[Any]:
    return list(walked(root["/StructTreeRoot"]))


def attributes(element: Any) -> dict[str, Any]:
    found = element.get("/A", [])
    parts = [part.get_object() for part in (found if isinstance(found, list) else [found])]
    return {str(key): value for part in parts for key, value in part.items()}


def test_it_says_that_it_is_pdf_ua(root: Any) -> None:
    """Checkpoints 06, 07: the metadata name the standard and the title, and a reader shows the title."""
    xmp = etree.fromstring(root["/Metadata"].get_object().get_data())
    told = {etree.QName(element).localname: (element.text or "").strip() for element in xmp.iter() if isinstance(element.tag, str)}
    named = {etree.QName(key).localname: value for element in xmp.iter() for key, value in element.attrib.items()}
    assert {**named, **told}["part"] == "1"
    assert "Performance Measurement Report, August 2021" in " ".join(xmp.itertext())
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]


def test_it_has_a_language_and_is_tagged_without_suspicion(root: Any) -> None:
    """Checkpoints 01, 11: everything is tagged, in a language that is named."""
    assert root["/Lang"] == "en-GB"
    assert bool(root["/MarkInfo"]["/Marked"])
    assert str(root["/MarkInfo"].get("/Suspects", False)) == "False"


def test_every_page_is_read_in_the_order_of_its_structure(reader: PdfReader) -> None:
    """Checkpoint 28: the tab order follows the structure; a page with links must say so."""
    for page in reader.pages:
        assert "/StructParents" in page
        if "/Annots" in page:
            assert page["/Tabs"] == "/S"


def test_every_tag_is_one_of_the_standard(root: Any, elements: list[Any]) -> None:
    """Checkpoint 02: a tag that a reader may not know is mapped to one it does."""
    mapped = root["/StructTreeRoot"].get("/RoleMap", {})
    known = {
        "/Document", "/Part", "/Sect", "/Div", "/P", "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead", "/TBody",
        "/TFoot", "/Span", "/Link", "/Reference", "/Figure", "/Caption", "/TOC", "/TOCI", "/Code", "/NonStruct", "/Art", "/Note", *HEADINGS,
    }  # fmt: skip
    assert {str(element["/S"]) for element in elements} - set(mapped) <= known
    assert {str(value) for value in mapped.values()} <= known


def test_headings_go_down_one_step_at_a_time(elements: list[Any]) -> None:
    """Checkpoint 14: the first heading is of level 1 and none is skipped."""
    levels = [HEADINGS.index(str(element["/S"])) + 1 for element in elements if str(element["/S"]) in HEADINGS]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_every_header_cell_says_what_it_heads(elements: list[Any]) -> None:
    """Checkpoint 15: header cells have a scope, every row of a table the same number of cells."""
    heads = [element for element in elements if str(element["/S"]) == "/TH"]
    assert heads
    assert {str(attributes(head).get("/Scope")) for head in heads} <= {"/Column", "/Row", "/Both"}
    for table in (element for element in elements if str(element["/S"]) == "/Table"):
        rows = [row for row in walked(table) if str(row["/S"]) == "/TR"]
        assert len({len([cell for cell in kids(row) if str(cell["/S"]) in {"/TH", "/TD"}]) for row in rows}) == 1


def test_every_picture_has_words(elements: list[Any], document: Document) -> None:
    """Checkpoint 13."""
    pictures = [element for element in elements if str(element["/S"]) == "/Figure"]
    assert pictures
    assert all(str(picture.get("/Alt", picture.get("/ActualText", ""))).strip() for picture in pictures)


def test_every_link_is_tagged_and_says_where_it_leads(reader: PdfReader, elements: list[Any]) -> None:
    """Checkpoint 28: a link is an annotation with words, inside a Link tag."""
    links = [
        annotation.get_object()
        for page in reader.pages
        for annotation in page.get("/Annots", ())
        if annotation.get_object()["/Subtype"] == "/Link"
    ]
    assert links
    assert all(str(link.get("/Contents", "")).strip() and "/StructParent" in link for link in links)
    assert len([element for element in elements if str(element["/S"]) == "/Link"]) >= len({str(link["/Contents"]) for link in links})


def test_every_typeface_is_in_the_file_and_can_be_copied_as_text(reader: PdfReader) -> None:
    """Checkpoints 10, 31: fonts are embedded, and each of their characters has a Unicode value."""
    seen = 0
    for page in reader.pages:
        for named in page["/Resources"].get("/Font", {}).values():
            font, seen = named.get_object(), seen + 1
            assert "/ToUnicode" in font
            for part in font.get("/DescendantFonts", [font]):
                descriptor = part.get_object()["/FontDescriptor"]
                assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
    assert seen


def test_it_can_be_opened_by_anybody(reader: PdfReader, root: Any) -> None:
    """Checkpoint 26: not locked against a screen reader; 25: nothing that moves or runs."""
    assert not reader.is_encrypted
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root)
    assert "/JavaScript" not in root.get("/Names", {})
