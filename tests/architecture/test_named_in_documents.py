"""What the documents name in code letters exists: functions, files, verbs."""

import ast
import re
import shlex

import click
import pytest
from tests.architecture.project import ROOT, SOURCE, modules, name, walked

from good_offices.cli.main import program

ARCHITECTURE = ROOT / "ARCHITECTURE.md"
JOURNEYS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]


def defined():
    """Return every function, class and method of the package, methods as `Class.method`."""
    found = set()
    for path in modules():
        for node in walked(path):
            if isinstance(node, ast.ClassDef):
                found.add(node.name)
                found |= {
                    f"{node.name}.{one.name}"
                    for one in node.body
                    if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
                }
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                found.add(node.name)
    return found


def test_functions_of_the_walk_exist():
    text = ARCHITECTURE.read_text(encoding="utf-8")
    walk = text[text.index("## One envelope") : text.index("## Folders")]
    named = re.findall(r"`([A-Za-z_]+(?:\.[a-z_]+)?)(?:\([^`]*\))?`", walk)
    functions = {one for one in named if re.fullmatch(r"[A-Z]\w+(\.[a-z_]+)?|[a-z]+_[a-z_]+", one)}
    assert len(functions) > 25
    assert functions - defined() == set()


def test_files_of_the_architecture_exist():
    text = ARCHITECTURE.read_text(encoding="utf-8")
    paths = set(re.findall(r"`([a-z]+/[a-z_*]+\.py)`", text))
    assert len(paths) > 20
    assert [one for one in sorted(paths) if not list(SOURCE.glob(one)) and not (ROOT / one).is_file()] == []


def commands(path):
    """Yield the words of every command that a document shows, in a block or in a line."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    for line in re.findall(r"`goodoffices ([^`\n]+)`|^(?: {4})?goodoffices (.+)$", text, re.MULTILINE):
        yield (line[0] or line[1]).strip()


@pytest.mark.parametrize("path", JOURNEYS, ids=name)
def test_verbs_that_documents_show_exist(path):
    unknown = []
    for shown in commands(path):
        # Everything from a placeholder or two spaces on is not the command.
        words = shlex.split(re.split(r" {2,}(?!-)", shown)[0].replace("...", ""), posix=True)
        command, at = program, 0
        while at < len(words) and isinstance(command, click.Group) and re.fullmatch(r"[a-z-]+", words[at]):
            following = command.get_command(click.Context(command), words[at])
            if following is None:
                unknown.append(shown)
                break
            command, at = following, at + 1
        options = {
            one for parameter in command.params for one in (*parameter.opts, *parameter.secondary_opts)
        }
        wrong = [
            word
            for word in words[at:]
            if word.startswith("--") and word not in options | {"--help", "--version"}
        ]
        if wrong:
            unknown.append(f"{shown}: {wrong}")
    assert not unknown


def test_verbs_of_the_journey_exist():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \d+ \| .+ \| .+ \| (.+) \|$", text, re.MULTILINE)
    assert len(rows) > 10
    unknown = []
    for row in rows:
        group = ""
        for words in re.findall(r"`([a-z -]+?)(?: [A-Z]+)?`", row):
            path = words.split()
            command = program.get_command(click.Context(program), path[0])
            if command is None or (
                len(path) == 1 and group and not isinstance(command, click.Group) and path[0] != "verify"
            ):
                path = [group, *path]
            group = path[0]
            for step, word in enumerate(path):
                parent = program if step == 0 else command
                command = parent.get_command(click.Context(parent), word)
                if command is None:
                    unknown.append(" ".join(path))
                    break
    assert not unknown
