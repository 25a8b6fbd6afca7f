"""The acts of the sounding room and the host's box in it: spec/soundings.md sections 2, 3, 9 and 10."""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec
import pytest
from tests.support.sounder import CLOSES, UNTIL, Sounder, figures, listed, packages
from tests.support.talksmith import START

from good_offices.encoding import pack
from good_offices.register.box import BoxOpen, BoxVoid, box_id
from good_offices.soundings.context import Option, Run
from good_offices.talks.events_plenary import TalksBrokenOff, TalksConcluded
from good_offices.talks.events_sounding import (
    PIECE,
    PIECES,
    Calendar,
    Recurring,
    SoundingOpened,
    SoundingRepeated,
    StandingListsHeld,
)
from good_offices.talks.replay import CommonReplay
from good_offices.talks.sounding_boxes import held_back
from good_offices.talks.soundings import answering, context, opened_id, standing_id
from good_offices.talks.verdict import Completed

DAY = 24 * 60 * 60 * 1000


@pytest.fixture
def smith() -> Sounder:
    return Sounder()


@pytest.fixture
def watched() -> Sounder:
    return Sounder(duty=True)


def code(verdict: Any) -> str | None:
    assert verdict.status == "void" or verdict.code is None
    return verdict.code


# where a sounding comes from.


def test_a_sounding_is_opened_and_shows_who_opened_it(smith: Sounder) -> None:
    size = smith.common.tree.size
    one = smith.sounding(smith.opens())
    assert (one.begun, one.sponsor, one.outcome) == ("opened", smith.id("A"), "running")
    assert (one.index, one.head_size, one.head_root) == (size, size, smith.common.tree.root(size))
    assert one.delegations == tuple(sorted(party.id for party in smith.parties.values()))
    assert smith.replay.sounding.listed(one) == listed()


def test_ctx_is_that_of_the_context(smith: Sounder) -> None:
    sounding = smith.opens()
    one, roster = smith.sounding(sounding), smith.replay.roster
    said = context(roster, one, 0)
    assert one.attempts[0].ctx == hashlib.sha512(pack(said)).digest() == Run(said).ctx
    epoch = smith.replay.epoch(smith.sounding_room)
    assert epoch is not None
    assert (said.talks, said.room, said.manifest) == (smith.talks, smith.sounding_room, epoch.manifest)
    assert (said.sounding, said.list_hash, said.size, said.attempt) == (sounding, listed().hash, 3, 0)
    assert [party.root for party in said.parties] == [
        roster.root(name).fingerprint for name in one.delegations
    ]


def test_without_the_power_nothing_is_opened_and_nothing_kept(smith: Sounder) -> None:
    smith.joined("A.junior", powers=("agree", "speak"))
    smith.issue("A", smith.sounding_room)
    assert code(smith.sound("A.junior", SoundingOpened(listed=listed()))) == "power-lacking"
    assert not smith.replay.plenary.unconfirmed
    sounding = smith.opens()
    smith.joined("B.junior", powers=("propose",))
    smith.issue("A", smith.sounding_room)
    assert code(smith.repeats("B.junior", sounding)) == "power-lacking"


def test_a_duty_desk_opens_nothing(watched: Sounder) -> None:
    watched.post("A", watched.accreditation("A.duty"), room="roster")
    assert code(watched.sound("A.duty", SoundingOpened(listed=listed()))) == "power-lacking"


def test_soundings_go_on_after_a_break_and_a_conclusion(smith: Sounder) -> None:
    smith.post("A", TalksBrokenOff())
    smith.runs(smith.opens())
    other = Sounder()
    other.both(TalksConcluded())
    other.runs(other.opens())


@pytest.mark.parametrize(
    "fields",
    [
        {"options": []},
        {"options": [Option(words={"en": "One"}), Option(words={"en": "One"})]},
        {"closes": UNTIL},
        {"pace": 0},
        {"chunk": 2},
        {"until": 2**60},
    ],
)
def test_a_list_keeps_its_rules(smith: Sounder, fields: dict[str, Any]) -> None:
    assert code(smith.sound("A", SoundingOpened(listed=listed(**fields)))) == "sounding-list"


