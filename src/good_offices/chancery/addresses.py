"""Where on the screens an act is found.

This module decides the address behind an act's line. It never decides whether the act is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

_PLACES: Final = {
    "agenda": "/agenda",
    "modalities": "/agenda#modalities",
    "course": "/agenda#course",
    "conditions": "/meetings/conditions",
    "meetings": "/meetings",
    "sounding": "/soundings",
    "outcome": "/signature",
    "people": "/people",
    "groups": "/groups",
    "keys": "/people",
    "consent": "/caucus/consent",
    "record": "/record",
    "unreadable": "/record",
}


def of(subject: str, *, index: int, text: str = "", unit: str = "", room: str = "plenary") -> str:
    """Return the address of an act by what it is about (`clerk.rooms_view.subject`)."""
    if subject == "text":
        place = texts("plenary" if room == "caucus" else room)
        return f"{place}/{text}#unit-{unit}" if text and unit else f"{place}/{text}" if text else place
    return _PLACES.get(subject) or in_room(room, index)


def texts(room: str) -> str:
    """Return the address of the texts of a room: of the plenary, or of the group with this id."""
    return "/text" if room == "plenary" else f"/groups/{room}/text"


def in_room(room: str, index: int) -> str:
    """Return the address of an entry in its room, on the page of the room on which it stands."""
    return (
        f"/{room}?at={index}#e{index}"
        if room in ("plenary", "caucus")
        else f"/groups/{room}?at={index}#e{index}"
    )


def of_entry(entry: Mapping[str, Any], room: str = "plenary") -> str:
    """Return the address of an entry as `clerk.rooms_view.told` tells it."""
    return of(
        str(entry["kind"]),
        index=int(entry["index"]),
        text=str(entry.get("instrument", "")),
        unit=str(entry.get("unit", "")),
        room=room,
    )
