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
    """Let axe look at a page, and let nothing stand beside it in three widths; axe needs a page with scripts."""

    def look(page: Page) -> None:
        axe(page)
        for _view in seen(page, "desk", "narrow", "phone"):
            fits(page)

    return look


def go(page: Page, name: str | re.Pattern[str], *, twice: bool = True) -> None:
    """Press a button or follow a link when it is there, then the button of the page that says what it does."""
    found = page.locator("main").get_by_role("button", name=name)
    again_until(page, found.or_(page.locator("main").get_by_role("link", name=name))).click()
    page.wait_for_load_state()
    if twice:
        page.locator("main form button.go").click()
        page.wait_for_load_state()
    refused = page.locator(".said.refused, h1.refused")
    assert not refused.count(), refused.first.inner_text()


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
    again_until(one, one.locator(".statement textarea"))
    one.locator(".statement textarea").fill(RESULT)
    one.keyboard.press("Tab")
    go(one, "Make the statement", twice=False)
    again_until(other, other.get_by_text(RESULT))
    go(other, re.compile("^Answer"), twice=False)
    other.locator(".statement textarea").fill("نعم، القراءات متفقة.")
    go(other, "Make the statement", twice=False)
    again_until(one, one.get_by_text("نعم"))
    looked(one)
    rtl(one)
    one.goto(f"{upper.address}/groups")
    expect(one.locator(".group-card")).to_contain_text("You read it")
    looked(one)


def test_a_sitting_from_its_rule_to_its_record(house, windows, looked):
    upper, lower, _, _ = house
    one = upper.open(windows.page("upper", "about:blank"), "/agenda/modalities")
    other = lower.open(windows.page("lower", "about:blank", view="bare"))
    rule = one.locator("fieldset:has(> legend:text-is('Convening rule')) details", has_text="Ministers")
    rule.locator("summary").click()
    rule.get_by_label("Every delegation declares readiness").check()
    rule.get_by_label("What every delegation expects").check()
    looked(one)
    go(one, "Propose these modalities…")
    accept(other, lower.address, "odalities")

    one.goto(f"{upper.address}/meetings/propose")
    one.get_by_label("Title").fill("First meeting of ministers")
    one.get_by_label("Level").select_option("ministers")
    one.get_by_label("Place (empty: at a distance)").fill("Verin")
    for number, (place, zone) in enumerate((("Verin", "Europe/Zurich"), ("Upper Basin", "Asia/Almaty"))):
        one.locator("[name=zone-place]").nth(number).fill(place)
        one.locator("[name=zone]").nth(number).fill(zone)
    one.locator("[name=begins]").fill("2027-05-03T10:00")
    one.locator("[name=ends]").fill("2027-05-03T13:00")
    one.get_by_label("Minimum flow in summer").check()
    looked(one)
    go(one, "Propose this sitting…", twice=False)
    looked(one)
    go(one, "Propose for Upper Basin", twice=False)
    accept(other, lower.address, "First meeting of ministers")
    one.goto(f"{upper.address}/meetings")
    again_until(one, one.get_by_text("Every delegation declares readiness").first)
    looked(one)
    one.get_by_role("link", name="First meeting of ministers").click()
    other.goto(one.url.replace(upper.address, lower.address))
    sides = ((one, "Upper Basin"), (other, "Lower Basin"))
    looked(one)
    rtl(one)
    for page, _name in sides:
        go(page, "Declare readiness…")
    # A condition that is not met is waived for this sitting by both.
    for page in (one, other):
        page.locator("summary", has_text="Waive conditions").click()
    one.get_by_label("What every delegation expects").check()
    go(one, "Propose to waive…")
    go(other, "Accept…")
    for page, _name in sides:
        go(page, "Confirm the sitting…")
    for page, head in ((one, "Head 0"), (other, "Head 1")):
        again_until(page, page.get_by_role("group", name="Sits")).get_by_label(head).check()
        go(page, "Announce", twice=False)
    looked(one)
    go(one, "Open the sitting…")
    looked(one)
    go(other, re.compile("^(Open the sitting|Accept)…"))
    # The other side asks first: it has the floor, at the keyboard, and gives it on.
    again_until(other, other.get_by_role("button", name="Ask for the floor")).focus()
    other.keyboard.press("Enter")
    other.wait_for_load_state()
    looked(one)
    go(other, "Give the floor to Head 1", twice=False)
    other.get_by_label("Your statement").fill("We are ready to hear the experts.")
    go(other, "Make the statement", twice=False)
    go(one, "Ask for the floor", twice=False)
    again_until(one, one.get_by_text("Asked for the floor"))
    looked(one)
    wall = windows("wall").new_page()
    wall.context.add_cookies(one.context.cookies())
    wall.goto(f"{one.url.partition('#')[0]}/room")
    expect(wall.locator(".wall-name")).to_have_text("Head 1")
    expect(wall.locator("body")).not_to_contain_text("ready to hear")
    looked(wall)
    # Only who has the floor gives it on.
    expect(one.get_by_role("button", name="Give the floor")).to_have_count(0)
    go(other, "Give the floor to Head 0", twice=False)
    again_until(one, one.get_by_label("Your statement"))
    looked(one)
    go(other, "Suspend…")
    again_until(one, one.get_by_text("Suspended").first)
    looked(one)
    for page, _name in sides:
        go(page, re.compile("^(Resume|Accept)…"))
    one.locator("summary", has_text="Propose a procès-verbal").click()
    for tag, words in MINUTES.items():
        one.locator(f"#minutes textarea[lang={tag}]").fill(words)
    go(one, "Propose this procès-verbal…")
    go(other, "Agree…")
    again_until(one, one.get_by_text("agreed by all"))
    for page, _name in sides:
        go(page, re.compile("^(Close the sitting|Accept)…"))
    again_until(one, one.locator(".head .st", has_text="closed"))
    looked(one)


