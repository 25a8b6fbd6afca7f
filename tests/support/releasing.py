"""A house whose delegations release a communiqué, step by step, for tests over a real venue."""

from __future__ import annotations

from tests.support import ending, river
from tests.support.house import House

from good_offices.clerk import communiques, pending
from good_offices.desk import communique as desks
from good_offices.desk.desk import Desk


def text_ready(house: House) -> None:
    """Let modalities be in force and a text in two languages lie on the table."""
    upper, lower = house.desks[:2]
    river.modalities(house, upper, lower)
    ending.tabled(house)


def content(desk: Desk) -> bytes:
    return communiques.content_of(desk, None)


def accepted(house: House, **fields) -> None:
    """Let the first desk propose, and every other delegation accept."""
    text_ready(house)
    first, *others = house.desks
    text = ending.text(first)
    done(first, communiques.proposed(first, text, **fields))
    for desk in others:
        desk.sync()
        index = communiques.entry_of(desk, content(desk))
        done(desk, pending.acceptance(desk, str(index), None))
    house.settle()


def signed(house: House, **fields) -> None:
    """Let all accept and sign."""
    accepted(house, **fields)
    for desk in house.desks:
        desk.sync()
        done(desk, communiques.signature(desk, content(desk)))
    house.settle()


def released(house: House) -> str:
    """Let the first desk release what all have signed; return its number."""
    signed(house)
    _done, number = desks.release(house.desks[0], content(house.desks[0]))
    house.settle()
    return number


def done(desk: Desk, event) -> None:
    """Do an act that must stand."""
    verdict = desk.act("plenary", event).verdict
    assert verdict is not None
    assert verdict.status == "valid", verdict
