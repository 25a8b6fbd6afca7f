"""What an act makes of words, as a page shows it before somebody puts a name to it.

This module decides how changed words and fixed words look: the same wherever an act is accepted, confirmed or prepared.
"""

from __future__ import annotations

from typing import Any

from good_offices.chancery import addresses
from good_offices.chancery.text.cells import cell, told
from good_offices.clerk import names, pending
from good_offices.clerk.fixed import fixed, whole_text
from good_offices.clerk.provisions import Called, called
from good_offices.clerk.signing import grouped
from good_offices.desk.desk import Desk
from good_offices.locale import _, language


def in_full(desk: Desk, event: Any, room: str = "plenary") -> dict[str, Any]:
    """Return all the words that somebody has to read before an event is accepted, by the names that the templates use."""
    whole = whole_text(desk, event, room)
    return {
        "changes": redlines(desk, event, room),
        "fixed": as_they_stand(desk, event, room),
        "whole": whole
        and whole
        | {
            "groups": " ".join(grouped(whole["digest"])),
            "place": f"{addresses.texts(room)}/{whole['text']}",
        },
    }


def redlines(desk: Desk, event: Any, room: str = "plenary") -> list[dict[str, Any]]:
    """Return what an event would make of the words, by provision and language; what stays is left out."""
    name = getattr(event, "instrument", "")
    text = names.state(desk, room).texts.get(name) if isinstance(name, str) else None
    known = called(text.instrument, language()) if text else {}
    other = Called("", "", _("New provision"))
    return [
        told(one["now"], one["then"])
        | {"unit": one["unit"], "label": known.get(one["unit"], other).whole, "language": one["language"]}
        for one in pending.foreseen(desk, event, room)
        if one["now"] != one["then"]
    ]


def as_they_stand(desk: Desk, event: Any, room: str = "plenary") -> list[dict[str, Any]]:
    """Return the provisions that an event fixes as they stand, with their words in every language as markup."""
    known = names.delegations(desk)
    return [
        one | {"cells": {tag: cell(runs, known) for tag, runs in one["texts"].items()}}
        for one in fixed(desk, event, room)
    ]
