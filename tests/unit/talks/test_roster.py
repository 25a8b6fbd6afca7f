"""The roster: spec/credentials.md and spec/rooms.md, each refusal by its code."""

from __future__ import annotations

import msgspec
import pytest
from tests.support.talksmith import KEM, Talksmith, ident, root_key, seed

from good_offices.errors import LocalError
from good_offices.seals.domains import Domain
from good_offices.talks.credentials import NO_HASH
from good_offices.talks.event import POWERS
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_roster import (
    EpochSecret,
    EpochsHandedOver,
    KeyRenewed,
    KeysCompared,
    ManifestIssued,
)
from good_offices.talks.roster import number_digest

HELLO = StatementMade(text="Good morning", language="en")


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(2, signing=False)


@pytest.mark.parametrize("parties", [2, 3, 5])
def test_talks_open_alike_for_any_number_of_delegations(parties: int) -> None:
    smith = Talksmith(parties, signing=False)
    assert {said(verdict) for verdict in smith.verdicts} == {("valid", None)}
    assert smith.replay.roster.introduced
    assert len(smith.replay.roster.number.replace(" ", "")) == 60
    assert all(said(smith.post(name, HELLO)) == ("valid", None) for name in smith.names)


def test_signatures_of_acts_are_checked_before_they_are_replayed() -> None:
    smith = Talksmith(2)
    act = smith.act("A", HELLO)
    smith.parties["A"].desks["A"].signer = smith.desk("B").signer
    assert said(smith.put(act, smith.desk("A"), smith.plenary_room)) == ("void", "act-signature")
    smith.parties["A"].desks["A"].signer = smith.new_desk("A").signer
    assert said(smith.post("A", HELLO)) == ("valid", None)


