"""`goodoffices room`: a contact group from its mandate to what it refers, and back, as people type it."""

import pytest
from tests.support.house import House
from tests.support.seats import seats

POWERS = ("agree", "propose", "speak", "table")
DRAFT = "# Flow\n\n1. The Parties [shall][should] measure.\n\n2. The gauge is at Kelm.\n"


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


def named(table):
    """Open the group, and send an expert of each side into it."""
    upper, lower, *_ = table
    opened(table)
    upper.do("room", "name", "Flow", "Expert")
    lower.do("room", "name", "Flow", "Hydrologist")
    settled(table)


def both(expert, other, *words):
    """Do the same at both desks of the group; the second completes it."""
    expert.do(*words)
    other.do("desk", "sync")
    assert other.do(*words)["complete"] is True
    expert.do("desk", "sync")


def test_a_group_drafts_agrees_and_adopts_a_text_which_the_plenary_then_tables(table, tmp_path):
    upper, _lower, expert, other = table
    named(table)
    here = ("--room", "Flow")
    (tmp_path / "draft.md").write_text(DRAFT)
    # A text of the same name stands in the plenary: neither is ever taken for the other.
    (tmp_path / "plenary.md").write_text("# Waters\n\n1. The Parties share.\n")
    upper.do("text", "table", tmp_path / "plenary.md")
    expert.do("desk", "sync")
    tabled = expert.do("text", "table", tmp_path / "draft.md", *here)
    assert tabled["room"] == expert.do("room", "show", "Flow")["room"]
    other.do("desk", "sync")
    proposed = ("text", "propose", "2", "--in", "en", "The gauges are at Kelm and Ost.", "--id", "p1")
    other.do(*proposed, *here)
    expert.do("desk", "sync")
    assert expert.do("text", "show", "2", *here)["proposals"][0]["proposal"] == "p1"
    assert "nothing pending" in expert.refused("text", "accept", "p1").error
    shown = expert.do("act", "show", expert.do("act", "pending")["joint"][0]["index"])
    assert [one["now"] for one in shown["changes"]] == ["The gauge is at Kelm."]
    assert expert.do("text", "accept", "p1", *here)["complete"] is True
    other.do("desk", "sync")
    other.do("text", "stance", "1", "supports", "--slot", "s1", *here)
    other.do("text", "bracket", "2", "--in", "en", "The gauges are at Kelm [and Ost].", *here)
    expert.do("desk", "sync")
    slots = {
        one["slot"]: one["variants"] for one in expert.do("text", "show", "2", *here)["units"][0]["slots"]
    }
    both(expert, other, "text", "settle", "s1=1", *(f"{slot}=1" for slot in slots), *here)
    both(
        expert,
        other,
        "text",
        "add",
        "--in",
        "en",
        "Yearly.",
        "--after",
        "2",
        "--label",
        "3",
        "--id",
        "n",
        *here,
    )
    both(expert, other, "text", "relabel", "n", "4.", *here)
    refused = expert.refused("text", "silence", "open", "2", "--hours", "24", *here)
    assert "do not allow the silence procedure" in refused.error
    assert expert.do("text", "silence", "show", *here)["silences"] == []
    both(expert, other, "text", "agree", "--all", *here)
    shown = expert.do("act", "show", tabled["index"])
    assert shown["whole"] is None
    both(expert, other, "text", "lock", "--all", *here)
    both(expert, other, "text", "adopt", *here)
    text = other.do("text", "show", *here)
    assert text["phase"] == "adopted"
    assert [one["texts"]["en"] for one in text["units"]] == [
        "Flow",
        "The Parties shall measure.",
        "The gauges are at Kelm and Ost.",
        "Yearly.",
    ]
    # The plenary's text of the same name is what it was.
    assert [one["texts"]["en"] for one in expert.do("text", "show")["units"]] == [
        "Waters",
        "The Parties share.",
    ]
    expert.do("text", "export", tmp_path / "agreed.md", "--final", *here)
    up = expert.do("room", "refer", "Flow", text["digest"][:16], "As agreed.", "--title", "The text on flow")
    other.do("desk", "sync")
    assert other.do("act", "accept", up["index"])["complete"] is True
    settled(table)
    (referral,) = upper.do("room", "show", "Flow")["referred"]
    assert (referral["subject"], referral["up"]) == (text["digest"], True)
    assert expert.do("room", "show", "Flow")["referred"][0]["known"] is True
    refused = upper.refused("text", "table-referred", "The text on flow")
    assert "no text that this desk can read in Flow" in refused.error
    assert (
        "nothing that was referred to this room is called so"
        in expert.refused("text", "table-referred", "x").error
    )
    there = expert.do("text", "table-referred", "The text on flow")
    assert (there["from"]["room"], there["from"]["subject"]) == ("Flow", text["digest"])
    settled(table)
    there = upper.do("text", "show", "--text", there["text"])["units"]
    assert [one["texts"]["en"] for one in there] == [one["texts"]["en"] for one in text["units"]]
    # Who does not read the group is told so, and not that its table is empty.
    assert "not among the readers" in upper.refused("text", "show", *here).error
    assert "no group is named so" in upper.refused("text", "show", "--room", "Dams").error


def test_an_annex_of_a_group_stays_in_the_group(table, tmp_path):
    upper, _lower, expert, other = table
    named(table)
    before = expert.do("room", "show", "Flow")["epoch"]
    expert.do("desk", "new-epoch", "--room", "Flow")
    assert expert.do("room", "show", "Flow")["epoch"] == before + 1
    assert "no group is named so" in expert.refused("desk", "new-epoch", "--room", "Dams").error
    settled(table)
    (tmp_path / "map.txt").write_bytes(b"Kelm")
    expert.do("annex", "file", tmp_path / "map.txt", "--room", "Flow", "--id", "map")
    settled(table)
    (one,) = other.do("annex", "list", "--room", "Flow")["annexes"]
    assert (one["title"], one["state"]) == ("map.txt", "here")
    assert other.do("annex", "list")["annexes"] == []
    other.do("annex", "save", "map", tmp_path / "saved.txt", "--room", "Flow")
    assert (tmp_path / "saved.txt").read_bytes() == b"Kelm"
    assert "there is no such annex" in other.refused("annex", "save", "map", tmp_path / "again.txt").error
    assert "not among the readers" in upper.refused("annex", "list", "--room", "Flow").error


def test_a_group_without_keys_is_said_to_have_none(table, tmp_path):
    upper, *_ = table
    opened(table)
    (tmp_path / "draft.md").write_text(DRAFT)
    refused = upper.refused("text", "table", tmp_path / "draft.md", "--room", "Flow")
    assert refused.status == 3
    assert "keys" in refused.error
