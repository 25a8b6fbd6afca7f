"""The whole journey in three browsers: the operator offers talks, two delegations come to an agreement, anyone verifies it.

Every step is a click on a screen; the host's people see numbers, and no word of what is said.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser.again import again_until
from tests.support.chanceries import Chancery
from tests.support.house import PASSPHRASE, Venue

from good_offices.venue.console import passphrase

STEPS = {"certify": "say the same", "agree": "gree", "lock": "ock", "adopt": "dopt"}
WORDS = "river house operators"
DRAFT = {
    "en": "# Draft agreement\n\n## 1. Flow\n\nThe Upper Party shall release [180][240] cubic metres per second.\n",
    "ru": "# Проект соглашения\n\n## 1. Расход\n\nВерхняя Сторона обеспечивает [180][240] кубических метров в секунду.\n",
}


@pytest.fixture(scope="module")
def venue(tmp_path_factory):
    with Venue(tmp_path_factory.mktemp("journey") / "venue") as served:
        passphrase.choose(served.folder, WORDS)
        yield served


@pytest.fixture(scope="module")
def console(venue):
    words = ["-m", "good_offices", "venue", "console", "--venue", venue.folder.path, "--json"]
    with subprocess.Popen([sys.executable, *words], stdout=subprocess.PIPE, text=True) as running:
        try:
            yield json.loads(running.stdout.readline())["address"].rstrip("/")
        finally:
            running.terminate()
    assert running.returncode == 0


class Side:
    """A head of delegation at a browser."""

    def __init__(self, chancery: Chancery, page: Page, name: str, member: str) -> None:
        self.chancery, self.page, self.name, self.member = chancery, page, name, member

    def at(self, path: str) -> Page:
        """Go to a screen."""
        self.page.goto(self.chancery.address + path)
        return self.page

    def until(self, path: str, selector: str) -> Page:
        """Load a screen again until what the other side did is on it."""
        again_until(self.page, self.page.locator(selector), self.chancery.address + path)
        return self.page

    def go(self, *, twice: bool = False) -> None:
        """Press the first button of a page, and again on the page that says what it does."""
        for _ in range(1 + twice):
            self.page.locator("main form button.go").first.click()
            self.page.wait_for_load_state()
        expect(self.page.locator(".said").first).to_contain_text("On record")

    def accept(self, what: str) -> None:
        """Accept what stands under "Needs you now"."""
        row = f".needs li:has-text('{what}') a, .needs li:has-text('{what}') button"
        self.until("/", row).locator(row).first.click()
        self.page.locator("main form button.go").first.click()
        expect(self.page.locator(".said").first).to_contain_text("On record")

    def put_name(self) -> None:
        """Fill a ceremony."""
        self.page.get_by_label("Type your name").fill(self.member)
        self.page.get_by_label("Passphrase").fill(PASSPHRASE)
        self.page.locator("button.go").click()
        self.page.wait_for_load_state()


def offered(console: str, windows, folder: Path) -> tuple[Page, list[Path]]:
    """Let the operator offer talks, and return the operator's page and the two invitations."""
    page = windows.page("operator", console, accept_downloads=True)
    page.get_by_label("The operators’ passphrase").fill(WORDS)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("link", name="Offer talks").click()
    page.get_by_role("button", name="Offer talks").click()
    files = []
    for number in (0, 1):
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download").nth(number).click()
        files.append(folder / coming.value.suggested_filename)
        coming.value.save_as(files[-1])
    return page, files


def begun(side: Side, file: Path) -> None:
    """Open a desk from an invitation."""
    page = side.chancery.open(side.page)
    page.set_input_files("#file", file)
    page.click("text=Read the file")
    for name, words in (
        ("delegation", side.name),
        ("member", side.member),
        ("capacity", "Head of delegation"),
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
    ):
        page.fill(f"[name={name}]", words)
    page.click("text=Make the desk")
    page.wait_for_url("**/people/kits")


def compared(side: Side) -> None:
    """Say that the number matches."""
    page = side.until("/people/compare", ".digits-table")
    page.get_by_role("button", name="Matches", exact=True).click()
    page.fill("[name=passphrase]", PASSPHRASE)
    page.click("text=Confirm: it matches")
    expect(page.get_by_text("Noted: the number matches.")).to_be_visible()


