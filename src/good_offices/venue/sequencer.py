"""The one writer: decides the order of entries, makes them durable, signs, and only then lets anybody know.

This module decides what comes after what. It never releases a receipt, a checkpoint or a batch for the streams before
COMMIT has returned.

1. One thread takes what waits (at most `BATCH` entries, no lingering) as one transaction: insert, push the tree, sign
   one checkpoint for each register, COMMIT, release.
2. A body that the register already has gets the receipt of the entry that is there; nothing is appended.
3. If anything fails before COMMIT has returned, everyone in the batch is told so, and what memory holds of the touched
   registers is thrown away and read again from the disk. A note that was signed for the failed batch is never
   released, so the host never shows two roots for one size.
4. A tree read from the disk must have the root of the register's last checkpoint, or nothing is appended to it: a
   venue whose disk lost something must stop, or it would sign a fork.
5. Arrival times of a register never decrease, even if the clock does.

The checkpoints of SQLite's log run on a thread of their own (`log`), so that no batch waits for them.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import sqlite3
import time
from base64 import b64encode
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, TypeVar

from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.host import HostSigner
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import Tree, leaf_hash
from good_offices.transport.pages import write_page, write_receipts
from good_offices.transport.sse import frame
from good_offices.venue.folder import Folder
from good_offices.venue.hub import Batch, Hub
from good_offices.venue.log import LogKeeper
from good_offices.venue.store import TILE, Register, State, Writer, connect

BATCH: Final = 512
# Trees take 64 bytes an entry: half a million entries are 32 MB, the rest is read again when needed.
CACHED_ENTRIES: Final = 1 << 19
CACHED_REGISTERS: Final = 512
# After a failed write the next ones would fail as well; each attempt reads trees again.
PAUSE: Final = 0.5

T = TypeVar("T")
Faults = Callable[[str], None]
Entries = Sequence[tuple[Kind, bytes]]


def no_faults(point: str) -> None:
    """Do nothing: what production runs at each named write point."""


@dataclass(slots=True)
class _Open:
    """A register in the writer's hands; `tree` holds the leaves up to `state.size`."""

    register: Register
    signer: HostSigner
    state: State
    tree: Tree


@dataclass(slots=True)
class _Append:
    """A request to append, and the future of its encoded receipts."""

    register: Register
    entries: Entries
    future: asyncio.Future[bytes]


@dataclass(slots=True)
class _Job:
    """Other work for the writer's thread, within its transaction if it writes."""

    work: Callable[[Sequencer], Any]
    writes: bool
    future: asyncio.Future[Any]


@dataclass(slots=True)
class _Growth:
    """What a batch adds to one register: the rows, and for each request the indexes of its entries."""

    open: _Open
    start: int
    time: int
    rows: list[tuple[bytes, bytes]] = field(default_factory=list)
    new: dict[bytes, int] = field(default_factory=dict)
    requests: list[tuple[_Append, list[int]]] = field(default_factory=list)
    volume: int = 0
    state: State | None = None


_Outcome = tuple[asyncio.Future[Any], Any, BaseException | None]
_log = logging.getLogger("good_offices.venue")


