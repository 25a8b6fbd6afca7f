"""The catalogues hold what the source says, and nothing in them can break a sentence."""

from __future__ import annotations

import ast
import gettext
import json
from functools import cache

import click
import pytest

from good_offices.cli import groups
from good_offices.cli.main import program
from good_offices.locale import LANGUAGES, catalogues, extraction, glossary

TRANSLATED = sorted(set(LANGUAGES) - {"en"})


@cache
def source():
    return {(one.id, one.context) for one in extraction.template() if one.id}


def entries(code):
    return [one for one in catalogues.read(code) if one.id]


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_form_is_that_of_the_source_form(code):
    po = catalogues.place(code).read_bytes()
    assert catalogues.place(code, "mo").read_bytes() == catalogues.as_mo(po, code)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_holds_exactly_the_sentences_of_the_source(code):
    held = {(one.id, one.context) for one in entries(code)}
    assert sorted(map(str, source() - held)) == [], "run `make catalogues`"
    assert sorted(map(str, held - source())) == [], "run `make catalogues`"


@pytest.mark.parametrize("code", TRANSLATED)
def test_every_sentence_is_translated(code):
    left = [one["sentence"] for one in catalogues.missing(code)]
    assert left == [], f"python -m good_offices.locale.catalogues missing {code}"


@pytest.mark.parametrize("code", TRANSLATED)
def test_no_translation_is_faulty(code):
    plurals = catalogues.read(code).num_plurals
    done = [one for one in entries(code) if catalogues.translated(one, plurals)]
    assert [fault for one in done for fault in catalogues.faults(one, code, plurals)] == []
    assert not [one.id for one in entries(code) if one.fuzzy]


@pytest.mark.parametrize(
    ("code", "numbers"),
    [("ru", {1: 0, 21: 0, 2: 1, 5: 2, 11: 2}), ("uk", {1: 0, 3: 1, 12: 2}), ("kk", {1: 0, 2: 1, 21: 1})],
)
def test_the_plural_rule_is_that_of_the_language(code, numbers):
    with catalogues.place(code, "mo").open("rb") as compiled:
        rule = gettext.GNUTranslations(compiled).plural
    assert {number: rule(number) for number in numbers} == numbers


def test_both_sentences_of_every_error_are_extracted():
    from good_offices.errors import CATALOGUE

    found = {one for one, _context in source()}
    assert {text for entry in CATALOGUE.values() for text in (entry.message, entry.remedy)} <= found


def test_phrases_that_are_facts_of_an_error_are_extracted():
    found = {one for one, _context in source()}
    assert {"the receipt", "padding", "the cosignature", "the sizes differ", "the record"} <= found


