"""The lists in docs are what the code makes of itself, and complete."""

import importlib.util
import re
from pathlib import Path

import pytest

from good_offices.errors import CATALOGUE, Exit
from good_offices.talks.acts import Act
from good_offices.talks.rules import RULES

DOCS = Path(__file__).resolve().parents[2] / "docs"
spec = importlib.util.spec_from_file_location("make_tables", DOCS / "make_tables.py")
make_tables = importlib.util.module_from_spec(spec)
spec.loader.exec_module(make_tables)


@pytest.mark.parametrize("name", sorted(make_tables.TABLES))
def test_a_list_is_what_the_code_makes_of_itself(name):
    made = make_tables.TABLES[name]()
    assert (DOCS / name).read_text(encoding="utf-8") == made, "run: python docs/make_tables.py"


def test_every_code_and_status_is_listed():
    text = (DOCS / "errors.md").read_text(encoding="utf-8")
    codes = re.findall(r"^\| `([a-z0-9-]+)` \|", text, re.MULTILINE)
    assert sorted(codes) == sorted(CATALOGUE)
    assert {int(one) for one in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {*map(int, Exit), 70, 130}


def test_every_event_has_a_rule_and_a_row():
    named = {
        one.__name__
        for one in Act.__annotations__
        and make_tables.inspect.get_annotations(Act, eval_str=True)["event"].__args__
    }
    assert named == set(RULES)
    text = (DOCS / "events.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([A-Za-z]+)` \|", text, re.MULTILINE)) == named


def test_every_verb_says_what_it_does_and_every_option_what_it_is():
    for path, command in make_tables.verbs(make_tables.program, "goodoffices"):
        assert command.help, path
        for one in command.params:
            if one.param_type_name == "option" and one.name not in ("everything", "clause"):
                assert one.help, f"{path} {one.name}"


def test_every_verb_that_acts_or_shows_speaks_json():
    without = [
        path
        for path, command in make_tables.verbs(make_tables.program, "goodoffices")
        if not any("--json" in one.opts for one in command.params)
    ]
    assert set(without) <= {"goodoffices venue serve", "goodoffices demo"}


def mentioned():
    """Yield (where, words) for every command that a document or a hint tells people to type."""
    for path in [*DOCS.glob("*.md"), DOCS.parent / "README.md"]:
        if path.exists() and path.name not in make_tables.TABLES:
            for found in re.finditer(r"goodoffices((?: +[a-z][a-z-]*)+)", path.read_text(encoding="utf-8")):
                yield path.name, found.group(1).split()
    for code, entry in CATALOGUE.items():
        for found in re.finditer(r"`?goodoffices((?: +[a-z][a-z-]*)+)`?", entry.remedy):
            yield code, found.group(1).split()


def test_every_verb_that_a_document_or_a_hint_names_exists():
    wrong = []
    for where, words in mentioned():
        command, path = make_tables.program, []
        while words and hasattr(command, "get_command"):
            path.append(words.pop(0))
            command = command.get_command(None, path[-1])
        if command is None:
            wrong.append(f"{where}: goodoffices {' '.join(path)}")
    assert not wrong
