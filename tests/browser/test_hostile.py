"""What the other side writes, in a real browser: nothing runs, nothing moves the page, nothing is left after locking."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.views import fits, seen
from tests.support import hostile
from tests.support.chanceries import Chancery

# The text, what can be done to it, the wall, and each screen that shows names and words.
SCREENS = (
    "/",
    "/since",
    "/agenda",
    "/plenary",
    "/text",
    "/text/news..main/propose/u0",
    "/room?text=news..main&unit=u0",
    "/signature",
    "/record",
    "/people",
)


@pytest.fixture(scope="module")
def upper(tmp_path_factory):
    with hostile.HostileHouse(tmp_path_factory.mktemp("hostile")) as house:
        hostile.fill(house, (hostile.MARKUP, hostile.LONG, hostile.HEAP))
        folder = house.desks[0].storage.folder
        for desk in house.desks:
            desk.close()
        house.desks.clear()
        with Chancery(folder) as upper:
            yield upper


def test_no_word_runs_and_none_moves_the_page(upper, windows):
    # A breach of the page's policy would be an error on the console: `windows` fails on any.
    page = upper.open(windows.page("upper", "about:blank"))
    opened = []
    page.on("dialog", lambda dialog: (opened.append(dialog.message), dialog.dismiss()))
    for path in SCREENS:
        page.goto(upper.address + path)
        for _view in seen(page, "desk", "narrow"):
            fits(page)
        assert page.locator("main img, main script, main iframe, main style").count() == 0
    assert not opened


def test_after_locking_nothing_of_the_talks_is_left_in_any_tab(upper, windows):
    first = upper.open(windows.page("upper", "about:blank"), "/plenary")
    second = windows("upper").new_page()
    second.goto(upper.address + "/room?text=news..main")
    first.goto(upper.address + "/text")
    first.locator(".desk-menu summary").click()
    first.locator("form[action='/lock'] button").click()
    expect(first).to_have_url(re.compile("/unlock$"))
    expect(second).to_have_url(re.compile("/unlock$"))
    for page in (first, second):
        for _step in range(2):
            page.go_back()
            expect(page).to_have_url(re.compile("/unlock$|/launch$|^about:blank$"))
            assert "alert(2)" not in page.content()
