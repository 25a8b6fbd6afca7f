"""The first minutes in a real browser: from two invitations to an open plenary and an admitted member.

One delegation goes by mouse, the other by keyboard only, the member without JavaScript at 720 pixels.
"""

from __future__ import annotations

import base64
import re

import pytest
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError
from playwright.sync_api import expect
from tests.browser.again import again_until
from tests.support.chanceries import Chancery
from tests.support.house import PASSPHRASE, Venue
from tests.support.waiting import LONGEST

from good_offices.chancery.serving import _write_launch
from good_offices.venue.offer import offer

STEPS = (
    "/people",
    "/people/invite",
    "/people/new-keys",
    "/people/passphrase",
    "/people/succeed",
    "/people/kits",
)
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), one => one.charCodeAt(0));
  const data = new DataTransfer();
  data.items.add(new File([bytes], name));
  const at = document.getElementById("drop");
  for (const kind of ["dragenter", "dragover", "drop"])
    at.dispatchEvent(new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true}));
}"""


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    """A venue, the invitations to its talks, and three chanceries of folders that are no desks yet."""
    path = tmp_path_factory.mktemp("begin")
    with Venue(path / "venue") as venue:
        offered = offer(venue.folder, parties=2, out=path / "invitations", url=venue.url)
        with (
            Chancery(path / "upper") as upper,
            Chancery(path / "lower") as lower,
            Chancery(path / "member") as member,
        ):
            yield offered.files, upper, lower, member


def tab_to(page, locator):
    """Press the tabulator until `locator` has the focus, as somebody without a mouse does."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if locator.evaluate("one => one === document.activeElement"):
            return
    pytest.fail(f"the keyboard does not reach {locator}")


def typed(page, name, words):
    tab_to(page, page.locator(f"input[name={name}]:visible"))
    page.keyboard.type(words)


def pressed(page, name, role="button"):
    tab_to(page, page.get_by_role(role, name=name))
    page.keyboard.press("Enter")
    page.wait_for_load_state()


def chosen_by_key(page, field, file):
    """Open the window that chooses a file by the space bar; as a person does, again if it did not come."""
    for last in (False, False, True):
        tab_to(page, field)
        try:
            with page.expect_file_chooser(timeout=LONGEST * 1000 if last else 4000) as chooser:
                page.keyboard.press("Space")
        except PlaywrightTimeoutError:
            if last:
                raise
            continue
        chooser.value.set_files(file)
        return


def said_at_last(page, words):
    """Load a page again until it says something: what the other side does takes its way over the venue."""
    expect(again_until(page, page.get_by_text(words))).to_be_visible()


