"""What the documents point to is there: files, headings, sections, rules, dependencies."""

import re
import tomllib
from functools import cache

import pytest
from tests.architecture.project import ROOT, files, modules, name

_LINK = re.compile(r"(?<!!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_CITED = re.compile(
    r"spec/([a-z]+)\.md(?:\s+(?:(sections?|rules?)\s+(\d+)(?:\.(\d+))?(?:\s+(?:to|and)\s+(\d+))?|(R-\d+)(?:\s+to\s+(R-\d+))?))?"
)
_RULE = re.compile(r"\bR-(\d+)\b")
# Made by `make picture` from a recorded run; it is committed once it has been recorded.
RECORDED = {"docs/demo.svg"}


def documents():
    return files(".md")


@cache
def text(path):
    return path.read_text(encoding="utf-8")


def anchors(path):
    """Return the anchors of a document as common readers of Markdown make them."""
    heads = re.findall(r"^#{1,6}\s+(.+?)\s*$", text(path), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", head.replace("`", "").lower()).replace(" ", "-") for head in heads]
    return set(plain)


@pytest.mark.parametrize("path", documents(), ids=name)
def test_links_lead_somewhere(path):
    broken = []
    for found in _LINK.finditer(re.sub(r"```.*?```", "", text(path), flags=re.DOTALL)):
        target = found.group(1) or found.group(2)
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file).resolve() if file else path
        if name(there) in RECORDED:
            continue
        if not there.exists() or (anchor and there.suffix == ".md" and anchor not in anchors(there)):
            broken.append(target)
    assert not broken


def sections(document):
    """Return the numbers of sections and rules that a chapter of the specification has."""
    body = text(document)
    found = set(re.findall(r"^#{2,3} (\d+)\b", body, re.MULTILINE))
    found |= set(re.findall(r"(?:^|(?<=\s))(\d+\.\d+)(?=\s)", body, re.MULTILINE))
    return found | set(re.findall(r"\bR-\d+\b", body))


@pytest.mark.parametrize("path", modules(), ids=name)
def test_sections_that_a_module_cites_exist(path):
    missing = set()
    for found in _CITED.finditer(re.sub(r"\s*\n\s*(?:#\s*)?", " ", text(path))):
        chapter, kind, first, part, last, rule, upto = found.groups()
        document = ROOT / "spec" / f"{chapter}.md"
        if not document.exists():
            missing.add(f"spec/{chapter}.md")
            continue
        wanted = [one for one in (rule, upto) if one]
        if kind and first:
            wanted.append(f"{first}.{part}" if part else first)
            wanted += [last] if last and not part else []
        missing |= {f"spec/{chapter}.md {one}" for one in wanted if one not in sections(document)}
    assert not missing


@pytest.mark.parametrize("path", [one for one in modules() if "talks" in one.parts], ids=name)
def test_rules_that_a_module_of_the_talks_cites_exist(path):
    written = set().union(*(sections(one) for one in (ROOT / "spec").glob("*.md")))
    assert {f"R-{one}" for one in _RULE.findall(text(path))} <= written


def test_every_dependency_has_its_line():
    project = tomllib.loads(text(ROOT / "pyproject.toml"))
    groups = project["dependency-groups"].values()
    wanted = [*project["project"]["dependencies"], *(one for group in groups for one in group)]
    names = {re.split(r"[<>=!~\[; ]", one, maxsplit=1)[0] for one in wanted}
    rows = set(
        re.findall(
            r"^\| `([a-z0-9-]+)` \|", text(ROOT / "docs" / "decisions" / "0002-dependencies.md"), re.MULTILINE
        )
    )
    assert rows == names


def test_every_chapter_of_the_specification_is_in_its_index():
    index = text(ROOT / "spec" / "README.md")
    chapters = {path.name for path in (ROOT / "spec").glob("*.md")} - {"README.md"}
    assert chapters == set(re.findall(r"\]\(([a-z]+\.md)\)", index))


def test_every_decision_is_in_the_list():
    folder = ROOT / "docs" / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", text(folder / "README.md")))
    assert listed == {path.name for path in folder.glob("[0-9]*.md")}


def test_no_two_decisions_have_one_number():
    numbers = [path.name[:4] for path in (ROOT / "docs" / "decisions").glob("[0-9]*.md")]
    assert len(numbers) == len(set(numbers))


def test_no_two_rules_have_one_number():
    numbers = [
        one for path in (ROOT / "spec").glob("*.md") for one in re.findall(r"\*\*(R-\d+)\*\*", text(path))
    ]
    assert numbers
    assert not {one for one in numbers if numbers.count(one) > 1}
