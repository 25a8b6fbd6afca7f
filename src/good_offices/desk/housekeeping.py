"""The chores of a desk: enrolment, epochs, fresh keys, cosignatures.

This module decides what a desk does without being told (spec/rooms.md sections 3 to 6). It never does an act that binds.

1. A first desk enrols itself, once; the enrolment key never leaves its folder but as an HMAC.
2. A room needs a new epoch when its readers are not those of the epoch in force. The desk that does it is one of the
   delegation whose reader came or went; anybody's when nobody else has done so by the next time. Two at once are
   harmless: the first valid successor wins.
   It also needs one when its epoch is older than a week by the host's clock, or when a member suspects something
   (`desk.suspicion`). Whoever begins it so publishes a fresh key of its own first: nobody is wrapped to a key older than that.
3. Whoever begins an epoch hands the earlier ones over to those who came, once it is in force, and only while all who read it should:
   if somebody was withdrawn in between, a further epoch begins first. A guest's desk begins none and hands nothing over.
4. After an epoch that it opened, a desk publishes a fresh key for the next.
   For a group it publishes its first key as soon as it is named; till then it is wrapped to its key for the plenary.
5. A desk cosigns the checkpoint it has verified, so that an outcome can show that both sides saw the same register.
6. What needs an answer from the register leaves a mark and is taken up when the answer is there: at once over the network,
   after the next pouch by courier.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from good_offices.desk import guests
from good_offices.desk.capital import blind_from, hand_over_common
from good_offices.desk.record import Kept
from good_offices.encoding import pack, unpack
from good_offices.register.cosignature import DeskCosigner, desk_name
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.wraps import wrap_all, wrap_info
from good_offices.talks.book import Book as Members
from good_offices.talks.book import Issued, epoch_commitment
from good_offices.talks.credentials import NO_HASH, Manifest, Wraps
from good_offices.talks.events_roster import EpochSecret, EpochsHandedOver, KeyRenewed, ManifestIssued

# Seven days. A thief of an epoch's secret reads on for so long at most, if the talks have a desk that syncs.
WEEK: Final = 7 * 24 * 3600

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk
    from good_offices.desk.ledger import Ledger


def enrol(desk: Desk) -> None:
    """Tell the venue of this desk, if it is a first desk that has not yet done so (rule 1)."""
    identity = desk.identity
    if identity.enrolment is None or desk.by_courier or desk.storage.get("enrolled"):
        return
    client = desk.delegation_client()
    try:
        client.enrol(identity.statement.desk, identity.place.delegation)
    finally:
        client.close()
    desk.storage.put("enrolled", b"1")


def chores(desk: Desk) -> bool:
    """Return whether anything was posted: epochs that are due, then fresh keys (rules 2 to 4)."""
    before = desk.common.ledger.tree.size, desk.caucus.ledger.tree.size
    if desk.confirmed:
        guests.end_what_is_over(desk)
    is_blind = desk.identity.person.capital and blind_from(desk) is not None
    # A desk of the capital that cannot read the whole roster does not know who should read the caucus.
    seats = {} if is_blind else desk.identity.seats
    for room in ("roster", "plenary", "sounding", "caucus", *groups(desk)):
        if (room in seats or room not in desk.rooms) and (room == "caucus" or desk.confirmed):
            if not desk.identity.person.guest:
                _hand_over_if_due(desk, room)
                _epoch_if_due(desk, room)
            _fresh_key_if_due(desk, room)
    hand_over_common(desk)
    return before != (desk.common.ledger.tree.size, desk.caucus.ledger.tree.size)


def cosign(desk: Desk) -> None:
    """Hand the venue this desk's cosignature of each register as it now stands (rule 5); by courier the letter has it."""
    if desk.by_courier:
        return
    for ledger in cosigned_ledgers(desk):
        if not ledger.note or desk.storage.get(f"cosigned/{ledger.register}") == ledger.note:
            continue
        desk.client.cosign(ledger.register, cosigned(desk, ledger))
        desk.storage.put(f"cosigned/{ledger.register}", ledger.note)


def cosigned_ledgers(desk: Desk) -> list[Ledger]:
    """Return the registers that this desk cosigns; the capital's would show the other side a desk it knows nothing of."""
    if desk.identity.person.guest:
        return []  # a guest bears witness for nobody
    return [desk.book(room).ledger for room in ("roster", "caucus") if room in desk.identity.seats]


def cosigned(desk: Desk, ledger: Ledger) -> bytes:
    """Return this desk's cosignature of the host's last note over a register (rule 5)."""
    signer = DeskCosigner(desk.identity.cosigner_seed, desk_name(desk.identity.statement.desk))
    return signer.sign(ledger.keys.open(ledger.note), int(time.time()))


