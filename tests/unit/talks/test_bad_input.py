"""Acts out of order, by the wrong level, after a recall, without powers, twice, by a wrong clock, after a break.

Each is void, or waits, for a reason in words; and nothing else changes.
"""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.communiques import Releasing
from tests.support.conditions import requested, signed
from tests.support.meeting import Meeting, sitting
from tests.support.refusing import in_words, refused, state
from tests.support.talksmith import START, Talksmith
from tests.unit.talks.test_after import DAY, SCAN, Signed
from tests.unit.talks.test_outcome import T

from good_offices.errors import LocalError
from good_offices.talks.convening_rule import Notice, Readiness
from good_offices.talks.events_after import (
    CorrectionAccepted,
    CorrectionObjected,
    ErrorNotified,
    PaperSignatory,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.events_communique import CommuniqueReleased, CommuniqueSigned
from good_offices.talks.events_conditions import ConditionsSigned
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    ConveningWaived,
    ExpectationsSealed,
    FloorGiven,
    FloorRequested,
    ItemTakenUp,
    MinutesAgreed,
    MinutesProposed,
    ReadinessDeclared,
    SittingAccepted,
    SittingClosed,
    SittingConvened,
    SittingOpened,
    SittingResumed,
    SittingSuspended,
    SittingWithdrawn,
)
from good_offices.talks.events_outcome import InstrumentDeposited
from good_offices.talks.events_papers import LetterSent
from good_offices.talks.events_plenary import (
    ActConfirmed,
    IncidentNotified,
    NotePassed,
    StatementMade,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed, RoomOpened
from good_offices.talks.performing import permit
from good_offices.talks.rules import RULES
from good_offices.talks.state import evolve

NAME = bytes(range(32))
ROOM = "ab" * 16
SAID = StatementMade(text="We measured it.", language="en")
GROUP: dict[str, Any] = {
    "title": "Flow", "kind": "contact-group", "level": "ministers", "mandate": "To measure.", "language": "en"
}  # fmt: skip
LETTER = LetterSent(to=("b" * 32,), readers=(), letter=b"x", blocks=())


# Out of order.

BEFORE_ANYTHING: list[tuple[Any, str]] = [
    (SittingAccepted(sitting=NAME), "sitting-unknown"),
    (SittingWithdrawn(sitting=NAME), "sitting-unknown"),
    (ReadinessDeclared(sitting=NAME), "sitting-unknown"),
    (ConveningWaived(sitting=NAME, conditions=(Readiness(),)), "sitting-unknown"),
    (SittingConvened(sitting=NAME), "sitting-unknown"),
    (ExpectationsSealed(sitting=NAME, attempt=0, hash=NAME), "sitting-unknown"),
    (SittingOpened(sitting=NAME), "sitting-unknown"),
    (AttendanceAnnounced(sitting=NAME, members=("x",)), "sitting-unknown"),
    (ItemTakenUp(sitting=NAME, item=NAME), "sitting-unknown"),
    (FloorRequested(sitting=NAME), "sitting-unknown"),
    (FloorGiven(sitting=NAME, member=""), "sitting-unknown"),
    (SittingSuspended(sitting=NAME), "sitting-unknown"),
    (SittingResumed(sitting=NAME), "sitting-unknown"),
    (SittingClosed(sitting=NAME), "sitting-unknown"),
    (MinutesProposed(sitting=NAME, words={"en": "We met."}), "sitting-unknown"),
    (MinutesAgreed(sitting=NAME, minutes=NAME), "sitting-unknown"),
    (StatementMade(text="I.", language="en", sitting=NAME), "sitting-unknown"),
    (RoomMembersNamed(room=ROOM, members=()), "room-unknown"),
    (RoomClosed(room=ROOM), "room-unknown"),
    (ReferredToLevel(source=ROOM, target=ROOM, subject=NAME, title="t", text="t", language="en"), "referral-elsewhere"),
    (ConditionsSigned(number=1, signature=bytes(9)), "conditions-unknown"),
    (CommuniqueSigned(communique=NAME, signature=bytes(9)), "communique-unknown"),
    (CommuniqueReleased(communique=NAME), "communique-unknown"),
    (CorrectionAccepted(notice=NAME), "correction-unknown"),
    (CorrectionObjected(notice=NAME, text="No.", language="en"), "correction-unknown"),
    (ErrorNotified(instrument=T, digest=NAME, errata=()), "instrument-unknown"),
    (SignatureRecorded(instrument=T, digest=NAME, words={}), "instrument-unknown"),
    (InstrumentDeposited(instrument=T, digest=NAME, depositary="x"), "instrument-unknown"),
    (ActConfirmed(index=1, act=NAME), "act-unknown"),
    (TalksResumed(), "talks-running"),
]  # fmt: skip


@pytest.fixture(scope="module")
def fresh() -> Talksmith:
    return Talksmith(2, signing=False)


@pytest.mark.parametrize(("event", "code"), BEFORE_ANYTHING, ids=lambda one: getattr(one, "name", str(one)))
def test_what_is_about_nothing_that_there_is(fresh: Talksmith, event: Any, code: str) -> None:
    refused(fresh, "A", event, code)


def test_the_steps_of_a_meeting_are_taken_in_their_order() -> None:
    meeting = Meeting(agreed=False)
    smith, name = meeting.smith, meeting.name
    assert meeting.post("A", meeting.event)[0] == "valid"
    for event in (
        ReadinessDeclared(sitting=name),
        SittingConvened(sitting=name),
        ConveningWaived(sitting=name, conditions=(Readiness(),)),
        ExpectationsSealed(sitting=name, attempt=0, hash=NAME),
    ):
        refused(smith, "A", event, "sitting-not-agreed")
    assert meeting.post("B", meeting.event)[0] == "valid"
    refused(smith, "A", ExpectationsSealed(sitting=name, attempt=1, hash=NAME), "expectations-attempt")
    for event in (SittingOpened(sitting=name), FloorRequested(sitting=name), SittingClosed(sitting=name)):
        refused(smith, "A", event, "sitting-not-convened")
    meeting.convene()
    for event in (SittingWithdrawn(sitting=name), SittingConvened(sitting=name)):
        refused(smith, "B", event, "sitting-convened")
    refused(smith, "A", SittingOpened(sitting=name), "not-attending")
    for event in (SittingSuspended(sitting=name), SittingResumed(sitting=name), FloorRequested(sitting=name)):
        refused(smith, "A", event, "sitting-course")
    refused(smith, "A", MinutesProposed(sitting=name, words={"en": "We met."}), "sitting-course")
    meeting.sit()
    meeting.all(SittingOpened(sitting=name))
    refused(smith, "A", StatementMade(text="I.", language="en", sitting=name), "floor-not-yours")
    refused(smith, "A", FloorGiven(sitting=name, member=smith.desk("A").member), "floor-not-next")
    meeting.all(SittingClosed(sitting=name))
    refused(smith, "A", SittingSuspended(sitting=name), "sitting-over")


def test_nothing_is_signed_recorded_or_corrected_before_its_time() -> None:
    table = Releasing()
    event = table.proposal()
    table.post("A", event)
    refused(table.smith, "A", table.signature("A", event.content), "communique-not-accepted")
    refused(table.smith, "A", table.release(event.content), "communique-not-accepted")
    text = {"instrument": T, "digest": table.text.instrument.digest}
    refused(table.smith, "A", SignatureRecorded(**text, words={"en": "x", "ru": "x"}), "signatures-missing")
    refused(table.smith, "A", ErrorNotified(**text, errata=()), "signatures-missing")


# By the wrong level, and without powers.


def test_a_lower_level_neither_sits_above_nor_is_sent_there_nor_writes_to_the_heads() -> None:
    meeting = Meeting()
    smith = meeting.smith
    smith.joined("A.expert", powers=("speak",))
    meeting.post("A", smith.accreditation("A.expert", level="experts", number=1), room="roster")
    meeting.convene()
    member = smith.desk("A.expert").member
    refused(smith, "A", AttendanceAnnounced(sitting=meeting.name, members=(member,)), "member-below-level")
    other = (smith.desk("B").member,)
    refused(smith, "A", AttendanceAnnounced(sitting=meeting.name, members=other), "member-unknown")
    room = smith.group("A", "B", level="ministers")
    refused(smith, "A", RoomMembersNamed(room=room, members=(member,)), "member-below-level")
    letter = LetterSent(to=(smith.id("B"),), readers=(), letter=b"x", blocks=())
    refused(smith, "A.expert", letter, "letter-not-head")


def test_who_was_sent_to_a_level_and_then_lowered_is_refused_at_once() -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.second")
    room = smith.group("A", "A.second", "B", level="ministers")
    assert smith.post("A.second", SAID, room=room).status == "valid"
    lower = smith.accreditation("A.second", level="experts", number=1)
    assert smith.post("A", lower, room="roster").status == "valid"
    refused(smith, "A.second", SAID, "member-below-level", room=room)


@pytest.mark.parametrize(
    "event",
    [RoomOpened(**GROUP), sitting(), TalksConcluded(), ReadinessDeclared(sitting=NAME)],
    ids=lambda one: one.name,
)
def test_without_the_power_an_act_waits_and_changes_nothing(event: Any) -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.clerk", powers=("speak",))
    before = smith.replay.plenary
    verdict = smith.post("A.clerk", event)
    assert (verdict.status, verdict.code) == ("ineffective", "power-lacking")
    after = smith.replay.plenary
    assert evolve(after, seen={}, unconfirmed={}).digest == evolve(before, seen={}).digest
    assert "power" in in_words(verdict)


def test_powers_that_newer_credentials_took_away_have_ended() -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.second")
    assert smith.post("A", smith.accreditation("A.second", powers=("speak",), number=1), room="roster").status == "valid"  # fmt: skip
    verdict = smith.post("A.second", RoomOpened(**GROUP))
    assert (verdict.status, verdict.code) == ("ineffective", "power-lacking")
    table = Releasing()
    table.smith.joined("A.second")
    content = table.accepted()
    lowered = table.smith.accreditation("A.second", powers=("speak",), number=1)
    table.smith.post("A", lowered, room="roster")
    refused(table.smith, "A.second", table.signature("A.second", content), "communique-power-lacking")


# After a recall.


@pytest.mark.parametrize(
    "event",
    [RoomOpened(**GROUP), sitting(), SAID, LETTER, TalksBrokenOff(), NotePassed(text="x", language="en", urgent=True),
     RoomMembersNamed(room=ROOM, members=()), SittingConvened(sitting=NAME), ConditionsSigned(number=1, signature=b"")],
    ids=lambda one: one.name,
)  # fmt: skip
def test_nothing_is_done_after_a_recall(event: Any) -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.second")
    smith.post("A", smith.recall("A.second"), room="roster")
    refused(smith, "A.second", event, "desk-recalled")


def test_who_was_recalled_neither_speaks_in_a_group_nor_waits_for_the_floor() -> None:
    meeting = Meeting()
    smith = meeting.smith
    smith.joined("A.second")
    room = smith.group("A", "A.second", "B", level="ministers")
    meeting.open("A", "A.second", "B")
    assert meeting.post("A.second", FloorRequested(sitting=meeting.name)) == ("valid", None)
    smith.post("A", smith.recall("A.second"), room="roster")
    refused(smith, "A.second", SAID, "desk-recalled", room=room)
    gone = smith.desk("A.second").member
    refused(smith, "B", FloorGiven(sitting=meeting.name, member=gone), "floor-not-next")


# Twice.


def test_what_was_done_is_not_done_twice() -> None:
    meeting = Meeting()
    smith = meeting.smith
    refused(smith, "B", SittingAccepted(sitting=meeting.name), "sitting-agreed")
    sealed = ExpectationsSealed(sitting=meeting.name, attempt=0, hash=NAME)
    assert meeting.post("A", sealed) == ("valid", None)
    refused(smith, "A", sealed, "expectations-sealed")
    smith.both(RoomOpened(**GROUP))
    refused(smith, "A", RoomOpened(**GROUP), "group-opened-already")
    asked = requested(smith)
    smith.both(asked)
    refused(smith, "A", asked, "conditions-number")
    assert smith.post("A", signed(smith, "A", asked)).status == "valid"
    refused(smith, "A", signed(smith, "A", asked), "conditions-signed-already")
    meeting.open()
    assert meeting.post("A", FloorRequested(sitting=meeting.name)) == ("valid", None)
    refused(smith, "A", FloorRequested(sitting=meeting.name), "floor-requested")


def test_a_communique_is_signed_and_released_once() -> None:
    table = Releasing()
    content = table.signed()
    refused(table.smith, "A", table.signature("A", content), "communique-signed-already")
    assert table.post("A", table.release(content)).status == "valid"
    refused(table.smith, "B", table.release(content), "communique-released-already")


def test_an_original_and_a_record_of_signature_stand_once() -> None:
    table = Signed()
    paper = PaperSignatureAttested(
        instrument=T, digest=table.digest, scan=SCAN, place="Verin", date="2027-03-01",
        signatories=(PaperSignatory(delegation=table.smith.id("A"), name="N", capacity="Minister"),),
    )  # fmt: skip
    table.both(paper)
    refused(table.smith, "A", paper, "paper-attested-already")
    words = dict.fromkeys(table.text.instrument.authentic, "Signed at Verin.")
    record = SignatureRecorded(instrument=T, digest=table.digest, words=words)
    table.both(record)
    refused(table.smith, "B", record, "signature-recorded-already")


@pytest.mark.parametrize("event", [SAID, RoomOpened(**GROUP), sitting()], ids=lambda one: one.name)
def test_the_same_signed_act_posted_again_does_not_follow_itself(event: Any) -> None:
    smith = Talksmith(2, signing=False)
    act = smith.act("A", event)
    assert smith.put(act, smith.desk("A"), smith.plenary_room).status == "valid"
    before = state(smith)
    verdict = smith.put(act, smith.desk("A"), smith.plenary_room)
    assert (verdict.status, verdict.code) == ("void", "chain-broken")
    assert state(smith) == before


# Clocks that are wrong by a day.


def test_a_clock_that_was_set_back_by_a_day_is_refused_until_it_is_right() -> None:
    smith = Talksmith(2, signing=False)
    assert smith.post("A", SAID, time=START + DAY).status == "valid"
    refused(smith, "A", SAID, "time-runs-back", time=START)
    assert smith.post("A", SAID, time=START + DAY).status == "valid"


def test_a_clock_that_is_a_day_ahead_moves_no_other_sides_period() -> None:
    meeting = Meeting(Notice(days=1))
    confirm = SittingConvened(sitting=meeting.name)
    ahead = meeting.now.agreed_at + DAY + 1
    assert meeting.post("A", confirm, time=ahead) == ("valid", None)
    refused(meeting.smith, "B", confirm, "convening-rule-unmet", time=ahead - 2)
    assert meeting.now.stage == "agreed"


def test_a_clock_that_is_a_day_ahead_releases_nothing_for_one_that_is_right() -> None:
    table = Releasing()
    content = table.signed(embargo=START + DAY)
    refused(table.smith, "B", table.release(content), "communique-embargo", time=START + DAY - 1)


# After breaking off and after the conclusion.


def held_back(mark: str) -> list[str]:
    """Return the events of the plenary that a break, or the conclusion, holds back."""
    return [name for name, rule in RULES.items() if "plenary" in rule.rooms and not getattr(rule, mark)]


def course(smith: Talksmith) -> Callable[[str], None]:
    """Return what asks the table about an event by its name."""
    roster, place = smith.replay.roster, SimpleNamespace(delegation=smith.id("A"))

    def ask(name: str) -> None:
        permit(smith.replay.plenary, roster, place, SimpleNamespace(name=name, urgent=False), "plenary")  # type: ignore[arg-type]

    return ask


def test_after_a_break_only_what_the_table_names_passes() -> None:
    smith = Talksmith(2, signing=False)
    smith.post("A", TalksBrokenOff())
    ask = course(smith)
    names = held_back("broken")
    assert {"SittingConvened", "RoomOpened", "ConditionsRequested", "CommuniqueSigned"} <= set(names)
    for name in names:
        with pytest.raises(LocalError) as found:
            ask(name)
        assert found.value.code == "talks-broken-off", name
    ask("CorrectionObjected")


def test_after_the_conclusion_only_what_the_table_names_passes() -> None:
    smith = Talksmith(2, signing=False)
    smith.both(TalksConcluded())
    ask = course(smith)
    names = held_back("concluded")
    assert {"SittingConvened", "RoomOpened", "TextTabled", "TalksResumed"} <= set(names)
    for name in names:
        with pytest.raises(LocalError) as found:
            ask(name)
        assert found.value.code == "talks-concluded", name
    ask("MinutesAgreed")


def test_a_break_is_told_in_words_and_holds_in_a_group_too() -> None:
    meeting = Meeting()
    smith = meeting.smith
    room = smith.group("A", "B", level="ministers")
    asked = requested(smith)
    smith.both(asked)
    smith.post("B", TalksBrokenOff())
    for event in (
        SittingConvened(sitting=meeting.name),
        RoomOpened(**GROUP),
        signed(smith, "A", asked),
        NotePassed(text="x", language="en"),
        sitting(title="Other"),
    ):
        refused(smith, "A", event, "talks-broken-off")
    refused(smith, "A", SAID, "talks-broken-off", room=room)
    assert smith.post("A", IncidentNotified(text="Shots.", language="en")).status == "valid"
    assert smith.post("A", NotePassed(text="x", language="en", urgent=True)).status == "valid"
