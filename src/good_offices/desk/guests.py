"""What a desk does about guests unasked: it ends an invitation whose sitting or rooms are over. See spec/guests.md R-154.

This module decides when an invitation is over. It never decides who is a guest: that the rules do, by what is posted.

1. Sittings and groups stand in the plenary, invitations in the roster, which does not know of them: so an act says it.
2. It is for the desks of the delegation that brought the guest; others do it if those have not by the next time.
3. Of a sitting in a group that this desk does not read it knows nothing, and leaves it to others.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from good_offices.talks.events_guests import Because, GuestInvited, GuestWithdrawn

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_OVER: Final = ("closed", "called-off")


def standing(desk: Desk) -> Iterator[GuestInvited]:
    """Yield the terms of every guest who is invited as the register stands and whose desk is not recalled."""
    roster, size = desk.talks.roster, desk.common.ledger.size
    for name in roster.guests.invited:
        terms = roster.guests.at(bytes.fromhex(name), size)
        if terms is not None and roster.book.desk_at(terms.certificate, size) is not None:
            yield terms


def over(desk: Desk, terms: GuestInvited) -> Because:
    """Return why an invitation is over, as far as this desk knows; empty if it is not."""
    plenary = desk.talks.plenary
    if terms.sitting is not None and _is_over(desk, terms.sitting):
        return "sitting"
    rooms = plenary.groups.rooms
    if all(one in rooms and rooms[one].closed is not None for one in terms.rooms):
        return "rooms"
    return ""


def end_what_is_over(desk: Desk) -> None:
    """Post the end of every invitation that is over, if it is this desk's turn (rule 2)."""
    roster, own = desk.talks.roster, desk.identity
    if roster.credentials(own.statement, desk.common.ledger.size) is None or desk.outgoing():
        return
    for terms in list(standing(desk)):
        because = over(desk, terms)
        if because and _is_our_turn(desk, terms):
            desk.write("roster", GuestWithdrawn(certificate=terms.certificate, because=because))
            desk.send()
            desk.receive()


def _is_over(desk: Desk, sitting: bytes) -> bool:
    """Tell whether a sitting was closed or called off, or is no longer proposed."""
    plenary, name = desk.talks.plenary, sitting.hex()
    held = plenary.meetings.sittings.get(name)
    if held is None:
        return True
    state = desk.talks.groups.get(held.terms.room) if held.terms.room else plenary
    conduct = state.conduct.get(name) if state else None
    return conduct is not None and conduct.course in _OVER


def _is_our_turn(desk: Desk, terms: GuestInvited) -> bool:
    """Tell whether this desk's delegation brought the guest, or this desk has left it to those who did once (rule 2)."""
    brought = desk.talks.roster.book.desks[terms.certificate.hex()].statement.delegation
    if brought == desk.identity.place.delegation:
        return True
    name, mark = f"left/guest/{terms.certificate.hex()}", terms.content
    if desk.storage.get(name) == mark:
        return True
    desk.storage.put(name, mark)
    return False
