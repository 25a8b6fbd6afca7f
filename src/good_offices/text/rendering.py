"""A text as people read it: provisions in notation or clean, a whole draft as Markdown or plain text.

This module decides presentation only (spec/text.md section 11). What it prints is never parsed back into a text of
the talks: proposals come in by `notation.parse`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Literal

from good_offices.errors import LocalError
from good_offices.text.brackets import open_points, placeholders
from good_offices.text.model import Instrument, NoteRef, Runs, Unit, Words, name_of
from good_offices.text.notation import print_attributions, print_runs

_HEADINGS: Final = frozenset({"heading", "article", "annex"})
_LISTED: Final = re.compile(r"\d+[.)]|[-+*]")

__all__ = ["clean", "notation", "print_attributions", "render"]


def notation(unit: Unit, language: str, *, names: Mapping[str, str] | None = None) -> str:
    """Return a unit's text in the notation of section 4.

    Raises:
        LocalError: `language-missing`.
    """
    return print_runs(_runs(unit, language), names=names)


def clean(unit: Unit, language: str) -> str:
    """Return a unit's text without any bracket, note marks as [1] (rule 11.2).

    Raises:
        LocalError: `language-missing`; `brackets-remain` if it has slots or placeholders.
    """
    runs = _runs(unit, language)
    blanks = placeholders(runs)
    if unit.slots or blanks:
        raise LocalError("brackets-remain", slots=len(unit.slots), placeholders=blanks, where=name_of(unit))
    marks = [
        run.text if isinstance(run, Words) else f"[{run.note}]"
        for run in runs
        if isinstance(run, Words | NoteRef)
    ]
    return "".join(marks)


def render(
    instrument: Instrument,
    language: str,
    form: Literal["md", "txt"],
    *,
    final: bool = False,
    names: Mapping[str, str] | None = None,
) -> str:
    """Return the whole text in one language with its labels; `final` refuses open brackets (rule 11.3).

    Units without text in this language are shown as such, so that nothing goes missing unseen.

    Raises:
        LocalError: `brackets-remain`.
    """
    if final:
        _settled(instrument)
    depths: dict[str, int] = {}
    parts: list[str] = []
    title = instrument.titles.get(language, "")
    if title:
        parts.append(f"# {title}" if form == "md" else title)
    for unit in instrument.units:
        depth = depths.get(unit.parent, -1) + 1 if unit.kind not in _HEADINGS else -1
        depths[unit.id] = depth
        text = _text(unit, language, final=final, names=names)
        parts.append(_placed(unit, text, depth, form))
    return "\n\n".join(parts) + "\n"


def _settled(instrument: Instrument) -> None:
    """Refuse a text with open points."""
    points = open_points(instrument)
    if points:
        raise LocalError(
            "brackets-remain",
            slots=sum(point.slots for point in points.values()),
            placeholders=sum(point.placeholders for point in points.values()),
            where=", ".join(name_of(instrument.unit(unit)) for unit in list(points)[:5]),
        )


def _text(unit: Unit, language: str, *, final: bool, names: Mapping[str, str] | None) -> str:
    """Return the text of a unit, or a line that says it has none."""
    if language not in unit.texts:
        return f"({language}: -)"
    if final:
        return clean(unit, language)
    return print_runs(unit.texts[language], names=names, outside="[]", words=str)


def _placed(unit: Unit, text: str, depth: int, form: Literal["md", "txt"]) -> str:
    """Return a unit's text behind its label, indented under its parent."""
    if unit.kind in _HEADINGS:
        line = " ".join(part for part in (unit.label, text) if part)
        return f"## {line}" if form == "md" else line
    indent = "    " * max(depth, 0)
    if unit.kind == "note":
        return f"{indent}[^{unit.label}]: {text}"
    label = unit.label if form == "txt" or _LISTED.fullmatch(unit.label) else unit.label.replace("*", r"\*")
    return indent + (f"{label} {text}" if label else text)


def _runs(unit: Unit, language: str) -> Runs:
    """Return the runs of a unit in a language."""
    if language not in unit.texts:
        raise LocalError("language-missing", unit=name_of(unit), language=language)
    return unit.texts[language]