def extracted(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return [(message, context) for _line, message, _comments, context in extraction._sentences(path, name)]


def test_marks_in_python_are_found(tmp_path):
    text = (
        "_('a')\nN_('b')\nngettext('c', 'cc', n)\npgettext('state', 'd')\nnpgettext('state', 'e', 'ee', n)\n"
        "Entry('f {x}', 'g', retry_safe=True)\nunpack(data, what='h' if x else 'i')\nLocalError('code', x='two words', y='one')\n"
    )
    found = extracted(tmp_path, "one.py", text)
    assert set(found) == {
        ("a", None),
        ("b", None),
        (("c", "cc"), None),
        ("d", "state"),
        (("e", "ee"), "state"),
        ("f {x}", None),
        ("g", None),
        ("h", None),
        ("i", None),
        ("two words", None),
    }


def test_marks_in_a_template_are_found(tmp_path):
    text = "{{ _('a') }}{{ pgettext('state', 'b') }}{% trans n=n %}\n  one {{ n }}\n{% pluralize %}many {{ n }}{% endtrans %}"
    found = extracted(tmp_path, "one.html", text)
    assert ("a", None) in found
    assert ("b", "state") in found
    assert (("one %(n)s", "many %(n)s"), None) in found


def test_a_template_that_cannot_be_read_is_an_error(tmp_path):
    from jinja2 import TemplateSyntaxError

    with pytest.raises(TemplateSyntaxError):
        extracted(tmp_path, "one.html", "{% trans %}never ended")


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A folder of one language with three sentences."""
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    found = catalogues.Catalog(domain="goodoffices")
    found.add("seen by {who}")
    found.add(("one point", "{count} points"))
    found.add("signature")
    found.add("Locked", context="desk")
    monkeypatch.setattr(catalogues, "template", lambda: found)
    catalogues.make()
    return tmp_path


def test_what_is_missing_can_be_entered(copy):
    left = catalogues.missing("ru")
    assert [one["sentence"] for one in left] == ["seen by {who}", ["one point", "{count} points"], "Locked"]
    answers = ["видит {who}", ["{count} пункт", "{count} пункта", "{count} пунктов"], "Заперто"]
    for one, words in zip(left, answers, strict=True):
        one["translation"] = words
    path = copy / "ru.json"
    path.write_text(json.dumps(left), encoding="utf-8")
    assert catalogues.main(["enter", "ru", str(path)]) == 0
    assert catalogues.missing("ru") == []
    with catalogues.place("ru", "mo").open("rb") as compiled:
        spoken = gettext.GNUTranslations(compiled)
    assert spoken.gettext("signature") == "подпись"
    assert spoken.ngettext("one point", "{count} points", 21) == "{count} пункт"
    assert spoken.pgettext("desk", "Locked") == "Заперто"
    before = catalogues.place("ru").read_bytes()
    catalogues.make()
    assert catalogues.place("ru").read_bytes() == before
    assert catalogues.read("kk").get("seen by {who}").string == ""


@pytest.mark.parametrize(
    ("sentence", "translation", "fault"),
    [
        ("seen by {who}", "видит {кто}", "placeholders"),
        ("seen by {who}", "видит {who} ", "a space"),
        (["one point", "{count} points"], ["пункт", "{count} пункта", "{count} пунктов"], "placeholders"),
        (["one point", "{count} points"], ["{count} пункт", "{count} пунктов"], "3 forms"),
        ("signature", "автограф", "glossary"),
        ("never said", "не сказано", "not in the source"),
    ],
)
def test_a_faulty_translation_is_refused(copy, capsys, sentence, translation, fault):
    path = copy / "ru.json"
    path.write_text(json.dumps([{"sentence": sentence, "translation": translation}]), encoding="utf-8")
    before = catalogues.place("ru").read_bytes()
    assert catalogues.main(["enter", "ru", str(path)]) == 1
    assert fault in capsys.readouterr().err
    assert catalogues.place("ru").read_bytes() == before


def test_an_empty_translation_is_left_for_later(copy):
    assert catalogues.enter("ru", [{"sentence": "seen by {who}", "translation": ""}]) == []


@pytest.mark.parametrize("arguments", [[], ["missing"], ["missing", "xx"], ["enter", "ru"]])
def test_a_wrong_command_says_which_there_are(arguments, capsys):
    assert catalogues.main(arguments) == 2
    assert "missing LANGUAGE" in capsys.readouterr().err


def test_glossary_prints_the_page(capsys):
    assert catalogues.main(["glossary"]) == 0
    assert capsys.readouterr().out == glossary.page()


def test_missing_prints_json(copy, capsys):
    assert catalogues.main(["missing", "kk"]) == 0
    assert len(json.loads(capsys.readouterr().out)) == 3


def test_every_term_has_a_word_in_every_language():
    for name, term in glossary.glossary().items():
        for code in LANGUAGES:
            assert term[code] == term[code].strip(), (name, code)
            assert term[code], (name, code)
        assert set(term) <= {*LANGUAGES, "part", "source", "note"}
        assert term.get("source") or term["note"].startswith("ours"), name


def test_an_english_term_stands_once():
    words = [term["en"] for term in glossary.glossary().values()]
    assert len(words) == len(set(words))


def test_the_page_is_the_glossary():
    from tests.architecture.project import ROOT

    page = (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    assert page == glossary.page(), "run `make catalogues`"


IMPORTED = {"_", "ngettext", "pgettext", "npgettext"}


def lookups(node, inside=False):
    """Yield the lines of lookups that would happen when a module is loaded."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        for one in [*node.decorator_list, node.args]:
            yield from lookups(one, inside)
        for one in node.body:
            yield from lookups(one, inside=True)
        return
    if (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in IMPORTED
        and not inside
    ):
        yield node.lineno
    # The help of a verb is kept by click, so it must be marked even inside a function that makes verbs.
    inside = inside or isinstance(node, ast.Lambda)
    inside = inside and not (isinstance(node, ast.keyword) and node.arg == "help")
    for one in ast.iter_child_nodes(node):
        yield from lookups(one, inside)


def test_nothing_is_looked_up_when_a_module_is_loaded():
    from tests.architecture.project import modules, name, parsed

    assert [f"{name(path)}:{line}" for path in modules() for line in lookups(parsed(path))] == []


def test_that_test_sees_a_lookup():
    source = "A = _('a')\ndef f(b=_('b')):\n    _('c')\n    g(help=_('d'))\nh = lambda: _('e')\n"
    assert list(lookups(ast.parse(source))) == [1, 2, 4]


def verbs(group, path=()):
    context = click.Context(group)
    for name in group.list_commands(context):
        one = group.get_command(context, name)
        yield (*path, name), one
        if isinstance(one, click.Group):
            yield from verbs(one, (*path, name))


def test_every_verb_and_option_has_a_sentence_that_is_extracted():
    known = {one for one, _context in source()}
    unknown = []
    for path, verb in verbs(program):
        options = [one for one in verb.params if isinstance(one, click.Option)]
        listed = {one: ", ".join(one.among) for one in options if isinstance(one, groups.Among)}
        helps = [verb.help]
        helps += [one.help.replace(listed[one], "{among}") if one in listed else one.help for one in options]
        unknown += [(path, text) for text in helps if text not in known]
    assert unknown == []
