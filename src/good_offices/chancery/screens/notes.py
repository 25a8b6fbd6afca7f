"""Private notes: a window of their own, for this reader alone.

This module decides what stands in that window. Nothing of it stands on any other page, and nothing is ever sent.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.responses import JSONResponse, Response

from good_offices import locale
from good_offices.chancery.screen import clock
from good_offices.chancery.screens.text import title_of
from good_offices.chancery.text import kept
from good_offices.chancery.text.sheet import key_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import groups_view, pending
from good_offices.clerk.provisions import called
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.text.state import TextState


def show(visit: Visit) -> Response:
    """Show the general note, the notes on provisions, and the note that was asked for."""
    desk = visit.desk
    texts = _texts(desk)
    held = kept.notes(desk)
    asked = (visit.query.get("text", ""), visit.query.get("unit", ""))
    known = {(text, unit) for text, one in texts.items() for unit in one.instrument.places}
    chosen = sorted({*(one for one in held if one[1] != kept.GENERAL), *([asked] if asked in known else [])})
    language = locale.language()
    return visit.page(
        "notes.html",
        general=held.get((kept.GENERAL, kept.GENERAL), ""),
        notes=[
            {
                "text": text,
                "unit": unit,
                "name": called(texts[text].instrument, language)[unit].whole
                if (text, unit) in known
                else _("A provision that is no longer in the text"),
                "words": held.get((text, unit), ""),
                "asked": (text, unit) == asked,
            }
            for text, unit in chosen
        ],
        texts=[
            (name, _title(desk, name, text), called(text.instrument, language), text)
            for name, text in texts.items()
        ],
    )


def _texts(desk: Desk) -> dict[str, TextState]:
    """Return the texts of all rooms that this desk reads, by their names among those of all rooms (`kept` rule 1)."""
    return {
        key_of(text, room): text
        for room, state in pending.states(desk).items()
        for text in state.texts.values()
    }


def _title(desk: Desk, name: str, text: TextState) -> str:
    """Return the title of a text, that of a group with the group's."""
    room, slash, _text = name.rpartition("/")
    return f"{groups_view.called(desk, room)}: {title_of(text)[1]}" if slash else title_of(text)[1]


def keep(visit: Visit) -> Response:
    """Keep a note; an empty one is destroyed."""
    text, unit = visit.field("text") or kept.GENERAL, visit.field("unit") or kept.GENERAL
    known = _texts(visit.desk)
    if text in known:
        known[text].instrument.unit(unit)
    words = str(visit.form.get("words", "")).replace("\r\n", "\n")
    kept.keep_note(visit.desk, text, unit, words)
    said = _("Kept sealed at this desk, {time}").format(time=clock(int(time.time() * 1000)))
    if "json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"kept": said})
    return visit.go("/notes", said)


ROUTES: Final = (get("/notes", show), post("/notes", keep))