def fits(page):
    wide = page.evaluate("() => [document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], f"{page.url} is {wide[0]} wide in a window of {wide[1]}"


def digits(page):
    return page.locator(".digits-table td span[aria-hidden]").all_inner_texts()


def begin_by_mouse(chancery, page, file, axe):
    chancery.open(page)
    axe(page)
    page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()[:-50]).decode()])
    page.click("text=Read the file")
    expect(page.get_by_role("alert")).to_contain_text("is not whole")
    axe(page)
    page.evaluate(DROP, [file.name, base64.b64encode(file.read_bytes()).decode()])
    expect(page.locator("#drop-hint")).to_have_text(f"Chosen: {file.name}")
    page.click("text=Read the file")
    expect(page.get_by_role("heading", level=1)).to_have_text("An invitation to talks")
    page.fill("[name=delegation]", "Upper Basin")
    page.fill("[name=member]", "Alma Marlow")
    page.fill("[name=capacity]", "Head of delegation")
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE + "?")
    page.click("text=Make the desk")
    expect(page.get_by_role("alert")).to_contain_text("not the same")
    expect(page.locator("[name=delegation]")).to_have_value("Upper Basin")
    axe(page)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE)
    page.click("text=Make the desk")
    page.wait_for_url("**/people/kits")
    axe(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Show for printing root.kit").click()
    sheet = opened.value
    sheet.wait_for_load_state()
    expect(sheet.locator(".kit-lines")).to_contain_text("GOOD OFFICES ROOT KEY KIT 1")
    axe(sheet)
    sheet.close()
    for box in page.locator("[name=printed]").all():
        box.check()
    page.click("text=Note it")
    page.get_by_role("link", name="Go on: compare the number").click()


def begin_by_keys(chancery, page, file):
    chancery.open(page)
    chosen_by_key(page, page.locator("#file"), file)
    pressed(page, "Read the file")
    for name, words in (
        ("delegation", "Lower Basin"),
        ("member", "Boris Ilves"),
        ("capacity", "Head of delegation"),
        ("passphrase", PASSPHRASE),
        ("again", PASSPHRASE),
    ):
        typed(page, name, words)
    page.keyboard.press("Enter")
    page.wait_for_url("**/people/kits")
    for box in page.locator("[name=printed]").all():
        tab_to(page, box)
        page.keyboard.press("Space")
    pressed(page, "Note it")
    expect(page.get_by_role("status").filter(has_text="printed and put away")).to_be_visible()
    pressed(page, re.compile("Go on: compare"), "link")


def test_from_two_invitations_to_an_open_plenary_and_an_admitted_member(talks, windows, axe, tmp_path):
    (first, second), one, other, third = talks
    windows.expect("409")  # refusals are pages with this status
    upper, lower = windows.page("upper", "about:blank"), windows.page("lower", "about:blank")
    begin_by_mouse(one, upper, first, axe)
    expect(upper.get_by_role("heading", level=1)).to_have_text("There is no number yet")
    axe(upper)
    begin_by_keys(other, lower, second)
    said_at_last(lower, "Compare this number with the other side")
    said_at_last(upper, "Compare this number with the other side")
    assert digits(upper) == digits(lower)
    assert len("".join(digits(upper))) == 60
    # Whoever reads a row here listens to it there.
    rows = [page.locator(".digits-table th[scope=row]").all_inner_texts() for page in (upper, lower)]
    assert all({mine, theirs} == {"You read", "You listen"} for mine, theirs in zip(*rows, strict=True))
    axe(upper)

    upper.click("text=Does not match")
    expect(upper.get_by_role("heading", level=1)).to_have_text("Stop: the number does not match")
    axe(upper)
    upper.click("text=Read it once more")
    weights = [one.bounding_box() for one in upper.locator(".answers .equal button").all()]
    assert (weights[0]["width"], weights[0]["height"]) == (weights[1]["width"], weights[1]["height"])
    upper.get_by_role("button", name="Matches", exact=True).click()
    expect(upper.get_by_text("root.kit lies in the folder")).to_be_visible()
    axe(upper)
    upper.fill("[name=passphrase]", PASSPHRASE)
    upper.click("text=Confirm: it matches")
    expect(upper.get_by_text("Noted: the number matches.")).to_be_visible()

    tab_to(lower, lower.locator("#typed > summary"))
    lower.keyboard.press("Enter")
    typed(lower, "number", " ".join(digits(upper)))
    lower.keyboard.press("Enter")
    lower.wait_for_url("**/people/compare/confirm")
    typed(lower, "passphrase", PASSPHRASE)
    lower.keyboard.press("Enter")
    lower.wait_for_url("**/people/compare")
    said_at_last(upper, "The plenary is open.")
    said_at_last(lower, "The plenary is open.")

    handover = invited(one, upper, axe, tmp_path)
    member = windows.page("member", "about:blank", "bare", viewport={"width": 720, "height": 900})
    opened_without_scripts(third, member, handover, axe)
    admitted(one, upper, axe)
    said_at_last(member, "You are admitted")
    fits(member)
    every_screen_fits_and_is_sound(one, upper, axe)


def invited(chancery, page, axe, folder):
    """Invite a member by mouse, and return the saved hand-over file."""
    page.goto(f"{chancery.address}/people/invite")
    page.fill("[name=name]", "Bela Kovács")
    page.fill("[name=capacity]", "Legal adviser")
    page.click("text=Make the hand-over file")
    axe(page)
    with page.expect_download() as saving:
        page.get_by_role("button", name=re.compile("^Save")).click()
    assert saving.value.suggested_filename == "bela-kovács.handover"
    saving.value.save_as(folder / "bela.handover")
    page.reload()
    expect(page.get_by_text("The file was saved, or is no longer held.")).to_be_visible()
    return folder / "bela.handover"


def opened_without_scripts(chancery, page, handover, axe):
    """Open a member's desk with a hand-over file, in a browser without JavaScript."""
    chancery.open(page)
    expect(page.locator("#drop-hint")).to_be_hidden()
    fits(page)
    page.set_input_files("#file", handover)
    page.click("text=Read the file")
    expect(page.get_by_text("Bela Kovács, Legal adviser")).to_be_visible()
    assert page.locator("[name=delegation]").count() == 0
    fits(page)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.fill("[name=again]", PASSPHRASE)
    page.click("text=Make the desk")
    page.wait_for_url("**/begin/joined")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Now your head of delegation admits you")
    fits(page)


def admitted(chancery, page, axe):
    """Admit the member by mouse, in two steps."""
    page.goto(f"{chancery.address}/people")
    said_at_last(page, "Has shown its keys")
    page.get_by_role("link", name=re.compile("^Admit")).click()
    expect(page.locator(".binds")).to_contain_text("Bela Kovács acts for Upper Basin within these powers")
    axe(page)
    page.fill("[name=passphrase]", PASSPHRASE)
    page.get_by_role("button", name="Admit for Upper Basin").click()
    expect(page.get_by_text("Bela Kovács is admitted.")).to_be_visible()
    said_at_last(page, re.compile("Alma Marlow, Bela Kovács"))


def every_screen_fits_and_is_sound(chancery, page, axe):
    """Look at every screen at 720 pixels."""
    page.set_viewport_size({"width": 720, "height": 900})
    page.goto(f"{chancery.address}/people")
    recall = page.get_by_role("link", name=re.compile("^Recall")).get_attribute("href")
    for path in (*STEPS, recall, "/people/compare"):
        page.goto(chancery.address + path)
        fits(page)
        axe(page)
    page.goto(chancery.address + recall)
    expect(page.locator(".binds.strong")).to_contain_text("This is for good")


def test_the_launch_file_leads_in_also_without_names_below_localhost(talks, windows, axe, tmp_path):
    _files, one, *_ = talks
    file = tmp_path / "desk-open.html"
    _write_launch(file, "desk", one.door.hosts, one.door.token())
    page = windows.page("upper", file.as_uri())
    expect(page.get_by_role("button", name="Open my desk")).to_be_focused()
    axe(page)
    page.get_by_text("The browser does not find the page").click()
    expect(page.get_by_text("share the browser’s cookies")).to_be_visible()
    page.get_by_role("button", name="Open it under 127.0.0.1").click()
    page.wait_for_url(lambda url: "/launch" not in url)
    assert page.url.startswith("http://127.0.0.1:")
