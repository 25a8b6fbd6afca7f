"""No page sends its reader to a command line."""

import re
import string
from pathlib import Path

import pytest

from good_offices.chancery import remedies
from good_offices.chancery.screen import environment
from good_offices.errors import CATALOGUE, LocalError

TEMPLATES = sorted((Path(remedies.__file__).parent / "templates").glob("*.html"))


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


def test_a_verdict_is_shown_with_the_remedy_of_a_page():
    shown = environment().from_string("{{ one|hint }}")
    entry = CATALOGUE["signature-unknown"]
    assert "goodoffices " in entry.remedy
    words = shown.render(one={"code": "signature-unknown", "hint": entry.remedy})
    assert words.startswith("look at the page of the signature")
    assert shown.render(one={"code": "of-no-catalogue", "hint": "use `goodoffices x`"}).startswith("go back")
    assert shown.render(one={"code": "act-void", "hint": "ask its author"}) == "ask its author"
    assert shown.render(one={"code": None, "hint": None}) == ""


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda one: one.stem)
def test_no_page_shows_the_hint_of_a_verdict_as_the_catalogue_has_it(template):
    assert not re.search(r"\b(one|entry|verdict)\.hint\b", template.read_text())
