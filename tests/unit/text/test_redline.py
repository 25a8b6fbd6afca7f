"""The redline: words whole, both texts recoverable, changes in plain language, in time."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from good_offices.text.importing import import_draft
from good_offices.text.redline import (
    Segment,
    accepted,
    in_words,
    redline,
    redline_drafts,
    rejected,
    tokens_of,
)

BBNJ = Path(__file__).parents[4] / "shared" / "data" / "bbnj-2023-en.txt"


def test_tokens_keep_words_and_numbers_whole():
    assert tokens_of("Сторона's 1,500.5 км, 15%й") == [
        "Сторона's",
        " ",
        "1,500.5",
        " ",
        "км",
        ",",
        " ",
        "15",
        "%",
        "й",
    ]
    assert tokens_of("е\u0301х") == ["е\u0301х"]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("within 180 or 240 days", "within 210 days", ("180 or 240 becomes 210",)),
        ("km 15", "km 115", ("15 becomes 115",)),
        ("Сторона", "Стороны", ("Сторона becomes Стороны",)),
        ("the text", "the full text", ('after "the": added "full"',)),
        ("full text", "text", ('at the beginning: removed "full"',)),
        ("a b c d e f", "a b c d e", ('after "c d e": removed "f"',)),
        ("a  b", "a b", ('after "a": removed " "',)),
        ("same", "same", ()),
        ("", "", ()),
    ],
)
def test_changes_in_plain_words(old, new, changes):
    segments = redline(old, new)
    assert in_words(segments) == changes
    assert (rejected(segments), accepted(segments)) == (old, new)


def test_a_digit_never_joins_two_numbers():
    assert redline("15", "115") == (Segment(change="delete", text="15"), Segment(change="insert", text="115"))


def test_drafts_paragraph_by_paragraph():
    old = import_draft("one two\n\nthree four five six\n\nseven\n\ngone", "txt")
    new = import_draft("one two\n\nnew here\n\nthree four five SIX\n\nseven\n\n1. added\n\nmore", "txt")
    assert [
        (one.old, one.new, rejected(one.segments), accepted(one.segments)) for one in redline_drafts(old, new)
    ] == [
        (1, 1, "one two", "one two"),
        (2, 2, "three four five six", "new here"),
        (0, 3, "", "three four five SIX"),
        (3, 4, "seven", "seven"),
        (4, 5, "gone", "1. added"),
        (0, 6, "", "more"),
    ]
    longer = import_draft("x y\n\nthree four five six seven", "txt")
    pairs = [
        (one.old, one.new) for one in redline_drafts(import_draft("three four five six eight", "txt"), longer)
    ]
    assert pairs == [(0, 1), (1, 2)]


def test_two_long_drafts_in_under_a_second():
    if not BBNJ.exists():
        pytest.skip(f"the agreement is not at {BBNJ}")
    old = BBNJ.read_text("utf-8")
    chance = random.Random(1)
    words = [
        chance.choice(["shall", "may", "240"]) if word.isalpha() and chance.random() < 0.1 else word
        for word in old.split(" ")
    ]
    new = " ".join(words)
    first, second = import_draft(old, "txt"), import_draft(new, "txt")
    start = time.process_time()
    changes = redline_drafts(first, second)
    assert time.process_time() - start < 1
    for side, draft in ((rejected, first), (accepted, second)):
        printed = "".join(side(one.segments) for one in changes)
        # `accept` and `reject` give both drafts back, paragraph for paragraph.
        assert "".join(printed.split()) == "".join("".join(_body(draft)).split())


def _body(draft):
    for unit in draft.units:
        yield unit.block.lead
        yield from (run.text for run in unit.runs)
