"""A delegation that writes markup, paths and imitations into every field: what its words become on our screens."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.support import hostile
from tests.support.house import PASSPHRASE
from tests.unit.chancery.desk_pages import Pages

_ADDRESSES = ("href", "src", "action", "formaction")


def until(condition, seconds=15.0):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="module")
def upper(tmp_path_factory) -> Iterator[Pages]:
    with hostile.HostileHouse(tmp_path_factory.mktemp("hostile")) as house:
        hostile.fill(house)
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.seat.open(PASSPHRASE)
            assert until(lambda: pages.seat.state == "up-to-date")
            yield pages


class Reader(HTMLParser):
    """What a browser would make of a page: its elements, and what is in their attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.wrong: list[str] = []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("img", "iframe", "object", "base", "embed", "style"):
            self.wrong.append(f"<{tag}>")
        if tag == "script" and not str(values.get("src", "")).startswith("/static/"):
            self.wrong.append("a script that is not ours")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                self.wrong.append(f"{tag} {name}={value}")
            if name in _ADDRESSES and not re.match(r"/(?!/)|#", value or ""):
                self.wrong.append(f"{tag} {name}={value}")
            if name in ("id", "class", "lang", "name") and ("<" in value or '"' in value):
                self.wrong.append(f"{tag} {name}={value}")
        if tag == "a":
            self.links.add(str(values.get("href", "")).partition("#")[0])


def crawled(pages: Pages) -> dict[str, str]:
    """Return every page that links lead to, by its address."""
    found: dict[str, str] = {}
    waiting = [
        "/",
        "/room",
        "/notes",
        "/record/verify",
        "/record/evidence",
        "/record/doubts",
        "/live/news?since=0.0",
    ]
    while waiting:
        path = waiting.pop()
        if path in found or not path or (path.startswith("/record/c") and re.search(r"/\d*[1-9]$", path)):
            continue
        answer = pages.client.get(path, follow_redirects=True)
        assert answer.status_code < 500, (path, answer.text)
        found[path] = answer.text if "html" in answer.headers["content-type"] else ""
        reader = Reader()
        reader.feed(found[path])
        assert not reader.wrong, (path, reader.wrong[:3])
        waiting += reader.links - found.keys()
    return found


def test_no_word_of_the_other_side_becomes_markup_or_an_address_on_any_screen(upper):
    before = {name: upper.seat.desk.storage.get(name) for name in upper.seat.desk.storage.names("")}
    pages = crawled(upper)
    assert len(pages) > 40
    said = [page for page in pages.values() if "&lt;script&gt;alert(2)" in page]
    assert len(said) > 15
    assert not [
        path
        for path, page in pages.items()
        if "<script>alert" in page or "7 * 7 = 49" in page or "${49}" in page
    ]
    after = {name: upper.seat.desk.storage.get(name) for name in upper.seat.desk.storage.names("")}
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert not {name for name in changed if not name.startswith("text-seen/")}, changed
