"""What is done about guests: inviting them together, and ending it alone. See spec/guests.md.

This module decides what the two acts do to the roster. It never decides who is a reader: that is `talks.roster`, from what
stands here.

1. All delegations invite; each needs a member with the power to agree, and has compared keys (R-152).
2. An invitation of the same desk that is complete takes the place of the one before.
3. One delegation ends it, with no reason and no power, and ends with it what waits about the same desk (R-154).
4. Who accepts after that has seen it: an acceptance that the host kept back brings no guest in again.
5. There is nobody who confirms an act without powers here: it is void.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from good_offices.errors import LocalError
from good_offices.talks import joint as joints
from good_offices.talks import moving
from good_offices.talks import roster as rosters
from good_offices.talks.credentials import HASH, room_id
from good_offices.talks.events_guests import GuestInvited, GuestWithdrawn
from good_offices.talks.guests import Guest, Guests, Invitation
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES
from good_offices.talks.state import evolve
from good_offices.talks.verdict import AcceptanceExpired, Completed, Effect, Place
from good_offices.text.tables import put

RosterStep: TypeAlias = tuple[RosterState, tuple[Effect, ...]]

HOST: Final = "host"
_ID: Final = 32


def guest_invited(roster: RosterState, place: Place, event: GuestInvited) -> RosterStep:
    """Accept that a desk is invited; when all have, it is a guest (R-151, R-152)."""
    if not roster.compared(place.delegation):
        raise LocalError("keys-not-compared")
    power = RULES[event.name].power
    if place.member is None or power not in place.member.powers:
        raise LocalError("power-lacking", power=power)
    _check_terms(roster, place, event)
    held = roster.guests.invited.get(event.certificate.hex(), Guest())
    if held.withdrawn is not None and place.seen <= held.withdrawn:
        raise LocalError("guest-withdrawn-meanwhile")
    now = held.at(place.index)
    if now is not None and now.terms.content == event.content:
        raise LocalError("guest-invited-already")
    mine = Acceptance(index=place.index, act=place.act, author=place.author, until=event.until)
    fresh = Joint(
        event=event.name,
        content=event.content,
        subjects=(_subject(event.certificate),),
        accepted={place.delegation: mine},
    )
    table, joint, expired = joints.accept(
        roster.guests.joint, fresh, place.delegation, everyone=roster.expected, time=place.time
    )
    effects: tuple[Effect, ...] = tuple(
        AcceptanceExpired(content=joint.content, delegation=name) for name in expired
    )
    if not joints.complete(joint, roster.expected):
        return evolve(roster, guests=evolve(roster.guests, joint=table)), effects
    terms = msgspec.structs.replace(event, until=None)
    stands = Invitation(terms=terms, since=place.index)
    new = msgspec.structs.replace(held, invitations=(*_ended(held, place.index), stands))
    done = Completed(content=joint.content, event=joint.event)
    return _with(roster, event.certificate, new), (*effects, done)


def guest_withdrawn(roster: RosterState, place: Place, event: GuestWithdrawn) -> RosterStep:
    """End an invitation, or what waits to become one (R-154)."""
    if place.member is None:
        raise LocalError("member-not-accredited")
    held = roster.guests.invited.get(event.certificate.hex(), Guest())
    waits = any(_subject(event.certificate) in one.subjects for one in roster.guests.joint.values())
    if held.at(place.index) is None and not waits:
        raise LocalError("guest-not-invited")
    new = Guest(invitations=_ended(held, place.index), withdrawn=place.index)
    return _with(roster, event.certificate, new), ()


def check_author(roster: RosterState, author: bytes, event: Any, index: int) -> None:
    """Pass if a guest's desk is invited and may do this: publish a fresh key of its own, and nothing else (R-150).

    Raises:
        LocalError: `guest-not-invited`, `guest-desk`.
    """
    if roster.guests.at(author, index) is None:
        raise LocalError("guest-not-invited")
    if event.name != "KeyRenewed":
        raise LocalError("guest-desk")


def in_roster(roster: RosterState, place: Place, event: Any) -> RosterStep:
    """Return the roster after an event that may happen there, and its effects."""
    if event.name in HANDLERS:
        return HANDLERS[event.name](roster, place, event)
    if event.name in moving.HANDLERS:
        return moving.HANDLERS[event.name](roster, place, event)
    return rosters.HANDLERS[event.name](roster, place, event), ()


Handler: TypeAlias = Callable[[RosterState, Place, Any], RosterStep]

HANDLERS: Final[Mapping[str, Handler]] = {
    "GuestInvited": guest_invited,
    "GuestWithdrawn": guest_withdrawn,
}


def _check_terms(roster: RosterState, place: Place, event: GuestInvited) -> None:
    """Refuse an invitation of what is no guest's desk, or into rooms that no guest enters (R-151)."""
    desk = roster.book.desks.get(event.certificate.hex())
    if desk is None or not desk.statement.guest:
        raise LocalError("guest-desk-unknown")
    if roster.book.desk_at(event.certificate, place.index) is None:
        raise LocalError("member-recalled")
    if not event.guest:
        raise LocalError("guest-without-name")
    if event.provided_by not in ("", HOST, *roster.expected):
        raise LocalError("guest-provider")
    closed = {roster.room, roster.sounding}
    closed |= {room_id(f"caucus/{one}", roster.talks) for one in roster.expected}
    ids = all(len(one) == _ID and set(one) <= set("0123456789abcdef") for one in event.rooms)
    if not event.rooms or list(event.rooms) != sorted(set(event.rooms)) or not ids or closed & {*event.rooms}:
        raise LocalError("guest-rooms")
    if event.sitting is not None and len(event.sitting) != HASH:
        raise LocalError("sitting-unknown")


def _subject(certificate: bytes) -> str:
    """Return what an invitation is about."""
    return "guest/" + certificate.hex()


def _ended(held: Guest, index: int) -> tuple[Invitation, ...]:
    """Return a guest's invitations, of which one that stands ends here."""
    if held.at(index) is None:
        return held.invitations
    return (*held.invitations[:-1], msgspec.structs.replace(held.invitations[-1], ended=index))


def _with(roster: RosterState, certificate: bytes, guest: Guest) -> RosterState:
    """Return the roster with a guest in its place; what else waited about the same desk was meant for how it stood before."""
    gone = [key for key, one in roster.guests.joint.items() if _subject(certificate) in one.subjects]
    guests: Guests = evolve(
        roster.guests,
        invited=put(roster.guests.invited, {certificate.hex(): guest}),
        joint=put(roster.guests.joint, {}, without=gone),
    )
    return evolve(roster, guests=guests)
