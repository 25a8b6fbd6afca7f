"""The room screen: the text on a wall, and nothing else.

This module decides what may be projected: words that all delegations have, as they stand; of a group (`of`), that its readers have.
Nothing private is on it: no notes, no drafts, no menu, not whose desk it is, no choice of a reader, no mark of what is new to one.
"""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from starlette.responses import Response

from good_offices import locale
from good_offices.chancery.screens.text import title_of
from good_offices.chancery.text.cells import cell, readable, redlined
from good_offices.chancery.text.sheet import languages_of
from good_offices.chancery.visit import Visit, get
from good_offices.clerk import groups_view, names
from good_offices.clerk.provisions import called, state_of
from good_offices.desk.desk import Desk
from good_offices.text.model import Unit
from good_offices.text.state import TextState


def show(visit: Visit) -> Response:
    """Show a text, or one provision of it with what is proposed."""
    desk = visit.desk
    asked = {one: visit.query[one] for one in ("of", "text", "unit") if one in visit.query}
    again = f"/room?{urlencode(asked | {'itself': '1'})}"
    room = visit.query.get("of", groups_view.PLENARY)
    groups_view.check_reads(desk, room)
    texts = names.state(desk, room).texts
    name = visit.query.get("text") or next(iter(sorted(texts)), None)
    if name is None:
        return visit.page(
            "room.html",
            again=again,
            text=None,
            title="",
            title_language=locale.language(),
            rows=[],
            tongues=(),
            before=None,
            after=None,
            one=None,
        )
    text = names.text_named(names.state(desk, room), name)
    units = [one for one in text.instrument.units if one.kind != "layout"]
    place = next((at for at, one in enumerate(units) if one.id == visit.query.get("unit")), None)
    shown = units if place is None else [units[place]]
    language, title = title_of(text)
    return visit.page(
        "room.html",
        again=again,
        itself=f"/room?{urlencode({'text': name} | ({} if room == groups_view.PLENARY else {'of': room}))}",
        text=text,
        title=title,
        title_language=language,
        tongues=languages_of(text),
        rows=[_row(desk, text, one, alone=place is not None) for one in shown],
        one=place,
        before=units[place - 1].id if place else None,
        after=units[place + 1].id if place is not None and place + 1 < len(units) else None,
        first=units[0].id if units else None,
    )


def _row(desk: Desk, text: TextState, unit: Unit, *, alone: bool) -> dict[str, Any]:
    """Return what is projected of a provision."""
    parties = names.delegations(desk)
    pending = [one for one in text.proposals.values() if one.unit == unit.id and not one.fate]
    return {
        "id": unit.id,
        "name": called(text.instrument, locale.language())[unit.id],
        "state": state_of(text, unit, pending),
        "is_heading": unit.kind in ("heading", "article", "annex"),
        "cells": {one: cell(runs, parties) for one, runs in unit.texts.items()},
        "proposals": [
            {
                "name": one.package or one.id,
                "by": parties.get(one.party, one.party),
                "condition": one.condition,
                "lines": {
                    tongue: redlined(readable(unit.texts.get(tongue, ()), parties), readable(runs, parties))
                    for tongue, runs in one.texts.items()
                },
            }
            for one in (pending if alone else ())
        ],
    }


ROUTES: Final = (get("/room", show),)
