"""The sentences of the mission: each in the table with a scenario that exists, and a line whose change it must notice."""

import ast
import re

import pytest
from tests.architecture.project import ROOT, walked
from tests.scenarios.mutants import SCENARIOS, mutated, mutations

DOCUMENT = ROOT / "docs" / "mission.md"
SENTENCES = ("M1", "M2", "M3", "M4", "M5", "M6", "M7", "M8", "M9a", "M9b", "M10", "M11", "M12", "M13")
_TEST = re.compile(r"\[`(test_\w+)`\]\(\.\./(tests/[\w/.]+\.py)\)")


def scenarios():
    """Return the names of the scenarios."""
    return {
        node.name
        for node in walked(ROOT / SCENARIOS)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }


def rows():
    """Return the table: the sentence, and the tests beside it."""
    found = re.findall(r"^\| (M\d+[ab]?) \|(.+)\|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return {sentence: _TEST.findall(rest) for sentence, rest in found}


def test_every_sentence_has_its_row_and_its_scenario():
    assert tuple(rows()) == SENTENCES
    for sentence, tests in rows().items():
        own = [name for name, path in tests if path == SCENARIOS]
        assert own[0].startswith(f"test_{sentence.lower()}_"), sentence
        for name, path in tests:
            assert any(
                isinstance(one, ast.FunctionDef) and one.name == name for one in walked(ROOT / path)
            ), name
    assert {name for tests in rows().values() for name, path in tests if path == SCENARIOS} <= scenarios()


def test_every_scenario_has_a_mutation_that_it_must_notice():
    assert {one["scenario"] for one in mutations()} == scenarios()
    assert {one["sentence"] for one in mutations()} == set(SENTENCES)


@pytest.mark.parametrize("one", mutations(), ids=lambda one: f"{one['sentence']} {one['scenario'][:24]}")
def test_the_line_of_a_mutation_is_there_and_the_mutant_is_a_program(one):
    text = (ROOT / one["file"]).read_text(encoding="utf-8")
    changed = mutated(text, one)
    assert changed != text
    ast.parse(changed)
