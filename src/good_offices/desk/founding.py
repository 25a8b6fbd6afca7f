"""Founding a desk: from an invitation or a hand-over file to a folder that can be opened.

This module decides what stands in a new folder. It never talks to the venue: what is to be sent waits in the outbox.

1. Everything of the desk is written in one transaction, its identity last: a folder without one was never a desk, and
   nothing of it was sent.
2. A first desk's root and successor go into two kits, under the same passphrase, written before the desk exists.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from good_offices.desk.compose import Outgoing
from good_offices.desk.identity import HandOver, NewDesk, first_desk, further_desk, read_invitation
from good_offices.desk.storage import Faults, Storage, write_durably
from good_offices.encoding import pack
from good_offices.errors import LocalError
from good_offices.register.leaf import Kind
from good_offices.seals.kit import write_kit
from good_offices.transport.pages import Invitation

# The host's calendar of standing lists and the host's note on it, as every desk keeps them.
CALENDAR: Final = "calendar"
CALENDAR_NOTE: Final = "calendar-note"


def found(
    folder: Path,
    passphrase: str,
    file: bytes,
    *,
    delegation: str | None,
    member: str | None,
    capacity: str | None,
    faults: Faults,
) -> Storage:
    """Return the open folder of a new desk; for a first desk both kits stand in it.

    Raises:
        LocalError: `invitation-damaged`, `calendar-not-signed`, `calendar-unusable`, `names-missing`,
            `hand-over-differs`, `folder-not-empty`.
    """
    invitation = read_invitation(file)
    if isinstance(invitation, Invitation):
        if not (delegation and member and capacity):
            raise LocalError("names-missing")
        new, number = first_desk(invitation, delegation, member, capacity), None
    else:
        _check_names(invitation, {"delegation": delegation, "member": member, "capacity": capacity})
        new, number = further_desk(invitation), invitation.number
    storage = Storage.create(folder, passphrase, faults)
    try:
        left = invitation.left if isinstance(invitation, HandOver) else {}
        _write(storage, new, passphrase, number, (invitation.calendar, invitation.calendar_note), left)
    except BaseException:
        storage.close()
        raise
    return storage


def _check_names(handover: HandOver, given: dict[str, str | None]) -> None:
    """Refuse names that are not those the head of delegation wrote into the file."""
    person = handover.person
    own = {"delegation": handover.delegation_name, "member": person.name, "capacity": person.capacity}
    differs = [what for what, words in given.items() if words and words != own[what]]
    if differs:
        raise LocalError("hand-over-differs", what=differs[0])


def _write(
    storage: Storage,
    new: NewDesk,
    passphrase: str,
    number: str | None,
    calendar: tuple[bytes, bytes],
    left: dict[str, bytes],
) -> None:
    """Write everything that a new desk starts with (rules 1 and 2)."""
    if new.root_seed and new.successor_seed:
        for name, seed in (("root.kit", new.root_seed), ("successor.kit", new.successor_seed)):
            write_durably(storage.folder / name, write_kit(seed, passphrase).encode())
    with storage.transaction():
        for room, seed in new.kem_seeds.items():
            storage.put(f"kem/{room}/{0:08d}", seed)
        for register, body in new.introductions.items():
            outgoing = Outgoing(register=register, kinds=[int(Kind.INTRODUCTION)], bodies=[body])
            storage.post(pack(outgoing))
        if number:
            storage.put("compared", number.encode())
        for name, kept in left.items():
            storage.put(name, kept)
        if calendar[0]:
            storage.put(CALENDAR, calendar[0])
            storage.put(CALENDAR_NOTE, calendar[1])
        storage.put("identity", pack(new.identity))
