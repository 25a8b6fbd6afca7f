"""The one writer: decides the order of entries, makes them durable, signs, and only then lets anybody know.

This module decides what comes after what. It never releases a receipt, a checkpoint or a batch for the streams before
COMMIT has returned.

1. What requests of one turn of the event loop bring is handed over together, and what comes while a batch is under way
   when that is released; one thread takes it (about `BATCH` entries) as one transaction: place, push the trees, insert,
   sign one checkpoint for each register, COMMIT, release.
2. If anything fails before COMMIT has returned, everyone in the batch is told so, and what memory holds of the
   registers is thrown away and read again from the disk. A note that was signed for the failed batch is never
   released, so the host never shows two roots for one size.
3. When many were answered at once, their next requests are waited for, so that they make one batch again: two halves
   in turn pay two signatures and two syncs and get in each other's way. The wait ends when nothing came for
   `LINGER`, and after `LONGEST`. Nobody waits whom fewer than `MANY` entries were ahead of.

Places and receipts are `growth`'s, opened registers `registers`'. The checkpoints of SQLite's log run on a thread of
their own (`log`), so that no batch waits for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sqlite3
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from good_offices.errors import GoodOfficesError, OperationalError
from good_offices.register.leaf import Kind
from good_offices.venue import boxes
from good_offices.venue.folder import Folder
from good_offices.venue.growth import Append, Entries, Growth
from good_offices.venue.hub import Batch, Hub
from good_offices.venue.log import LogKeeper
from good_offices.venue.registers import Opened, Registers
from good_offices.venue.store import Register, Writer, connect

BATCH: Final = 512
# After a failed write the next ones would fail as well; each attempt reads trees again.
PAUSE: Final = 0.5
# One batch more costs a signature and a sync, about 2 ms: to wait longer for nobody cannot be worth it.
LINGER: Final = 0.002
LONGEST: Final = 0.01
MANY: Final = 32
# From how many entries on a register is signed on another thread.
_APART: Final = 16

T = TypeVar("T")
Faults = Callable[[str], None]


def no_faults(point: str) -> None:
    """Do nothing: what production runs at each named write point."""


@dataclass(slots=True)
class _Job:
    """Other work for the writer's thread, within its transaction if it writes."""

    work: Callable[[Sequencer], Any]
    writes: bool
    future: asyncio.Future[Any]


_Item = Append | _Job
_Outcome = tuple[asyncio.Future[Any], Any, BaseException | None]
_log = logging.getLogger("good_offices.venue")


