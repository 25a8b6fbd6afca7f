"""When an invitation is over, and whose desk says so (spec/guests.md R-154)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.meeting import Meeting
from tests.support.talksmith import Talksmith

from good_offices.desk import guests
from good_offices.talks.events_guests import GuestInvited
from good_offices.talks.events_meetings import SittingClosed, SittingWithdrawn
from good_offices.talks.events_rooms import RoomClosed


class Kept(dict[str, bytes]):
    """A storage in memory."""

    put = dict.__setitem__


def desk_of(smith: Talksmith, name: str) -> Any:
    """Return as much of a desk as is asked."""
    identity = SimpleNamespace(
        place=SimpleNamespace(delegation=smith.id(name)), statement=smith.desk(name).statement
    )
    ledger = SimpleNamespace(size=smith.replay.size)
    return SimpleNamespace(
        talks=smith.replay, identity=identity, storage=Kept(), common=SimpleNamespace(ledger=ledger)
    )


def terms(smith: Talksmith, *rooms: str, sitting: bytes | None = None) -> GuestInvited:
    return GuestInvited(
        certificate=smith.desk("A.anna").certificate,
        role="observer",
        guest="Anna K.",
        rooms=tuple(sorted(rooms or (smith.plenary_room,))),
        sitting=sitting,
        language="en",
    )


@pytest.mark.parametrize("opened", [True, False])
def test_an_invitation_to_a_sitting_is_over_when_the_sitting_is_closed_or_called_off(opened: bool) -> None:
    meeting = Meeting()
    meeting.smith.guest("A.anna")
    event = terms(meeting.smith, sitting=meeting.name)
    assert guests.over(desk_of(meeting.smith, "A"), event) == ""
    if opened:
        meeting.open()
    else:
        meeting.convene()
    assert guests.over(desk_of(meeting.smith, "A"), event) == ""
    assert meeting.all(SittingClosed(sitting=meeting.name))[-1].status == "valid"
    assert guests.over(desk_of(meeting.smith, "A"), event) == "sitting"


def test_an_invitation_to_a_sitting_is_over_when_a_delegation_steps_back_from_it() -> None:
    meeting = Meeting()
    meeting.smith.guest("A.anna")
    meeting.post("B", SittingWithdrawn(sitting=meeting.name))
    assert guests.over(desk_of(meeting.smith, "A"), terms(meeting.smith, sitting=meeting.name)) == "sitting"


def test_an_invitation_into_groups_is_over_when_all_of_them_are_closed() -> None:
    smith = Talksmith(2, signing=False)
    smith.guest("A.anna")
    first, second = smith.group("A", "B"), smith.group("A", "B", title="Borders")
    both = terms(smith, first, second)
    smith.both(RoomClosed(room=first))
    assert guests.over(desk_of(smith, "A"), both) == ""
    assert guests.over(desk_of(smith, "A"), terms(smith, first)) == "rooms"
    assert guests.over(desk_of(smith, "A"), terms(smith, first, smith.plenary_room)) == ""
    smith.both(RoomClosed(room=second))
    assert guests.over(desk_of(smith, "A"), both) == "rooms"


def test_others_leave_it_once_to_the_delegation_that_brought_the_guest() -> None:
    smith = Talksmith(2, signing=False)
    smith.guest("A.anna")
    event = terms(smith)
    ours, theirs = desk_of(smith, "A"), desk_of(smith, "B")
    assert guests._is_our_turn(ours, event)
    assert not guests._is_our_turn(theirs, event)
    assert guests._is_our_turn(theirs, event)


def test_only_guests_whose_invitation_stands_are_looked_at() -> None:
    smith = Talksmith(2, signing=False)
    smith.guest("A.anna")
    assert list(guests.standing(desk_of(smith, "A"))) == []
    smith.both(terms(smith), room="roster")
    assert list(guests.standing(desk_of(smith, "A"))) == [terms(smith)]
    smith.post("A", smith.recall("A.anna"), room="roster")
    assert list(guests.standing(desk_of(smith, "A"))) == []
