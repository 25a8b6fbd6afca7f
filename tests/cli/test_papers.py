"""Papers, annexes and four eyes by verbs: spec/papers.md, typed."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.support.house import House
from tests.support.seats import seats

from good_offices.errors import CATALOGUE

WORDS = "Suppose that the gauge stood upstream of the second dam."


def ready(house: House) -> None:
    house.join(house.desks[0], "Second", powers=("agree", "speak"))


@pytest.fixture
def table(tmp_path: Path):
    with House(tmp_path, 2, played=ready) as house:
        yield seats(house)


def refused(seat, code, *words):
    """Run a verb that must be refused with this code, before anything leaves."""
    answer = seat(*words)
    assert answer.status != 0
    assert not answer.out
    assert CATALOGUE[code].remedy.partition("{")[0] in answer.err, answer.err
    return answer.err


def papers(seat):
    seat.do("desk", "sync")
    return seat.do("note", "list")["papers"]


def test_a_non_paper_and_a_letter_are_read_by_those_they_are_for(table, tmp_path):
    upper, lower, second = table
    assert upper.do("note", "non-paper", WORDS, "--subject", "Gauge")["status"] == "passed"
    assert lower("desk", "sync").status == 0
    (one,) = papers(lower)
    assert (one["kind"], one["origin"], one["text"], one["subject"]) == (
        "non-paper",
        "theirs",
        WORDS,
        "Gauge",
    )
    assert "no proof" in lower("note", "list").out
    index = str(one["index"])
    target = tmp_path / "evidence"
    refused(lower, "paper-no-evidence", "record", "disclose", index, target)
    assert not target.exists()
    assert "unattributable" in lower("record", "show").out
    upper.do("note", "letter", "Between us alone.", "--delegation", "Lower Basin")
    assert papers(lower)[-1]["text"] == "Between us alone."
    closed = papers(second)[-1]
    assert (closed["kind"], closed["closed"], closed["text"]) == ("letter", True, "")
    assert "closed to this desk" in second("note", "list").out
    refused(second, "letter-not-head", "note", "letter", "May I?")
    refused(upper, "letter-to", "note", "letter", "Hello", "--delegation", "Nobody")
    upper.do("note", "pass", "To help memory.", "--kind", "aide-memoire")
    assert papers(lower)[-1]["kind"] == "aide-memoire"


def test_words_of_the_caucus_do_not_go_out_unasked(table, tmp_path):
    upper, lower, _ = table
    upper.do("statement", "make", "We can give up the lower gauge in the end.", "--room", "caucus")
    words = "Perhaps we can give up the lower gauge, who knows."
    file = tmp_path / "we can give up the lower gauge.txt"
    file.write_text("x")
    for verb in (
        ("statement", "make", words),
        ("note", "pass", words),
        ("note", "non-paper", words),
        ("note", "letter", words),
        ("note", "letter", "Something else", "--subject", words),
        ("annex", "file", file),
    ):
        assert "we can give up the lower gauge" in refused(upper, "words-in-caucus", *verb).lower()
    assert upper.do("statement", "make", words, "--even-so")["status"] == "valid"
    assert len(papers(lower)) == 0


def test_an_annex_is_filed_listed_and_saved_under_a_harmless_name(table, tmp_path, monkeypatch):
    upper, lower, _ = table
    file = tmp_path / "map.png"
    file.write_bytes(b"\x89PNG map")
    upper.do("annex", "file", file, "--id", "map", "--title", "../../etc/../.profile.png")
    lower.do("desk", "sync")
    (one,) = lower.do("annex", "list")["annexes"]
    assert (one["annex"], one["state"], one["size"]) == ("map", "here", 8)
    monkeypatch.chdir(tmp_path)
    saved = lower.do("annex", "save", "map")
    assert "/" not in saved["file"]
    assert not saved["file"].startswith(".")
    assert (tmp_path / saved["file"]).read_bytes() == b"\x89PNG map"
    refused(lower, "file-exists", "annex", "save", "map")
    refused(lower, "annex-unknown", "annex", "save", "no such")
    assert lower.do("annex", "save", "map", tmp_path / "elsewhere")["size"] == 8
    upper.do("annex", "file", file, "--title", "Kept", "--hash-only")
    lower.do("desk", "sync")
    refused(lower, "annex-kept-back", "annex", "save", "Kept")
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    refused(upper, "annex-too-large", "annex", "file", empty)


def test_a_public_statement_is_a_claim_and_its_words_stay_at_the_desk(table):
    upper, lower, _ = table
    upper.do(
        "public", "record", "We never said so.", "--speaker", "A. Marlow", "--date", "1 May",
        "--medium", "The Gazette", "--reported-by", "B. Ilves",
    )  # fmt: skip
    assert "We never said so." in upper("public", "list").out
    lower.do("desk", "sync")
    (one,) = lower.do("public", "list")["statements"]
    assert one["words"] == ""
    assert (one["speaker"], one["date"], one["medium"], one["reported_by"]) == (
        "A. Marlow", "1 May", "The Gazette", "B. Ilves",
    )  # fmt: skip
    assert "not kept at this desk" in lower("public", "list").out


def test_four_eyes(table):
    upper, lower, second = table
    assert "No rule" in upper("caucus", "consent", "show").out
    assert "course: " in upper("caucus", "consent", "acts").out
    upper.do("caucus", "consent", "rule", "course", "--consents", "1")
    refused(upper, "consent-missing", "course", "break-off", "Enough.")
    held = upper("caucus", "consent", "show").out
    assert "Held back at this desk: draft: the talks are broken off: Enough." in held
    asked = upper.do("caucus", "consent", "ask", "Before noon?")["index"]
    refused(upper, "consent-nothing", "caucus", "consent", "ask")
    refused(upper, "consent-own", "caucus", "consent", "give", asked)
    refused(upper, "consent-missing", "caucus", "consent", "send", asked)
    second.do("desk", "sync")
    shown = second("caucus", "consent", "show").out
    assert "Before noon?" in shown
    assert "Enough." in shown
    assert second.do("caucus", "consent", "give", asked)["status"] == "valid"
    upper.do("desk", "sync")
    assert upper.do("caucus", "consent", "send", asked)["status"] == "valid"
    lower.do("desk", "sync")
    assert "broken off" in lower("course", "show").out
    refused(upper, "consent-unknown", "caucus", "consent", "send", asked)
    refused(upper, "consent-rule", "caucus", "consent", "rule", "nothing", "--consents", "1")
    upper.do("caucus", "consent", "rule", "--consents", "0")
    assert "Wanted instead" in upper("caucus", "consent", "show").out
    second.do("desk", "sync")
    second.do("caucus", "consent", "rule", "--consents", "0")
    assert "No rule" in second("caucus", "consent", "show").out


def test_a_non_paper_of_a_group_is_for_its_readers(tmp_path):
    with House(tmp_path, 2) as house:
        for number, name in enumerate(("Expert", "Hydrologist")):
            house.join(house.desks[number], name, powers=("agree", "propose", "speak"))
        table = seats(house)
        upper, lower, expert, hydrologist = table
        index = upper.do("room", "open", "Flow", "--mandate", "To measure the flow.", "--level", "experts")[
            "index"
        ]
        lower.do("desk", "sync")
        lower.do("act", "accept", index)
        upper.do("desk", "sync")
        upper.do("room", "name", "Flow", "Expert")
        lower.do("room", "name", "Flow", "Hydrologist")
        for _ in range(3):
            for seat in table:
                seat.do("desk", "sync")
        expert.do("note", "non-paper", WORDS, "--room", "Flow")
        for seat in table:
            seat.do("desk", "sync")
        (one,) = hydrologist.do("note", "list")["papers"]
        assert (one["origin"], one["text"]) == ("theirs", WORDS)
        assert upper.do("note", "list")["papers"] == []
        refused(upper, "room-closed-to-us", "note", "non-paper", WORDS, "--room", "Flow")
        expert.do("statement", "make", "We can give up the lower gauge.", "--room", "caucus")
        for verb in (("room", "say"), ("room", "note")):
            refused(expert, "words-in-caucus", *verb, "Flow", "So we can give up the lower gauge.")
