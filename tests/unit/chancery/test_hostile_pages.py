"""A delegation that writes markup, paths and imitations into every field: what its words become on our screens."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from tests.support import hostile
from tests.support.house import PASSPHRASE
from tests.support.waiting import until
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk.names import apart, looks

_ADDRESSES = ("href", "src", "action", "formaction")


@pytest.fixture(scope="module")
def upper(tmp_path_factory) -> Iterator[Pages]:
    with hostile.HostileHouse(tmp_path_factory.mktemp("hostile")) as house:
        hostile.fill(house, (hostile.MARKUP, hostile.FRAME, hostile.PATHS))
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
    """Return the pages that links lead to, by address; of those that differ by a number alone, three."""
    found: dict[str, str] = {}
    shapes: Counter[str] = Counter()
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
        shape = re.sub(r"\d+|[0-9a-f]{16,}", "0", path)
        if path in found or not path or shapes[shape] > 2:
            continue
        shapes[shape] += 1
        answer = pages.client.get(path, follow_redirects=True)
        assert answer.status_code < 500, (path, answer.text)
        found[path] = answer.text if "html" in answer.headers["content-type"] else ""
        reader = Reader()
        reader.feed(found[path])
        assert not reader.wrong, (path, reader.wrong[:3])
        waiting += sorted(reader.links - found.keys())
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


def test_no_delegation_is_called_by_a_name_that_looks_like_ours():
    for name in (
        "Upper Basin",
        "UPPER  BASIN.",
        "Upp\u0435r B\u0430sin",
        "\uff35pper Basin",
        "Upper Bas1n",
        "\u200b",
        "...",
    ):
        told = apart({"0" * 32: name, "1" * 32: "Upper Basin", "2" * 32: "Delta"}, "1" * 32)
        assert told["0" * 32] == f"{name} (00000000)"
        assert (told["1" * 32], told["2" * 32]) == ("Upper Basin", "Delta")
    assert apart({"0" * 32: "Lower Basin", "1" * 32: "Upper Basin"}, "1" * 32)["0" * 32] == "Lower Basin"
    assert looks("Uрр\u0435r B\u0430sin") == looks("Upper Basin")
