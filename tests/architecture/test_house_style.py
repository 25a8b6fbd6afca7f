"""Every module says what it decides; files stay short; nothing of one machine or of unfinished work stands in them."""

import ast
import re
from pathlib import Path

import pytest
from tests.architecture.project import ROOT, SOURCE, files, modules, name, parsed, walked

LINES = 450
# The catalogue is one table: splitting it would part codes that are read together.
LONGER = {SOURCE / "errors.py"}
# Where an absolute path of the web interface or of every system begins.
COMMON = {
    "v1",
    "t",
    "dev",
    "usr",
    "etc",
    "var",
    "srv",
    "tmp",
    "path",
    "proc",
    "healthz",
    "desks",
    "entries",
    "out",
}
# The addresses of the chancery and of the operator's console are paths too.
_ADDRESSES = re.compile(
    r"^src/good_offices/(chancery|venue/console|venue/templates|assets)/|^docs/make_screens|^bench/"
    r"|^tests/(browser|unit/chancery|unit/venue|unit/desk|support)/"
)
_ABSOLUTE = re.compile(r"(?:^|(?<=[\s\"'`(=]))/([A-Za-z][A-Za-z0-9_-]*)/[A-Za-z]", re.MULTILINE)
_UNFINISHED = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b")


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_module_says_what_it_decides(path):
    said = ast.get_docstring(parsed(path))
    assert said, "no docstring"
    length = len(path.read_text(encoding="utf-8").splitlines())
    if path.name != "__init__.py" and length > 30:
        assert re.search(r"This module|decide", said), "does not say what it decides"
    # The verbs of the command line have options instead of rules.
    if length > 150 and "cli" not in path.parts:
        assert re.search(r"^\s*1\. ", said, re.MULTILINE) or "never" in said, "states no rule and no limit"


@pytest.mark.parametrize("path", modules(), ids=name)
def test_what_is_public_is_documented(path):
    public = [
        node
        for node in walked(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
    ]
    protocols = {
        inner
        for node in walked(path)
        if isinstance(node, ast.ClassDef)
        and any(getattr(base, "id", "") == "Protocol" for base in node.bases)
        for inner in node.body
    }
    inside = {
        inner
        for node in walked(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if inner is not node
    }
    bare = [node.name for node in public if not ast.get_docstring(node) and node not in protocols | inside]
    assert not bare


@pytest.mark.parametrize("path", modules(), ids=name)
def test_a_file_can_be_read_at_one_sitting(path):
    assert path in LONGER or len(path.read_text(encoding="utf-8").splitlines()) <= LINES


def test_no_file_names_a_machine_or_unfinished_work():
    private = {str(ROOT), str(Path.home())} - {"/"}
    machine = re.compile("|".join(rf"(?<![\w.-]){re.escape(one)}\b" for one in sorted(private)))
    wrong = []
    for path in files():
        text = path.read_text(encoding="utf-8", errors="replace")
        absolute = [] if _ADDRESSES.match(name(path)) else _ABSOLUTE.finditer(text)
        found = [one.group(0) for one in absolute if one.group(1) not in COMMON]
        found += machine.findall(text)
        found += _UNFINISHED.findall(text) if path.suffix == ".py" else []
        wrong += [f"{name(path)}: {one}" for one in found]
    assert not wrong


@pytest.mark.parametrize("path", modules(), ids=name)
def test_no_function_is_left_to_be_written(path):
    stubs = []
    for node in walked(path):
        if isinstance(node, ast.Raise) and "NotImplemented" in ast.unparse(node):
            stubs.append(node.lineno)
        if isinstance(node, ast.ExceptHandler) and node.type is None:
            stubs.append(node.lineno)
    assert not stubs
