"""Paragraphs and their markers: where a unit of a draft begins, and under which unit it stands.

This module decides layout only (spec/text.md rules 5.2 and 5.3). It never looks at brackets and drops no
character: lead, text and gap of all blocks, one after the other, are the body.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from good_offices.encoding import Record
from good_offices.text.model import Kind

_GAP: Final = re.compile(r"[ \t]*(?:\n[ \t]*)*(?:\n|\Z)")
_LINE: Final = re.compile(r"[ \t]*\S")
_LEAD: Final = re.compile(
    r"(?P<indent>[ \t]*)(?:"
    r"(?P<hashes>\#{1,6})[ \t]+(?:(?P<article>(?:Article|Annex|Статья|Приложение)[ \t]+[^\s\[\]{}\\⟦⟧*]+)[ \t]*)?"
    r"|\[\^(?P<note>[^\[\]{}\\\s⟦⟧]+)\]:[ \t]*"
    r"|(?P<marker>\d+[.)]|\d+(?:\.\d+)+[.)]?|\d+\.\d+[a-z]+:?|\([0-9a-z]{1,4}\)|[-+*•–])(?:[ \t]+|(?=\n|\Z))"
    r")?"
)
_PLAIN_HEADING: Final = re.compile(
    r"(?P<article>(?:Article|Annex|Статья|Приложение)[ \t]+[^\s\[\]{}\\⟦⟧*]+)[ \t]*", re.IGNORECASE
)
_LAYOUT: Final = re.compile(r"(?:[-*_][ \t]*){3,}|\* TOC\n\{:toc\}")
_LONGEST_HEADING: Final = 120


class Block(Record, frozen=True, kw_only=True):
    """A paragraph of a draft: `lead` + text + `gap`; places count characters of the body from 0."""

    kind: Kind
    label: str
    indent: int
    level: int
    start: int
    text_at: int
    gap_at: int
    lead: str
    gap: str


def blocks_of(body: str, form: Literal["md", "txt"]) -> tuple[Block, ...]:
    """Return the paragraphs of `body` in order; none if it is blank."""
    blocks: list[Block] = []
    at = _front(body)
    headed = False
    while at < len(body):
        end = _end(body, at)
        gap_at = at + len(body[at:end].rstrip(" \t\n"))
        block = _block(body, at, gap_at, end, form, headed=headed)
        headed = headed or block.kind in ("article", "heading", "annex")
        blocks.append(block)
        at = end
    return tuple(blocks)


def _front(body: str) -> int:
    """Return where the first line with text begins."""
    text = len(body) - len(body.lstrip(" \t\n"))
    return body.rfind("\n", 0, text) + 1 if text < len(body) else text


def _end(body: str, at: int) -> int:
    """Return where the next paragraph begins: the first line with text after a blank line."""
    blank = re.compile(r"\n[ \t]*(?=\n|\Z)").search(body, at)
    if not blank:
        return len(body)
    text = re.compile(r"[^ \t\n]").search(body, blank.end())
    return body.rfind("\n", 0, text.start()) + 1 if text else len(body)


def _block(body: str, at: int, gap_at: int, end: int, form: str, *, headed: bool) -> Block:
    """Return one paragraph with its marker and kind."""
    match = _LEAD.match(body, at, gap_at)
    assert match is not None  # every part of the pattern is optional
    lead, text = match[0], body[at:gap_at]
    indent = len(match["indent"].expandtabs(4))
    label = match["article"] or match["note"] or match["marker"] or ""
    kind: Kind = "paragraph" if headed else "recital"
    level = len(match["hashes"] or "")
    plain = _PLAIN_HEADING.fullmatch(text) if form == "txt" and len(text) < _LONGEST_HEADING else None
    if _LAYOUT.fullmatch(text):
        kind, lead, label = "layout", match["indent"], ""
    elif form == "txt" and level:
        lead, label, level = match["indent"], "", 0
    elif plain:
        kind, lead, label, level = _heading(plain["article"]), plain[0], plain["article"], 1
    elif level:
        kind = _heading(label)
    elif match["note"]:
        kind = "note"
    elif match["marker"]:
        kind = "subparagraph" if indent > 0 or label[0] == "(" else "paragraph"
    return Block(
        kind=kind,
        label=label.strip(),
        indent=indent,
        level=level,
        start=at,
        text_at=at + len(lead),
        gap_at=gap_at,
        lead=lead,
        gap=body[gap_at:end],
    )


def _heading(label: str) -> Kind:
    """Return the kind of a heading by its label."""
    if not label:
        return "heading"
    return "annex" if label.lower().startswith(("annex", "приложение")) else "article"


def parents_of(blocks: tuple[Block, ...]) -> list[int]:
    """Return for each block the number (from 1) of the block it stands under, 0 for none.

    A heading stands under the nearest heading of fewer hashes; a paragraph under the nearest marked paragraph
    with less indentation, or else under the last heading.
    """
    parents: list[int] = []
    headings: list[tuple[int, int]] = []  # level, number
    above: list[tuple[int, int]] = []  # indentation, number
    for number, block in enumerate(blocks, 1):
        if block.level:
            headings = [one for one in headings if one[0] < block.level]
            parents.append(headings[-1][1] if headings else 0)
            headings.append((block.level, number))
            above = []
        elif block.kind in ("note", "layout"):
            parents.append(0)
        else:
            above = [one for one in above if one[0] < block.indent]
            parents.append(above[-1][1] if above else headings[-1][1] if headings else 0)
            if block.label:
                above.append((block.indent, number))
    return parents
