"""Guests as people see them: who they are, who brought them, what they read, and what waits for whom.

This module decides which guest a word names, what is told of guests, and the events about them. It never decides who may do what.

1. A guest's desk is told from its certification on, also before anybody has invited it: it is in the roster.
2. What all would accept is told whole before they do: whose keys, which rooms, for how long, and that a guest reads what was said before.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from good_offices.clerk import groups_view, guest_words, meetings_view, names
from good_offices.clerk.meetings_view import conduct
from good_offices.clerk.signing import grouped
from good_offices.desk.desk import Desk
from good_offices.desk.identity import Person
from good_offices.desk.people import GUEST
from good_offices.encoding import unpack
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.locale.naming import listed
from good_offices.talks.events_guests import ROLES, GuestInvited, GuestWithdrawn
from good_offices.talks.guest_acts import HOST
from good_offices.talks.guests import Guest
from good_offices.talks.joint import Joint


def guests(desk: Desk) -> list[dict[str, Any]]:
    """Return every guest's desk as `_told` tells it: those invited first, then what waits, then the others; each in its order."""
    roster, size = desk.talks.roster, desk.common.ledger.size
    held = {name: one for name, one in roster.book.desks.items() if one.statement.guest}
    order = {"invited": 0, "waits": 1, "admitted": 2, "ended": 3}
    found = [_told(desk, name, held[name].since, size) for name in held]
    return sorted(found, key=lambda one: (order[one["standing"]], one["since"]))


def guest_named(desk: Desk, word: str) -> str:
    """Return the certificate of the guest's desk that a word names: the guest's whole name, or the beginning of the desk's number.

    Raises:
        LocalError: `guest-unknown`.
    """
    known = guests(desk)
    called = [one["certificate"] for one in known if one["name"] == word]
    if len(called) > 1:
        # Of several desks of one guest the one that is invited or waits is meant.
        called = [one["certificate"] for one in known if one["name"] == word and one["standing"] != "ended"]
    if len(called) == 1:
        return str(called[0])
    return names.key(word, [one["certificate"] for one in known], "guest-unknown")


def one_guest(desk: Desk, word: str) -> dict[str, Any]:
    """Return what is told of the guest that a word names (raises LocalError `guest-unknown`)."""
    certificate = guest_named(desk, word)
    return next(one for one in guests(desk) if one["certificate"] == certificate)


class Wanted(NamedTuple):
    """What a person writes of a guest who is to be invited: rooms, sitting and provider are named in words."""

    role: str
    name: str
    language: str
    represents: str = ""
    provided_by: str = ""
    rooms: tuple[str, ...] = ()
    sitting: str = ""


def invitation(desk: Desk, which: str, wanted: Wanted, until: int | None = None) -> GuestInvited:
    """Return the event that invites a guest; all must do the same.

    Raises:
        LocalError: `guest-unknown`, `guest-role`, `guest-rooms`, `group-unknown`, `group-closed`, `sitting-unknown`,
            `delegation-unknown`.
    """
    if wanted.role not in ROLES:
        raise LocalError("guest-role")
    named = {groups_view.room_named(desk, one) for one in wanted.rooms}
    if not named:
        raise LocalError("guest-rooms")
    for one in named - {groups_view.PLENARY}:
        desk.talks.plenary.groups.open_room(one)
    meant = meetings_view.named(desk, wanted.sitting) if wanted.sitting else None
    if meant is not None and conduct(desk, meant).course in ("closed", "called-off"):
        raise LocalError("sitting-unknown")
    by = wanted.provided_by
    return GuestInvited(
        certificate=bytes.fromhex(guest_named(desk, which)),
        role=wanted.role,
        guest=wanted.name.strip(),
        represents=wanted.represents.strip(),
        provided_by=by if by in ("", HOST) else names.delegation(desk, by),
        rooms=tuple(sorted(desk.room_id(one) for one in named)),
        sitting=meant,
        language=wanted.language,
        until=until,
    )


def withdrawal(desk: Desk, which: str) -> GuestWithdrawn:
    """Return the event by which this delegation no longer invites a guest (raises LocalError `guest-unknown`)."""
    return GuestWithdrawn(certificate=bytes.fromhex(guest_named(desk, which)))


def lines(desk: Desk, terms: GuestInvited) -> list[str]:
    """Return in lines what all would accept (rule 2)."""
    rooms = listed([groups_view.called(desk, one) for one in terms.rooms])
    found = [guest_words.line(desk, terms)]
    found += [_("Comes for: {words}").format(words=terms.represents)] if terms.represents else []
    found.append(_("Brought by: {delegation}").format(delegation=_brought_by(desk, terms.certificate.hex())))
    found.append(_("Invited into: {rooms}").format(rooms=rooms))
    found.append(_for_how_long(desk, terms))
    found.append(
        _("Reads from then on also everything that was said there before: who reads judges the whole record.")
    )
    if desk.rooms["plenary"] not in terms.rooms:
        found.append(_("Reads the plenary too, because a group is judged by it."))
    found.append(_("Says nothing, and reads no caucus and no sounding."))
    found.append(_("Keys of the guest's desk: {digits}").format(digits=" ".join(grouped(terms.certificate))))
    return found


