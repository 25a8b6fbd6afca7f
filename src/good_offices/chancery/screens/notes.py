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
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk.provisions import called
from good_offices.locale import _


def show(visit: Visit) -> Response:
    """Show the general note, the notes on provisions, and the note that was asked for."""
    desk = visit.desk
    texts = desk.talks.plenary.texts
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
            (name, title_of(text)[1], called(text.instrument, language), text) for name, text in texts.items()
        ],
    )


def keep(visit: Visit) -> Response:
    """Keep a note; an empty one is destroyed."""
    text, unit = visit.field("text") or kept.GENERAL, visit.field("unit") or kept.GENERAL
    if unit != kept.GENERAL or text != kept.GENERAL:
        visit.desk.talks.plenary.texts[text].instrument.unit(
            unit
        ) if text in visit.desk.talks.plenary.texts else None
    words = str(visit.form.get("words", "")).replace("\r\n", "\n")
    kept.keep_note(visit.desk, text, unit, words)
    said = _("Kept sealed at this desk, {time}").format(time=clock(int(time.time() * 1000)))
    if "json" in visit.request.headers.get("accept", ""):
        return JSONResponse({"kept": said})
    return visit.go("/notes", said)


ROUTES: Final = (get("/notes", show), post("/notes", keep))
