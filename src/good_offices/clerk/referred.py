"""A text that was referred by its hash, on its way to the table of the room that received it. See spec/groups.md R-172.

This module decides which text a referral means, what it is called on its new table, and of a text on a table whether it came by a
referral. It never tables anything, and never takes other words than those of the hash.

1. The words are those of the source at this desk, as they read when they had this hash: later changes there are not tabled.
2. Where a text comes from is read off its hash: whoever reads the room that received it can do that, the source or not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from msgspec.structs import replace

from good_offices.clerk import groups_view, names
from good_offices.clerk.provisions import in_room
from good_offices.clerk.versions import all_versions
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.events_text import TextTabled
from good_offices.talks.groups import Referral
from good_offices.text.model import Instrument

_AGAIN: Final = re.compile(r"(.+)-\d+")
_LEAST: Final = 8


def received(desk: Desk, room: str) -> list[Referral]:
    """Return what was referred to a room, the newest last."""
    return sorted(names.state(desk, room).referred.values(), key=lambda one: one.since)


def referral_named(desk: Desk, room: str, word: str) -> Referral:
    """Return what was referred to a room under a title, or with a hash that begins so.

    Raises:
        LocalError: `referral-unknown`.
    """
    known = received(desk, room)
    titled = [one for one in known if one.title == word]
    hashed = [one for one in known if len(word) >= _LEAST and one.subject.hex().startswith(word.lower())]
    # The same text may have been referred more than once: it is the same.
    found = titled or hashed
    if len({one.subject for one in found}) != 1:
        raise LocalError("referral-unknown")
    return found[-1]


def instrument(desk: Desk, one: Referral) -> Instrument | None:
    """Return the text that a referral means, if this desk reads the source and it was a text there (rule 1)."""
    room = groups_view.PLENARY if one.source == desk.rooms[groups_view.PLENARY] else one.source
    if room != groups_view.PLENARY and not groups_view.reads(desk, room):
        return None
    here = [text.instrument for text in names.state(desk, room).texts.values()]
    earlier = (
        version.instrument
        for name, known in all_versions(desk).items()
        if _of(name, room)
        for version in known
    )
    return next((text for text in (*here, *earlier) if text.digest == one.subject), None)


def _of(name: str, room: str) -> bool:
    """Tell whether a text with this name among those of all rooms is of a room."""
    return name.startswith(in_room(room, "")) if room != groups_view.PLENARY else "/" not in name


def tabled(desk: Desk, room: str, one: Referral) -> TextTabled:
    """Return the event that tables a referred text in the room that received it.

    Raises:
        LocalError: `referred-no-text`.
    """
    text = instrument(desk, one)
    if text is None:
        raise LocalError("referred-no-text", room=groups_view.called(desk, one.source))
    taken = set(names.state(desk, room).texts)
    for name in [text.id, *(f"{text.id}-{number}" for number in range(2, len(taken) + 3))]:
        if name not in taken:
            return TextTabled(instrument=replace(text, id=name))
    raise LocalError("referred-no-text", room=groups_view.called(desk, one.source))


def origin(desk: Desk, room: str, text: Instrument) -> Referral | None:
    """Return the referral by which a text came to a room, if it did; `text` is as it was tabled (rule 2)."""
    subjects: Mapping[bytes, Referral] = {one.subject: one for one in received(desk, room)}
    if not subjects:
        return None
    match = _AGAIN.fullmatch(text.id)
    for name in [text.id, *([match[1]] if match else [])]:
        found = subjects.get(replace(text, id=name).digest)
        if found is not None:
            return found
    return None


def ready(desk: Desk, room: str) -> list[dict[str, Any]]:
    """Return what was referred to a room and can be tabled there at this desk: a text, read here, and not tabled there since."""
    waits = {one.subject: one for one in received(desk, room)}
    if not waits:
        return []
    for name, known in all_versions(desk).items():
        came = origin(desk, room, known[0].instrument) if _of(name, room) else None
        if came is not None:
            waits.pop(came.subject, None)
    return [told(desk, one) for one in waits.values() if instrument(desk, one) is not None]


def told(desk: Desk, one: Referral) -> dict[str, Any]:
    """Return where a text comes from, as plain values: the room, what it was referred as, the entry, the hash."""
    return {
        "room": groups_view.called(desk, one.source),
        "source": one.source,
        "title": one.title,
        "since": one.since,
        "subject": one.subject.hex(),
    }
