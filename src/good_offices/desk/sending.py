"""Sending what waits: the outbox, in order, to the registers that its entries are for.

This module decides when something leaves the outbox: when the host's receipt for it is on the disk. It never decides what goes in.

1. What waits is sent in the order in which it was written; nothing passes what was written before it.
2. A receipt that convicts the host stops the desk; whatever else fails leaves the rest waiting.
3. The one thing that does not hold up the rest is a commitment to a box of a sounding that has no place any more: it is made anew
   if it is due.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from good_offices.desk.compose import Outgoing
from good_offices.encoding import unpack
from good_offices.errors import HostConvictedError, OperationalError
from good_offices.register.leaf import Kind

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

# Why the host refuses a commitment to a box for good, or until other boxes have ended (spec/transport.md 4.4).
_NO_PLACE: Final = ("box-closed", "box-committed", "box-differs", "box-not-yours", "boxes-full")


def send(desk: Desk) -> None:
    """Send all that waits, keeping each receipt before anything else (rules 1 to 3).

    Raises:
        HostConvictedError: a receipt convicts the host; nothing more is sent.
        OperationalError: the rest waits.
    """
    storage = desk.storage
    ledgers = {book.ledger.register: book.ledger for book in (desk.common, desk.caucus)}
    for place, content in storage.outbox():
        outgoing = unpack(content, Outgoing)
        entries = list(zip(outgoing.kinds, outgoing.bodies, strict=True))
        storage.faults("send-before")
        try:
            ledgers[outgoing.register].append(entries)
        except HostConvictedError as convicted:
            storage.put("stopped", convicted.code.encode())
            raise
        except OperationalError as refused:
            if int(Kind.BOX_COMMIT) not in outgoing.kinds or refused.facts.get("why") not in _NO_PLACE:
                raise
        storage.faults("send-after-receipt")
        storage.posted(place)
