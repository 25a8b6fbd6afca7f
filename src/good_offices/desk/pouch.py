"""Talks by courier at the desk: the letter it writes, the pouch it takes in.

This module decides what goes into a letter and in which order a pouch is read (spec/transport.md section 9). It never
believes more of a pouch than of the network: `desk.ledger` verifies both by the same code.

1. Writing a letter changes nothing but that chores are done and the desk talks by courier from here on. What waits leaves
   the outbox when a pouch brings its receipt.
2. A pouch is checked by itself, then against the desk: its own, of these talks. Only then is anything kept.
3. Receipts come first, then entries, then chores. A pouch that is older than what the desk has brings nothing new, and
   must still agree with it. One with a gap before it is refused whole.
4. A pouch may be partial, and lose its way; the next letter asks again from what the desk has verified.
"""

from __future__ import annotations

from contextlib import ExitStack

from good_offices.desk import housekeeping, sending
from good_offices.desk.compose import Outgoing
from good_offices.desk.desk import Desk
from good_offices.desk.ledger import Ledger
from good_offices.encoding import unpack
from good_offices.errors import HostConvictedError, LocalError, OperationalError, RemoteError
from good_offices.register.note import Note
from good_offices.talks.verdict import Verdict
from good_offices.transport import pages
from good_offices.transport.pouch import (
    MAX_LETTER,
    MAX_WRITTEN,
    Held,
    Item,
    Letter,
    Part,
    read_pouch,
    seal_letter,
)

# What a letter's own fields, cosignatures and MACs take at most; the rest of `MAX_LETTER` is for bodies.
_MARGIN = 64 * 1024
_ITEM = 256


class Carried:
    """A pouch as the source of a ledger (`ledger.Source`)."""

    def __init__(self, parts: list[Part]) -> None:
        """Give what these checked parts hold."""
        self._parts = {part.register: part for part in parts}
        self._receipts: pages.Receipts | None = None

    def page(self, register: str, start: int) -> pages.Page | None:
        """Return the page, unless all that it holds is before `start`."""
        part = self._parts.get(register)
        if part is None or part.page.start + len(part.page.entries) <= start:
            return None
        return part.page

    def consistency(self, register: str, old: int, new: int) -> list[bytes]:
        """Return the proof from the end of the page to the checkpoint; the ledger verifies that it is the one it needs."""
        _ = old, new
        return self._parts[register].consistency

    def append(self, register: str, entries: list[tuple[int, bytes]]) -> pages.Receipts:
        """Return the receipts that `answer` chose."""
        _ = register, entries
        assert self._receipts is not None
        return self._receipts

    def deposit(self, register: str, box: bytes, deposit: bytes) -> pages.DepositReceipt:
        """Refuse: letters carry no deposits (spec/transport.md 4.8).

        Raises:
            LocalError: `by-courier`.
        """
        _ = register, box, deposit
        raise LocalError("by-courier")

    def answer(self, register: str, place: int) -> bool:
        """Tell whether the pouch has receipts for a place of the outbox, and choose them for `append`."""
        part = self._parts.get(register)
        for one in part.receipts if part else []:
            if part and one.place == place:
                self._receipts = pages.Receipts(checkpoint=part.page.checkpoint, receipts=one.receipts)
                return True
        return False


def write_letter(desk: Desk) -> bytes:
    """Return a letter with as much of what waits as fits, in order (rule 1).

    Raises:
        LocalError: `desk-stopped`.
        OperationalError: `disk-refused`.
    """
    desk.may_go_on()
    desk.talk_by(courier=True)
    desk.sync()
    statement = desk.identity.statement
    letter = Letter(
        desk=statement.desk,
        delegation=statement.delegation,
        registers=sorted((_held(desk, one) for one in _ledgers(desk)), key=lambda held: held.register),
        items=_items(desk),
    )
    enrolment = None if desk.storage.get("enrolled") else desk.identity.enrolment
    return seal_letter(letter, desk.identity.posting, enrolment)


def take_pouch(desk: Desk, data: bytes) -> list[Verdict]:
    """Return the verdicts on everything new in a pouch, after doing the chores that it makes due (rules 2 and 3).

    Raises:
        HostConvictedError: the host has forked, or cheated with a box; the evidence is kept.
        LocalError: `desk-stopped`.
        OperationalError: `venue-behind`, `disk-refused`.
        RemoteError: `pouch-broken`, `pouch-foreign`, `answer-out-of-place`, and as `read_pouch` and `Ledger.take`.
    """
    desk.may_go_on()
    parts = _ours(desk, data)
    desk.talk_by(courier=True)
    source = Carried(list(parts.values()))
    try:
        with ExitStack() as stack:
            for ledger in _ledgers(desk):
                stack.enter_context(ledger.reading(source))
                _compare(ledger, parts.get(ledger.register))
            _take_receipts(desk, source)
            fresh = desk.read()
    except HostConvictedError as convicted:
        desk.storage.put("stopped", convicted.code.encode())
        raise
    desk.storage.put("enrolled", b"1")
    for ledger in _ledgers(desk):
        _keep_cosignatures(desk, ledger, parts.get(ledger.register))
    desk.sync()
    return fresh