@pytest.mark.parametrize("one", [packages(), figures()])
def test_packages_and_ranges_are_for_two(one: Any) -> None:
    assert code(Sounder(3).sound("A", SoundingOpened(listed=one))) == "sounding-list"
    assert Sounder(2).sound("A", SoundingOpened(listed=one)).status == "valid"


def test_a_list_has_one_run_whatever_its_times(smith: Sounder) -> None:
    smith.opens()
    again = listed(closes=CLOSES + 1, until=UNTIL + 1, pace=2000)
    assert code(smith.sound("B", SoundingOpened(listed=again))) == "sounding-run-already"
    assert smith.opens(listed("Sunday"))


def test_nothing_is_opened_when_marks_are_fixed(smith: Sounder) -> None:
    event = SoundingOpened(listed=listed())
    assert code(smith.sound("A", event, time=CLOSES)) == "sounding-over"
    assert Sounder().sound("A", event, time=CLOSES - 1).status == "valid"


def test_a_sounding_is_repeated_by_all(smith: Sounder) -> None:
    first = smith.opens()
    smith.runs(first)
    wanted = SoundingRepeated(sounding=first, closes=CLOSES + DAY, until=UNTIL + DAY)
    assert smith.sound("A", wanted).effects == ()
    assert len(smith.replay.sounding.soundings) == 1
    done = smith.sound("B", wanted)
    assert done.effects == (Completed(content=wanted.content, event="SoundingRepeated"),)
    one = smith.sounding(opened_id(smith.hash_of(done)))
    assert (one.begun, one.sponsor, one.outcome) == ("repeated", "", "running")
    assert smith.replay.sounding.listed(one) == listed(closes=CLOSES + DAY, until=UNTIL + DAY)
    assert one.attempts[0].ctx != smith.sounding(first).attempts[0].ctx
    assert not smith.replay.sounding.joint


def test_other_times_are_another_repetition(smith: Sounder) -> None:
    first = smith.opens()
    smith.repeats("A", first, closes=CLOSES + 1)
    smith.repeats("B", first, closes=CLOSES + 2)
    assert len(smith.replay.sounding.soundings) == 1
    assert len(smith.replay.sounding.joint) == 2


def test_what_is_not_there_or_too_late_is_not_repeated(smith: Sounder) -> None:
    assert code(smith.repeats("A", bytes(32))) == "sounding-unknown"
    first = smith.opens()
    assert code(smith.repeats("A", first, closes=UNTIL)) == "sounding-list"
    wanted = SoundingRepeated(sounding=first, closes=CLOSES, until=UNTIL)
    assert code(smith.sound("A", wanted, time=CLOSES)) == "sounding-over"


# Standing lists, 2.5.


def recurring(*words: str, every: int = 7 * DAY, times: int = 3, **fields: Any) -> Recurring:
    return Recurring(listed=listed(*words, **fields), every=every, times=times)


def test_standing_lists_are_soundings_when_all_hold_them(smith: Sounder) -> None:
    lists = (recurring("Geneva", "Vienna"), recurring("Monday", times=2))
    data = pack(Calendar(lists=lists))
    ids = [standing_id(data, number, k) for number, times in ((0, 3), (1, 2)) for k in range(times)]
    assert smith.holds("A", *lists).status == "valid"
    assert smith.replay.sounding.find(ids[0]) is None
    assert smith.sound("A", SoundingOpened(listed=lists[1].listed)).status == "valid"
    last = smith.holds("B", *lists)
    found = list(smith.replay.sounding.every())[1:]
    assert [one.id for one in found] == ids
    assert found[2].closes == CLOSES + 14 * DAY
    assert found[2].until == UNTIL + 14 * DAY
    assert {(one.begun, one.index, one.sponsor) for one in found} == {("standing", last.index, "")}
    assert smith.replay.sounding.listed(found[4]).closes == CLOSES + 7 * DAY
    assert len({one.attempts[0].ctx for one in found}) == len(ids)
    assert code(smith.sound("A", SoundingOpened(listed=lists[0].listed))) == "sounding-run-already"


