"""`goodoffices meeting`: from a convening rule to an agreed procès-verbal, as people type it."""

import pytest
from tests.support.house import House
from tests.support.seats import seats

from good_offices.errors import CATALOGUE, Exit

ARGUMENTS = (
    "--start", "2027-03-01T10:00+01:00", "--end", "2027-03-01T12:00+01:00", "--zone", "Verin", "Europe/Zurich",
    "--zone", "Upper Basin", "Asia/Almaty", "--place", "Verin",
)  # fmt: skip


@pytest.fixture
def table(tmp_path):
    with House(tmp_path) as house:
        yield seats(house)


def refused(seat, *words):
    """Return the error and the hint of a verb that is refused."""
    answer = seat(*words)
    assert answer.status == Exit.LOCAL
    return answer.error


def message(code):
    entry = CATALOGUE[code]
    return f"error: {entry.message}\nhint: {entry.remedy}\n"


def settled(table):
    for _ in range(2):
        for seat in table:
            seat.do("desk", "sync")


def rule(table, *conditions):
    upper, lower = table
    said = [word for one in conditions for word in ("--convening", "experts", one)]
    upper.do("modalities", "propose", *said)
    lower.do("desk", "sync")
    assert lower.do("modalities", "accept")["complete"] is True
    upper.do("desk", "sync")


def agreed(table):
    upper, lower = table
    done = upper.do("meeting", "propose", "First meeting", "--level", "experts", *ARGUMENTS)
    assert done["complete"] is False
    lower.do("desk", "sync")
    (waits,) = lower.do("act", "pending")["joint"]
    assert waits["what"] == "sitting proposed: First meeting"
    assert lower.do("act", "accept", done["index"])["complete"] is True
    upper.do("desk", "sync")


def test_what_is_missing_is_told_for_each_side_until_nothing_is(table):
    upper, lower = table
    rule(table, "readiness", "notice 7")
    assert "every delegation declares readiness" in upper("modalities", "show").out
    agreed(table)
    told = upper.do("meeting", "missing")
    assert {one["delegation"]: len(one["parts"]) for one in told["missing"]} == {
        "Upper Basin": 2,
        "Lower Basin": 2,
    }
    assert refused(upper, "meeting", "convene").startswith(
        "error: the convening rule is not met yet: a declaration of readiness and the days of notice"
    )
    assert upper.do("meeting", "ready")["status"] == "valid"
    lower.do("desk", "sync")
    waived = lower.do("meeting", "waive", "readiness", "notice")
    upper.do("desk", "sync")
    assert upper.do("act", "accept", waived["index"])["complete"] is True
    assert upper("meeting", "missing").out.strip() == "Nothing is missing."
    assert upper.do("meeting", "convene")["complete"] is False
    lower.do("desk", "sync")
    assert lower.do("meeting", "convene")["complete"] is True
    assert "convened" in lower("meeting", "list").out


def test_a_sitting_from_attendance_to_its_minutes(table):
    upper, lower = table
    agreed(table)
    for seat in table:
        seat.do("desk", "sync")
        seat.do("meeting", "convene")
    settled(table)
    for seat in table:
        seat.do("meeting", "attend")
        seat.do("desk", "sync")
    for seat in table:
        seat.do("meeting", "open")
        settled(table)
    assert upper.do("meeting", "show")["stage"] == "open"
    assert refused(upper, "meeting", "speak", "Good morning") == message("floor-not-yours")
    assert refused(upper, "meeting", "give") == message("floor-free")
    upper.do("meeting", "floor")
    lower.do("desk", "sync")
    lower.do("meeting", "floor")
    lower.do("meeting", "give")
    settled(table)
    told = upper.do("meeting", "show")
    speaker, waiting = (upper, lower) if told["speaker"]["delegation"] == "Upper Basin" else (lower, upper)
    assert speaker.do("meeting", "speak", "Good morning")["status"] == "valid"
    waiting.do("desk", "sync")
    assert refused(waiting, "meeting", "give") == message("floor-held")
    assert waiting.do("meeting", "suspend")["status"] == "valid"
    settled(table)
    for seat in table:
        seat.do("meeting", "resume")
        settled(table)
    after = upper.do("meeting", "show")
    assert (after["stage"], after["speaker"]["name"]) == ("open", told["speaker"]["name"])
    assert [one["name"] for one in after["waiting"]] == [one["name"] for one in told["waiting"]]
    proposed = upper.do("meeting", "minutes", "--words", "en", "We met.", "--words", "ru", "Мы встретились.")
    for seat in table:
        seat.do("desk", "sync")
        seat.do("meeting", "close")
    lower.do("desk", "sync")
    assert lower.do("act", "accept", proposed["index"])["complete"] is True
    upper.do("desk", "sync")
    assert "Мы встретились." in upper("meeting", "minutes").out
    assert upper.do("meeting", "show", "--sitting", "First meeting")["stage"] == "closed"


