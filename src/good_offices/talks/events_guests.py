"""The events of guests: interpreters, advisers and observers whom all delegations invite together.

This module decides their forms (spec/guests.md). It never decides whether one has effect.

1. An invitation names the guest's desk by the hash of its certificate, so that every delegation vouches for the guest's
   keys, and not the root of the one delegation alone that brought them.
2. Whoever ends an invitation gives no reason; `because` is what a desk says that ends it unasked.
"""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

from good_offices.talks.event import Acceptable, Happened

GuestRole: TypeAlias = Literal["interpreter", "adviser", "observer"]
ROLES: Final[tuple[GuestRole, ...]] = ("interpreter", "adviser", "observer")
Because: TypeAlias = Literal["", "sitting", "rooms"]


class GuestInvited(Acceptable, frozen=True, kw_only=True):
    """All invite a guest's desk into rooms, for one sitting or until the invitation is withdrawn.

    `guest` is the guest's name. `rooms` are ids, rising: the plenary or groups. `provided_by` is `host`, a delegation's id, or empty: the guest's own.
    """

    certificate: bytes
    role: GuestRole
    guest: str
    represents: str = ""
    provided_by: str = ""
    rooms: tuple[str, ...]
    sitting: bytes | None = None
    language: str


class GuestWithdrawn(Happened, frozen=True, kw_only=True):
    """A delegation no longer invites a guest: the invitation has ended, or will not come about."""

    certificate: bytes
    because: Because = ""


GuestsEvent: TypeAlias = GuestInvited | GuestWithdrawn
