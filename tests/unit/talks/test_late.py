"""Acts that come late: kept back by the host, or by their author, and sent when something was begun anew.

An acceptance is of what its author had seen. Each of these is void for a reason in words; and nothing else changes.
"""

from __future__ import annotations

from tests.support.meeting import Meeting
from tests.support.refusing import refused
from tests.support.talksmith import Talksmith
from tests.unit.talks.test_after import Signed
from tests.unit.talks.test_outcome import T

from good_offices.talks.convening_rule import Readiness
from good_offices.talks.events_after import (
    CorrectionAccepted,
    CorrectionObjected,
    Erratum,
    ErrorNotified,
)
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ExpectationsSealed,
    ReadinessDeclared,
    SittingAccepted,
    SittingConvened,
    SittingResumed,
    SittingSuspended,
    SittingWithdrawn,
)
from good_offices.talks.events_plenary import (
    TalksBrokenOff,
    TalksResumed,
)
from good_offices.talks.events_rooms import RoomMembersNamed

NAME = bytes(range(32))


def test_a_late_confirmation_does_not_convene_a_sitting_that_was_agreed_anew() -> None:
    meeting = Meeting(Readiness())
    smith = meeting.smith
    smith.joined("A.second")
    size = smith.replay.size
    assert meeting.post("B", SittingWithdrawn(sitting=meeting.name)) == ("valid", None)
    assert meeting.post("B", meeting.event) == ("valid", None)
    refused(smith, "A", SittingAccepted(sitting=meeting.name), "sitting-unknown", seen=size)
    assert meeting.post("A.second", SittingAccepted(sitting=meeting.name)) == ("valid", None)
    refused(smith, "A", ReadinessDeclared(sitting=meeting.name), "sitting-not-agreed", seen=size)
    meeting.all(ReadinessDeclared(sitting=meeting.name))
    assert meeting.post("B", SittingConvened(sitting=meeting.name)) == ("valid", None)
    again = Meeting(Readiness())
    assert again.now.since < again.now.agreed
    refused(
        again.smith, "A", SittingConvened(sitting=again.name), "sitting-not-agreed", seen=again.now.agreed
    )


def test_a_late_seal_or_waiver_is_not_of_the_sitting_that_was_agreed_anew() -> None:
    meeting = Meeting(Readiness())
    agreed = meeting.now.agreed
    assert agreed is not None
    seal = ExpectationsSealed(sitting=meeting.name, attempt=0, hash=NAME)
    waiver = ConveningWaived(sitting=meeting.name, conditions=(Readiness(),))
    for event in (seal, waiver):
        refused(meeting.smith, "A", event, "sitting-not-agreed", seen=agreed)
    for event in (seal, waiver):
        assert meeting.post("A", event, seen=agreed + 1) == ("valid", None)


def test_a_late_resumption_does_not_end_a_later_suspension() -> None:
    meeting = Meeting()
    smith = meeting.smith
    smith.joined("A.second")
    meeting.open("A", "A.second", "B")
    suspend, resume = SittingSuspended(sitting=meeting.name), SittingResumed(sitting=meeting.name)
    meeting.post("B", suspend)
    first = smith.replay.size
    meeting.post("A.second", resume)
    meeting.post("B", resume)
    meeting.post("A.second", suspend)
    assert meeting.post("B", resume) == ("valid", None)
    refused(smith, "A", resume, "sitting-course", seen=first)
    assert meeting.conduct.course == "suspended"
    assert meeting.post("A", resume) == ("valid", None)
    assert meeting.conduct.course == "open"


def test_a_late_resumption_does_not_end_a_later_break() -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.second")
    smith.post("B", TalksBrokenOff())
    first = smith.replay.size
    smith.post("A.second", TalksResumed())
    smith.post("B", TalksResumed())
    smith.post("A.second", TalksBrokenOff())
    assert smith.post("B", TalksResumed()).status == "valid"
    refused(smith, "A", TalksResumed(), "talks-broken-off", seen=first)
    assert smith.replay.plenary.course.standing == "broken-off"
    assert smith.post("A", TalksResumed()).status == "valid"
    assert smith.replay.plenary.course.standing == "running"


def test_a_late_acceptance_does_not_pass_a_correction_that_was_objected_to() -> None:
    table = Signed()
    smith = table.smith
    smith.joined("A.second")
    notice = ErrorNotified(
        instrument=T, digest=table.digest,
        errata=(Erratum(unit="u1", language="en", found="text", correct="words"),),
    )  # fmt: skip
    accept = CorrectionAccepted(notice=notice.content)
    assert table.post("B", notice).status == "valid"
    first = smith.replay.size
    objection = CorrectionObjected(notice=notice.content, text="It stands.", language="en")
    assert table.post("A.second", objection).status == "valid"
    assert table.post("B", notice).status == "valid"
    refused(smith, "A", accept, "correction-unknown", seen=first)
    assert smith.replay.plenary.finished[T].made == ()
    assert table.post("A", accept).status == "valid"
    assert smith.replay.plenary.finished[T].made == (notice.content,)


def test_a_late_list_brings_back_nobody_who_was_withdrawn() -> None:
    smith = Talksmith(2, signing=False)
    smith.joined("A.second")
    room = smith.group("A", "A.second", "B", level="ministers")
    both = tuple(sorted(smith.desk(one).member for one in ("A", "A.second")))
    size = smith.replay.size
    assert smith.post("A", RoomMembersNamed(room=room, members=(smith.desk("A").member,))).status == "valid"
    refused(
        smith, "A.second", RoomMembersNamed(room=room, members=both), "members-named-meanwhile", seen=size
    )
    assert smith.replay.readers(room, smith.replay.size) == sorted(
        smith.desk(one).certificate for one in ("A", "B")
    )
    assert smith.post("A", RoomMembersNamed(room=room, members=both)).status == "valid"
