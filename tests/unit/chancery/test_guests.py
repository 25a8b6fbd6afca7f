"""Guests on the pages of a delegation, and the pages of a guest: it reads, and finds no form to write."""

from __future__ import annotations

import re

import pytest
from tests.support.guests import bring
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import pending
from good_offices.talks.events_plenary import ItemProposed, StatementMade

# What a reader may send from its own desk: nothing of it reaches the talks.
OWN = {
    "/lock",
    "/language",
    "/reading",
    "/people/passphrase",
    "/people/compare",
    "/check",
    "/record/cosigners",
    "/notes",
}
SCREENS = (
    "/",
    "/agenda",
    "/meetings",
    "/plenary",
    "/groups",
    "/text",
    "/signature",
    "/record",
    "/people",
    "/since",
    "/meetings/conditions",
    "/communique",
    "/notes",
)


@pytest.fixture
def table(tmp_path):
    """The pages of the head who brings a guest and of the guest, and the desk of the other head."""
    with House(tmp_path) as house:
        guest = bring(house, house.desks[0])
        upper, lower, _ = house.desks
        folders = [desk.storage.folder for desk in (upper, guest)]
        for desk in (upper, guest):
            desk.close()
            house.desks.remove(desk)
        with Pages(folders[0]) as head, Pages(folders[1]) as anna:
            for pages in (head, anna):
                pages.post("/unlock", passphrase=PASSPHRASE)
            yield head, anna, lower


def synced(*sides):
    for _ in range(3):
        for one in sides:
            if isinstance(one, Pages):
                with one.seat.speaking() as desk:
                    desk.sync()
            else:
                one.sync()


def test_a_guest_is_invited_on_screen_and_finds_no_form_to_write(table):
    head, anna, lower = table
    assert "You are a guest." in anna.get("/people")
    assert "Admitted; nobody has invited it" in head.get("/people")
    (certificate,) = (
        name for name, one in head.seat.desk.talks.roster.book.desks.items() if one.statement.guest
    )
    form = head.get(f"/people/guests/{certificate}/invite")
    assert 'value="Anna K."' in head.page
    assert "the host" in form
    terms = {
        "name": "Anna K.",
        "role": "interpreter",
        "provided_by": "host",
        "represents": "",
        "language": "en",
        "back": "/people",
    }
    where = f"/people/guests/{certificate}/invite"
    assert "choose the rooms again" in head.post(where, **terms).lower()
    shown = head.post(where, room=["plenary"], **terms)
    assert "Interpreter, provided by the host" in shown
    assert "everything that was said there before" in shown
    assert "when the other side has accepted the same" in head.confirm()
    synced(head, lower)
    (waits,) = pending.pending(lower)["joint"]
    lower.act("roster", pending.acceptance(lower, str(waits["index"]), None))
    lower.act("plenary", StatementMade(text="Two hundred.", language="en"))
    lower.act("plenary", ItemProposed(title="The gauge"))
    synced(head, lower, anna, lower, head, anna)
    page = head.get("/people")
    assert "Invited by all" in page
    assert "Reads: Roster and Plenary" in page
    # Who will read this, beside every field; and in the room.
    seen = "And by guests: Anna K. (Interpreter, provided by the host)."
    assert seen in head.get("/plenary")
    assert seen in head.get("/agenda")
    assert "desk whose member is not accredited" not in head.get("/people")
    # What waits, waits for delegations.
    with head.seat.speaking() as desk:
        desk.act("plenary", ItemProposed(title="The weir"))
    synced(head, lower, anna)
    for words in ("To accept", "waits for Lower Basin"):
        assert words in head.get("/")
        assert words not in anna.get("/")
    # The guest reads all of it, and nothing of the pages lets it write.
    assert "Two hundred." in anna.get("/plenary")
    assert "You are a guest here: you read, and say nothing." in anna.get("/plenary")
    for path in SCREENS:
        anna.get(path)
        found = set(re.findall(r'<form method="post" action="([^"]+)"', anna.page))
        assert found <= OWN, (path, found - OWN)
    for path in ("/caucus", "/soundings"):
        assert "says nothing" in anna.get(path)
    assert 'href="/caucus"' not in anna.page
    anna.post("/plenary/statement", text="I think", language="en", back="/plenary")
    assert "says nothing" in anna.confirm()
    # Ended by this delegation alone.
    assert "It ends at once" in head.post(f"/people/guests/{certificate}/withdraw", back="/people")
    assert "The invitation is withdrawn." in head.confirm()
    synced(head, lower, head)
    assert "No longer invited" in head.get("/people")
    assert "And by guests" not in head.get("/plenary")


def test_a_guest_is_brought_on_screen(table):
    head, _, _ = table
    assert "reads nothing at all" in head.get("/people/guests/new")
    assert "who the guest is" in head.post("/people/guests/new", name=" ")
    assert "The hand-over file for Ben L." in head.post("/people/guests/new", name="Ben L.")
    assert "propose the invitation under “Guests”" in head.page
    (one,) = re.findall(r"/people/invited/([0-9a-f]{32})/file", head.page)
    assert "Guest: reads nothing until all delegations have invited" in head.get(f"/people/admit/{one}")
