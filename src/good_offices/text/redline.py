"""The difference between two texts, for display only. See spec/text.md section 12.

This module decides what is shown as struck out and put in. No rule of the talks depends on it.

1. A text is cut into tokens: runs of letters with their marks and inner apostrophes, whole numbers with their
   separators, and every other character by itself. A word of any script is never split, and 15 never becomes 115
   by one digit.
2. Without the inserted segments the old text remains, without the deleted ones the new: character for character.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

from rapidfuzz.distance import LCSseq

from good_offices.encoding import Record
from good_offices.text.importing import Draft
from good_offices.text.notation import print_runs

Change: TypeAlias = Literal["equal", "delete", "insert"]

# [^\W\d_] is any letter; marks (U+0300...) are no \w in `re`, so they are named: a letter never loses its accent.
_MARK: Final = "[\u0300-\u036f\u0483-\u0487\u064b-\u065f\u0670\u06d6-\u06ed\u0900-\u0903\u093a-\u094f\u1ab0-\u1aff\u20d0-\u20ff]"
_LETTER: Final = rf"(?:[^\W\d_]|{_MARK})"
_TOKEN: Final = re.compile(rf"{_LETTER}+(?:['’]{_LETTER}+)*|\d+(?:[.,\u0020\u00a0\u202f]\d+)*|.", re.DOTALL)
_CONTEXT: Final = 3
_OPENING: Final = 8  # tokens: four words and the spaces between them
_REACH: Final = 120


class Segment(Record, frozen=True, kw_only=True):
    """A piece of text that is in both, only in the old, or only in the new."""

    change: Change
    text: str


class Altered(Record, frozen=True, kw_only=True):
    """A paragraph of two drafts: its place in the old and in the new (from 1, 0 if absent) and its segments."""

    old: int
    new: int
    segments: tuple[Segment, ...]


def tokens_of(text: str) -> list[str]:
    """Return the tokens of rule 1; joined they are the text."""
    return _TOKEN.findall(text)


def redline(old: str, new: str) -> tuple[Segment, ...]:
    """Return the segments that lead from `old` to `new`; deletions stand before insertions."""
    if old == new:
        return (Segment(change="equal", text=old),) if old else ()
    before, after = tokens_of(old), tokens_of(new)
    out: list[tuple[str, str]] = []
    for operation in LCSseq.opcodes(before, after):
        source = "".join(before[operation.src_start : operation.src_end])
        target = "".join(after[operation.dest_start : operation.dest_end])
        pieces = [("equal", source)] if operation.tag == "equal" else [("delete", source), ("insert", target)]
        out += [(change, text) for change, text in pieces if text]
    return tuple(Segment(change=_known(change), text=text) for change, text in _bridged(out))


def _known(change: str) -> Change:
    """Return the change as its type."""
    return "equal" if change == "equal" else "delete" if change == "delete" else "insert"


def _bridged(segments: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return the segments with lone spaces between two changes taken into the change.

    "210 days" for "180 or 240 days" reads as one replacement, not as two that keep a space.
    """
    out: list[tuple[str, str]] = []
    deleted = inserted = ""
    for place, (change, text) in enumerate(segments):
        if change == "delete":
            deleted += text
        elif change == "insert":
            inserted += text
        elif (deleted or inserted) and place + 1 < len(segments) and text.isspace():
            deleted, inserted = deleted + text, inserted + text
        else:
            out += [(kind, part) for kind, part in (("delete", deleted), ("insert", inserted)) if part]
            out.append((change, text))
            deleted = inserted = ""
    return out + [(kind, part) for kind, part in (("delete", deleted), ("insert", inserted)) if part]


def rejected(segments: tuple[Segment, ...]) -> str:
    """Return the old text: everything but the insertions."""
    return "".join(segment.text for segment in segments if segment.change != "insert")


def accepted(segments: tuple[Segment, ...]) -> str:
    """Return the new text: everything but the deletions."""
    return "".join(segment.text for segment in segments if segment.change != "delete")


def in_words(segments: tuple[Segment, ...]) -> tuple[str, ...]:
    """Return the changes as sentences: `180 or 240 becomes 210`, `after "the": added "full"`."""
    out: list[str] = []
    before = ""
    place = 0
    while place < len(segments):
        segment = segments[place]
        following = segments[place + 1] if place + 1 < len(segments) else None
        if segment.change == "delete" and following and following.change == "insert":
            out.append(f"{segment.text.strip()} becomes {following.text.strip()}")
            place += 1
        elif segment.change != "equal":
            context = " ".join(before.split()[-_CONTEXT:])
            where = f'after "{context}": ' if context else "at the beginning: "
            verb = "removed" if segment.change == "delete" else "added"
            out.append(f'{where}{verb} "{segment.text.strip() or segment.text}"')
        before += segment.text
        place += 1
    return tuple(out)


def redline_drafts(old: Draft, new: Draft) -> tuple[Altered, ...]:
    """Return every paragraph of two drafts with its changes (rule 12.4).

    Equal paragraphs are matched first, then between them those that begin with the same words, then the rest in
    order: a long draft costs little more than its changes.
    """
    before, after = paragraphs(old), paragraphs(new)
    matched = _matched(before, after, range(len(before)), range(len(after)))
    starts = [["".join(tokens_of(text[:_REACH])[:_OPENING]) for text in texts] for texts in (before, after)]
    out: list[Altered] = []
    for sources, same, targets in _gaps(matched, len(before), len(after)):
        alike = _matched(starts[0], starts[1], sources, targets)
        shifted = [(one - sources.start, two - targets.start) for one, two in alike]
        for olds, pair, news in _gaps(shifted, len(sources), len(targets)):
            for step in range(max(len(olds), len(news))):
                source = sources[olds[step]] if step < len(olds) else None
                target = targets[news[step]] if step < len(news) else None
                out.append(_altered(before, after, source, target))
            if pair:
                out.append(_altered(before, after, sources[pair[0]], targets[pair[1]]))
        if same:
            out.append(_altered(before, after, *same))
    return tuple(out)


def _matched(before: list[str], after: list[str], sources: range, targets: range) -> list[tuple[int, int]]:
    """Return the places of equal texts in two ranges, rising on both sides."""
    old, new = [before[place] for place in sources], [after[place] for place in targets]
    return [
        (sources[operation.src_start + step], targets[operation.dest_start + step])
        for operation in LCSseq.opcodes(old, new)
        if operation.tag == "equal"
        for step in range(operation.src_end - operation.src_start)
    ]


def _gaps(
    matched: list[tuple[int, int]], old: int, new: int
) -> Iterator[tuple[range, tuple[int, int] | None, range]]:
    """Yield what stands before each match, the match, and at last what stands behind all."""
    source = target = 0
    for one, two in matched:
        yield range(source, one), (one, two), range(target, two)
        source, target = one + 1, two + 1
    yield range(source, old), None, range(target, new)


def _altered(before: list[str], after: list[str], source: int | None, target: int | None) -> Altered:
    """Return one paragraph with its segments."""
    old, new = before[source] if source is not None else "", after[target] if target is not None else ""
    return Altered(
        old=0 if source is None else source + 1,
        new=0 if target is None else target + 1,
        segments=redline(old, new),
    )


def paragraphs(draft: Draft) -> list[str]:
    """Return the paragraphs of a draft as printed: marker and text, without layout."""
    return [
        unit.block.lead.strip()
        + (" " if unit.block.lead.strip() else "")
        + print_runs(unit.runs, outside="[]", words=str)
        for unit in draft.units
    ]
