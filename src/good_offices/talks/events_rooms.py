"""The events of group rooms: rooms of a level and contact groups, who sits in them, and what goes up and down.

This module decides their forms (spec/rooms.md section 9). It never decides whether one has effect.

1. A group is opened and closed by all, and each delegation names its own members.
2. A referral is about something by its hash, and is accepted in the room that receives it.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from good_offices.talks.event import Acceptable, Happened, Level

GroupKind: TypeAlias = Literal["level", "contact-group"]


class RoomOpened(Acceptable, frozen=True, kw_only=True):
    """All open a room for a level or a contact group; `level` is the least that its members have, `mandate` in words."""

    title: str
    kind: GroupKind
    level: Level
    mandate: str
    language: str


class RoomMembersNamed(Happened, frozen=True, kw_only=True):
    """Whom the author's delegation sends into a group; the list replaces its last one."""

    room: str
    members: tuple[str, ...]


class RoomClosed(Acceptable, frozen=True, kw_only=True):
    """All close a group; what was said stays."""

    room: str


class ReferredToLevel(Acceptable, frozen=True, kw_only=True):
    """All refer the result with this hash from one room to another: up for decision, or down with instructions."""

    source: str
    target: str
    subject: bytes
    title: str
    text: str
    language: str


RoomsEvent: TypeAlias = RoomOpened | RoomMembersNamed | RoomClosed | ReferredToLevel
