"""A link leads to the section, heading, table or graph it names, in HTML and PDF; without it, its words stand alone."""

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from lxml import html as parser
from pypdf import PdfReader

from tocsin.reports.anchors import anchors_of
from tocsin.reports.blocks import Block, Column, Graph, Heading, Link, Note, Prose, Table
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of
from tocsin.reports.section import Section
from tocsin.reports.typst_pdf import pdf_of

LEADS = (
    Link("to the section", "second"),
    Link("to the heading", "second", "Übersicht [1]"),
    Link("to the table", "second", "Second things"),
    Link("to the same words again", "second", "Twice"),
    Link("to words that are not there", "second", "Nowhere"),
    Link("to no section", "third"),
)
THINGS = Table("Second things", (Column("Thing"), Column("Count", "whole")), (("one", 1),), "none")


@pytest.fixture(scope="module")
def linked(run: FrozenRun) -> Document:
    first: tuple[Block, ...] = (Prose("words"), Table("Links", (Column("Leads"),), tuple((link,) for link in LEADS), "none"))
    second: tuple[Block, ...] = (
        Heading("Übersicht [1]"), THINGS, replace(THINGS, caption="Twice"), Note("between"), replace(THINGS, caption="Twice"),
    )  # fmt: skip
    sections = tuple(
        (Section(name=name, title=f"The {name}", order=n, build=lambda _: []), blocks)
        for n, (name, blocks) in enumerate((("first", first), ("second", second)))
    )
    return Document(run, sections)


def leads(link: Link, linked: Document) -> str:
    return linked.anchors.to(link)


def test_places_are_made_of_the_words_that_stand_there(linked: Document) -> None:
    told = [leads(link, linked) for link in LEADS]
    assert told == ["second", "second--bersicht-1", "second--second-things", "second--twice", "second", ""]
    assert linked.anchors.at("second", 4) == "second--twice-2"
    assert linked.anchors.at("second", 3) == ""


def test_a_graph_and_the_table_of_its_numbers_are_two_places(linked: Document) -> None:
    graph = Graph("g", "Drawn", "A line.", {}, THINGS)
    anchors = anchors_of([(linked.sections[0][0], (graph,))])
    assert anchors.to(Link("x", "first", "Drawn")) == "first--drawn"
    assert anchors.to(Link("x", "first", "Second things")) == anchors.of_twin("first", 0) == "first--drawn--twin"


def test_html_leads_there(linked: Document) -> None:
    page = parser.fromstring(html_of(linked))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    (table,) = [found for found in page.iter("table") if found.findtext("caption") == "Links"]
    cells = [row[0] for row in table.find("tbody")]
    for link, cell in zip(LEADS, cells, strict=True):
        anchor = cell.find("a")
        assert cell.text_content().strip() == link.text
        if to := leads(link, linked):
            assert anchor.get("href") == f"#{to}"
            assert to in ids
        else:
            assert anchor is None


def annotations(reader: PdfReader) -> Iterator[tuple[str, Any]]:
    """The words of every link and the place it leads to: a name of a heading, or a page and a point on it."""
    for page in reader.pages:
        for found in page.get("/Annots", ()):
            annotation = found.get_object()
            if annotation["/Subtype"] == "/Link":
                assert str(annotation["/Contents"]).strip(), "a link of a PDF/UA says where it leads"
                yield str(annotation["/Contents"]), annotation["/Dest"]


def test_the_pdf_leads_there(linked: Document) -> None:
    reader = PdfReader(io.BytesIO(pdf_of(linked)))
    found = [to for _, to in annotations(reader)]
    named = [str(to) for to in found if not isinstance(to, list)]
    # A table is no bookmark: its place is a page and a point, below the heading's.
    points = [(reader.pages.index(to[0].get_object()), float(to[3])) for to in found if isinstance(to, list)]
    assert {"second", "second--bersicht-1"} <= set(named) <= set(reader.named_destinations)
    in_contents = 3
    assert len(named) + len(points) == len([link for link in LEADS if leads(link, linked)]) + in_contents
    heading = reader.named_destinations["second--bersicht-1"]
    things, twice = points
    assert things[0] == twice[0] == reader.get_destination_page_number(heading)
    assert float(str(heading.top)) > things[1] > twice[1]
    assert "to no section" in "".join(page.extract_text() for page in reader.pages)
