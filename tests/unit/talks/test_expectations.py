"""Expectations sealed one by one and opened together: spec/meetings.md R-104."""

from __future__ import annotations

import hashlib

import pytest
from tests.support.meeting import Meeting, sitting

from good_offices.encoding import pack
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid
from good_offices.register.leaf import Kind
from good_offices.talks.convening_rule import Expectations
from good_offices.talks.entries import InBox
from good_offices.talks.events_meetings import (
    ExpectationsSealed,
    SittingConvened,
    SittingWithdrawn,
)
from good_offices.talks.expectations import WAIT_MS
from good_offices.talks.meetings import expectations_box

VALID = ("valid", None)
KINDS = {"BoxCommit": Kind.BOX_COMMIT, "BoxOpen": Kind.BOX_OPEN, "BoxVoid": Kind.BOX_VOID}


class Sealing(Meeting):
    """A sitting whose rule asks for expectations, and the host's box."""

    def __init__(self, **fields) -> None:
        super().__init__(Expectations(), **fields)
        self.deposits = {name: f"sealed by {name}".encode() for name in self.smith.names}

    def digest(self, name: str) -> bytes:
        return hashlib.sha256(self.deposits[name]).digest()

    def seal(self, name: str, attempt: int = 0, **fields) -> tuple[str, str | None]:
        held = {"sitting": self.name, "attempt": attempt, "hash": self.digest(name)} | fields
        return self.post(name, ExpectationsSealed(**held))

    def put(self, content: InBox) -> tuple[str, str | None]:
        """Put an entry of the host's box into the register."""
        verdict = self.smith.common.append(
            KINDS[type(content).__name__], pack(content), content, self.smith.replay, self.smith.clock
        )
        assert verdict.status == "none" or verdict.room == self.smith.plenary_room
        return verdict.status, verdict.code

    def box(self, attempt: int = 0) -> bytes:
        return expectations_box(self.smith.talks, self.now, attempt)

    def commit(self, name: str, attempt: int = 0, **fields) -> tuple[str, str | None]:
        plain = {
            "box": self.box(attempt),
            "delegation": self.smith.id(name),
            "parties": tuple(sorted(self.smith.replay.roster.expected)),
            "release": "sealed",
            "hash": self.digest(name),
            "wait": WAIT_MS,
        }
        return self.put(BoxCommit(**(plain | fields)))

    def opening(self, attempt: int = 0) -> BoxOpen:
        order = sorted(self.smith.names, key=self.smith.id)
        return BoxOpen(box=self.box(attempt), deposits=tuple(self.deposits[name] for name in order))


@pytest.mark.parametrize("parties", [2, 3])
def test_all_seal_all_commit_and_one_entry_opens_all(parties: int) -> None:
    meeting = Sealing(parties=parties)
    for name in meeting.smith.names:
        assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")
        assert meeting.seal(name) == VALID
        assert meeting.commit(name) == VALID
    assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")
    assert meeting.put(meeting.opening()) == VALID
    assert meeting.now.opened == meeting.smith.replay.size - 1
    assert meeting.convene()[-1].status == "valid"
    assert meeting.now.stage == "convened"


def test_the_host_commits_in_nobodys_name_and_opens_nothing_else() -> None:
    meeting = Sealing()
    meeting.seal("A")
    assert meeting.commit("B") == ("void", "box-not-announced")
    assert meeting.commit("A", hash=bytes(32)) == ("void", "box-not-announced")
    for wrong in ({"wait": 1}, {"release": "scalars"}, {"parties": (meeting.smith.id("A"), "f" * 32)}):
        assert meeting.commit("A", **wrong) == ("void", "box-differs")
    assert meeting.commit("A") == VALID
    assert meeting.commit("A") == ("void", "box-committed")
    assert meeting.put(meeting.opening()) == ("void", "box-not-ready")
    meeting.seal("B")
    assert meeting.put(meeting.opening()) == ("void", "box-not-ready")
    meeting.commit("B")
    meeting.deposits["B"] = b"other words"
    assert meeting.put(meeting.opening()) == ("void", "box-deposit-differs")
    assert meeting.now.opened is None


def test_each_seals_once_in_the_box_that_stands() -> None:
    meeting = Sealing()
    assert meeting.seal("A", attempt=1) == ("void", "expectations-attempt")
    assert meeting.seal("A", hash=b"short") == ("void", "expectations-hash")
    assert meeting.seal("A", key=bytes(32)) == ("void", "expectations-key")
    assert meeting.now.attempts == ()
    assert meeting.seal("A", key=bytes(1216)) == VALID
    assert meeting.now.attempts[0].keys == {meeting.smith.id("A"): hashlib.sha256(bytes(1216)).digest()}
    assert meeting.now.attempts[0].authors == {meeting.smith.id("A"): meeting.smith.desk("A").certificate}
    assert meeting.seal("A") == ("void", "expectations-sealed")


def test_a_box_that_ended_void_opened_nothing_and_the_next_can_be_tried() -> None:
    meeting = Sealing()
    for name in "AB":
        meeting.seal(name)
    assert meeting.put(BoxVoid(box=meeting.box(), reason="time")) == ("void", "box-not-ready")
    meeting.commit("A")
    assert meeting.put(BoxVoid(box=meeting.box(), reason="time")) == VALID
    for late in (meeting.opening(), BoxVoid(box=meeting.box(), reason="time")):
        assert meeting.put(late) == ("void", "box-ended")
    assert meeting.commit("B") == ("void", "box-ended")
    assert meeting.post("A", SittingConvened(sitting=meeting.name)) == ("void", "convening-rule-unmet")
    assert meeting.seal("A") == ("void", "expectations-attempt")
    for name in "AB":
        assert meeting.seal(name, attempt=1) == VALID
        assert meeting.commit(name, attempt=1) == VALID
    assert meeting.put(meeting.opening(attempt=1)) == VALID
    assert meeting.seal("A", attempt=1) == ("void", "expectations-attempt")


def test_only_for_a_sitting_that_all_accepted_and_not_once_it_is_convened() -> None:
    meeting = Sealing(agreed=False)
    assert meeting.seal("A") == ("void", "sitting-unknown")
    meeting.post("A", meeting.event)
    assert meeting.seal("A") == ("void", "sitting-not-agreed")
    other = Meeting()
    other.convene()
    late = ExpectationsSealed(sitting=other.name, attempt=0, hash=bytes(32))
    assert other.post("A", late) == ("void", "sitting-convened")


def test_stepping_back_leaves_a_box_that_is_of_nothing() -> None:
    meeting = Sealing()
    meeting.seal("A")
    box = meeting.box()
    meeting.post("B", SittingWithdrawn(sitting=meeting.name))
    before = meeting.smith.replay.plenary.digest
    late = BoxVoid(box=box, reason="time")
    assert meeting.put(late) == ("none", None)
    assert meeting.smith.replay.plenary.digest == before


def test_the_same_sitting_proposed_anew_has_another_box() -> None:
    meeting = Sealing()
    first = meeting.box()
    meeting.post("B", SittingWithdrawn(sitting=meeting.name))
    meeting.all(meeting.event)
    assert meeting.box() != first


def test_two_sittings_have_boxes_of_their_own() -> None:
    meeting = Sealing()
    for name in "AB":
        meeting.seal(name)
        meeting.commit(name)
    other = sitting(title="Second")
    meeting.all(other)
    meeting.put(meeting.opening())
    assert meeting.smith.replay.plenary.meetings.sitting(other.content).opened is None
