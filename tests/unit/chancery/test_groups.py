"""The pages of group rooms at one desk: proposed, named, spoken in, referred, closed; and closed to who is not named."""

from __future__ import annotations

import re

import pytest
from tests.support.house import PASSPHRASE, House
from tests.unit.chancery.desk_pages import Pages

from good_offices.clerk import drafting, names, pending, referred, rooms_view
from good_offices.clerk.authors import Authors
from good_offices.desk.desk import Desk
from good_offices.talks.events_plenary import ItemProposed, StatementMade
from good_offices.talks.events_rooms import RoomMembersNamed, RoomOpened
from good_offices.text.importing import read_draft

OPEN = {
    "title": "Gauges",
    "mandate": "To measure the flow.",
    "kind": "contact-group",
    "level": "experts",
    "language": "en",
    "back": "/groups",
}


@pytest.fixture
def table(tmp_path):
    """The pages of one head of delegation, and the desk of the other."""
    with House(tmp_path) as house:
        house.join(house.desks[0], "Expert", powers=("speak",))
        upper, lower, expert = house.desks
        folder = upper.storage.folder
        upper.close()
        house.desks.remove(upper)
        with Pages(folder) as pages:
            pages.post("/unlock", passphrase=PASSPHRASE)
            yield pages, lower, expert


def synced(pages: Pages, *desks: Desk) -> None:
    """Bring the seat's desk and others up to date."""
    for _ in range(3):
        with pages.seat.speaking() as desk:
            desk.sync()
        for one in desks:
            one.sync()
    with pages.seat.speaking() as desk:
        desk.sync()


def papers_of(pages: Pages, lower: Desk, expert: Desk, room: str) -> None:
    """Pass a non-paper and an aide-memoire in a group, with what is typed kept as its draft; a letter has no place there."""
    place = f"/groups/{room}"
    pages.get(place)
    assert 'id="kind-non-paper"' in pages.page
    assert "letter" not in pages.page
    pages.post("/rooms/draft", draft=f"{room}-non-paper", text="If it were 210", language="en")
    pages.get(f"{place}?write=non-paper")
    assert "If it were 210</textarea>" in pages.page
    assert "If it were 210" not in pages.get("/plenary")
    shown = pages.post(
        f"{place}/non-paper", draft=f"{room}-non-paper", text="If it were 210", subject="Flow", language="en"
    )
    assert "Nobody signs it." in shown
    assert "Seen by those named for this group: " in shown
    assert "Nobody has signed it." in pages.confirm()
    assert pages.path == place
    pages.get(place)
    assert "If it were 210</textarea>" not in pages.page
    pages.post(f"{place}/say", form="note", note_kind="aide-memoire", text="For memory.", language="en")
    synced(pages, lower, expert)
    said = rooms_view.told(
        lower, room, rooms_view.room_lines(lower, room, lower.common.lines()), Authors(lower)
    )
    assert [one["kind"] for one in said if one.get("text") in ("If it were 210", "For memory.")] == [
        "non-paper",
        "note",
    ]
    assert said[-1]["note_kind"] == "aide-memoire"


