"""Words on their way out that also stand in private."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.clerk import outbound
from good_offices.clerk.outbound import RUN, leaving, repeats, told
from good_offices.text.model import Words

PRIVATE = "Our floor is 185, preferred 195. Trade against paragraph 2."


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Frankly, OUR floor is 185; preferred 195!", ["OUR floor is 185; preferred 195"]),
        ("Our floor was 185.", []),
        ("our floor is high and preferred 195 trade against it", ["preferred 195 trade against"]),
        ("nothing of it", []),
        ("", []),
        (
            "the floor is 185, preferred 195, and we trade against paragraph 2",
            ["floor is 185, preferred 195", "trade against paragraph 2"],
        ),
        ("what is written ends in paragraph", []),
    ],
)
def test_rows_of_the_same_words_are_found_as_they_are_written(words, found):
    assert repeats(words, [PRIVATE]) == found


def test_a_short_private_text_counts_whole_and_one_word_never():
    assert repeats("we would take 190 at most", ["190 at most"]) == ["190 at most"]
    assert repeats("yes, we would", ["Yes."]) == []


def test_what_stands_in_the_texts_on_the_table_is_no_repetition():
    table = ["The floor is 185, preferred 195, in each season."]
    assert repeats("as tabled, floor is 185, preferred 195", [PRIVATE], table) == []
    assert repeats("our floor is 185, preferred 195", [PRIVATE], table) == ["our floor is 185"]
    assert repeats("we take 190 at most", ["190 at most"], ["They take 190 at most."]) == []


def test_any_script_and_any_encoding_of_accents():
    assert repeats("Наша граница — 185 кубометров", ["наша граница 185 кубометров"]) == [
        "Наша граница — 185 кубометров"
    ]
    assert repeats("Cafe\u0301 au lait noir", ["caf\u00e9 au lait noir"]) == ["Caf\u00e9 au lait noir"]
    assert repeats("我们的底线是", ["底线是一八五"]) == []
    assert repeats("我们的底线是一八五", ["底线是一八五"]) == ["底线是一八五"]


@given(
    st.lists(st.text(alphabet="abcde", min_size=1, max_size=3), min_size=RUN, max_size=12),
    st.text(max_size=20),
)
def test_what_is_repeated_whole_is_always_found(tokens, around):
    private = " ".join(tokens)
    found = repeats(f"{around} | {private}", [private])
    assert len(found) >= 1
    assert any(private in one or one.endswith(tokens[-1]) for one in found)


# Which rooms (spec/groups.md R-173).

GROUP, OTHER = "a" * 32, "b" * 32


def words_of(*texts):
    """A room with one text of these provisions on its table."""
    units = [SimpleNamespace(texts={"en": (Words(text=one),)}) for one in texts]
    return SimpleNamespace(texts={"t": SimpleNamespace(instrument=SimpleNamespace(units=units))})


def entry(room, words):
    act = SimpleNamespace(event=SimpleNamespace(text=words))
    return SimpleNamespace(act=act, verdict=SimpleNamespace(room=room))


@pytest.fixture
def desk(monkeypatch):
    """A desk that reads a group of ministers and one of experts, with two who read the first alone."""
    readers = {"plenary": "mxy", GROUP: "my", OTHER: "xy", "caucus": "m"}
    monkeypatch.setattr(
        outbound,
        "Authors",
        lambda _desk: SimpleNamespace(
            readers=lambda room: [SimpleNamespace(member=one) for one in readers[room]]
        ),
    )
    monkeypatch.setattr(
        outbound.groups_view, "called", lambda _desk, room: {GROUP: "Ministers"}.get(room, room)
    )
    common = [
        entry(GROUP, "We would settle at two hundred and ten."),
        entry("p", "The season is from April to September."),
        entry("p", "Thank you, that is well understood."),
        entry(GROUP, "Thank you, that is well understood."),
    ]
    return SimpleNamespace(
        rooms={"plenary": "p"},
        talks=SimpleNamespace(
            plenary=words_of("The Parties share the waters fairly."),
            groups={
                GROUP: words_of("Flow", "The Commission decides by a simple majority."),
                OTHER: words_of("The gauge stands at Kelm bridge."),
            },
        ),
        common=SimpleNamespace(lines=lambda: common),
        caucus=SimpleNamespace(lines=lambda: [entry("c", "The gauge stands at Kelm bridge.")]),
        readers=readers,
    )


def test_what_was_said_in_a_group_is_found_where_others_read(desk):
    words = "They settle at two hundred and ten, I hear."
    assert leaving(desk, "plenary", [words]) == [("settle at two hundred and ten", GROUP)]
    assert leaving(desk, OTHER, [words]) == [("settle at two hundred and ten", GROUP)]
    assert leaving(desk, GROUP, [words]) == []
    assert leaving(desk, "caucus", [words]) == []
    assert told(desk, leaving(desk, "plenary", [words])) == [
        "These words stand in “Ministers”, which not all read who would see them: “settle at two hundred and ten”"
    ]


def test_a_text_of_a_group_is_no_heading(desk):
    assert leaving(desk, "plenary", ["decides by a simple majority", "Flow and flow"]) == [
        ("decides by a simple majority", GROUP)
    ]


def test_what_all_there_can_read_is_no_repetition(desk):
    # Said in the plenary too, and in a text that every reader of a group reads.
    assert leaving(desk, "plenary", ["Thank you, that is well understood."]) == []
    assert leaving(desk, GROUP, ["The Parties share the waters fairly."]) == []
    desk.readers["plenary"] = "my"
    assert leaving(desk, "plenary", ["We would settle at two hundred and ten."]) == []


def test_a_text_of_any_room_is_no_word_of_the_caucus_and_is_one_of_its_group(desk):
    assert leaving(desk, OTHER, ["The gauge stands at Kelm bridge."]) == []
    assert leaving(desk, "plenary", ["The gauge stands at Kelm bridge."]) == [
        ("The gauge stands at Kelm bridge", OTHER)
    ]
