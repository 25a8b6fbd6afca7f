"""Deposit receipts that delegations give each other, when the host has closed a box for which it had taken our deposit.

This module decides what leaves the desk for that and what the receipts of all together prove (spec/soundings.md 9.5). It sends
nothing and stops nothing: a host restored from a backup may have lost a deposit, and what follows people decide.

1. A receipt tells nothing that the register does not: a box, a delegation, a hash that it has committed to.
2. They are held by the desk that answered: the duty desk, if there is one.
3. Only a box that was ended by its time is held against the host here. One that "differs" would take the deposits, and a scalar
   that is given away is a scalar opened.
4. A receipt that the host did not sign for this register is refused with the whole file; one of another box is passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from good_offices.desk import boxes
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError
from good_offices.register.box import BoxVoid, box_id, read_box
from good_offices.register.box_evidence import BoxEvidence, Voiding
from good_offices.register.leaf import Leaf
from good_offices.talks.soundings import Sounding

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

MAX_FILE: Final = 16 * 1024 * 1024


class Receipts(Record, kw_only=True, tag="good-offices/box-receipts/1", tag_field="form"):
    """The deposit receipts of one delegation for the boxes of a sounding: signed notes."""

    receipts: tuple[bytes, ...]


class Closed(NamedTuple):
    """A box that the host ended by its time although it had taken this desk's deposit: its attempt and number, from 0."""

    attempt: int
    number: int
    box: bytes
    entry: int


def receipts(desk: Desk, sounding: Sounding) -> bytes:
    """Return the file with the receipts that this desk holds for the boxes of a sounding.

    Raises:
        LocalError: `box-receipts-none`.
    """
    held = [note for _attempt, _number, box in _boxes(sounding) if (note := _held(desk, box)) is not None]
    if not held:
        raise LocalError("box-receipts-none")
    return pack(Receipts(receipts=tuple(held)))


def closed(desk: Desk, sounding: Sounding) -> list[Closed]:
    """Return the boxes that were ended by their time although this desk holds a receipt for its deposit."""
    return [one for one in _closed(desk, sounding) if _held(desk, one.box) is not None]


def convict(desk: Desk, sounding: Sounding, files: Iterable[bytes]) -> list[Path]:
    """Return the files of evidence that the receipts of all delegations give; they stand in the folder of evidence.

    `files` are those of the others, and of another desk of this delegation if that answered.

    Raises:
        LocalError: `box-unproved` if nothing of the sounding convicts the host.
        RemoteError: `too-large`, `not-canonical` for what is no such file; as `HostKeys.open_deposit` for a note that is not the host's
            (rule 4).
    """
    ledger = desk.common.ledger
    given: dict[tuple[bytes, str], bytes] = {}
    shown = [unpack(one, Receipts, what="the receipts", limit=MAX_FILE).receipts for one in files]
    own = [note for _attempt, _number, box in _boxes(sounding) if (note := _held(desk, box)) is not None]
    for note in (*own, *(note for one in shown for note in one)):
        held = ledger.keys.open_deposit(note)
        given.setdefault((held.box, held.delegation), note)
    found = []
    for one in _closed(desk, sounding):
        notes = [given.get((one.box, name)) for name in ledger.genesis.delegations]
        whole = tuple(note for note in notes if note is not None)
        if len(whole) == len(notes):
            claim = Voiding(end=boxes.shown(desk.common, one.entry), receipts=whole)
            found.append(boxes.keep(desk.storage, BoxEvidence.of(boxes.shown(desk.common, 0), claim)))
    if not found:
        raise LocalError("box-unproved", why="no box was ended by its time for which all hold receipts")
    return found


def _boxes(sounding: Sounding) -> Iterator[tuple[int, int, bytes]]:
    """Yield attempt, number and id of every box that a sounding may have had."""
    for attempt, one in enumerate(sounding.attempts):
        for number in range(sounding.boxes_known):
            yield attempt, number, box_id(one.ctx, number)


def _closed(desk: Desk, sounding: Sounding) -> Iterator[Closed]:
    """Yield the boxes of a sounding that were ended by their time (rule 3), under a word of the host that covers the end."""
    for attempt, number, box in _boxes(sounding):
        traces = boxes.traces_of(desk.storage, box)
        for index in traces.ends if traces else ():
            kept = desk.common.kept(index)
            end = read_box(Leaf.from_bytes(kept.leaf).kind, kept.body or b"")
            if isinstance(end, BoxVoid) and end.reason == "time" and index < boxes.signed(desk.common):
                yield Closed(attempt, number, box, index)


def _held(desk: Desk, box: bytes) -> bytes | None:
    """Return this desk's receipt for its deposit in a box."""
    return desk.storage.get(f"deposit/{box.hex()}")
