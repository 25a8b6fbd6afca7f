"""Talks with group rooms as a state machine: whoever reads a group agrees on it, whoever does not agrees on all else."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from msgspec.structs import replace
from tests.support.talksmith import Talksmith

from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import ItemProposed, StatementMade, TalksBrokenOff, TalksResumed
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed
from good_offices.talks.groups import readers
from good_offices.talks.replay import CommonReplay
from good_offices.talks.verdict import Verdict

DESKS = ("A", "A.second", "B", "B.second")
names = st.sampled_from(DESKS)
late = st.integers(0, 3)
places = st.integers(0, 2)
SAID = StatementMade(text="We note this.", language="en")


class Groups(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.smith = Talksmith(2, signing=False)
        self.smith.joined("A.second")
        self.smith.joined("B.second")
        self.rooms = [
            self.smith.group("A", "B"),
            self.smith.group("A.second", "B.second", title="Second"),
            self.smith.group(title="Nobody yet", level="ministers"),
        ]
        tree = self.smith.common.tree
        self.reader, self.outsider = CommonReplay(tree), CommonReplay(tree)
        self.fed, self.count = 0, 0

    def post(self, name: str, event: Any, room: str, behind: int) -> None:
        rid = self.smith.rooms.get(room, room)
        known = self.smith.replay.chain(rid, self.smith.desk(name).certificate).seen
        seen = max(self.smith.common.tree.size - behind, known, 1)
        verdict = self.smith.post(name, event, room=room, seen=seen if behind else None)
        assert verdict.status in ("valid", "void", "ineffective")
        if room in self.rooms and verdict.status != "void":
            # Nobody acts in a group who was not named for it at that place.
            group = self.smith.replay.plenary.groups.rooms[room]
            reading = readers(group, self.smith.replay.roster, verdict.index)
            assert self.smith.desk(name).certificate in reading
            assert group.closed is None or group.closed >= verdict.index

    @rule(name=names, at=places, behind=late)
    def speaks(self, name: str, at: int, behind: int) -> None:
        self.post(name, SAID, self.rooms[at], behind)

    @rule(name=names, at=places, behind=late, title=st.sampled_from(["Water", "Gauges"]))
    def proposes(self, name: str, at: int, behind: int, title: str) -> None:
        self.post(name, ItemProposed(title=title), self.rooms[at], behind)

    @rule(name=names, at=places, sent=st.sets(names, max_size=3))
    def names_members(self, name: str, at: int, sent: set[str]) -> None:
        members = tuple(sorted(self.smith.desk(one).member for one in sent if one[0] == name[0]))
        self.post(name, RoomMembersNamed(room=self.rooms[at], members=members), "plenary", 0)

    @rule(name=names, at=places)
    def begins_an_epoch(self, name: str, at: int) -> None:
        self.smith.issue(name, self.rooms[at])

    @rule(name=names, level=st.sampled_from(LEVELS))
    def is_accredited_anew(self, name: str, level: str) -> None:
        self.count += 1
        event = self.smith.accreditation(name, level=level, number=self.count)
        self.post(name[0], event, "roster", 0)

    @rule(name=names, up=st.booleans(), at=places)
    def refers(self, name: str, at: int, *, up: bool) -> None:
        ends = (self.rooms[at], self.smith.plenary_room)
        source, target = ends if up else ends[::-1]
        event = ReferredToLevel(
            source=source, target=target, subject=bytes(32), title="Flow", text="Measured.", language="en"
        )
        self.post(name, event, "plenary" if up else target, 0)

    @rule(at=places)
    def all_close(self, at: int) -> None:
        for name in "AB":
            self.post(name, RoomClosed(room=self.rooms[at]), "plenary", 0)

    @rule(name=names, broken=st.booleans())
    def breaks_or_resumes(self, name: str, *, broken: bool) -> None:
        for one in [name] if broken else ["A", "B"]:
            self.post(one, TalksBrokenOff() if broken else TalksResumed(), "plenary", 0)

    @rule()
    def the_reader_reopens_its_desk(self) -> None:
        self.follow()
        self.reader = CommonReplay.restored(self.reader.snapshot(), self.smith.common.tree)

    def follow(self) -> None:
        for entry in self.smith.common.entries[self.fed :]:
            verdict = self.smith.verdicts[entry.index]
            assert self.reader.apply(entry) == verdict
            hidden = getattr(entry.content, "room", "") in self.rooms[1:]
            told = self.outsider.apply(replace(entry, content=None) if hidden else entry)
            assert told == (Verdict(index=entry.index) if hidden else verdict)
        self.fed = len(self.smith.common.entries)

    @invariant()
    def readers_agree_and_outsiders_on_all_that_they_read(self) -> None:
        self.follow()
        replay = self.smith.replay
        assert self.reader.snapshot() == replay.snapshot()
        for room in (self.smith.roster_room, self.smith.plenary_room, self.rooms[0]):
            assert self.outsider.state_hash(room, replay.size) == replay.state_hash(room, replay.size)
        assert not self.outsider.groups.keys() & set(self.rooms[1:])


Groups.TestCase.settings = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestGroups = Groups.TestCase