class Sequencer:
    """The writer's thread and what only it may touch; `append`, `run` and `stop` are called from the event loop."""

    def __init__(self, folder: Folder, hub: Hub, *, faults: Faults = no_faults) -> None:
        """Take the folder whose lock the caller holds."""
        self._folder = folder
        self._hub = hub
        self.faults = faults
        self.limits = folder.settings.limits
        self._registers = Registers(folder)
        self._gathered: list[_Item] = []
        self._gathered_entries = self._awaited = 0
        self._out = 0
        self._handing = False
        self._lingering: asyncio.TimerHandle | None = None
        self._queue: SimpleQueue[list[_Item] | None] = SimpleQueue()
        self._signers = ThreadPoolExecutor(2, "signer")
        self._waiting_entries = self._waiting_bytes = 0
        self._resume = 0.0
        # What the transaction under way adds to each register, for jobs that add something of the host's own.
        self._growths: dict[int, Growth] = {}
        self._closing = False
        self.healthy = True

    def start(self, loop: asyncio.AbstractEventLoop) -> None:
        """Open the store and begin.

        Raises:
            LocalError: `venue-folder-newer`.
            OperationalError: `venue-database-damaged`.
        """
        self._loop = loop
        self.store = Writer(connect(self._folder.database, writes=True))
        self.store.bring_forward()
        self._keeper = LogKeeper(self._folder.database)
        self._keeper.start()
        self._thread = Thread(target=self._work, name="sequencer", daemon=True)
        self._thread.start()

    async def stop(self) -> None:
        """Finish what waits, then end."""
        self._closing = True
        self._hand_over()
        self._queue.put(None)
        # On a thread, as the writer hands its last outcomes to this loop.
        await asyncio.to_thread(self._thread.join)
        self._signers.shutdown()
        self._keeper.stop()
        self.store.connection.close()

    def append(self, register: Register, entries: Entries) -> asyncio.Future[bytes]:
        """Return the future of the encoded `Receipts` for entries that were already checked.

        Raises:
            OperationalError: `venue-busy` or `venue-closing`; nothing was queued.
        """
        volume = sum([len(body) for _, body in entries])
        full = self._waiting_entries + len(entries) > self.limits.waiting_entries
        if full or self._waiting_bytes + volume > self.limits.waiting_bytes:
            raise OperationalError("venue-busy")
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._gather(Append(register, entries, future, volume))
        self._waiting_entries += len(entries)
        self._waiting_bytes += volume
        return future

    def run(self, work: Callable[[Sequencer], T], *, writes: bool) -> asyncio.Future[T]:
        """Return the future of `work`, done on the writer's thread.

        Raises:
            OperationalError: `venue-closing`.
        """
        future: asyncio.Future[T] = self._loop.create_future()
        self._gather(_Job(work, writes, future))
        return future

    def opened(self, register: Register) -> Opened:
        """Return a register with its tree; on the writer's thread only.

        Raises:
            OperationalError: `venue-database-damaged`.
        """
        return self._registers.opened(self.store, register)

    def log(self, register: Register, kind: Kind, body: bytes) -> None:
        """Add an entry of the host's own within the job under way; on the writer's thread only, and the last that a job does.

        Raises:
            OperationalError: `venue-database-damaged`.
        """
        growth = self._growths.get(register.number)
        if growth is None:
            growth = self._growths[register.number] = Growth(
                self.opened(register), time.time_ns() // 1_000_000
            )
        growth.log(kind, body)

    def forget(self, number: int) -> None:
        """Read a register again from the disk when it is next needed; on the writer's thread only."""
        self._registers.forget(number)

    def _gather(self, item: _Item) -> None:
        """Keep an item until the turn of the loop ends: waking the writer for each would give it batches of one."""
        if self._closing:
            raise OperationalError("venue-closing")
        self._gathered.append(item)
        self._gathered_entries += _size(item)
        if self._out == 0 and (self._lingering is None or self._gathered_entries >= self._awaited):
            self._soon()

    def _soon(self) -> None:
        """Hand over when this turn of the loop ends."""
        if self._lingering is not None:
            self._lingering.cancel()
            self._lingering = None
        if not self._handing:
            self._handing = True
            self._loop.call_soon(self._hand_over)

    def _linger(self, released: int) -> None:
        """Wait a moment for those who were just answered if they are many (rule 3)."""
        awaited = released + self._gathered_entries
        if awaited >= MANY and not self._closing:
            self._awaited = awaited
            self._wait(self._loop.time() + LONGEST)
        elif self._gathered:
            self._soon()

    def _wait(self, until: float, before: int = -1) -> None:
        """Wait on as long as in each `LINGER` something came on top of `before` entries, until the loop's time `until`."""
        if self._gathered_entries > before and self._loop.time() < until:
            self._lingering = self._loop.call_later(LINGER, self._wait, until, self._gathered_entries)
        else:
            self._soon()

    def _hand_over(self) -> None:
        """Give the writer what was gathered."""
        self._handing = False
        if self._gathered:
            self._out += len(self._gathered)
            self._queue.put(self._gathered)
            self._gathered, self._gathered_entries = [], 0

    def _work(self) -> None:
        """Take batches until told to stop; what was handed over before that is finished."""
        waiting: deque[_Item] = deque()
        more = True
        while more or waiting:
            while more and (not waiting or not self._queue.empty()):
                items = self._queue.get()
                more = items is not None
                waiting += items or ()
            batch: list[_Item] = []
            count = 0
            while waiting and count < BATCH:
                item = waiting.popleft()
                batch.append(item)
                count += _size(item)
            if batch:
                self._step(batch)

    def _step(self, batch: list[_Item]) -> None:
        """Do one batch and let everybody know."""
        outcomes: list[_Outcome] = []
        batches: list[Batch] = []
        growths: dict[int, Growth] = {}
        try:
            self._transact(batch, growths, outcomes)
        except Exception as failed:  # noqa: BLE001
            # Whatever went wrong, COMMIT has not returned: nothing of the batch may count (rule 2).
            self._undo(failed)
            refusal = OperationalError("venue-cannot-write")
            outcomes = [(item.future, None, refusal) for item in batch]
        else:
            try:
                self._release(growths, outcomes, batches)
            except Exception as fault:  # noqa: BLE001
                # Durable, but nobody can be given a receipt: a desk that sends again gets it from the disk.
                _log.error("a batch could not be released: %s", type(fault).__name__)
                self._registers.forget()
                fault_ = OperationalError("venue-fault")
                outcomes, batches = [(item.future, None, fault_) for item in batch], []
        appends = [item for item in batch if isinstance(item, Append)]
        entries = sum(len(item.entries) for item in appends)
        volume = sum(item.volume for item in appends)
        self._loop.call_soon_threadsafe(self._publish, outcomes, batches, len(batch), entries, volume)
        self.faults("after-release")

    def _transact(self, batch: list[_Item], growths: dict[int, Growth], outcomes: list[_Outcome]) -> None:
        """Make the batch durable; fills in what each register gained and what is already decided."""
        appends = [item for item in batch if isinstance(item, Append)]
        jobs = [item for item in batch if isinstance(item, _Job)]
        for job in jobs:
            if not job.writes:
                self._do(job, outcomes)
        if not appends and not any(job.writes for job in jobs):
            return
        if time.monotonic() < self._resume:
            raise OperationalError("venue-cannot-write")
        self.faults("before-insert")
        self.store.begin()
        self._growths = growths
        self._place(appends, growths, outcomes)
        for job in jobs:
            if job.writes:
                self._do(job, outcomes)
        self._grow(list(growths.values()))
        self.faults("before-commit")
        self.store.commit()
        self.healthy = True
        self.faults("after-commit")

    def _do(self, job: _Job, outcomes: list[_Outcome]) -> None:
        """Do a job; if it refuses, only its own changes are undone."""
        execute = self.store.connection.execute
        if job.writes:
            execute("SAVEPOINT job")
        try:
            outcomes.append((job.future, job.work(self), None))
        except GoodOfficesError as refusal:
            outcomes.append((job.future, None, refusal))
            if job.writes:
                execute("ROLLBACK TO job")
        if job.writes:
            execute("RELEASE job")

    def _place(self, appends: list[Append], growths: dict[int, Growth], outcomes: list[_Outcome]) -> None:
        """Give the entries of each request their places, or the request its refusal."""
        now = time.time_ns() // 1_000_000
        for append in appends:
            number = append.register.number
            try:
                # Of one request in thousands; the others pay a look at each kind.
                commits = [body for kind, body in append.entries if kind is Kind.BOX_COMMIT]
                fresh = boxes.fresh(self.store, number, commits, self.limits.open_boxes) if commits else ()
                growth = growths.get(number) or Growth(self.opened(append.register), now)
                growth.place(append, self.store, self.limits.register_bytes)
                growths[number] = growth
                if fresh:
                    boxes.keep(self.store, number, fresh, growth.time)
            except GoodOfficesError as refusal:
                outcomes.append((append.future, None, refusal))

    def _grow(self, written: list[Growth]) -> None:
        """Push the trees, sign, insert, write receipts, and write down how far the registers are."""
        growths = [growth for growth in written if growth.rows]
        pushed = [growth.push() for growth in growths]
        # Signing leaves the interpreter free, so it is done beside the inserts and the writing of receipts. For a few
        # entries in one register, waking a thread and waiting for the interpreter again takes what is gained.
        apart = len(pushed) > 1 or sum(len(growth.rows) for growth in growths) >= _APART
        signing = [self._signers.submit(sign) for _, sign in pushed] if apart else []
        for growth, (tiles, _) in zip(growths, pushed, strict=True):
            self.store.insert(growth.number, growth.start, growth.rows)
            self.store.tiles(growth.number, tiles)
        for growth in written:
            growth.write(self.store)
        notes = [signed.result() for signed in signing] or [sign() for _, sign in pushed]
        for growth, note in zip(growths, notes, strict=True):
            self.store.advance(growth.number, growth.advance(note))
        self.faults("after-sign")

    def _undo(self, failed: Exception) -> None:
        """Return memory and store to what is durable."""
        if not isinstance(failed, OperationalError):
            _log.error("a batch could not be written: %s", type(failed).__name__)
        self.healthy = False
        # All of them: a job may have read a register in the middle of the transaction.
        self._registers.forget()
        if time.monotonic() >= self._resume:
            self._resume = time.monotonic() + PAUSE
        try:
            self.store.rollback()
        except sqlite3.Error:
            # The connection itself is broken: a new one reads what is durable.
            self.store.connection.close()
            # If that fails as well, the next batch finds a closed connection and comes here again.
            with contextlib.suppress(GoodOfficesError):
                self.store = Writer(connect(self._folder.database, writes=True))

    def _release(self, growths: dict[int, Growth], outcomes: list[_Outcome], batches: list[Batch]) -> None:
        """Encode receipts and batches of what is now durable."""
        for number, growth in growths.items():
            if growth.rows and self._hub.listened(number):
                batches.append(growth.batch())
            outcomes += [(future, receipts, None) for future, receipts in growth.receipts()]
        self._keeper.grown(self.store.connection)

    def _publish(
        self, outcomes: list[_Outcome], batches: list[Batch], items: int, entries: int, volume: int
    ) -> None:
        """Let requests and streams know; on the event loop."""
        self._out -= items
        if self._out == 0:
            self._linger(entries)
        self._waiting_entries -= entries
        self._waiting_bytes -= volume
        for future, result, refusal in outcomes:
            if future.done():
                continue
            if refusal is None:
                future.set_result(result)
            else:
                future.set_exception(refusal)
        for batch in batches:
            self._hub.publish(batch)


def _size(item: _Item) -> int:
    """Return the entries of an item; other work counts as one."""
    return len(item.entries) if isinstance(item, Append) else 1
