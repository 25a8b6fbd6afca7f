"""Soundings in a real browser: two delegations without duty desks, from opening to a match; keyboard alone marks."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect
from tests.browser.again import again_until
from tests.browser.views import fits, seen
from tests.support import river
from tests.support.chanceries import Chancery
from tests.support.duty import Clock
from tests.support.house import House
from tests.support.waiting import until


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("soundings"), played=river.half_way) as house:
        folders = [desk.storage.folder for desk in house.desks]
        for desk in house.desks:
            desk.close()
        house.desks.clear()
        clock = Clock()
        with Chancery(folders[0]) as upper, Chancery(folders[1]) as lower:
            for one in (upper, lower):
                one.seat.computing.beat, one.seat.computing.now = 0.1, clock
            yield upper, lower, clock


def looked_at(page, axe):
    """Pass if a page is fit for everybody, wide and narrow."""
    axe(page)
    for _ in seen(page, "desk", "narrow"):
        fits(page)


def test_from_opening_to_a_match_with_the_keyboard(house, windows, axe):
    upper, lower, clock = house
    page = upper.open(windows.page("upper", "about:blank"), "/soundings")
    looked_at(page, axe)
    page.click("text=Open a sounding…")
    looked_at(page, axe)
    page.fill("[name='first']", "2090-03-06")
    page.fill("[name='last']", "2090-03-08")
    page.click("button[value=days]")
    expect(page.locator("[name='options.en']")).to_have_value(re.compile("Monday, 6 March 2090"))
    page.fill("[name='subject.en']", "When to meet")
    page.fill("[name=closes]", "2090-01-01T12:00")
    page.fill("[name=until]", "2090-01-05T12:00")
    page.click("main button.go")
    expect(page.locator("main")).to_contain_text("The others see that your delegation opened it")
    looked_at(page, axe)
    page.click("main button.go")
    expect(page.locator("h1")).to_contain_text("When to meet")
    looked_at(page, axe)
    address = page.url.removeprefix(upper.address)

    # By keyboard alone: the first radio of a row takes the focus, the arrows choose, Enter keeps and seals.
    first = page.locator("[name='m.1'][value=no]")
    expect(first).to_be_checked()
    first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[name='m.2'][value=yes]")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Keep and seal…")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Seal your marks")
    looked_at(page, axe)
    page.locator("main button.go").focus()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("Sealed. This desk answers with these marks")
    looked_at(page, axe)

    other = lower.open(windows.page("lower", "about:blank", java_script_enabled=False), "/")
    lower.seat.check()
    until(lambda: list(lower.seat.desk.talks.sounding.every()))
    other.goto(lower.address + address)
    other.locator("[name='m.2'][value=yes]").check(force=True)
    other.locator("[name='m.3'][value=yes]").check(force=True)
    other.get_by_role("button", name="Keep and seal…").click()
    other.locator("main button.go").click()
    expect(other.locator("main")).to_contain_text("Sealed.")

    (sounding,) = upper.seat.desk.talks.sounding.every()
    clock.time = sounding.closes

    def later():
        clock.time += 300_000

    again_until(page, page.get_by_text("All accept:"), upper.address + address, between=later)
    expect(page.locator(".mutual > li")).to_have_count(1)
    expect(page.locator(".mutual")).to_contain_text("Tuesday, 7 March 2090")
    looked_at(page, axe)
    page.locator(".becomes summary").click()
    page.get_by_role("link", name="Propose an item of the agenda…").click()
    expect(page.locator("[name=title]")).to_have_value("Meeting: Tuesday, 7 March 2090")
    again_until(other, other.get_by_text("All accept:"), lower.address + address)
    expect(other.locator(".mutual > li")).to_have_count(1)
    for path in ("/people", "/people/duty", "/soundings", address + "/own"):
        page.goto(upper.address + path)
        looked_at(page, axe)