def test_one_steps_back_alone_and_the_sitting_is_gone(table):
    upper, lower = table
    agreed(table)
    assert lower.do("meeting", "step-back")["status"] == "valid"
    upper.do("desk", "sync")
    assert upper("meeting", "list").out.strip() == "No sitting is planned."
    assert refused(upper, "meeting", "convene") == message("sitting-unknown")


def test_expectations_are_read_when_all_have_sealed_and_not_before(table):
    upper, lower = table
    rule(table, "expectations")
    agreed(table)
    upper.do("meeting", "expect", "seal", "--words", "en", "A date for the dam.", "--deniable")
    lower.do("desk", "sync")
    told = lower.do("meeting", "expect", "show")
    assert (told["sealed"], told["deniable"], told["words"]) == (["Upper Basin"], ["Upper Basin"], [])
    assert "date for the dam" not in lower("record", "show").out
    lower.do("meeting", "expect", "seal", "--words", "en", "A common gauge.")
    for _ in range(3):
        for seat in table:
            seat.do("desk", "sync")
            told = seat.do("meeting", "expect", "show")
    assert {one["delegation"]: one["words"] for one in told["words"]} == {
        "Upper Basin": {"en": "A date for the dam."},
        "Lower Basin": {"en": "A common gauge."},
    }
    shown = lower("meeting", "expect", "show").out
    assert "Upper Basin\n  Deniable: nobody signed it, and you could have written it yourself\n" in shown
    assert "Lower Basin\n  Signed\n" in shown
    assert upper("meeting", "missing").out.strip() == "Nothing is missing."


def test_a_sitting_of_a_group_is_held_in_the_group(table):
    upper, lower = table
    done = upper.do("room", "open", "Flow", "--mandate", "To measure the flow.", "--level", "experts")
    lower.do("desk", "sync")
    lower.do("act", "accept", done["index"])
    settled(table)
    for seat in table:
        seat.do("room", "name", "Flow", seat.desk.identity.person.name)
        settled(table)
    group = upper.do("room", "list")["groups"][0]["room"]
    held = ["meeting", "propose", "On the gauge", "--level", "experts", *ARGUMENTS, "--room", group[:8]]
    proposed = upper.do(*held)
    lower.do("desk", "sync")
    lower.do("act", "accept", proposed["index"])
    for seat in (upper, lower):
        seat.do("desk", "sync")
        seat.do("meeting", "convene")
    settled(table)
    for seat in (upper, lower):
        assert seat.do("meeting", "attend")["room"] == group
        settled(table)
    for seat in (upper, lower):
        seat.do("meeting", "open")
        settled(table)
    upper.do("meeting", "floor")
    upper.do("meeting", "give")
    assert upper.do("meeting", "speak", "We measured two hundred.")["room"] == group
    settled(table)
    assert lower.do("meeting", "show")["stage"] == "open"
    assert "two hundred" in lower("room", "show", "Flow").out
    assert lower.desk.talks.plenary.conduct == {}


@pytest.mark.parametrize(
    "words", ["later", "notice", "notice x", "agreed", "agreed t 1 2 locked", "readiness now"]
)
def test_a_condition_that_cannot_be_read_is_refused_with_those_that_can(table, words):
    told = refused(table[0], "modalities", "propose", "--convening", "experts", words)
    assert told.startswith("error: a condition of a convening rule cannot be read")
    assert "notice DAYS" in told
