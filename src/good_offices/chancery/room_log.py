"""What was said in a room, as it stands on its page: written once for what it shows.

This module decides under which state and name the log of a room is kept. It never decides which entries stand in it: that is
`screens.rooms`; and it holds no form, because a token of the session would go stale in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import Any, Final

from markupsafe import Markup

from good_offices.chancery import addresses
from good_offices.chancery.screen import day, render
from good_offices.chancery.visit import Visit
from good_offices.clerk import rooms_view
from good_offices.clerk.authors import Authors
from good_offices.desk.record import Line

_PAPERS: Final = 12
_PAPER: Final = {"NotePassed", "LetterSent", "IncidentNotified", "InstructionsGiven"}


def room_lines(visit: Visit, room: str) -> list[Line]:
    """Return the entries of a room, without the work of desks."""
    desk, seat = visit.desk, visit.seat
    return seat.of_record(
        ("room", room), lambda: rooms_view.room_lines(desk, room, seat.lines(desk.book(room)))
    )


def log(visit: Visit, room: str, page: Sequence[Line], authors: Authors) -> Markup:
    """Return entries of a room as they stand on its page, with the first that is new to its reader marked."""
    desk, seat = visit.desk, visit.seat
    person, since = desk.identity.person, seat.since.get(desk.book(room).ledger.register, 0)
    ends = (page[0].index, page[-1].index) if page else ()

    def written() -> Markup:
        entries = rooms_view.told(desk, room, page, authors, room_lines(visit, room))
        fresh = (one["index"] for one in entries if one["index"] >= since > 0 and not one["ours"])
        words = render(
            "talk_log.html",
            room=room,
            days=[(name, list(group)) for name, group in groupby(entries, lambda one: day(one["time_ms"]))],
            fresh=next(fresh, None),
            person=person,
            capital=person.capital or person.guest,
            address=addresses.of_entry,
            in_room=addresses.in_room,
        )
        return Markup(words)  # noqa: S704 -- our own template, which escapes

    return seat.of_record(("log", room, ends, since, person.member, person.capital), written)


def papers(visit: Visit, room: str, lines: Sequence[Line], authors: Authors) -> list[dict[str, Any]]:
    """Return the last notes and instructions of a room, the newest first; `lines` are all its entries."""

    def told() -> list[dict[str, Any]]:
        found = [
            line
            for line in lines
            if line.paper is not None or (line.act is not None and line.act.event.name in _PAPER)
        ]
        return rooms_view.told(visit.desk, room, found[-_PAPERS:][::-1], authors)

    return visit.seat.of_record(("papers", room), told)
