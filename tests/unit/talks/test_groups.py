"""Group rooms: opened by all, read by the named alone, judged like the plenary (spec/rooms.md section 9)."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from msgspec.structs import replace
from tests.support.drafting import draft
from tests.support.talksmith import KEM, Talksmith

from good_offices.errors import LocalError
from good_offices.talks.book import epoch_commitment
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    ItemProposed,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
)
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed, RoomOpened
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, KeyRenewed, ManifestIssued
from good_offices.talks.events_text import TextTabled
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.replay import CommonReplay
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Verdict

SAID = StatementMade(text="We measured it.", language="en")
FLOW: dict[str, Any] = {
    "title": "Flow",
    "kind": "contact-group",
    "level": "experts",
    "mandate": "To measure the flow.",
    "language": "en",
}


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def void(verdict: Verdict, code: str) -> None:
    assert (verdict.status, verdict.code) == ("void", code)


def named(smith: Talksmith, room: str, *names: str) -> RoomMembersNamed:
    return RoomMembersNamed(room=room, members=tuple(sorted(smith.desk(one).member for one in names)))


def referral(source: str, target: str, **fields: Any) -> ReferredToLevel:
    plain = {"subject": bytes(range(32)), "title": "The flow", "text": "As measured.", "language": "en"}
    return ReferredToLevel(source=source, target=target, **(plain | fields))


# Opening.


def test_a_group_is_opened_when_all_have_accepted_and_nobody_chooses_its_id(smith: Talksmith) -> None:
    event = RoomOpened(**FLOW)
    smith.post("A", event)
    assert smith.replay.plenary.groups.rooms == {}
    smith.post("B", event)
    ((room, group),) = smith.replay.plenary.groups.rooms.items()
    data = b"good-offices/v1/group\x00" + smith.talks + event.content
    assert room == hashlib.sha256(data).hexdigest()[:32]
    assert (group.title, group.level, group.closed) == ("Flow", "experts", None)
    assert smith.replay.kind(room) == "group"
    assert smith.replay.epoch(room) is None
    void(smith.post("A", event), "group-opened-already")
    smith.both(RoomOpened(**(FLOW | {"title": "Flow, second round"})))
    assert len(smith.replay.plenary.groups.rooms) == 2


@pytest.mark.parametrize("field", ["title", "mandate"])
def test_a_group_has_a_title_and_a_mandate(smith: Talksmith, field: str) -> None:
    void(smith.post("A", RoomOpened(**(FLOW | {field: ""}))), "group-without-mandate")


def test_what_not_all_accept_opens_nothing(smith: Talksmith) -> None:
    event = RoomOpened(**FLOW)
    smith.post("A", event)
    smith.post("A", AcceptanceWithdrawn(content=event.content))
    smith.post("B", event)
    assert smith.replay.plenary.groups.rooms == {}
    smith.joined("A.clerk", powers=("speak",))
    verdict = smith.post("A.clerk", event)
    assert (verdict.status, verdict.code) == ("ineffective", "power-lacking")
    smith.post("A", ActConfirmed(index=verdict.index, act=smith.hash_of(verdict)))
    assert len(smith.replay.plenary.groups.rooms) == 1


def test_nobody_opens_one_after_a_break(smith: Talksmith) -> None:
    smith.post("A", TalksBrokenOff())
    void(smith.post("A", RoomOpened(**FLOW)), "talks-broken-off")


# Naming.


def test_a_list_replaces_the_earlier_one_from_the_next_index_on(smith: Talksmith) -> None:
    smith.joined("A.second")
    room = smith.group()
    first = smith.post("A", named(smith, room, "A", "A.second"))
    second = smith.post("A", named(smith, room, "A.second"))
    readers = smith.replay.readers
    both = sorted([smith.desk("A").certificate, smith.desk("A.second").certificate])
    assert readers(room, first.index) == []
    assert readers(room, first.index + 1) == readers(room, second.index) == both
    assert readers(room, second.index + 1) == [smith.desk("A.second").certificate]
    smith.post("A", named(smith, room))
    assert readers(room, smith.replay.size) == []


def test_only_ones_own_members_each_once_and_in_order(smith: Talksmith) -> None:
    smith.joined("A.second")
    room = smith.group()
    mine = sorted(smith.desk(one).member for one in ("A", "A.second"))
    void(smith.post("A", RoomMembersNamed(room=room, members=tuple(mine[::-1]))), "members-not-sorted")
    void(smith.post("A", RoomMembersNamed(room=room, members=(mine[0], mine[0]))), "members-not-sorted")
    void(smith.post("A", named(smith, room, "B")), "member-elsewhere")
    void(smith.post("A", RoomMembersNamed(room=room, members=("nobody",))), "member-elsewhere")
    void(smith.post("A", named(smith, "0" * 32, "A")), "room-unknown")
    void(smith.post("A", named(smith, smith.plenary_room, "A")), "room-unknown")


def test_who_was_recalled_or_never_accredited_has_no_seat(smith: Talksmith) -> None:
    smith.joined("A.second")
    desk = smith.new_desk("A.third")
    smith.introduce(smith.introduction(desk, first=False))
    smith.post("A", smith.certificate("A.third"), room="roster")
    room = smith.group()
    void(smith.post("A", named(smith, room, "A.third")), "member-not-accredited")
    smith.post("A", smith.recall("A.second"), room="roster")
    void(smith.post("A", named(smith, room, "A.second")), "member-not-accredited")


def test_a_member_of_a_lower_level_has_no_seat_above(smith: Talksmith) -> None:
    smith.joined("A.expert")
    smith.post("A", smith.accreditation("A.expert", level="experts", number=1), room="roster")
    ministers, officials = smith.group(level="ministers"), smith.group(level="senior-officials")
    for room in (ministers, officials):
        refused = smith.post("A", named(smith, room, "A.expert"))
        void(refused, "member-below-level")
        assert refused.facts["level"] == "experts"
        assert smith.post("A", named(smith, room, "A")).status == "valid"
    void(smith.post("A", named(smith, smith.group(level="leaders"), "A")), "member-below-level")


def test_a_member_can_be_withdrawn_while_the_talks_are_broken_off_and_after(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    smith.post("A", TalksBrokenOff())
    assert smith.post("A", named(smith, room)).status == "valid"
    other = Talksmith(2, signing=False)
    room = other.group("A", "B")
    other.both(TalksConcluded())
    assert other.post("A", named(other, room)).status == "valid"


# Epochs and keys.


def test_an_epoch_names_exactly_the_readers_and_only_a_reader_begins_it(smith: Talksmith) -> None:
    smith.joined("A.second")
    smith.on_duty("A.duty")
    room = smith.group()
    for name in "AB":
        smith.post(name, named(smith, room, name))
    both = sorted([smith.desk("A").certificate, smith.desk("B").certificate])
    assert smith.replay.readers(room, smith.replay.size) == both
    void(smith.issue("A.second", room), "not-reader")
    everyone = sorted([*both, smith.desk("A.second").certificate])
    void(smith.issue("A", room, readers=everyone), "manifest-readers")
    void(smith.issue("A", room, readers=both[:1]), "manifest-readers")
    void(smith.issue("A", room, head_root=bytes(32)), "manifest-head")
    assert smith.issue("B", room).status == "valid"
    void(smith.issue("A", room, epoch=1, previous=bytes(32)), "manifest-superseded")
    void(smith.issue("A", room, epoch=3), "manifest-epoch")
    assert smith.replay.epoch(room).readers == tuple(both)
    assert smith.replay.roster.book.epochs.keys() == {smith.roster_room, smith.plenary_room}


def test_what_is_for_a_group_stands_in_the_plenary_alone(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    event = ManifestIssued(manifest=smith.manifest(room), wraps=bytes(32))
    void(smith.post("A", event, room="roster"), "room-unknown")
    void(smith.post("A", event, room=room), "room-wrong")
    void(smith.post("A", KeyRenewed(room=room, kem=KEM), room="roster"), "room-unknown")
    common = ManifestIssued(manifest=smith.manifest(smith.plenary_room), wraps=bytes(32))
    void(smith.post("A", common), "room-unknown")
    void(smith.post("A", KeyRenewed(room=smith.plenary_room, kem=KEM)), "room-unknown")


def test_a_key_for_a_group_is_the_one_for_the_plenary_until_there_is_another(smith: Talksmith) -> None:
    room, desk = smith.group("A", "B"), smith.desk("A").certificate
    assert smith.replay.kem(room, desk) == smith.replay.kem(smith.plenary_room, desk) == KEM
    void(smith.post("A", KeyRenewed(room=room, kem=b"short")), "kem-invalid")
    smith.post("A", KeyRenewed(room=room, kem=b"\x01" * len(KEM)))
    assert smith.replay.kem(room, desk) == b"\x01" * len(KEM)
    assert smith.replay.kem(smith.plenary_room, desk) == KEM


def test_earlier_epochs_are_handed_over_in_the_group(smith: Talksmith) -> None:
    smith.joined("A.second")
    room = smith.group("A", "B")
    first = smith.replay.epoch(room)
    smith.post("A", named(smith, room, "A", "A.second"))
    smith.issue("A", room)
    secret = EpochSecret(manifest=first.manifest, secret=smith.secret(room, 0))
    assert smith.post("A", EpochsHandedOver(room=room, epochs=(secret,)), room=room).status == "valid"
    void(smith.post("A", EpochsHandedOver(room=room, epochs=(secret,))), "room-unknown")
    false = EpochSecret(manifest=first.manifest, secret=bytes(32))
    void(smith.post("A", EpochsHandedOver(room=room, epochs=(false,)), room=room), "epoch-secret-wrong")
    other = EpochSecret(manifest=bytes(32), secret=bytes(32))
    void(smith.post("A", EpochsHandedOver(room=room, epochs=(other,)), room=room), "epoch-unknown")


# Acting in a group.


def test_only_who_is_in_the_epoch_and_named_at_the_place_itself_speaks(smith: Talksmith) -> None:
    smith.joined("A.second")
    room = smith.group("A", "B")
    assert smith.post("A", SAID, room=room).status == "valid"
    void(smith.post("A.second", SAID, room=room), "not-reader")
    smith.post("A", named(smith, room, "A.second"))
    # The epoch in force still names A's first desk.
    void(smith.post("A", SAID, room=room), "member-not-named")
    void(smith.post("A.second", SAID, room=room), "not-reader")
    assert smith.issue("B", room).status == "valid"
    void(smith.post("A", SAID, room=room), "not-reader")
    assert smith.post("A.second", SAID, room=room).status == "valid"


def test_who_is_set_to_a_lower_level_or_recalled_is_out_at_once(smith: Talksmith) -> None:
    smith.joined("B.second")
    smith.joined("B.third")
    room = smith.group("A", "B.second", "B.third", level="ministers")
    smith.post("B", smith.accreditation("B.second", level="experts", number=1), room="roster")
    void(smith.post("B.second", SAID, room=room), "member-below-level")
    smith.post("B", smith.recall("B.third"), room="roster")
    void(smith.post("B.third", SAID, room=room), "desk-recalled")
    assert smith.replay.readers(room, smith.replay.size) == [smith.desk("A").certificate]


def test_a_group_has_a_state_of_its_own_under_the_course_of_the_talks(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    before = smith.replay.plenary
    smith.both(ItemProposed(title="Gauges"), room=room)
    smith.post("A", TextTabled(instrument=draft(1)), room=room)
    assert smith.replay.plenary == before
    own = smith.replay.groups[room]
    assert [one.title for one in own.agenda.values()] == ["Gauges"]
    assert list(own.texts) == [draft(1).id]
    assert (own.course, own.modalities) == (PlenaryState().course, None)
    smith.post("B", TalksBrokenOff())
    assert smith.replay.room_state(room).course.standing == "broken-off"
    void(smith.post("A", SAID, room=room), "talks-broken-off")
    urgent = NotePassed(text="The dam.", language="en", urgent=True)
    assert smith.post("A", urgent, room=room).status == "valid"
    assert smith.replay.groups[room].course == PlenaryState().course


def test_modalities_are_those_of_the_plenary_at_that_place(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    names = {
        one: {other: other[:4] for other in smith.replay.roster.expected}
        for one in smith.replay.roster.expected
    }
    terms = Modalities(names=names, authentic=("en",), working=("en",), levels=("experts",))
    smith.both(ModalitiesProposed(modalities=terms))
    assert smith.replay.room_state(room).modalities.modalities == terms
    smith.post("A", SAID, room=room)
    assert smith.replay.groups[room].modalities is None


OUTSIDE = sorted(
    name
    for name, rule in RULES.items()
    if "group" not in rule.rooms and "plenary" in rule.rooms and name not in ("ManifestIssued", "KeyRenewed")
)


def test_what_is_of_the_talks_as_a_whole_is_not_done_in_a_group() -> None:
    for name in (
        "ModalitiesProposed", "ModalitiesAccepted", "TalksBrokenOff", "TalksResumed", "TalksAdjourned", "TalksConcluded",
        "FullPowersProduced", "TextInitialled", "InstrumentSigned", "ClosingRecordSigned", "RoomOpened", "RoomClosed",
        "RoomMembersNamed",
    ):  # fmt: skip
        assert name in OUTSIDE
    assert all("group" not in RULES[name].rooms for name in ("SoundingOpened", "MemberAccredited"))


def test_such_an_act_is_void_there(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    void(smith.post("A", TalksBrokenOff(), room=room), "room-wrong")
    void(smith.post("A", named(smith, room, "A"), room=room), "room-wrong")


def test_a_joint_act_there_needs_every_delegation(smith: Talksmith) -> None:
    three = Talksmith(3, signing=False)
    room = three.group("A", "B")
    item = ItemProposed(title="Gauges")
    for name in "AB":
        three.post(name, item, room=room)
    assert not three.replay.groups[room].agenda[item.content.hex()].agreed
    three.post("C", named(three, room, "C"))
    three.issue("C", room)
    three.post("C", item, room=room)
    assert three.replay.groups[room].agenda[item.content.hex()].agreed


def test_without_the_power_it_waits_for_a_member_of_the_group_who_has_it(smith: Talksmith) -> None:
    smith.joined("A.clerk", powers=("speak",))
    room = smith.group("A", "A.clerk", "B")
    item = ItemProposed(title="Gauges")
    kept = smith.post("A.clerk", item, room=room)
    assert (kept.status, kept.code) == ("ineffective", "power-lacking")
    confirming = ActConfirmed(index=kept.index, act=smith.hash_of(kept))
    void(smith.post("A", confirming), "act-unknown")
    assert smith.post("A", confirming, room=room).status == "valid"
    assert smith.replay.groups[room].joint.keys() == {item.content.hex()}


# Closing.


def test_nothing_more_is_said_in_a_closed_group_and_what_was_said_stays(smith: Talksmith) -> None:
    smith.joined("A.second")
    room = smith.group("A", "B")
    smith.post("A", SAID, room=room)
    own = smith.replay.groups[room]
    smith.post("A", RoomClosed(room=room))
    assert smith.post("B", SAID, room=room).status == "valid"
    smith.post("B", RoomClosed(room=room))
    assert smith.replay.plenary.groups.rooms[room].closed is not None
    void(smith.post("A", SAID, room=room), "group-closed")
    void(smith.post("A", NotePassed(text="x", language="en", urgent=True), room=room), "group-closed")
    void(smith.post("A", named(smith, room, "A", "A.second")), "group-closed")
    void(smith.post("A", KeyRenewed(room=room, kem=KEM)), "group-closed")
    void(smith.issue("A", room), "group-closed")
    void(smith.post("A", RoomClosed(room=room)), "group-closed")
    void(smith.post("A", RoomClosed(room="0" * 32)), "room-unknown")
    handed = EpochsHandedOver(room=room, epochs=())
    assert smith.post("A", handed, room=room).status == "valid"
    assert smith.replay.groups[room].joint == own.joint


# Referring.


def test_what_is_referred_is_accepted_where_it_arrives(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    up = referral(room, smith.plenary_room)
    smith.post("A", up)
    assert smith.replay.plenary.referred == {}
    assert smith.replay.plenary.joint[up.content.hex()].event == "ReferredToLevel"
    smith.post("B", up)
    (one,) = smith.replay.plenary.referred.values()
    assert (one.source, one.subject, one.title) == (room, bytes(range(32)), "The flow")
    void(smith.post("A", up), "referred-already")
    down = referral(smith.plenary_room, room, text="Measure again in spring.")
    smith.both(down, room=room)
    assert [one.text for one in smith.replay.groups[room].referred.values()] == ["Measure again in spring."]
    assert len(smith.replay.plenary.referred) == 1


def test_from_group_to_group_and_nowhere_else(smith: Talksmith) -> None:
    experts, ministers = smith.group("A", "B"), smith.group("A", "B", level="ministers")
    smith.both(referral(experts, ministers), room=ministers)
    assert len(smith.replay.groups[ministers].referred) == 1
    void(smith.post("A", referral(experts, ministers)), "referral-elsewhere")
    void(smith.post("A", referral(smith.plenary_room, smith.plenary_room)), "referral-elsewhere")
    void(smith.post("A", referral("0" * 32, smith.plenary_room)), "room-unknown")
    void(smith.post("A", referral(smith.roster_room, smith.plenary_room)), "room-unknown")


def test_a_closed_group_may_still_be_referred_from(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    smith.both(RoomClosed(room=room))
    smith.both(referral(room, smith.plenary_room))
    assert len(smith.replay.plenary.referred) == 1


# Replay.


def follow(smith: Talksmith, closed_to: tuple[str, ...]) -> CommonReplay:
    """Return the replay of a desk that cannot open the entries of some rooms."""
    other = CommonReplay(smith.common.tree)
    for entry in smith.common.entries:
        hidden = getattr(entry.content, "room", "") in closed_to
        verdict = other.apply(replace(entry, content=None) if hidden else entry)
        assert verdict == (Verdict(index=entry.index) if hidden else smith.verdicts[entry.index])
    return other


def test_whoever_does_not_read_a_group_holds_the_same_roster_and_plenary(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    smith.both(ItemProposed(title="Gauges"), room=room)
    smith.both(referral(room, smith.plenary_room))
    smith.post("A", SAID)
    other = follow(smith, (room,))
    for at in range(smith.replay.size + 1):
        for one in (smith.roster_room, smith.plenary_room):
            assert other.state_hash(one, at) == smith.replay.state_hash(one, at)
    assert other.plenary.digest == smith.replay.plenary.digest
    assert other.groups == {}
    assert other.state_hash(room, other.size) != smith.replay.state_hash(room, other.size)
    assert follow(smith, ()).snapshot() == smith.replay.snapshot()


def test_the_hash_of_a_group_is_over_the_plenary_and_itself(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    before = smith.replay.state_hash(room, smith.replay.size)
    smith.post("A", SAID)
    after = smith.replay.state_hash(room, smith.replay.size)
    smith.post("A", SAID, room=room)
    assert len({before, after, smith.replay.state_hash(room, smith.replay.size)}) == 3
    assert smith.replay.state_hash(room, smith.replay.size - 1) == after


def test_a_snapshot_goes_on_where_it_was(smith: Talksmith) -> None:
    room = smith.group("A", "B")
    smith.both(ItemProposed(title="Gauges"), room=room)
    other = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
    assert other.snapshot() == smith.replay.snapshot()
    size = other.size
    smith.both(SAID, room=room)
    smith.both(RoomClosed(room=room))
    for entry in smith.common.entries[size:]:
        assert other.apply(entry) == smith.verdicts[entry.index]
    assert other.snapshot() == smith.replay.snapshot()
    for at in range(smith.replay.size + 1):
        assert other.state_hash(room, at) == smith.replay.state_hash(room, at)


def test_five_delegations_and_a_contact_group_of_three_from_each() -> None:
    smith = Talksmith(5, signing=False)
    sent = [f"{name}.{number}" for name in smith.names for number in (1, 2, 3)]
    for one in sent:
        smith.joined(one)
    room = smith.group(*sent)
    assert sorted(smith.desk(one).certificate for one in sent) == list(smith.replay.epoch(room).readers)
    item = ItemProposed(title="Gauges")
    for name in smith.names:
        void(smith.post(name, item, room=room), "not-reader")
        assert smith.post(f"{name}.2", item, room=room).status == "valid"
    assert smith.replay.groups[room].agenda[item.content.hex()].agreed
    up = referral(room, smith.plenary_room, subject=item.content)
    smith.both(up)
    assert len(smith.replay.plenary.referred) == 1
    assert (
        epoch_commitment(smith.secret(room, 0), smith.replay.epoch(room).nonce)
        == smith.replay.epoch(room).commitment
    )
    assert follow(smith, (room,)).plenary.digest == smith.replay.plenary.digest


def test_an_act_in_a_room_that_is_not_there_is_refused_before_it_leaves(smith: Talksmith) -> None:
    act = smith.act("A", SAID)
    with pytest.raises(LocalError, match="no such room"):
        smith.replay.check(msgspec.structs.replace(act, room="0" * 32))
