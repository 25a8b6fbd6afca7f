"""A unit's text as numbered lines: what screen, print, PDF and Word file show alike. See spec/paper.md sections 1 and 2.

This module decides which pieces a text has and how its lines are numbered. It changes no word: the pieces, one after the
other, are the text as `text.notation.print_runs` prints it for reading, but for the signs that rule 1.2 names.

1. Numbers begin at 1 in each unit and language: what is inserted elsewhere moves no number, and "5.2, line 3" is found again
   in the next version on every medium. Numbers by page would move with every word before them, and differ by language.
2. A heading has no numbers. 3. A unit without a label is cited by ¶ and its place among its like, where it has any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from good_offices.chancery.paper.breaking import MEASURE, broken
from good_offices.chancery.paper.model import Form, Line, Look, Piece
from good_offices.errors import LocalError
from good_offices.text.brackets import placeholders
from good_offices.text.model import (
    Instrument,
    NoteRef,
    Open,
    Placeholder,
    Runs,
    Unit,
    Words,
    crossing_of,
    name_of,
)
from good_offices.text.notation import print_attributions

HEADINGS: Final = frozenset({"heading", "article", "annex"})
_STARS: Final = re.compile(
    r"(?<![\w*\\])(?P<stars>\*{1,2})(?P<inside>[^\s*](?:[^*\n]*[^\s*])?)(?P=stars)(?![\w*])"
)


def lines(
    unit: Unit,
    language: str,
    *,
    form: Form = "draft",
    names: Mapping[str, str] | None = None,
    measure: int = MEASURE,
) -> tuple[Line, ...]:
    """Return the lines of a unit's text in a language; none if it has no text in it (spec/paper.md sections 1 and 2).

    `names` maps `Attribution.who` to the name to print; `measure` is in thousandths of an em.

    Raises:
        LocalError: `brackets-remain`, for the clean form of a unit with slots or placeholders.
    """
    if language not in unit.texts:
        return ()
    # A unit outlives the states it stands in, and a page shows hundreds: what was broken once is kept with it.
    kept: dict[object, tuple[Line, ...]] = unit.__dict__.setdefault("_lines", {})
    key = (language, form, measure, frozenset((names or {}).items()))
    if key not in kept:
        if form == "clean":
            _settled(unit, language)
        kept[key] = tuple(
            _numbered(pieces(unit.texts[language], names=names), unit.kind in HEADINGS, measure)
        )
    return kept[key]


def pieces(runs: Runs, *, names: Mapping[str, str] | None = None) -> tuple[Piece, ...]:
    """Return the pieces of a text in order, as they are read (spec/paper.md rule 1.2)."""
    crossing = {edge.slot for edge in crossing_of(runs)}
    out: list[Piece] = []
    stack: list[Open] = []
    closed: Open | None = None  # the variant that ends just before this run
    for run in runs:
        just, closed = closed, None
        if isinstance(run, Words):
            out.extend(_worded(run.text))
        elif isinstance(run, NoteRef):
            out.append(Piece(look="note", text=run.note))
        elif isinstance(run, Placeholder):
            out.append(Piece(look="blank", text="{" + run.text + "}"))
        elif run.slot in crossing:
            out.append(Piece(look="bracket", text="[" if isinstance(run, Open) else "]"))
        elif isinstance(run, Open):
            if just and just.slot != run.slot and not just.slash:
                out.append(Piece(look="bracket", text="|"))
            out.append(Piece(look="bracket", text=" / " if run.slash and run.variant else "["))
            stack.append(run)
        else:
            closed = stack.pop()
            out.extend(_closing(closed, names or {}))
    return tuple(out)


def _closing(opened: Open, names: Mapping[str, str]) -> Iterator[Piece]:
    """Yield who stands behind a variant, and its closing bracket where it has one."""
    by = print_attributions(opened.by, names)
    if by:
        yield Piece(look="by", text=by)
    if not opened.slash or opened.variant + 1 == opened.of:
        yield Piece(look="bracket", text="]")


def _worded(text: str) -> Iterator[Piece]:
    """Yield words, with the emphasis that stars around words give (rule 1.2)."""
    at = 0
    for match in _STARS.finditer(text):
        if match.start() > at:
            yield Piece(look="words", text=text[at : match.start()])
        yield Piece(look="strong" if len(match["stars"]) == 2 else "emphasis", text=match["inside"])
        at = match.end()
    if at < len(text):
        yield Piece(look="words", text=text[at:])


def marks(instrument: Instrument) -> dict[str, str]:
    """Return for each unit how it is cited in the margin: its label, ¶ with its place, or nothing (spec/paper.md rule 1.4)."""
    found: dict[str, str] = {}
    unlabelled: dict[str, list[str]] = {}
    for unit in instrument.units:
        found[unit.id] = unit.label.strip("*_ ")
        if not unit.label and unit.kind not in HEADINGS and unit.kind != "layout":
            unlabelled.setdefault(unit.parent, []).append(unit.id)
    for units in unlabelled.values():
        if len(units) > 1:
            found |= {unit: f"¶{place}" for place, unit in enumerate(units, 1)}
    return found


def _settled(unit: Unit, language: str) -> None:
    """Refuse a unit with open points."""
    blanks = placeholders(unit.texts[language])
    if unit.slots or blanks:
        raise LocalError("brackets-remain", slots=len(unit.slots), placeholders=blanks, where=name_of(unit))


def _numbered(whole: Sequence[Piece], heading: bool, measure: int) -> Iterator[Line]:  # noqa: FBT001
    """Yield the lines of a unit's pieces, numbered from 1 unless it is a heading."""
    number = 0
    for paragraph in _paragraphs(whole):
        text = "".join(piece.text for piece in paragraph)
        ends = broken(text, _edges(paragraph), measure)
        start = 0
        for end in ends:
            number += 1
            yield Line(
                number=0 if heading else number,
                pieces=_cut(paragraph, start, end),
                gap=_gap(text[start:end]),
                last=end == ends[-1],
            )
            start = end


def _gap(line: str) -> str:
    """Return the spaces at the end of a line."""
    return line[len(line.rstrip(" \t")) :]


def _paragraphs(whole: Sequence[Piece]) -> list[list[Piece]]:
    """Return the pieces between line ends of the text itself."""
    found: list[list[Piece]] = [[]]
    for piece in whole:
        first, *rest = piece.text.split("\n")
        for place, text in enumerate([first, *rest]):
            if place:
                found.append([])
            if text:
                found[-1].append(Piece(look=piece.look, text=text))
    return found


def _edges(paragraph: Sequence[Piece]) -> dict[int, bool]:
    """Return the places of brackets: True where one opens."""
    found: dict[int, bool] = {}
    at = 0
    for piece in paragraph:
        if piece.look == "bracket" and piece.text in ("[", "]"):
            found[at] = piece.text == "["
        at += len(piece.text)
    return found


def _cut(paragraph: Sequence[Piece], start: int, end: int) -> tuple[Piece, ...]:
    """Return the pieces between two places, without the spaces at the end of the line."""
    found: list[tuple[Look, str]] = []
    at = 0
    for piece in paragraph:
        text = piece.text[max(start - at, 0) : max(end - at, 0)]
        if text:
            found.append((piece.look, text))
        at += len(piece.text)
    while found and not found[-1][1].strip(" \t"):
        found.pop()
    if found:
        found[-1] = (found[-1][0], found[-1][1].rstrip(" \t"))
    return tuple(Piece(look=look, text=text) for look, text in found)
