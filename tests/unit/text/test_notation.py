"""The notation: what is read is printed again with the same characters; what is unclear is refused with its place."""

from __future__ import annotations

import time

import pytest

from good_offices.errors import LocalError
from good_offices.text.model import Attribution, Close, NoteRef, Open, Placeholder, Words
from good_offices.text.notation import parse, print_runs

NAMES = {"US": "a" * 32, "EU": "b" * 32, "G77": "c" * 32, "CL": "d" * 32}
PRINTED = {who: name for name, who in NAMES.items()}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Each Party [shall][should][other] cooperate",
        "low-[carbon][emission]",
        "[a [b [c][d]] e]",
        r"[a]\|[b]",
        "[]",
        r"literal \[x\] \{y\} \\ \⟦\⟧",
        "{second sentence of original 3.8}[^1] and [^2]",
        "[extreme - US; G77 delete]",
        "[extreme - US, G77 delete]",
        "[ - US]",
        "[changing unsustainable - EU, G77 retain / promoting sustainable - US]",
        "[a [x] - US /  - EU][b]",
        "[a - US / b - EU][c - CL oppose]",
        "3. Text [Agreed ad ref]",
        "[2060 - 2080] [net - CO2] [a / b] [a - US / b]",
        "a - US",
        "Сторона [обязуется][следует]",
    ],
)
def test_what_is_read_is_printed_again(text):
    assert print_runs(parse(text, "s", names=NAMES), names=PRINTED) == text


def test_adjacent_brackets_are_one_slot():
    runs = parse("[shall][should] [may]", "x.")
    assert runs == (
        Open(slot="x.1", variant=0, of=2),
        Words(text="shall"),
        Close(slot="x.1", variant=0),
        Open(slot="x.1", variant=1, of=2),
        Words(text="should"),
        Close(slot="x.1", variant=1),
        Words(text=" "),
        Open(slot="x.2", variant=0, of=1),
        Words(text="may"),
        Close(slot="x.2", variant=0),
    )


def test_two_slots_side_by_side_are_written_apart():
    runs = parse(r"[a]\|[b]", "s")
    assert [(run.slot, run.of) for run in runs if isinstance(run, Open)] == [("s1", 1), ("s2", 1)]


def test_attributions():
    runs = parse("[changing - EU, G77 retain / promoting - US; CL oppose]", "s", names=NAMES)
    assert [run.by for run in runs if isinstance(run, Open)] == [
        (Attribution(who=NAMES["EU"]), Attribution(who=NAMES["G77"], says="retain")),
        (Attribution(who=NAMES["US"]), Attribution(who=NAMES["CL"], says="oppose", semicolon=True)),
    ]
    assert [run.text for run in runs if isinstance(run, Words)] == ["changing", "promoting"]


@pytest.mark.parametrize("text", ["[a - US maybe]", "[a - XX]", "[a - US, XX]", "[a - US:]", "[a - ]"])
def test_what_is_no_attribution_stays_words(text):
    runs = parse(text, "s", names=NAMES)
    assert all(not run.by for run in runs if isinstance(run, Open))
    assert print_runs(runs, names=PRINTED) == text


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("[shall]", ""),
        ("[other]", "other"),
        ("[*other*]", "other"),
        ("[…]", "other"),
        ("[No text]", "none"),
        ("[Agreed ad ref]", "none"),
        ("[нет текста]", "none"),
        ("[move to article 9]", "move"),
        ("[*Placeholder* for climate finance]", "blank"),
        ("[a {b}]", ""),
        ("[{b}]", ""),
        ("[]", ""),
    ],
)
def test_roles_by_standard_words(text, role):
    assert parse(text, "s")[0] == Open(slot="s1", variant=0, of=1, role=role)


def test_notes_and_placeholders():
    assert parse("{x}[^1a]", "s") == (Placeholder(text="x"), NoteRef(note="1a"))


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("a]", 2),
        ("[a", 2),
        ("a { b", 3),
        ("a } b", 3),
        ("a \\ b", 3),
        ("{a [b]}", 1),
        ("{:toc}", 1),
        ("⟦a", 1),
        ("a⟧", 2),
        (r"a\|b", 1),
    ],
)
def test_what_is_unclear_is_refused(text, position):
    with pytest.raises(LocalError) as refused:
        parse(text, "s")
    assert refused.value.code == "notation"
    assert refused.value.facts["position"] == position


CROSSING = (Close(slot="z", variant=0), Open(slot="z", variant=1, of=2))


def test_brackets_that_reach_beyond_are_taken_from_the_present_text():
    runs = parse("end⟧⟦begin [x]", "s", crossing=CROSSING)
    assert runs[:4] == (Words(text="end"), *CROSSING, Words(text="begin "))
    assert print_runs(runs) == "end⟧⟦begin [x]"
    assert print_runs(runs, outside="[]") == "end][begin [x]"


@pytest.mark.parametrize("text", ["end", "end⟧", "end⟦⟧", "end⟧⟦a⟦", "[end⟧]⟦"])
def test_they_must_all_be_there_in_their_order(text):
    with pytest.raises(LocalError, match="reaches beyond"):
        parse(text, "s", crossing=CROSSING)


def test_two_names_for_one_party_cannot_be_printed_again():
    with pytest.raises(LocalError, match="printed again"):
        parse("[a - US]", "s", names={"US": "x", "USA": "x"})


def test_brackets_nested_deep_are_read_in_time_whatever_the_names():
    text = "[" * 20_000 + "a - US" + "]" * 20_000
    start = time.process_time()
    assert print_runs(parse(text, "s", names=NAMES), names=PRINTED) == text
    assert time.process_time() - start < 5
