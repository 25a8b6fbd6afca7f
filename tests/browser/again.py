"""What the other side does takes its way over the venue: a page is loaded again until it is there, as a person does."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page
from tests.support.waiting import LONGEST

PAUSE = 150  # milliseconds


def again_until(
    page: Page, found: Locator, path: str | None = None, *, between: Callable[[], object] = lambda: None
) -> Locator:
    """Load a page (or this one) again until something is on it, and return the first; `between` is done before each time."""
    end = time.monotonic() + LONGEST
    if path is not None:
        page.goto(path)
    while not found.count():
        if time.monotonic() > end:
            pytest.fail(f"{found} does not come on {page.url}")
        between()
        page.wait_for_timeout(PAUSE)
        if path is not None:
            page.goto(path)
        else:
            page.reload()
    return found.first