def begin_epoch(desk: Desk, room: str, wanted: list[bytes]) -> bytes:
    """Return the act that issues a manifest for exactly these readers, with their wraps; hand earlier epochs over."""
    room_id = desk.room_id(room)
    current = desk.epoch(room)
    secret, nonce = secrets.token_bytes(32), secrets.token_bytes(16)
    seen = desk.book(room).ledger.seen()
    manifest = Manifest(
        talks=desk.identity.place.talks,
        room=room_id,
        epoch=current.epoch + 1 if current else 0,
        previous=current.manifest if current else NO_HASH,
        readers=sorted(wanted),
        head_size=seen.size,
        head_root=seen.root,
        commitment=epoch_commitment(secret, nonce),
        nonce=nonce,
    )
    talks = desk.identity.place.talks
    kem = desk.home.kem if room == "caucus" else partial(desk.talks.kem, room_id)
    keys = [(kem(one) or b"", wrap_info(talks, manifest.hash, one)) for one in manifest.readers]
    wraps = pack(Wraps(manifest=manifest.hash, blocks=wrap_all(secret, keys)))
    desk.epochs.keep(room_id, manifest.hash, secret)
    event = ManifestIssued(manifest=manifest, wraps=hashlib.sha256(wraps).digest())
    posted_in = _posted_in(desk, room)
    under = manifest.hash if room == posted_in and current is None else None
    act = desk.write(posted_in, event, before=(int(Kind.WRAPS), wraps), under=under)
    desk.storage.put(f"begun/{room}", act)
    if current and set(wanted) - set(current.readers):
        desk.storage.put(f"hand-over/{room}", manifest.hash)
    desk.send()
    desk.receive()
    _hand_over_if_due(desk, room)
    return act


def is_open(desk: Desk, room: str) -> bool:
    """Tell whether a room has an epoch that this desk reads and, as the register stands, should read."""
    current = desk.epoch(room)
    held = current is not None and desk.epochs.secret(current.manifest) is not None
    return held and desk.certificate in readers(desk, room)


def _hand_over_if_due(desk: Desk, room: str) -> None:
    """Hand earlier epochs over once the one that this desk began is in force (rules 3 and 6)."""
    mark, now = desk.storage.get(f"hand-over/{room}"), desk.epoch(room)
    if mark is None or now is None or is_under_way(desk, room):
        return
    due = readers(desk, room)
    if not set(_newcomers(desk, room, mark)) & set(due):
        # Somebody else's manifest came first, and whoever made it hands over; or nobody is left of those who came.
        desk.storage.remove(f"hand-over/{room}")
        return
    if not set(now.readers) <= set(due) or desk.certificate not in now.readers:
        # One who reads this epoch should not any more: what is handed over under it, it would read. A further epoch first.
        return
    _hand_over(desk, room)
    desk.storage.remove(f"hand-over/{room}")


def _newcomers(desk: Desk, room: str, manifest: bytes) -> list[bytes]:
    """Return who came with an epoch of a room, by certificate; nobody if it is none of the room's."""
    issued = _members(desk, room).epochs[desk.room_id(room)].issued
    at = next((at for at, one in enumerate(issued) if one.manifest == manifest), 0)
    return [one for one in issued[at].readers if one not in issued[at - 1].readers] if at else []


def is_under_way(desk: Desk, room: str) -> bool:
    """Tell whether a manifest that this desk has written for a room has not come back yet (rule 6)."""
    posted_in = _posted_in(desk, room)
    if desk.storage.names(f"receipt/{desk.book(posted_in).ledger.register}/"):
        return True
    begun = desk.storage.get(f"begun/{room}")
    return begun is not None and begun in [one.act for one in desk.outgoing()]


def _hand_over(desk: Desk, room: str) -> None:
    """Hand all earlier epochs of a room over to those who came (rule 3)."""
    issued = _members(desk, room).epochs[desk.room_id(room)].issued[:-1]
    held = [(one.manifest, desk.epochs.secret(one.manifest)) for one in issued]
    epochs = tuple(EpochSecret(manifest=manifest, secret=secret) for manifest, secret in held if secret)
    desk.write(room, EpochsHandedOver(room=desk.room_id(room), epochs=epochs))
    desk.send()
    desk.receive()


def _epoch_if_due(desk: Desk, room: str) -> None:
    """Begin an epoch if the readers have changed and it is this desk's turn (rule 2)."""
    size = desk.book(room).ledger.tree.size
    if room in ("plenary", "sounding") and not _all_accredited(desk, room, size):
        return
    if room == "roster" and not desk.talks.roster.introduced:
        return
    wanted, current = readers(desk, room), desk.epoch(room)
    if room not in desk.rooms and current is None and not _is_joined(desk, wanted):
        return
    if is_under_way(desk, room) or desk.certificate not in wanted:
        return
    if current is None:
        begin_epoch(desk, room, wanted)
        return
    if desk.epochs.secret(current.manifest) is None:
        return
    changed = set(current.readers) ^ set(wanted)
    if changed:
        if _is_ours(desk, changed) or _waited(desk, room, current.manifest):
            begin_epoch(desk, room, wanted)
    elif not desk.identity.person.capital and _is_old(desk, room, current):
        # The capital may not hold what a manifest must be judged by; its delegation has desks at the table.
        fresh_key(desk, room)
        begin_epoch(desk, room, wanted)
        desk.storage.put(f"weekly/{room}", str(_now(desk)).encode())