def kept_cosignatures(desk: Desk, register: str, size: int) -> list[bytes]:
    """Return the cosigned notes of one size that pouches have brought."""
    names = desk.storage.names(f"cosigned-by/{register}/{size:012d}/")
    return [desk.storage.get(name) or b"" for name in names]


def _ledgers(desk: Desk) -> tuple[Ledger, Ledger]:
    """Return both registers of this desk."""
    return desk.common.ledger, desk.caucus.ledger


def _held(desk: Desk, ledger: Ledger) -> Held:
    """Return how far this desk has verified a register, cosigned."""
    cosigns = ledger.note and ledger in housekeeping.cosigned_ledgers(desk)
    cosigned = housekeeping.cosigned(desk, ledger) if cosigns else None
    return Held(register=ledger.register, have=ledger.size, cosigned=cosigned)


def _items(desk: Desk) -> list[Item]:
    """Return what waits, in order, as far as one letter holds it; what is behind the first that does not fit waits too."""
    items: list[Item] = []
    room, count = MAX_LETTER - _MARGIN, MAX_WRITTEN
    for place, content in desk.storage.outbox():
        outgoing = unpack(content, Outgoing)
        room -= sum(len(body) + _ITEM for body in outgoing.bodies) + _ITEM
        count -= len(outgoing.bodies)
        if room < 0 or count < 0:
            break
        entries = [
            pages.Posted(kind=kind, body=body)
            for kind, body in zip(outgoing.kinds, outgoing.bodies, strict=True)
        ]
        items.append(Item(place=place, register=outgoing.register, entries=entries))
    return items


def _ours(desk: Desk, data: bytes) -> dict[str, Part]:
    """Return the parts of a pouch that is for this desk, by register (rule 2)."""
    pouch = read_pouch(data)
    genesis = {ledger.register: ledger.genesis_body for ledger in _ledgers(desk)}
    statement = desk.identity.statement
    if any(genesis.get(part.register) != part.genesis for part in pouch.parts):
        raise RemoteError("pouch-foreign", why="it is of other talks, or of another delegation's caucus")
    if (pouch.desk, pouch.delegation) != (statement.desk, statement.delegation):
        raise RemoteError("pouch-foreign", why="it answers another desk's letter")
    for ledger in _ledgers(desk):
        part = next((one for one in pouch.parts if one.register == ledger.register), None)
        if part is not None and part.keys != ledger.keys:
            raise RemoteError("pouch-foreign", why="it is of another host than that of the talks")
        if part is not None and part.page.entries and part.page.start > ledger.size:
            raise RemoteError("answer-out-of-place", expected=ledger.size, got=part.page.start)
    return {part.register: part for part in pouch.parts}


def _compare(ledger: Ledger, part: Part | None) -> None:
    """Hold a pouch that is not newer than what we have against it (rule 3)."""
    if part is None or not ledger.note:
        return
    size = ledger.keys.open(part.page.checkpoint).size
    if size <= ledger.size:
        ledger.compare(part.page.checkpoint)
    if part.page.start > size:
        raise OperationalError("venue-behind", venue=size, desk=part.page.start)


def _take_receipts(desk: Desk, source: Carried) -> None:
    """Keep the receipts for what waits, and take it out of the outbox (rule 3)."""
    ledgers = {ledger.register: ledger for ledger in _ledgers(desk)}
    for place, content in desk.storage.outbox():
        outgoing = unpack(content, Outgoing)
        if not source.answer(outgoing.register, place):
            continue
        entries = list(zip(outgoing.kinds, outgoing.bodies, strict=True))
        last = max(ledgers[outgoing.register].append(entries))
        sending.sent(desk.storage, outgoing.register, last, place, content)


def _keep_cosignatures(desk: Desk, ledger: Ledger, part: Part | None) -> None:
    """Keep cosigned notes by size and desk: whose they really are is verified when an outcome needs them."""
    for note in part.cosigned if part else []:
        parsed = Note.parse(note, what="a cosignature")
        size = int(parsed.text.split("\n")[1])
        name = f"cosigned-by/{ledger.register}/{size:012d}/{parsed.signatures[0].name}"
        desk.storage.put(name, note)
