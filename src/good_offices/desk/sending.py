"""Sending what waits: the outbox, in order, to the registers that its entries are for.

This module decides when something leaves the outbox: when the host's receipt for it is on the disk. It never decides what goes in.

1. What waits is sent in the order in which it was written; nothing passes what was written before it.
2. A receipt that convicts the host stops the desk; whatever else fails leaves the rest waiting.
3. It is kept until the desk has it in its verified record: what a change of venue leaves behind is posted again (spec/moving.md 2.1).
4. The one thing that does not hold up the rest is a commitment to a box of a sounding that has no place any more: it is made anew
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
    from good_offices.desk.storage import Storage

# What was sent and is not in the verified record yet.
SENT: Final = "sent/"
# Why the host refuses a commitment to a box for good, or until other boxes have ended (spec/transport.md 4.4).
_NO_PLACE: Final = ("box-closed", "box-committed", "box-differs", "box-not-yours", "boxes-full")


def send(desk: Desk) -> None:
    """Send all that waits, keeping each receipt before anything else (rules 1 to 4).

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
        last = -1
        try:
            last = max(ledgers[outgoing.register].append(entries))
        except HostConvictedError as convicted:
            storage.put("stopped", convicted.code.encode())
            raise
        except OperationalError as refused:
            if int(Kind.BOX_COMMIT) not in outgoing.kinds or refused.facts.get("why") not in _NO_PLACE:
                raise
        storage.faults("send-after-receipt")
        sent(storage, outgoing.register, last, place, content)


def sent(storage: Storage, register: str, last: int, place: int, content: bytes) -> None:
    """Take something out of the outbox, and keep it until its last entry, at `last`, is in the verified record (rule 3)."""
    with storage.transaction():
        if last >= 0:
            storage.put(f"{SENT}{register}/{last:012d}", content)
        storage.posted(place)


def covered(storage: Storage, register: str, size: int) -> None:
    """Let go of what was sent and is in the verified record, which has `size` entries."""
    for name in storage.names(f"{SENT}{register}/"):
        if int(name.rpartition("/")[2]) < size:
            storage.remove(name)
