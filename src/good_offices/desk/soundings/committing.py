"""Committing to a box: by an act that nobody else can make, and by the entry that the host's box is run by.

This module decides what is written for it (spec/soundings.md section 9, R-87). It never decides to what, or when.

1. The act announces the hash, and the entry of kind 5 follows in the same transaction of the venue. Without the act the entry has
   no effect: the host cannot commit in anybody's name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from good_offices.desk.compose import Outgoing
from good_offices.encoding import pack
from good_offices.register.box import BoxCommit, box_id
from good_offices.register.leaf import Kind
from good_offices.talks.events_sounding import SoundingCommitted
from good_offices.talks.soundings import Sounding

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk


def commit(desk: Desk, sounding: Sounding, number: int, digest: bytes) -> None:
    """Put a commitment to a box into the outbox: the act that announces it, and the entry for the host (R-87)."""
    entry = BoxCommit(
        box=box_id(sounding.attempts[-1].ctx, number),
        delegation=desk.identity.place.delegation,
        parties=sounding.delegations,
        release=sounding.release(number),
        hash=digest,
        wait=sounding.wait(number),
    )
    announced = SoundingCommitted(sounding=sounding.id, attempt=sounding.attempt, number=number, hash=digest)
    if sounding.commitment(number, entry.delegation) is None:
        desk.write("sounding", announced, after=(int(Kind.BOX_COMMIT), pack(entry)))
        return
    # Announced before, and the entry did not come through: that alone once more.
    register = desk.common.ledger.register
    desk.storage.post(pack(Outgoing(register=register, kinds=[int(Kind.BOX_COMMIT)], bodies=[pack(entry)])))
