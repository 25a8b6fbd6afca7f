"""Guests for tests: a desk that a delegation has brought, and nobody has invited."""

from __future__ import annotations

from tests.support.house import PASSPHRASE, House

from good_offices.desk import people
from good_offices.desk.desk import Desk
from good_offices.encoding import pack


def bring(house: House, head: Desk, name: str = "Anna K.") -> Desk:
    """Return the desk of a guest, brought by a delegation and admitted by its root; nobody has invited it."""
    handover = people.invite(head, name, "Interpreter", "experts", [], guest=True)
    desk = Desk.create(house.path / f"desk-{name.split(maxsplit=1)[0]}", PASSPHRASE, pack(handover))
    desk.sync()
    head.sync()
    people.admit(head, people.waiting(head)[0], house.root(head))
    house.desks.append(desk)
    house.settle()
    return desk
