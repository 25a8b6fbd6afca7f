"""The page of conditions: asking, signing, handing over, what the host answers."""

from __future__ import annotations

import pytest
from tests.support.conditions import request
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import pending
from good_offices.clerk.conditions import state as told_of
from good_offices.clerk.needs import needs
from good_offices.desk import conditions
from good_offices.register.conditions import AnsweredItem
from good_offices.talks.events_conditions import ConditionsRequested
from good_offices.venue.clear import conditions as venue

PAGE = "/meetings/conditions"


@pytest.fixture
def house(tmp_path):
    with House(tmp_path) as house:
        yield house


def opened(house):
    desk = house.desks.pop(0)
    desk.close()
    return Pages(desk.storage.folder)


def unlocked(pages):
    pages.post("/unlock", passphrase=PASSPHRASE)
    return pages


def kinds(desk):
    desk.sync()
    lines = list(desk.common.lines())
    since = {desk.common.ledger.register: 0, desk.caucus.ledger.register: 0}
    return [one["kind"] for one in needs(desk, lines, [], since)]


def row(**fields):
    columns = ("key", "kind", "words", "language", "from", "to", "begins", "ends")
    return {f"item-{one}": fields.get(one, "") for one in columns}


def test_asked_signed_handed_over_and_answered(house):
    ours, theirs = house.desks
    event = ConditionsRequested(request=request(ours.identity.place.talks, ours.talks.roster.expected))
    ours.act("plenary", event)
    assert "joint" in kinds(theirs)
    theirs.act("plenary", event)
    assert "conditions-sign" in kinds(theirs)
    assert "conditions-sign" in kinds(ours)
    theirs.act("plenary", conditions.signed(theirs, 1))
    with opened(house) as pages:
        through_the_page(house, unlocked(pages), theirs)


def test_a_request_that_was_confirmed_is_shown_as_what_it_is(house):
    ours, theirs = house.desks
    expert = house.join(ours, "Expert", powers=("speak",))
    event = ConditionsRequested(request=request(ours.identity.place.talks, ours.talks.roster.expected))
    kept = expert.act("plenary", event, unconfirmed=True)
    ours.sync()
    ours.act("plenary", pending.confirmation(ours, kept.verdict.index))
    theirs.sync()
    for desk in (ours, theirs):
        (told,) = told_of(desk)["pending"]
        assert told["number"] == event.request.number
        assert len(told["items"]) == len(event.request.items)
    # What was confirmed waits like any other, and is accepted by the entry of its confirmation.
    (waiting,) = pending.pending(theirs)["joint"]
    theirs.act("plenary", pending.acceptance(theirs, str(waiting["index"]), None))
    assert theirs.talks.plenary.conditions


def through_the_page(house, pages, theirs):
    assert "Two rooms of equal size" in pages.get(PAGE)
    asked = pages.post(f"{PAGE}/sign", number="1", back=PAGE)
    assert "A signature is not taken back" in asked
    done = pages.post(f"{PAGE}/sign", number="1", back=PAGE, confirmed="yes")
    assert "Signed by all for the host" in done
    assert "conditions-hand-over" in kinds(theirs)
    assert venue.asked(house.venue.folder) == []
    assert "reads these words in clear" in pages.post(f"{PAGE}/hand-over", number="1", back=PAGE)
    assert venue.asked(house.venue.folder) == []
    pages.post(f"{PAGE}/hand-over", number="1", back=PAGE, confirmed="yes")
    (held,) = venue.asked(house.venue.folder)
    answer = [
        AnsweredItem(key="rooms", says="confirmed"),
        AnsweredItem(
            key="days", says="changed", words="A week later", language="en", begins=1_778_500_000_000
        ),
    ]
    venue.answer(house.venue.folder, held.request.talks.hex(), 1, answer)
    shown = pages.post(f"{PAGE}/answers", back=PAGE)
    for words in ("confirmed by the host", "the host offers a change", "A week later", "not answered yet"):
        assert words in shown
    assert "conditions-answered" in kinds(theirs)


def test_the_form_becomes_a_request_in_two_steps(house):
    with opened(house) as pages:
        fill_in(unlocked(pages))


def fill_in(pages):
    assert "Condition 1" in pages.get(f"{PAGE}/ask")
    fields = row(kind="interpretation", words="Both ways", language="en", **{"from": "en", "to": "kk"})
    asked = pages.post(f"{PAGE}/ask", back=PAGE, **fields)
    assert "Nothing reaches the host by this" in asked
    assert "Both ways" in asked
    again = pages.post(f"{PAGE}/ask", back=PAGE, **row(kind="rooms", language="en"))
    assert "empty" in again
    unreadable = pages.post(
        f"{PAGE}/ask", back=PAGE, **row(kind="rooms", words="x", language="en", begins="soon")
    )
    assert "time" in unreadable


def test_a_number_that_is_none(house):
    with opened(house) as pages:
        unlocked(pages)
        for number in ("", "x", "7", "99999"):
            assert "has been accepted by all" in pages.post(f"{PAGE}/sign", number=number, back=PAGE)
