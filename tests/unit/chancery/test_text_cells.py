"""Words as markup: nothing is added or lost, everything is escaped, changes are told in words."""

import html
import json
import re
from pathlib import Path

import pytest

from good_offices import locale
from good_offices.chancery.text.cells import cell, in_words, marked, plain, redlined
from good_offices.text.notation import parse, print_runs
from good_offices.text.redline import redline

CASES = json.loads(
    (Path(__file__).parents[3] / "spec" / "vectors" / "redline" / "redline.json").read_text("utf-8")
)["cases"]
NAMES = {"up": "Upper Basin"}
BY_NAME = {"Upper Basin": "up"}


def text(markup):
    return html.unescape(re.sub(r"<[^>]+>", "", str(markup)))


def test_brackets_nest_and_keep_their_words():
    runs = parse("[net [zero][none]] by {year}[^1]", "s.")
    shown = str(cell(runs, NAMES))
    assert shown.count('<span class="br" role="group"') == 3
    assert shown.index("zero") > shown.index("net")
    assert shown.count("<b>[</b>") == shown.count("<b>]</b></span>") == 3
    assert text(shown) == "[net [zero][none]] by {year}1"
    assert '<a href="#note-1">1</a>' in shown


def test_attribution_names_the_delegation():
    shown = cell(parse("[180 - Upper Basin retain]", "s.", names=BY_NAME), NAMES)
    assert "Upper Basin retain" in text(shown)


def test_emphasis_and_literal_brackets():
    shown = str(cell(parse(r"*Wishing* to **act** \[sic\]", "s."), {}))
    assert "<em>Wishing</em>" in shown
    assert "<strong>act</strong>" in shown
    assert 'class="br"' not in shown


@pytest.mark.parametrize("words", ["<script>alert(1)</script>", "a & b < c", '"><img src=x onerror=1>'])
def test_words_are_escaped_everywhere(words):
    for shown in (
        str(cell(parse(words, "s."), {})),
        str(redlined("", words)),
        str(redlined(words, "")),
        str(redlined(words, words)),
    ):
        assert text(shown) == words
        assert "<script" not in shown
        assert "<img" not in shown


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_redline_marks_what_is_put_in_and_taken_out(case):
    segments = redline(case["old"], case["new"])
    shown = str(marked(segments))
    assert text(re.sub(r"<ins>.*?</ins>", "", shown, flags=re.DOTALL)) == case["old"]
    assert text(re.sub(r"<del>.*?</del>", "", shown, flags=re.DOTALL)) == case["new"]


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_the_sentences_are_those_of_the_rules_in_english(case):
    with locale.use("en"):
        told = [
            one.replace("“", '"').replace("”", '"') for one in in_words(redline(case["old"], case["new"]))
        ]
    assert told == case["words"]


def test_plain_is_what_reads():
    runs = parse(r"[a]\|[b] \[c\] {d}", "s.")
    assert plain(print_runs(runs)) == "[a][b] [c] {d}"
    assert plain("⟦a⟧") == "[a]"
