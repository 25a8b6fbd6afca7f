"""The text on paper: a numbered page for the browser's printer, a PDF, a Word file.

This module decides which sheet is made from what the desk knows. It never numbers a line itself: numbers are those of
`chancery.paper`, the same on every medium.

1. A sheet says which version it is, its hash and who may read it. Without a choice it is the draft with brackets, in every authentic
   language, numbered.
2. Typesetting goes on outside one's turn: whoever else uses the desk does not wait for a page.
3. Clean, a text with open points is refused; the page says what is open and where.
4. An original for signature is clean, and one is made for each delegation (the alternat): whoever keeps it stands first under it, and its language
   first in it, as far as each delegation has one (spec/paper.md section 6). No word of the text differs.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from good_offices.chancery import paper as papers
from good_offices.chancery.downloads import DOCX, PDF, download
from good_offices.chancery.paper import Imprint, Paper, alternat
from good_offices.chancery.paper.model import Form
from good_offices.chancery.screen import own_name, status_name, when
from good_offices.chancery.screens.text import each_room, which
from good_offices.chancery.text.kept import shelf
from good_offices.chancery.text.sheet import key_of
from good_offices.chancery.visit import Visit, get
from good_offices.clerk import afterwards, names, signing
from good_offices.clerk.keepers import keepers
from good_offices.clerk.provisions import state_of
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.text.brackets import open_points
from good_offices.text.model import Instrument
from good_offices.text.state import TextState

_COLUMNS: Final = 2


@dataclass(frozen=True)
class Choice:
    """What a reader asked for: form, languages in their order, numbers of lines, and whether the columns stand side by side."""

    form: Form
    languages: tuple[str, ...]
    numbered: bool
    beside: bool
    original: str = ""

    @property
    def query(self) -> str:
        """The same choice as an address says it."""
        values = {
            "form": "clean" if self.form == "clean" else "bracketed",
            "languages": ",".join(self.languages),
        }
        if not self.numbered:
            values["numbers"] = "no"
        if not self.beside:
            values["layout"] = "sequence"
        if self.original:
            values["original"] = self.original
        return urlencode(values, safe=",")


def show(visit: Visit) -> Response:
    """Show a text as it stands on paper, ready for the browser's printer."""
    text = which(visit)
    choice = chosen(visit, text)
    there = _languages(text)
    called = names.delegations(visit.desk)
    tag, title = signing.title_of(text.instrument)
    return visit.page(
        "paper.html",
        sheet=sheet(visit.desk, visit, text, choice),
        choice=choice,
        there=[(one, own_name(one)) for one in there],
        settled=not open_points(text.instrument),
        originals=[(one, called[one]) for one in visit.desk.talks.roster.expected],
        id=text.instrument.id,
        title=title,
        title_language=tag,
        digest=signing.grouped(text.instrument.digest)[:4],
        beside=choice.beside and len(choice.languages) == _COLUMNS,
    )


def pdf(visit: Visit) -> Response:
    """Return a text as a PDF."""
    text = which(visit)
    made = sheet(visit.desk, visit, text, chosen(visit, text))
    with visit.seat.turn.away():
        data = papers.pdf(made)
    return download(data, _name(made), "pdf", PDF)


def docx(visit: Visit) -> Response:
    """Return a text as a Word file."""
    text = which(visit)
    made = sheet(visit.desk, visit, text, chosen(visit, text))
    with visit.seat.turn.away():
        data = papers.docx(made)
    return download(data, _name(made), "docx", DOCX)


def certified(visit: Visit) -> Response:
    """Return, at the depositary's desk, the page of a certified copy: the text as corrected, and the words of the certificate.

    Raises:
        LocalError: `not-deposited`, `depositary-only`.
    """
    desk, text = visit.desk, which(visit)
    told = afterwards.finished_told(desk, text)
    held = desk.talks.plenary.outcomes.get(text.instrument.id)
    if held is None or not held.deposited:
        raise LocalError("not-deposited", instrument=text.instrument.id)
    if not told["may"]["certify"]:
        raise LocalError("depositary-only", name=keepers(desk).get(held.depositary, held.depositary))
    words = afterwards.certificate_lines(
        desk, text, visit.query.get("words", ""), visit.query.get("place", ""), visit.query.get("date", "")
    )
    made = sheet(
        desk,
        visit,
        text,
        Choice(form="clean", languages=text.instrument.authentic, numbered=False, beside=False),
        closing=tuple(words),
        instrument=afterwards.corrected_instrument(desk, text),
    )
    with visit.seat.turn.away():
        data = papers.pdf(made)
    return download(data, _("Certified copy of {title}").format(title=_name(made)), "pdf", PDF)


