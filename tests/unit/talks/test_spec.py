"""The code and spec/talks.md: the same table, and no rule that is cited and not written."""

from __future__ import annotations

import re
from pathlib import Path

from good_offices.talks.rules import RULES

ROOT = Path(__file__).parents[3]
SPEC = (ROOT / "spec/talks.md").read_text()


def test_the_table_of_the_specification_is_the_table_of_the_code() -> None:
    rows = [line.strip("|").split("|") for line in SPEC.splitlines() if re.match(r"\| [A-Z]\w+ \|", line)]
    told = {row[0].strip(): [cell.strip() for cell in row[1:]] for row in rows}
    assert told.keys() == RULES.keys()
    for name, rule in RULES.items():
        said = [
            ", ".join(rule.rooms),
            rule.power or "",
            "joint" if rule.joint else "",
            *("yes" if flag else "" for flag in (rule.binding, rule.broken, rule.concluded)),
        ]
        assert told[name] == said, name


def test_every_rule_that_is_cited_is_written() -> None:
    texts = "".join(path.read_text() for path in (ROOT / "spec").glob("*.md"))
    written = set(re.findall(r"\*\*(R-\d+)\*\*", texts))
    files = [
        *(ROOT / "src/good_offices/talks").glob("*.py"),
        *(ROOT / "docs/decisions").glob("001*.md"),
        ROOT / "spec/rooms.md",
    ]
    cited = {rule for path in files for rule in re.findall(r"R-\d+", path.read_text())}
    assert cited <= written


def test_every_section_that_is_cited_is_written() -> None:
    for path in (ROOT / "src/good_offices/talks").glob("*.py"):
        for chapter, section in re.findall(r"spec/(\w+)\.md section (\d+)", path.read_text()):
            assert f"\n## {section}. " in (ROOT / f"spec/{chapter}.md").read_text(), (
                path.name,
                chapter,
                section,
            )
