"""A browser for the tests that need one: the Chromium that this machine has, driven without a screen."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
NONE_THERE = (
    "no browser on this machine: install Chromium (on Debian: apt-get install chromium), or `.venv/bin/playwright install chromium`, "
    "or name one by TOCSIN_BROWSER=/path/to/chromium"
)


def browser_there() -> str:
    """The path of a browser: named by TOCSIN_BROWSER, on the path, or Playwright's own; empty where there is none."""
    named = os.environ.get("TOCSIN_BROWSER", "")
    on_path = (shutil.which(name) for name in NAMES)
    return named or next((path for path in on_path if path), "") or _of_playwright()


def _of_playwright() -> str:
    with sync_playwright() as means:
        path = means.chromium.executable_path
    return path if Path(path).is_file() else ""


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser, closed afterwards; the test is skipped where the machine has none."""
    path = browser_there()
    if not path:
        pytest.skip(NONE_THERE)
    # As root Chromium has no sandbox. It opens only pages that the tests made, and asks nobody for anything.
    alone = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update", "--no-first-run"]
    with sync_playwright() as means:
        browser = means.chromium.launch(executable_path=path, args=alone)
        try:
            yield browser
        finally:
            browser.close()
