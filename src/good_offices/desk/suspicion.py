"""A new epoch because somebody suspects something: a lost copy of a folder, a screen that was seen.

This module decides when a member may begin epochs at will (spec/rooms.md section 8). It never says who reads a room: those
who should. Who should no longer read is recalled (`people.recall`), which begins epochs by itself.

1. This desk first publishes a fresh key of its own, so that a copy of its folder does not open the new epoch.
2. The others have theirs from opening the new epoch: a copy of another desk's folder is shut out by the epoch after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, Literal

from good_offices.desk import housekeeping
from good_offices.errors import LocalError

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

RoomName = Literal["roster", "plenary", "sounding", "caucus"]
ROOMS: Final[tuple[RoomName, ...]] = ("roster", "plenary", "sounding", "caucus")


def begin_anew(desk: Desk, rooms: Sequence[str] = ()) -> dict[str, bytes]:
    """Return by room the acts that begin new epochs of these rooms, or of all that are open (spec/rooms.md section 8).

    A group is named by its id.

    Raises:
        LocalError: `keys-not-compared-here`, `room-not-open`, `epoch-under-way`, `desk-stopped`.
        OperationalError: as `Desk.sync`; an act that could not be sent waits.
    """
    desk.may_go_on()
    if not desk.confirmed and set(rooms) != {"caucus"}:
        raise LocalError("keys-not-compared-here")
    desk.sync()
    every = [*ROOMS, *housekeeping.groups(desk)]
    chosen = list(rooms) or [room for room in every if housekeeping.is_open(desk, room)] or list(ROOMS)
    for room in chosen:
        if not housekeeping.is_open(desk, room):
            raise LocalError("room-not-open", room=room)
        if housekeeping.is_under_way(desk, room):
            raise LocalError("epoch-under-way", room=room)
    begun = {}
    for room in chosen:
        housekeeping.fresh_key(desk, room)
        begun[room] = housekeeping.begin_epoch(desk, room, housekeeping.readers(desk, room))
    return begun
