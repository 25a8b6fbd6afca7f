"""The events about group rooms: opening, naming, closing, referring.

This module decides which members and which room the words of a person name. It never decides who may do what.
"""

from __future__ import annotations

from collections.abc import Iterable

from good_offices.clerk import groups_view, names
from good_offices.desk.desk import Desk
from good_offices.talks.event import Level
from good_offices.talks.events_rooms import (
    GroupKind,
    ReferredToLevel,
    RoomClosed,
    RoomMembersNamed,
    RoomOpened,
)


def opened(
    title: str, mandate: str, language: str, *, level: Level, kind: GroupKind, until: int | None = None
) -> RoomOpened:
    """Return the event that proposes a group; all must do the same."""
    return RoomOpened(title=title, kind=kind, level=level, mandate=mandate, language=language, until=until)


def named(desk: Desk, room: str, members: Iterable[str]) -> RoomMembersNamed:
    """Return the event that sends members of one's own delegation into a group, in place of the last list.

    Raises:
        LocalError: `group-unknown`, `member-unknown`.
    """
    found = {names.member(desk, one) for one in members}
    return RoomMembersNamed(room=groups_view.group_named(desk, room), members=tuple(sorted(found)))


def closed(desk: Desk, room: str, until: int | None = None) -> RoomClosed:
    """Return the event that closes a group; all must do the same.

    Raises:
        LocalError: `group-unknown`.
    """
    return RoomClosed(room=groups_view.group_named(desk, room), until=until)


def referred(  # what is referred, and what is said of it
    desk: Desk,
    source: str,
    target: str,
    subject: str,
    title: str,
    text: str,
    language: str,
    until: int | None = None,
) -> ReferredToLevel:
    """Return the event that refers something from one room to another, to be posted in the other.

    Raises:
        LocalError: `group-unknown`, `subject-unknown`.
    """
    here, there = (groups_view.room_named(desk, one) for one in (source, target))
    return ReferredToLevel(
        source=desk.room_id(here),
        target=desk.room_id(there),
        subject=groups_view.subject_named(desk, here, subject),
        title=title,
        text=text,
        language=language,
        until=until,
    )