def test_conditions_are_asked_signed_handed_over_and_answered(house, windows, looked, console):
    upper, lower, _, _ = house
    one = upper.open(windows.page("upper", "about:blank"), "/meetings/conditions/ask")
    other = lower.open(windows.page("lower", "about:blank", view="bare"), "/meetings/conditions")
    first, second = one.get_by_role("group", name="Condition 1"), one.get_by_role("group", name="Condition 2")
    first.get_by_label("Words", exact=True).fill("Two rooms of equal size")
    second.get_by_label("Kind").select_option("interpretation")
    second.get_by_label("Words", exact=True).fill("Both directions, whispered")
    looked(one)
    go(one, "Look at it before proposing", twice=False)
    looked(one)
    go(one, "Propose for Upper Basin", twice=False)
    looked(one)
    go(other, "Accept…")
    for page in (one, other):
        go(page, "Sign for the host…")
    go(one, "Hand over to the host…")
    looked(one)

    operator = windows.page("operator", console)
    operator.get_by_label("The operators’ passphrase").fill(WORDS)
    operator.get_by_role("button", name="Log in").click()
    operator.get_by_role("link", name="Conditions").click()
    looked(operator)
    operator.get_by_role("link", name="Request 1").click()
    operator.locator("select[name^=says-]").first.select_option("confirmed")
    operator.locator("select[name^=says-]").last.select_option("declined")
    operator.get_by_label("Words: what you offer instead").last.fill("One booth only.")
    looked(operator)
    operator.get_by_role("button", name="Look at it before signing…").click()
    looked(operator)
    operator.locator("main form button.go").click()
    expect(operator.get_by_text("Answer 1 is with the delegations.")).to_be_visible()

    go(other, "Ask the host for answers", twice=False)
    expect(other.get_by_text("One booth only.")).to_be_visible()
    again_until(one, one.get_by_text("One booth only."))
    looked(one)
    rtl(one)


def test_papers_the_consent_of_another_member_and_an_archive(house, windows, looked, tmp_path):
    upper, lower, drafter, _ = house
    windows.expect("status of 409")
    one = upper.open(windows.page("upper", "about:blank", accept_downloads=True), "/plenary")
    mate = drafter.open(windows.page("drafter", "about:blank"), "/caucus/consent")
    one.locator("#kind-non-paper").focus()
    one.keyboard.press("Space")
    one.locator(".panel.non-paper [name=subject]").fill("An idea")
    one.locator(".panel.non-paper textarea").fill("Both sides could read both gauges.")
    looked(one)
    go(one, "Pass the non-paper…")
    looked(one)
    other = lower.open(windows.page("lower", "about:blank", view="bare"), "/plenary")
    again_until(other, other.locator(".entry.non-paper", has_text="both gauges"))

    one.goto(f"{upper.address}/caucus/consent")
    one.get_by_label("modalities and agenda").check()
    go(one, "State the rule…")
    looked(one)
    again_until(one, one.get_by_text("1 other member must consent to:"))
    one.goto(f"{upper.address}/agenda/modalities")
    one.get_by_label("What is kept, and until when").fill("Everything, for two years")
    go(one, "Propose these modalities…")
    expect(one.locator("h1")).to_have_text("Another member must consent")
    looked(one)
    go(one, "Ask for consent", twice=False)
    looked(one)
    go(mate, "Consent…")
    looked(mate)
    go(one, "Send it now…")
    again_until(other, other.get_by_text("Everything, for two years").first, f"{lower.address}/agenda")
    one.goto(f"{upper.address}/caucus")
    looked(one)

    for path in ("/record/parity", "/record/destroy", "/communique", "/soundings/~/open", "/record/archive"):
        one.goto(f"{upper.address}{path}")
        looked(one)
    one.get_by_label("Also the caucus").check()
    with one.expect_download() as coming:
        one.get_by_role("button", name="Make the archive").click()
    coming.value.save_as(tmp_path / "archive.zip")
    with zipfile.ZipFile(tmp_path / "archive.zip") as archive:
        pages = b"".join(archive.read(name) for name in archive.namelist() if name.endswith(".html"))
    assert b"We came to agree on the water" in pages
    assert b"Our floor is 185" in pages
    assert b"read both gauges" not in pages  # nobody has signed a non-paper