def test_an_occurrence_is_answered_like_any_sounding(smith: Sounder) -> None:
    one = recurring("Geneva")
    smith.holds("A", one)
    smith.holds("B", one)
    sounding = standing_id(pack(Calendar(lists=(one,))), 0, 1)
    before = smith.sounding(sounding)
    smith.runs(sounding)
    after = smith.sounding(sounding)
    assert after.outcome == "opened"
    assert before.attempts[0].ctx == after.attempts[0].ctx
    assert len(list(smith.replay.sounding.every())) == 3
    assert smith.repeats("A", sounding).status == "valid"


def test_other_bytes_are_another_calendar(smith: Sounder) -> None:
    smith.holds("A", recurring("Geneva"))
    smith.holds("B", recurring("Geneva", times=4))
    assert list(smith.replay.sounding.every()) == []


def test_a_calendar_is_held_once_by_the_desk_that_answers(watched: Sounder) -> None:
    one = recurring("Geneva")
    assert code(watched.holds("A", one)) == "sounding-not-yours"
    assert watched.holds("A.duty", one).status == "valid"
    assert code(watched.holds("A.duty", one)) == "sounding-answered"


def test_a_member_without_the_power_holds_no_calendar(smith: Sounder) -> None:
    smith.joined("A.junior", powers=("propose",))
    smith.issue("A", smith.sounding_room)
    assert code(smith.holds("A.junior", recurring("Geneva"))) == "sounding-not-yours"


@pytest.mark.parametrize(
    "lists",
    [
        (),
        (recurring("Geneva"), recurring("Geneva", every=8 * DAY)),
        (recurring("Geneva", times=0), recurring("Vienna")),
        (recurring("Geneva", every=UNTIL - CLOSES - 1),),
        (recurring("Geneva", times=10_001),),
        (recurring("Geneva", every=2**50),),
        (recurring("Geneva", times=1, every=-1),),
        (recurring("Geneva", pace=0),),
    ],
)
def test_a_calendar_keeps_its_rules(smith: Sounder, lists: tuple[Recurring, ...]) -> None:
    assert code(smith.holds("A", *lists)) == "sounding-list"


def test_a_list_that_comes_once_needs_no_time_between(smith: Sounder) -> None:
    assert smith.holds("A", recurring("Geneva", times=1, every=0)).status == "valid"


def test_what_is_no_calendar_is_void(smith: Sounder) -> None:
    assert code(smith.sound("A", StandingListsHeld(calendar=b"\x00"))) == "not-canonical"


# what is said in a run.


STEPS = {
    "options": (listed(), 2, {0: (1, 2), 1: (1, 2)}),
    "packages": (packages(), 2, {0: (1, 2), 1: (1, 2)}),
    "range": (figures(), 2, {0: (1, 3, 4, 5), 1: (1, 2, 4, 5)}),
    "many": (listed(), 3, dict.fromkeys(range(3), (1, 2, 3, 4))),
}


@pytest.mark.parametrize("kind", STEPS)
def test_each_place_takes_its_steps_in_order(kind: str) -> None:
    one, parties, steps = STEPS[kind]
    smith = Sounder(parties)
    sounding = smith.opens(one)
    names = sorted(smith.names, key=smith.id)
    done = dict.fromkeys(range(parties), 0)
    for step in range(1, 6):
        for place, name in enumerate(names):
            if step not in steps[place]:
                assert code(smith.says(name, sounding, step)) == "sounding-step"
                continue
            assert smith.sounding(sounding).due(place) == (step, 0)
            assert code(smith.says(name, sounding, step + 1)) == "sounding-step"
            verdict = smith.says(name, sounding, step)
            assert verdict.status == "valid"
            said = smith.sounding(sounding).said(place, step)
            assert said is not None
            assert (said.entries, said.acts) == ((verdict.index,), (smith.hash_of(verdict),))
            assert code(smith.says(name, sounding, step)) == "sounding-answered"
            done[place] += 1
    assert smith.sounding(sounding).is_said()
    assert done == {place: len(one) for place, one in steps.items()}
    assert all(smith.sounding(sounding).due(place) is None for place in done)