def _for_how_long(desk: Desk, terms: GuestInvited) -> str:
    """Return how an invitation ends."""
    if terms.sitting is None:
        return _("Until a delegation withdraws the invitation; one is enough.")
    held = desk.talks.plenary.meetings.sittings.get(terms.sitting.hex())
    title = held.terms.title if held else terms.sitting.hex()[:8]
    return _(
        "For the sitting “{title}”, and until a delegation withdraws the invitation; one is enough."
    ).format(title=title)


def _told(desk: Desk, name: str, since: int, size: int) -> dict[str, Any]:
    """Return a guest's desk as plain values.

    `standing` is `invited`, `waits` (some have accepted), `admitted` (nobody has) or `ended`; `index` the entry to accept at;
    `reads` the rooms under their present keys.
    """
    roster, certificate = desk.talks.roster, bytes.fromhex(name)
    held = roster.guests.invited.get(name, Guest())
    stands = held.at(size)
    recalled = roster.book.desk_at(certificate, size) is None
    waits = [one for one in roster.guests.joint.values() if one.subjects == (f"guest/{name}",)]
    terms = (
        stands.terms if stands else _waiting_terms(desk, waits) or guest_words.last_terms(desk, certificate)
    )
    ended = recalled or (held.invitations and not stands and not waits)
    standing = "ended" if ended else "invited" if stands else "waits" if waits else "admitted"
    rooms = ("roster", "plenary", *desk.talks.plenary.groups.rooms)
    return {
        "certificate": name,
        "delegation": roster.book.desks[name].statement.delegation,
        "member": roster.book.desks[name].statement.member,
        "brought_by": _brought_by(desk, name),
        "ours": roster.book.desks[name].statement.delegation == desk.identity.place.delegation,
        "self": certificate == desk.certificate,
        "since": since,
        "standing": standing,
        "recalled": recalled,
        **_of_terms(desk, name, terms),
        "ended": held.withdrawn if standing == "ended" else None,
        "reads": [_room_name(desk, one) for one in rooms if _is_reader(desk, one, certificate)],
        "waiting": [_waiting(desk, one) for one in waits] if not recalled else [],
    }


def _of_terms(desk: Desk, name: str, terms: GuestInvited | None) -> dict[str, Any]:
    """Return what the terms of an invitation say; of a desk that nobody has invited, what its own delegation knows."""
    if terms is None:
        kept = desk.storage.get(f"{GUEST}{name}")
        known = unpack(kept, Person).name if kept else ""
        nothing = dict.fromkeys(("role", "capacity", "represents", "provided_by", "sitting", "language"), "")
        return {"name": known, **nothing, "rooms": []}
    return {
        "name": terms.guest,
        "role": terms.role,
        "capacity": guest_words.capacity(desk, terms),
        "represents": terms.represents,
        "provided_by": terms.provided_by,
        "rooms": [groups_view.called(desk, one) for one in terms.rooms],
        "sitting": terms.sitting.hex() if terms.sitting else "",
        "language": terms.language,
    }


def _waiting(desk: Desk, joint: Joint) -> dict[str, Any]:
    """Return an invitation that not all have accepted: who has, and the entry by which to accept it."""
    called = names.delegations(desk)
    return {
        "content": joint.content.hex(),
        "index": min(one.index for one in joint.accepted.values()),
        "accepted": [called.get(one, one) for one in joint.accepted],
        "missing": [name for one, name in called.items() if one not in joint.accepted],
        "ours": desk.identity.place.delegation in joint.accepted,
    }


def _waiting_terms(desk: Desk, waits: list[Joint]) -> GuestInvited | None:
    """Return the terms of what waits, the first of several."""
    for joint in waits:
        event = names.event_at(desk, min(one.index for one in joint.accepted.values()))
        if isinstance(event, GuestInvited):
            return event
    return None


def _brought_by(desk: Desk, name: str) -> str:
    """Return the delegation whose root certified a guest's desk."""
    held = desk.talks.roster.book.desks.get(name)
    return names.delegations(desk).get(held.statement.delegation, "") if held else ""


def _is_reader(desk: Desk, room: str, certificate: bytes) -> bool:
    """Tell whether a desk reads a room under its present keys."""
    epoch = desk.epoch(room)
    return epoch is not None and certificate in epoch.readers


def _room_name(desk: Desk, room: str) -> str:
    """Return what a room is called."""
    return _("Roster") if room == "roster" else groups_view.called(desk, room)
