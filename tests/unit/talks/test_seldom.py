"""What seldom happens: a second box, a correction that is overtaken by days, questions about what was before."""

from __future__ import annotations

import pytest
from tests.support.conditions import ROOMS, requested, signed
from tests.support.meeting import sitting
from tests.support.refusing import refused
from tests.support.talksmith import START, Talksmith
from tests.unit.talks.test_after import Signed
from tests.unit.talks.test_expectations import VALID, Sealing
from tests.unit.talks.test_outcome import Adopted
from tests.unit.talks.test_silence import DAY, Quiet

from good_offices.register.box import BoxVoid
from good_offices.talks.event import POWERS
from good_offices.talks.events_meetings import Zone
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.events_silence import SilenceBroken


def test_a_second_attempt_has_a_box_of_its_own() -> None:
    meeting = Sealing()
    for name in meeting.smith.names:
        assert meeting.seal(name) == VALID
        assert meeting.commit(name) == VALID
    assert meeting.put(BoxVoid(box=meeting.box(), reason="time")) == VALID
    for name in meeting.smith.names:
        assert meeting.seal(name, attempt=1) == VALID
        assert meeting.commit(name, attempt=1) == VALID
    assert meeting.put(meeting.opening(1)) == VALID
    assert meeting.now.opened == meeting.smith.replay.size - 1


def test_of_two_corrections_of_the_same_words_the_days_make_one() -> None:
    table = Signed(3, deposited=True)
    both = [table.notice(days=1), table.notice("Article 1 text", "Article one", days=1)]
    for event in both:
        assert table.post("A", event).status == "valid"
    for name in "BC":
        table.speak(name)
    table.later(2)
    table.speak("B")
    table.speak("B")
    notices = [table.kept.notices[event.content.hex()] for event in both]
    assert [one.fate for one in notices] == ["open", "open"]
    assert [list(one.passed) for one in notices] == [[table.smith.id("B")]] * 2
    done = table.speak("C")
    fates = {table.kept.notices[event.content.hex()].fate for event in both}
    assert fates == {"made", "overtaken"}
    assert {table.kept.notices[event.content.hex()].ended for event in both} == {done.index}


def test_conditions_of_a_sitting_that_there_is_not() -> None:
    smith = Talksmith(2, signing=False)
    refused(smith, "A", requested(smith, sitting="ab" * 32), "conditions-sitting")


def test_what_stood_before_can_be_asked_for() -> None:
    smith = Talksmith(2, signing=False)
    desk, roster = smith.desk("A"), smith.roster_room
    assert smith.replay.epoch(roster, 1) is None
    assert smith.replay.room_state(smith.plenary_room) is smith.replay.plenary
    size = smith.common.tree.size
    lowered = smith.accreditation("A", powers=("speak",), number=1)
    assert smith.post("A", lowered, room="roster").status == "valid"
    now, before = (
        smith.replay.roster.credentials(desk.statement, one) for one in (smith.common.tree.size, size)
    )
    assert now is not None
    assert before is not None
    assert (now.powers, set(before.powers)) == (("speak",), set(POWERS))
    assert smith.replay.roster.credentials(desk.statement, 0) is None


@pytest.mark.parametrize("wanted", [True, False])
def test_silence_adopts_ad_referendum_what_was_put_forward_so(wanted: bool) -> None:
    table = Quiet()
    event = table.opened("u1", ad_referendum=wanted)
    table.speak("B")
    table.later(DAY + 1)
    table.speak("B")
    assert table.kept(event).fate == "adopted"
    assert table.text.status("u1") == ("agreed_ad_referendum" if wanted else "agreed")
    other = table.opened("u2")
    broken = table.post("B", SilenceBroken(silence=other.content))
    assert table.kept(other).ended == broken.index


def test_an_act_of_the_caucus_may_have_the_time_of_the_last() -> None:
    smith = Talksmith(2, signing=False)
    smith.caucus("A")
    said = StatementMade(text="Between us", language="en")
    for _ in range(2):
        assert smith.caucus_post("A", said, time=START + 50_000).status == "valid"


def test_a_zone_may_have_64_letters() -> None:
    smith = Talksmith(2, signing=False)
    assert smith.post("A", sitting(zones=(Zone(place="Arna", zone="A" * 64),))).status == "valid"


def test_who_signs_what_was_replaced_is_told_by_what() -> None:
    smith = Talksmith(2, signing=False)
    first = requested(smith)
    smith.both(first)
    smith.both(requested(smith, number=2, replaces=1, items=(ROOMS,)))
    verdict = smith.post("A", signed(smith, "A", first))
    assert (verdict.code, verdict.facts) == ("conditions-replaced", {"number": 1, "by": 2})


def test_a_closing_record_names_the_cosigners_in_order() -> None:
    named = (bytes([2]) * 32, bytes([1]) * 32)
    assert Adopted().record(cosigners=named).cosigners == named[::-1]