def test_a_step_waits_for_all_messages_before_it(smith: Sounder) -> None:
    sounding = smith.opens()
    smith.says("A", sounding, 1)
    place = smith.sounding(sounding).delegations.index(smith.id("A"))
    assert smith.sounding(sounding).due(place) is None
    assert code(smith.says("A", sounding, 2)) == "sounding-step"
    smith.says("B", sounding, 1, pieces=2)
    assert code(smith.says("A", sounding, 2)) == "sounding-step"
    smith.says("B", sounding, 1, piece=1, pieces=2)
    assert smith.says("A", sounding, 2).status == "valid"
    assert not smith.sounding(sounding).is_said()


def test_pieces_come_in_order(smith: Sounder) -> None:
    sounding = smith.opens()
    assert code(smith.says("A", sounding, 1, piece=1, pieces=2)) == "sounding-piece"
    first = smith.says("A", sounding, 1, piece=0, pieces=2, body=bytes(PIECE))
    place = smith.sounding(sounding).delegations.index(smith.id("A"))
    assert smith.sounding(sounding).due(place) == (1, 1)
    assert code(smith.says("A", sounding, 1, piece=0, pieces=2)) == "sounding-piece"
    assert code(smith.says("A", sounding, 1, piece=1, pieces=3)) == "sounding-piece"
    second = smith.says("A", sounding, 1, piece=1, pieces=2)
    said = smith.sounding(sounding).said(place, 1)
    assert said is not None
    assert said.whole
    assert said.entries == (first.index, second.index)


@pytest.mark.parametrize(
    "fields",
    [
        {"body": b""},
        {"body": bytes(PIECE + 1)},
        {"pieces": 0},
        {"pieces": PIECES + 1},
        {"piece": -1},
        {"piece": 1},
    ],
)
def test_a_piece_has_its_measure(smith: Sounder, fields: dict[str, Any]) -> None:
    assert code(smith.says("A", smith.opens(), 1, **fields)) == "sounding-piece"


def test_only_what_runs_is_answered(smith: Sounder) -> None:
    assert code(smith.says("A", bytes(32), 1)) == "sounding-unknown"
    sounding = smith.opens()
    assert code(smith.says("A", sounding, 1, attempt=1)) == "sounding-attempt"
    assert code(smith.says("A", sounding, 1, time=UNTIL)) == "sounding-over"
    other = Sounder()
    sounding = other.opens()
    assert other.says("A", sounding, 1, time=UNTIL - 1).status == "valid"
    assert other.sounding(sounding).standing(UNTIL - 1) == "running"
    assert other.sounding(sounding).standing(UNTIL) == "over"


def test_the_duty_desk_alone_answers(watched: Sounder) -> None:
    sounding = watched.opens()
    one, roster = watched.sounding(sounding), watched.replay.roster
    duty = watched.desk("A.duty").certificate
    assert answering(roster, one, watched.id("A"), watched.replay.size) == duty
    assert code(watched.says("A", sounding, 1)) == "sounding-not-yours"
    watched.runs(sounding, desk=".duty")
    assert watched.sounding(sounding).outcome == "opened"


def test_of_two_duty_desks_the_last_answers_from_the_next_attempt(watched: Sounder) -> None:
    sounding = watched.opens()
    watched.says("A.duty", sounding, 1)
    watched.on_duty("A.other")
    assert code(watched.says("A.other", sounding, 1)) == "sounding-not-yours"
    watched.says("B.duty", sounding, 1)
    assert watched.says("A.duty", sounding, 2).status == "valid"
    watched.says("B.duty", sounding, 2)
    watched.commits("A", sounding)
    watched.voids_box(sounding)
    assert code(watched.says("A.duty", sounding, 1)) == "sounding-not-yours"
    assert watched.says("A.other", sounding, 1).status == "valid"


def test_a_recalled_duty_desk_answers_no_more(watched: Sounder) -> None:
    watched.on_duty("A.other")
    watched.post("A", watched.recall("A.other"), room="roster")
    sounding = watched.opens()
    assert watched.says("A.duty", sounding, 1).status == "valid"


