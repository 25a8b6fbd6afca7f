"""Who sees what is written in a room, in one sentence: it stands beside every field.

This module decides the words. Who reads a room is what the record says.

1. Of a group its readers are named, each by name: never "all delegations", since few of each read it.
"""

from __future__ import annotations

from good_offices.chancery.screen import listed
from good_offices.clerk import names
from good_offices.clerk.authors import Authors
from good_offices.desk.desk import Desk
from good_offices.locale import _


def seen_by(desk: Desk, room: str) -> str:
    """Return who will see what is written in the plenary, the caucus, or the group with this id (rule 1)."""
    if room not in ("plenary", "caucus"):
        return _of_group(desk, room)
    called = names.delegations(desk, _("the other delegation"))
    own = called.pop(desk.identity.place.delegation)
    if room == "caucus":
        return _("Seen by your delegation only: {name}.").format(name=own)
    others = list(dict.fromkeys(called.values()))
    return _("Seen by all delegations: {own} and {others}.").format(own=own, others=listed(others))


def _of_group(desk: Desk, room: str) -> str:
    """Return who will see what is written in a group."""
    people = Authors(desk).readers(room)
    if not people:
        return _("The group has no keys yet: nobody can read or write in it.")
    told = listed([f"{one.name} ({one.called})" for one in people])
    return _("Seen by those named for this group: {names}. By nobody else of any delegation.").format(
        names=told
    )
