"""Numbered lines on the screen are those of the page, are no part of the words, and are each reader's own choice."""

from __future__ import annotations

import html
import re
import time

import pytest
from tests.support import river
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.chancery.paper.numbering import lines
from good_offices.chancery.text.cells import cell
from good_offices.clerk import names
from good_offices.text.model import Unit
from good_offices.text.notation import parse

NAMES = {"up": "Upper Basin"}
LONG = (
    "the Parties shall exchange hydrological data of the river each month in the form agreed by the experts "
)
RTL = "تتبادل الأطراف شهريا البيانات الهيدرولوجية للنهر في الشكل الذي اتفق عليه الخبراء " * 3
TEXTS = {
    "words": LONG * 5,
    "lines of its own": f"{LONG}\n{LONG * 2}\n\nEnd.",
    "spaces": "a   b  " * 60,
    "emphasis over an end": f"*{LONG * 2}* and **{LONG * 2}** end",
    "brackets": f"[{LONG * 2}[{LONG}][none]] [{LONG}] / [{LONG}] {{a number of days to be agreed}}[^1] " * 2,
    "slash": f"[{LONG} / {LONG * 2} / none] {LONG}",
    "who": f"{LONG} [{LONG} - Upper Basin retain][{LONG * 2}]",
    "from right to left": RTL,
    "no space": "x" * 300,
    "markup": "a < b & c > d “quoted” " * 20,
}
MARK = re.compile(r'<i class="no( on)?" data-no="(\d+)" aria-hidden="true"></i>')


def made(words, kind="paragraph"):
    runs = parse(words, "s.", names={"Upper Basin": "up"})
    return Unit(id="u", kind=kind, texts={"en": runs})


def bare(markup):
    # The sign between two slots is a gap on the screen, and a dash before a name is a longer one.
    words = html.unescape(re.sub(r"<[^>]+>", "", str(markup).replace('<span class="apart"', "|<span")))
    return words.replace(" – ", " - ")


@pytest.mark.parametrize("words", TEXTS.values(), ids=TEXTS)
def test_each_line_of_a_cell_is_that_line_of_the_page(words):
    unit = made(words)
    found = lines(unit, "en", names=NAMES)
    shown = str(cell(unit.texts["en"], NAMES, found))
    assert MARK.sub("", shown) == str(cell(unit.texts["en"], NAMES))
    head, *parts = MARK.split(shown)
    assert bare(head) == ""
    assert [int(one) for one in parts[1::3]] == [one.number for one in found]
    for place, (on, part, line) in enumerate(zip(parts[0::3], parts[2::3], found, strict=True)):
        ended = found[place - 1].last if place else True
        assert (on is None) == ended
        read = bare(part).replace("|", "")
        end = "\n" if line.last and line is not found[-1] else ""
        assert read == (line.text + line.gap + end).replace("|", "").replace(" – ", " - ")


def test_a_heading_has_no_numbers():
    unit = made(LONG * 3, "heading")
    found = lines(unit, "en")
    assert len(found) > 1
    assert "data-no" not in cell(unit.texts["en"], {}, found)


@pytest.fixture(scope="module")
def talks(tmp_path_factory):
    with House(tmp_path_factory.mktemp("lined"), played=river.half_way) as house:
        desk = house.desks.pop(0)
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            yield pages, house.desks[0]


def numbers(page, unit):
    """Return the numbers beside a provision, one list for each language."""
    (section,) = re.findall(rf'<section class="para[^"]*" id="unit-{unit}">.*?</section>', page, re.DOTALL)
    cells = re.findall(
        r'<div class="txt[^"]*" lang="(\w+)".*?</div>', section.partition("<article")[0], re.DOTALL
    )
    found = re.findall(
        r'<div class="txt[^"]*" lang="\w+"[^>]*>(.*?)</div>', section.partition("<article")[0], re.DOTALL
    )
    return {
        one: [int(number) for _on, number in MARK.findall(words)]
        for one, words in zip(cells, found, strict=True)
    }


def test_a_reader_chooses_numbers_and_they_are_those_of_the_page(talks):
    pages, _other = talks
    pages.get("/text/river")
    assert "data-no=" not in pages.page
    assert 'aria-pressed="false"' in pages.page
    pages.post("/text/river/lines", lines="1", back="/text/river?only=open")
    assert pages.path == "/text/river"
    assert 'aria-pressed="true"' in pages.page
    pages.get("/text/river")
    text = pages.seat.desk.talks.plenary.texts["river"]
    called = names.delegations(pages.seat.desk)
    for unit in text.instrument.units:
        if unit.kind != "layout":
            assert numbers(pages.page, unit.id) == {
                one: [line.number for line in lines(unit, one, names=called) if line.number]
                for one in unit.texts
            }
    # It is a choice of its own, which the other choices leave alone, and it is taken back.
    pages.post("/text/river/view", language=["en", "ru"], counts="1")
    assert "data-no=" in pages.page
    pages.post("/text/river/lines", lines="", back="/text/river")
    assert "data-no=" not in pages.page
    assert "provisions open" in pages.page


def test_an_acceptance_on_the_text_may_end(talks):
    pages, _other = talks
    desk = pages.seat.desk
    unit = desk.talks.plenary.texts["river"].instrument.unit("u4")
    typed = {"base": unit.digest.hex(), "words.en": "The Parties consult."}
    pages.post("/text/river/propose/u4", **typed)
    assert 'name="until"' in pages.page
    size = desk.common.ledger.size
    assert "time" in pages.confirm(until="next spring")
    assert (pages.status, desk.common.ledger.size) == (409, size)
    pages.post("/text/river/propose/u4", **typed)
    pages.confirm(until="2199-03-01T12:00")
    (event,) = [line.act.event for line in pages.seat.lines(desk.common)[size:] if line.act]
    assert time.gmtime(event.until / 1000)[:2] == (2199, 3)
    # With this acceptance all have accepted: there is nothing left to wait for, and nothing to end.
    assert "it has effect at once" in pages.post("/text/river/accept", proposal="P-1")
    assert 'name="until"' not in pages.page
    for step, ends in (("agree", True), ("confirm", False)):
        pages.get(f"/text/river/step/{step}?unit=u4")
        assert ('name="until"' in pages.page) == ends
