"""Every link within the pages leads to a page that is there, and to the place on it that it names."""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin

import pytest
from tests.support import river
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_text import StanceTaken

FIRST = (
    "/",
    "/since",
    "/agenda",
    "/plenary",
    "/caucus",
    "/groups",
    "/text",
    "/signature",
    "/record",
    "/people",
    "/notes",
)
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
MANY = 110


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    with House(tmp_path_factory.mktemp("links"), played=river.half_way) as house:
        lower = house.desks[1]
        lower.sync()
        # An old entry that is asked about, then more than a page of others; and a proposal to take a provision out.
        lower.act("plenary", StanceTaken(instrument="river", says="reserves", unit=river.FLOW))
        for number in range(MANY):
            lower.hand_in("plenary", StatementMade(text=f"{number}.", language="en"))
        house.settle()
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as made:
            made.post("/unlock", passphrase=PASSPHRASE)
            yield made


def links_of(page: str, path: str) -> set[str]:
    """Return the addresses within the desk that a page leads to."""
    found = {urljoin(path, html.unescape(one)) for one in LINK.findall(page)}
    return {one for one in found if one.startswith("/") and not one.startswith("//")}


def test_every_link_lands(pages):
    known: dict[str, tuple[int, str, str]] = {}

    def page_of(address: str) -> tuple[int, str, str]:
        if address not in known:
            pages.get(address)
            known[address] = (pages.status, pages.page, pages.path)
        return known[address]

    wrong = []
    for first in FIRST:
        status, page, path = page_of(first)
        assert status == 200
        for link in links_of(page, path):
            address, _, place = link.partition("#")
            status, there, _ = page_of(address)
            if status != 200 or (place and f'id="{place}"' not in there):
                wrong.append(f"{first}: {link} ({status})")
    assert not wrong, "\n".join(wrong)
