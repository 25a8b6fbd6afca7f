"""The record, entry by entry, with the verdict on each act, as plain values.

This module decides what is told of an entry. Void acts and acts without effect are told like all others, with their
sentence: what somebody tried is part of the record.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk import names
from good_offices.clerk.joining import Joining
from good_offices.clerk.outcome_view import powers_state
from good_offices.clerk.plain import plain, verdict_of
from good_offices.clerk.register_view import aside
from good_offices.clerk.rooms_view import in_words, labels
from good_offices.desk.desk import Desk
from good_offices.desk.record import Book, Line
from good_offices.talks.events_plenary import (
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
)


def entries(
    desk: Desk, room: str | None = None, first: int = 0, *, everything: bool = False
) -> list[dict[str, Any]]:
    """Return the acts of a room, else of all, from an entry on; with `everything` also entries that hold no act."""
    rooms = {identity: name for name, identity in desk.rooms.items()}
    # Those of a group are under its id: `goodoffices room list` says which it is.
    rooms |= {one: one for one in desk.talks.plenary.groups.rooms}
    books: list[Book[Any]] = (
        [desk.caucus] if room == "caucus" else [desk.common] if room else [desk.common, desk.caucus]
    )
    found = []
    for book in books:
        joined = Joining(desk, book.lines(0) if book is desk.common else ())
        for line in book.lines(first):
            where = rooms.get(line.verdict.room, "caucus" if book is desk.caucus else "")
            if (line.act or line.paper or everything) and room in (None, where):
                found.append(entry(desk, line, where, joined))
    return found


def entry(desk: Desk, line: Line, room: str, joined: Joining) -> dict[str, Any]:
    """Return one entry: where, when, who, what in values and in words, and the verdict."""
    delegation, member = names.author(desk, line.act.author) if line.act else ("", "")
    event = line.act.event if line.act else None
    produced = names.hash_of(line.act) if isinstance(event, FullPowersProduced) else b""
    produced = (
        event.produced if isinstance(event, FullPowersFoundInOrder | FullPowersFoundNotInOrder) else produced
    )
    held = desk.talks.plenary.powers.get(produced.hex())
    return {
        "index": line.index,
        "time_ms": line.leaf.time_ms,
        "kind": line.kind,
        "room": room,
        "act": names.hash_of(line.act) if line.act else None,
        "delegation": delegation,
        "author": member,
        "claimed_ms": line.act.time if line.act else None,
        "event": line.act.event.name if line.act else None,
        "what": plain(line.act.event) if line.act else None,
        "words": in_words(desk, line.act.event, labels(desk, line.verdict.room), joined(line))
        if line.act
        else aside(line) or None,
        "powers": powers_state(desk, held) if held else None,
        **verdict_of(line.verdict),
    }


def arrived(desk: Desk, line: Line) -> dict[str, Any]:
    """Return in short an act that has come: entry, author, its line in words, and the status of its verdict."""
    assert line.act is not None
    delegation, member = names.author(desk, line.act.author)
    words = in_words(desk, line.act.event, labels(desk, line.verdict.room), Joining(desk)(line))
    data = {"index": line.index, "delegation": delegation, "author": member, "words": words}
    return data | {"status": line.verdict.status}
