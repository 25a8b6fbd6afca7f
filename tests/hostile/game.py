"""One box between both desks of a stage, and what a desk that has read to the end can show of it."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from tests.hostile.conftest import Stage
from tests.support.boxes import commit, deposits

from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.encoding import pack
from good_offices.errors import HostConvictedError
from good_offices.instrument.anchors import Anchors, Beside
from good_offices.instrument.evidence import verify_any
from good_offices.register.box import BoxOpen, BoxVoid, read_box
from good_offices.register.box_evidence import BoxEvidence, Logged, logged
from good_offices.register.leaf import Kind, Leaf


class Game:
    """One box between both desks; `commits` and ends are found in the register as a desk has verified it."""

    def __init__(self, stage: Stage, *, fit: bool = True) -> None:
        self.stage = stage
        self.desks = sorted(stage.desks, key=lambda one: one.identity.place.delegation)
        self.parties = [one.identity.place.delegation for one in self.desks]
        self.box = os.urandom(32)
        self.deposits = deposits(2, self.box, fit=fit)

    def commit(self, place: int) -> None:
        desk = self.desks[place]
        body = commit(self.parties[place], self.parties, self.box, self.deposits[place])
        register = desk.common.ledger.register
        desk.storage.post(pack(Outgoing(register=register, kinds=[int(Kind.BOX_COMMIT)], bodies=[body])))
        desk.send()

    def ready(self) -> None:
        for place in range(2):
            self.commit(place)

    def log(self, kind: Kind, end: BoxOpen | BoxVoid) -> None:
        self.stage.host.log("", self.stage.host.common).force(kind, pack(end))

    def shown(self, kind: Kind) -> list[Logged]:
        """Return the entries of a kind, as a desk that has read to the end can show them."""
        desk = self.desks[0]
        with suppress(HostConvictedError):  # it has read the page by then
            desk.receive()
        found = []
        for index in range(desk.common.ledger.size):
            kept = desk.common.kept(index)
            leaf = Leaf.from_bytes(kept.leaf)
            if leaf.kind == kind:
                found.append(logged(desk.common.ledger.receipt(index, leaf), kept.body))
        return sorted(found, key=lambda one: self.parties.index(_delegation(one))) if kind == 5 else found

    def founding(self) -> Logged:
        return self.shown(Kind.GENESIS)[0]

    def convict(self, claim: Any) -> str:
        """Return what `verify` says to a stranger, who has nothing but the file."""
        ledger = self.desks[0].common.ledger
        file = BoxEvidence.of(self.founding(), claim).to_bytes()
        finding = verify_any(file)
        assert finding.valid
        assert verify_any(file, Beside(anchors=Anchors(hosts=(ledger.keys,)))).trust == "established"
        (proved,) = finding.proves
        return str(proved)


def _delegation(entry: Logged) -> str:
    return read_box(Kind.BOX_COMMIT, entry.body).delegation


def take(desk: Desk, box: bytes, deposit: bytes) -> bytes:
    return desk.common.ledger.deposit(box, deposit)
