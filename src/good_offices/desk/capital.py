"""The capital: what its delegation's desks hand over to it, and when its own desk may write.

This module decides how the capital comes to read the common rooms (spec/rooms.md 7.4 and 7.5). It never puts anything of
the capital's into the common register.

1. Every epoch secret of the roster and of the plenary goes into the caucus once, as soon as the epoch in force there has
   a reader of the capital and no reader who should be none: whoever was recalled gets nothing that came later. A capital
   desk that is admitted later reads what was handed over before it, like all of the caucus.
2. One desk does it at once, the first of the delegation by certificate; the others when it has not been done by the next
   time. Twice is harmless.
3. A capital desk that lacks a secret of the roster cannot tell every author and reader of its caucus. It begins no epoch
   there, and goes on writing only while nobody has been judged by what it cannot read: else it would tell all that its
   state is another one.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from good_offices.errors import LocalError
from good_offices.register.leaf import Kind
from good_offices.talks.acts import Event
from good_offices.talks.book import Epochs
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, ManifestIssued

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

# Nobody but the other side decides how many epochs there are; an act has a largest size.
_AT_ONCE: Final = 4096


def hand_over_common(desk: Desk) -> None:
    """Hand the common rooms' secrets over in the caucus, if the capital waits for any (rules 1 and 2)."""
    if desk.identity.person.capital or not _is_caucus_in_order(desk):
        return
    due = {room: _due(desk, room) for room in ("roster", "plenary")}
    manifests = [one.manifest for epochs in due.values() for one in epochs]
    if not manifests or not _is_our_turn(desk, manifests):
        return
    for room, epochs in due.items():
        for start in range(0, len(epochs), _AT_ONCE):
            some = tuple(epochs[start : start + _AT_ONCE])
            desk.write("caucus", EpochsHandedOver(room=desk.rooms[room], epochs=some))
    desk.send()
    desk.receive()


def blind_from(desk: Desk) -> int | None:
    """Return the index of the common register after which this desk cannot read the roster; None if it reads all."""
    roster = desk.talks.roster
    epochs = roster.book.epochs.get(roster.room)
    if epochs is None:
        return next((line.index for line in desk.common.lines() if line.leaf.kind == Kind.ENVELOPE), None)
    return next((one.since for one in epochs.issued if desk.epochs.secret(one.manifest) is None), None)


def check_may_write(desk: Desk, room: str, event: Event) -> None:
    """Pass if this desk, being the capital's, may do an act in a room now (rule 3).

    Raises:
        LocalError: `capital-only-reads` in a common room; `capital-waits`.
    """
    if room != "caucus":
        raise LocalError("capital-only-reads", room=room)
    blind = blind_from(desk)
    if blind is None:
        return
    if isinstance(event, ManifestIssued):
        raise LocalError("capital-waits")
    known, judged_by = desk.home.caucus.book.desks, 0
    for line in desk.caucus.lines():
        if line.act is None or line.act.common is None:
            continue
        judged_by = max(judged_by, line.act.common.size)
        # The entry that begins an epoch is itself sealed under the epoch before.
        if judged_by > blind + 1 and line.act.author.hex() not in known:
            raise LocalError("capital-waits")


def _is_caucus_in_order(desk: Desk) -> bool:
    """Tell whether the caucus's epoch is for exactly those who should read it, the capital among them (rule 1)."""
    epoch, ledger = desk.home.epoch(), desk.caucus.ledger
    if epoch is None or not desk.common.ledger.note or desk.epochs.secret(epoch.manifest) is None:
        return False
    if list(epoch.readers) != desk.home.readers(ledger.size, desk.common.ledger.size):
        return False
    # What this desk has sent there and not yet read back may be a manifest, or this very hand-over.
    if desk.storage.names(f"receipt/{ledger.register}/"):
        return False
    if any(one.register == ledger.register for one in desk.outgoing()):
        return False
    return any(one.hex() in desk.home.caucus.book.desks for one in epoch.readers)


def _due(desk: Desk, room: str) -> list[EpochSecret]:
    """Return the secrets of a common room that this desk holds and nobody has handed over in the caucus."""
    size = desk.common.ledger.seen().size
    issued = desk.talks.roster.book.epochs.get(desk.rooms[room], Epochs()).issued
    handed = {bytes.fromhex(name.rpartition("/")[2]) for name in desk.storage.names("handed/")}
    held = [
        (one.manifest, desk.epochs.secret(one.manifest))
        for one in issued
        if one.since < size and one.manifest not in handed
    ]
    return [EpochSecret(manifest=manifest, secret=secret) for manifest, secret in held if secret]


def _is_our_turn(desk: Desk, manifests: list[bytes]) -> bool:
    """Tell whether this desk is the first of its delegation, or has left the same to the others once (rule 2)."""
    epoch, apart = desk.home.epoch(), desk.home.caucus.book.desks
    at_the_table = [one for one in epoch.readers if one.hex() not in apart] if epoch else []
    if at_the_table and min(at_the_table) == desk.certificate:
        return True
    mark = hashlib.sha256(b"".join(manifests)).digest()
    if desk.storage.get("left/capital") == mark:
        return True
    desk.storage.put("left/capital", mark)
    return False