def empowered(side: Side, other: Side) -> None:
    """Produce full powers by the office, and find them in order at the other side."""
    page = side.at("/signature")
    if not page.get_by_label("The office").is_visible():
        page.get_by_text("Produce full powers").click()
    page.get_by_label("The office").check()
    page.get_by_role("button", name="Produce…").click()
    page.get_by_role("button", name=f"Produce for {side.name}").click()
    other.until("/signature", "text=Examine…").click("text=Examine…")
    other.page.get_by_role("button", name="Find in order…").click()
    other.page.get_by_role("button", name=f"Find in order for {other.name}").click()


def test_from_the_offer_to_an_outcome_that_anyone_can_verify(venue, console, windows, tmp_path):
    operator, files = offered(console, windows, tmp_path)
    with Chancery(tmp_path / "upper") as upper_chancery, Chancery(tmp_path / "lower") as lower_chancery:
        upper = Side(upper_chancery, windows.page("upper", "about:blank"), "Upper Basin", "Alma Marlow")
        lower = Side(lower_chancery, windows.page("lower", "about:blank"), "Lower Basin", "Boris Ilves")
        begun(upper, files[0])
        begun(lower, files[1])
        assert upper.until("/people/compare", ".digits-table").locator(".digits-table").inner_text()
        compared(upper)
        compared(lower)
        upper.until("/people/compare", "text=The plenary is open.")
        lower.until("/people/compare", "text=The plenary is open.")

        page = upper.at("/agenda/modalities")
        for box in ("authentic", "working"):
            for code in ("en", "ru"):
                page.locator(f"[name={box}][value={code}]").check()
        upper.go(twice=True)
        lower.accept("odalities")

        page = lower.at("/text/~/table")
        for language, words in DRAFT.items():
            page.fill(f"[name='title.{language}']", {"en": "Agreement", "ru": "Соглашение"}[language])
            page.fill(f"[name='pasted.{language}']", words)
        page.click("text=Read the drafts…")
        expect(page.get_by_text("2 pairs of brackets").first).to_be_visible()
        page.click("text=Put it on the table")
        text = re.sub(r"[?#].*", "", page.url).rpartition("/")[2]

        unit = "[id^=unit-]:has(.br)"
        page = upper.until(f"/text/{text}", unit)
        name = page.locator(unit).first.get_attribute("id").removeprefix("unit-")
        page = upper.at(f"/text/{text}/settle/{name}")
        page.locator("input[type=radio]").nth(1).check()
        upper.go(twice=True)
        lower.accept("ettle")
        expect(lower.at(f"/text/{text}").locator("main")).to_contain_text("180 cubic metres")

        for step in ("certify", "agree", "lock", "adopt"):
            for box in (
                upper.at(f"/text/{text}/step/{step}").locator("main input[type=checkbox][name=unit]").all()
            ):
                box.check()
            upper.go()
            lower.accept(STEPS[step])

        empowered(upper, lower)
        empowered(lower, upper)
        for side in (upper, lower):
            side.until(f"/signature/{text}/sign", "text=Type your name")
            side.put_name()
        upper.until("/signature", "a[href='/signature/closing']:has-text('Draw up')")
        upper.at("/signature/closing")
        upper.put_name()
        lower.until("/signature", "text=Sign the closing record…").click("text=Sign the closing record…")
        lower.put_name()
        page = upper.until("/record/outcome", "button.go")
        page.locator("button.go").first.click()
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download").click()
        coming.value.save_as(tmp_path / "outcome.goodoffices")

        # Anyone, anywhere; and the operator, who saw all of it in numbers.
        words = ["-m", "good_offices", "verify", tmp_path / "outcome.goodoffices"]
        told = subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False)
        assert told.returncode == 0, told.stderr
        assert "180 cubic metres" in told.stdout
        operator.get_by_role("link", name="Overview").click()
        assert "this host cannot read it" in operator.inner_text("main")
        for side in (upper, lower):
            side.page.goto("about:blank")
        for word in ("Upper", "Lower", "Alma", "cubic", "Agreement"):
            assert word not in operator.content()
