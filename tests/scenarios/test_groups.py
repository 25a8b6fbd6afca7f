"""Group rooms at real desks: who reads them has the keys, who does not has nothing, whoever comes later has all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.house import House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.outcome import disclosure, export, propose_closing
from good_offices.desk.suspicion import begin_anew
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.instrument.verify import verify_outcome
from good_offices.register.leaf import Kind
from good_offices.talks.acts import act_hash
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import ItemProposed, StatementMade
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed, RoomOpened
from good_offices.talks.groups import group_id

POWERS = ("agree", "propose", "speak")
MEASURED = "We measured two hundred."
SAID = StatementMade(text=MEASURED, language="en")


def opened(house: House, level: str = "experts") -> str:
    """Return the id of a group that the heads of delegation have opened."""
    event = RoomOpened(
        title="Flow", kind="contact-group", level=level, mandate="To measure the flow.", language="en"
    )
    for desk in house.desks[: house.parties]:
        desk.sync()
        assert desk.act("plenary", event).verdict.status == "valid"
    house.settle()
    return group_id(house.desks[0].identity.place.talks, event.content)


def send(head: Desk, room: str, *desks: Desk) -> None:
    """Let a head of delegation name the members who have these desks."""
    head.sync()
    members = tuple(sorted({desk.identity.person.member for desk in desks}))
    assert head.act("plenary", RoomMembersNamed(room=room, members=members)).verdict.status == "valid"


def told(desk: Desk, room: str) -> list[str]:
    """Return the statements that a desk reads in a room."""
    return [
        line.act.event.text
        for line in desk.common.lines()
        if line.act is not None and line.verdict.room == room and isinstance(line.act.event, StatementMade)
    ]


def test_named_desks_talk_with_keys_of_their_own_and_others_hold_none(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        expert, other = house.join(a, "Expert", powers=POWERS), house.join(b, "Other expert", powers=POWERS)
        room = opened(house)
        with pytest.raises(LocalError) as refused:
            a.act(room, SAID)
        assert refused.value.code == "group-not-begun"
        send(a, room, expert)
        house.settle()
        assert a.epoch(room) is None  # nobody to talk to yet
        send(b, room, other)
        house.settle()
        assert expert.act(room, SAID).verdict.status == "valid"
        assert expert.act(room, ItemProposed(title="Gauges")).verdict.status == "valid"
        house.settle()
        assert other.act(room, ItemProposed(title="Gauges")).verdict.status == "valid"
        house.settle()
        for desk in (expert, other):
            assert told(desk, room) == [MEASURED]
            assert [one.agreed for one in desk.talks.groups[room].agenda.values()] == [True]
            assert desk.epochs.newest_key(room) == desk.talks.kem(room, desk.certificate)
        epoch = expert.epoch(room)
        assert set(epoch.readers) == {expert.certificate, other.certificate}
        for head in (a, b):
            assert head.epochs.secret(epoch.manifest) is None
            assert told(head, room) == []
            assert head.talks.groups == {}
            # Every body of the register is on this desk's disk, and none of this one's opens.
            own = [
                head.common.kept(line.index) for line in expert.common.lines() if line.verdict.room == room
            ]
            assert len(own) >= 3
            assert all(one.body is not None and head.epochs.fit(one.body) is None for one in own)
            with pytest.raises(LocalError) as refused:
                head.act(room, SAID)
            assert refused.value.code == "not-reader"
            size = expert.talks.size
            assert head.talks.size == size
            plenary = head.rooms["plenary"]
            assert head.talks.state_hash(plenary, size) == expert.talks.state_hash(plenary, size)
        assert not any(desk.doubts() for desk in house.desks)


def test_a_member_of_a_lower_level_cannot_read_above(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        expert = house.join(a, "Expert", powers=POWERS)
        room = opened(house, level="ministers")
        with pytest.raises(LocalError) as refused:
            a.act("plenary", RoomMembersNamed(room=room, members=(expert.identity.person.member,)))
        assert refused.value.code == "member-below-level"
        send(a, room, a)
        send(b, room, b)
        house.settle()
        a.act(room, SAID)
        house.settle()
        assert told(b, room) == [MEASURED]
        assert told(expert, room) == []
        (entry,) = [
            line.index
            for line in b.common.lines()
            if line.act is not None and line.verdict.room == room and line.act.event == SAID
        ]
        body = expert.common.kept(entry).body
        assert body is not None
        assert expert.epochs.fit(body) is None
        assert b.epochs.fit(body) is not None
        with pytest.raises(LocalError) as refused:
            expert.act(room, SAID)
        assert refused.value.code == "not-reader"


def test_who_is_withdrawn_reads_nothing_after_the_next_epoch_and_who_comes_reads_all(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        expert, second = house.join(a, "Expert", powers=POWERS), house.join(a, "Second", powers=POWERS)
        room = opened(house)
        send(a, room, a, expert)
        send(b, room, b)
        house.settle()
        expert.act(room, SAID)
        expert.act(room, ItemProposed(title="Gauges"))
        house.settle()
        before = a.epoch(room)
        send(a, room, a, second)
        house.settle()
        after = a.epoch(room)
        assert after.epoch > before.epoch
        assert expert.certificate not in after.readers
        b.act(room, StatementMade(text="Without the expert.", language="en"))
        house.settle()
        assert told(second, room) == [MEASURED, "Without the expert."]
        assert told(expert, room) == [MEASURED]
        assert expert.epochs.secret(after.manifest) is None
        size = b.talks.size
        for desk in (a, b):
            assert second.talks.state_hash(room, size) == desk.talks.state_hash(room, size)
        with pytest.raises(LocalError) as refused:
            expert.act(room, SAID)
        assert refused.value.code == "not-reader"
        item = ItemProposed(title="Gauges")
        assert b.act(room, item).verdict.effects[0].content == item.content
        assert second.act(room, SAID).verdict.status == "valid"
        assert not any(desk.doubts() for desk in house.desks)
        again = house.reopen(second)
        assert again.talks.state_hash(room, size) == b.talks.state_hash(room, size)


def test_the_outcome_shows_nothing_of_a_group_even_where_the_plenary_says_the_same(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        room = opened(house)
        send(a, room, a)
        send(b, room, b)
        house.settle()
        item = ItemProposed(title="Gauges")
        # The group has the last word in the same words: what proves the plenary's agenda must not be taken from it.
        for where in ("plenary", room):
            for desk in (a, b):
                desk.sync()
                assert desk.act(where, item).verdict.status == "valid"
        house.settle()
        groups_own = {line.index for line in a.common.lines() if line.verdict.room == room}
        assert len(groups_own) >= 2
        event = ClosingRecordSigned(record=propose_closing(a))
        assert not groups_own & {one.index for one in event.record.disclosed}
        for desk in (a, b):
            desk.sync()
            desk.act("plenary", event)
        house.settle()
        verify_outcome(export(a))
        (last,) = [line for line in a.common.lines() if line.index == max(groups_own)]
        with pytest.raises(LocalError) as refused:
            disclosure(a, act_hash(pack(last.act)))
        assert refused.value.code == "group-not-disclosed"


def test_who_suspects_something_begins_new_epochs_of_the_groups_too(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        room = opened(house)
        send(a, room, a)
        send(b, room, b)
        house.settle()
        before, key = a.epoch(room), a.talks.kem(room, a.certificate)
        assert room in begin_anew(a)
        house.settle()
        after = a.epoch(room)
        assert (after.epoch, after.readers) == (before.epoch + 1, before.readers)
        assert a.talks.kem(room, a.certificate) != key
        b.act(room, SAID)
        a.sync()
        assert told(a, room) == [MEASURED]
        begin_anew(b, (room,))
        assert b.epoch(room).epoch == after.epoch + 1


def test_a_recall_ends_it_and_results_go_up_and_down(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        expert = house.join(a, "Expert", powers=POWERS)
        room = opened(house)
        send(a, room, a, expert)
        send(b, room, b)
        house.settle()
        people.recall(a, expert.identity.person.member, house.root(a))
        house.desks.remove(expert)
        house.settle()
        assert set(a.epoch(room).readers) == {a.certificate, b.certificate}
        expert.close()
        plenary = a.rooms["plenary"]
        up = ReferredToLevel(
            source=room, target=plenary, subject=bytes(32), title="Flow", text="Measured.", language="en"
        )
        down = ReferredToLevel(
            source=plenary, target=room, subject=bytes(32), title="Flow", text="Again.", language="en"
        )
        for desk in (a, b):
            desk.sync()
            desk.act("plenary", up)
            desk.act(room, down)
        house.settle()
        assert len(a.talks.plenary.referred) == len(b.talks.groups[room].referred) == 1
        for desk in (a, b):
            desk.act("plenary", RoomClosed(room=room))
        house.settle()
        with pytest.raises(LocalError) as refused:
            b.act(room, SAID)
        assert refused.value.code == "group-closed"
        assert len(b.talks.groups[room].referred) == 1


def test_the_host_learns_that_some_room_has_a_new_epoch_and_for_how_many_at_most(tmp_path: Path) -> None:
    with House(tmp_path) as house:
        a, b = house.desks
        room = opened(house)
        send(a, room, a)
        size = a.talks.size
        send(b, room, b)
        house.settle()
        new = [line for line in a.common.lines(size) if line.leaf.kind == Kind.WRAPS]
        assert len(new) == 1
        body = a.common.kept(new[0].index).body
        assert body is not None
        assert room.encode() not in body
        assert bytes.fromhex(room) not in body
        plenary = [
            a.common.kept(line.index).body for line in a.common.lines(0, size) if line.leaf.kind == Kind.WRAPS
        ]
        # Eight blocks, whatever the room and however few read it.
        assert len(body) in {len(one) for one in plenary if one}


def test_a_desk_that_dies_on_the_way_of_an_epoch_hands_over_when_it_is_back(tmp_path: Path) -> None:
    class DiedError(Exception):
        pass

    with House(tmp_path) as house:
        a, b = house.desks
        expert = house.join(a, "Expert", powers=POWERS)
        room = opened(house)
        send(a, room, a)
        send(b, room, b)
        house.settle()
        b.act(room, SAID)
        a.sync()
        send(a, room, a, expert)

        def at(point: str) -> None:
            # The manifest is in the outbox and posted; what hands over is not written yet.
            if point == "send-after-receipt" and a.storage.get(f"hand-over/{room}") is not None:
                raise DiedError

        a.storage.faults = at
        with pytest.raises(DiedError):
            a.sync()
        a = house.reopen(a)
        house.settle()
        assert told(expert, room) == [MEASURED]
        size = a.talks.size
        assert expert.talks.state_hash(room, size) == a.talks.state_hash(room, size)
        assert a.storage.get(f"hand-over/{room}") is None