class Sequencer:
    """The writer's thread and what only it may touch; `append` and `run` are called from the event loop."""

    def __init__(self, folder: Folder, hub: Hub, *, faults: Faults = no_faults) -> None:
        """Take the folder whose lock the caller holds."""
        self._folder = folder
        self._hub = hub
        self._faults = faults
        self._limits = folder.settings.limits
        self._root_signer = folder.signer()
        self._queue: SimpleQueue[_Append | _Job | None] = SimpleQueue()
        self._open: OrderedDict[int, _Open] = OrderedDict()
        self._signers = ThreadPoolExecutor(2, "signer")
        self._waiting_entries = self._waiting_bytes = 0
        self._resume = 0.0
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
        self._keeper = LogKeeper(self._folder.database)
        self._keeper.start()
        self._thread = Thread(target=self._work, name="sequencer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then end; blocks until the thread has ended."""
        self._closing = True
        self._queue.put(None)
        self._thread.join()
        self._signers.shutdown()
        self._keeper.stop()
        self.store.connection.close()

    def append(self, register: Register, entries: Entries) -> asyncio.Future[bytes]:
        """Return the future of the encoded `Receipts` for entries that were already checked.

        Raises:
            OperationalError: `venue-busy` or `venue-closing`; nothing was queued.
        """
        size = sum(len(body) for _, body in entries)
        full = self._waiting_entries + len(entries) > self._limits.waiting_entries
        if full or self._waiting_bytes + size > self._limits.waiting_bytes:
            raise OperationalError("venue-busy")
        if self._closing:
            raise OperationalError("venue-closing")
        self._waiting_entries += len(entries)
        self._waiting_bytes += size
        future: asyncio.Future[bytes] = self._loop.create_future()
        self._queue.put(_Append(register, entries, future))
        return future

    def run(self, work: Callable[[Sequencer], T], *, writes: bool) -> asyncio.Future[T]:
        """Return the future of `work`, done on the writer's thread."""
        if self._closing:
            raise OperationalError("venue-closing")
        future: asyncio.Future[T] = self._loop.create_future()
        self._queue.put(_Job(work, writes, future))
        return future

    def opened(self, register: Register) -> _Open:
        """Return a register with its tree; on the writer's thread only.

        Raises:
            OperationalError: `venue-database-damaged` if tree and checkpoint differ (rule 4).
        """
        known = self._open.get(register.number)
        if known is not None:
            self._open.move_to_end(register.number)
            return known
        signer = self._root_signer.named(self._folder.origin(register.id))
        state = self.store.state(register.number)
        tree = Tree.from_leaves(self.store.hashes(register.number, state.size))
        try:
            checkpoint = signer.keys.open(state.note)
        except RemoteError as broken:
            raise OperationalError("venue-database-damaged", why="a checkpoint does not verify") from broken
        if (checkpoint.size, checkpoint.root) != (tree.size, tree.root()):
            raise OperationalError("venue-database-damaged", why="entries and checkpoint differ")
        opened = self._open[register.number] = _Open(register, signer, state, tree)
        self._trim()
        return opened

    def forget(self, number: int) -> None:
        """Read a register again from the disk when it is next needed; on the writer's thread only."""
        self._open.pop(number, None)

    def _trim(self) -> None:
        """Forget the registers that were not used for longest, beyond what memory should hold."""
        entries = sum(one.tree.size for one in self._open.values())
        while len(self._open) > 1 and (len(self._open) > CACHED_REGISTERS or entries > CACHED_ENTRIES):
            entries -= self._open.popitem(last=False)[1].tree.size

    def _work(self) -> None:
        """Take batches until told to stop; what was queued before that is finished."""
        more = True
        while more:
            item = self._queue.get()
            batch: list[_Append | _Job] = []
            count = 0
            try:
                while item is not None:
                    batch.append(item)
                    count += len(item.entries) if isinstance(item, _Append) else 1
                    if count >= BATCH:
                        break
                    item = self._queue.get_nowait()
                else:
                    more = False
            except Empty:
                pass
            if batch:
                self._step(batch)

    def _step(self, batch: list[_Append | _Job]) -> None:
        """Do one batch and let everybody know."""
        outcomes: list[_Outcome] = []
        batches: list[Batch] = []
        growths: dict[int, _Growth] = {}
        try:
            self._transact(batch, growths, outcomes)
        except Exception as failed:  # noqa: BLE001
            # Whatever went wrong, COMMIT has not returned: nothing of the batch may count (rule 3).
            self._undo(failed)
            refusal = OperationalError("venue-cannot-write")
            outcomes = [(item.future, None, refusal) for item in batch]
        else:
            try:
                self._release(growths, outcomes, batches)
            except Exception as fault:  # noqa: BLE001
                # Durable, but nobody can be given a receipt: a desk that sends again gets it from the disk.
                _log.error("a batch could not be released: %s", type(fault).__name__)
                self._open.clear()
                fault_ = OperationalError("venue-fault")
                outcomes, batches = [(item.future, None, fault_) for item in batch], []
        entries = sum(len(item.entries) for item in batch if isinstance(item, _Append))
        size = sum(len(body) for item in batch if isinstance(item, _Append) for _, body in item.entries)
        self._loop.call_soon_threadsafe(self._publish, outcomes, batches, entries, size)
        self._faults("after-release")

    def _transact(
        self, batch: list[_Append | _Job], growths: dict[int, _Growth], outcomes: list[_Outcome]
    ) -> None:
        """Make the batch durable; fills in what each register gained and what is already decided."""
        appends = [item for item in batch if isinstance(item, _Append)]
        jobs = [item for item in batch if isinstance(item, _Job)]
        for job in jobs:
            if not job.writes:
                self._do(job, outcomes)
        if not appends and not any(job.writes for job in jobs):
            return
        if time.monotonic() < self._resume:
            raise OperationalError("venue-cannot-write")
        self._faults("before-insert")
        self._insert(appends, growths, outcomes)
        for job in jobs:
            if job.writes:
                self._do(job, outcomes)
        self._grow([growth for growth in growths.values() if growth.rows])
        self._faults("before-commit")
        self.store.commit()
        self.healthy = True
        self._faults("after-commit")

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

    def _insert(self, appends: list[_Append], growths: dict[int, _Growth], outcomes: list[_Outcome]) -> None:
        """Begin the transaction and insert the rows of the batch.

        Bodies that the store already has are rare: they are looked for only when the index refuses a row.
        """
        refused: list[_Outcome] = []
        for careful in (False, True):
            growths.clear()
            refused.clear()
            self.store.begin()
            for append in appends:
                try:
                    self._place(append, growths, careful=careful)
                except GoodOfficesError as refusal:
                    refused.append((append.future, None, refusal))
            try:
                for number, growth in growths.items():
                    self.store.insert(number, growth.start, growth.rows)
                break
            except sqlite3.IntegrityError:
                self.store.rollback()
                if careful:
                    raise
        outcomes += refused

    def _place(self, append: _Append, growths: dict[int, _Growth], *, careful: bool) -> None:
        """Give each entry of a request its index, new or old."""
        register = append.register
        growth = growths.get(register.number)
        if growth is None:
            opened = self.opened(register)
            now = max(time.time_ns() // 1_000_000, opened.state.time)
            growth = _Growth(opened, opened.state.size, now)
        if growth.open.state.held:
            # The host confirms from another process: a held register is asked about each time.
            growth.open.state.held = self.store.state(register.number).held
        if growth.open.state.held:
            raise OperationalError("venue-held")
        growth.volume += sum(len(body) for _, body in append.entries)
        if growth.open.state.volume + growth.volume > self._limits.register_bytes:
            growth.volume -= sum(len(body) for _, body in append.entries)
            raise RemoteError("register-full", limit=self._limits.register_bytes)
        growths[register.number] = growth
        indexes = []
        for kind, body in append.entries:
            digest = hashlib.sha256(body).digest()
            index = growth.new.get(digest)
            if index is None and careful:
                index = self.store.find(register.number, digest)
            if index is None:
                index = growth.start + len(growth.rows)
                growth.new[digest] = index
                growth.rows.append((Leaf(kind, growth.time, len(body), digest).to_bytes(), body))
            indexes.append(index)
        growth.requests.append((append, indexes))

    def _grow(self, growths: list[_Growth]) -> None:
        """Push the trees, sign, and write down how far the registers are."""
        for growth in growths:
            tree = growth.open.tree
            tree.extend(b"".join([leaf_hash(leaf) for leaf, _ in growth.rows]))
            full = range(growth.start // TILE, tree.size // TILE)
            tiles = [(at, b"".join(map(tree.leaf, range(at * TILE, (at + 1) * TILE)))) for at in full]
            self.store.tiles(growth.open.register.number, tiles)
        # Signing leaves the interpreter free, so several registers use both threads.
        notes = self._signers.map(_sign, growths) if len(growths) > 1 else map(_sign, growths)
        for growth, note in zip(growths, notes, strict=True):
            volume = growth.open.state.volume + sum(len(body) for _, body in growth.rows)
            growth.state = State(growth.open.tree.size, volume, growth.time, note, held=False)
            self.store.advance(growth.open.register.number, growth.state)
        self._faults("after-sign")

    def _undo(self, failed: Exception) -> None:
        """Return memory and store to what is durable."""
        if not isinstance(failed, OperationalError):
            _log.error("a batch could not be written: %s", type(failed).__name__)
        self.healthy = False
        # All of them: a job may have read a register in the middle of the transaction.
        self._open.clear()
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

    def _release(self, growths: dict[int, _Growth], outcomes: list[_Outcome], batches: list[Batch]) -> None:
        """Encode receipts and batches of what is now durable."""
        for number, growth in growths.items():
            if growth.state is not None:
                growth.open.state = growth.state
                if self._hub.listened(number):
                    page = write_page(growth.state.note, growth.start, growth.rows)
                    end = growth.start + len(growth.rows)
                    batches.append(
                        Batch(number, growth.start, end, frame("entries", b64encode(page), end - 1))
                    )
            for append, indexes in growth.requests:
                outcomes.append((append.future, self._receipts(growth, indexes), None))
        self._keeper.grown(self.store.connection)

    def _receipts(self, growth: _Growth, indexes: list[int]) -> bytes:
        """Return the encoded receipts for `indexes` under the register's present checkpoint."""
        tree, number = growth.open.tree, growth.open.register.number
        receipts = [
            (
                index,
                growth.rows[index - growth.start][0]
                if index >= growth.start
                else self.store.leaf(number, index),
                tree.inclusion_proof(index),
            )
            for index in indexes
        ]
        return write_receipts(growth.open.state.note, receipts, len(receipts))

    def _publish(self, outcomes: list[_Outcome], batches: list[Batch], entries: int, size: int) -> None:
        """Let requests and streams know; on the event loop."""
        self._waiting_entries -= entries
        self._waiting_bytes -= size
        for future, result, refusal in outcomes:
            if future.done():
                continue
            if refusal is None:
                future.set_result(result)
            else:
                future.set_exception(refusal)
        for batch in batches:
            self._hub.publish(batch)


def _sign(growth: _Growth) -> bytes:
    """Return the host's note over the tree of a register."""
    signer, tree = growth.open.signer, growth.open.tree
    return signer.sign(Checkpoint(signer.origin, tree.size, tree.root()), growth.time // 1000)
