"""Sittings: attendance, floor, suspension, procès-verbal. spec/meetings.md R-105 to R-109."""

from __future__ import annotations

from typing import Any

import pytest
from tests.support.meeting import Meeting, sitting
from tests.support.talksmith import START, Talksmith

from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    FloorGiven,
    FloorRequested,
    ItemTakenUp,
    MinutesAgreed,
    MinutesProposed,
    SittingClosed,
    SittingConvened,
    SittingOpened,
    SittingResumed,
    SittingSuspended,
)
from good_offices.talks.events_plenary import (
    ItemProposed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.replay import CommonReplay
from good_offices.talks.sittings import next_turn, over_by, turns

VALID = ("valid", None)
MINUTE = 60_000


class Held(Meeting):
    """A sitting that is open, with short ways for the floor."""

    def __init__(self, **fields: Any) -> None:
        super().__init__(**fields)
        self.open()

    def ask(self, *names: str, **fields: Any) -> None:
        for name in names:
            assert self.post(name, FloorRequested(sitting=self.name), **fields) == VALID

    def speak(self, name: str, **fields: Any) -> None:
        said = StatementMade(text="Further", language="en", sitting=self.name)
        assert self.post(name, said, **fields) == VALID

    def give(self, by: str, to: str, **fields: Any) -> tuple[str, str | None]:
        member = self.smith.desk(to).member if to else ""
        return self.post(by, FloorGiven(sitting=self.name, member=member), **fields)

    def say(self, by: str) -> tuple[str, str | None]:
        return self.post(by, StatementMade(text="Good morning", language="en", sitting=self.name))

    def speaker(self) -> str:
        floor = self.conduct.floor
        names = {
            self.smith.desk(one).member: one for party in self.smith.parties.values() for one in party.desks
        }
        return names[floor.member] if floor else ""


class TestAttendance:
    def test_who_sits_has_the_level_and_advisers_need_none(self) -> None:
        meeting = Meeting()
        expert = meeting.smith.joined("A.expert")
        below = meeting.smith.accreditation("A.expert", level="experts", number=1)
        assert meeting.post("A", below, room="roster") == VALID
        meeting.convene()
        announced = AttendanceAnnounced(sitting=meeting.name, members=(expert.member,))
        verdict = meeting.smith.post("A", announced)
        assert (verdict.code, verdict.facts) == (
            "member-below-level",
            {"level": "experts", "least": "ministers"},
        )
        head = meeting.smith.desk("A").member
        with_adviser = AttendanceAnnounced(sitting=meeting.name, members=(head,), advisers=(expert.member,))
        assert meeting.post("A", with_adviser) == VALID
        assert meeting.conduct.present[meeting.smith.id("A")].advisers == (expert.member,)
        # An adviser is listed and has no part in what happens.
        assert meeting.post("A.expert", SittingOpened(sitting=meeting.name)) == ("void", "not-attending")

    def test_a_higher_level_may_sit(self) -> None:
        meeting = Meeting()
        leader = meeting.smith.accreditation("A", level="leaders", number=1)
        assert meeting.post("A", leader, room="roster") == VALID
        meeting.convene()
        meeting.sit("A")

    @pytest.mark.parametrize("listed", ["nobody", "twice", "adviser and member"])
    def test_each_once_and_at_least_one(self, listed: str) -> None:
        meeting = Meeting()
        meeting.convene()
        head = meeting.smith.desk("A").member
        fields = {
            "nobody": {"members": (), "advisers": (head,)},
            "twice": {"members": (head, head)},
            "adviser and member": {"members": (head,), "advisers": (head,)},
        }[listed]
        assert meeting.post("A", AttendanceAnnounced(sitting=meeting.name, **fields)) == (
            "void",
            "attendance-invalid",
        )

    def test_of_ones_own_delegation_and_with_credentials(self) -> None:
        meeting = Meeting()
        meeting.convene()
        for member in (meeting.smith.desk("B").member, "nobody"):
            event = AttendanceAnnounced(sitting=meeting.name, members=(member,))
            assert meeting.post("A", event) == ("void", "member-unknown")

    def test_not_before_it_is_convened(self) -> None:
        meeting = Meeting()
        head = meeting.smith.desk("A").member
        event = AttendanceAnnounced(sitting=meeting.name, members=(head,))
        assert meeting.post("A", event) == ("void", "sitting-not-convened")
        nothing = AttendanceAnnounced(sitting=bytes(32), members=(head,))
        assert meeting.post("A", nothing) == ("void", "sitting-unknown")


class TestCourse:
    def test_opened_by_all_that_sit_and_closed_by_all(self) -> None:
        meeting = Meeting()
        meeting.convene()
        opened = SittingOpened(sitting=meeting.name)
        assert meeting.post("A", opened) == ("void", "not-attending")
        meeting.sit()
        assert meeting.post("A", opened) == VALID
        assert meeting.conduct.course == "convened"
        assert meeting.post("B", opened) == VALID
        assert meeting.conduct.course == "open"
        assert meeting.post("A", opened) == ("void", "sitting-course")
        assert meeting.post("A", SittingResumed(sitting=meeting.name)) == ("void", "sitting-course")
        closed = SittingClosed(sitting=meeting.name)
        assert meeting.post("B", closed) == VALID
        assert meeting.conduct.course == "open"
        assert meeting.post("A", closed) == VALID
        assert meeting.conduct.course == "closed"
        for event in (
            opened,
            closed,
            SittingSuspended(sitting=meeting.name),
            FloorRequested(sitting=meeting.name),
        ):
            assert meeting.post("A", event) == ("void", "sitting-over")

    def test_one_that_was_not_opened_is_called_off_by_all(self) -> None:
        meeting = Meeting()
        meeting.convene()
        meeting.all(SittingClosed(sitting=meeting.name))
        assert meeting.conduct.course == "called-off"
        minutes = MinutesProposed(sitting=meeting.name, words={"en": "We did not meet."})
        assert meeting.post("A", minutes) == ("void", "sitting-course")

    def test_a_suspension_loses_nothing_of_its_place(self) -> None:
        meeting = Meeting(agreed=False)
        items = [ItemProposed(title=title) for title in ("Water", "Dams")]
        for item in items:
            meeting.all(item)
        meeting.event = sitting(agenda=tuple(one.content for one in items))
        meeting.all(meeting.event)
        meeting.open()
        assert meeting.conduct.item == items[0].content
        taken = ItemTakenUp(sitting=meeting.name, item=items[1].content)
        meeting.all(taken)
        assert meeting.conduct.item == items[1].content
        assert meeting.post("A", taken) == ("void", "item-under-discussion")
        other = ItemTakenUp(sitting=meeting.name, item=bytes(32))
        assert meeting.post("A", other) == ("void", "item-unknown")
        for name in "BA":
            meeting.post(name, FloorRequested(sitting=meeting.name))
        meeting.post("A", FloorGiven(sitting=meeting.name, member=meeting.smith.desk("A").member))
        before = meeting.conduct
        assert meeting.post("B", SittingSuspended(sitting=meeting.name)) == VALID
        assert meeting.conduct.course == "suspended"
        for event in (taken, FloorRequested(sitting=meeting.name), SittingSuspended(sitting=meeting.name)):
            assert meeting.post("A", event) == ("void", "sitting-course")
        assert meeting.post("B", SittingResumed(sitting=meeting.name)) == VALID
        assert meeting.conduct.course == "suspended"
        assert meeting.post("A", SittingResumed(sitting=meeting.name)) == VALID
        after = meeting.conduct
        assert after.course == "open"
        assert (after.item, after.requests, after.turns) == (before.item, before.requests, before.turns)
        assert after.floor is not None
        assert before.floor is not None
        assert after.floor.member == before.floor.member

    def test_a_break_and_a_resumption_of_the_talks_leave_it_where_it_was(self) -> None:
        meeting = Held()
        meeting.ask("A")
        before = meeting.conduct
        meeting.post("B", TalksBrokenOff())
        assert meeting.give("A", "A") == ("void", "talks-broken-off")
        meeting.all(TalksResumed())
        assert meeting.conduct == before
        assert meeting.give("A", "A") == VALID

    def test_a_meeting_without_any_text(self) -> None:
        meeting = Held()
        assert meeting.smith.replay.plenary.texts == {}
        meeting.ask("A")
        meeting.give("B", "A")
        assert meeting.say("A") == VALID
        meeting.all(SittingClosed(sitting=meeting.name))
        meeting.all(MinutesProposed(sitting=meeting.name, words={"en": "We met."}))
        assert meeting.conduct.minutes is not None


class TestFloor:
    def test_only_who_has_the_floor_speaks(self) -> None:
        meeting = Held()
        assert meeting.say("A") == ("void", "floor-not-yours")
        meeting.ask("A")
        assert meeting.give("A", "A") == VALID
        assert meeting.say("A") == VALID
        assert meeting.say("B") == ("void", "floor-not-yours")
        # Outside the sitting the plenary is as ever.
        assert meeting.post("B", StatementMade(text="Aside", language="en")) == VALID

    def test_turns_alternate_whatever_the_order_of_arrival(self) -> None:
        meeting = Held()
        meeting.smith.joined("A.second")
        members = (meeting.smith.desk("A").member, meeting.smith.desk("A.second").member)
        meeting.post("A", AttendanceAnnounced(sitting=meeting.name, members=members))
        first, _ = (
            next(k for k in "AB" if meeting.smith.id(k) == one)
            for one in turns(meeting.smith.replay.roster, meeting.now)
        )
        meeting.ask("A", "A.second", "B")
        order = []
        for _ in range(3):
            due = next_turn(
                meeting.conduct, meeting.smith.replay.roster, meeting.now, meeting.smith.replay.size
            )
            names = {meeting.smith.desk(one).member: one for one in ("A", "A.second", "B")}
            order.append(names[due.member])
            assert meeting.give((meeting.speaker() or "B"), order[-1]) == VALID
        assert order == (["A", "B", "A.second"] if first == "A" else ["B", "A", "A.second"])

    def test_a_turn_is_computed_and_not_chosen(self) -> None:
        meeting = Held()
        meeting.ask("A", "B")
        due = next_turn(meeting.conduct, meeting.smith.replay.roster, meeting.now, meeting.smith.replay.size)
        other = "A" if due.delegation == meeting.smith.id("B") else "B"
        assert meeting.give(other, other) == ("void", "floor-not-next")
        assert meeting.give(other, "") == ("void", "floor-not-next")

    def test_the_floor_is_the_speakers_until_given_on(self) -> None:
        meeting = Held()
        meeting.ask("A")
        meeting.give("A", "A")
        meeting.ask("B")
        assert meeting.give("B", "B", time=START + 10**9) == ("void", "floor-held")
        assert meeting.give("A", "B", time=START + 10**9) == VALID
        assert meeting.speaker() == "B"
        assert meeting.give("B", "", time=START + 10**9) == VALID
        assert meeting.speaker() == ""
        assert meeting.give("B", "", time=START + 10**9) == ("void", "floor-free")

    def test_a_clock_counts_by_the_speakers_own_acts_and_not_while_suspended(self) -> None:
        meeting = Held(clock=10)
        meeting.ask("A")
        meeting.give("B", "A", time=START + MINUTE)
        meeting.ask("B", time=START + MINUTE)
        meeting.speak("A", time=START + MINUTE)
        meeting.speak("A", time=START + 10 * MINUTE)
        assert meeting.give("B", "B", time=START + 10 * MINUTE) == VALID
        assert meeting.speaker() == "A"
        meeting.post("B", SittingSuspended(sitting=meeting.name), time=START + 10 * MINUTE)
        for name in "AB":
            meeting.post(name, SittingResumed(sitting=meeting.name), time=START + 100 * MINUTE)
        meeting.speak("A", time=START + 100 * MINUTE)
        meeting.speak("A", time=START + 101 * MINUTE - 1)
        assert meeting.give("B", "B", time=START + 101 * MINUTE) == VALID
        assert meeting.speaker() == "A"
        meeting.speak("A", time=START + 101 * MINUTE)
        assert meeting.give("B", "B", time=START + 101 * MINUTE) == VALID
        assert meeting.speaker() == "B"

    def test_a_claimed_time_far_away_takes_and_keeps_no_floor(self) -> None:
        """The giver claims a time an hour ago, then one in the year 9999; a speaker cannot go back in time."""
        meeting, now, far = Held(clock=10), START + 60 * MINUTE, 253_402_300_799_999
        meeting.ask("A")
        assert meeting.give("B", "A", time=START + MINUTE) == VALID
        meeting.ask("B", time=far)
        meeting.speak("A", time=now)
        assert meeting.give("B", "B", time=far) == VALID
        assert meeting.speaker() == "A"
        assert meeting.conduct.floor is not None
        assert over_by(meeting.smith.replay.plenary, meeting.conduct.floor) == (meeting.smith.id("B"),)
        meeting.speak("A", time=now + 10 * MINUTE)
        back = StatementMade(text="Further", language="en", sitting=meeting.name)
        assert meeting.post("A", back, time=now) == ("void", "time-runs-back")
        assert meeting.give("B", "B", time=far) == VALID
        assert meeting.speaker() == "B"

    def test_two_others_take_the_floor_by_their_own_clocks_and_one_alone_does_not(self) -> None:
        meeting, now = Held(parties=3, clock=10), START + 60 * MINUTE
        meeting.ask("A")
        meeting.give("A", "A", time=now)
        meeting.ask("B", time=now)
        for _ in range(3):
            assert meeting.give("B", "B", time=now + 60 * MINUTE) == VALID
            assert meeting.speaker() == "A"
        # C has done nothing since the floor was given: its first word begins its own count.
        assert meeting.give("C", "B", time=now + 5 * MINUTE) == VALID
        assert meeting.give("C", "B", time=now + 15 * MINUTE - 1) == VALID
        assert meeting.speaker() == "A"
        assert meeting.give("C", "B", time=now + 15 * MINUTE) == VALID
        assert meeting.speaker() == "B"

    def test_what_waits_falls_when_the_sitting_goes_on_and_after_a_day(self) -> None:
        meeting = Held()
        close = SittingClosed(sitting=meeting.name)
        day, now = 24 * 60 * MINUTE, START + 24 * 60 * MINUTE
        assert meeting.post("A", close) == VALID
        assert meeting.post("B", SittingSuspended(sitting=meeting.name)) == VALID
        assert close.content.hex() not in meeting.smith.replay.plenary.joint
        for name in "AB":
            meeting.post(name, SittingResumed(sitting=meeting.name))
        assert meeting.post("A", close, time=now) == VALID
        assert meeting.post("B", close, time=now + day + 1) == VALID
        assert meeting.conduct.course == "open"
        assert meeting.post("A", close, time=now + 2 * day) == VALID
        assert meeting.conduct.course == "closed"

    def test_presiding_goes_round(self) -> None:
        meeting = Meeting(presiding="rotation")
        smith = meeting.smith
        for round_ in range(3):
            meeting.event = sitting(title=f"Meeting {round_}")
            meeting.all(meeting.event)
            meeting.open()
            presides = turns(smith.replay.roster, meeting.now)[0]
            chair, other = ("A", "B") if presides == smith.id("A") else ("B", "A")
            assert presides == sorted(smith.replay.roster.expected)[round_ % 2]
            meeting.post(other, FloorRequested(sitting=meeting.name))
            give = FloorGiven(sitting=meeting.name, member=smith.desk(other).member)
            assert meeting.post(other, give) == ("void", "not-presiding")
            assert meeting.post(chair, give) == VALID

    def test_requests_are_made_once_and_taken_back(self) -> None:
        meeting = Held()
        meeting.ask("A")
        assert meeting.post("A", FloorRequested(sitting=meeting.name)) == ("void", "floor-requested")
        back = FloorRequested(sitting=meeting.name, wanted=False)
        assert meeting.post("A", back) == VALID
        assert meeting.post("A", back) == ("void", "floor-not-requested")
        meeting.smith.joined("A.second")
        assert meeting.post("A.second", FloorRequested(sitting=meeting.name)) == ("void", "not-attending")

    def test_who_leaves_or_is_recalled_no_longer_waits(self) -> None:
        meeting = Held()
        for name in ("A.second", "A.third"):
            meeting.smith.joined(name)
        members = tuple(meeting.smith.desk(one).member for one in ("A", "A.second", "A.third"))
        meeting.post("A", AttendanceAnnounced(sitting=meeting.name, members=members))
        meeting.ask("A.second", "A.third")
        assert meeting.post("A", meeting.smith.recall("A.second"), room="roster") == VALID
        assert meeting.give("B", "A.second") == ("void", "floor-not-next")
        assert meeting.give("B", "A.third") == VALID
        meeting.ask("A.third")
        meeting.post("A", AttendanceAnnounced(sitting=meeting.name, members=members[:1]))
        assert meeting.conduct.requests == () or all(
            one.member != members[2] for one in meeting.conduct.requests
        )
        assert meeting.post("A.third", FloorRequested(sitting=meeting.name)) == ("void", "not-attending")


class TestMinutes:
    def test_agreed_by_all_once_in_all_their_languages(self) -> None:
        meeting = Held()
        words = {"en": "We met.", "ru": "Мы встретились."}
        draft = MinutesProposed(sitting=meeting.name, words=words)
        assert meeting.post("A", MinutesAgreed(sitting=meeting.name, minutes=draft.content)) == (
            "void",
            "minutes-unknown",
        )
        assert meeting.post("A", draft) == VALID
        other = MinutesProposed(sitting=meeting.name, words={"en": "We did not agree."})
        assert meeting.post("B", other) == VALID
        meeting.all(SittingClosed(sitting=meeting.name))
        assert meeting.post("B", MinutesAgreed(sitting=meeting.name, minutes=draft.content)) == VALID
        assert meeting.conduct.minutes == draft.content
        assert meeting.post("A", MinutesAgreed(sitting=meeting.name, minutes=other.content)) == (
            "void",
            "minutes-agreed",
        )

    @pytest.mark.parametrize("words", [{}, {"en": " "}, {"en": "We met.", "ru": ""}])
    def test_words_there_must_be(self, words: dict[str, str]) -> None:
        meeting = Held()
        assert meeting.post("A", MinutesProposed(sitting=meeting.name, words=words)) == (
            "void",
            "minutes-empty",
        )

    def test_also_when_the_talks_are_over(self) -> None:
        meeting = Held()
        meeting.all(SittingClosed(sitting=meeting.name))
        meeting.all(TalksConcluded())
        assert (
            meeting.all(MinutesProposed(sitting=meeting.name, words={"en": "We met."}))[-1].status == "valid"
        )
        assert meeting.conduct.minutes is not None
        assert meeting.post("A", sitting(title="Another")) == ("void", "talks-concluded")


class TestRooms:
    def test_a_sitting_of_a_group_is_held_there_and_nowhere_else(self) -> None:
        smith = Talksmith(2, signing=False)
        group = smith.group("A", "B", level="experts")
        event = sitting(room=group, level="experts")
        smith.both(event)
        smith.both(SittingConvened(sitting=event.content))
        listed = {
            name: AttendanceAnnounced(sitting=event.content, members=(smith.desk(name).member,))
            for name in "AB"
        }
        assert smith.post("A", listed["A"]).code == "sitting-elsewhere"
        for name in "AB":
            assert smith.post(name, listed[name], room=group).status == "valid"
        opened = smith.both(SittingOpened(sitting=event.content), room=group)
        assert opened[-1].status == "valid"
        own = smith.replay.groups[group]
        assert own.conduct[event.content.hex()].course == "open"
        # What the plenary lends is no part of the group's state, and the plenary learns nothing of the sitting's course.
        assert own.meetings.sittings == {}
        assert smith.replay.plenary.conduct == {}
        elsewhere = FloorRequested(sitting=event.content)
        assert smith.post("A", elsewhere).code == "sitting-elsewhere"
        assert smith.post("A", elsewhere, room=group).status == "valid"

    def test_a_sitting_of_the_plenary_is_not_held_in_a_group(self) -> None:
        meeting = Meeting()
        group = meeting.smith.group("A", "B", level="ministers")
        meeting.convene()
        event = AttendanceAnnounced(sitting=meeting.name, members=(meeting.smith.desk("A").member,))
        assert meeting.smith.post("A", event, room=group).code == "sitting-elsewhere"

    def test_a_statement_in_a_sitting_is_none_of_the_caucus(self) -> None:
        meeting = Held()
        meeting.smith.caucus("A")
        verdict = meeting.smith.caucus_post("A", StatementMade(text="x", language="en", sitting=meeting.name))
        assert (verdict.status, verdict.code) == ("void", "sitting-elsewhere")


def test_the_course_is_kept_through_a_snapshot_and_replayed_alike() -> None:
    meeting = Held(parties=3)
    meeting.ask("C", "A", "B")
    due = next_turn(meeting.conduct, meeting.smith.replay.roster, meeting.now, meeting.smith.replay.size)
    names = {meeting.smith.desk(one).member: one for one in "ABC"}
    meeting.give("A", names[due.member])
    replay = meeting.smith.replay
    held = CommonReplay.restored(replay.snapshot(), meeting.smith.common.tree)
    assert held.plenary == replay.plenary
    again = CommonReplay(meeting.smith.common.tree)
    for entry in meeting.smith.common.entries:
        again.apply(entry)
    assert again.plenary.digest == replay.plenary.digest
