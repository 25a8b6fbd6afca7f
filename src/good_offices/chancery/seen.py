"""Who sees what is written in a room, in one sentence: it stands beside every field.

This module decides the words. Who reads a room is what the record says.

1. Of a group its readers are named, each by name: never "all delegations", since few of each read it.
2. Guests are named in every room that they read, with who provides them: an interpreter of the host's is a reader like all.
"""

from __future__ import annotations

from good_offices.chancery.screen import listed
from good_offices.clerk import guest_words, names
from good_offices.clerk.authors import Authors
from good_offices.desk.desk import Desk
from good_offices.locale import _


def seen_by(desk: Desk, room: str) -> str:
    """Return who will see what is written in the plenary, the caucus, or the group with this id (rule 1)."""
    if room not in ("plenary", "caucus", "roster"):
        return _of_group(desk, room)
    called = names.delegations(desk, _("the other delegation"))
    own = called.pop(desk.identity.place.delegation)
    if room == "caucus":
        return _("Seen by your delegation only: {name}.").format(name=own)
    others = list(dict.fromkeys(called.values()))
    seen = _("Seen by all delegations: {own} and {others}.").format(own=own, others=listed(others))
    return _with_guests(desk, room, seen)


def _with_guests(desk: Desk, room: str, seen: str) -> str:
    """Return the sentence with the guests who read the room too, each by name and provider (rule 2)."""
    guests = [guest_words.line(desk, one) for one in guest_words.reading(desk, room)]
    if not guests:
        return seen
    return _("{seen} And by guests: {guests}.").format(seen=seen, guests=listed(guests))


def _of_group(desk: Desk, room: str) -> str:
    """Return who will see what is written in a group."""
    people = [one for one in Authors(desk).readers(room) if one.delegation]
    if not people:
        return _("The group has no keys yet: nobody can read or write in it.")
    told = listed([f"{one.name} ({one.called})" for one in people])
    seen = _("Seen by those named for this group: {names}. By nobody else of any delegation.").format(
        names=told
    )
    return _with_guests(desk, room, seen)
