"""A communiqué against the register of its talks: at the venue's door, and from a file that a courier brought.

This module decides whose a communiqué is, by the introductions that stand in clear (spec/communique.md R-138). It opens nothing, and
writes nothing to the register.
"""

from __future__ import annotations

import time

from good_offices.errors import RemoteError
from good_offices.register.communique import Verified
from good_offices.register.handed import Shown
from good_offices.register.leaf import Kind
from good_offices.venue import communiques
from good_offices.venue.clear.conditions import written
from good_offices.venue.folder import Folder
from good_offices.venue.store import Reader, Register, Writer


def check_ours(store: Reader, register: Register, verified: Verified) -> None:
    """Pass if a communiqué that holds is one of the talks of this register, and its hour has come by this machine's clock.

    Raises:
        RemoteError: `communique-not-ours`, `communique-early`.
    """
    wanted = {desk.statement.hash for desk in verified.desks}
    bodies = store.bodies(register.number, Kind.INTRODUCTION)
    shown = Shown(talks=register.talks, delegations=store.delegations(register.talks)).take(bodies, wanted)
    communiques.check(verified, register.talks, shown, store.desk, int(time.time() * 1000))


def taken(folder: Folder, data: bytes) -> str:
    """Return the number of a communiqué that a courier brought, checked and kept for the public page.

    Raises:
        RemoteError: as `communiques.verified`, `check_ours` and `communiques.keep`.
        OperationalError: `venue-disk`.
    """
    verified = communiques.verified(data)

    def look(writer: Writer) -> None:
        talks = verified.communique.talks
        found = [one for one, _ in writer.registers() if one.talks == talks and one.delegation is None]
        if not found:
            raise RemoteError("communique-not-ours", why="it is of talks that are not held here")
        check_ours(writer, found[0], verified)

    written(folder, look)
    communiques.keep(folder, verified, data)
    return verified.number
