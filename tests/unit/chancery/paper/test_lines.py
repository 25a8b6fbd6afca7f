"""Lines: the same everywhere, numbered by provision, and never a word more or less than the text."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from good_offices.chancery.paper import MEASURE, lines, marks, pieces
from good_offices.chancery.paper.breaking import broken, width
from good_offices.errors import LocalError
from good_offices.text.importing import import_draft
from good_offices.text.model import Instrument, Unit, Words
from good_offices.text.notation import parse, print_runs

RIVER = "not less than [180][240] cubic metres per second[, except in a year declared dry by the Commission]."
NAMES = {"Upper": "a", "Lower": "b"}
CALLED = {"a": "Upper", "b": "Lower"}


def unit(text, *, kind="paragraph", label="2.1", names=None, language="en"):
    return Unit(id="u", kind=kind, label=label, texts={language: parse(text, "s", names=names or {})})


def shown(text, **options):
    return [(line.number, line.text) for line in lines(unit(text), "en", **options)]


def whole(found):
    return "".join(line.text + line.gap + ("\n" if line.last else "") for line in found)[:-1]


def test_lines_are_numbered_from_one():
    assert shown(RIVER) == [
        (1, "not less than [180][240] cubic metres per second[,"),
        (2, "except in a year declared dry by the Commission]."),
    ]


def test_a_heading_has_no_numbers():
    assert {line.number for line in lines(unit("word " * 60, kind="heading"), "en")} == {0}


def test_no_line_ends_with_an_opening_bracket():
    text = "x" * 45 + "[ and, failing that within six months, by the Joint Commission]"
    assert MEASURE - 3 * width("a") < sum(map(width, text[:46])) <= MEASURE  # the bracket itself would fit
    assert [line for _, line in shown(text)][:1] == ["x" * 45]


def test_a_line_may_end_between_two_variants_and_behind_a_hyphen():
    assert [line for _, line in shown("[" + "a" * 30 + "][" + "b" * 30 + "]")] == [
        "[" + "a" * 30 + "]",
        "[" + "b" * 30 + "]",
    ]
    assert [line for _, line in shown("climate-" + "resilient" * 6)] == ["climate-", "resilient" * 6]
    assert shown("1990-" + "2050 " * 3)[0][1].startswith("1990-2050")


def test_a_word_too_long_for_a_line_ends_where_the_room_does():
    found = lines(unit("x" * 200), "en")
    assert whole(found) == "x" * 200
    assert all(sum(map(width, line.text)) <= MEASURE for line in found)


def test_a_line_end_of_the_text_ends_a_line():
    assert shown("one\ntwo  \n\nthree") == [(1, "one"), (2, "two"), (3, ""), (4, "three")]


def test_chinese_breaks_between_characters_and_not_before_a_full_stop():
    text = "缔约方应本着诚意合作利用和保护河流水域并在公平合理利用的基础上。" * 3
    found = lines(unit(text, language="zh"), "zh")
    assert all(len(line.text) in (25, 26) for line in found[:-1])
    assert not any(line.text.startswith("。") for line in found)


def test_a_text_in_another_language_has_its_own_lines():
    assert lines(unit(RIVER), "ru") == ()


@pytest.mark.parametrize(
    "text",
    [
        RIVER,
        "[a]\\|[b]",
        "[2 °C - Upper / 1.5 °C - Lower retain]",
        "low-[carbon][emission] {second sentence of 3.8} see[^4]",
        "literal \\[brackets\\]",
    ],
)
def test_the_pieces_are_the_text_as_it_is_read(text):
    runs = parse(text, "s", names=NAMES)
    read = print_runs(runs, names=CALLED, outside="[]", words=str).replace("\\|", "|").replace("[^4]", "4")
    assert "".join(piece.text for piece in pieces(runs, names=CALLED)) == read


def test_looks():
    runs = parse("*Wishing* **firmly** to [act - Upper]{words}[^4] 5*3*2 snake", "s", names=NAMES)
    assert [(piece.look, piece.text) for piece in pieces(runs, names=CALLED)] == [
        ("emphasis", "Wishing"),
        ("words", " "),
        ("strong", "firmly"),
        ("words", " to "),
        ("bracket", "["),
        ("words", "act"),
        ("by", " - Upper"),
        ("bracket", "]"),
        ("blank", "{words}"),
        ("note", "4"),
        ("words", " 5*3*2 snake"),
    ]


def test_the_clean_form_refuses_open_points():
    assert shown("The Parties shall.", form="clean") == [(1, "The Parties shall.")]
    for text in (RIVER, "see {text to come}", "on ____ 2026"):
        with pytest.raises(LocalError) as refused:
            lines(unit(text), "en", form="clean")
        assert refused.value.code == "brackets-remain"


def test_units_without_labels_are_cited_by_their_place():
    def one(name, kind="paragraph", label="", parent="h"):
        return Unit(id=name, kind=kind, label=label, parent=parent, texts={"en": (Words(text=name),)})

    units = (
        one("h", "heading", parent=""),
        one("a"),
        one("b", label="*3 bis*"),
        one("c"),
        one("i", "heading"),
        one("d", parent="i"),
    )
    found = marks(Instrument(id="t", titles={}, authentic=("en",), units=units))
    assert found == {"h": "", "a": "¶1", "b": "3 bis", "c": "¶2", "i": "", "d": ""}


def test_what_is_inserted_elsewhere_moves_no_number():
    one = unit(RIVER)
    before = lines(one, "en")
    assert lines(unit(RIVER), "en") == before
    assert lines(one, "en") is before  # broken once


LETTERS = st.text(st.sampled_from("ab éЯқ -–\t.,…中。ـم\u0301"), max_size=160)


@given(LETTERS, st.data())
def test_lines_lose_nothing_and_fit(text, data):
    places = sorted(data.draw(st.sets(st.integers(0, max(len(text) - 1, 0)), max_size=4))) if text else []
    edges = dict(zip(places, itertools.cycle([True, False]), strict=False))
    ends = broken(text, edges)
    assert ends == sorted(set(ends))
    assert ends[-1] == len(text)
    for start, end in itertools.pairwise([0, *ends]):
        shown = ["[" if edges.get(at) else "]" if at in edges else text[at] for at in range(start, end)]
        line = "".join(shown).rstrip(" \t") if not {*range(start, end)} & set(edges) else "".join(shown)
        assert sum(map(width, line.rstrip(" \t"))) <= MEASURE or end - start == 1


@given(st.text(st.sampled_from("ab é Яқ \n[]-*_|中"), max_size=120))
def test_a_text_can_be_made_again_from_its_lines(text):
    runs = (Words(text=text),) if text else ()
    one = Unit(id="u", kind="paragraph", texts={"en": runs})
    assert whole(lines(one, "en")) == "".join(piece.text for piece in pieces(runs))


def test_a_real_draft_keeps_every_word(real_draft: Path):
    draft = import_draft(real_draft.read_text(encoding="utf-8"), "md").to_instrument("en")
    for one in draft.units:
        found = lines(one, "en")
        assert whole(found) == "".join(piece.text for piece in pieces(one.texts["en"]))
        assert all(sum(map(width, line.text)) <= MEASURE for line in found)