def test_a_group_from_its_page(table):
    pages, lower, expert = table
    assert "No room but the plenary has been opened yet." in pages.get("/groups")
    shown = pages.post("/groups", **OPEN)
    assert "It is open when every delegation has accepted exactly this" in shown
    assert "To measure the flow." in shown
    assert "when the other side has accepted the same" in pages.confirm()
    synced(pages, lower)
    (waits,) = pending.pending(lower)["joint"]
    lower.act("plenary", pending.acceptance(lower, str(waits["index"]), None))
    synced(pages, lower)
    (room,) = pages.seat.desk.talks.plenary.groups.rooms
    page = pages.get(f"/groups/{room}")
    assert "You are not named for this group" in page
    me = pages.seat.desk.identity.person.member
    assert "They read and speak here with the next keys" in pages.post(
        f"/groups/{room}/members", member=[me, expert.identity.person.member], back=f"/groups/{room}"
    )
    assert "On record" in pages.confirm()
    lower.sync()
    lower.act("plenary", RoomMembersNamed(room=room, members=(lower.identity.person.member,)))
    synced(pages, lower, expert)
    page = pages.get(f"/groups/{room}")
    assert "Seen by those named for this group: " in page
    assert "Head 0 (Upper Basin)" in page
    assert "By nobody else of any delegation." in page
    said = pages.post(f"/groups/{room}/say", text="Two hundred.", language="en", form="statement", item="")
    assert "On record in the group." in said
    lower.sync()
    answer = lower.act(room, StatementMade(text="Since when?", language="en"))
    lower.act(room, ItemProposed(title="The gauge at Kelm"))
    synced(pages, lower, expert)
    page = pages.get(f"/groups/{room}?to={answer.verdict.index}")
    assert "Since when?" in page
    assert f'name="to" value="{answer.verdict.index}"' in pages.page
    pages.post(f"/groups/{room}/say", text="2019.", language="en", form="note", to=str(answer.verdict.index))
    assert "Answered by" in pages.get(f"/groups/{room}")
    papers_of(pages, lower, expert, room)
    # What waits in the group is accepted from the ordinary page.
    (waits,) = pending.pending(pages.seat.desk)["joint"]
    assert waits["room"] == room
    pages.get(f"/accept?index={waits['index']}&back=/groups/{room}")
    pages.confirm()
    synced(pages, lower)
    item = ItemProposed(title="The gauge at Kelm")
    assert pages.seat.desk.talks.groups[room].agenda[item.content.hex()].agreed
    shown = pages.post(
        f"/groups/{room}/refer",
        subject=item.content.hex(),
        title="The gauge",
        text="As agreed.",
        language="en",
        way="up",
        other="plenary",
        back=f"/groups/{room}",
    )
    assert "It binds that room to nothing" in shown
    assert "Seen by all delegations" in shown
    pages.confirm()
    assert "to refer “The gauge” from Gauges to the plenary" in pages.get(f"/groups/{room}")
    shown = pages.post(f"/groups/{room}/close", back=f"/groups/{room}")
    assert "It is closed when every delegation has accepted that" in shown


def test_who_is_not_named_sees_who_reads_and_nothing_that_was_said(table):
    pages, lower, expert = table
    pages.post("/groups", **OPEN)
    pages.confirm()
    synced(pages, lower)
    (waits,) = pending.pending(lower)["joint"]
    lower.act("plenary", pending.acceptance(lower, str(waits["index"]), None))
    synced(pages, lower, expert)
    (room,) = pages.seat.desk.talks.plenary.groups.rooms
    pages.post(f"/groups/{room}/members", member=[expert.identity.person.member], back=f"/groups/{room}")
    pages.confirm()
    lower.sync()
    lower.act("plenary", RoomMembersNamed(room=room, members=(lower.identity.person.member,)))
    synced(pages, lower, expert)
    expert.act(room, StatementMade(text="Between experts.", language="en"))
    synced(pages, lower, expert)
    page = pages.get(f"/groups/{room}")
    assert "You are not named for this group" in page
    assert "Expert" in page
    for path in (f"/groups/{room}", "/groups", "/", "/plenary", "/record?kind=all", "/since"):
        assert "Between experts." not in pages.get(path)
    refused = pages.post(f"/groups/{room}/say", text="May I?", language="en", form="statement", item="")
    assert "not among the readers" in refused
    assert pages.get("/groups/" + "0" * 32)
    assert pages.status == 404


def test_what_came_in_a_group_is_told_and_found_where_it_was_said(table):
    pages, lower, expert = table
    pages.post("/groups", **OPEN)
    pages.confirm()
    synced(pages, lower)
    (waits,) = pending.pending(lower)["joint"]
    lower.act("plenary", pending.acceptance(lower, str(waits["index"]), None))
    synced(pages, lower, expert)
    (room,) = pages.seat.desk.talks.plenary.groups.rooms
    me = pages.seat.desk.identity.person.member
    pages.post(f"/groups/{room}/members", member=[me], back=f"/groups/{room}")
    pages.confirm()
    lower.sync()
    lower.act("plenary", RoomMembersNamed(room=room, members=(lower.identity.person.member,)))
    synced(pages, lower)
    done = lower.act(room, StatementMade(text="Between heads.", language="en"))
    synced(pages, lower)
    told = pages.get("/since")
    assert "Between heads." in told
    assert f"/groups/{room}?at={done.verdict.index}#e{done.verdict.index}" in pages.page
    assert "to open the group “Gauges”" in told
    assert "Between heads." in pages.get(f"/groups/{room}?at={done.verdict.index}")
    listed = pages.get("/record?room=group")
    assert "Group room" in listed
    assert "Between heads." in pages.get(f"/record/group/{done.verdict.index}")
    assert "Between heads." not in pages.get("/record?room=plenary")