def test_without_a_duty_desk_the_member_who_answered_first_goes_on(smith: Sounder) -> None:
    smith.joined("A.second")
    smith.joined("A.junior", powers=("propose", "speak"))
    smith.issue("A", smith.sounding_room)
    sounding = smith.opens()
    roster = smith.replay.roster
    assert answering(roster, smith.sounding(sounding), smith.id("A"), smith.replay.size) is None
    assert code(smith.says("A.junior", sounding, 1)) == "sounding-not-yours"
    assert smith.says("A.second", sounding, 1).status == "valid"
    smith.says("B", sounding, 1)
    assert code(smith.says("A", sounding, 2)) == "sounding-not-yours"
    assert smith.says("A.second", sounding, 2).status == "valid"


# the host's box.


def test_a_box_is_committed_to_and_opened(smith: Sounder) -> None:
    sounding = smith.opens()
    smith.all_said(sounding)
    box = smith.box(sounding)
    assert smith.replay.sounding.which(box) == (smith.sounding(sounding), 0, 0)
    first = smith.commits("A", sounding)
    assert (first.status, first.room) == ("valid", smith.sounding_room)
    assert not held_back(smith.replay.sounding, smith.sounding(sounding))
    second = smith.commits("B", sounding)
    assert held_back(smith.replay.sounding, smith.sounding(sounding))
    done = smith.opens_box(sounding)
    one = smith.sounding(sounding)
    assert not held_back(smith.replay.sounding, one)
    assert (one.outcome, one.attempts[0].ended, one.standing(UNTIL)) == ("opened", done.index, "opened")
    kept = smith.replay.sounding.box(one, 0)
    assert kept is not None
    assert kept.entries == {smith.id("A"): first.index, smith.id("B"): second.index}
    assert (kept.ended, kept.end) == (done.index, "open")
    assert code(smith.says("A", sounding, 2)) == "sounding-over"


def test_a_box_of_nothing_is_of_no_room(smith: Sounder) -> None:
    smith.opens()
    before = smith.replay.state_hash(smith.sounding_room, smith.replay.size)
    verdict = smith.in_box(BoxVoid(box=bytes(32), reason="time"))
    assert (verdict.status, verdict.room) == ("none", "")
    assert smith.replay.state_hash(smith.sounding_room, smith.replay.size) == before


def test_the_box_changes_the_state_of_its_room_alone(smith: Sounder) -> None:
    sounding = smith.opens()
    before = {name: smith.replay.state_hash(room, smith.replay.size) for name, room in smith.rooms.items()}
    smith.commits("A", sounding)
    after = {name: smith.replay.state_hash(room, smith.replay.size) for name, room in smith.rooms.items()}
    assert [name for name in before if before[name] != after[name]] == ["sounding"]
    smith.commits("A", sounding)  # a void entry stands in the log
    assert smith.replay.state_hash(smith.sounding_room, smith.replay.size) != after["sounding"]


def test_commits_agree_and_come_once(smith: Sounder) -> None:
    sounding = smith.opens()
    smith.all_said(sounding)
    assert code(smith.commits("A", sounding, parties=("0" * 32, "f" * 32))) == "box-differs"
    assert code(smith.commits("A", sounding, release="sealed")) == "box-differs"
    assert smith.commits("A", sounding).status == "valid"
    assert code(smith.commits("A", sounding)) == "box-committed"
    assert code(smith.commits("B", sounding, wait=1)) == "box-differs"
    assert smith.commits("B", sounding).status == "valid"


def test_nobody_commits_for_another(smith: Sounder) -> None:
    """What the host enters in a delegation's name, or what the delegation did not announce so, has no effect."""
    sounding = smith.opens()
    assert code(smith.announces("A", sounding)) == "box-not-ready"
    assert code(smith.commits("A", sounding)) == "box-not-announced"
    smith.all_said(sounding)
    assert smith.commits("A", sounding, hash=bytes(32)).status == "valid"
    assert code(smith.announces("A", sounding)) == "box-committed"
    for length in (0, 31, 33):
        assert code(smith.announces("B", sounding, hash=bytes(length))) == "not-canonical"
    assert code(smith.commits("B", sounding, wait=1)) == "box-differs"
    assert code(smith.announces("B", sounding)) == "box-committed"
    other = hashlib.sha256(b"another").digest()
    assert code(smith.commits("B", sounding, hash=other)) == "box-not-announced"
    assert code(smith.announces("A", sounding, 0, attempt=1)) == "sounding-attempt"
    assert code(smith.announces("A", sounding, 1)) == "box-not-ready"
    assert code(smith.announces("A", sounding, time=UNTIL)) == "sounding-over"


