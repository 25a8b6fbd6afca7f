"""The host's offer on the page of its sounding: accepted wholly, in part, not at all."""

from __future__ import annotations

import time

import pytest
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import offers, sounding_lists
from good_offices.desk.soundings import marks
from good_offices.soundings.context import Option

HOUR = 3_600_000
WORDS = {"offer": "We accept these good offices", "places": "Places: a house", "rooms": "Rooms: two"}


def opened(desk, about="host"):
    now = time.time_ns() // 1_000_000
    when = sounding_lists.When(now + HOUR, now + 9 * HOUR, 1_000)
    options = [Option(words={"en": words}, value=value) for value, words in WORDS.items()]
    event = sounding_lists.opened("options", about, {"en": "The offer"}, options, when, now=now)
    assert desk.act("sounding", event).verdict.status == "valid"
    return max(desk.talks.sounding.every(), key=lambda one: one.index)


@pytest.fixture
def offered(tmp_path):
    with House(tmp_path) as house:
        desk = house.desks.pop(0)
        sounding = opened(desk)
        other = opened(desk, about="place")
        desk.close()
        with Pages(desk.storage.folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            yield pages, sounding, other


def held(pages, sounding):
    return marks.choice(sounding, marks.kept(pages.seat.desk, sounding).chosen)


def test_wholly_in_part_or_nothing_in_the_words_of_the_offer(offered):
    pages, sounding, _other = offered
    here = f"/soundings/{sounding.id.hex()}"
    page = pages.get(here)
    for words in ("Places: a house", "Accept it wholly", "Accept nothing", "doing nothing is no"):
        assert words in page
    for form, wanted in (
        ({"way": "wholly"}, (True, True, True)),
        ({"way": "parts", "part": "rooms"}, (True, False, True)),
        ({"way": "nothing"}, (False, False, False)),
    ):
        assert "Kept at this desk, not sealed." in pages.post(f"{here}/offer", back=here, **form)
        assert held(pages, sounding) == wanted
    assert "no part of the offer is chosen" in pages.post(f"{here}/offer", back=here, way="parts").lower()
    assert "no part called gifts" in pages.post(f"{here}/offer", back=here, way="parts", part="gifts")
    # That a list was opened stands in the record, in the room of soundings.
    record = pages.get("/record")
    assert "Sounding opened: The offer" in record
    assert "Soundings Head 0 Upper Basin Sounding opened" in record
    assert "Sounding opened" in pages.get(f"/record/sounding/{sounding.index}")
    # What each side learns stands before the seal.
    assert "Seal" in pages.post(f"{here}/offer", back=here, way="seal")
    assert marks.standing(pages.seat.desk, sounding) == "kept"


def test_another_sounding_is_no_offer(offered):
    pages, _sounding, other = offered
    here = f"/soundings/{other.id.hex()}"
    assert not offers.is_offer(pages.seat.desk, other)
    assert "Accept it wholly" not in pages.get(here)
    assert "not the list of an offer" in pages.post(f"{here}/offer", back=here, way="wholly")
