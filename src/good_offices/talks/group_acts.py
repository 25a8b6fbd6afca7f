"""What is done about group rooms, and what can be done in one. See spec/rooms.md section 9.

This module decides what opening, naming, closing, referring and a group's epochs do, and what of the plenary a group's
acts are judged by. It never decides what those acts do: they are the plenary's own, on the group's own state.

1. A group is opened and closed by all (R-90, R-97). Each delegation names its own members, of the group's level (R-91).
2. Epochs and keys of a group are acts of the plenary; only a reader of the group begins one, because who begins an epoch
   knows its secret (R-93).
3. An act in a group is judged by the group's own state, with what the plenary lends it at that place (R-95).
4. In a closed group nothing happens but that earlier epochs are handed over (R-97).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from good_offices.errors import LocalError
from good_offices.talks import book as books
from good_offices.talks.event import Acceptable
from good_offices.talks.events_rooms import ReferredToLevel, RoomClosed, RoomMembersNamed, RoomOpened
from good_offices.talks.events_roster import EpochsHandedOver, KeyRenewed, ManifestIssued
from good_offices.talks.groups import (
    Group,
    Named,
    Referral,
    check_seat,
    group_id,
    readers,
)
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve, moved
from good_offices.talks.verdict import Place
from good_offices.text.tables import put

# What the plenary lends, and a state that has instead what a group's own state has: kept once, so that it is hashed once.
_LENT: Final = ("course", "modalities", "groups", "meetings")
_OWN: Final = PlenaryState()


def lent(group: PlenaryState, plenary: PlenaryState, _room: str) -> PlenaryState:
    """Return a group's state with what the plenary lends it at this place, to judge an act of the group by (R-95).

    Whatever else of the plenary counts in a group is named in `_LENT`: what an act of the group changes of it is forgotten.
    """
    return moved(group, plenary, _LENT)


def given_back(group: PlenaryState) -> PlenaryState:
    """Return a group's own state, without what the plenary lent (R-95)."""
    return moved(group, _OWN, _LENT)


def room_opened(plenary: PlenaryState, roster: RosterState, place: Place, event: RoomOpened) -> Step:
    """Open a group when all have accepted it (R-90)."""
    room = group_id(roster.talks, event.content)
    if room in plenary.groups.rooms:
        raise LocalError("group-opened-already")
    if not event.title or not event.mandate:
        raise LocalError("group-without-mandate")
    plenary, complete, effects = _joined(plenary, roster, place, event, f"group/{room}")
    if not complete:
        return plenary, effects
    group = Group(
        title=event.title,
        kind=event.kind,
        level=event.level,
        mandate=event.mandate,
        language=event.language,
        content=event.content,
        since=place.index,
    )
    return _with(plenary, room, group), effects


def room_members_named(
    plenary: PlenaryState, roster: RosterState, place: Place, event: RoomMembersNamed
) -> Step:
    """Let a delegation say whom it sends, in place of whom it sent before (R-91)."""
    group = plenary.groups.open_room(event.room)
    if list(event.members) != sorted(set(event.members)):
        raise LocalError("members-not-sorted")
    for member in event.members:
        known = roster.book.members.get(member)
        if known is None or known.delegation != place.delegation:
            raise LocalError("member-elsewhere")
        check_seat(group, roster, member, place.index)
    before = group.named.get(place.delegation, ())
    if before and place.seen <= before[-1].since:
        # Else a list that the host kept back would bring in again whom the delegation has withdrawn since.
        raise LocalError("members-named-meanwhile")
    new = Named(since=place.index, members=event.members)
    named = {**group.named, place.delegation: (*before, new)}
    return _with(plenary, event.room, msgspec.structs.replace(group, named=dict(sorted(named.items())))), ()


