"""One register as this desk has verified it: every leaf, the host's last word, and what a lie leaves behind.

This module decides what of the venue's answers is true (spec/transport.md section 7). It never opens an envelope.

1. A page is taken only after its leaves, added to ours, give the host's signed root, or a root that a
   consistency proof leads to the host's signed root.
2. A checkpoint over fewer entries than we hold must be a root of ours; else the host has forked, and the evidence is
   kept before anything else. If it is one, the venue is behind: nothing is taken.
3. A receipt is verified before it counts, kept until our own tree has the entry, and then compared with it.
4. Evidence is bytes that `goodoffices verify` reads; it holds no plaintext and stands in the folder `evidence`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from good_offices.desk.client import VenueClient
from good_offices.desk.storage import Storage, write_durably
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import EquivocationError, OperationalError, RemoteError
from good_offices.register.fork import check_view, fork_of_entries
from good_offices.register.genesis import Genesis
from good_offices.register.host import Seen as HostSeen
from good_offices.register.host import seen_of
from good_offices.register.leaf import Leaf
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree
from good_offices.talks.acts import Seen
from good_offices.transport import pages

Verified = list[tuple[int, Leaf, bytes | None]]
_EVIDENCE: Final = "evidence"


class KeptReceipt(Record, kw_only=True):
    """A receipt that our own tree does not yet cover."""

    index: int
    leaf: bytes
    proof: list[bytes]
    note: bytes


class Ledger:
    """The verified view of one register."""

    def __init__(self, storage: Storage, client: VenueClient, register: str, genesis: bytes) -> None:
        """Begin empty; `restore` gives back what was verified before."""
        self.register = register
        self.genesis = Genesis.parse(genesis)
        self.genesis_body = genesis
        self.keys = self.genesis.keys
        self.tree = Tree()
        self.note = b""
        self._storage = storage
        self._client = client

    def restore(self, leaves: bytes, note: bytes) -> None:
        """Take back leaf hashes (32 bytes each, concatenated) and the note over all of them."""
        self.tree = Tree.from_leaves(leaves)
        self.note = note

    @property
    def size(self) -> int:
        """How many entries this desk has verified."""
        return self.tree.size

    def root(self, size: int | None = None) -> bytes:
        """Return the root at a size."""
        return self.tree.root(size)

    def leaf(self, index: int) -> bytes:
        """Return a leaf hash."""
        return self.tree.leaf(index)

    def leaves(self) -> bytes:
        """Return all leaf hashes, concatenated."""
        return b"".join(self.tree.leaf(index) for index in range(self.tree.size))

    def seen(self) -> Seen:
        """Return what an act written now says that its author has seen."""
        seen = seen_of(self.note)
        return Seen(size=seen.size, root=seen.root, signature=seen.signature)

    def fetch(self) -> Iterator[Verified]:
        """Yield verified batches of (index, leaf, body) until the venue has no more; the caller archives each.

        Raises:
            EquivocationError: the host has forked; the evidence is kept.
            OperationalError: `venue-behind` and the failures of `VenueClient.append`.
            RemoteError: an answer that does not fit the host's signature.
        """
        while True:
            page = self._client.page(self.register, self.tree.size)
            batch = self.take(page)
            if batch:
                yield batch
            if self.keys.open(page.checkpoint).size <= self.tree.size:
                return

    def take(self, page: pages.Page) -> Verified:
        """Return the new entries of a page once they are verified (rules 1 to 3); raises as `fetch`."""
        checkpoint = self.keys.open(page.checkpoint)
        if checkpoint.size < self.tree.size:
            self.compare(page.checkpoint)
            raise OperationalError("venue-behind", venue=checkpoint.size, desk=self.tree.size)
        known = self.tree.size - page.start
        if known < 0:
            raise RemoteError("answer-out-of-place", expected=self.tree.size, got=page.start)
        fresh: Verified = []
        for offset, kept in enumerate(page.entries[known:]):
            leaf = Leaf.from_bytes(kept.leaf)
            if kept.body is not None:
                leaf.check_body(kept.body)
            fresh.append((self.tree.size + offset, leaf, kept.body))
        before = self.tree.size
        self.tree.extend(b"".join(leaf.hash for _, leaf, _ in fresh))
        try:
            self._check_root(page.checkpoint)
            self._check_genesis(fresh)
            self._check_receipts(fresh)
        except BaseException:
            self.tree = Tree.from_leaves(b"".join(self.tree.leaf(i) for i in range(before)))
            raise
        if checkpoint.size == self.tree.size:
            self.note = page.checkpoint
        return fresh

    def compare(self, note: bytes) -> None:
        """Pass if a host's note agrees with our leaves, or is beyond them; `note` may be a full or a seen note.

        Raises:
            EquivocationError: the host has forked; the evidence is kept.
            RemoteError: the note is not the host's.
        """
        try:
            check_view(note, self.tree, self.note, self.keys)
        except EquivocationError as fork:
            self._keep_evidence(fork)
            raise

    def compare_seen(self, seen: Seen) -> None:
        """Do `compare` for what an act's author had seen."""
        self.compare(self.keys.seen_note(HostSeen(seen.size, seen.root, seen.signature)))

    def append(self, entries: list[tuple[int, bytes]]) -> list[int]:
        """Return the indices of entries (kind, body) after verifying and keeping each receipt.

        Raises:
            OperationalError: as `VenueClient.append`; the entries may be appended again.
            RemoteError: `receipt-invalid`.
        """
        answer = self._client.append(self.register, entries)
        checkpoint = self.keys.open(answer.checkpoint)
        if len(answer.receipts) != len(entries):
            raise RemoteError("receipt-invalid", why="not one for each entry")
        for (kind, body), receipt in zip(entries, answer.receipts, strict=True):
            leaf = Leaf.from_bytes(receipt.leaf)
            leaf.check_body(body)
            if leaf.kind != kind:
                raise RemoteError("receipt-invalid", why="another kind of entry")
            verify_inclusion(receipt.index, checkpoint.size, leaf.hash, receipt.proof, checkpoint.root)
        with self._storage.transaction():
            for receipt in answer.receipts:
                self._keep_receipt(receipt, answer.checkpoint)
        return [receipt.index for receipt in answer.receipts]

    def receipt(self, index: int, leaf: Leaf) -> Receipt:
        """Return the receipt of an entry of ours under the last note: a tlog-proof (spec/register.md section 9)."""
        size = self.keys.open(self.note).size
        return Receipt.of(index, leaf, self.tree.inclusion_proof(index, size), self.note)

    def _check_root(self, note: bytes) -> None:
        """Refuse leaves that do not lead to the host's signed root (rule 1)."""
        checkpoint = self.keys.open(note)
        if checkpoint.size == self.tree.size:
            if checkpoint.root != self.tree.root():
                raise RemoteError("register-broken", size=checkpoint.size)
            return
        proof = self._client.consistency(self.register, self.tree.size, checkpoint.size)
        verify_consistency(self.tree.size, checkpoint.size, proof, self.tree.root(), checkpoint.root)

    def _check_genesis(self, fresh: Verified) -> None:
        """Refuse a register that does not begin with the genesis of the invitation."""
        if fresh and fresh[0][0] == 0 and fresh[0][2] != self.genesis_body:
            raise RemoteError("genesis-differs")

    def _check_receipts(self, fresh: Verified) -> None:
        """Compare kept receipts with the entries that now stand at their places (rule 3)."""
        for index, leaf, _ in fresh:
            name = f"receipt/{self.register}/{index:012d}"
            kept = self._storage.get(name)
            if kept is None:
                continue
            receipt = unpack(kept, KeptReceipt)
            if receipt.leaf != leaf.to_bytes():
                ours = Receipt.of(index, Leaf.from_bytes(receipt.leaf), receipt.proof, receipt.note)
                self._convict(ours, index, leaf)
            self._storage.remove(name)

    def _convict(self, ours: Receipt, index: int, leaf: Leaf) -> None:
        """Raise, with evidence if the host has signed for the other leaf as well."""
        size = self.tree.size
        page_note = self._client.page(self.register, size).checkpoint
        if self.keys.open(page_note).size == size:
            theirs = Receipt.of(index, leaf, self.tree.inclusion_proof(index, size), page_note)
            fork = fork_of_entries(ours, theirs, self.keys).error(self.keys)
            self._keep_evidence(fork)
            raise fork
        raise RemoteError("receipt-denied", index=index)

    def _keep_receipt(self, receipt: pages.Receipt, note: bytes) -> None:
        """Write a receipt, unless our tree already has the entry: then compare."""
        if receipt.index < self.tree.size:
            if self.tree.leaf(receipt.index) != Leaf.from_bytes(receipt.leaf).hash:
                raise RemoteError("receipt-denied", index=receipt.index)
            return
        kept = KeptReceipt(index=receipt.index, leaf=receipt.leaf, proof=receipt.proof, note=note)
        self._storage.put(f"receipt/{self.register}/{receipt.index:012d}", pack(kept))

    def _keep_evidence(self, fork: EquivocationError) -> None:
        """Write the evidence before anybody can act on it (rule 4)."""
        folder = self._storage.folder / _EVIDENCE
        folder.mkdir(exist_ok=True, mode=0o700)
        name = hashlib.sha256(fork.evidence).hexdigest()[:16]
        write_durably(folder / f"{name}.fork", fork.evidence)
