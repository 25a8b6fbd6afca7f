"""Guests at real desks: invited they have the keys, withdrawn they have no new ones, and they say nothing (spec/guests.md)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.guests import bring
from tests.support.house import House

from good_offices.desk import papers
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.talks.events_guests import GuestInvited, GuestWithdrawn
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_rooms import RoomClosed, RoomMembersNamed, RoomOpened
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.groups import group_id


def terms(desk: Desk, *rooms: str) -> GuestInvited:
    return GuestInvited(
        certificate=desk.certificate,
        role="interpreter",
        guest="Anna K.",
        provided_by="host",
        rooms=tuple(sorted(rooms or (desk.rooms["plenary"],))),
        language="en",
    )


def invite(house: House, event: GuestInvited) -> None:
    for desk in house.desks[: house.parties]:
        desk.sync()
        assert desk.act("roster", event).verdict.status == "valid"
    house.settle()


def said(desk: Desk) -> list[str]:
    return [line.act.event.text for line in desk.common.lines() if _is_said(line)]


def say(desk: Desk, text: str, room: str = "plenary") -> None:
    desk.sync()
    assert desk.act(room, StatementMade(text=text, language="en")).verdict.status == "valid"


def speaks_in_spite_of_its_own_software(hostile: pytest.MonkeyPatch, guest: Desk) -> None:
    """Let a guest's desk post a statement and a non-paper that its own checks would refuse."""
    hostile.setattr(guest, "may_post", lambda _room: None)
    hostile.setattr("good_offices.desk.desk.check_in_turn", lambda *_: None)
    hostile.setattr(papers, "_powers", lambda _desk: ("speak",))
    guest.write("plenary", StatementMade(text="I am heard", language="en"))
    papers.pass_non_paper(guest, "plenary", "Between us.", "en")


def _is_said(line: Line) -> bool:
    return (
        line.act is not None and isinstance(line.act.event, StatementMade) and line.verdict.status == "valid"
    )


def test_a_guest_reads_what_it_is_invited_to_and_nothing_before_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        say(a, "Before anybody came.")
        a.act("caucus", StatementMade(text="Among ourselves.", language="en"))
        guest = bring(house, a)
        assert said(guest) == []
        assert guest.talks.plenary.course.standing == "running"
        assert all(guest.epoch(room) is None for room in ("roster", "plenary"))
        invite(house, terms(guest))
        say(b, "While the guest was here.")
        house.settle()
        assert said(guest) == ["Before anybody came.", "While the guest was here."]
        assert guest.talks.state_hash(guest.rooms["plenary"], guest.talks.size) == a.talks.state_hash(
            a.rooms["plenary"], guest.talks.size
        )
        assert guest.caucus.ledger.size == 0
        assert (
            guest.epoch("sounding") is None or guest.epochs.secret(guest.epoch("sounding").manifest) is None
        )
        with pytest.raises(LocalError) as refused:
            guest.act("plenary", StatementMade(text="I think", language="en"))
        assert refused.value.code == "guest-desk"
        with monkeypatch.context() as hostile:
            speaks_in_spite_of_its_own_software(hostile, guest)
        b.sync()
        verdicts = [
            line.verdict.code
            for line in b.common.lines()
            if line.act and line.act.author == guest.certificate
        ]
        assert "guest-desk" in verdicts
        assert "I am heard" not in [line.act.event.text for line in b.common.lines() if _is_said(line)]
        (paper,) = [line for line in b.common.lines() if line.paper is not None]
        assert papers.origin(b, paper).shown == "unknown"
        # One delegation ends it, and what follows is sealed under keys that the guest has not.
        b.act("roster", GuestWithdrawn(certificate=guest.certificate))
        house.settle()
        say(a, "After the guest had gone.")
        house.settle()
        assert said(guest) == ["Before anybody came.", "While the guest was here."]
        assert guest.certificate not in b.epoch("plenary").readers
        assert guest.certificate not in b.epoch("roster").readers
        assert guest.epochs.secret(b.epoch("plenary").manifest) is None
        assert said(b)[-1] == "After the guest had gone."


def test_a_guest_of_a_group_goes_when_the_group_is_closed_by_an_act_that_a_desk_posts_unasked(
    tmp_path: Path,
) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        event = RoomOpened(
            title="Flow", kind="contact-group", level="experts", mandate="To measure.", language="en"
        )
        for desk in (a, b):
            desk.sync()
            desk.act("plenary", event)
        room = group_id(a.identity.place.talks, event.content)
        for desk in (a, b):
            desk.sync()
            desk.act("plenary", RoomMembersNamed(room=room, members=(desk.identity.person.member,)))
        house.settle()
        say(a, "Two hundred.", room)
        guest = bring(house, a)
        invite(house, terms(guest, room))
        assert said(guest) == ["Two hundred."]
        for desk in (a, b):
            desk.sync()
            desk.act("plenary", RoomClosed(room=room))
        house.settle()
        ends = [
            line.act.event
            for line in b.common.lines()
            if line.act is not None and isinstance(line.act.event, GuestWithdrawn)
        ]
        assert [(one.certificate, one.because) for one in ends] == [(guest.certificate, "rooms")]
        say(b, "Without the guest.")
        house.settle()
        assert "Without the guest." not in said(guest)


def test_who_is_withdrawn_before_the_hand_over_gets_no_earlier_epoch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk that began the epoch learns of the withdrawal with its own manifest: it hands nothing over under it."""
    with House(tmp_path) as house:
        a, b = house.desks
        say(a, "Before anybody came.")
        first = a.epoch("plenary").manifest
        handed_before = _handed(b)
        guest = bring(house, a)
        event = terms(guest)
        b.sync()
        b.act("roster", event)
        a.receive()
        a.act("roster", event)
        sent, post = [], a.send

        def send() -> None:
            """Let the withdrawal stand right behind the first manifest that lets the guest in."""
            post()
            if not sent and a.storage.names("hand-over/"):
                sent.append(1)
                b.receive()
                assert (
                    b.act("roster", GuestWithdrawn(certificate=guest.certificate)).verdict.status == "valid"
                )

        monkeypatch.setattr(a, "send", send)
        house.settle()
        assert sent
        assert guest.epochs.secret(first) is None
        assert said(guest) == []
        assert guest.certificate not in a.epoch("roster").readers
        assert _handed(b) == handed_before
        assert a.storage.names("hand-over/") == []


def _handed(desk: Desk) -> int:
    return sum(
        1
        for line in desk.common.lines()
        if line.act is not None and isinstance(line.act.event, EpochsHandedOver)
    )
