"""The HTML page: one file, no script, no request, readable without eyes and without colour."""

import itertools
import re

import pytest
from lxml import html as parser
from told import SUMMARY, measure_figures

from frozen_run import FOREIGN, HOSTILE
from tocsin.reports.blocks import Graph
from tocsin.reports.document import Document
from tocsin.reports.frozen import FrozenRun
from tocsin.reports.html_page import html_of


@pytest.fixture(scope="module")
def page(html: str) -> parser.HtmlElement:
    return parser.fromstring(html)


def table(page: parser.HtmlElement, caption: str) -> list[list[str]]:
    (found,) = [table for table in page.iter("table") if (table.findtext("caption") or "").strip() == caption]
    return [[cell.text_content().strip() for cell in row] for row in found.find("tbody")]


def test_the_summary_tells_every_number_in_its_place(page: parser.HtmlElement) -> None:
    rows = table(page, "Code Performance Measures")
    assert {row[0].partition(":")[0]: tuple(row[1:6]) for row in rows} == SUMMARY


def test_every_component_is_told(page: parser.HtmlElement, run: FrozenRun) -> None:
    told = page.text_content()
    for figure in measure_figures(run):
        assert figure.value is None or figure.shown in told
        for whole in (figure.counted, figure.met):
            assert whole is None or f"{whole:,}" in told
    rows = table(page, "CPM 1: On-Demand Service Responses within Target Response Time: by Service Provider and CSP Region")
    assert ["S1SP-SECURE", "SMETS1", "no events", "0", "0", "No events", "none"] in rows


def test_it_asks_nothing_of_anybody(page: parser.HtmlElement, html: str) -> None:
    tags = {element.tag for element in page.iter() if isinstance(element.tag, str)}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "foreignobject", "base"}
    for element in page.iter():
        for name, value in element.attrib.items():
            assert not name.startswith("on"), name
            if name in {"href", "src", "xlink:href"}:
                assert value.startswith("#")
    # A namespace is a name and not an address.
    assert re.findall(r"(?:https?:)?//[a-z0-9.]+", re.sub(r"xmlns(:xlink)?=\"[^\"]+\"", "", html)) == []
    assert "default-src 'none'" in html
    assert "@import" not in html
    assert "url(" not in re.sub(r"url\(#[\w-]+\)", "", html)


def test_text_from_others_is_escaped(page: parser.HtmlElement, html: str) -> None:
    assert "<script" not in html
    assert HOSTILE in page.text_content()
    assert FOREIGN in page.text_content()


def test_tables_are_readable_without_eyes(page: parser.HtmlElement) -> None:
    for found in page.iter("table"):
        assert (found.findtext("caption") or "").strip()
        for cell in found.iter("th"):
            assert cell.get("scope") in {"col", "row"}
        for row in found.find("tbody"):
            assert all(cell.text_content().strip() for cell in row), "an empty cell says nothing"


def test_graphs_have_words_and_ids_are_unlike(page: parser.HtmlElement, document: Document) -> None:
    graphs = [element for element in page.iter("div") if element.get("role") == "img"]
    assert len(graphs) == sum(isinstance(block, Graph) for _, blocks in document.sections for block in blocks)
    assert all(len(graph.get("aria-label") or "") > 40 for graph in graphs)
    assert all(graph.find("svg").get("aria-hidden") == "true" for graph in graphs)
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in page.iter("a")} <= set(ids)


def test_headings_go_down_one_step_at_a_time(page: parser.HtmlElement) -> None:
    levels = [int(element.tag[1]) for element in page.iter() if isinstance(element.tag, str) and re.fullmatch("h[1-6]", element.tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_a_hole_is_never_a_number(page: parser.HtmlElement) -> None:
    rows = {row[0]: row for row in table(page, "Pre-Payment: by day")}
    assert rows["Fri 13 Aug"] == ["Fri 13 Aug", "no data", "no data", "no data", "no data"]
    assert rows["Sat 21 Aug"][4] == "n/a (0 events)"


def contrast(one: str, other: str) -> float:
    """WCAG 2 contrast ratio of two colours such as #1f2933."""

    def light(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def test_text_is_dark_enough_on_every_ground(html: str) -> None:
    colours = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{3,6});", html))
    for name in ("ink", "quiet", "good", "warn", "bad", "link"):
        for ground in ("#ffffff", colours["band"]):
            assert contrast(colours[name], ground) >= 4.5, (name, ground)


def test_the_same_run_gives_the_same_page(document: Document, html: str) -> None:
    assert html_of(document) == html
