"""The sounding room: who reads it, who speaks there, and what its state is (spec/rooms.md, credentials.md section 4, R-70)."""

from __future__ import annotations

import pytest
from tests.support.talksmith import KEM, Talksmith

from good_offices.encoding import pack, unpack
from good_offices.talks.credentials import Statement
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, KeyRenewed, KeysCompared
from good_offices.talks.replay import CommonReplay
from good_offices.talks.roster import number_digest

HELLO = StatementMade(text="Hello", language="en")


@pytest.fixture
def smith() -> Talksmith:
    one = Talksmith(2, signing=False)
    assert one.issue("A", one.sounding_room).status == "valid"
    return one


def test_a_statement_without_duty_has_the_bytes_it_always_had(smith: Talksmith) -> None:
    plain = smith.desk("A").statement
    assert b"duty" not in pack(plain)
    on_duty = smith.on_duty("A.duty").statement
    assert b"duty" in pack(on_duty)
    assert unpack(pack(on_duty), Statement) == on_duty


def test_a_duty_desk_reads_roster_and_sounding_room_and_nothing_else(smith: Talksmith) -> None:
    duty = smith.on_duty("A.duty")
    size, roster = smith.replay.size, smith.replay.roster
    assert duty.certificate in roster.readers(smith.roster_room, size)
    assert duty.certificate in roster.readers(smith.sounding_room, size)
    assert duty.certificate not in roster.readers(smith.plenary_room, size)
    # Credentials of its member change nothing.
    smith.post("A", smith.accreditation("A.duty"), room="roster")
    assert duty.certificate not in smith.replay.roster.readers(smith.plenary_room, smith.replay.size)
    _, home = smith.caucus("A")
    assert duty.certificate not in home.readers(home.size, smith.replay.size)


def test_a_member_reads_the_sounding_room_with_credentials_alone(smith: Talksmith) -> None:
    desk = smith.new_desk("B.second")
    smith.introduce(smith.introduction(desk, first=False))
    smith.post("B", smith.certificate("B.second"), room="roster")
    assert desk.certificate not in smith.replay.roster.readers(smith.sounding_room, smith.replay.size)
    smith.post("B", smith.accreditation("B.second"), room="roster")
    assert desk.certificate in smith.replay.roster.readers(smith.sounding_room, smith.replay.size)


def test_a_duty_desk_is_no_first_desk() -> None:
    smith = Talksmith(2, signing=False, open_=False)
    verdict = smith.introduce(smith.introduction(smith.new_desk("A", duty=True), first=True))
    assert (verdict.status, verdict.code) == ("void", "duty-desk")


def test_a_duty_desk_of_the_capital_is_none(smith: Talksmith) -> None:
    desk = smith.new_desk("A.far", capital=True, duty=True)
    introduction = smith.introduction(desk, first=False, rooms=(smith.caucus_room("A"),))
    assert smith.caucus_introduce(introduction).code == "capital-apart"


def test_a_duty_desk_speaks_of_keys_and_epochs_alone(smith: Talksmith) -> None:
    smith.on_duty("A.duty")
    number = KeysCompared(number=number_digest(smith.replay.roster.number))
    assert smith.post("A.duty", number, room="roster").code == "duty-desk"
    for event in (smith.naming("A", 1), smith.accreditation("A", number=2), smith.recall("A")):
        assert smith.post("A.duty", event, room="roster").code == "duty-desk"
    assert smith.post("A.duty", smith.certificate("A.duty"), room="roster").code == "duty-desk"
    assert (
        smith.post("A.duty", KeyRenewed(room=smith.sounding_room, kem=KEM), room="roster").status == "valid"
    )
    assert smith.issue("A.duty", smith.sounding_room).status == "valid"


def test_a_duty_desk_begins_no_caucus(smith: Talksmith) -> None:
    duty = smith.on_duty("A.duty")
    assert smith.caucus("A")
    verdict = smith.caucus_post("A.duty", HELLO)
    assert (verdict.code, verdict.facts) == ("not-reader", {"room": "caucus"})
    assert duty.statement.duty


def test_nobody_speaks_in_the_sounding_room_without_a_place(smith: Talksmith) -> None:
    handed = EpochsHandedOver(room=smith.sounding_room, epochs=())
    assert smith.post("A", handed, room="sounding").status == "valid"
    assert smith.post("A", HELLO, room="sounding").code == "room-wrong"
    late = smith.common.tree.size
    smith.joined("A.second")
    smith.issue("A", smith.sounding_room)
    assert smith.post("A.second", handed, room="sounding", seen=late).code == "not-reader"


def test_keys_are_compared_before_anything_is_said_in_the_sounding_room() -> None:
    smith = Talksmith(2, signing=False, open_=False)
    for name in "AB":
        smith.introduce(smith.introduction(smith.new_desk(name), first=True))
    smith.issue("A", smith.roster_room)
    for name in "AB":
        smith.post(name, smith.accreditation(name), room="roster")
    smith.issue("A", smith.sounding_room)
    handed = EpochsHandedOver(room=smith.sounding_room, epochs=())
    assert smith.post("A", handed, room="sounding").code == "keys-not-compared"
    smith.compare("A")
    assert smith.post("A", handed, room="sounding").status == "valid"


def test_epochs_of_the_sounding_room_are_handed_over_there_alone(smith: Talksmith) -> None:
    issued = smith.replay.epoch(smith.sounding_room)
    assert issued is not None
    secret = EpochSecret(manifest=issued.manifest, secret=smith.secret(smith.sounding_room, 0))
    handed = EpochsHandedOver(room=smith.sounding_room, epochs=(secret,))
    assert smith.post("A", handed, room="sounding").status == "valid"
    assert smith.post("A", handed).code == "room-unknown"
    assert smith.post("A", handed, room="roster").code == "room-unknown"
    assert smith.caucus("A")
    assert smith.caucus_post("A", handed).code == "room-unknown"
    other = EpochsHandedOver(room=smith.plenary_room, epochs=())
    assert smith.post("A", other, room="sounding").code == "room-unknown"


def test_its_state_is_its_own(smith: Talksmith) -> None:
    rooms, before = smith.rooms, {}
    for name, room in rooms.items():
        before[name] = smith.replay.state_hash(room, smith.replay.size)
    assert len(set(before.values())) == 3
    smith.post("A", EpochsHandedOver(room=smith.sounding_room, epochs=()), room="sounding")
    after = {name: smith.replay.state_hash(room, smith.replay.size) for name, room in rooms.items()}
    assert [name for name in rooms if before[name] != after[name]] == ["sounding"]
    smith.post("A", HELLO)
    assert smith.replay.state_hash(smith.sounding_room, smith.replay.size) == after["sounding"]
    smith.compare("A")
    last = {name: smith.replay.state_hash(room, smith.replay.size) for name, room in rooms.items()}
    assert all(last[name] != after[name] for name in rooms)


def test_a_snapshot_has_it(smith: Talksmith) -> None:
    smith.post("A", EpochsHandedOver(room=smith.sounding_room, epochs=()), room="sounding")
    restored = CommonReplay.restored(smith.replay.snapshot(), smith.common.tree)
    assert restored.snapshot() == smith.replay.snapshot()
    size = smith.replay.size
    assert restored.state_hash(smith.sounding_room, size) == smith.replay.state_hash(
        smith.sounding_room, size
    )
