"""Debian's Chromium for the tests of pages: one browser for each process of tests, a context of its own for each who looks.

1. Every test here bears the mark `browser`: without Chromium it is skipped with the remedy; with CI set, it fails.
2. The browser reaches localhost and nothing else.
3. An error on a page (an exception, a refused resource, a breach of the page's policy) fails the test that caused it, unless
   the test has said that it expects it.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    expect,
    sync_playwright,
)
from tests.browser.axe import axe as no_violations
from tests.browser.views import VIEWS
from tests.support.waiting import LONGEST, patient

HERE = Path(__file__).parent
# How long a page, an element or words on it are waited for, in milliseconds.
PATIENCE = LONGEST * 1000
expect.set_options(timeout=PATIENCE)

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser")
REMEDY = "the browser tests need Chromium: run `make test-browser-setup` (as root on Debian), then again"
ARGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--disable-lcd-text",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE *.localhost, EXCLUDE 127.0.0.1",
]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs Chromium; with CI set, it is never skipped")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("browser")


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """Let pages wait for the host's answer as long as a busy machine needs."""
    with patient():
        yield


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser."""
    path = next((found for name in NAMES if (found := shutil.which(name))), None)
    if not path and os.environ.get("CI"):
        pytest.fail(REMEDY, pytrace=False)
    if not path:
        pytest.skip(REMEDY)
    return path


class Chromium:
    """One browser for all tests of this folder in a process."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def open(self, path: str) -> Browser:
        if self._browser is None:
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=path, args=ARGS)
        return self._browser

    def close(self) -> None:
        if self._browser is not None and self._playwright is not None:
            self._browser.close()
            self._playwright.stop()
            self._browser = self._playwright = None


CHROMIUM = Chromium()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """Close the browser when the tests of this folder are over: while Playwright runs, `asyncio.run` refuses elsewhere.

    No scope of a fixture ends there, as a folder without `__init__.py` is no package to pytest.
    """
    yield
    here = item.path.parent
    if nextitem is None or here not in nextitem.path.parents:
        CHROMIUM.close()


@pytest.fixture(scope="module")
def browser(chromium: str) -> Browser:
    return CHROMIUM.open(chromium)


class Windows:
    """Opens a context for each who looks, and keeps what went wrong on their pages."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.contexts: dict[str, BrowserContext] = {}
        self.faults: list[str] = []
        self.expected: list[str] = []

    def __call__(self, who: str, view: str = "desk", **options: Any) -> BrowserContext:
        """Return the context of `who` ("upper", "lower", "operator"), opened on the first call."""
        if who not in self.contexts:
            context = self.browser.new_context(**{"locale": "en-GB", **VIEWS[view], **options})
            context.set_default_timeout(PATIENCE)
            context.on("console", lambda message: self._said(who, message))
            context.on("weberror", lambda error: self.faults.append(f"{who}: {error.error}"))
            self.contexts[who] = context
        return self.contexts[who]

    def page(self, who: str, url: str, view: str = "desk", **options: Any) -> Page:
        """Return a new page of `who` at `url`."""
        page = self(who, view, **options).new_page()
        page.goto(url)
        return page

    def expect(self, pattern: str) -> None:
        """Let errors pass in which `pattern` is found: for tests that provoke them."""
        self.expected.append(pattern)

    def close(self) -> None:
        """Close all contexts and tell what went wrong."""
        for context in self.contexts.values():
            context.close()
        left = [one for one in self.faults if not any(re.search(pattern, one) for pattern in self.expected)]
        assert not left, "on the pages:\n" + "\n".join(left)

    def _said(self, who: str, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            place = message.location.get("url", "") if message.location else ""
            self.faults.append(f"{who}: {message.type}: {message.text} ({place})")


@pytest.fixture
def windows(browser: Browser) -> Iterator[Windows]:
    """A context for each delegation and for the operator; pages without errors when the test ends."""
    windows = Windows(browser)
    yield windows
    windows.close()


@pytest.fixture
def axe() -> Callable[[Page], None]:
    """Pass if axe-core finds nothing wrong with a page."""
    return no_violations
