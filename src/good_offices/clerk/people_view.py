"""How a desk stands and who sits where, as plain values.

This module decides what is told of a desk, of delegations and of members. It never tells a key: of roots it tells the
fingerprints that people compare.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk import names
from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.desk.people import waiting
from good_offices.errors import LocalError
from good_offices.locale import _


def desk_state(opened: Desk) -> dict[str, Any]:
    """Return how a desk stands: who, where, rooms, registers, what waits, delegations, members, invited, texts."""
    place, person = opened.identity.place, opened.identity.person
    plenary = opened.talks.plenary
    rooms = {}
    for name in opened.rooms:
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
        {"delegation": one, "name": called[one], "fingerprint": held.root.fingerprint, "ours": one == own}
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
