"""Whether an author may write in a room at all: by the epoch that the act names, and as a reader at its index.

This module decides rules 5 and 6 of replay (spec/talks.md R-13, R-14). It never decides what an act does, or what power it needs.
"""

from __future__ import annotations

from good_offices.errors import LocalError
from good_offices.talks import group_acts, guest_acts
from good_offices.talks.acts import Act
from good_offices.talks.book import Issued
from good_offices.talks.credentials import Statement
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.rooms import begins_room
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import Room


def check_epoch(epoch: Issued | None, act: Act, room: Room) -> None:
    """Pass if the act names the epoch in force at what it saw, or begins the first of its own room (R-13).

    Raises:
        LocalError: `manifest-not-in-force`, `not-reader`.
    """
    if epoch is None and begins_room(act):
        return
    if epoch is None or act.manifest != epoch.manifest:
        raise LocalError("manifest-not-in-force")
    if act.author not in epoch.readers:
        raise LocalError("not-reader", room=room)


def check_reader(
    roster: RosterState, plenary: PlenaryState, act: Act, desk: Statement, room: Room, index: int
) -> None:
    """Pass if the author is accredited in the room at the act's own index (R-14, R-94).

    Raises:
        LocalError: `desk-recalled`, `member-not-accredited`, and as `guest_acts.check_author`, `group_acts.check_member`.
    """
    if roster.book.desk_at(act.author, index) is None:
        raise LocalError("desk-recalled")
    if desk.guest:
        guest_acts.check_author(roster, act.author, act.event, index)
        return
    if room == "group":
        group_acts.check_member(plenary, roster, act.room, desk.member, index)
        return
    # A reader of the plenary has credentials until it is recalled; said here because all later rules rely on it.
    if room != "roster" and not roster.may_read(desk, act.room, index):
        raise LocalError("member-not-accredited")