def _is_old(desk: Desk, room: str, current: Issued) -> bool:
    """Tell whether an epoch began more than a week ago by the host's clock, and this desk has not just renewed it.

    The second: a host that dates every entry far back would else make all desks begin epochs without end.
    """
    posted_in = _posted_in(desk, room)
    _, content = next(
        desk.storage.archived(desk.book(posted_in).ledger.register, current.since, current.since + 1)
    )
    began = Leaf.from_bytes(unpack(content, Kept).leaf).time_ms // 1000
    last = int(desk.storage.get(f"weekly/{room}") or b"0")
    return _now(desk) - max(began, last) > WEEK


def _now(desk: Desk) -> int:
    """Return the time in seconds since 1970 by the host's clock, as far as this desk knows how far it is from its own."""
    return int(time.time()) + desk.client.clock_offset


def _is_joined(desk: Desk, wanted: list[bytes]) -> bool:
    """Tell whether more than one delegation has sent somebody into a group: before, there is nobody to talk to."""
    desks = [desk.talks.roster.certificate(one) for one in wanted]
    return len({one.delegation for one in desks if one and not one.guest}) > 1


def _all_accredited(desk: Desk, room: str, size: int) -> bool:
    """Tell whether every delegation has compared keys and has a desk that can sit in the room."""
    roster = desk.talks.roster
    readers = roster.readers(desk.rooms[room], size)
    desks = [roster.certificate(one) for one in readers]
    sitting = {one.delegation for one in desks if one and not one.guest}
    return all(roster.compared(one) and one in sitting for one in roster.expected)


def _is_ours(desk: Desk, changed: set[bytes]) -> bool:
    """Tell whether a reader of this delegation came or went."""
    books = (desk.talks.roster.book, desk.home.caucus.book)
    desks = [book.desks[one.hex()] for book in books for one in changed if one.hex() in book.desks]
    return any(one.statement.delegation == desk.identity.place.delegation for one in desks)


def _waited(desk: Desk, room: str, manifest: bytes) -> bool:
    """Tell whether this desk has already left the same change to the others once."""
    name, mark = f"left/{room}", manifest
    left = desk.storage.get(name) == mark
    if not left:
        desk.storage.put(name, mark)
    return left


def _fresh_key_if_due(desk: Desk, room: str) -> None:
    """Publish a fresh key for a room whose present one has opened an epoch (rule 4)."""
    room_id = desk.room_id(room)
    posted_in = _posted_in(desk, room)
    is_first = room not in desk.rooms and desk.epochs.newest_key(room_id) is None
    if not (is_first or desk.epochs.is_used(room_id)) or desk.epoch(posted_in) is None:
        return
    if desk.certificate in readers(desk, posted_in):
        fresh_key(desk, room)


def fresh_key(desk: Desk, room: str) -> None:
    """Publish a fresh key of this desk for the next epochs of a room."""
    room_id = desk.room_id(room)
    posted_in = _posted_in(desk, room)
    desk.write(posted_in, KeyRenewed(room=room_id, kem=desk.epochs.add_key(room_id)))
    desk.send()
    desk.receive()


def readers(desk: Desk, room: str) -> list[bytes]:
    """Return the certificates that should read a room as this desk has verified the register."""
    size = desk.book(room).ledger.size
    if room == "caucus":
        return desk.home.readers(size, desk.common.ledger.size)
    if room not in desk.rooms:
        return desk.talks.readers(room, size)
    return desk.talks.roster.readers(desk.rooms[room], size)


def groups(desk: Desk) -> list[str]:
    """Return the ids of the open groups that this desk should read, as the register stands."""
    if desk.identity.person.capital or desk.identity.person.duty:
        return []
    held = desk.talks.plenary.groups.rooms
    return [
        room for room, one in held.items() if one.closed is None and desk.certificate in readers(desk, room)
    ]


def _posted_in(desk: Desk, room: str) -> str:
    """Return the room in which the epochs and keys of a room stand (spec/rooms.md sections 3 and 5)."""
    if room not in desk.rooms:
        return "plenary"
    return "caucus" if room == "caucus" else "roster"


def _members(desk: Desk, room: str) -> Members:
    """Return the rules' book of desks, members and epochs in which a room stands."""
    if room not in desk.rooms:
        return desk.talks.plenary.groups.book
    return desk.home.caucus.book if room == "caucus" else desk.talks.roster.book
