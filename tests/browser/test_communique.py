"""A communiqué in real browsers: proposed on one side, accepted and signed on both, released, read by anybody."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.again import again_until
from tests.browser.views import fits, seen
from tests.support import releasing
from tests.support.chanceries import Chancery
from tests.support.house import House

from good_offices.instrument.communique import verify_communique


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with House(tmp_path_factory.mktemp("communique"), played=releasing.text_ready) as house:
        folders = [desk.storage.folder for desk in house.desks]
        for desk in house.desks:
            desk.close()
        house.desks.clear()
        with Chancery(folders[0]) as upper, Chancery(folders[1]) as lower:
            yield upper, lower, house.venue.url


def step(page, address, link, button):
    """Go to the communiqué when a step is open there, read, and take it."""
    again_until(page, page.get_by_role("link", name=link), f"{address}/communique").click()
    expect(page.get_by_text("The term is ten years.").first).to_be_visible()
    expect(page.get_by_text("Срок составляет десять лет.").first).to_be_visible()
    return page.get_by_role("button", name=button)


def test_two_sides_release_a_communique_and_anybody_checks_it(house, windows, axe):
    upper, lower, venue = house
    first = upper.open(windows.page("upper", "about:blank"), "/communique")
    second = lower.open(
        windows.page("lower", "about:blank", view="bare"), "/communique"
    )  # without JavaScript
    first.get_by_label("Title, English").fill("Joint communiqué")
    first.get_by_label("as the public reads it").fill("1 March 2027, noon in Geneva")
    axe(first)
    first.get_by_role("button", name="Propose…").click()
    expect(first.get_by_text("Срок составляет десять лет.")).to_be_visible()
    axe(first)
    first.get_by_role("button", name="Propose for Upper Basin").click()
    # It waits on the other side's overview, and is accepted from there.
    again_until(second, second.get_by_text("To release together: Joint communiqué"), f"{lower.address}/")
    step(second, lower.address, "Read and accept…", "Accept for Lower Basin").click()
    expect(second.get_by_text("On record. It stands.")).to_be_visible()
    for page, own, name in ((first, upper, "Upper Basin"), (second, lower, "Lower Basin")):
        button = step(page, own.address, "Read and sign…", f"Sign for {name}")
        if page is first:  # axe is a script
            axe(page)
        button.click()
        expect(page.get_by_text("On record. It stands.")).to_be_visible()
    # Nothing is public before it is handed over.
    reader = windows.page("anybody", venue)
    expect(reader.get_by_text("Upper Basin")).to_have_count(0)
    step(first, upper.address, "Release…", "Release now").click()
    expect(first.get_by_text("It stands on the host’s public page now.")).to_be_visible()
    axe(first)
    fits(first)
    for page in (reader, windows.page("without scripts", venue, view="bare", accept_downloads=True)):
        page.goto(f"{venue}/")
        expect(page.get_by_role("heading", name="Joint communiqué")).to_be_visible()
        expect(page.get_by_text("Срок составляет десять лет.")).to_be_visible()
        expect(page.get_by_text("1 March 2027, noon in Geneva")).to_be_visible()
    axe(reader)
    for _view in seen(reader, "narrow", "forced"):
        fits(reader)
    page.goto(f"{venue}/ru")
    expect(page.get_by_text("The term is ten years.")).to_be_visible()
    with page.expect_download() as downloading:
        page.locator("a[download]").click()
    data = downloading.value.path().read_bytes()
    assert downloading.value.suggested_filename == "communique.goodoffices"
    assert verify_communique(data).text["en"].startswith("Joint communiqué")
