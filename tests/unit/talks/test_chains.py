"""Where an act stands: spec/talks.md R-1 to R-24, each refusal by its code."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.talksmith import START, Talksmith, ident

from good_offices.encoding import pack, unpack
from good_offices.errors import CATALOGUE, LocalError, RemoteError
from good_offices.register.leaf import Kind
from good_offices.talks.acts import Act, Event, Seen, SignedAct
from good_offices.talks.entries import Entry, Opened
from good_offices.talks.event import Acceptable
from good_offices.talks.events_plenary import InstructionsAsked, NotePassed, StatementMade
from good_offices.talks.guest_acts import HANDLERS as GUEST_HANDLERS
from good_offices.talks.moving import HANDLERS as MOVING_HANDLERS
from good_offices.talks.performing import HANDLERS
from good_offices.talks.roster import HANDLERS as ROSTER_HANDLERS
from good_offices.talks.rules import RULES
from good_offices.talks.sounding_acts import HANDLERS as SOUNDING_HANDLERS
from good_offices.talks.verdict import ForkSuspected, StateDiffers, WithoutEffectError

HELLO = StatementMade(text="Good morning", language="en")


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


def test_every_event_has_a_row_and_a_place_where_it_is_done() -> None:
    events = {kind.__name__ for kind in Event.__args__}
    assert events == RULES.keys()
    at_home = {name for name, rule in RULES.items() if rule.rooms == ("caucus",)}
    special = {"ActConfirmed", "ClosingRecordSigned"}
    in_roster = ROSTER_HANDLERS.keys() | GUEST_HANDLERS.keys() | MOVING_HANDLERS.keys()
    assert {name for name, rule in RULES.items() if "roster" in rule.rooms} == in_roster
    assert {name for name, rule in RULES.items() if "plenary" in rule.rooms} - special == HANDLERS.keys()
    assert {name for name, rule in RULES.items() if "sounding" in rule.rooms} == SOUNDING_HANDLERS.keys()
    rest = events - in_roster - HANDLERS.keys() - SOUNDING_HANDLERS.keys() - special
    assert rest == at_home


def test_no_field_hides_what_every_event_has() -> None:
    for kind in Event.__args__:
        kept = {"name", "content"} if issubclass(kind, Acceptable) else {"name"}
        assert not kept & set(kind.__struct_fields__), kind


def test_every_event_is_named_in_the_past_and_packs(smith: Talksmith) -> None:
    act = smith.act("A", HELLO)
    assert unpack(pack(act), Act) == act
    assert act.event.name == "StatementMade"
    with pytest.raises(RemoteError):
        unpack(pack(act).replace(b"StatementMade", b"StatementFade"), Act)


def test_signed_bytes_are_the_act() -> None:
    smith = Talksmith(2)
    smith.post("A", HELLO)
    signed = unpack(smith.common.bodies[-1], SignedAct)
    act = signed.opened()
    assert act.event == HELLO
    assert signed.hash == smith.common.entries[-1].content.act_hash
    signed.verify(smith.desk("A").statement.act)
    with pytest.raises(RemoteError):
        signed.verify(smith.desk("B").statement.act)
    key = smith.common.host.keys
    from good_offices.register.host import Seen as HostSeen

    assert key.open_seen(HostSeen(act.seen.size, act.seen.root, act.seen.signature)).size == act.seen.size


class TestForm:
    def test_an_entry_that_opened_and_is_no_act(self, smith: Talksmith) -> None:
        opened = Opened(smith.plenary_room, None, bytes(32), "act-unreadable")
        before = smith.replay.state_hash(smith.plenary_room, smith.replay.size)
        verdict = smith.common.append(Kind.ENVELOPE, b"?", opened, smith.replay, 1)
        assert said(verdict) == ("void", "act-unreadable")
        assert verdict.room == smith.plenary_room
        assert smith.replay.state_hash(smith.plenary_room, smith.replay.size) != before
        opened = Opened(smith.plenary_room, None, bytes(32))
        assert said(smith.common.append(Kind.ENVELOPE, b"??", opened, smith.replay, 1)) == (
            "void",
            "act-unreadable",
        )

    def test_of_other_talks_or_rooms(self, smith: Talksmith) -> None:
        assert said(smith.post("A", HELLO, talks=bytes(32))) == ("void", "other-talks")
        assert said(smith.post("A", HELLO, room="plenary", author=bytes(32))) == ("void", "author-unknown")
        act = smith.act("A", HELLO)
        assert said(smith.put(act, smith.desk("A"), smith.roster_room)) == ("void", "room-differs")
        assert said(smith.post("A", HELLO, common=smith.common.seen(1))) == ("void", "common-unexpected")

    def test_of_a_room_that_is_not_common(self, smith: Talksmith) -> None:
        with pytest.raises(LocalError, match="no such room"):
            smith.put(smith.act("A", HELLO), smith.desk("A"), ident("elsewhere"))
        with pytest.raises(LocalError):
            smith.replay.state_hash(ident("elsewhere"), 3)

    def test_entries_come_in_order(self, smith: Talksmith) -> None:
        with pytest.raises(LocalError) as caught:
            smith.replay.apply(Entry(index=99, leaf_hash=bytes(32), kind=4, time=0, content=None))
        assert caught.value.code == "entry-out-of-order"
        with pytest.raises(LocalError):
            smith.replay.apply(Entry(index=0, leaf_hash=bytes(32), kind=4, time=0, content=None))

    def test_entries_of_others_leave_every_state_alone(self, smith: Talksmith) -> None:
        before = smith.replay.snapshot()
        verdict = smith.put_other()
        assert (verdict.room, *said(verdict)) == ("", "none", None)
        assert len(smith.replay.snapshot()) == len(before)
        assert smith.replay.state_hash(smith.plenary_room, smith.replay.size) == smith.replay.state_hash(
            smith.plenary_room, smith.replay.size - 1
        )


class TestChain:
    def test_sequence_and_previous(self, smith: Talksmith) -> None:
        assert said(smith.post("A", HELLO)) == ("valid", None)
        assert said(smith.post("A", HELLO, sequence=5)) == ("void", "chain-broken")
        assert said(smith.post("A", HELLO, previous=bytes(32))) == ("void", "chain-broken")
        assert said(smith.post("A", HELLO)) == ("valid", None)
        assert smith.replay.chain(smith.plenary_room, smith.desk("A").certificate).sequence == 2

    def test_a_replayed_act_is_void(self, smith: Talksmith) -> None:
        act = smith.act("A", HELLO)
        assert said(smith.put(act, smith.desk("A"), smith.plenary_room)) == ("valid", None)
        assert said(smith.put(act, smith.desk("A"), smith.plenary_room)) == ("void", "chain-broken")

    def test_void_acts_advance_it_too(self, smith: Talksmith) -> None:
        verdict = smith.post("A", InstructionsAsked(text="?", language="en"))
        assert said(verdict) == ("void", "room-wrong")
        assert verdict.facts == {"event": "InstructionsAsked", "room": "plenary"}
        assert smith.replay.chain(smith.plenary_room, smith.desk("A").certificate).sequence == 1

    def test_rooms_have_chains_of_their_own(self, smith: Talksmith) -> None:
        smith.post("A", HELLO)
        assert smith.replay.chain(smith.roster_room, smith.desk("A").certificate).sequence > 1
        assert smith.replay.chain(smith.plenary_room, smith.desk("A").certificate).sequence == 1

    def test_time_never_runs_back(self, smith: Talksmith) -> None:
        assert said(smith.post("A", HELLO, time=START + 50_000)) == ("valid", None)
        assert said(smith.post("A", HELLO, time=START + 40_000)) == ("void", "time-runs-back")
        assert said(smith.post("A", HELLO, time=START + 50_000)) == ("valid", None)
        assert said(smith.post("B", HELLO, time=START + 10)) == ("valid", None)


class TestSeen:
    def test_it_lies_before_the_entry_and_never_shrinks(self, smith: Talksmith) -> None:
        size = smith.common.tree.size
        assert said(smith.post("A", HELLO)) == ("valid", None)
        assert said(smith.post("A", HELLO, seen=size - 1)) == ("void", "seen-runs-back")
        ahead = Seen(size=size + 90, root=bytes(32))
        epoch = smith.replay.epoch(smith.plenary_room).manifest
        assert said(smith.post("A", HELLO, seen=size, manifest=epoch)) == ("valid", None)
        act = msgspec.structs.replace(smith.act("A", HELLO), seen=ahead)
        assert said(smith.put(act, smith.desk("A"), smith.plenary_room)) == ("void", "seen-ahead")
        act = msgspec.structs.replace(smith.act("A", HELLO), seen=Seen(size=0, root=bytes(32)))
        assert said(smith.put(act, smith.desk("A"), smith.plenary_room)) == ("void", "seen-ahead")

    def test_another_root_is_evidence_of_two_histories(self, smith: Talksmith) -> None:
        other = Seen(size=smith.common.tree.size, root=bytes(32), signature=bytes(64))
        act = msgspec.structs.replace(smith.act("A", HELLO), seen=other)
        verdict = smith.put(act, smith.desk("A"), smith.plenary_room)
        assert said(verdict) == ("void", "seen-differs")
        assert verdict.effects == (ForkSuspected(seen=other, register="common"),)
        # It is no view that counts: the chain goes on from what was true.
        assert said(smith.post("A", HELLO)) == ("valid", None)

    def test_another_state_is_evidence_and_no_reason_to_refuse(self, smith: Talksmith) -> None:
        verdict = smith.post("A", HELLO, state=bytes(32))
        assert said(verdict) == ("valid", None)
        (effect,) = verdict.effects
        assert isinstance(effect, StateDiffers)
        assert effect.stated == bytes(32)
        assert smith.post("A", HELLO).effects == ()

    def test_the_state_at_every_size_stays_known(self, smith: Talksmith) -> None:
        size = smith.common.tree.size
        known = [smith.replay.state_hash(smith.plenary_room, at) for at in range(size + 1)]
        smith.both(HELLO)
        assert [smith.replay.state_hash(smith.plenary_room, at) for at in range(size + 1)] == known
        assert known[0] == bytes(32)
        assert len(set(known[2:])) == size - 1


class TestCheck:
    def test_the_desk_asks_before_it_sends(self, smith: Talksmith) -> None:
        before = smith.replay.snapshot()
        smith.replay.check(smith.act("A", HELLO))
        with pytest.raises(LocalError) as caught:
            smith.replay.check(smith.act("A", HELLO, sequence=9))
        assert caught.value.code == "chain-broken"
        assert str(caught.value)
        assert caught.value.remedy
        assert smith.replay.snapshot() == before

    def test_it_tells_apart_what_has_no_effect(self, smith: Talksmith) -> None:
        smith.post("A", smith.accreditation("A", number=1, powers=()), room="roster")
        with pytest.raises(WithoutEffectError) as caught:
            smith.replay.check(smith.act("A", NotePassed(text="x", language="en")))
        assert caught.value.code == "power-lacking"


def test_every_code_of_the_talks_has_a_sentence_and_a_remedy() -> None:
    import re
    from pathlib import Path

    import good_offices.talks

    folder = Path(good_offices.talks.__file__).parent
    source = "".join(path.read_text() for path in folder.glob("*.py"))
    codes = set(re.findall(r'Error\(\s*"([a-z-]+)"', source))
    assert len(codes) > 60
    assert codes <= CATALOGUE.keys()