class TestIntroductions:
    def test_only_the_first_with_a_root_stands(self, smith: Talksmith) -> None:
        before = smith.replay.roster.root(smith.id("A"))
        again = smith.introduction(smith.new_desk("A.other"), first=True)
        assert said(smith.introduce(again)) == ("void", "introduced-twice")
        assert smith.replay.roster.root(smith.id("A")) == before

    def test_the_same_desk_twice(self, smith: Talksmith) -> None:
        late = smith.introduction(smith.new_desk("A.late"), first=False)
        assert said(smith.introduce(late)) == ("valid", None)
        assert said(smith.introduce(late)) == ("void", "introduced-twice")

    def test_a_later_desk_before_its_delegation(self) -> None:
        smith = Talksmith(2, signing=False, open_=False)
        late = smith.introduction(smith.new_desk("A.late"), first=False)
        assert said(smith.introduce(late)) == ("void", "introductions-missing")

    def test_of_other_talks_or_unknown_delegations(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.late")
        foreign = msgspec.structs.replace(desk.statement, talks=bytes(32))
        desk.statement = foreign
        assert said(smith.introduce(smith.introduction(desk, first=False))) == ("void", "statement-foreign")
        desk.statement = msgspec.structs.replace(foreign, talks=smith.talks, delegation=ident("nobody"))
        assert said(smith.introduce(smith.introduction(desk, first=False))) == ("void", "statement-foreign")

    def test_of_the_capital(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.capital", capital=True)
        assert said(smith.introduce(smith.introduction(desk, first=False))) == ("void", "capital-apart")

    def test_that_does_not_verify(self, smith: Talksmith) -> None:
        broken = msgspec.structs.replace(
            smith.introduction(smith.new_desk("A.late"), first=False), handover=None
        )
        assert smith.introduce(broken).status == "void"

    @pytest.mark.parametrize("first", [True, False])
    def test_that_mixes_first_and_later(self, smith: Talksmith, first: bool) -> None:
        desk = smith.new_desk("A.late")
        plain = smith.introduction(desk, first=first)
        mixed = msgspec.structs.replace(plain, certificate=None if first else bytes(3), possession=b"")
        signed = msgspec.structs.replace(
            mixed, possession=desk.signer.sign(Domain.INTRODUCTION, mixed.unsigned())
        )
        assert said(smith.introduce(signed)) == ("void", "introduction-invalid")

    @pytest.mark.parametrize("key", ["note", "cosigner"])
    @pytest.mark.parametrize("public", [b"", bytes(31), bytes(33)])
    def test_with_a_key_of_another_length(self, smith: Talksmith, key: str, public: bytes) -> None:
        desk = smith.new_desk("A.late")
        desk.statement = msgspec.structs.replace(desk.statement, **{key: public})
        assert said(smith.introduce(smith.introduction(desk, first=False))) == ("void", "desk-keys-invalid")

    def test_with_a_member_of_another_delegation(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.late", member=smith.desk("B").member)
        assert said(smith.introduce(smith.introduction(desk, first=False))) == ("void", "member-elsewhere")

    def test_with_a_key_of_the_wrong_length(self, smith: Talksmith) -> None:
        plain = smith.introduction(smith.new_desk("A.late"), first=False)
        short = msgspec.structs.replace(plain, kems={smith.roster_room: b"short"}, possession=b"")
        signed = smith.desk("A.late").signer.sign(Domain.INTRODUCTION, short.unsigned())
        short = msgspec.structs.replace(short, possession=signed)
        assert said(smith.introduce(short)) == ("void", "kem-invalid")

    def test_a_second_genesis(self, smith: Talksmith) -> None:
        entry = smith.common.append(1, b"x", smith.genesis, smith.replay, 0)  # type: ignore[arg-type]
        assert said(entry) == ("void", "genesis-twice")


class TestAccreditation:
    def test_numbers_go_up(self, smith: Talksmith) -> None:
        assert said(smith.post("A", smith.accreditation("A", number=0), room="roster")) == (
            "void",
            "number-not-next",
        )
        less = smith.accreditation("A", number=3, powers=("speak",))
        assert said(smith.post("A", less, room="roster")) == ("valid", None)
        assert smith.replay.roster.book.member_at(smith.desk("A").member, 99).powers == ("speak",)
        old = smith.accreditation("A", number=2)
        assert said(smith.post("A", old, room="roster")) == ("void", "number-not-next")
        assert said(smith.post("A", smith.naming("A", 0), room="roster")) == ("void", "number-not-next")
        assert said(smith.post("A", smith.naming("A", 1), room="roster")) == ("valid", None)

    def test_refusals(self, smith: Talksmith) -> None:
        post = lambda event: said(smith.post("A", event, room="roster"))  # noqa: E731
        backwards = tuple(reversed(POWERS))
        assert post(smith.accreditation("A", number=1, powers=backwards)) == ("void", "powers-not-sorted")
        assert post(smith.accreditation("A", number=1, capital=True)) == ("void", "capital-apart")
        assert post(smith.accreditation("B", number=1)) == ("void", "statement-foreign")
        assert post(smith.naming("B", 1)) == ("void", "statement-foreign")
        theirs = smith.accreditation("A", member=smith.desk("B").member)
        assert post(theirs) == ("void", "member-elsewhere")
        forged = msgspec.structs.replace(smith.accreditation("A", number=1), signature=bytes(10))
        assert post(forged) == ("void", "signature-invalid")

    def test_a_member_has_several_desks(self, smith: Talksmith) -> None:
        smith.joined("A.second", member=smith.desk("A").member)
        assert said(smith.post("A.second", HELLO)) == ("valid", None)
        assert said(smith.post("A", HELLO)) == ("valid", None)
        chains = smith.replay._logs["plenary"].chains
        assert smith.desk("A").certificate.hex() in chains
        assert smith.desk("A.second").certificate.hex() in chains

    def test_certificates_need_an_introduction_with_the_same_keys(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.late")
        assert said(smith.post("A", smith.certificate("A.late"), room="roster")) == (
            "void",
            "desk-not-introduced",
        )
        smith.introduce(smith.introduction(desk, first=False))
        desk.statement = msgspec.structs.replace(desk.statement, note=bytes(32))
        assert said(smith.post("A", smith.certificate("A.late"), room="roster")) == (
            "void",
            "desk-not-introduced",
        )
        assert said(smith.post("B", smith.certificate("A.late"), room="roster")) == (
            "void",
            "statement-foreign",
        )

    def test_a_desk_that_is_not_certified_is_nobody(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.late")
        smith.introduce(smith.introduction(desk, first=False))
        assert said(smith.post("A.late", HELLO)) == ("void", "author-unknown")

    def test_a_member_without_credentials_does_not_speak(self, smith: Talksmith) -> None:
        desk = smith.new_desk("A.late")
        smith.introduce(smith.introduction(desk, first=False))
        smith.post("A", smith.certificate("A.late"), room="roster")
        smith.issue("A", smith.roster_room)
        assert desk.certificate in smith.replay.roster.readers(smith.roster_room, 99)
        assert desk.certificate not in smith.replay.roster.readers(smith.plenary_room, 99)
        assert said(smith.post("A.late", HELLO)) == ("void", "not-reader")
        assert said(smith.post("A.late", KeyRenewed(room=smith.roster_room, kem=KEM), room="roster")) == (
            "valid",
            None,
        )


class TestRecall:
    def test_a_recalled_member_is_out_at_once_and_for_good(self, smith: Talksmith) -> None:
        smith.joined("A.second")
        assert said(smith.post("A", smith.recall("A.second"), room="roster")) == ("valid", None)
        # Even with an epoch and a view from before the recall.
        assert said(smith.post("A.second", HELLO, seen=smith.common.tree.size - 1)) == (
            "void",
            "desk-recalled",
        )
        again = smith.accreditation("A.second", number=1)
        assert said(smith.post("A", again, room="roster")) == ("void", "member-recalled")
        assert said(smith.post("A", smith.recall("A.second"), room="roster")) == ("void", "member-recalled")
        smith.issue("A", smith.roster_room)
        assert smith.desk("A.second").certificate not in smith.replay.epoch(smith.roster_room).readers

    def test_nobody_recalls_others(self, smith: Talksmith) -> None:
        assert said(smith.post("B", smith.recall("A"), room="roster")) == ("void", "statement-foreign")
        theirs = smith.recall("A", member=smith.desk("B").member)
        assert said(smith.post("A", theirs, room="roster")) == ("void", "member-elsewhere")

    def test_an_act_of_a_member_who_is_not_accredited_any_more(self, smith: Talksmith) -> None:
        # Two desks of one member; the recall takes both.
        smith.joined("B.second", member=smith.desk("B").member)
        smith.joined("B.third")
        smith.post("B.third", smith.recall("B"), room="roster")
        assert said(smith.post("B.second", HELLO)) == ("void", "desk-recalled")
        assert said(smith.post("B", HELLO)) == ("void", "desk-recalled")


class TestSuccession:
    def test_the_successor_takes_over(self, smith: Talksmith) -> None:
        number = smith.replay.roster.number
        old = smith.accreditation("A", number=1)
        assert said(smith.post("A", smith.succession("A"), room="roster")) == ("valid", None)
        assert smith.replay.roster.number != number
        assert said(smith.post("A", old, room="roster")) == ("void", "signature-invalid")
        assert said(smith.post("A", smith.accreditation("A", number=1), room="roster")) == ("valid", None)
        # What the first root certified stays, and keys stay compared: the first root committed to the second.
        assert said(smith.post("A", HELLO)) == ("valid", None)
        assert said(smith.compare("A")) == ("valid", None)

    def test_no_other_key_does(self, smith: Talksmith) -> None:
        smith.parties["A"].generation = 6
        wrong = smith.succession("A")
        smith.parties["A"].generation = 0
        assert said(smith.post("A", wrong, room="roster")) == ("void", "successor-wrong")
        assert said(smith.post("B", wrong, room="roster")) == ("void", "statement-foreign")
        right = smith.succession("A")
        forged = msgspec.structs.replace(right, signature=root_key("A", 0).sign(Domain.SUCCESSION, b"x"))
        assert said(smith.post("A", forged, room="roster")) == ("void", "signature-invalid")


class TestComparison:
    def test_a_wrong_number_is_void(self, smith: Talksmith) -> None:
        wrong = KeysCompared(number=number_digest("0" * 60))
        assert said(smith.post("A", wrong, room="roster")) == ("void", "number-differs")

    def test_nothing_in_the_plenary_before_it(self) -> None:
        smith = Talksmith(2, signing=False)
        roster = smith.replay.roster
        one = msgspec.structs.replace(roster.delegations[smith.id("A")], compared=None)
        smith.replay.roster = msgspec.structs.replace(
            roster, delegations={**roster.delegations, smith.id("A"): one}
        )
        assert said(smith.post("A", HELLO)) == ("void", "keys-not-compared")
        assert said(smith.post("B", HELLO)) == ("valid", None)

    def test_there_is_no_number_before_all_are_introduced(self) -> None:
        smith = Talksmith(2, signing=False, open_=False)
        with pytest.raises(LocalError) as caught:
            _ = smith.replay.roster.number
        assert caught.value.code == "introductions-missing"


class TestEpochs:
    def test_the_first_needs_every_introduction(self) -> None:
        smith = Talksmith(2, signing=False, open_=False)
        smith.introduce(smith.introduction(smith.new_desk("A"), first=True))
        assert said(smith.issue("A", smith.roster_room)) == ("void", "introductions-missing")

    def test_a_first_one_that_is_void_leaves_no_trace(self) -> None:
        smith = Talksmith(2, signing=False, open_=False)
        for name in "AB":
            smith.introduce(smith.introduction(smith.new_desk(name), first=True))
        before = smith.replay.state_hash(smith.roster_room, smith.replay.size)
        ghost = smith.issue("A", smith.roster_room, readers=[seed("ghost", size=32)])
        assert said(ghost) == ("void", "manifest-readers")
        assert smith.replay.state_hash(smith.roster_room, smith.replay.size) == before
        assert smith.replay.chain(smith.roster_room, smith.desk("A").certificate).sequence == 0
        assert said(smith.issue("A", smith.roster_room)) == ("valid", None)

    def test_a_later_one_is_issued_under_the_epoch_before(self, smith: Talksmith) -> None:
        event = ManifestIssued(manifest=smith.manifest(smith.roster_room), wraps=bytes(32))
        verdict = smith.post("A", event, room="roster", manifest=event.manifest.hash)
        assert said(verdict) == ("void", "manifest-not-in-force")
        assert said(smith.post("B", event, room="roster")) == ("void", "manifest-head")

    def test_refusals(self, smith: Talksmith) -> None:
        issue = lambda **fields: said(smith.issue("A", smith.roster_room, **fields))  # noqa: E731
        assert issue(previous=NO_HASH) == ("void", "manifest-superseded")
        assert issue(epoch=7) == ("void", "manifest-epoch")
        assert issue(head_size=3) == ("void", "manifest-head")
        assert issue(readers=[smith.desk("A").certificate]) == ("void", "manifest-readers")
        ghost = [*smith.replay.roster.readers(smith.roster_room, 99), seed("ghost", size=32)]
        assert issue(readers=sorted(ghost)) == ("void", "manifest-readers")
        assert issue(talks=bytes(32)) == ("void", "statement-foreign")
        assert said(smith.issue("A", ident("no room"))) == ("void", "room-unknown")
        assert issue() == ("valid", None)

    def test_the_first_valid_successor_wins(self, smith: Talksmith) -> None:
        size = smith.common.tree.size
        mine = ManifestIssued(manifest=smith.manifest(smith.roster_room, size), wraps=bytes(32))
        theirs = ManifestIssued(
            manifest=smith.manifest(smith.roster_room, size, nonce=seed("x", size=32)), wraps=bytes(32)
        )
        assert said(smith.post("A", mine, room="roster", seen=size)) == ("valid", None)
        assert said(smith.post("B", theirs, room="roster", seen=size)) == ("void", "manifest-superseded")
        assert smith.replay.epoch(smith.roster_room).manifest == mine.manifest.hash

    def test_an_act_names_the_epoch_that_its_author_saw(self, smith: Talksmith) -> None:
        size, old = smith.common.tree.size, smith.replay.epoch(smith.plenary_room).manifest
        smith.issue("A", smith.plenary_room)
        assert said(smith.post("B", HELLO, seen=size)) == ("valid", None)
        assert said(smith.post("B", HELLO, manifest=old)) == ("void", "manifest-not-in-force")
        assert said(smith.post("B", HELLO)) == ("valid", None)
        wrong = ManifestIssued(manifest=smith.manifest(smith.roster_room), wraps=bytes(32))
        verdict = smith.post("A", wrong, room="roster", manifest=bytes(32))
        assert said(verdict) == ("void", "manifest-not-in-force")

    def test_keys_are_renewed_room_by_room(self, smith: Talksmith) -> None:
        new = bytes([7]) * len(KEM)
        assert said(smith.post("A", KeyRenewed(room=smith.plenary_room, kem=new), room="roster")) == (
            "valid",
            None,
        )
        assert smith.replay.kem(smith.plenary_room, smith.desk("A").certificate) == new
        assert smith.replay.kem(smith.roster_room, smith.desk("A").certificate) == KEM
        assert smith.replay.kem(smith.roster_room, bytes(32)) is None
        assert said(smith.post("A", KeyRenewed(room=smith.plenary_room, kem=b""), room="roster")) == (
            "void",
            "kem-invalid",
        )
        assert said(smith.post("A", KeyRenewed(room=ident("x"), kem=new), room="roster")) == (
            "void",
            "room-unknown",
        )

    @pytest.mark.parametrize("room", ["roster", "plenary"])
    def test_earlier_epochs_are_handed_over_in_their_room(self, smith: Talksmith, room: str) -> None:
        rid = {"roster": smith.roster_room, "plenary": smith.plenary_room}[room]
        manifest = smith.replay.epoch(rid).manifest
        right = EpochSecret(manifest=manifest, secret=smith.secret(rid, 0))
        wrong = EpochSecret(manifest=manifest, secret=bytes(32))
        unknown = EpochSecret(manifest=bytes(32), secret=bytes(32))
        hand = lambda *epochs, of=rid: said(  # noqa: E731
            smith.post("A", EpochsHandedOver(room=of, epochs=epochs), room=room)
        )
        assert hand(right) == ("valid", None)
        assert hand(right, wrong) == ("void", "epoch-secret-wrong")
        assert hand(unknown) == ("void", "epoch-unknown")
        assert hand(right, of=ident("x")) == ("void", "room-unknown")
