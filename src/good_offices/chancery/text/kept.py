"""What a desk keeps for its own reader of texts: drafts, private notes, choices of view, what has been looked at.

This module decides under which names that lies in the desk's sealed storage. None of it is ever sent, and none of it
stands in the browser's own storage.

1. A text is named by its id, one of a group by the group's id before it (`clerk.provisions.in_room`): the same id may be on the table
   of several rooms. Neither holds a slash, so that no two of these names are one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from good_offices.clerk.outbound import Repeated, leaving, told
from good_offices.clerk.provisions import Chronicle
from good_offices.desk.desk import Desk

if TYPE_CHECKING:
    from good_offices.chancery.seat import Seat

_DRAFT: Final = "draft/{text}/{unit}"
_NOTE: Final = "private-note/{text}/{unit}"
_VIEW: Final = "text-view/{text}"
_SEEN: Final = "text-seen/{text}"
GENERAL: Final = "~"


class Shelf:
    """What is kept in memory for an open desk, and forgotten with it: rows as they were written, and readings."""

    def __init__(self, plenary: str) -> None:
        """Begin with nothing but the id of the plenary."""
        self.readings = 0
        self.chronicle = Chronicle(plenary)
        self.rows: dict[tuple[Any, ...], Any] = {}
        self.things: dict[str, Any] = {}

    def read(self, readings: int, lines: list[Any]) -> None:
        """Take up what is new in the record; all of it again, if it was judged anew."""
        if readings != self.readings:
            self.__dict__.update(Shelf(self.chronicle.plenary).__dict__, readings=readings)
        self.chronicle.read(lines)


# Keyed by the desk itself: a desk that is locked is let go, and with it every word that was kept here.
_SHELVES: Final[WeakKeyDictionary[Desk, Shelf]] = WeakKeyDictionary()


def shelf(desk: Desk) -> Shelf:
    """Return the shelf of an open desk."""
    if desk not in _SHELVES:
        _SHELVES[desk] = Shelf(desk.rooms["plenary"])
    return _SHELVES[desk]


def _read(desk: Desk, name: str) -> dict[str, Any]:
    """Return a kept record; empty if there is none."""
    data = desk.storage.get(name)
    found: dict[str, Any] = json.loads(data) if data else {}
    return found


def _write(desk: Desk, name: str, value: dict[str, Any]) -> None:
    """Keep a record, sealed, on the disk when this returns; an empty one is destroyed."""
    if value:
        desk.storage.put(name, json.dumps(value, ensure_ascii=False).encode())
    elif desk.storage.get(name) is not None:
        desk.storage.remove(name)


def draft(desk: Desk, text: str, unit: str) -> dict[str, Any]:
    """Return the draft on a provision: `base`, `over`, `words`, `condition`, `time`; empty if there is none."""
    return _read(desk, _DRAFT.format(text=text, unit=unit))


def keep_draft(desk: Desk, text: str, unit: str, value: dict[str, Any]) -> None:
    """Keep a draft, or destroy it."""
    _write(desk, _DRAFT.format(text=text, unit=unit), value)


def drafts(desk: Desk, text: str) -> set[str]:
    """Return the provisions of a text on which a draft lies at this desk."""
    prefix = _DRAFT.format(text=text, unit="")
    found = {name.removeprefix(prefix) for name in desk.storage.names(prefix)}
    return {unit for unit in found if "/" not in unit}


def note(desk: Desk, text: str, unit: str) -> str:
    """Return the private note on a provision, or the general one."""
    return str(_read(desk, _NOTE.format(text=text, unit=unit)).get("words", ""))


def keep_note(desk: Desk, text: str, unit: str, words: str) -> None:
    """Keep a private note; an empty one is destroyed."""
    _write(desk, _NOTE.format(text=text, unit=unit), {"words": words} if words.strip() else {})


def notes(desk: Desk) -> dict[tuple[str, str], str]:
    """Return all private notes of this desk by text and provision."""
    prefix = _NOTE.partition("{")[0]
    found = {}
    for name in desk.storage.names(prefix):
        text, _, unit = name.removeprefix(prefix).rpartition("/")
        found[(text, unit)] = note(desk, text, unit)
    return found


def warnings(seat: Seat, room: str, words: Iterable[str]) -> list[str]:
    """Return a warning for each passage that `repeated` finds."""
    return told(seat.desk, repeated(seat, room, words))


def repeated(seat: Seat, room: str, words: Iterable[str]) -> list[Repeated]:
    """Return the passages of words about to go into a room that stand in private or in a group (`clerk.outbound`)."""
    desk = seat.desk
    return leaving(
        desk,
        room,
        words,
        caucus=seat.lines(desk.caucus),
        common=lambda: seat.lines(desk.common),
        notes=notes(desk).values(),
    )


def view(desk: Desk, text: str) -> dict[str, Any]:
    """Return how the reader wants to see a text: `counts`, `languages`, `lines` (are they numbered?)."""
    return _read(desk, _VIEW.format(text=text))


def keep_view(desk: Desk, text: str, value: dict[str, Any]) -> None:
    """Keep how the reader wants to see a text."""
    _write(desk, _VIEW.format(text=text), value)


def looked(desk: Desk, text: str) -> dict[str, str]:
    """Return how each provision stood when the reader last said that it was read."""
    return _read(desk, _SEEN.format(text=text))


def keep_looked(desk: Desk, text: str, marks: dict[str, str]) -> None:
    """Keep how each provision stands now as read."""
    _write(desk, _SEEN.format(text=text), marks)
