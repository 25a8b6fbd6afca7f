"""The host's box: which commitments and deposits are taken, and when a box ends (spec/soundings.md section 9).

This module decides what becomes of a box, always on the writer's thread and within its transaction. It reads no clock, and
what a deposit opens it cannot know.

1. A commitment agrees with those that stand, or its whole request is refused before anything is written.
2. The last deposit and the box's one end are one transaction: there is no time at which the host has all deposits and the
   register no end, and none at which one side's deposit is out alone.
3. A receipt is made within the transaction that keeps the deposit, so it is released only when that is durable.
4. After its end a box takes nothing; who had deposited gets the same receipt again, and nobody else one: it would convict us.
5. Time ends a box only if the venue was there to be spoken to: `GRACE` of serving, or all of a shorter `wait` (9.4).
6. A box takes deposits of together at most one entry's body, of which each party has an equal share, so that its end can be read
   like any other entry.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import time
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.register.box import (
    DEPOSIT_LIMIT,
    BoxCommit,
    BoxOpen,
    BoxVoid,
    Reason,
    check_agrees,
    check_deposit,
    judge,
    read_box,
)
from good_offices.register.deposit import Deposited
from good_offices.register.leaf import Kind, Leaf
from good_offices.venue.box_table import OPEN, BoxTable, Committed, due
from good_offices.venue.store import Register, Writer

if TYPE_CHECKING:
    from good_offices.venue.sequencer import Sequencer

GRACE: Final = 60_000
BEAT: Final = 1.0
# For the form around the deposits in a box's end.
_FRAME: Final = 1024
# How many boxes one transaction ends.
_AT_ONCE: Final = 32
_KINDS: Final = frozenset({Kind.BOX_COMMIT, Kind.BOX_OPEN, Kind.BOX_VOID})
_log = logging.getLogger("good_offices.venue")

Fresh = list[tuple[BoxCommit, bytes]]


def fresh(store: Writer, register: int, bodies: Iterable[bytes], most: int) -> Fresh:
    """Return the commitments of a request that are not there yet, once all are allowed (rule 1).

    Raises:
        RemoteError: `box-committed`, `box-differs`, `box-closed`, or `boxes-full` over `most` open boxes of a delegation.
    """
    table = BoxTable(store.connection, register)
    new: Fresh = []
    opening = 0
    for body in bodies:
        commit = read_box(Kind.BOX_COMMIT, body)
        assert isinstance(commit, BoxCommit)  # what `read_box` gives for this kind
        standing = [one.commit for one in table.commits(commit.box)]
        if commit in standing or (commit, body) in new:
            continue
        box = table.box(commit.box)
        if box is not None and box.ended != OPEN:
            raise RemoteError("box-closed")
        standing += [one for one, _ in new if one.box == commit.box]
        check_agrees(commit, standing)
        if not standing:
            opening += 1
            if table.opened_by(commit.delegation) + opening > most:
                raise RemoteError("boxes-full", limit=most)
        new.append((commit, body))
    return new


def keep(store: Writer, register: int, new: Fresh, now: int) -> None:
    """Keep commitments that arrived at `now` (milliseconds)."""
    for commit, body in new:
        BoxTable(store.connection, register).commit(commit, body, now)


def deposit(sequencer: Sequencer, register: Register, delegation: str, box: bytes, given: bytes) -> bytes:
    """Return the receipt of a deposit, and end the box if it was the last (spec/soundings.md 9.2 to 9.4).

    Raises:
        OperationalError: `venue-held`.
        RemoteError: `box-not-ready`, `box-closed`, `box-deposit-differs` or `too-large`.
    """
    if sequencer.store.state(register.number).held:
        raise OperationalError("venue-held")
    table = BoxTable(sequencer.store.connection, register.number)
    standing, found = table.commits(box), table.box(box)
    mine = next((one for one in standing if one.commit.delegation == delegation), None)
    if found is None or mine is None:
        raise RemoteError("box-not-ready")
    digest = hashlib.sha256(given).digest()
    if found.ended != OPEN and not (mine.deposited and digest == mine.commit.hash):
        raise RemoteError("box-closed")
    check_deposit(mine.commit.hash, given)
    share = _share(sequencer, mine.commit)
    if len(given) > share:
        raise RemoteError("too-large", what="the deposit", size=len(given), limit=share)
    if not _is_whole(standing):
        raise RemoteError("box-not-ready")
    signer = sequencer.opened(register).signer
    note = signer.sign_deposit(Deposited(signer.origin, box, delegation, digest))
    if not mine.deposited:
        table.deposit(box, delegation, given)
        sequencer.faults("deposit-in")
        if all(one.deposited or one is mine for one in standing):
            _end_whole(sequencer, register, table, standing)
    return note


def void_due(sequencer: Sequencer, now: int, serving: dict[int, int]) -> int:
    """End boxes whose time is over at `now` and return how many; `serving` has since when each register takes deposits (rule 5)."""
    ended = 0
    for one in due(sequencer.store.connection, now):
        since = serving.get(one.register.number)
        if one.held or since is None or now < since + min(one.wait, GRACE):
            continue
        table = BoxTable(sequencer.store.connection, one.register.number)
        _end(sequencer, one.register, table, BoxVoid(box=one.box, reason="time"), whole=False)
        ended += 1
        if ended == _AT_ONCE:
            break
    return ended


def restored(store: Writer, register: int, entries: Iterable[tuple[Leaf, bytes | None]]) -> None:
    """Take up what entries that came back to a restored venue say of boxes (spec/transport.md section 8)."""
    table = BoxTable(store.connection, register)
    for leaf, body in entries:
        kind = leaf.kind
        if kind not in _KINDS:
            continue
        if body is None:
            # Which box it ended is not known, and a second end would convict us: none that is open is ever ended.
            if kind != Kind.BOX_COMMIT:
                table.end_all(kind)
            continue
        try:
            entry = read_box(kind, body)
        except RemoteError:
            # Logged by an earlier release or for another reason: it was never of a box of ours.
            continue
        if not isinstance(entry, BoxCommit):
            whole = not (isinstance(entry, BoxVoid) and entry.reason == "time")
            table.end(entry.box, kind, whole=whole)
        elif all(entry.delegation != one.commit.delegation for one in table.commits(entry.box)):
            table.commit(entry, body, leaf.time_ms)


class Timer:
    """Ends boxes whose time is over, for as long as the venue serves."""

    def __init__(self, sequencer: Sequencer) -> None:
        """Begin to serve now."""
        self._sequencer = sequencer
        self._start = _now()
        self._serving: dict[int, int] = {}

    async def run(self) -> None:
        """Look once in `BEAT` seconds."""
        while True:
            await asyncio.sleep(BEAT)
            try:
                await self.look(_now())
            except GoodOfficesError as failed:
                _log.error("boxes could not be ended: %s", failed.code)

    async def look(self, now: int) -> None:
        """End what is due at `now`, in milliseconds."""
        waiting = await self._sequencer.run(
            lambda sequencer: due(sequencer.store.connection, now), writes=False
        )
        for one in waiting:
            number = one.register.number
            # While a register is held nobody can deposit, so that time does not count as serving.
            self._serving[number] = now if one.held else self._serving.get(number, self._start)
        if any(not one.held for one in waiting):
            serving = dict(self._serving)
            await self._sequencer.run(lambda sequencer: void_due(sequencer, now, serving), writes=True)


def _share(sequencer: Sequencer, commit: BoxCommit) -> int:
    """Return how many bytes a deposit may have (rule 6)."""
    return min(DEPOSIT_LIMIT, (sequencer.limits.body_bytes - _FRAME) // len(commit.parties))


def _is_whole(standing: Sequence[Committed]) -> bool:
    """Tell whether all parties have committed."""
    return len(standing) == len(standing[0].commit.parties)


def _end_whole(
    sequencer: Sequencer, register: Register, table: BoxTable, standing: Sequence[Committed]
) -> None:
    """End a box all of whose deposits are in (9.4)."""
    commits = [one.commit for one in standing]
    box = commits[0].box
    deposits = table.deposits(box)
    end: BoxOpen | BoxVoid
    if judge(commits, deposits) == "open":
        end = BoxOpen(box=box, deposits=tuple(deposits))
    else:
        reason: Reason = "differ"
        end = BoxVoid(box=box, reason=reason)
    _end(sequencer, register, table, end, whole=True)


def _end(
    sequencer: Sequencer, register: Register, table: BoxTable, end: BoxOpen | BoxVoid, *, whole: bool
) -> None:
    """End a box, in the store and in the register."""
    kind = Kind.BOX_OPEN if isinstance(end, BoxOpen) else Kind.BOX_VOID
    table.end(end.box, kind, whole=whole)
    # Last, as what memory holds of the register is not undone with a job that refuses.
    sequencer.log(register, kind, pack(end))
    sequencer.faults("box-ended")


def _now() -> int:
    """Return the time of this machine in milliseconds since 1970."""
    return time.time_ns() // 1_000_000
