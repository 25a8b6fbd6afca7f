"""Levels in real browsers: a group of experts, a sitting from its rule to its procès-verbal, conditions with the host's answer.

One side has no scripts; what the other side does is done at the keyboard where it is short.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import zipfile

import pytest
from playwright.sync_api import Page, expect
from tests.browser.again import again_until
from tests.browser.views import fits, seen
from tests.support import river
from tests.support.chanceries import Chancery
from tests.support.house import House

from good_offices.venue.console import passphrase

WORDS = "river house operators"
MANDATE = "To compare the readings of both gauges, and to report to the ministers."
RESULT = "The readings agree within two per cent."
MINUTES = {
    "en": "The ministers met and took note of the readings.",
    "ru": "Министры встретились и приняли показания к сведению.",
}


def played(house: House) -> None:
    """Bring the talks half way, with a second member of the first delegation."""
    river.half_way(house)
    house.join(house.desks[0], "Timur Bek", powers=river.DRAFTER)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("meetings"), played=played) as house:
        passphrase.choose(house.venue.folder, WORDS)
        folders = [desk.storage.folder for desk in house.desks]
        for desk in house.desks:
            desk.close()
        house.desks.clear()
        with Chancery(folders[0]) as upper, Chancery(folders[1]) as lower, Chancery(folders[2]) as drafter:
            yield upper, lower, drafter, house.venue


@pytest.fixture
def console(house):
    command = [sys.executable, "-m", "good_offices", "venue", "console", "--venue", house[3].folder.path]
    with subprocess.Popen([*command, "--json"], stdout=subprocess.PIPE, text=True) as running:
        try:
            yield json.loads(running.stdout.readline())["address"].rstrip("/")
        finally:
            running.terminate()


@pytest.fixture
def looked(axe):
    """Let axe look at a page, and let nothing stand beside it in three widths."""

    def look(page: Page) -> None:
        axe(page)
        for view in seen(page, "desk", "narrow", "phone"):
            fits(page)
            if view == "phone":
                axe(page)

    return look


def go(page: Page, name: str | re.Pattern[str], *, twice: bool = True) -> None:
    """Press a button or follow a link when it is there, then the button of the page that says what it does."""
    found = page.locator("main").get_by_role("button", name=name)
    again_until(page, found.or_(page.locator("main").get_by_role("link", name=name))).click()
    page.wait_for_load_state()
    if twice:
        page.locator("main form button.go").click()
        page.wait_for_load_state()
    expect(page.locator(".said.refused")).to_have_count(0)


def accept(page: Page, address: str, what: str) -> None:
    """Accept from the overview what is waited for there."""
    row = page.locator(f".needs li:has-text('{what}') .need-do .btn")
    again_until(page, row, f"{address}/").click()
    page.locator("main form button.go").click()
    expect(page.locator(".said").first).to_contain_text("On record")


def rtl(page: Page) -> None:
    """Pass if a page also fits when it is read from the right."""
    page.evaluate("() => { document.documentElement.dir = 'rtl' }")
    for _view in seen(page, "desk", "narrow", "phone"):
        fits(page)
    page.evaluate("() => { document.documentElement.dir = 'ltr' }")


def test_experts_speak_in_a_group_that_both_sides_have_opened(house, windows, looked):
    upper, lower, _, _ = house
    one = upper.open(windows.page("upper", "about:blank"), "/groups")
    other = lower.open(windows.page("lower", "about:blank", view="bare"), "/groups")  # without scripts
    one.get_by_label("Title").fill("Hydrologists")
    one.get_by_label("Mandate").fill(MANDATE)
    one.get_by_label("Least level").select_option("experts")
    looked(one)
    go(one, "Propose the room…")
    expect(one.locator(".card.proposed")).to_contain_text("Hydrologists")
    looked(one)
    accept(other, lower.address, "Hydrologists")
    for page, own, name in ((one, upper, "Head 0"), (other, lower, "Head 1")):
        page.goto(f"{own.address}/groups")
        again_until(page, page.get_by_role("link", name="Hydrologists")).click()
        page.get_by_label(name).check()
        go(page, "Name these members…")
    again_until(one, one.get_by_label("Your words"))
    one.get_by_label("Your words").fill(RESULT)
    one.keyboard.press("Tab")
    go(one, "Say it", twice=False)
    again_until(other, other.get_by_text(RESULT))
    go(other, re.compile("^Answer"), twice=False)
    other.get_by_label("Your words").fill("نعم، القراءات متفقة.")
    go(other, "Say it", twice=False)
    again_until(one, one.get_by_text("نعم"))
    looked(one)
    rtl(one)
    one.goto(f"{upper.address}/groups")
    expect(one.locator(".group-card")).to_contain_text("You read it")
    looked(one)