def test_words_of_the_other_side_are_words_on_these_pages(table):
    pages, lower, _expert = table
    hostile = "<img src=x onerror=alert(1)>"
    opening = RoomOpened(
        title=hostile, kind="level", level="experts", mandate=f"{hostile} To measure.", language="en"
    )
    lower.act("plenary", opening)
    synced(pages, lower)
    assert "To measure." in pages.get("/groups")
    assert "<img" not in pages.page
    (waits,) = pending.pending(pages.seat.desk)["joint"]
    pages.get(f"/accept?index={waits['index']}&back=/groups")
    assert "<img" not in pages.page
    pages.confirm()
    synced(pages, lower)
    (room,) = pages.seat.desk.talks.plenary.groups.rooms
    pages.get(f"/groups/{room}")
    assert pages.status == 200
    assert "<img" not in pages.page


def referred_and_tabled(pages: Pages, lower: Desk, expert: Desk, room: str) -> None:
    """Refer a text up, let the group change it, and table in the plenary what was referred."""
    place = f"/groups/{room}"
    text = names.text_named(names.state(lower, room), "river")
    subject = text.instrument.digest.hex()
    pages.post(
        f"{place}/refer", subject=subject, title="On flow", text="As it is.", language="en", way="up",
        other="plenary", back=place,
    )  # fmt: skip
    pages.confirm()
    lower.sync()
    (waits,) = [one for one in pending.pending(lower)["joint"] if one["event"] == "ReferredToLevel"]
    assert "Table it" not in pages.get("/text/~/table")
    lower.act("plenary", pending.acceptance(lower, str(waits["index"]), None))
    wanted = {text.instrument.units[0].id: {"en": "The Parties [shall] measure."}}
    assert lower.act(room, drafting.brackets(lower, text, wanted)).verdict.status == "valid"
    synced(pages, lower, expert)
    assert "Nothing with this hash" not in pages.get(place)
    assert "To be tabled: Plenary" in pages.get(place)
    assert "from Gauges" in pages.get("/text/~/table")
    shown = pages.post("/text/~/referred", subject=subject, back=place)
    assert "Referred from Gauges, entry" in shown
    assert "The Parties shall measure." in shown
    assert "Seen by all delegations" in shown
    pages.confirm()
    # The plenary has a text of this name: the other one has a number behind it, and the words of the referral.
    assert pages.path == "/text/river-2"
    assert "Referred from Gauges, entry" in pages.get("/text/river-2")
    assert "The Parties shall measure." in pages.get("/text/river-2")
    assert "Table it" not in pages.get("/text/~/table")
    assert "nothing that was referred" in pages.post("/text/~/referred", subject="00" * 32).lower()
    synced(pages, lower, expert)
    # Whoever does not read the group sees where it comes from as well.
    tabled = names.text_named(expert.talks.plenary, "river-2").instrument
    assert referred.origin(expert, "plenary", tabled).title == "On flow"
    assert referred.ready(expert, "plenary") == []


def works_in_the_group(pages: Pages, text: str, unit: str) -> None:
    """Keep a draft, propose, take a stance, write a note, in a text of a group by its pages."""
    pages.get(f"{text}/propose/{unit}")
    base = re.search(r'name="base" value="([0-9a-f]+)"', pages.page)[1]
    typed = {"base": base, "words.en": "The Parties shall weigh.", "condition": "", "amend": "0", "from": ""}
    assert "The draft is kept" in pages.post(f"{text}/draft/{unit}", **typed)
    assert "Drafts at this desk" in pages.get(text)
    assert "Seen by those named for this group: " in pages.post(
        f"{text}/propose/{unit}", way="words", **typed
    )
    assert "On record" in pages.confirm()
    assert pages.path == text
    assert "weigh. Amend Withdraw" in pages.get(text)
    assert "is withdrawn" in pages.post(
        f"{text}/withdraw", proposal=re.search(r'value="(P-\d+)"', pages.page)[1]
    )
    assert "Seen by those named for this group: " in pages.get(f"{text}/unit/{unit}")
    assert "On record as your" in pages.post(f"{text}/stance/{unit}", says="supports", about="", words="")
    name = text.removeprefix("/groups/").replace("/text/", "/")
    pages.post("/notes", text=name, unit=unit, words="Ours alone.")
    assert "Gauges: Flow" in pages.get("/notes")
    assert "Ours alone." in pages.page
    pages.get(f"/room?of={name.partition('/')[0]}&text=river")
    assert "should" in pages.page
    assert "Seen by those named for this group: " in pages.get(f"{text}/paper")
    assert "do not allow the silence procedure" in pages.get(f"{text}/silence")
    assert "Back to the text · Gauges" in pages.get(f"{text}/silence")
    assert pages.get(f"{text}/whole")
    assert pages.status == 200


