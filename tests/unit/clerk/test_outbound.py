"""Words on their way out that also stand in private."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.clerk.outbound import RUN, repeats

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
