"""The catalogue of errors and the code that raises them say the same."""

import ast
import string

import pytest
from tests.architecture.project import ROOT, modules, name, walked

from good_offices.errors import CATALOGUE

ERRORS = {
    "GoodOfficesError",
    "LocalError",
    "RemoteError",
    "EquivocationError",
    "HostConvictedError",
    "OperationalError",
    "WithoutEffectError",
}
# What a constructor takes besides the facts of a sentence.
BESIDES = {"first", "second", "evidence"}


def calls():
    """Yield (place, call, code) for every error that is made with its code in plain sight."""
    for path in modules():
        for node in walked(path):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            maker = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            code = node.args[0]
            if maker in ERRORS and isinstance(code, ast.Constant) and isinstance(code.value, str):
                yield f"{name(path)}:{node.lineno}", node, code.value


def test_every_code_that_is_raised_is_in_the_catalogue():
    unknown = [f"{place} {code}" for place, _, code in calls() if code not in CATALOGUE]
    assert not unknown


def test_every_code_of_the_catalogue_is_used():
    said = set()
    for path in modules():
        if path.name != "errors.py":
            said |= {node.value for node in walked(path) if isinstance(node, ast.Constant)}
    assert sorted(set(CATALOGUE) - said) == []


def test_every_raise_gives_the_facts_that_its_sentence_names():
    wrong = []
    for place, call, code in calls():
        if code not in CATALOGUE or any(keyword.arg is None for keyword in call.keywords):
            continue  # facts that come as a mapping are not in plain sight
        entry = CATALOGUE[code]
        wanted = {
            field
            for text in (entry.message, entry.remedy)
            for _, field, _, _ in string.Formatter().parse(text)
            if field
        }
        missing = wanted - {keyword.arg for keyword in call.keywords} - BESIDES
        if missing:
            wrong.append(f"{place} {code} lacks {sorted(missing)}")
    assert not wrong


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_a_sentence_is_for_people(code):
    entry = CATALOGUE[code]
    for text in (entry.message, entry.remedy):
        assert text
        assert text == text.strip()
        assert not text.endswith(".")
        assert "Error" not in text
        assert "Traceback" not in text
    assert code == code.lower()
    assert " " not in code


def test_the_catalogue_has_each_code_once():
    source = ROOT / "src" / "good_offices" / "errors.py"
    tables = [node for node in walked(source) if isinstance(node, ast.Dict) and len(node.keys) > 50]
    assert len(tables) == 1
    codes = [key.value for key in tables[0].keys if isinstance(key, ast.Constant)]
    assert len(codes) == len(set(codes)) == len(CATALOGUE)
