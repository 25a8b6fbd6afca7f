"""What provisions are called, what is told of their state, and what leaves the caucus with a warning."""

from types import SimpleNamespace

import pytest
from msgspec.structs import replace

from good_offices.chancery.screens.text_drafting import free_name
from good_offices.chancery.text import kept
from good_offices.clerk.provisions import called, plain_words, shortened, state_of
from good_offices.text.acts import place_brackets, propose, table
from good_offices.text.ladder import agree
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse
from good_offices.text.state import Proposal


def unit(name, words, kind="paragraph", parent="", label=""):
    return Unit(id=name, kind=kind, parent=parent, label=label, texts={"en": parse(words, f"{name}.")})


def instrument(*units):
    return Instrument(id="t", titles={"en": "T"}, authentic=("en",), units=units)


TEXT = instrument(
    unit("h0", "Draft agreement", "heading"),
    unit(
        "p0", "*Wishing* to use and protect the waters of the river in good faith and for ever", parent="h0"
    ),
    unit("h1", "1. Purpose", "heading"),
    unit("a", "The Parties shall cooperate.", parent="h1"),
    unit("h2", "Article 3 bis", "heading"),
    unit("b", "First.", parent="h2"),
    unit("c", "Second.", parent="h2"),
    unit("d", "Labelled.", parent="h2", label="(a)"),
)


def test_provisions_are_called_as_people_find_them():
    names = called(TEXT, "en")
    assert names["h1"][:3] == ("1", "Purpose", "1. Purpose")
    assert names["a"][:3] == ("1", "Purpose", "1. Purpose")
    assert names["b"].number == "¶1"
    assert names["c"].whole == "Article 3 bis ¶2"
    assert names["d"][0] == "(a)"
    assert names["p0"].number == ""
    assert names["p0"].whole == "Wishing to use and protect the waters of the…"
    assert called(TEXT, "en") is names


def test_a_list_names_a_provision_without_title_by_its_first_words():
    names = called(TEXT, "en")
    assert [names[one].brief for one in ("h1", "a", "b", "d")] == [
        "1. Purpose",
        "1",
        "¶1 First.",
        "(a) Labelled.",
    ]
    assert names["p0"].brief == "Wishing to use and protect…"


def test_names_are_in_the_first_language_of_the_reader_that_there_is():
    both = instrument(unit("h", "Purpose", "heading"), unit("a", "Words.", parent="h"))
    heading = replace(both.unit("h"), texts={"en": parse("Purpose", "h."), "ru": parse("Цель", "h.")})
    text = replace(both, units=(heading, both.unit("a")))
    assert (called(text, "kk", "ru")["h"].whole, called(text, "kk", "ru")["h"].language) == ("Цель", "ru")
    assert called(text, "kk")["h"][2:] == ("Purpose", "Purpose", "en")
    assert called(text, "uk", "ru")["a"].language == "en"


def test_words_in_another_language_are_taken_when_there_are_none():
    assert plain_words(TEXT.unit("a"), "ru") == "The Parties shall cooperate."
    assert shortened("short") == "short"


def test_the_state_that_asks_most_is_told_first():
    state = table(TEXT)
    one = TEXT.unit("a")
    assert state_of(state, one, []) == "open"
    proposal = Proposal(
        id="P-1", party="x", unit="a", base=one.digest, texts={"en": (Words(text="They may."),)}
    )
    proposed = propose(state, proposal)
    assert state_of(proposed, one, [proposal]) == "proposed"
    with_brackets = place_brackets(
        proposed, "a", one.digest, {"en": parse("The Parties [shall] cooperate.", "a.")}
    )
    assert state_of(with_brackets, with_brackets.instrument.unit("a"), [proposal]) == "bracketed"
    agreed = agree(state, {"a": one.digest}, level="experts")
    assert state_of(agreed, one, [proposal]) == "agreed"


@pytest.mark.parametrize(
    ("own", "taken", "name"),
    [("a", (), "P-2"), ("b", (), "P-1"), ("b", ("P-1", "P-2"), "P-3"), ("a", ("P-7.0", "other"), "P-8")],
)
def test_two_delegations_never_take_the_same_number(own, taken, name):
    desk = SimpleNamespace(
        talks=SimpleNamespace(roster=SimpleNamespace(expected=("a", "b"))),
        identity=SimpleNamespace(place=SimpleNamespace(delegation=own)),
    )
    assert free_name(desk, SimpleNamespace(proposals=dict.fromkeys(taken))) == name


class Drawer(dict):
    """The storage of a desk, in memory."""

    put, get = dict.__setitem__, dict.get

    def remove(self, name):
        del self[name]

    def names(self, prefix):
        return sorted(one for one in self if one.startswith(prefix))


class Desk:
    def __init__(self, texts):
        self.storage = Drawer()
        self.rooms = {"plenary": "p"}
        self.talks = SimpleNamespace(plenary=SimpleNamespace(texts=texts), groups={})
        self.common, self.caucus = SimpleNamespace(lines=list), SimpleNamespace(lines=list)


def line(**fields):
    return SimpleNamespace(act=SimpleNamespace(event=SimpleNamespace(**fields)))


def test_what_stands_in_the_caucus_or_in_notes_is_found_unless_it_is_public():
    desk = Desk({"t": table(TEXT)})
    caucus = [line(text="We could live with one hundred and ninety."), SimpleNamespace(act=None)]
    seat = SimpleNamespace(desk=desk, lines=lambda book: caucus if book is desk.caucus else [])
    said = "These words stand in your caucus or private notes: “{}”"
    assert kept.warnings(seat, "plenary", ["We could live with one hundred and ninety"]) == [
        said.format("We could live with one hundred and ninety")
    ]
    assert kept.warnings(seat, "caucus", ["We could live with one hundred and ninety"]) == []
    caucus.append(line(text="wishing to use and protect the waters of the river"))
    assert kept.warnings(seat, "plenary", ["wishing to use and protect the waters of the river"]) == []
    assert kept.warnings(seat, "plenary", ["never go below the old line here"]) == []
    kept.keep_note(desk, "t", "a", "Never go below the old line here.")
    assert kept.warnings(seat, "plenary", ["never go below the old line here"]) == [
        said.format("never go below the old line here")
    ]
    kept.keep_note(desk, "t", "a", " ")
    assert kept.warnings(seat, "plenary", ["never go below the old line here"]) == []
    assert not desk.storage.names("private-note/")


def test_drafts_and_notes_lie_in_the_storage_and_are_destroyed_when_empty():
    desk = Desk({})
    kept.keep_draft(desk, "t", "a", {"words": {"en": "x"}})
    assert kept.drafts(desk, "t") == {"a"}
    assert kept.draft(desk, "t", "a")["words"] == {"en": "x"}
    kept.keep_draft(desk, "t", "a", {})
    assert kept.drafts(desk, "t") == set()
    assert not desk.storage
    kept.keep_note(desk, "~", "~", "general")
    assert kept.notes(desk) == {("~", "~"): "general"}
    # A text of a group by the same name is another one, and a text by the name of a group has none of its drafts.
    kept.keep_draft(desk, "g/t", "a", {"words": {"en": "y"}})
    kept.keep_note(desk, "g/t", "a", "the group's")
    assert (kept.drafts(desk, "t"), kept.drafts(desk, "g/t"), kept.drafts(desk, "g")) == (set(), {"a"}, set())
    assert kept.notes(desk)[("g/t", "a")] == "the group's"
    assert kept.shelf(desk) is kept.shelf(desk)