def test_a_text_of_a_group_is_worked_on_as_that_of_the_plenary_and_a_file_stays_in_the_group(table):
    pages, lower, expert = table
    pages.post("/groups", **OPEN)
    pages.confirm()
    synced(pages, lower)
    (waits,) = pending.pending(lower)["joint"]
    lower.act("plenary", pending.acceptance(lower, str(waits["index"]), None))
    synced(pages, lower, expert)
    (room,) = pages.seat.desk.talks.plenary.groups.rooms
    place = f"/groups/{room}"
    me = pages.seat.desk.identity.person.member
    pages.post(f"{place}/members", member=[me], back=place)
    pages.confirm()
    lower.sync()
    lower.act("plenary", RoomMembersNamed(room=room, members=(lower.identity.person.member,)))
    synced(pages, lower, expert)
    # The plenary has another text of the same name.
    for where, words in (
        ("plenary", "1. The Parties share."),
        (room, "7. The Parties [shall][should] measure."),
    ):
        draft = read_draft(f"{words}\n".encode(), ".md")
        done = lower.act(where, drafting.tabled({"en": draft}, "river", {"en": "Flow"}))
        assert done.verdict.status == "valid"
    text = names.text_named(names.state(lower, room), "river")
    wanted = {text.instrument.units[0].id: {"en": "The Parties shall measure."}}
    proposed = lower.act(room, drafting.amendment(lower, text, wanted, name="p1"))
    synced(pages, lower, expert)
    page = pages.get(place)
    assert f'href="{place}/text/~/table"' in pages.page
    assert f'href="{place}/text/river"' in pages.page
    page = pages.get(f"{place}/text/river")
    assert "should" in page
    assert "The Parties share." not in page
    assert "Seen by those named for this group: " in page
    assert "p1" in page
    # Nothing on it leads to the screens of the plenary's text.
    assert 'href="/text/river' not in pages.page
    assert 'action="/text/river' not in pages.page
    assert f'formaction="{place}/text/river/accept"' in pages.page
    assert "Version 1" in page
    works_in_the_group(pages, f"{place}/text/river", unit := text.instrument.units[0].id)
    # A provision is called what the group calls it, and not what bears its id in the plenary.
    assert "proposal p1 on 7" in pages.get(place)
    page = pages.get("/text/river")
    assert "Version 1" in page
    assert "measure" not in page
    pages.get("/since")
    assert f"{place}/text/river" in pages.page
    # What was proposed is accepted on the group's page, with its words.
    index = proposed.verdict.index
    page = pages.get(f"/accept?index={index}&back={place}")
    assert "should" in page
    pages.confirm()
    synced(pages, lower)
    changed = names.text_named(names.state(lower, room), "river").instrument.units[0]
    assert "should" not in str(changed.texts)
    assert "should" not in pages.get(f"{place}/text/river/step/agree")
    assert "Seen by those named for this group: " in pages.get(f"{place}/text/river/step/agree")
    shown = pages.get(f"{place}/text/river/compare")
    assert "removed" in shown
    assert "share" not in shown
    # The plenary's own text of this name was not touched, nor has it the group's draft.
    assert "share" in pages.get("/text/river")
    assert "Drafts at this desk" not in pages.page
    assert "share" in pages.get(f"/text/river/propose/{unit}")
    assert "Seen by all delegations" in pages.get(f"/text/river/propose/{unit}")
    assert pages.get(f"{place}/text/none")
    assert pages.status == 400
    referred_and_tabled(pages, lower, expert, room)
    # A file of the group.
    assert "on its way to all who read this group" in pages.post(
        f"{place}/annex", {"file": b"Kelm"}, title="A map"
    )
    synced(pages, lower, expert)
    (one,) = rooms_view.annexes(lower, room)
    assert (one["title"], one["state"]) == ("A map", "here")
    assert f"{place}/annex/file?annex={one['annex']}" in pages.client.get(place).text
    assert pages.client.get(f"{place}/annex/file?annex={one['annex']}").content == b"Kelm"
    assert "A map" not in pages.get("/plenary")
    assert rooms_view.annexes(expert, room) == []
    assert pages.post("/groups/caucus/annex", {"file": b"x"})
    assert pages.status == 404
