"""Papers and letters in the plenary: spec/papers.md R-120 to R-128."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from tests.support.talksmith import Talksmith

from good_offices.encoding import pack
from good_offices.errors import RemoteError
from good_offices.register.leaf import Kind
from good_offices.talks.entries import Aside
from good_offices.talks.event import POWERS
from good_offices.talks.events_papers import AnnexPiece, LetterSent, NonPaper
from good_offices.talks.events_plenary import AnnexFiled, NotePassed, TalksBrokenOff
from good_offices.talks.papers import (
    MAX_ANNEX,
    MAX_LETTER,
    MAX_NON_PAPER,
    PIECE,
    head_desks,
    heads,
    is_aside,
    read_aside,
)
from good_offices.talks.rules import RULES

VALID = ("valid", None)
WITHOUT_RELEASE = tuple(power for power in POWERS if power != "release")


def said(verdict) -> tuple[str, str | None]:
    return verdict.status, verdict.code


@pytest.fixture
def smith() -> Talksmith:
    return Talksmith(3, signing=False)


def letter(smith: Talksmith, author: str = "A", to: tuple[str, ...] = ("B",), **fields: Any) -> LetterSent:
    roster, size = smith.replay.roster, smith.common.tree.size
    ids = tuple(sorted(smith.id(one) for one in to))
    readers = tuple(head_desks(roster, (smith.id(author.split(".", maxsplit=1)[0]), *ids), size))
    plain = {"to": ids, "readers": readers, "letter": b"sealed", "blocks": (bytes(1168),) * 8}
    return LetterSent(**(plain | fields))


def annex(length: int, **fields: Any) -> AnnexFiled:
    count = -(-length // PIECE)
    plain = {
        "annex": "map", "title": "Map", "media": "image/png", "size": length, "digest": bytes(32),
        "pieces": tuple(hashlib.sha256(bytes([one])).digest() for one in range(count)),
    }  # fmt: skip
    return AnnexFiled(**(plain | fields))


class TestNotes:
    def test_an_aide_memoire_is_a_note_and_passes_as_one(self, smith: Talksmith) -> None:
        note = NotePassed(text="To help memory", language="en", kind="aide-memoire")
        assert said(smith.post("A", note)) == VALID
        assert said(smith.post("A", TalksBrokenOff())) == VALID
        assert said(smith.post("A", note)) == ("void", "talks-broken-off")
        assert said(smith.post("A", msgspec.structs.replace(note, urgent=True))) == VALID

    def test_the_bytes_of_a_note_verbale_are_what_they_were(self) -> None:
        from good_offices.encoding import pack

        assert b"kind" not in pack(NotePassed(text="a", language="en"))


class TestAsides:
    def put(self, smith: Talksmith, room: str, payload: Any) -> Any:
        content = Aside(room, payload)
        return smith.common.append(Kind.ENVELOPE, b"sealed", content, smith.replay, smith.clock)

    @pytest.mark.parametrize("name", ["non-paper", "annex-piece"])
    def test_the_plenary_has_no_verdict_on_what_is_no_act(self, smith: Talksmith, name: str) -> None:
        paper = NonPaper(talks=b"", room="", author=b"", nonce=b"", text="", language="")
        payload = paper if name == "non-paper" else AnnexPiece(talks=b"", room="", data=b"")
        before = (
            smith.replay.plenary.digest,
            smith.replay.state_hash(smith.plenary_room, smith.common.tree.size),
        )
        verdict = self.put(smith, smith.plenary_room, payload)
        assert (verdict.status, verdict.room, verdict.facts) == ("none", smith.plenary_room, {"aside": name})
        after = (
            smith.replay.plenary.digest,
            smith.replay.state_hash(smith.plenary_room, smith.common.tree.size),
        )
        assert before == after
        assert said(smith.post("A", NotePassed(text="On we go", language="en"))) == VALID

    def test_the_roster_has_none(self, smith: Talksmith) -> None:
        piece = AnnexPiece(talks=b"", room="", data=b"")
        assert said(self.put(smith, smith.roster_room, piece)) == ("void", "act-unreadable")

    def test_nor_has_a_caucus(self, smith: Talksmith) -> None:
        register, replay = smith.caucus("A")
        content = Aside(replay.room, AnnexPiece(talks=b"", room="", data=b""))
        verdict = register.append(Kind.ENVELOPE, b"sealed", content, replay, smith.clock)
        assert said(verdict) == ("void", "act-unreadable")


class TestHeads:
    def test_heads_hold_both_powers_at_the_highest_level_at_which_there_are_any(
        self, smith: Talksmith
    ) -> None:
        roster = smith.replay.roster
        assert heads(roster, smith.id("A"), smith.common.tree.size) == [smith.desk("A").member]
        smith.joined("A.expert")
        assert (
            said(smith.post("A", smith.accreditation("A.expert", level="experts", number=1), room="roster"))
            == VALID
        )
        leader = smith.joined("A.leader")
        granted = smith.accreditation("A.leader", level="leaders", number=1, powers=WITHOUT_RELEASE)
        assert said(smith.post("A", granted, room="roster")) == VALID
        size = smith.common.tree.size
        assert heads(smith.replay.roster, smith.id("A"), size) == [smith.desk("A").member]
        granted = smith.accreditation("A.leader", level="leaders", number=2)
        assert said(smith.post("A", granted, room="roster")) == VALID
        size = smith.common.tree.size
        assert heads(smith.replay.roster, smith.id("A"), size) == [leader.member]
        assert head_desks(smith.replay.roster, (smith.id("A"),), size) == [leader.certificate]

    def test_whoever_was_recalled_is_none(self, smith: Talksmith) -> None:
        leader = smith.joined("A.leader")
        smith.post("A", smith.accreditation("A.leader", level="leaders", number=1), room="roster")
        assert heads(smith.replay.roster, smith.id("A"), smith.common.tree.size) == [leader.member]
        assert said(smith.post("A", smith.recall("A.leader"), room="roster")) == VALID
        assert heads(smith.replay.roster, smith.id("A"), smith.common.tree.size) == [smith.desk("A").member]


class TestLetters:
    def test_a_head_writes_to_heads_and_after_a_break_too(self, smith: Talksmith) -> None:
        before = smith.replay.plenary.digest
        assert said(smith.post("A", letter(smith))) == VALID
        assert said(smith.post("A", letter(smith, to=("B", "C")))) == VALID
        assert smith.post("A", TalksBrokenOff()).status == "valid"
        assert said(smith.post("B", letter(smith, "B", ("A",)))) == VALID
        assert before

    def test_to_whom_it_may_not_go(self, smith: Talksmith) -> None:
        mine, b = smith.id("A"), smith.id("B")
        for to in (
            (),
            (mine,),
            (b, b),
            ("nobody",),
            tuple(sorted((smith.id("B"), smith.id("C")), reverse=True)),
        ):
            assert said(smith.post("A", letter(smith, to=("B",)).__class__(
                to=to, readers=(), letter=b"", blocks=()
            ))) == ("void", "letter-to")  # fmt: skip

    def test_who_is_no_head_writes_none(self, smith: Talksmith) -> None:
        smith.joined("A.second", powers=("agree", "speak"))
        assert said(smith.post("A.second", letter(smith, "A.second"))) == ("void", "letter-not-head")

    def test_a_delegation_without_a_head_gets_none(self, smith: Talksmith) -> None:
        granted = smith.accreditation("B", number=1, powers=WITHOUT_RELEASE)
        assert said(smith.post("B", granted, room="roster")) == VALID
        assert said(smith.post("A", letter(smith))) == ("void", "letter-no-head")

    def test_it_names_exactly_the_heads_there_are(self, smith: Talksmith) -> None:
        short = letter(smith)
        assert said(smith.post("A", msgspec.structs.replace(short, readers=short.readers[:1]))) == (
            "void",
            "letter-late",
        )
        ghost = tuple(sorted((*short.readers, smith.desk("C").certificate)))
        assert said(smith.post("A", msgspec.structs.replace(short, readers=ghost))) == ("void", "letter-late")
        smith.joined("B.second")
        assert said(smith.post("A", short)) == ("void", "letter-late")

    def test_one_that_crosses_a_new_epoch_is_late(self, smith: Talksmith) -> None:
        event, seen = letter(smith), smith.common.tree.size
        smith.issue("A", smith.plenary_room)
        assert said(smith.post("A", event, seen=seen)) == ("void", "letter-late")
        assert said(smith.post("A", event)) == VALID

    @pytest.mark.parametrize(
        "fields",
        [
            {"blocks": (bytes(1168),) * 7},
            {"blocks": ()},
            {"blocks": (bytes(1167),) * 8},
            {"letter": bytes(MAX_LETTER + 1)},
        ],
    )
    def test_its_form(self, smith: Talksmith, fields: dict[str, Any]) -> None:
        assert said(smith.post("A", letter(smith, **fields))) == ("void", "letter-form")

    def test_who_was_recalled_writes_none(self, smith: Talksmith) -> None:
        smith.joined("A.second")
        event = letter(smith, "A.second")
        smith.post("A", smith.recall("A.second"), room="roster")
        assert said(smith.post("A.second", event, seen=smith.common.tree.size - 1)) == (
            "void",
            "desk-recalled",
        )


class TestAnnexes:
    @pytest.mark.parametrize("size", [1, PIECE, PIECE + 1, MAX_ANNEX])
    def test_it_names_as_many_pieces_as_it_has(self, smith: Talksmith, size: int) -> None:
        assert said(smith.post("A", annex(size))) == VALID
        assert len(smith.replay.plenary.annexes["map"].pieces) == -(-size // PIECE)

    @pytest.mark.parametrize(
        "fields",
        [
            {"size": PIECE * 2},
            {"size": 0},
            {"size": -1},
            {"size": MAX_ANNEX + 1},
            {"pieces": (bytes(31),)},
            {"digest": bytes(31)},
        ],
    )
    def test_else_it_is_void(self, smith: Talksmith, fields: dict[str, Any]) -> None:
        assert said(smith.post("A", annex(5, **fields))) == ("void", "annex-pieces")

    def test_by_its_hash_alone_it_has_any_size(self, smith: Talksmith) -> None:
        assert said(smith.post("A", annex(5, size=MAX_ANNEX * 9, pieces=()))) == VALID


def test_letters_are_for_the_plenary() -> None:
    assert RULES["LetterSent"].rooms == ("plenary",)


def test_what_is_set_aside_is_read_as_what_it_calls_itself() -> None:
    piece = AnnexPiece(talks=bytes(32), room="r", data=b"x")
    paper = NonPaper(
        talks=bytes(32), room="r", author=bytes(32), nonce=bytes(16), text="A thought.", language="en"
    )
    for one in (piece, paper):
        assert is_aside(pack(one))
        assert read_aside(pack(one)) == one
    said = pack(NotePassed(text="x", language="en"))
    assert not is_aside(said)
    assert read_aside(said) is None
    long = msgspec.structs.replace(paper, text="x" * MAX_NON_PAPER)
    with pytest.raises(RemoteError) as refused:
        read_aside(pack(long))
    assert refused.value.code == "too-large"
