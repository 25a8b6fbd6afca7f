"""Group rooms as the plenary holds them: their mandates, members, keys and epochs. See spec/rooms.md section 9.

This module decides who sits in a group at a size of the register. It never knows what is said there.

1. A group's id is a hash over the content that all accepted, so that nobody chooses it (R-90).
2. What a delegation has named is dated by its index, so that the groups answer for every earlier size (R-91).
3. A group is read by the desks of the named members who have credentials of its level, duty desks apart (R-92), and by
   the guests who are invited into it (R-153).
4. All of this is in the plenary's state, so that whoever reads the plenary judges it alike, in the group or not.
"""

from __future__ import annotations

import hashlib
from typing import Final

from msgspec import field

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.talks.book import Book, Issued
from good_offices.talks.event import LEVELS, Level
from good_offices.talks.events_rooms import GroupKind
from good_offices.talks.roster import RosterState
from good_offices.talks.state import Item, State

_GROUP: Final = b"good-offices/v1/group\x00"


class Named(Record, frozen=True, kw_only=True):
    """Whom a delegation sends, by member ids in order, from after entry `since` on."""

    since: int
    members: tuple[str, ...]


class Group(Item, frozen=True, kw_only=True):
    """A group: what all accepted, since which entry, who was named when by which delegation, and when it was closed."""

    title: str
    kind: GroupKind
    level: Level
    mandate: str
    language: str
    content: bytes
    since: int
    named: dict[str, tuple[Named, ...]] = field(default_factory=dict)
    closed: int | None = None

    def members_at(self, delegation: str, size: int) -> tuple[str, ...]:
        """Return the members whom a delegation sends at a size of the register."""
        lists = self.named.get(delegation, ())
        return next((one.members for one in reversed(lists) if one.since < size), ())


class Referral(Item, frozen=True, kw_only=True):
    """Something that was referred to this room from another, by its hash, and the entry that completed it."""

    source: str
    subject: bytes
    title: str
    text: str
    language: str
    since: int


class Groups(State, frozen=True, kw_only=True):
    """All groups of the talks by id, and the book of their keys and epochs."""

    rooms: dict[str, Group] = field(default_factory=dict)
    book: Book = field(default_factory=Book)

    def room(self, room: str) -> Group:
        """Return a group.

        Raises:
            LocalError: `room-unknown`.
        """
        if room not in self.rooms:
            raise LocalError("room-unknown")
        return self.rooms[room]

    def open_room(self, room: str) -> Group:
        """Return a group in which something can still happen.

        Raises:
            LocalError: `room-unknown`, `group-closed`.
        """
        found = self.room(room)
        if found.closed is not None:
            raise LocalError("group-closed")
        return found


def group_id(talks: bytes, content: bytes) -> str:
    """Return the id of the group that was opened by this content: 32 hexadecimal digits (R-90)."""
    return hashlib.sha256(_GROUP + talks + content).hexdigest()[:32]


def reaches(level: Level, least: Level) -> bool:
    """Tell whether a level is at least another."""
    return LEVELS.index(level) >= LEVELS.index(least)


def check_seat(group: Group, roster: RosterState, member: str, size: int) -> None:
    """Pass if a member with credentials at a size may sit in a group: of its level or a higher one (R-91).

    Raises:
        LocalError: `member-not-accredited`, `member-below-level`.
    """
    given = roster.book.member_at(member, size)
    if given is None:
        raise LocalError("member-not-accredited")
    if not reaches(given.level, group.level):
        raise LocalError("member-below-level", level=given.level, least=group.level)


def readers(group: Group, roster: RosterState, size: int) -> list[bytes]:
    """Return the certificates of all readers of a group at a size of the register, in order (R-92, R-153)."""
    found = []
    room = group_id(roster.talks, group.content)
    for name, desk in roster.book.desks_at(size):
        statement = desk.statement
        guest = roster.guests.at(name, size)
        if guest is not None and room in guest.rooms:
            found.append(name)
        given = roster.credentials(statement, size)
        named = statement.member in group.members_at(statement.delegation, size)
        if named and given is not None and not given.capital and reaches(given.level, group.level):
            found.append(name)
    return found


def kem(groups: Groups, roster: RosterState, room: str, certificate: bytes) -> bytes | None:
    """Return a desk's present key for the epochs of a group; who has published none, that for the plenary (R-93)."""
    return groups.book.kem(room, certificate) or roster.book.kem(roster.plenary, certificate)


def epoch_at(groups: Groups, room: str, size: int) -> Issued | None:
    """Return the epoch of a group in force at a size of the register, if any."""
    return groups.book.epoch_at(room, size)