def chosen(visit: Visit, text: TextState) -> Choice:
    """Return what the address asks for; what it leaves out, and what there is not, is as in rule 1."""
    query = visit.request.query_params
    asked = [one for value in query.getlist("languages") for one in value.split(",")]
    there = _languages(text)
    everyone = visit.desk.talks.roster.expected
    original = query.get("original", "")
    original = original if original in everyone else ""
    own = alternat.languages(text.instrument.authentic, everyone, original)
    languages = tuple(dict.fromkeys(one for one in asked if one in there)) or own
    return Choice(
        original=original,
        form="clean" if original or query.get("form") == "clean" else "draft",
        languages=languages,
        numbered=query.get("numbers", "yes") != "no",
        beside=query.get("layout", "columns") != "sequence",
    )


def sheet(
    desk: Desk,
    visit: Visit,
    text: TextState,
    choice: Choice,
    *,
    closing: tuple[str, ...] = (),
    instrument: Instrument | None = None,
) -> Paper:
    """Return the sheet of a text (rule 1), or of `instrument` in its place; `closing` are the words of a certificate under it.

    Raises:
        LocalError: `brackets-remain` (rule 3).
    """
    kept = shelf(desk)
    kept.read(desk.common.readings, visit.seat.lines(desk.common))
    changes = kept.chronicle.changes.get(key_of(text, visit.room), [])
    version = _("Version {number}").format(number=len(changes))
    if changes:
        version += _(", entry {index}").format(index=changes[-1].index)
    called = names.delegations(desk)
    if choice.original:
        version += _(", original of {name}").format(name=called[choice.original])
    now = int(time.time() * 1000)
    imprint = Imprint(
        talks=_("Talks between {names}").format(
            names=", ".join(called[one] for one in desk.talks.roster.expected)
        ),
        version=version,
        made=now,
        date=when(now),
        readers=visit.readers(visit.room),
        signatories=tuple(called[one] for one in alternat.first(desk.talks.roster.expected, choice.original))
        if choice.form == "clean" and not closing
        else (),
        closing=closing,
    )
    pending: dict[str, int] = {}
    for one in text.proposals.values():
        if not one.fate:
            pending[one.unit] = pending.get(one.unit, 0) + 1

    def status(unit: str) -> str:
        return status_name(state_of(text, text.instrument.unit(unit), range(pending.get(unit, 0))))

    return papers.paper(
        instrument or text.instrument,
        imprint,
        choice.languages,
        form=choice.form,
        layout="columns" if choice.beside else "sequence",
        numbered=choice.numbered,
        status=status if choice.form == "draft" else lambda _unit: "",
        names=called,
    )


def _languages(text: TextState) -> tuple[str, ...]:
    """Return the languages in which a text has words: the authentic ones in their order, then the others."""
    authentic = text.instrument.authentic
    others = {tag for unit in text.instrument.units for tag in unit.texts} - set(authentic)
    return (*authentic, *sorted(others))


def _name(made: Paper) -> str:
    """Return the name of a file: title, version, languages."""
    title = made.languages[0].title or made.imprint.talks
    form = _("clean") if made.form == "clean" else _("draft")
    parts: list[Any] = [title, form, made.imprint.version, "-".join(one.tag for one in made.languages)]
    return ", ".join(parts)


ROUTES: Final = (
    *each_room(get, "/text/{text}/paper", show),
    *each_room(get, "/text/{text}/paper.pdf", pdf),
    *each_room(get, "/text/{text}/paper.docx", docx),
    get("/text/{text}/certified.pdf", certified),
)
