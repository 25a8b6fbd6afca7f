"""Guests as the roster holds them: who is invited, into which rooms, from which entry on. See spec/guests.md.

This module decides the forms of the state and who is a guest at a size of the register. It never decides what an act
does: that is `talks.guest_acts`.

1. It stands in the roster, because who reads roster and plenary is judged by everybody who reads the roster (R-151).
2. Everything is dated by its index, so that it answers for every earlier size.
3. A guest reads what its invitation names and what that is judged by: roster and plenary. Never sounding room or caucus (R-153).
"""

from __future__ import annotations

from msgspec import field

from good_offices.encoding import Record
from good_offices.talks.events_guests import GuestInvited
from good_offices.talks.joint import Joint
from good_offices.talks.state import Item, State


class Invitation(Record, frozen=True, kw_only=True):
    """An invitation that all accepted: its terms, the entry since which it stands, and the one by which it ended."""

    terms: GuestInvited
    since: int
    ended: int | None = None


class Guest(Item, frozen=True, kw_only=True):
    """A guest's desk: its invitations in order, and the last entry by which a delegation took back its consent."""

    invitations: tuple[Invitation, ...] = ()
    withdrawn: int | None = None

    def at(self, size: int) -> Invitation | None:
        """Return the invitation that stands at a size of the register, if any."""
        last = next((one for one in reversed(self.invitations) if one.since < size), None)
        return None if last is None or (last.ended is not None and last.ended < size) else last


class Guests(State, frozen=True, kw_only=True):
    """All guests by the hash of their desk's certificate, and the invitations that not all have accepted."""

    invited: dict[str, Guest] = field(default_factory=dict)
    joint: dict[str, Joint] = field(default_factory=dict)

    def at(self, certificate: bytes, size: int) -> GuestInvited | None:
        """Return the terms on which a desk is a guest at a size of the register, if it is one."""
        held = self.invited.get(certificate.hex())
        found = held.at(size) if held else None
        return found.terms if found else None
