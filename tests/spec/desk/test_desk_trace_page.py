"""A trace as a page: the same figure, days, deliveries and lines as the command lists, in one file that asks nobody for anything."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from lxml import etree

from browser import browsing
from desk_month import MONTH
from desk_road import Desk
from tocsin.reports.trace_page import plainly

FIGURE = "cpm_5/resolver_group=CSPN"


@pytest.fixture(scope="module")
def path(month: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("trace") / "trace.html"
    said = month("trace", FIGURE, "--rows", 0, "--html", file)
    assert said.code == 0, said.err
    assert said.out.rstrip().endswith(f"page: {file}") and "listed below" not in said.out
    return file


@pytest.fixture(scope="module")
def page(path: Path) -> etree._Element:
    return etree.fromstring(path.read_bytes(), etree.HTMLParser(encoding="utf-8"))


def rows(page: etree._Element, part: str) -> list[list[str]]:
    """The cells of every table of one part, without their heads."""
    cells = (row.xpath("./th | ./td") for row in page.xpath(f"//section[@aria-labelledby='{part}']//tbody/tr"))
    return [["".join(cell.itertext()).strip() for cell in own] for own in cells]


def test_it_tells_the_figure_as_it_was_frozen(month: Desk, page: etree._Element) -> None:
    (frozen,) = [row for row in month("figures", MONTH, "--format", "json").rows if row["name"] == FIGURE]
    facts = dict(rows(page, "figure"))
    assert facts["Name"] == FIGURE
    assert (facts["Value, %"], facts["Counted"], facts["Met"]) == (frozen["shown"], str(frozen["counted"]), str(frozen["met"]))
    files = f"{frozen['filled']} of {frozen['expected']}" if frozen["expected"] else "none owed"
    assert facts["Files in, of those it rests on"] == files
    assert f"Counted again from the journeys: {frozen['counted']}, met {frozen['met']}; this agrees with the figure." in facts.values()


def test_it_says_in_words_and_as_asked_what_is_counted(page: etree._Element) -> None:
    told = {row[0]: row[1:] for row in rows(page, "definition")}
    assert list(told) == ["Counted", "Met", "This figure"]
    assert all(words.endswith(".") and asked for words, asked in told.values())
    assert "resolver_group = 'CSPN'" in told["This figure"][1]


def test_its_days_deliveries_and_lines_are_those_of_the_command(month: Desk, page: etree._Element) -> None:
    listed = month("trace", FIGURE, "--rows", 0, "--format", "json")
    counted = int(dict(rows(page, "figure"))["Counted"])
    assert sum(int(count) for _, count in rows(page, "days")) == counted
    files = {row["file"] for row in listed.rows}
    assert {row[0] for row in rows(page, "deliveries")} == files
    assert sum(int(row[-1]) for row in rows(page, "deliveries")) == len(listed.rows)
    assert [row[1] for row in rows(page, "rows")] == [" ".join(row["text"].split()) for row in listed.rows]
    assert [row[0] for row in rows(page, "rows")] == [f"{row['file']}:{row['line']}" for row in listed.rows]


def test_of_many_lines_it_lists_as_many_as_the_command(month: Desk, tmp_path: Path) -> None:
    file = tmp_path / "few.html"
    assert month("trace", "meter_reads.volume", "--rows", 3, "-o", file).code == 0
    few = etree.fromstring(file.read_bytes(), etree.HTMLParser(encoding="utf-8"))
    assert len(rows(few, "rows")) == 3
    (said,) = [text for text in few.xpath("//p/text()") if text.startswith("Listed: ")]
    found = re.fullmatch(r"Listed: 3 of ([0-9,]+) rows\.", said)
    assert found is not None and int(found[1].replace(",", "")) > 3
    assert "Service Request" in "".join(few.xpath("//section[@aria-labelledby='definition']//text()"))


def test_it_asks_nobody_for_anything(path: Path, page: etree._Element) -> None:
    assert not page.xpath("//script | //link | //img | //iframe")
    assert all(link.startswith("#") for link in page.xpath("//@href | //@src"))
    assert "default-src 'none'" in path.read_text(encoding="utf-8")


def test_axe_finds_nothing(path: Path) -> None:
    with browsing() as browser:
        shown = browser.new_page(bypass_csp=True)
        shown.goto(path.as_uri())
        shown.add_script_tag(path=str(AXE_FILE_PATH))
        found = shown.evaluate("axe.run(document, {resultTypes: ['violations']}).then(told => told.violations)")
        narrow = browser.new_page(viewport={"width": 320, "height": 800})
        narrow.goto(path.as_uri())
        assert narrow.evaluate("document.documentElement.scrollWidth") <= 320
    assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found] == []


@pytest.mark.parametrize(
    ("asked", "refused"),
    [
        ((FIGURE, "--html", "trace.pdf"), (10, 'a trace is written as .html; found ".pdf"')),
        ((FIGURE, "--html", "not_there/trace.html"), (10, "there is no folder not_there")),
        (("--oddity", "service_requests.negative_span", "--html", "trace.html"), (2, "a page is made of a figure")),
        (("--oddities", "--html", "trace.html"), (2, "a page is made of a figure")),
    ],
)
def test_what_cannot_be_written_is_refused(
    month: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: tuple[str, ...], refused: tuple[int, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    found = month("trace", *asked, "--month", MONTH)
    code, said = refused
    assert found.code == code
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", found.err).split())
    assert not list(tmp_path.iterdir())


def test_a_line_that_would_turn_its_words_about_is_spelt_out() -> None:
    assert plainly("a\u202eb\x00\x1b[1mü 漢") == "a\\u202eb\\x00\\x1b[1mü 漢"
