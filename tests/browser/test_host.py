"""The host in a real browser: an operator at the console, and whoever opens the public page."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile

import pytest
from tests.browser.views import fits, seen
from tests.support.house import Venue

from good_offices.desk.desk import Desk
from good_offices.venue.console import passphrase

WORDS = "river house operators"
ENGLISH = "We offer a place and the time for direct talks. We take no part in the substance."
RUSSIAN = "Мы предоставляем место и время для прямых переговоров."


@pytest.fixture(scope="module")
def venue(tmp_path_factory):
    with Venue(tmp_path_factory.mktemp("host") / "venue") as served:
        passphrase.choose(served.folder, WORDS)
        yield served


@pytest.fixture(scope="module")
def console(venue):
    command = [
        sys.executable,
        "-m",
        "good_offices",
        "venue",
        "console",
        "--venue",
        venue.folder.path,
        "--json",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield json.loads(running.stdout.readline())["address"].rstrip("/")
        finally:
            running.terminate()
    assert running.returncode == 0


def log_in(page):
    page.get_by_label("The operators’ passphrase").fill(WORDS)
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("heading", name="Overview").wait_for()


def test_an_operator_offers_talks_and_declares_good_offices(windows, venue, console, axe, tmp_path):
    page = windows.page("operator", console, accept_downloads=True)
    axe(page)
    windows.expect("status of 403")
    page.get_by_label("The operators’ passphrase").fill("not this one")
    page.keyboard.press("Enter")
    assert "not the operators' passphrase" in page.get_by_role("alert").inner_text()
    axe(page)
    log_in(page)
    axe(page)

    page.get_by_role("link", name="Offer talks").click()
    page.get_by_role("button", name="Offer talks").click()
    page.get_by_text("2 invitations wait to be downloaded").wait_for()
    axe(page)
    files = []
    for number in (0, 1):
        with page.expect_download() as coming:
            page.get_by_role("link", name="Download").nth(number).click()
        files.append(tmp_path / coming.value.suggested_filename)
        coming.value.save_as(files[-1])
    with page.expect_download() as coming:
        page.get_by_role("link", name="All in one archive").click()
    coming.value.save_as(tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        assert [archive.read(one.name) for one in files] == [one.read_bytes() for one in files]
    desk = Desk.create(
        tmp_path / "desk",
        "correct horse battery",
        files[1].read_bytes(),
        delegation="Upper Basin",
        member="A",
        capacity="Head",
    )
    desk.sync()
    desk.close()
    page.get_by_role("link", name="Overview").click()
    row = page.get_by_role("table").get_by_role("row").nth(1)
    assert row.get_by_role("cell").all_inner_texts()[1:3] == ["2", "1"]
    assert "this host cannot read it" in row.inner_text()
    axe(page)
    assert "Upper" not in page.content()

    page.get_by_role("link", name="Declaration", exact=True).click()
    axe(page)
    page.get_by_label("For whom").fill("To any parties that wish to meet")
    page.get_by_role("textbox", name="The declaration").fill(ENGLISH)
    page.get_by_label("Rooms").fill("Two rooms that do not see each other")
    page.get_by_label("Pair 1, one language").select_option(label="English")
    page.get_by_label("Pair 1, other language").select_option(label="Kazakh")
    page.get_by_label("Holds until").fill("2027-11-30")
    page.get_by_role("button", name="Keep and preview").click()
    page.get_by_text("Nobody else sees it yet").wait_for()
    axe(page)
    page.goto(f"{console}/declaration?language=ru")
    page.get_by_role("textbox", name="The declaration").fill(RUSSIAN)
    page.get_by_role("button", name="Keep and preview").click()

    public = windows.page("upper", venue.url)
    assert ENGLISH not in public.inner_text("main")
    page.get_by_role("button", name="Publish…").click()
    axe(page)
    public.reload()
    assert ENGLISH not in public.inner_text("main")
    page.get_by_role("button", name="Publish it").click()
    page.get_by_text("The declaration is published").wait_for()
    public.reload()
    for words in (ENGLISH, "Two rooms", "English – Kazakh", "30 November 2027"):
        assert words in public.inner_text("main")
    axe(public)
    public.get_by_role("link", name="Русский").click()
    assert public.locator(".txt").inner_text() == RUSSIAN
    assert public.evaluate("() => document.documentElement.lang") == "ru"
    axe(public)
    assert public.evaluate("async () => (await document.fonts.ready).status") == "loaded"
    assert public.evaluate("() => document.fonts.check('600 20px \"Good Offices Serif\"')")

    page.get_by_role("button", name="Withdraw…").click()
    page.get_by_role("button", name="Withdraw it").click()
    public.goto(venue.url)
    assert ENGLISH not in public.inner_text("main")
    page.locator("summary").click()
    page.get_by_role("button", name="Log out").click()
    page.goto(f"{console}/invitations")
    assert page.url == f"{console}/login"


PAGES = ("/", "/invitations", "/declaration", "/declaration/preview", "/held")


def test_everybody_can_read_the_hosts_pages(windows, venue, console, axe):
    public = windows.page("upper", venue.url)
    assert "has no part in the substance" in public.inner_text("main")
    page = windows.page("operator", console)
    log_in(page)
    for path in PAGES:
        page.goto(console + path)
        assert page.get_by_role("heading", level=1).count() == 1
        for _view in seen(page, "narrow", "zoomed", "forced"):
            fits(page)
    for one in (public, page):
        for view in seen(one, "narrow", "zoomed", "forced"):
            fits(one)
            # In forced colours axe compares the colours that are not used.
            if view != "forced":
                axe(one)


def test_everybody_can_read_the_hosts_pages_without_scripts(windows, venue, console):
    public = windows.page("upper", venue.url, "bare")
    assert "has no part in the substance" in public.inner_text("main")
    page = windows.page("operator", console, "bare")
    log_in(page)
    for path in PAGES:
        page.goto(console + path)
        assert page.get_by_role("heading", level=1).count() == 1
    page.locator("summary").click()
    page.get_by_label("Language of the screen").select_option(label="Қазақша")
    page.get_by_role("button", name="Change").click()
    assert page.locator("html").get_attribute("lang") == "kk"


def test_the_journey_by_keyboard_alone(windows, console):
    page = windows.page("operator", console)
    page.locator("input:focus").wait_for()
    page.keyboard.type(WORDS)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Overview").wait_for()
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("() => document.activeElement.textContent") == "Offer talks":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/invitations")


def test_what_the_browser_is_told_forbids_scripts(windows, venue, console):
    windows.expect("Content Security Policy|TrustedScript")
    for address in (venue.url, console):
        page = windows.page("operator", address)
        ran = """() => {
          const script = document.createElement("script");
          try { script.text = "window.ran = 1"; document.head.append(script) } catch { return "refused" }
          return window.ran ?? "refused";
        }"""
        assert page.evaluate(ran) == "refused"
