"""What seldom happens: a second box, a correction that is overtaken by days, questions about what was before."""

from __future__ import annotations

from tests.support.conditions import requested
from tests.support.refusing import refused
from tests.support.talksmith import Talksmith
from tests.unit.talks.test_after import Signed
from tests.unit.talks.test_expectations import VALID, Sealing

from good_offices.register.box import BoxVoid
from good_offices.talks.event import POWERS


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