def room_closed(plenary: PlenaryState, roster: RosterState, place: Place, event: RoomClosed) -> Step:
    """Close a group when all have accepted it (R-97)."""
    group = plenary.groups.open_room(event.room)
    plenary, complete, effects = _joined(plenary, roster, place, event, f"group/{event.room}")
    if not complete:
        return plenary, effects
    return _with(plenary, event.room, msgspec.structs.replace(group, closed=place.index)), effects


def referred(state: PlenaryState, roster: RosterState, place: Place, event: ReferredToLevel) -> Step:
    """Refer something to the room in which this is posted, when all have accepted it there (R-98)."""
    if event.target != place.room or event.source == event.target:
        raise LocalError("referral-elsewhere")
    if event.source != roster.plenary:
        state.groups.room(event.source)
    if event.content.hex() in state.referred:
        raise LocalError("referred-already")
    state, complete, effects = _joined(state, roster, place, event, f"referral/{event.content.hex()}")
    if not complete:
        return state, effects
    one = Referral(
        source=event.source,
        subject=event.subject,
        title=event.title,
        text=event.text,
        language=event.language,
        since=place.index,
    )
    return evolve(state, referred=put(state.referred, {event.content.hex(): one})), effects


def manifest_issued(plenary: PlenaryState, roster: RosterState, place: Place, event: ManifestIssued) -> Step:
    """Begin a new epoch of a group (R-93)."""
    groups, room = plenary.groups, event.manifest.room
    group = groups.open_room(room)
    theirs = readers(group, roster, place.seen)
    if place.author not in theirs:
        raise LocalError("not-reader", room="group")
    book = books.issue(groups.book, place, event.manifest, event.wraps, theirs)
    return evolve(plenary, groups=evolve(groups, book=book)), ()


def key_renewed(plenary: PlenaryState, _roster: RosterState, place: Place, event: KeyRenewed) -> Step:
    """Take a desk's next key for a group (R-93)."""
    groups = plenary.groups
    groups.open_room(event.room)
    book = books.renew(groups.book, place, event.room, event.kem)
    return evolve(plenary, groups=evolve(groups, book=book)), ()


def epochs_handed_over(
    plenary: PlenaryState, roster: RosterState, place: Place, event: EpochsHandedOver
) -> Step:
    """Check what a joiner receives of the plenary, or of the group in which it is posted (spec/rooms.md section 6)."""
    if event.room != place.room:
        raise LocalError("room-unknown")
    books.check_handed_over(roster.book if place.room == roster.plenary else plenary.groups.book, event)
    return plenary, ()


def check_open(plenary: PlenaryState, place: Place, event: Any) -> None:
    """Pass if an event can still happen in a group (R-97).

    Raises:
        LocalError: `group-closed`.
    """
    if plenary.groups.rooms[place.room].closed is not None and event.name != "EpochsHandedOver":
        raise LocalError("group-closed")


def check_member(plenary: PlenaryState, roster: RosterState, room: str, member: str, index: int) -> None:
    """Pass if a member sits in a group at an index (R-94).

    Raises:
        LocalError: `member-not-named`, `member-not-accredited`, `member-below-level`.
    """
    group = plenary.groups.rooms[room]
    known = roster.book.members[member]
    if member not in group.members_at(known.delegation, index):
        raise LocalError("member-not-named")
    check_seat(group, roster, member, index)


def _joined(
    state: PlenaryState, roster: RosterState, place: Place, event: Acceptable, subject: str
) -> tuple[PlenaryState, bool, tuple[Any, ...]]:
    """Return the state with the author's acceptance, whether all have accepted, and the effects."""
    fresh = Joint(event=event.name, content=event.content, subjects=(subject,), accepted={})
    state, _, complete, effects = accepted(state, roster, place, fresh, event.until)
    return state, complete, effects


def _with(plenary: PlenaryState, room: str, group: Group) -> PlenaryState:
    """Return the plenary with a group in its place."""
    rooms = put(plenary.groups.rooms, {room: group})
    return evolve(plenary, groups=evolve(plenary.groups, rooms=rooms))
