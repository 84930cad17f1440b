"""The HTML report in a browser: axe-core finds nothing, a keyboard reaches everything, nothing is asked of the network."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.sync_api import Browser, Page

from browser import browsing


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as one:
        yield one


@pytest.fixture(scope="module")
def address(html: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    path: Path = tmp_path_factory.mktemp("report") / "pmr.html"
    path.write_text(html, encoding="utf-8")
    return path.as_uri()


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Page:
    # The report forbids every script; axe is one, so the rule is lifted for the page that it judges, and for that one alone.
    page = browser.new_page(bypass_csp=True)
    page.goto(address)
    return page


def judged(page: Page) -> list[dict[str, Any]]:
    """What axe-core holds against a page: WCAG 2.2 A and AA, Section 508 and its best practices."""
    page.add_script_tag(path=str(AXE_FILE_PATH))
    found: list[dict[str, Any]] = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then(told => told.violations)")
    return found


def test_axe_finds_nothing(page: Page) -> None:
    told = [f"{one['impact']} {one['id']}: {one['help']}: {one['nodes'][0]['html'][:200]}" for one in judged(page)]
    assert told == []


def test_axe_would_find_it(browser: Browser, html: str) -> None:
    """Each of these spoils the page in one way, and is found: the judge is awake."""
    spoilt = (
        html.replace('<html lang="en-GB">', "<html>")
        .replace("--quiet: #52606d", "--quiet: #c0c8d0")
        .replace('<div role="img" aria-label=', '<div role="img" data-label=', 1)
        .replace(' tabindex="0"', "")
    )
    page = browser.new_page(bypass_csp=True, viewport={"width": 320, "height": 640})
    page.set_content(spoilt)
    assert {"html-has-lang", "color-contrast", "role-img-alt", "scrollable-region-focusable"} <= {one["id"] for one in judged(page)}
    page.close()


def test_the_keyboard_begins_with_the_way_past_the_contents(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(address)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
    shown = page.evaluate("document.activeElement.getBoundingClientRect().left")
    assert shown >= 0, "the way past the contents is seen when the keyboard stands on it"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('main') !== null")
    page.close()


def test_the_keyboard_goes_down_the_page(page: Page) -> None:
    """No place has an order of its own: what is read next is reached next, and every table can be scrolled without a mouse."""
    orders = page.evaluate("[...document.querySelectorAll('[tabindex]')].map(one => one.tabIndex)")
    assert set(orders) == {0}
    tables = page.evaluate("document.querySelectorAll('table').length")
    assert len(orders) == tables > 10


def test_every_link_leads_somewhere(page: Page) -> None:
    assert page.evaluate("[...document.querySelectorAll('a')].filter(a => !document.getElementById(a.hash.slice(1))).length") == 0


def test_it_asks_the_network_for_nothing(browser: Browser, address: str) -> None:
    asked: list[str] = []
    context = browser.new_context(offline=True)
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert asked == [address]
    assert told == []
    context.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_never_scrolls_sideways(browser: Browser, address: str, width: int) -> None:
    """WCAG 1.4.10: at 320 pixels only a table scrolls, and it does so by itself."""
    page = browser.new_page(viewport={"width": width, "height": 800})
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_on_paper_nothing_is_hidden_behind_an_edge(browser: Browser, address: str) -> None:
    page = browser.new_page(viewport={"width": 658, "height": 900})
    page.goto(address)
    page.emulate_media(media="print")
    hidden = page.evaluate("[...document.querySelectorAll('.table')].filter(one => getComputedStyle(one).overflowX !== 'visible').length")
    assert hidden == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.skip')).display") == "none"
    page.close()
