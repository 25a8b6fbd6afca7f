"""No page sends its reader to a command line."""

import string

import pytest

from good_offices.chancery import remedies
from good_offices.errors import CATALOGUE, LocalError


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_remedy_on_a_page_names_no_verb_and_no_option(code):
    entry = CATALOGUE[code]
    names = [
        name
        for words in (entry.message, entry.remedy)
        for _, name, *_ in string.Formatter().parse(words)
        if name
    ]
    sentence, remedy = remedies.for_page(code, {name.split(".")[0]: 1 for name in names})
    assert sentence
    assert remedy
    assert "goodoffices " not in remedy
    assert "`" not in remedy
    assert " --" not in remedy


def test_every_remedy_of_a_page_is_of_a_code_that_needs_one():
    for code in remedies._REMEDIES:
        assert remedies.remedy_for_page(CATALOGUE[code].remedy) != CATALOGUE[code].remedy, code


def test_an_error_keeps_its_sentence():
    error = LocalError("not-pending")
    sentence, remedy = remedies.on_screen(error)
    assert sentence == str(error)
    assert remedy.startswith("look at the overview")
