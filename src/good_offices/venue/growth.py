"""What a batch adds to one register: places for its entries, leaves, the next checkpoint, receipts.

This module decides which index an entry gets. It never reads a clock and never writes: the sequencer says when, makes
durable what is here, and releases what is made here only after that.

1. A body that the register already has gets the receipt of the entry that is there; nothing is appended. Commitments to boxes are
   looked for among their kind alone, and the host's own entries not at all: else who foresaw their bytes could have posted
   them before as something else, and the register would have no commitment, or no end.
2. Arrival times of a register never decrease, even if the clock does.
3. Placing changes what memory knows of the register. If the batch fails, the register is read again from the store.
"""

from __future__ import annotations

import asyncio
import hashlib
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.errors import OperationalError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.tree import HASH, leaf_hash
from good_offices.transport import pages
from good_offices.transport.pages import write_page, write_receipts
from good_offices.transport.sse import frame
from good_offices.venue.hub import Batch
from good_offices.venue.known import KEY
from good_offices.venue.registers import Opened, complete_tiles
from good_offices.venue.store import Reader, Register, State, Tile

# Where in a leaf what differs within a batch begins, and where the digest (spec/register.md section 5).
_HEAD: Final = 10
_KIND: Final = 1
_DIGEST: Final = 18

Entries = Sequence[tuple[Kind, bytes]]


@dataclass(slots=True)
class Append:
    """A request to append, the future of its encoded receipts, and how many bytes its bodies have."""

    register: Register
    entries: Entries
    future: asyncio.Future[bytes]
    volume: int


class Growth:
    """One register while a batch is written; `start` is its size before."""

    def __init__(self, opened: Opened, now: int) -> None:
        """Begin at `now` in milliseconds, or at the register's last arrival if that was later (rule 2)."""
        self.opened = opened
        self.number = opened.register.number
        self.start = opened.state.size
        self.rows: list[tuple[bytes, bytes]] = []
        self.time = max(now, opened.state.time)
        self._requests: list[tuple[Append, list[int]]] = []
        self._heads: dict[Kind, bytes] = {}
        self._written: list[tuple[asyncio.Future[bytes], list[bytes]]] = []
        self._volume = opened.state.volume

    def place(self, append: Append, store: Reader, most: int) -> None:
        """Give each entry of a request its index, new or old, unless the bodies came to more than `most` bytes.

        Raises:
            OperationalError: `venue-held`.
            RemoteError: `register-full`; nothing was placed.
        """
        state = self.opened.state
        if state.held:
            # The host confirms from another process: a held register is asked about each time.
            state.held = store.state(self.number).held
        if state.held:
            raise OperationalError("venue-held")
        if self._volume + append.volume > most:
            raise RemoteError("register-full", limit=most)
        self._requests.append((append, [self._index(kind, body, store) for kind, body in append.entries]))

    def _index(self, kind: Kind, body: bytes, store: Reader) -> int:
        """Return the index of one entry; adds it if it is new (rule 1)."""
        digest = hashlib.sha256(body).digest()
        known = self.opened.known
        for index in known.candidates(digest):
            leaf = self._leaf(index, store)
            if leaf.endswith(digest) and (kind is not Kind.BOX_COMMIT or leaf[_KIND] == kind):
                return index
        return self._add(kind, body, digest)

    def log(self, kind: Kind, body: bytes) -> None:
        """Add an entry of the host's own (rule 1)."""
        self._add(kind, body, hashlib.sha256(body).digest())

    def _add(self, kind: Kind, body: bytes, digest: bytes) -> int:
        """Return the index at which an entry is added."""
        index = self.start + len(self.rows)
        self.opened.known.add(digest, index)
        # Entries of one kind in one batch have the first 10 bytes of their leaves in common.
        head = self._heads.get(kind)
        if head is None:
            head = self._heads[kind] = Leaf(kind, self.time, 0, bytes(HASH)).to_bytes()[:_HEAD]
        self.rows.append((head + len(body).to_bytes(_DIGEST - _HEAD, "big") + digest, body))
        self._volume += len(body)
        return index

    def _leaf(self, index: int, store: Reader) -> bytes:
        """Return a leaf record, of this batch or an earlier one."""
        return self.rows[index - self.start][0] if index >= self.start else store.leaf(self.number, index)

    def push(self) -> tuple[list[Tile], Callable[[], bytes]]:
        """Push the tree; return its new complete tiles, and the call that signs it, on whichever thread."""
        opened = self.opened
        opened.tree.extend(b"".join([leaf_hash(leaf) for leaf, _ in self.rows]))
        keys = opened.rest + b"".join([leaf[_DIGEST : _DIGEST + KEY] for leaf, _ in self.rows])
        tiles, opened.rest = complete_tiles(opened.tree, self.start, keys)
        signer, seconds = opened.signer, self.time // 1000
        checkpoint = Checkpoint(signer.origin, opened.tree.size, opened.tree.root())
        return tiles, lambda: signer.sign(checkpoint, seconds)

    def advance(self, note: bytes) -> State:
        """Return how far the register is when the batch is durable; `note` is its checkpoint then."""
        self.opened.state = State(self.opened.tree.size, self._volume, self.time, note, held=False)
        return self.opened.state

    def write(self, store: Reader) -> None:
        """Write the receipts but for the checkpoint, which may be signed meanwhile; after `push`."""
        tree, start, rows = self.opened.tree, self.start, self.rows
        proofs = tree.joined_proofs(start, start + len(rows), pages.HASH)
        new = [
            pages.write_receipt(index, row[0], proof)
            for index, (row, proof) in enumerate(zip(rows, proofs, strict=True), start)
        ]

        def receipt(index: int) -> bytes:
            if index >= start:
                return new[index - start]
            (proof,) = tree.joined_proofs(index, index + 1, pages.HASH)
            return pages.write_receipt(index, self._leaf(index, store), proof)

        self._written = [
            (append.future, [receipt(index) for index in indexes]) for append, indexes in self._requests
        ]

    def receipts(self) -> list[tuple[asyncio.Future[bytes], bytes]]:
        """Return the encoded receipts for each request, under the register's present checkpoint; after `write`."""
        note = self.opened.state.note
        return [(future, write_receipts(note, written)) for future, written in self._written]

    def batch(self) -> Batch:
        """Return what the streams are sent, encoded once for all."""
        end = self.start + len(self.rows)
        page = write_page(self.opened.state.note, self.start, self.rows)
        return Batch(self.number, self.start, end, frame("entries", b64encode(page), end - 1))
