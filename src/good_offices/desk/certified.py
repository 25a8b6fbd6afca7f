"""A desk of the common record as a stranger can check it: its statement, its delegation's roots, and who certified it.

This module decides where in the record the signatures stand. It signs nothing, and takes nothing but what the rules found valid.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from good_offices.encoding import unpack
from good_offices.errors import LocalError
from good_offices.register.certified import Certified
from good_offices.register.leaf import Kind, Leaf
from good_offices.talks.credentials import Introduction
from good_offices.talks.events_roster import DeskCertified, RootSucceeded

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk


def certified(desk: Desk, certificate: bytes) -> Certified:
    """Return a certified desk of the common record in one piece (spec/conditions.md R-115).

    Raises:
        LocalError: `closing-entry-missing` if this desk cannot open the entry that certified it.
    """
    roster = desk.talks.roster
    known = roster.book.desks[certificate.hex()]
    rooted = roster.delegations[known.statement.delegation].roots
    # The first root stands in the introduction that certified its desk by itself.
    chain = [one for one in rooted if one.since < known.since] or [rooted[0]]
    kept = desk.common.kept(known.since)
    if Leaf.from_bytes(kept.leaf).kind == Kind.INTRODUCTION:
        signature = unpack(kept.body or b"", Introduction, what="an introduction").certificate or b""
    else:
        event = _event(desk, known.since)
        if not isinstance(event, DeskCertified):
            raise LocalError("closing-entry-missing", index=known.since)
        signature = event.signature
    successions = []
    for one in chain[1:]:
        event = _event(desk, one.since)
        if not isinstance(event, RootSucceeded):
            raise LocalError("closing-entry-missing", index=one.since)
        successions.append(event.signature)
    return Certified(
        statement=known.statement,
        roots=tuple(one.root for one in chain),
        successions=tuple(successions),
        certificate=signature,
    )


def _event(desk: Desk, index: int) -> object:
    """Return the event at an entry of the common record, None if this desk cannot open it."""
    (line,) = desk.common.lines(index, index + 1)
    return line.act.event if line.act else None
