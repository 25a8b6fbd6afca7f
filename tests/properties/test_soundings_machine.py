"""Soundings of two delegations as a state machine: readers agree, and every run keeps its shape.

Acts and the entries of the host's box come in any order; a second reader follows entry by entry and is replaced by its
own snapshot now and then.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.support.sounder import CLOSES, Sounder, figures, listed, packages

from good_offices.soundings.context import MOST_ATTEMPTS
from good_offices.talks.events_sounding import Recurring, SoundingOpened
from good_offices.talks.replay import CommonReplay


class Soundings(RuleBasedStateMachine):
    """Soundings in any order, with the host's box in any order: readers agree, and each run keeps its shape."""

    @initialize(duty=st.booleans())
    def open(self, duty: bool) -> None:
        self.smith = Sounder(duty=duty)
        self.desks = ("A.duty", "B.duty") if duty else ("A", "B")
        self.mirror = CommonReplay(self.smith.common.tree)
        self.fed = 0
        self.count = 0
        self.ended: set[bytes] = set()

    def drawn(self, data: st.DataObject) -> bytes:
        # By their order: ids hang on signatures, which are new in every run.
        known = [one.id for one in self.smith.replay.sounding.every()]
        return known[data.draw(st.integers(0, len(known) - 1))]

    @rule(
        name=st.sampled_from(["A", "B"]),
        kind=st.sampled_from([listed, packages, figures]),
        same=st.booleans(),
    )
    def opens(self, name: str, kind: Any, same: bool) -> None:
        self.count += 1
        subject = {"en": "Again" if same else f"Number {self.count}"}
        known = kind(subject=subject).hash.hex() in self.smith.replay.sounding.lists
        verdict = self.smith.sound(name, SoundingOpened(listed=kind(subject=subject)))
        assert verdict.code == ("sounding-run-already" if known else None)

    @rule(number=st.integers(0, 1))
    def all_hold_a_calendar(self, number: int) -> None:
        one = Recurring(listed=listed(subject={"en": f"Standing {number}"}), every=10**9, times=2)
        for desk in self.desks:
            assert self.smith.holds(desk, one).code in (None, "sounding-answered")

    @rule(name=st.sampled_from(["A", "B"]), more=st.integers(0, 1), data=st.data())
    @precondition(lambda self: self.smith.replay.sounding.lists)
    def repeats(self, name: str, more: int, data: st.DataObject) -> None:
        assert self.smith.repeats(name, self.drawn(data), closes=CLOSES + more).status == "valid"

    @rule(
        name=st.sampled_from(["A", "B", "A.duty", "B.duty"]),
        step=st.integers(1, 5),
        pieces=st.integers(1, 2),
        data=st.data(),
    )
    @precondition(lambda self: self.smith.replay.sounding.lists)
    def answers(self, name: str, step: int, pieces: int, data: st.DataObject) -> None:
        sounding = self.drawn(data)
        one = self.smith.sounding(sounding)
        if name not in self.smith.parties[name[0]].desks:
            name = name[0]
        place = one.delegations.index(self.smith.id(name[0]))
        due = one.due(place)
        verdict = None
        for piece in range(pieces):
            verdict = self.smith.says(name, sounding, step, piece=piece, pieces=pieces)
        fits = name in self.desks and due == (step, 0)
        assert verdict is not None
        assert (verdict.status == "valid") is fits

    @rule(data=st.data())
    @precondition(lambda self: self.smith.replay.sounding.lists)
    def all_is_said(self, data: st.DataObject) -> None:
        sounding = self.drawn(data)
        one = self.smith.sounding(sounding)
        for _ in range(8):
            for name, desk in zip("AB", self.desks, strict=True):
                due = self.smith.sounding(sounding).due(one.delegations.index(self.smith.id(name)))
                if due is not None:
                    assert self.smith.says(desk, sounding, due[0], piece=due[1]).status == "valid"
        now = self.smith.sounding(sounding)
        assert now.outcome != "running" or now.is_said()

    @rule(
        what=st.sampled_from(["A", "B", "AB", "open", "void"]),
        number=st.integers(0, 2),
        attempt=st.integers(-2, -1),
        data=st.data(),
    )
    @precondition(lambda self: self.smith.replay.sounding.soundings)
    def the_host_takes_its_box(self, what: str, number: int, attempt: int, data: st.DataObject) -> None:
        known = list(self.smith.replay.sounding.soundings.values())
        one = known[data.draw(st.integers(0, len(known) - 1))]
        box = self.smith.box(one.id, number, max(attempt, -len(one.attempts)))
        if what in ("open", "void"):
            end = self.smith.opens_box if what == "open" else self.smith.voids_box
            verdict = end(one.id, number, box=box)
            if verdict.status == "valid":
                # A box ends once.
                assert box not in self.ended
                self.ended.add(box)
            return
        for name in what:
            self.smith.commits(name, one.id, number, box=box)

    @rule()
    def the_second_reader_reopens_its_desk(self) -> None:
        self.follow()
        self.mirror = CommonReplay.restored(self.mirror.snapshot(), self.smith.common.tree)

    def follow(self) -> None:
        for entry in self.smith.common.entries[self.fed :]:
            assert self.mirror.apply(entry) == self.smith.verdicts[entry.index]
        self.fed = len(self.smith.common.entries)

    @invariant()
    def two_readers_agree_byte_for_byte(self) -> None:
        self.follow()
        assert self.mirror.snapshot() == self.smith.replay.snapshot()
        assert self.mirror.sounding.digest == self.smith.replay.sounding.digest
        size, room = self.smith.replay.size, self.smith.sounding_room
        assert self.mirror.state_hash(room, size) == self.smith.replay.state_hash(room, size)

    @invariant()
    def every_run_keeps_its_shape(self) -> None:
        seen: set[bytes] = set()
        for one in self.smith.replay.sounding.every():
            assert 1 <= len(one.attempts) <= MOST_ATTEMPTS
            assert [each.ended is None for each in one.attempts[:-1]] == [False] * one.attempt
            assert (one.attempts[-1].ended is None) == (one.outcome == "running")
            assert (one.outcome == "opened") == (one.attempts[-1].opened == one.boxes)
            ctxs = {each.ctx for each in one.attempts}
            assert len(ctxs) == len(one.attempts)
            assert not ctxs & seen
            seen |= ctxs
            for each in one.attempts:
                for answer in each.answers.values():
                    assert [said.step for said in answer.messages] == sorted(
                        {said.step for said in answer.messages}
                    )

    def teardown(self) -> None:
        if hasattr(self, "smith"):
            again = CommonReplay(self.smith.common.tree)
            for entry in self.smith.common.entries:
                again.apply(entry)
            assert again.snapshot() == self.smith.replay.snapshot()


Soundings.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestSoundings = Soundings.TestCase
