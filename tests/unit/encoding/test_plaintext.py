"""spec/encoding.md sections 3 and 4."""

import pytest
import unicodedataplus

from good_offices.encoding import check_text, check_words
from good_offices.encoding.plaintext import UNICODE
from good_offices.errors import LocalError, RemoteError


def test_the_tables_are_the_pinned_ones():
    assert unicodedataplus.unidata_version == UNICODE


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\tb\nc",
        "Стороны, café № 5",
        "Қазақстан «әділ»",
        "العربية",
        "日本語のテキスト",
        "한국어",
        "x\u0301",
    ],
)
def test_plain_text_passes(text):
    check_text(text)
    check_words(text)


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("ab\x00c", 3, "a control character"),
        ("a\rb", 2, "a control character"),
        ("é\x7f", 2, "a control character"),
        ("é\u0378", 2, "an unassigned code point"),
        ("\ud800", 1, "a surrogate"),
        ("é\ue000", 2, "a private-use character"),
        ("\ufdd0", 1, "an unassigned code point"),
        ("ae\u0301", 2, "not in Normalization Form C"),
        ("aé\u212b", 3, "not in Normalization Form C"),
        ("ab\u0340", 3, "not in Normalization Form C"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_position(text, position, why):
    with pytest.raises(RemoteError) as refused:
        check_text(text, error=RemoteError)
    assert refused.value.code == "text-not-plain"
    assert refused.value.facts["position"] == position
    assert refused.value.facts["why"] == why


@pytest.mark.parametrize(
    ("text", "position", "why"),
    [
        ("p\u0430rty", 2, "a word that mixes scripts"),  # a Cyrillic a
        ("shall\u202enot", 6, "an invisible character"),
        ("zero\u200bwidth", 5, "an invisible character"),
        ("soft\u00adhyphen", 5, "an invisible character"),
        ("a\u200db", 2, "an invisible character"),
        ("\u200dab", 1, "an invisible character"),
        ("αb", 2, "a word that mixes scripts"),
        ("한ひ", 2, "a word that mixes scripts"),
    ],
)
def test_words_that_could_deceive_are_refused(text, position, why):
    with pytest.raises(LocalError) as refused:
        check_words(text)
    assert (refused.value.facts["position"], refused.value.facts["why"]) == (position, why)


@pytest.mark.parametrize(
    "text", ["می\u200cخواهم", "क्\u200dष", "статья 5bis", "漢字かなカナ", "CO₂-нейтральный"]
)
def test_what_an_orthography_needs_passes(text):
    check_words(text)