def test_an_attempt_is_given_up_as_long_as_nothing_can_be_released(smith: Sounder) -> None:
    sounding = smith.opens()
    assert smith.gives_up("A", sounding).status == "valid"
    assert smith.sounding(sounding).attempt == 1
    assert code(smith.gives_up("B", sounding, 0)) == "sounding-attempt"
    smith.all_said(sounding)
    smith.commits("A", sounding)
    assert smith.gives_up("B", sounding).status == "valid"
    smith.all_said(sounding)
    smith.all_commit(sounding)
    assert code(smith.gives_up("A", sounding)) == "sounding-released"
    smith.opens_box(sounding)
    assert code(smith.gives_up("A", sounding)) == "sounding-over"


def test_what_may_have_been_released_is_not_asked_again(smith: Sounder) -> None:
    sounding = smith.opens()
    smith.all_said(sounding)
    smith.all_commit(sounding)
    ended = smith.voids_box(sounding)
    one = smith.sounding(sounding)
    assert (one.attempt, one.outcome, one.attempts[0].ended) == (0, "void", ended.index)


def test_a_delegation_has_some_soundings_under_way_at_once(smith: Sounder) -> None:
    for number in range(16):
        smith.opens(listed(f"Geneva {number}"))
    assert code(smith.sound("A", SoundingOpened(listed=listed("Vienna")))) == "sounding-too-many"
    assert smith.sound("B", SoundingOpened(listed=listed("Vienna"))).status == "valid"


def test_a_box_opens_what_all_committed_to(smith: Sounder) -> None:
    sounding = smith.opens()
    assert code(smith.opens_box(sounding)) == "box-not-ready"
    smith.all_said(sounding)
    smith.commits("A", sounding)
    assert code(smith.opens_box(sounding)) == "box-not-ready"
    smith.commits("B", sounding)
    deposits = tuple(smith.deposit(one) for one in smith.sounding(sounding).delegations)
    assert code(smith.opens_box(sounding, deposits=deposits[:1])) == "box-not-ready"
    assert code(smith.opens_box(sounding, deposits=deposits[::-1])) == "box-deposit-differs"
    assert code(smith.opens_box(sounding, deposits=(bytes(65537), b""))) == "too-large"
    assert smith.sounding(sounding).outcome == "running"
    assert smith.opens_box(sounding).status == "valid"
    assert code(smith.opens_box(sounding)) == "box-ended"
    assert code(smith.voids_box(sounding)) == "box-ended"
    assert code(smith.commits("A", sounding)) == "box-ended"


def test_a_void_box_begins_the_next_attempt(smith: Sounder) -> None:
    sounding = smith.opens()
    smith.all_said(sounding)
    assert code(smith.voids_box(sounding)) == "box-not-ready"
    smith.commits("A", sounding)
    ended = smith.voids_box(sounding)
    one = smith.sounding(sounding)
    assert (one.attempt, one.outcome, one.attempts[0].ended) == (1, "running", ended.index)
    assert one.attempts[0].ctx != one.attempts[1].ctx
    assert one.attempts[1].answers == {}
    assert context(smith.replay.roster, one, 1) == msgspec.structs.replace(
        context(smith.replay.roster, one, 0), attempt=1
    )
    old = smith.box(sounding, attempt=0)
    assert code(smith.in_box(BoxVoid(box=old, reason="time"))) == "box-ended"
    assert code(smith.in_box(BoxOpen(box=old, deposits=()))) == "box-ended"
    assert code(smith.says("A", sounding, 2)) == "sounding-step"
    assert code(smith.says("A", sounding, 1, attempt=0)) == "sounding-attempt"
    smith.runs(sounding)
    assert smith.sounding(sounding).outcome == "opened"


