"""Boxes for tests of the venue: deposits of scalars that open, commitments to them, and what a host says of them."""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from typing import Any

from tests.support.waiting import LONGEST
from tests.venue_kit import Answer, Desk, View

from good_offices.encoding import pack, unpack
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, ScalarDeposit, read_box
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.group import base, scalar_from
from good_offices.transport.pages import Deposit, DepositReceipt, Page

HOUR = 60 * 60 * 1000


def deposits(parties: int, box: bytes, *, fit: bool = True) -> list[bytes]:
    """Return deposits of scalars by place that open the box, or of which the first is not of its element."""
    secret = [scalar_from(os.urandom(64)) for _ in range(parties)]
    elements = tuple(base(one) for one in secret)
    if not fit:
        secret[0] = scalar_from(os.urandom(64))
    transcript = os.urandom(64)
    return [
        pack(ScalarDeposit(box=box, elements=elements, transcript=transcript, scalar=one)) for one in secret
    ]


def commit(delegation: str, parties: list[str], box: bytes, deposit: bytes, **fields: Any) -> bytes:
    """Return the body of a commitment."""
    plain = {
        "box": box,
        "delegation": delegation,
        "parties": tuple(parties),
        "release": "scalars",
        "hash": hashlib.sha256(deposit).digest(),
        "wait": HOUR,
    }
    return pack(BoxCommit(**(plain | fields)))


class Play:
    """One box between the desks of one talks, in the order of their delegations."""

    def __init__(self, desks: list[Desk], *, fit: bool = True, **fields: Any) -> None:
        self.desks = sorted(desks, key=lambda one: one.invitation.delegation)
        self.parties = [one.invitation.delegation for one in self.desks]
        self.box = os.urandom(32)
        self.deposits = deposits(len(desks), self.box, fit=fit)
        self.bodies = [
            commit(one, self.parties, self.box, deposit, **fields)
            for one, deposit in zip(self.parties, self.deposits, strict=True)
        ]

    async def commit(self, place: int) -> Answer:
        return await self.desks[place].append(self.bodies[place], kind=Kind.BOX_COMMIT)

    async def commit_all(self) -> None:
        for place, body in enumerate(self.bodies):
            answer = await self.commit(place)
            assert answer.status == 200, answer
            assert Leaf.from_bytes(answer.receipts[0].leaf) == Leaf.of(
                Kind.BOX_COMMIT, Leaf.from_bytes(answer.receipts[0].leaf).time_ms, body
            )

    async def deposit(self, place: int, given: bytes | None = None) -> Answer:
        """Hand in a deposit, the right one unless another is given."""
        return await give(self.desks[place], self.box, self.deposits[place] if given is None else given)

    async def receipt(self, place: int) -> bytes:
        """Hand in the right deposit and return the receipt that the host must give."""
        answer = await self.deposit(place)
        assert answer.status == 200, answer
        note = unpack(answer.body, DepositReceipt).note
        held = self.desks[place].keys.open_deposit(note)
        assert (held.box, held.delegation) == (self.box, self.parties[place])
        assert held.digest == hashlib.sha256(self.deposits[place]).digest()
        return note

    async def ends(self) -> list[BoxOpen | BoxVoid]:
        """Return the ends of the box that the register has, all of it verified."""
        return [end for end in await ends(self.desks[0]) if end.box == self.box]

    async def ended(self, seconds: float = LONGEST) -> BoxOpen | BoxVoid:
        """Wait for the one end."""
        until = time.monotonic() + seconds
        while not (found := await self.ends()):
            assert time.monotonic() < until, "the box did not end"
            await asyncio.sleep(0.1)
        (end,) = found
        return end


async def give(desk: Desk, box: bytes, given: bytes) -> Answer:
    return await desk.send("POST", f"{desk.common}/boxes/{box.hex()}", "", pack(Deposit(deposit=given)))


async def ends(desk: Desk) -> list[BoxOpen | BoxVoid]:
    """Return all ends of boxes in the common register, all of it verified."""
    view, found, more = View(desk), [], True
    while more:
        page = unpack((await desk.page(view.tree.size)).body, Page)
        more = view.read(page)
        for one in page.entries:
            kind = Leaf.from_bytes(one.leaf).kind
            if kind in (Kind.BOX_OPEN, Kind.BOX_VOID):
                found.append(read_box(kind, one.body))
    return found
