"""Since you left: what came while a member was away, by subject.

This module decides what counts as a change and under which heading it stands. It never shortens what others did: void
acts and those without effect are told with the others. One's own acts, done at this desk, are not news.

1. Subjects stand in one order, with the acts of each in the order of the record.
2. The work of desks (keys for a room) is no news for people.
3. After a long absence the newest `MANY` acts of each record are told; what came before them stands in the rooms.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from good_offices.clerk.authors import Authors
from good_offices.clerk.pending import room_of
from good_offices.clerk.rooms_view import subject, told
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line

MANY: Final = 150
SUBJECTS: Final = (
    "course",
    "urgent",
    "text",
    "agenda",
    "meetings",
    "groups",
    "sounding",
    "said",
    "outcome",
    "people",
    "caucus",
)
_HEADINGS: Final = {
    "statement": "said",
    "note": "said",
    "incident": "urgent",
    "public": "said",
    "annex": "said",
    "letter": "said",
    "modalities": "agenda",
    "conditions": "meetings",
    "record": "outcome",
    "unreadable": "outcome",
}


def changes(
    desk: Desk, common: Sequence[Line], caucus: Sequence[Line], since: dict[str, int]
) -> dict[str, list[dict[str, Any]]]:
    """Return what others did beyond `since`, how many entries of each register were read, by subject (rule 1)."""
    authors = Authors(desk)
    found: dict[str, list[dict[str, Any]]] = {name: [] for name in SUBJECTS}
    for room, book, lines in (("plenary", desk.common, common), ("caucus", desk.caucus, caucus)):
        fresh = [
            line
            for line in lines[since[book.ledger.register] :]
            if line.act is not None
            and line.act.author != desk.certificate
            and subject(line.act.event) != "keys"
        ]
        rooms = {line.index: room_of(desk, line) if room == "plenary" else room for line in fresh[-MANY:]}
        for one in told(desk, room, fresh[-MANY:], authors):
            heading = "caucus" if room == "caucus" else _heading(one)
            found[heading].append(one | {"room": rooms[one["index"]]})
    return {name: entries for name, entries in found.items() if entries}


def _heading(entry: dict[str, Any]) -> str:
    """Return the subject under which an entry stands."""
    if entry.get("urgent"):
        return "urgent"
    kind = str(entry["kind"])
    return _HEADINGS.get(kind, kind)
