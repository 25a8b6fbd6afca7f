"""The silence procedure: spec/talks.md R-56 to R-58."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.support.drafting import ALL, T, Table, certified, draft
from tests.unit.talks.test_outcome import VALID, said

from good_offices.talks.events_plenary import (
    ActConfirmed,
    Modalities,
    ModalitiesProposed,
    NotePassed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.events_rooms import RoomClosed, RoomMembersNamed
from good_offices.talks.events_silence import SilenceBroken, SilenceOpened
from good_offices.talks.events_text import AmendmentProposed, ProvisionAgreed, ProvisionLocked, TextTabled
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Unbroken

HOUR = 3_600_000
DAY = 24


class Quiet(Table):
    """A talks with a tabled text whose modalities allow the silence procedure."""

    def __init__(self, parties: int = 2, *, silence: bool = True) -> None:
        super().__init__(parties)
        self.agree_modalities(silence=silence)

    def agree_modalities(self, *, silence: bool) -> None:
        names = {one: {other: other for other in self.ids} for one in self.ids}
        current = self.plenary.modalities
        modalities = Modalities(
            names=names, authentic=("en", "ru"), working=("en",), levels=("experts",), silence=silence
        )
        event = ModalitiesProposed(modalities=modalities, base=current.content if current else None)
        self.both(event, *self.smith.names)

    @property
    def ids(self) -> list[str]:
        return [self.smith.id(one) for one in self.smith.names]

    @property
    def plenary(self):
        return self.smith.replay.plenary

    def opening(self, *units: str, **fields: Any) -> SilenceOpened:
        about = {} if "digest" in fields else {"units": self.bound(*(units or ("u1",)))}
        return SilenceOpened(**({"instrument": T, "hours": DAY} | about | fields))

    def opened(self, *units: str, **fields: Any) -> SilenceOpened:
        event = self.opening(*units, **fields)
        assert said(self.post("A", event)) == VALID
        return event

    def kept(self, event: SilenceOpened):
        return self.plenary.silences[event.content.hex()]

    def later(self, hours: float) -> None:
        """Let all clocks go on."""
        self.smith.clock += int(hours * HOUR)

    def speak(self, name: str, **act: Any):
        return self.post(name, NotePassed(text="We have seen it.", language="en", urgent=True), **act)


@pytest.fixture
def table() -> Quiet:
    return Quiet()


class TestOpening:
    def test_only_where_the_modalities_allow_it(self) -> None:
        assert said(Table().post("A", Quiet().opening())) == ("void", "silence-not-allowed")
        table = Quiet(silence=False)
        assert said(table.post("A", table.opening())) == ("void", "silence-not-allowed")

    @pytest.mark.parametrize("hours", [0, -1, 8_761])
    def test_the_hours_have_bounds(self, table: Quiet, hours: int) -> None:
        assert said(table.post("A", table.opening(hours=hours))) == ("void", "silence-hours")

    def test_the_longest_and_the_shortest_silence_stand(self, table: Quiet) -> None:
        table.opened("u1", hours=1)
        table.opened("u2", hours=8_760)

    def test_it_is_about_provisions_or_about_the_text(self, table: Quiet) -> None:
        for event in (
            table.opening(digest=table.text.instrument.digest, units=table.bound("u1")),
            SilenceOpened(instrument=T, hours=1),
        ):
            assert said(table.post("A", event)) == ("void", "silence-about")

    def test_it_is_tried_as_the_joint_act_that_it_stands_for(self, table: Quiet) -> None:
        stale = table.opening(units=(msgspec.structs.replace(table.bound("u1")[0], digest=bytes(32)),))
        assert said(table.post("A", stale)) == ("void", "stale-base")
        elsewhere = table.opening(instrument="nothing")
        assert said(table.post("A", elsewhere)) == ("void", "instrument-unknown")
        whole = table.opening(digest=table.text.instrument.digest)
        assert table.post("A", whole).status == "void"  # nothing is locked yet

    def test_the_same_is_not_opened_twice_at_once_and_can_be_opened_again(self, table: Quiet) -> None:
        event = table.opened()
        assert said(table.post("B", event)) == ("void", "silence-open-already")
        table.post("B", SilenceBroken(silence=event.content))
        assert said(table.post("B", event)) == VALID
        assert (table.kept(event).fate, table.kept(event).by) == ("open", table.smith.id("B"))

    def test_who_opens_without_the_power_is_confirmed(self, table: Quiet) -> None:
        table.smith.joined("A.clerk", powers=("speak",))
        event = table.opening()
        late = table.post("A.clerk", event)
        assert said(late) == ("ineffective", "power-lacking")
        assert table.plenary.silences == {}
        confirmed = table.post("A", ActConfirmed(index=late.index, act=table.smith.hash_of(late)))
        assert said(confirmed) == VALID
        assert table.kept(event).opened.index == confirmed.index

    def test_words_are_words(self, table: Quiet) -> None:
        assert said(table.post("A", table.opening(text="\u202eno", language="en"))) == (
            "void",
            "act-not-plain",
        )
        assert said(table.post("A", table.opening(text="Please look.", language=""))) == (
            "void",
            "act-language",
        )
        table.opened(text="Please look.", language="en")


class TestAdoption:
    def test_silence_of_the_others_agrees_the_provisions(self, table: Quiet) -> None:
        event = table.opened("u1", "u2", level="ministers")
        table.speak("B")
        table.later(DAY + 1)
        done = table.speak("B")
        assert (said(done), done.effects) == (VALID, (Unbroken(content=event.content),))
        assert table.kept(event).fate == "adopted"
        assert [table.text.status(one) for one in ALL] == ["open", "agreed", "agreed", "open"]
        assert table.text.standing["u1"].level == "ministers"

    def test_the_whole_text_is_adopted(self, table: Quiet) -> None:
        table.both(certified(table, *ALL))
        table.both(ProvisionAgreed(instrument=T, units=table.bound(*ALL), level="ministers"))
        table.both(ProvisionLocked(instrument=T, units=table.bound(*ALL)))
        table.opened(digest=table.text.instrument.digest)
        table.speak("B")
        table.later(DAY + 1)
        assert table.text.phase == ""
        table.speak("B")
        assert table.text.phase == "adopted"

    def test_hours_pass_from_the_first_act_in_view_of_it(self, table: Quiet) -> None:
        event = table.opened()
        before = table.size - 1
        table.later(10 * DAY)
        table.speak("B", seen=before)  # it had not seen the opening
        table.later(10 * DAY)
        table.speak("B")
        assert table.kept(event).passed == {}
        table.later(DAY - 1)
        table.speak("B")
        assert table.kept(event).fate == "open"
        table.later(2)
        table.speak("B")
        assert table.kept(event).fate == "adopted"

    def test_whoever_says_nothing_is_not_bound(self) -> None:
        table = Quiet(3)
        event = table.opened()
        table.speak("B")
        table.later(100 * DAY)
        for name in "ABAB":
            table.speak(name)
        assert (table.kept(event).fate, list(table.kept(event).passed)) == ("open", [table.smith.id("B")])
        assert table.text.status("u1") == "open"

    def test_keys_that_a_desk_renews_by_itself_are_nobodys_silence(self, table: Quiet) -> None:
        event = table.opened()
        for _ in range(2):
            table.later(2 * DAY)
            table.smith.issue("B", table.smith.plenary_room)
        assert table.kept(event).begun == {}
        assert table.kept(event).fate == "open"

    def test_an_act_that_is_kept_counts_and_a_void_one_does_not(self, table: Quiet) -> None:
        event = table.opened()
        table.smith.joined("B.mute", powers=("speak",))
        table.speak("B")
        table.later(DAY + 1)
        table.post("B", SilenceBroken(silence=bytes(32)))
        assert table.kept(event).fate == "open"
        change: AmendmentProposed = table.amendment("p", "Other.", "u2")
        assert said(table.post("B.mute", change)) == ("ineffective", "power-lacking")
        assert table.kept(event).fate == "adopted"

    def test_what_was_pending_in_the_same_words_is_settled_with_it(self, table: Quiet) -> None:
        table.opened("u1")
        table.post("A", ProvisionAgreed(instrument=T, units=table.bound("u1"), level="experts"))
        table.speak("B")
        table.later(DAY + 1)
        table.speak("B")
        assert table.plenary.joint == {}

    def test_nothing_crosses_what_was_adopted_so(self) -> None:
        table = Quiet(3)
        change = table.amendment("p", "Other.", "u1")
        table.both(change, "A")
        table.both(table.accept(change), "C")
        event = table.opened("u1")
        table.speak("B")
        table.speak("C")
        table.later(DAY + 1)
        table.speak("B")
        before = table.size
        table.speak("C")
        assert table.kept(event).fate == "adopted"
        assert said(table.post("B", table.accept(change), seen=before)) == ("void", "crossed-late")
        assert table.text.status("u1") == "agreed"

    def test_two_silences_are_adopted_by_one_act(self, table: Quiet) -> None:
        one, other = table.opened("u1"), table.opened("u2", hours=2)
        table.speak("B")
        table.later(DAY + 1)
        done = table.speak("B")
        assert {each.content for each in done.effects} == {one.content, other.content}


class TestBreaking:
    @pytest.mark.parametrize("name", ["A", "B"])
    def test_one_is_enough_and_needs_no_reason(self, table: Quiet, name: str) -> None:
        event = table.opened()
        assert said(table.post(name, SilenceBroken(silence=event.content))) == VALID
        assert (table.kept(event).fate, table.kept(event).broken) == ("broken", table.smith.id(name))
        table.later(DAY + 1)
        table.speak("B")
        table.later(DAY + 1)
        table.speak("B")
        assert table.text.status("u1") == "open"

    def test_a_member_without_powers_breaks_it_too(self, table: Quiet) -> None:
        event = table.opened()
        table.smith.joined("B.mute", powers=())
        assert said(table.post("B.mute", SilenceBroken(silence=event.content))) == VALID
        assert table.kept(event).fate == "broken"

    def test_late_is_not_too_late_while_it_is_open(self, table: Quiet) -> None:
        event = table.opened()
        table.speak("B")
        table.later(100 * DAY)
        table.post("B", SilenceBroken(silence=event.content, text="Not so.", language="en"))
        assert table.kept(event).fate == "broken"

    def test_what_is_not_open_is_not_broken(self, table: Quiet) -> None:
        event = table.opened()
        assert said(table.post("B", SilenceBroken(silence=bytes(32)))) == ("void", "silence-unknown")
        table.post("B", SilenceBroken(silence=event.content))
        assert said(table.post("B", SilenceBroken(silence=event.content))) == ("void", "silence-ended")


class TestEnds:
    def test_other_words_overtake_it(self, table: Quiet) -> None:
        event = table.opened("u1")
        change = table.amendment("p", "Other.", "u1")
        table.post("A", change)
        done = table.post("B", table.accept(change))
        assert (table.kept(event).fate, table.kept(event).ended) == ("overtaken", done.index)
        table.later(DAY + 1)
        assert said(table.post("B", SilenceBroken(silence=event.content))) == ("void", "silence-ended")

    def test_an_agreement_by_all_overtakes_it(self, table: Quiet) -> None:
        event = table.opened("u1")
        table.both(ProvisionAgreed(instrument=T, units=table.bound("u1"), level="ministers"))
        assert table.kept(event).fate == "overtaken"

    def test_work_on_other_provisions_leaves_it_alone(self, table: Quiet) -> None:
        event = table.opened("u1")
        table.both(ProvisionAgreed(instrument=T, units=table.bound("u2"), level="ministers"))
        assert table.kept(event).fate == "open"

    def test_a_break_ends_it_for_good(self, table: Quiet) -> None:
        event = table.opened()
        table.speak("B")
        table.post("A", TalksBrokenOff())
        assert table.kept(event).fate == "ended"
        assert said(table.post("B", SilenceBroken(silence=event.content))) == ("void", "talks-broken-off")
        table.later(DAY + 1)
        table.both(TalksResumed())
        table.speak("B")
        assert (table.kept(event).fate, table.text.status("u1")) == ("ended", "open")

    def test_a_conclusion_ends_it(self, table: Quiet) -> None:
        event = table.opened()
        table.both(TalksConcluded())
        assert table.kept(event).fate == "ended"

    def test_modalities_that_do_not_allow_it_any_more_end_it(self, table: Quiet) -> None:
        event = table.opened()
        table.agree_modalities(silence=False)
        assert table.kept(event).fate == "ended"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from("ABC"), st.sampled_from(["speak", "speak", "break"]), st.integers(0, 40)),
        max_size=14,
    )
)
def test_never_adopted_with_an_objection_and_never_by_absence(steps: list[tuple[str, str, int]]) -> None:
    table = Quiet(3)
    event = table.opened("u1")
    acts: dict[str, list[int]] = {name: [] for name in "BC"}
    broken = False
    for name, what, hours in steps:
        table.later(hours)
        open_still = table.kept(event).fate == "open"
        if what == "break":
            table.post(name, SilenceBroken(silence=event.content))
            broken = broken or open_still
        else:
            table.post(name, StatementMade(text="We go on.", language="en"))
            if open_still and name in acts:
                acts[name].append(table.smith.clock)
        silent = all(len(one) > 1 and one[-1] > one[0] + DAY * HOUR for one in acts.values())
        assert (table.kept(event).fate == "adopted") == (silent and not broken)
        assert (table.text.status("u1") == "agreed") == (table.kept(event).fate == "adopted")


class Group(Quiet):
    """A group with a text of its own, under modalities that allow silence."""

    def __init__(self, parties: int = 2, *, silence: bool = True) -> None:
        super().__init__(parties, silence=silence)
        self.room = self.smith.group(*self.smith.names)
        assert said(self.inside("A", TextTabled(instrument=draft()))) == VALID

    def inside(self, name: str, event: Any, **act: Any):
        return self.post(name, event, room=self.room, **act)

    def opened(self, *units: str, **fields: Any) -> SilenceOpened:
        event = self.opening(*units, **fields)
        assert said(self.inside("A", event)) == VALID
        return event

    def fate(self, event: SilenceOpened) -> str:
        return self.smith.replay.groups[self.room].silences[event.content.hex()].fate

    def speak(self, name: str, **act: Any):
        return self.inside(name, NotePassed(text="We have seen it.", language="en", urgent=True), **act)

    def status(self, unit: str, room: str = "") -> str:
        state = self.smith.replay.groups[self.room] if room else self.plenary
        return state.texts[T].status(unit)


class TestInAGroup:
    """R-170."""

    def test_silence_in_the_group_agrees_the_groups_own_text(self) -> None:
        table = Group()
        event = table.opened("u1")
        table.speak("B")
        table.later(DAY + 1)
        done = table.speak("B")
        assert (said(done), done.effects) == (VALID, (Unbroken(content=event.content),))
        assert (table.fate(event), table.status("u1", "group"), table.status("u1")) == (
            "adopted",
            "agreed",
            "open",
        )
        assert table.plenary.silences == {}

    def test_only_acts_in_the_group_count(self) -> None:
        table = Group()
        event = table.opened("u1")
        for _ in range(3):
            Quiet.speak(table, "B")
            table.later(2 * DAY)
        assert (table.fate(event), table.status("u1", "group")) == ("open", "open")

    def test_acts_in_the_group_count_for_no_silence_of_the_plenary(self) -> None:
        table = Group()
        event = Quiet.opened(table, "u1")
        table.speak("B")
        table.later(2 * DAY)
        table.speak("B")
        assert table.kept(event).begun == {}
        assert said(table.inside("B", SilenceBroken(silence=event.content))) == ("void", "silence-unknown")

    def test_one_is_enough_to_break_it(self) -> None:
        table = Group(3)
        event = table.opened("u1")
        assert said(table.inside("C", SilenceBroken(silence=event.content))) == VALID
        assert table.fate(event) == "broken"

    def test_a_delegation_that_sends_nobody_any_more_is_not_bound(self) -> None:
        table = Group()
        event = table.opened("u1")
        table.speak("B")
        table.later(DAY + 1)
        assert said(table.post("B", RoomMembersNamed(room=table.room, members=()))) == VALID
        assert table.speak("B").status == "void"
        table.speak("A")
        assert table.fate(event) == "open"

    def test_a_break_that_was_over_before_the_next_act_ends_it(self) -> None:
        table = Group()
        event = table.opened("u1")
        table.speak("B")
        table.post("B", TalksBrokenOff())
        table.both(TalksResumed(), *table.smith.names)
        table.later(DAY + 1)
        table.speak("B")
        assert (table.fate(event), table.status("u1", "group")) == ("ended", "open")

    def test_other_modalities_end_it(self) -> None:
        table = Group()
        event = table.opened("u1")
        table.speak("B")
        table.agree_modalities(silence=False)
        table.agree_modalities(silence=True)
        table.later(DAY + 1)
        table.speak("B")
        assert table.fate(event) == "ended"

    def test_it_needs_the_modalities_of_the_talks(self) -> None:
        table = Group(silence=False)
        assert said(table.inside("A", table.opening("u1"))) == ("void", "silence-not-allowed")

    def test_in_a_closed_group_nothing_is_adopted(self) -> None:
        table = Group()
        event = table.opened("u1")
        table.speak("B")
        table.later(DAY + 1)
        table.both(RoomClosed(room=table.room), *table.smith.names)
        assert said(table.speak("B")) == ("void", "group-closed")
        assert table.fate(event) == "open"

    def test_a_letter_is_of_the_plenary_alone(self) -> None:
        """R-171."""
        assert RULES["LetterSent"].rooms == ("plenary",)


@pytest.mark.parametrize("broken", [0, 1])
def test_one_that_is_over_keeps_no_other_from_its_end(table: Quiet, broken: int) -> None:
    both = [table.opened("u1"), table.opened("u2")]
    table.speak("B")
    assert said(table.post("B", SilenceBroken(silence=both[broken].content))) == VALID
    table.later(DAY + 1)
    table.speak("B")
    fates = tuple(table.kept(one).fate for one in both)
    assert fates == [("broken", "adopted"), ("adopted", "broken")][broken]


def test_the_hours_have_passed_when_more_than_they_have_gone_by(table: Quiet) -> None:
    event = table.opened("u1")
    table.speak("B")
    begun = table.kept(event).begun[table.smith.id("B")]
    table.speak("B", time=begun + DAY * HOUR)
    assert table.kept(event).fate == "open"
    table.speak("B", time=begun + DAY * HOUR + 1)
    assert table.kept(event).fate == "adopted"
