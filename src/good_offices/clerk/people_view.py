"""How a desk stands and who sits where, as plain values.

This module decides what is told of a desk, of delegations and of members. It never tells a key: of roots it tells the
fingerprints that people compare.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.clerk import guest_words, guests_view, names
from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.people import waiting
from good_offices.errors import LocalError
from good_offices.locale import _

# Who reads the sounding room is shown with the soundings: nobody sits in it.
SHOWN: Final = ("roster", "plenary", "caucus")


def desk_state(opened: Desk) -> dict[str, Any]:
    """Return how a desk stands: who, where, rooms, registers, what waits, delegations, members, invited, texts."""
    place, person = opened.identity.place, opened.identity.person
    plenary = opened.talks.plenary
    rooms = {}
    for name in SHOWN:
        epoch = opened.epoch(name)
        held = epoch is not None and opened.epochs.secret(epoch.manifest) is not None
        rooms[name] = {
            "open": held,
            "epoch": epoch.epoch if epoch else None,
            "readers": len(epoch.readers) if epoch else 0,
        }
    registers = {
        name: {
            "id": book.ledger.register,
            "entries": book.ledger.size,
            "root": book.ledger.root() if book.ledger.size else None,
        }
        for name, book in (("common", opened.common), ("caucus", opened.caucus))
    }
    return {
        "folder": str(opened.storage.folder),
        "venue": place.url,
        "talks": place.talks,
        "desk": opened.identity.statement.desk,
        "delegation": {"id": place.delegation, "name": opened.identity.delegation_name},
        "member": {
            "id": person.member,
            "name": person.name,
            "capacity": person.capacity,
            "capital": person.capital,
        },
        "first": opened.identity.enrolment is not None,
        "compared": opened.confirmed,
        "stopped": opened.storage.get("stopped") is not None,
        "course": plenary.course.standing,
        "rooms": rooms,
        "registers": registers,
        "outbox": len(opened.storage.outbox()),
        "by_courier": opened.by_courier,
        "delegations": delegations(opened),
        "members": members(opened),
        "guests": guests_view.guests(opened),
        "invited": [{"desk": one.desk, "name": one.person.name} for one in waiting(opened)],
        "texts": sorted(plenary.texts),
    }


def delegations(opened: Desk) -> list[dict[str, Any]]:
    """Return the delegations with what is known of them."""
    roster = opened.talks.roster
    return [
        {"id": one, "name": name, "introduced": one in roster.delegations, "compared": roster.compared(one)}
        for one, name in names.delegations(opened).items()
    ]


def members(opened: Desk) -> list[dict[str, Any]]:
    """Return everyone who was accredited, in the common rooms and in the caucus."""
    found = []
    for book in (opened.talks.roster.book, opened.home.caucus.book):
        for one in book.members.values():
            if not one.given:
                continue
            given = one.given[-1].accreditation
            found.append(
                {
                    "id": one.id,
                    "delegation": one.delegation,
                    "name": given.name,
                    "capacity": given.capacity,
                    "level": given.level,
                    "powers": list(given.powers),
                    "capital": given.capital,
                    "recalled": one.recalled is not None,
                }
            )
    return found


def comparison(desk: Desk) -> dict[str, Any]:
    """Return the number to compare, whether that was done, the roots it is made of, and the host's fingerprint.

    Raises:
        LocalError: `introductions-missing`.
    """
    number = people.number(desk)
    own = desk.identity.place.delegation
    called = names.delegations(desk)
    roots = [
        {
            "delegation": one,
            "name": called[one],
            "named": one == own or held.accreditation is not None,
            "fingerprint": held.root.fingerprint,
            "ours": one == own,
        }
        for one, held in sorted(desk.talks.roster.delegations.items())
    ]
    host = desk.common.ledger.keys.fingerprint
    return {"number": number, "compared": desk.confirmed, "roots": roots, "host": host}


def invited_one(desk: Desk, who: str | None = None) -> people.Invited:
    """Return the one who waits to be admitted: by name, or by the beginning of desk or member; else the only one.

    Raises:
        LocalError: `invited-unclear`.
    """
    expected = waiting(desk)
    found = [
        one
        for one in expected
        if who is None
        or one.person.name == who
        or one.desk.startswith(who)
        or one.person.member.startswith(who)
    ]
    if len(found) != 1:
        listed = ", ".join(one.person.name for one in expected) or _("nobody")
        raise LocalError("invited-unclear", names=listed)
    return found[0]


def seats(opened: Desk) -> list[dict[str, Any]]:
    """Return the delegations in their order, each with its members and what each of them reads.

    A member is one of `members`; `reads` names the rooms, `waits` those in which the present keys do not say so yet: with
    the next keys a recalled member loses them, and a new one has them. Our capital reads what we hand it over.
    """
    readers = {name: _readers(opened, name) for name in _shown(opened)}
    # A guest is of no delegation, whichever brought it.
    own = "" if opened.identity.person.guest else opened.identity.place.delegation
    known = members(opened)
    called = names.delegations(opened)
    found = []
    for one, name in called.items():
        there = [
            {
                **member,
                **_reading(member, readers, own),
                "self": member["id"] == opened.identity.person.member,
            }
            for member in known
            if member["delegation"] == one
        ]
        there.sort(key=lambda member: (member["recalled"], member["capital"]))
        found.append({"id": one, "name": name, "ours": one == own, "members": there})
    return found


def room_keys(opened: Desk) -> dict[str, dict[str, Any]]:
    """Return by room who can read it, by delegation, under the keys in force; since when; and whether this desk can."""
    found = {}
    sitting = seats(opened)
    named = {member["id"] for one in sitting for member in one["members"]}
    for room in _shown(opened):
        epoch = opened.epoch(room)
        readers = [
            {
                "name": one["name"],
                "ours": one["ours"],
                "members": [member["name"] for member in one["members"] if room in member["reads"]],
            }
            for one in sitting
        ]
        found[room] = {
            "number": epoch.epoch + 1 if epoch else None,
            "since": names.line(opened.book(room), epoch.since).leaf.time_ms if epoch else None,
            "held": epoch is not None and opened.epochs.secret(epoch.manifest) is not None,
            "readers": [one for one in readers if one["members"]],
            "guests": [guest_words.line(opened, one) for one in guest_words.reading(opened, room)],
            "unnamed": len(_readers(opened, room) - named),
        }
    return found


def _shown(opened: Desk) -> tuple[str, ...]:
    """Return the rooms of which it is told who reads them: of no caucus at a guest's desk."""
    return tuple(room for room in SHOWN if not (room == "caucus" and opened.identity.person.guest))


