"""`goodoffices room`: a contact group from its mandate to what it refers, and back, as people type it."""

import pytest
from tests.support.house import House
from tests.support.seats import seats

POWERS = ("agree", "propose", "speak")


@pytest.fixture
def table(tmp_path):
    with House(tmp_path) as house:
        house.join(house.desks[0], "Expert", powers=POWERS)
        house.join(house.desks[1], "Hydrologist", powers=POWERS)
        yield seats(house)


def settled(table):
    for _ in range(2):
        for seat in table:
            seat.do("desk", "sync")


def opened(table):
    upper, lower, *_ = table
    done = upper.do("room", "open", "Flow", "--mandate", "To measure the flow.", "--level", "experts")
    assert done["complete"] is False
    lower.do("desk", "sync")
    (waits,) = lower.do("act", "pending")["joint"]
    assert waits["what"] == "proposed: to open the group “Flow”"
    assert lower.do("act", "accept", done["index"])["complete"] is True
    settled(table)


def test_from_a_mandate_to_a_result_and_back(table):
    upper, lower, expert, other = table
    opened(table)
    assert upper.do("room", "name", "Flow", "Expert")["status"] == "valid"
    assert lower.do("room", "name", "Flow", "Hydrologist")["status"] == "valid"
    settled(table)
    assert "you do not read it" in upper("room", "list").out
    assert "you read it" in expert("room", "list").out
    said = expert.do("room", "say", "Flow", "We measured two hundred.")
    other.do("desk", "sync")
    other.do("room", "note", "Flow", "At which gauge?", "--to", said["index"])
    item = other.do("room", "item", "Flow", "The gauge at Kelm")
    expert.do("desk", "sync")
    assert expert.do("act", "accept", item["index"])["complete"] is True
    settled(table)
    shown = other("room", "show", "Flow").out
    assert "We measured two hundred." in shown
    assert "Agenda item: The gauge at Kelm" in shown
    assert "Contact group, experts, you read it" in shown
    # Nothing of what was said is on the heads' desks, and all of who says it.
    for head in (upper, lower):
        told = head.do("room", "show", "Flow")
        assert (told["entries"], told["results"], told["reads"]) == ([], [], False)
        names = [one["name"] for side in told["delegations"] for one in side["members"]]
        assert sorted(names) == ["Expert", "Hydrologist"]
        assert "two hundred" not in head("record", "show").out
    refused = upper.refused("room", "say", "Flow", "May I?")
    assert "not among the readers" in refused.error
    up = expert.do("room", "refer", "Flow", "The gauge at Kelm", "As agreed.", "--title", "The gauge")
    other.do("desk", "sync")
    assert other.do("act", "accept", up["index"])["complete"] is True
    settled(table)
    (referral,) = upper.do("room", "show", "Flow")["referred"]
    assert (referral["title"], referral["up"], referral["known"]) == ("The gauge", True, None)
    assert expert.do("room", "show", "Flow")["referred"][0]["known"] is True
    down = expert.do(
        "room", "send-back", "Flow", referral["subject"], "Measure in spring.", "--title", "The gauge"
    )
    other.do("desk", "sync")
    assert other.do("act", "accept", down["index"])["complete"] is True
    assert "sent back down to Flow: The gauge" in other("room", "show", "Flow").out
    # Withdrawn: the next keys pass the expert over.
    upper.do("desk", "sync")
    upper.do("room", "name", "Flow")
    settled(table)
    assert "has withdrawn the member" in expert.refused("room", "say", "Flow", "Still here?").error
    upper.do("room", "close", "Flow")
    lower.do("desk", "sync")
    lower.do("room", "close", "Flow")
    assert "closed" in lower("room", "list").out
    other.do("desk", "sync")
    assert "the group is closed" in other.refused("room", "say", "Flow", "Once more").error


def test_the_wrong_level_an_unknown_group_and_words_that_name_nothing(table):
    upper, lower, *_ = table
    done = upper.do(
        "room", "open", "Ministers", "--mandate", "To decide.", "--level", "ministers", "--of-level"
    )
    lower.do("desk", "sync")
    lower.do("act", "accept", done["index"])
    upper.do("desk", "sync")
    refused = upper.refused("room", "name", "Ministers", "Expert")
    assert "a member of a lower level (experts) cannot read or act above" in refused.error
    assert "no group is named so" in upper.refused("room", "name", "Flow", "Expert").error
    upper.do("room", "name", "Ministers", "Head 0")
    lower.do("desk", "sync")
    lower.do("room", "name", "Ministers", "Head 1")
    settled(table)
    refused = upper.refused("room", "refer", "Ministers", "Nothing", "x", "--title", "x")
    assert "nothing in that room is called so" in refused.error
    told = upper("room", "refer", "Ministers", "ab" * 32, "x", "--title", "x")
    assert "nothing with this hash is known in that room" in told.err
    assert "group room" in upper("room", "say", "Ministers", "Good morning.").out
