"""Every claim of the threat model stands beside a test that exists, or says why there is none."""

import ast
import re

import pytest
from tests.architecture.project import ROOT, walked

DOCUMENT = ROOT / "docs" / "threat-model.md"
_LINK = re.compile(r"\[`([\w:]+)`\]\(\.\./(tests/[\w/.]+\.py)\)")
# What needs no test, or has none: each is a word of the document, explained in its first paragraph or in assurance.md.
_OTHERWISE = ("*by construction*", "*by nature*", "*assumed*", "not yet tested")


def claims():
    """Return (claim, what stands beside it) for each row of the tables."""
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE)
    return [(claim, beside) for claim, beside in rows if claim != "claim"]


def test_there_are_claims_for_each_adversary():
    text = DOCUMENT.read_text(encoding="utf-8")
    parts = re.split(r"^## (\d)\. .+$", text, flags=re.MULTILINE)
    assert parts[1::2] == ["1", "2", "3", "4", "5", "6"]
    for part in parts[2:11:2]:
        assert re.search(r"^### (It|They) cannot$", part, re.MULTILINE)
        assert re.search(r"^### (It|They) can$", part, re.MULTILINE)
    assert len(claims()) > 60


@pytest.mark.parametrize(("claim", "beside"), claims(), ids=[claim[:60] for claim, _ in claims()])
def test_a_claim_has_its_test(claim, beside):
    links = _LINK.findall(beside)
    assert links or any(word in beside for word in _OTHERWISE), claim
    for name, path in links:
        file = ROOT / path
        assert file.is_file(), path
        group, _, test = name.rpartition("::")
        inside = [node for node in walked(file) if isinstance(node, ast.ClassDef) and node.name == group]
        assert inside or not group, f"{path} has no {group}"
        tests = {
            node.name
            for node in (ast.walk(inside[0]) if group else walked(file))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        }
        assert test in tests, f"{path} has no {name}"
