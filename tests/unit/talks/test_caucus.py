"""The caucus: spec/rooms.md section 7."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.talksmith import KEM, START, Talksmith, ident, seed

from good_offices.errors import LocalError, OperationalError
from good_offices.register.leaf import Kind
from good_offices.talks.caucus import CaucusReplay
from good_offices.talks.entries import Broken, Entry, Opened
from good_offices.talks.events_plenary import (
    InstructionsAsked,
    InstructionsGiven,
    ItemProposed,
    StatementMade,
)
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, KeyRenewed, ManifestIssued
from good_offices.talks.verdict import ForkSuspected, StateDiffers

HELLO = StatementMade(text="Between us", language="en")
VALID = ("valid", None)


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    made = Talksmith(2, signing=False)
    made.caucus("A")
    return made


def with_capital(smith: Talksmith) -> None:
    desk = smith.new_desk("A.capital", capital=True)
    room = smith.caucus_room("A")
    introduced = smith.caucus_introduce(smith.introduction(desk, first=False, rooms=(room,)))
    assert (said(introduced), introduced.room) == (VALID, room)
    assert said(smith.caucus_post("A", smith.accreditation("A.capital", capital=True, powers=()))) == VALID
    assert said(smith.caucus_post("A", smith.certificate("A.capital"))) == VALID
    assert said(smith.caucus_issue("A")) == VALID


def test_a_delegation_speaks_among_itself(smith: Talksmith) -> None:
    replay = smith.caucus("A")[1]
    assert said(smith.caucus_post("A", HELLO)) == VALID
    assert said(smith.caucus_post("A", InstructionsAsked(text="May we?", language="en"))) == VALID
    assert replay.epoch().readers == (smith.desk("A").certificate,)
    assert replay.kem(smith.desk("A").certificate) is None
    assert said(smith.caucus_post("A", KeyRenewed(room=replay.room, kem=KEM))) == VALID
    assert replay.kem(smith.desk("A").certificate) == KEM


def test_others_are_nobody_there(smith: Talksmith) -> None:
    act = smith.caucus_act("A", HELLO)
    theirs = msgspec.structs.replace(act, author=smith.desk("B").certificate, sequence=0, previous=bytes(32))
    assert said(smith.caucus_put(theirs, smith.desk("A"))) == ("void", "author-unknown")


def test_the_capital_sees_and_instructs(smith: Talksmith) -> None:
    with_capital(smith)
    replay = smith.caucus("A")[1]
    assert smith.desk("A.capital").certificate in replay.epoch().readers
    assert said(smith.caucus_post("A.capital", InstructionsGiven(text="Yes", language="en"))) == VALID
    assert smith.desk("A.capital").certificate not in smith.replay.roster.readers(smith.roster_room, 99)
    assert said(smith.caucus_post("A", smith.recall("A.capital"))) == VALID
    assert said(smith.caucus_post("A.capital", HELLO, seen=smith.caucus("A")[0].tree.size - 1)) == (
        "void",
        "desk-recalled",
    )
    assert said(smith.caucus_post("A", smith.recall("A"))) == ("void", "member-unknown")


def handed(room: str, manifest: bytes, secret: bytes) -> EpochsHandedOver:
    return EpochsHandedOver(room=room, epochs=(EpochSecret(manifest=manifest, secret=secret),))


def test_secrets_of_the_common_rooms_are_handed_over_for_the_capital(smith: Talksmith) -> None:
    """spec/rooms.md 7.4, R-25."""
    with_capital(smith)
    replay = smith.caucus("A")[1]
    state = replay.caucus.digest
    for room in (smith.roster_room, smith.plenary_room):
        manifest, secret = smith.replay.epoch(room).manifest, smith.secret(room, 0)
        assert said(smith.caucus_post("A", handed(room, manifest, secret))) == VALID
        assert said(smith.caucus_post("A.capital", handed(room, manifest, secret))) == VALID
        assert said(smith.caucus_post("A", handed(room, manifest, bytes(32)))) == (
            "void",
            "epoch-secret-wrong",
        )
        assert said(smith.caucus_post("A", handed(room, bytes(32), secret))) == ("void", "epoch-unknown")
        # A manifest is one of the room that is named, and of no other.
        assert said(smith.caucus_post("A", handed(replay.room, manifest, secret))) == (
            "void",
            "epoch-unknown",
        )
    crossed = handed(smith.roster_room, smith.replay.epoch(smith.plenary_room).manifest, secret)
    assert said(smith.caucus_post("A", crossed)) == ("void", "epoch-unknown")
    assert replay.caucus.digest == state
    assert said(smith.caucus_post("A", handed(ident("x"), manifest, secret))) == ("void", "room-unknown")
    # The common rooms know nothing of a caucus.
    away = handed(replay.room, replay.epoch().manifest, smith.secret(replay.room, 0))
    assert said(smith.post("A", away, room="roster")) == ("void", "room-unknown")


def test_a_secret_is_handed_over_by_the_common_record_that_counts(smith: Talksmith) -> None:
    """An epoch that no act of the caucus has come to yet is unknown there (R-16, R-25)."""
    with_capital(smith)
    before = smith.common.tree.size
    assert smith.issue("A", smith.roster_room).status == "valid"
    event = handed(
        smith.roster_room, smith.replay.epoch(smith.roster_room).manifest, smith.secret(smith.roster_room, 1)
    )
    assert said(smith.caucus_post("A", event, common=before)) == ("void", "epoch-unknown")
    assert said(smith.caucus_post("A", event, common=before + 1)) == VALID


def test_introductions_there_are_of_the_capital(smith: Talksmith) -> None:
    desk = smith.new_desk("A.second")
    assert said(smith.caucus_introduce(smith.introduction(desk, first=False))) == ("void", "capital-apart")
    desk = smith.new_desk("A.capital", capital=True)
    assert said(smith.caucus_introduce(smith.introduction(desk, first=True))) == ("void", "capital-apart")
    foreign = smith.introduction(desk, first=False)
    foreign = msgspec.structs.replace(
        foreign, statement=msgspec.structs.replace(desk.statement, talks=bytes(32))
    )
    assert said(smith.caucus_introduce(foreign)) == ("void", "statement-foreign")
    register, replay = smith.caucus("A")
    broken = register.append(Kind.INTRODUCTION, b"x", Broken("introduction-invalid"), replay, 1)
    assert said(broken) == ("void", "introduction-invalid")
    assert said(register.append(Kind.GENESIS, b"y", smith.genesis, replay, 1)) == ("void", "genesis-twice")
    assert said(register.append(Kind.WRAPS, b"z", None, replay, 1)) == ("none", None)
    assert said(smith.caucus_post("A", smith.accreditation("A", number=1))) == ("void", "capital-apart")


def test_members_of_the_common_room_come_in_by_the_common_record(smith: Talksmith) -> None:
    before = smith.common.tree.size
    smith.joined("A.second")
    assert said(smith.caucus_issue("A")) == VALID
    assert said(smith.caucus_post("A.second", HELLO)) == VALID
    assert said(smith.caucus_post("A", HELLO, common=before)) == ("void", "seen-runs-back")


def test_a_desk_is_unknown_before_the_common_record_that_certified_it() -> None:
    smith = Talksmith(2, signing=False)
    before = smith.common.tree.size
    smith.caucus("A")
    smith.joined("A.second")
    act = smith.caucus_act("A.second", HELLO, common=before, manifest=smith.caucus("A")[1].epoch().manifest)
    assert said(smith.caucus_put(act, smith.desk("A.second"))) == ("void", "author-unknown")


def test_who_was_recalled_does_not_go_on_by_naming_an_old_record(smith: Talksmith) -> None:
    smith.joined("A.second")
    smith.caucus_issue("A")
    assert said(smith.caucus_post("A.second", HELLO)) == VALID
    old = smith.common.tree.size
    smith.post("A", smith.recall("A.second"), room="roster")
    # Nobody in the caucus has named the recall yet: the two registers have no order between them.
    assert said(smith.caucus_post("A.second", HELLO, common=old)) == VALID
    smith.caucus_post("A", HELLO)
    assert said(smith.caucus_post("A.second", HELLO, common=old)) == ("void", "desk-recalled")


def test_more_of_the_common_record_than_held_must_be_fetched_first(smith: Talksmith) -> None:
    act = smith.caucus_act("A", HELLO)
    ahead = msgspec.structs.replace(act.common, size=smith.common.tree.size + 5)
    size = smith.caucus("A")[1].size
    with pytest.raises(OperationalError) as caught:
        smith.caucus("A")[1].check(msgspec.structs.replace(act, common=ahead))
    assert caught.value.code == "common-behind"
    assert caught.value.retry_safe
    assert caught.value.facts == {"size": ahead.size, "held": smith.common.tree.size}
    assert smith.caucus("A")[1].size == size


def test_refusals(smith: Talksmith) -> None:
    put = lambda act: said(smith.caucus_put(act, smith.desk("A")))  # noqa: E731
    act = lambda event=HELLO, **fields: smith.caucus_act("A", event, **fields)  # noqa: E731
    replay = smith.caucus("A")[1]
    assert put(act(talks=bytes(32))) == ("void", "other-talks")
    assert put(act(room=smith.plenary_room)) == ("void", "room-differs")
    assert put(act(sequence=8)) == ("void", "chain-broken")
    assert put(msgspec.structs.replace(act(), common=None)) == ("void", "common-missing")
    assert put(act(manifest=bytes(32))) == ("void", "manifest-not-in-force")
    assert put(act(ItemProposed(title="x"))) == ("void", "room-wrong")
    assert put(act(KeyRenewed(room=ident("x"), kem=KEM))) == ("void", "room-unknown")
    assert put(act(EpochsHandedOver(room=ident("x"), epochs=()))) == ("void", "room-unknown")
    assert put(act(time=START - 1)) == ("void", "time-runs-back")
    right = EpochSecret(manifest=replay.epoch().manifest, secret=smith.secret(replay.room, 0))
    assert put(act(EpochsHandedOver(room=replay.room, epochs=(right,)))) == VALID
    elsewhere = ManifestIssued(manifest=smith.caucus_manifest("A", room=ident("x")), wraps=bytes(32))
    assert put(act(elsewhere)) == ("void", "room-unknown")
    wrong = ManifestIssued(manifest=smith.caucus_manifest("A"), wraps=bytes(32))
    assert put(act(wrong, manifest=bytes(32))) == ("void", "manifest-not-in-force")
    ghost = ManifestIssued(
        manifest=smith.caucus_manifest("A", readers=[seed("ghost", size=32)]), wraps=bytes(32)
    )
    assert put(act(ghost)) == ("void", "manifest-readers")
    assert put(smith.caucus_act("A", HELLO)) == VALID
    unreadable = smith.caucus("A")[0].append(
        Kind.ENVELOPE, b"?", Opened(replay.room, None, bytes(32), "act-unreadable"), replay, 1
    )
    assert said(unreadable) == ("void", "act-unreadable")
    assert said(smith.caucus_put(act(), smith.desk("A"), problem="seen-unsigned")) == (
        "void",
        "seen-unsigned",
    )
    with pytest.raises(LocalError):
        replay.apply(Entry(index=77, leaf_hash=bytes(32), kind=4, time=0, content=None))


def test_a_reader_who_is_not_in_the_epoch_waits(smith: Talksmith) -> None:
    smith.joined("A.second")
    assert said(smith.caucus_post("A.second", HELLO)) == ("void", "not-reader")


def test_other_views_are_evidence(smith: Talksmith) -> None:
    act = smith.caucus_act("A", HELLO)
    here = msgspec.structs.replace(act.seen, root=bytes(32))
    verdict = smith.caucus_put(msgspec.structs.replace(act, seen=here), smith.desk("A"))
    assert said(verdict) == ("void", "seen-differs")
    assert verdict.effects == (ForkSuspected(seen=here, register="caucus"),)
    act = smith.caucus_act("A", HELLO)
    there = msgspec.structs.replace(act.common, root=bytes(32))
    verdict = smith.caucus_put(msgspec.structs.replace(act, common=there), smith.desk("A"))
    assert said(verdict) == ("void", "seen-differs")
    assert verdict.effects == (ForkSuspected(seen=there, register="common"),)
    verdict = smith.caucus_post("A", HELLO, state=bytes(32))
    assert said(verdict) == VALID
    assert isinstance(verdict.effects[0], StateDiffers)


def test_a_snapshot_continues_identically(smith: Talksmith) -> None:
    with_capital(smith)
    register, replay = smith.caucus("A")
    other = CaucusReplay.restored(replay.snapshot(), smith.replay, register.tree)
    assert other.snapshot() == replay.snapshot()
    smith.caucus_post("A.capital", HELLO)
    assert said(other.apply(register.entries[-1])) == VALID
    assert other.snapshot() == replay.snapshot()
    other.check(smith.caucus_act("A", HELLO))


def test_a_first_epoch_that_is_void_leaves_no_trace() -> None:
    smith = Talksmith(2, signing=False)
    smith.caucus_issue = lambda name: None  # type: ignore[assignment,method-assign]
    replay = smith.caucus("A")[1]
    before = replay.state_hash(replay.size)
    ghost = ManifestIssued(
        manifest=smith.caucus_manifest("A", readers=[seed("ghost", size=32)]), wraps=bytes(32)
    )
    assert said(smith.caucus_post("A", ghost)) == ("void", "manifest-readers")
    assert replay.state_hash(replay.size) == before
    assert replay.chain(smith.desk("A").certificate).sequence == 0
    right = ManifestIssued(manifest=smith.caucus_manifest("A"), wraps=bytes(32))
    assert said(smith.caucus_post("A", right)) == VALID


def test_a_duty_desk_does_not_begin_the_caucus() -> None:
    smith = Talksmith(2, signing=False)
    smith.caucus_issue = lambda name: None  # type: ignore[assignment,method-assign]
    smith.on_duty("A.duty")
    replay = smith.caucus("A")[1]
    first = ManifestIssued(manifest=smith.caucus_manifest("A"), wraps=bytes(32))
    assert smith.desk("A.duty").certificate not in first.manifest.readers
    refused = smith.caucus_post("A.duty", first)
    assert (said(refused), refused.facts) == (("void", "not-reader"), {"room": "caucus"})
    assert replay.epoch() is None
    head = ManifestIssued(manifest=smith.caucus_manifest("A"), wraps=bytes(32))
    assert said(smith.caucus_post("A", head)) == VALID


def test_a_desk_of_another_delegation_never_writes_there(smith: Talksmith) -> None:
    act = smith.caucus_act("A", HELLO)
    assert smith.caucus("A")[1].certificate(smith.desk("B").certificate, act.common.size) is None


def test_a_desk_is_known_from_the_entry_on_that_certified_it(smith: Talksmith) -> None:
    replay = smith.caucus("A")[1]
    desk = smith.new_desk("A.second")
    rooms = (smith.roster_room, smith.plenary_room, replay.room)
    smith.introduce(smith.introduction(desk, first=False, rooms=rooms))
    smith.post("A", smith.accreditation("A.second"), room="roster")
    certified = smith.post("A", smith.certificate("A.second"), room="roster")
    assert certified.status == "valid"
    assert replay.certificate(desk.certificate, certified.index) is None
    assert replay.certificate(desk.certificate, certified.index + 1) == desk.statement
    # Its key for the caucus came with its introduction in the common record.
    assert replay.kem(desk.certificate) == KEM


def test_an_epoch_is_asked_for_at_any_size(smith: Talksmith) -> None:
    register, replay = smith.caucus("A")
    first, size = replay.epoch(), register.tree.size
    assert said(smith.caucus_issue("A")) == VALID
    assert replay.epoch(size) == first
    assert replay.epoch() != first
