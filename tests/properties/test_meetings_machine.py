"""Meetings, by chance: nothing is convened with something missing, turns are fair, and two desks hold the same."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings
from tests.support.drafting import T, Table
from tests.support.meeting import Meeting, sitting, terms

from good_offices.talks.convening import missing
from good_offices.talks.convening_rule import DAY_MS, Agreed, Condition, NoOpenPoint, Notice, Readiness
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    ConveningWaived,
    FloorGiven,
    FloorRequested,
    ReadinessDeclared,
    SittingConvened,
    SittingOpened,
    SittingResumed,
    SittingSuspended,
    SittingWithdrawn,
)
from good_offices.talks.events_plenary import ModalitiesProposed
from good_offices.talks.events_text import ProvisionAgreed, ProvisionReopened
from good_offices.talks.replay import CommonReplay
from good_offices.talks.sittings import next_turn, turns

CONDITIONS: tuple[Condition, ...] = (
    Readiness(),
    Notice(days=1),
    Agreed(instrument=T, units=("u0",), at_least="ad-referendum"),
    NoOpenPoint(instrument=T),
)
QUIET = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def again(smith: Any) -> CommonReplay:
    """Return what another desk holds that reads the same register."""
    other = CommonReplay(smith.common.tree)
    for entry in smith.common.entries:
        other.apply(entry)
    return other


STEPS = st.lists(
    st.tuples(st.sampled_from("AB"), st.integers(0, 8), st.sampled_from([0, 0, DAY_MS])),
    min_size=8,
    max_size=30,
)


@QUIET
@given(rule=st.sets(st.sampled_from(CONDITIONS)), steps=STEPS)
def test_no_sitting_is_convened_while_something_is_missing(
    rule: set[Condition], steps: list[tuple[str, int, int]]
) -> None:
    table = Table()
    smith, event = table.smith, sitting()
    order = tuple(one for one in CONDITIONS if one in rule)
    smith.both(ModalitiesProposed(modalities=terms(smith, *order)))
    for name, step, later in steps:
        smith.clock += later
        held = table.unit("u0").digest
        acts = (
            event,
            event,
            ReadinessDeclared(sitting=event.content),
            ReadinessDeclared(sitting=event.content, ready=False),
            ConveningWaived(sitting=event.content, conditions=order[:1]),
            ProvisionAgreed(instrument=T, units=table.bound("u0"), level="ministers"),
            ProvisionReopened(instrument=T, units=table.bound("u0")),
            SittingWithdrawn(sitting=event.content),
            SittingConvened(sitting=event.content),
        )
        before = smith.replay.plenary
        verdict = smith.post(name, acts[step])
        assert table.unit("u0").digest == held
        after = smith.replay.plenary.meetings.sittings.get(event.content.hex())
        earlier = before.meetings.sittings.get(event.content.hex())
        if (
            after is not None
            and after.stage == "convened"
            and (earlier is None or earlier.stage != "convened")
        ):
            assert verdict.status == "valid"
            assert earlier is not None
            # By the state before the last confirmation, at its time; and every delegation has confirmed.
            now = smith.common.entries[-1].content.act
            lacking = missing(
                before, smith.replay.roster, earlier, time=now.time, sender=smith.id(name), seen=now.seen.size
            )
            assert lacking == ()
            assert set(after.confirmed) == set(smith.replay.roster.expected)
            ends = after.agreed_at + DAY_MS
            noticed = Notice(days=1) in rule and Notice(days=1) not in after.waived
            assert not noticed or all(at > ends for at in after.confirmed.values())
    assert again(smith).plenary.digest == smith.replay.plenary.digest


FLOOR = st.lists(
    st.tuples(st.sampled_from(["A", "A.second", "B", "C"]), st.sampled_from("rrrggggsx")),
    min_size=10,
    max_size=60,
)


@QUIET
@given(steps=FLOOR, ordinal=st.integers(0, 2))
def test_no_delegation_waits_for_more_than_one_turn_of_each_other(  # noqa: C901, PLR0912 # one branch for each step
    steps: list[tuple[str, str]], ordinal: int
) -> None:
    meeting = Meeting(parties=3)
    smith = meeting.smith
    smith.joined("A.second")
    for number in range(ordinal):
        other = sitting(title=f"Earlier {number}")
        smith.both(other)
        smith.both(SittingConvened(sitting=other.content))
    meeting.convene()
    for party in "ABC":
        members = tuple(
            smith.desk(one).member for one in ("A", "A.second", "B", "C") if one.partition(".")[0] == party
        )
        meeting.post(party, AttendanceAnnounced(sitting=meeting.name, members=members))
    smith.both(SittingOpened(sitting=meeting.name))
    waited: dict[str, list[str]] = {}
    for name, step in steps:
        conduct = meeting.conduct
        if step == "r":
            asked = FloorRequested(sitting=meeting.name)
            if meeting.post(name, asked)[0] == "valid":
                waited.setdefault(smith.desk(name).delegation, [])
        elif step == "g":
            due = next_turn(conduct, smith.replay.roster, meeting.now, smith.replay.size)
            holder = conduct.floor.delegation if conduct.floor else smith.id("A")
            by = next(one for one in "ABC" if smith.id(one) == holder)
            given_ = FloorGiven(sitting=meeting.name, member=due.member if due else "")
            if meeting.post(by, given_)[0] == "valid" and due is not None:
                assert set(waited) <= {one.delegation for one in conduct.requests}
                for delegation, passed in waited.items():
                    if delegation != due.delegation:
                        # Nobody passes a delegation that waits twice.
                        assert due.delegation not in passed
                        passed.append(due.delegation)
                waited.pop(due.delegation, None)
                if any(one.delegation == due.delegation for one in meeting.conduct.requests):
                    waited[due.delegation] = []
        elif step == "s":
            meeting.post(name, SittingSuspended(sitting=meeting.name))
        else:
            meeting.all(SittingResumed(sitting=meeting.name))
        if meeting.conduct.requests:
            assert next_turn(meeting.conduct, smith.replay.roster, meeting.now, smith.replay.size) is not None
    assert turns(smith.replay.roster, meeting.now)[0] == sorted(smith.replay.roster.expected)[ordinal]
    assert again(smith).plenary.digest == smith.replay.plenary.digest
