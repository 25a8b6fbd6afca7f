"""The words for guests: what they are, who provides them.

This module decides words. It never decides who is a guest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from good_offices.clerk import names
from good_offices.desk.desk import Desk
from good_offices.locale import N_, _
from good_offices.talks.events_guests import GuestInvited
from good_offices.talks.guest_acts import HOST
from good_offices.talks.guests import Guest

ROLES: Final[Mapping[str, str]] = {
    "interpreter": N_("Interpreter"),
    "adviser": N_("Adviser"),
    "observer": N_("Observer"),
}
BECAUSE: Final[Mapping[str, str]] = {
    "": N_("by a delegation"),
    "sitting": N_("since the sitting is over"),
    "rooms": N_("since the group is closed"),
}


def provided(desk: Desk, by: str) -> str:
    """Return by whom a guest is provided, in a few words; empty for nobody."""
    if by == HOST:
        return _("provided by the host")
    name = names.delegations(desk).get(by, "")
    return _("provided by {delegation}").format(delegation=name) if name else ""


def capacity(desk: Desk, terms: GuestInvited) -> str:
    """Return a guest's role and who provides it, such as `Interpreter, provided by the host`."""
    return ", ".join(part for part in (_(ROLES[terms.role]), provided(desk, terms.provided_by)) if part)


def line(desk: Desk, terms: GuestInvited) -> str:
    """Return a guest in one line, such as `Anna K. (Interpreter, provided by the host)`."""
    return f"{terms.guest} ({capacity(desk, terms)})"


def last_terms(desk: Desk, certificate: bytes) -> GuestInvited | None:
    """Return the terms on which a desk is or was last a guest."""
    held: Guest | None = desk.talks.roster.guests.invited.get(certificate.hex())
    return held.invitations[-1].terms if held and held.invitations else None


def reading(desk: Desk, room: str) -> list[GuestInvited]:
    """Return the guests who read a room under its present keys, by their names."""
    epoch = desk.epoch(room)
    found = [last_terms(desk, one) for one in (epoch.readers if epoch else ())]
    return sorted((one for one in found if one), key=lambda one: one.guest)
