"""From an adopted text to one file that anyone can check: two heads sign in a real browser."""

from __future__ import annotations

import io
import subprocess
import sys

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader
from tests.browser.again import again_until
from tests.browser.views import fits, seen
from tests.support import ending
from tests.support.chanceries import Chancery
from tests.support.house import PASSPHRASE, House

SCREENS = (
    "/signature",
    "/signature/closing?new=1",
    "/record",
    "/record/plenary/20",
    "/record/common/20/disclose",
    "/record/evidence",
    "/record/doubts",
    "/record/verify",
    "/record/courier",
    "/text/river/paper",
)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("signature"), played=ending.adopted) as house:
        folders = [desk.storage.folder for desk in house.desks]
        for desk in house.desks:
            desk.close()
        house.desks.clear()
        with Chancery(folders[0]) as upper, Chancery(folders[1]) as lower:
            yield upper, lower


def fresh(page, path, locator):
    """Load a screen again until what the other side did is on it."""
    return again_until(page, page.locator(locator), path)


def put_name(page, name, passphrase=PASSPHRASE):
    """Fill the ceremony and send it."""
    page.get_by_label("Type your name").fill(name)
    page.get_by_label("Passphrase").fill(passphrase)
    page.locator("button.go").click()
    page.wait_for_load_state()


def test_two_heads_sign_close_and_keep_one_file(house, windows, axe, tmp_path):
    windows.expect("409")
    windows.expect("Password forms")
    upper, lower = house
    first = upper.open(windows.page("upper", "about:blank"), "/signature")
    second = lower.open(windows.page("lower", "about:blank", view="bare"), "/signature")  # without JavaScript
    # Full powers: a document from one side, an office from the other; each is examined and found in order.
    paper = tmp_path / "powers.txt"
    paper.write_bytes(b"full powers of Head 0")
    first.get_by_label("The document, as a file").set_input_files(paper)
    first.get_by_role("button", name="Produce…").click()
    axe(first)
    first.get_by_role("button", name="Produce for Upper Basin").click()
    expect(first.get_by_text("To be examined by Lower Basin")).to_be_visible()
    fresh(second, f"{lower.address}/signature", "text=Examine…").click()
    second.get_by_label("Compare a copy").set_input_files(paper)
    second.get_by_role("button", name="Compare", exact=True).click()
    expect(second.get_by_text("byte for byte")).to_be_visible()
    second.get_by_role("button", name="Find in order…").click()
    second.get_by_role("button", name="Find in order for Lower Basin").click()
    if not second.get_by_label("The office").is_visible():
        second.get_by_text("Produce full powers").click()
    second.get_by_label("The office").check()
    second.get_by_role("button", name="Produce…").click()
    second.get_by_role("button", name="Produce for Lower Basin").click()
    fresh(first, f"{upper.address}/signature", "text=Examine…").click()
    axe(first)
    first.get_by_role("button", name="Find in order…").click()
    first.get_by_role("button", name="Find in order for Upper Basin").click()

    # The ceremony: one column, no way elsewhere, and three refusals.
    first.goto(f"{upper.address}/signature/river/sign")
    axe(first)
    assert first.locator("nav").count() == 0
    expect(first.locator("article[lang=ru]")).to_contain_text("Срок составляет десять лет.")
    put_name(first, "Head 1")
    expect(first.get_by_role("alert")).to_contain_text("Nothing was signed")
    expect(first.get_by_label("Type your name")).to_have_value("Head 1")
    axe(first)
    put_name(first, "Head 0", "not the passphrase")
    expect(first.get_by_role("alert")).to_contain_text("Nothing was signed")
    first.evaluate("() => { document.querySelector('input[name=digest]').value = '00' }")
    put_name(first, "Head 0")
    expect(first.get_by_role("alert")).to_contain_text("changed since this page was shown")
    # By keyboard alone: name, passphrase, the act.
    first.get_by_label("Type your name").focus()
    first.keyboard.press("Control+A")
    first.keyboard.type(" Head  0")
    first.keyboard.press("Tab")
    first.keyboard.type(PASSPHRASE)
    first.keyboard.press("Tab")
    expect(first.get_by_role("button", name="Sign for Upper Basin")).to_be_focused()
    first.keyboard.press("Enter")
    expect(first.get_by_text("still missing of: Lower Basin")).to_be_visible()

    fresh(second, f"{lower.address}/signature", "a[href='/signature/river/sign']").click()
    expect(second.get_by_text("Upper Basin Signed")).to_be_visible()
    put_name(second, "Head 1")
    expect(second.get_by_text("Every delegation has signed")).to_be_visible()

    # The closing record, and the file.
    fresh(first, f"{upper.address}/signature", "a[href='/signature/closing']:has-text('Draw up')").click()
    axe(first)
    put_name(first, "Head 0")
    expect(first.get_by_text("Waits for Lower Basin").first).to_be_visible()
    fresh(second, f"{lower.address}/signature", "text=Sign the closing record…").click()
    expect(second.get_by_text("Another delegation has drawn it up")).to_be_visible()
    put_name(second, "Head 1")
    fresh(second, f"{lower.address}/record/outcome", "button.go")
    fresh(first, f"{upper.address}/record/outcome", "button.go").click()
    expect(first.get_by_text("Valid, by roots that you have compared")).to_be_visible()
    axe(first)
    with first.expect_download() as waiting:
        first.get_by_role("link", name="Download").click()
    assert waiting.value.suggested_filename == "Agreement on the waters of the Arna River.goodoffices"
    file = tmp_path / "outcome.goodoffices"
    waiting.value.save_as(file)
    told = subprocess.run(
        [sys.executable, "-m", "good_offices", "verify", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    assert "Head 0, Head of delegation, for Upper Basin: signed river" in told.stdout
    assert "Срок составляет десять лет." in told.stdout


def test_the_screens_of_the_record_are_sound(house, windows, axe):
    upper, _lower = house
    page = upper.open(windows.page("upper", "about:blank"), "/record")
    expect(page.locator("#verdict")).to_contain_text("Complete and unaltered up to")
    for path in SCREENS:
        page.goto(upper.address + path)
        for view in seen(page, "desk", "narrow"):
            fits(page)
            if view == "narrow":
                axe(page)
    page.goto(f"{upper.address}/record")
    page.get_by_text("What this does not prove").click()
    page.get_by_role("button", name="Ask whose desks").click()
    expect(page.get_by_role("status").filter(has_text="entries")).to_be_visible()
    with page.expect_download() as waiting:
        page.goto(f"{upper.address}/record/common/20/disclose")
        page.get_by_role("button", name="Make the file").click()
    assert waiting.value.suggested_filename == "Entry 20, disclosed.godisclosure"


def test_a_page_of_paper_has_the_numbers_of_the_pdf(house, windows):
    upper, _lower = house
    page = upper.open(windows.page("upper", "about:blank"), "/text/river/paper")
    assert page.locator(".sheet .no").count() >= 4
    page.emulate_media(media="print")
    expect(page.locator(".bar")).to_be_hidden()
    expect(page.locator(".sheet")).to_be_visible()
    with page.expect_download() as waiting:
        page.emulate_media(media="screen")
        page.get_by_role("link", name="PDF").click()
    data = waiting.value.path().read_bytes()
    text = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert "The term is ten years." in text
