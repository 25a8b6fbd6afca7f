"""A sheet as PDF: typeset by typst from the shipped faces alone. See spec/paper.md section 4.

This module decides what goes into the template as data. It never makes markup: no word of a text can be read as an
instruction, load a file or reach a network.

1. The same sheet gives the same bytes: the only time in it is `Imprint.made`, the only fonts are those in the wheel.
2. A letter that no shipped face has is refused, with the remedy, before anything is typeset: no page has empty boxes.
3. Two languages may stand beside each other; one, or more than two, follow one another.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from typing import Any, Final

import typst
import unicodedataplus as tables

from good_offices.chancery.paper.breaking import EM, MEASURE, widths
from good_offices.chancery.paper.model import Language, Line, Paper, Provision
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import _, language

_HERE: Final = resources.files("good_offices") / "chancery" / "paper"
_FONTS: Final = resources.files("good_offices") / "assets" / "fonts"
_SHOWN: Final = 12


def pdf(paper: Paper) -> bytes:
    """Return the sheet as a PDF for people and for programs that read aloud (PDF/UA-1; spec/paper.md section 4).

    Raises:
        LocalError: `paper-letters`, with the first letters that no shipped face has.
        OperationalError: `paper-failed`.
    """
    sheet = json.dumps(_sheet(paper), ensure_ascii=False, separators=(",", ":"))
    _check_letters(sheet)
    try:
        made = typst.compile(
            _template(),
            format="pdf",
            font_paths=_fonts(),
            sys_inputs={"sheet": sheet},
            timestamp=paper.imprint.made // 1_000,
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as failed:
        raise OperationalError("paper-failed", why=failed.message) from None
    assert isinstance(made, bytes)  # a PDF is one file
    return made


@cache
def _template() -> bytes:
    """Return the template."""
    return (_HERE / "sheet.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    """Return the shipped faces and no others."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_FONTS)])


def _check_letters(sheet: str) -> None:
    """Refuse letters that would be printed as empty boxes."""
    missing = sorted(
        one for one in set(sheet) - set(widths()) if tables.category(one) not in ("Cc", "Cf", "Mn")
    )
    if missing:
        raise LocalError("paper-letters", letters=" ".join(missing[:_SHOWN]), count=len(missing))


def _sheet(paper: Paper) -> dict[str, Any]:
    """Return what the template prints, as plain values."""
    beside = paper.layout == "columns" and len(paper.languages) == 2
    first = paper.provisions[0] if paper.provisions else None
    untitled = first is None or first.level != 1
    title = paper.languages[0].title or (_text(first, paper.languages[0].tag) if first else "")
    return {
        "lang": language(),
        "title": title or paper.imprint.talks,
        "talks": paper.imprint.talks,
        "version": paper.imprint.version,
        "digest": grouped(paper.digest),
        "date": paper.imprint.date,
        "readers": paper.imprint.readers,
        "form": paper.form,
        "layout": "columns" if beside else "sequence",
        "numbered": paper.numbered,
        "measure": MEASURE / EM,
        "missing": paper.missing,
        "untitled": untitled and all(one.title for one in paper.languages),
        "words": {
            "form": _("Draft with brackets") if paper.form == "draft" else _("Clean text"),
            "cited": _("Lines are numbered within each provision and language, on paper as on the screen."),
            "page": _("Page {page} of {pages}"),
        },
        "languages": [_language(one) for one in paper.languages],
        "provisions": _provisions(paper, beside=beside),
        "signatories": list(paper.imprint.signatories),
        "closing": list(paper.imprint.closing),
    }


def grouped(digest: bytes) -> str:
    """Return the first 8 bytes of a digest as people compare them: four groups of four figures."""
    shown = digest[:8].hex()
    return " ".join(shown[at : at + 4] for at in range(0, len(shown), 4))


def _language(one: Language) -> dict[str, Any]:
    """Return a language as typst names it: language and region apart."""
    parts = one.tag.split("-")
    region = next((part for part in parts[1:] if len(part) == 2), None)
    return {"lang": parts[0], "region": region, "rtl": one.rtl, "name": one.name, "title": one.title}


def _provisions(paper: Paper, *, beside: bool) -> list[dict[str, Any]]:
    """Return the provisions with their lines, and for each heading the step at which a reader's program lists it.

    Where a language lacks a heading, the next one below it moves up: a list of headings may not leave out a step (PDF/UA-1).
    """
    found = []
    reached = [0] * len(paper.languages)
    for one in paper.provisions:
        steps = [1] * len(reached)
        for place, spoken in enumerate(paper.languages):
            if one.level and one.lines.get(spoken.tag):
                above = max(reached) if beside else reached[place]
                steps[place] = min(one.level, above + 1, 6)
                reached = [steps[place]] * len(reached) if beside else _with(reached, place, steps[place])
        found.append(_provision(one, paper.languages) | {"steps": steps})
    return found


def _with(steps: list[int], place: int, step: int) -> list[int]:
    """Return the steps with one of them changed."""
    return [*steps[:place], step, *steps[place + 1 :]]


def _provision(one: Provision, languages: tuple[Language, ...]) -> dict[str, Any]:
    """Return a provision with its lines in the order of the languages."""
    found = [one.lines.get(spoken.tag, ()) for spoken in languages]
    looks = {piece.look for lines in found for line in lines for piece in line.pieces}
    return {
        "mark": one.mark,
        "depth": one.depth,
        "level": one.level,
        "status": one.status,
        "open": bool(looks & {"bracket", "blank"}),
        "lines": [[_line(line) for line in lines] for lines in found],
    }


def _line(line: Line) -> list[Any]:
    """Return a line's number and pieces."""
    return [line.number, [[piece.look, piece.text] for piece in line.pieces]]


def _text(provision: Provision, tag: str) -> str:
    """Return a provision's words on one line."""
    return " ".join(line.text for line in provision.lines.get(tag, ()))