def test_after_eight_attempts_a_sounding_is_void(smith: Sounder) -> None:
    sounding = smith.opens()
    for attempt in range(8):
        assert (smith.sounding(sounding).attempt, smith.sounding(sounding).outcome) == (attempt, "running")
        smith.all_said(sounding)
        smith.commits("B", sounding)
        smith.voids_box(sounding, reason="differ")
    one = smith.sounding(sounding)
    assert (one.attempt, one.outcome, one.standing(START)) == (7, "void", "void")
    assert code(smith.says("A", sounding, 1)) == "sounding-over"
    assert one.due(0) is None


def test_packages_have_a_box_for_the_order_and_for_each_chunk(smith: Sounder) -> None:
    sounding = smith.opens(packages())
    assert smith.sounding(sounding).boxes == 3
    smith.all_said(sounding)
    assert code(smith.commits("A", sounding, 1, release="sealed")) == "box-differs"
    for number in range(3):
        assert smith.sounding(sounding).outcome == "running"
        smith.all_commit(sounding, number)
        smith.opens_box(sounding, number)
    assert smith.sounding(sounding).outcome == "opened"
    assert smith.last(sounding).opened == 3
    assert smith.replay.sounding.which(smith.box(sounding, 3)) is None


def test_packages_of_which_a_box_was_opened_are_not_drawn_anew(smith: Sounder) -> None:
    sounding = smith.opens(packages())
    smith.all_said(sounding)
    smith.all_commit(sounding, 0)
    smith.opens_box(sounding, 0)
    smith.commits("A", sounding, 1)
    smith.voids_box(sounding, 1)
    one = smith.sounding(sounding)
    assert (one.attempt, one.attempts[0].opened, one.outcome) == (0, 1, "void")
    other = box_id(one.attempts[0].ctx, 2)
    assert code(smith.commits("A", sounding, 2, box=other)) == "sounding-attempt"


def test_the_figures_of_a_range_are_opened_after_the_run(smith: Sounder) -> None:
    sounding = smith.opens(figures())
    assert code(smith.commits("A", sounding, 1)) == "sounding-attempt"
    smith.runs(sounding)
    smith.all_commit(sounding, 1)
    before = smith.sounding(sounding)
    assert smith.opens_box(sounding, 1).status == "valid"
    assert smith.sounding(sounding) == before
    kept = smith.replay.sounding.box(before, 1)
    assert kept is not None
    assert kept.end == "open"


def test_figures_that_are_not_opened_change_nothing(smith: Sounder) -> None:
    sounding = smith.opens(figures())
    smith.runs(sounding)
    smith.commits("A", sounding, 1)
    assert smith.voids_box(sounding, 1).status == "valid"
    assert smith.sounding(sounding).outcome == "opened"


# The state.


def test_two_readers_and_a_snapshot_have_the_same_state(watched: Sounder) -> None:
    watched.holds("A.duty", recurring("Geneva"))
    watched.holds("B.duty", recurring("Geneva"))
    sounding = watched.opens(packages())
    watched.runs(sounding, desk=".duty")
    watched.repeats("A", sounding)
    again = CommonReplay(watched.common.tree)
    for entry in watched.common.entries:
        assert again.apply(entry) == watched.verdicts[entry.index]
    assert again.snapshot() == watched.replay.snapshot()
    restored = CommonReplay.restored(again.snapshot(), watched.common.tree)
    assert restored.snapshot() == again.snapshot()
    assert restored.sounding.digest == watched.replay.sounding.digest


def test_who_cannot_read_the_room_has_no_verdict_on_its_boxes(watched: Sounder) -> None:
    sounding = watched.opens()
    watched.all_said(sounding, desk=".duty")
    watched.all_commit(sounding)
    blind = CommonReplay(watched.common.tree)
    for entry in watched.common.entries:
        room = getattr(entry.content, "room", "")
        verdict = blind.apply(entry if room != watched.sounding_room else _sealed(entry))
        assert verdict.room != watched.sounding_room
    assert blind.plenary == watched.replay.plenary


def _sealed(entry: Any) -> Any:
    return type(entry)(
        index=entry.index, leaf_hash=entry.leaf_hash, kind=entry.kind, time=entry.time, content=None
    )


def test_an_act_can_be_tried_before_it_is_sent(smith: Sounder) -> None:
    event = SoundingOpened(listed=listed())
    smith.replay.check(smith.act("A", event, room="sounding"))
    assert not smith.replay.sounding.soundings
