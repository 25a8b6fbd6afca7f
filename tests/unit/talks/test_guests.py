"""Guests: invited by all, into rooms that each names, ended by any one delegation (spec/guests.md)."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.talksmith import KEM, START, Talksmith

from good_offices.encoding import pack, unpack
from good_offices.errors import RemoteError
from good_offices.talks.credentials import room_id
from good_offices.talks.events_guests import GuestInvited, GuestWithdrawn
from good_offices.talks.events_plenary import NotePassed, StatementMade, TalksBrokenOff, TalksConcluded
from good_offices.talks.events_rooms import RoomClosed
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, KeyRenewed
from good_offices.talks.replay import CommonReplay
from good_offices.talks.verdict import Verdict

SAID = StatementMade(text="We measured it.", language="en")
GUEST = "A.anna"


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def invitation(smith: Talksmith, desk: str = GUEST, **fields: Any) -> GuestInvited:
    plain = {
        "certificate": smith.desk(desk).certificate,
        "role": "interpreter",
        "guest": "Anna K.",
        "provided_by": "host",
        "rooms": (smith.plenary_room,),
        "language": "en",
    }
    return GuestInvited(**(plain | fields))


def invite(smith: Talksmith, desk: str = GUEST, **fields: Any) -> list[Verdict]:
    return smith.both(invitation(smith, desk, **fields), room="roster")


def void(verdict: Verdict, code: str) -> None:
    assert (verdict.status, verdict.code) == ("void", code)


def reads(smith: Talksmith, room: str, desk: str = GUEST) -> bool:
    return smith.desk(desk).certificate in smith.replay.readers(room, smith.replay.size)


def withdrawn(smith: Talksmith, desk: str = GUEST) -> GuestWithdrawn:
    return GuestWithdrawn(certificate=smith.desk(desk).certificate)


# The desk.


def test_a_guest_that_nobody_invited_reads_nothing_at_all(smith: Talksmith) -> None:
    smith.guest(GUEST)
    assert not any(reads(smith, room) for room in smith.rooms.values())


def test_a_guest_reads_roster_and_plenary_only_when_all_have_invited(smith: Talksmith) -> None:
    smith.guest(GUEST)
    event = invitation(smith)
    assert smith.post("A", event, room="roster").status == "valid"
    assert not reads(smith, smith.plenary_room)
    smith.post("A", event, room="roster")
    assert not reads(smith, smith.plenary_room)  # one delegation twice is one delegation
    done = smith.post("B", event, room="roster")
    assert [type(one).__name__ for one in done.effects] == ["Completed"]
    assert reads(smith, smith.roster_room)
    assert reads(smith, smith.plenary_room)
    assert not reads(smith, smith.sounding_room)
    assert smith.issue("A", smith.roster_room).status == "valid"
    assert smith.issue("B", smith.plenary_room).status == "valid"
    # At every earlier size it is as it was.
    assert smith.desk(GUEST).certificate not in smith.replay.readers(smith.plenary_room, done.index)


def test_a_manifest_that_passes_a_guest_over_or_lets_one_in_that_is_not_invited_is_void(
    smith: Talksmith,
) -> None:
    smith.guest(GUEST)
    smith.guest("B.ben")
    invite(smith)
    readers = smith.replay.readers(smith.plenary_room, smith.replay.size)
    without = [one for one in readers if one != smith.desk(GUEST).certificate]
    void(smith.issue("A", smith.plenary_room, readers=without), "manifest-readers")
    more = sorted([*readers, smith.desk("B.ben").certificate])
    void(smith.issue("A", smith.plenary_room, readers=more), "manifest-readers")


def test_a_guest_says_nothing_and_speaks_for_nobody(smith: Talksmith) -> None:
    smith.guest(GUEST)
    invite(smith)
    smith.issue("A", smith.roster_room)
    smith.issue("A", smith.plenary_room)
    before = smith.replay.plenary
    void(smith.post(GUEST, SAID), "guest-desk")
    void(smith.post(GUEST, NotePassed(text="A word.", language="en", subject="", urgent=True)), "guest-desk")
    void(smith.post(GUEST, invitation(smith, guest="Another"), room="roster"), "guest-desk")
    void(smith.post(GUEST, withdrawn(smith), room="roster"), "guest-desk")
    void(smith.issue(GUEST, smith.plenary_room), "guest-desk")
    handed = EpochSecret(manifest=bytes(32), secret=bytes(32))
    void(smith.post(GUEST, EpochsHandedOver(room=smith.plenary_room, epochs=(handed,))), "guest-desk")
    assert smith.replay.plenary == before  # nor has its delegation seen what it saw
    assert smith.post(GUEST, KeyRenewed(room=smith.plenary_room, kem=KEM), room="roster").status == "valid"


def test_a_guest_in_a_group_reads_it_and_the_plenary_and_says_nothing_there(smith: Talksmith) -> None:
    group = smith.group("A", "B")
    other = smith.group("A", "B", title="Borders")
    smith.guest(GUEST)
    invite(smith, rooms=(group,))
    assert reads(smith, group)
    assert reads(smith, smith.plenary_room)
    assert not reads(smith, other)
    for room in (smith.roster_room, smith.plenary_room, group):
        assert smith.issue("A", room).status == "valid"
    void(smith.post(GUEST, SAID, room=group), "guest-desk")
    seen = smith.replay.plenary.seen
    assert smith.post(GUEST, KeyRenewed(room=group, kem=KEM)).status == "valid"
    assert smith.replay.plenary.seen == seen


def test_a_guest_is_never_a_member_and_a_member_never_a_guest(smith: Talksmith) -> None:
    smith.guest(GUEST)
    void(smith.post("A", smith.accreditation(GUEST), room="roster"), "guest-desk")
    # Another desk, of the guest's id, that is none of a guest's; and a guest's desk of a member's id.
    second = smith.new_desk("A.again", member=smith.desk(GUEST).member)
    smith.introduce(smith.introduction(second, first=False))
    void(smith.post("A", smith.certificate("A.again"), room="roster"), "guest-desk")
    third = smith.new_desk("A.head", member=smith.desk("A").member, guest=True)
    smith.introduce(smith.introduction(third, first=False))
    void(smith.post("A", smith.certificate("A.head"), room="roster"), "guest-desk")


def test_no_first_desk_and_no_duty_desk_is_a_guests() -> None:
    smith = Talksmith(2, signing=False, open_=False)
    void(smith.introduce(smith.introduction(smith.new_desk("A", guest=True), first=True)), "guest-desk")
    smith = Talksmith(2, signing=False)
    both = smith.new_desk("A.both", duty=True, guest=True)
    void(smith.introduce(smith.introduction(both, first=False)), "guest-desk")


def test_a_guest_reads_no_caucus_not_of_the_delegation_that_brought_it_either(smith: Talksmith) -> None:
    smith.guest(GUEST)
    smith.caucus("A")
    invite(smith)
    register, replay = smith.caucus("A")
    readers = replay.readers(register.tree.size, smith.replay.size)
    assert smith.desk("A").certificate in readers
    assert smith.desk(GUEST).certificate not in readers
    assert smith.caucus_post(GUEST, SAID).code in ("not-reader", "guest-desk")


# Inviting.


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"guest": ""}, "guest-without-name"),
        ({"provided_by": "f" * 32}, "guest-provider"),
        ({"rooms": ()}, "guest-rooms"),
        ({"rooms": ("plenary",)}, "guest-rooms"),
        ({"rooms": ("f" * 32, "a" * 32)}, "guest-rooms"),
        ({"certificate": bytes(32)}, "guest-desk-unknown"),
        ({"sitting": b"short"}, "sitting-unknown"),
        ({"language": ""}, "act-language"),
        ({"represents": "a\u202eb"}, "act-not-plain"),
    ],
)
def test_an_invitation_that_says_what_cannot_be_is_void(
    smith: Talksmith, fields: dict[str, Any], code: str
) -> None:
    smith.guest(GUEST)
    void(smith.post("A", invitation(smith, **fields), room="roster"), code)


@pytest.mark.parametrize("name", ["roster", "sounding", "caucus/A", "caucus/B"])
def test_nobody_is_invited_into_a_room_of_no_guests(smith: Talksmith, name: str) -> None:
    smith.guest(GUEST)
    named = f"caucus/{smith.id(name[-1])}" if name.startswith("caucus") else name
    room = room_id(named, smith.talks)
    void(smith.post("A", invitation(smith, rooms=(room,)), room="roster"), "guest-rooms")


def test_an_unknown_role_is_no_act(smith: Talksmith) -> None:
    smith.guest(GUEST)
    data = pack(invitation(smith)).replace(b"interpreter", b"interpretor")
    with pytest.raises(RemoteError):
        unpack(data, GuestInvited)


def test_a_members_desk_is_not_invited_as_a_guest(smith: Talksmith) -> None:
    void(smith.post("A", invitation(smith, "A"), room="roster"), "guest-desk-unknown")


def test_without_the_power_to_agree_an_invitation_is_void(smith: Talksmith) -> None:
    smith.guest(GUEST)
    smith.joined("B.aide", powers=("speak",))
    void(smith.post("B.aide", invitation(smith), room="roster"), "power-lacking")
    assert smith.replay.roster.guests.joint == {}


def test_without_compared_keys_nobody_invites() -> None:
    smith = Talksmith(2, signing=False, open_=False)
    for name in smith.names:
        smith.introduce(smith.introduction(smith.new_desk(name), first=True))
    smith.issue("A", smith.roster_room)
    smith.post("A", smith.accreditation("A"), room="roster")
    smith.guest(GUEST)
    void(smith.post("A", invitation(smith), room="roster"), "keys-not-compared")


def test_another_desk_of_the_same_guest_is_not_invited_with_it(smith: Talksmith) -> None:
    """The delegation that brings a guest has the root: it could put another desk in the place of the one that all accepted."""
    guest = smith.guest(GUEST)
    invite(smith)
    other = smith.new_desk("A.swapped", member=guest.member, guest=True)
    smith.introduce(smith.introduction(other, first=False))
    assert smith.post("A", smith.certificate("A.swapped"), room="roster").status == "valid"
    assert reads(smith, smith.plenary_room)
    assert not reads(smith, smith.plenary_room, "A.swapped")
    assert not reads(smith, smith.roster_room, "A.swapped")


def test_the_same_terms_once_and_other_terms_in_their_place(smith: Talksmith) -> None:
    group = smith.group("A", "B")
    smith.guest(GUEST)
    invite(smith)
    void(smith.post("B", invitation(smith), room="roster"), "guest-invited-already")
    rooms = tuple(sorted((smith.plenary_room, group)))
    waiting = invitation(smith, role="adviser", rooms=rooms)
    smith.post("A", invitation(smith, role="observer"), room="roster")
    smith.both(waiting, room="roster")
    now = smith.replay.roster.guests.at(smith.desk(GUEST).certificate, smith.replay.size)
    assert now == waiting
    assert reads(smith, group)
    assert smith.replay.roster.guests.joint == {}  # what else waited was meant for before


def test_an_acceptance_that_has_expired_does_not_count(smith: Talksmith) -> None:
    smith.guest(GUEST)
    smith.post("A", invitation(smith, until=START), room="roster")
    smith.post("B", invitation(smith), room="roster")
    assert not reads(smith, smith.plenary_room)


# Ending.


@pytest.mark.parametrize("who", ["A", "B"])
def test_any_delegation_ends_it_alone_and_at_once(smith: Talksmith, who: str) -> None:
    smith.guest(GUEST)
    invite(smith)
    smith.issue("A", smith.roster_room)
    smith.issue("A", smith.plenary_room)
    assert smith.post(who, withdrawn(smith), room="roster").status == "valid"
    assert not reads(smith, smith.plenary_room)
    assert not reads(smith, smith.roster_room)
    void(smith.post(GUEST, KeyRenewed(room=smith.plenary_room, kem=KEM), room="roster"), "guest-not-invited")
    assert smith.issue("B", smith.plenary_room).status == "valid"
    assert smith.desk(GUEST).certificate not in smith.replay.epoch(smith.plenary_room).readers
    void(smith.post(who, withdrawn(smith), room="roster"), "guest-not-invited")


def test_a_member_without_any_power_ends_it_and_who_has_no_credentials_does_not(smith: Talksmith) -> None:
    smith.guest(GUEST)
    smith.joined("B.aide", powers=())
    smith.on_duty("B.duty")
    invite(smith)
    smith.issue("A", smith.roster_room)
    void(smith.post("B.duty", withdrawn(smith), room="roster"), "member-not-accredited")
    assert smith.post("B.aide", withdrawn(smith), room="roster").status == "valid"


def test_what_waits_is_ended_too_and_an_acceptance_from_before_counts_no_more(smith: Talksmith) -> None:
    smith.guest(GUEST)
    size = smith.replay.size
    smith.post("A", invitation(smith), room="roster")
    assert smith.post("B", withdrawn(smith), room="roster").status == "valid"
    assert smith.replay.roster.guests.joint == {}
    # Withheld by the host until now: its author had seen nothing of the withdrawal.
    late = smith.post("A", invitation(smith), room="roster", seen=size + 1)
    void(late, "guest-withdrawn-meanwhile")
    invite(smith)
    assert reads(smith, smith.plenary_room)


def test_the_delegation_that_brought_the_guest_recalls_it(smith: Talksmith) -> None:
    smith.guest(GUEST)
    invite(smith)
    assert smith.post("A", smith.recall(GUEST), room="roster").status == "valid"
    assert not reads(smith, smith.plenary_room)
    smith.post("A", withdrawn(smith), room="roster")
    void(smith.post("A", invitation(smith), room="roster"), "member-recalled")


def test_after_a_break_and_after_the_conclusion_guests_come_and_go_as_all_say(smith: Talksmith) -> None:
    smith.guest(GUEST)
    invite(smith)
    smith.post("B", TalksBrokenOff())
    assert smith.post("B", withdrawn(smith), room="roster").status == "valid"
    assert not reads(smith, smith.plenary_room)
    smith = Talksmith(2, signing=False)
    smith.guest(GUEST)
    smith.both(TalksConcluded())
    invite(smith)
    assert reads(smith, smith.plenary_room)


def test_in_a_closed_group_a_guest_gets_no_further_keys(smith: Talksmith) -> None:
    group = smith.group("A", "B")
    smith.guest(GUEST)
    smith.both(RoomClosed(room=group))
    invite(smith, rooms=(group,))
    void(smith.issue("A", group), "group-closed")


def test_three_delegations_all_invite_and_the_state_survives_a_snapshot() -> None:
    smith = Talksmith(3, signing=False)
    smith.guest("C.anna")
    event = invitation(smith, "C.anna")
    smith.both(event, "A", "C", room="roster")
    assert not reads(smith, smith.plenary_room, "C.anna")
    smith.post("B", event, room="roster")
    assert reads(smith, smith.plenary_room, "C.anna")
    again = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
    assert again.state_hash(smith.roster_room, again.size) == smith.replay.state_hash(
        smith.roster_room, again.size
    )
    assert again.roster.guests == smith.replay.roster.guests
