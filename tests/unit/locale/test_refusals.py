"""Errors and findings, said in the reader's language."""

from __future__ import annotations

import copy
import json

import pytest

from good_offices import locale
from good_offices.errors import LocalError, RemoteError
from good_offices.locale import refusals
from good_offices.locale.phrases import phrase, refused, told

WORDS = {
    "{what} does not verify": "{what}: подпись не сходится",
    "the receipt": "квитанция",
    "the genesis is refused: {why}": "отказано: {why}",
    "hello {name}": "привет, {name}",
}


def say(message):
    return WORDS.get(message, message)


def test_a_phrase_is_its_english_sentence():
    made = phrase("hello {name}", name="Ann {x}")
    assert made == "hello Ann {x}"
    assert json.dumps([made]) == '["hello Ann {x}"]'
    assert told(made, say) == "привет, Ann {x}"
    assert copy.deepcopy([made])[0] is made


def test_a_phrase_without_facts_is_no_format():
    assert told(phrase("a {brace}"), say) == "a {brace}"


def test_what_is_no_phrase_stands_as_it_is():
    assert told("the receipt", say) == "the receipt"
    assert told(7, say) == 7


def test_a_fact_that_is_a_phrase_of_the_program_is_said_too():
    sentence, remedy = refused("signature-invalid", {"what": "the receipt"})
    assert sentence == "the receipt does not verify"
    assert told(sentence, say) == "квитанция: подпись не сходится"
    assert told(remedy, say) == remedy


def test_a_fact_that_is_an_error_is_said_too():
    inner = RemoteError("signature-invalid", what="the receipt")
    made = phrase("the genesis is refused: {why}", why=inner)
    assert made == "the genesis is refused: the receipt does not verify"
    assert told(made, say) == "отказано: квитанция: подпись не сходится"


@pytest.mark.parametrize("code", ["en", "ru", "uk", "kk"])
def test_an_error_is_spoken_with_its_facts(code):
    error = LocalError("too-large", what="the draft", size=7, limit=5)
    with locale.use(code):
        sentence, remedy = refusals.spoken(error)
    assert "7" in sentence
    assert "5" in sentence
    assert remedy
    if code == "en":
        assert (sentence, remedy) == (str(error), error.remedy)


def test_a_list_of_code_words_is_told_in_words():
    said, _remedy = refusals.sentences("convening-rule-unmet", {"missing": "readiness, notice"})
    assert said.endswith(": a declaration of readiness and the days of notice")
    said, _remedy = refusals.sentences("convening-rule-unmet", {"missing": "something-later"})
    assert said.endswith(": something-later")