def expected(opened: Desk) -> list[dict[str, Any]]:
    """Return who was invited and not admitted, and whether their desks have shown their keys."""
    return [
        {
            "desk": one.desk,
            "name": one.person.name,
            "capacity": one.person.capacity,
            "level": one.person.level,
            "powers": list(one.person.powers),
            "capital": one.person.capital,
            "duty": one.person.duty,
            "guest": one.person.guest,
            "ready": people.has_shown_keys(opened, one),
        }
        for one in waiting(opened)
    ]


def expected_one(desk: Desk, which: str) -> people.Invited:
    """Return who was invited with a desk's id.

    Raises:
        LocalError: `invited-unknown`.
    """
    found = [one for one in waiting(desk) if one.desk == which]
    if not found:
        raise LocalError("invited-unknown")
    return found[0]


def own_member(desk: Desk, which: str) -> dict[str, Any]:
    """Return a member of one's own delegation who was not recalled.

    Raises:
        LocalError: `member-unknown`.
    """
    own = desk.identity.place.delegation
    known = [one | {"duty": False, "guest": False} for one in members(desk)]
    known += [one | {"guest": False} for side in duty_desks(desk) for one in side["desks"]]
    known += [_guest(one) for one in guests_view.guests(desk)]
    found = [one for one in known if (one["id"], one["delegation"], one["recalled"]) == (which, own, False)]
    if not found:
        raise LocalError("member-unknown")
    return found[0]


def duty_desks(desk: Desk) -> list[dict[str, Any]]:
    """Return the delegations in their order (`name`, `ours`), each with its duty desks that are not recalled, as `desks`.

    A duty desk has the fields of a member, and `answers`: of several the one certified last answers soundings.
    """
    roster, size = desk.talks.roster, desk.common.ledger.size
    place = desk.identity.place.delegation
    return [
        {
            "name": name,
            "ours": one == place,
            "desks": [
                {
                    "id": held.statement.member,
                    "delegation": one,
                    "name": _("Duty desk"),
                    "capacity": _("unattended"),
                    "level": "",
                    "powers": [],
                    "capital": False,
                    "duty": True,
                    "recalled": False,
                    "since": held.since,
                    "answers": certificate == roster.duty_desk(one, size),
                }
                for certificate, held in roster.book.desks_at(size)
                if held.statement.duty and held.statement.delegation == one
            ],
        }
        for one, name in names.delegations(desk).items()
    ]


def _guest(one: dict[str, Any]) -> dict[str, Any]:
    """Return a guest in the fields of a member, for whoever recalls its desk."""
    return {
        "id": one["member"],
        "delegation": one["delegation"],
        "name": one["name"] or _("Guest"),
        "capacity": one.get("capacity", ""),
        "level": "",
        "powers": [],
        "capital": False,
        "duty": False,
        "guest": True,
        "recalled": one["recalled"],
    }


def has_credentials(desk: Desk) -> bool:
    """Return whether this desk's member has credentials and has compared the number: all that it takes to end an invitation."""
    statement = desk.identity.statement
    given = desk.talks.roster.credentials(statement, desk.common.ledger.size)
    return desk.confirmed and given is not None and not statement.capital


def is_admitted(desk: Desk) -> bool:
    """Return whether this desk's delegation has certified it, as far as the record here shows."""
    books = (desk.talks.roster.book, desk.home.caucus.book)
    return any(desk.certificate.hex() in book.desks for book in books)


def _readers(opened: Desk, room: str) -> set[str]:
    """Return the ids of the members to whom a room's present keys were given, guests apart."""
    epoch = opened.epoch(room)
    books = (opened.talks.roster.book, opened.home.caucus.book)
    desks = {name: one for book in books for name, one in book.desks.items()}
    return {
        desks[one.hex()].statement.member
        for one in (epoch.readers if epoch else ())
        if one.hex() in desks and not desks[one.hex()].statement.guest
    }


def _reading(member: dict[str, Any], rooms: dict[str, set[str]], own: str) -> dict[str, list[str]]:
    """Return which rooms a member reads now, and in which that changes with the next keys."""
    reads = [name for name, readers in rooms.items() if member["id"] in readers]
    due = ["roster", "plenary"] + (["caucus"] if member["delegation"] == own else [])
    if member["capital"] and "caucus" in reads:
        reads = [name for name in due if rooms[name]]
    if member["recalled"]:
        return {"reads": reads, "waits": reads}
    return {"reads": reads, "waits": [name for name in due if rooms[name] and name not in reads]}
