"""One register as this desk has verified it: every leaf, the host's last word, and what a lie leaves behind.

This module decides what of the venue's answers is true (spec/transport.md section 7). It never opens an envelope.

1. A page is taken only after its leaves, added to ours, give the host's signed root, or a root that a
   consistency proof leads to the host's signed root.
2. A checkpoint over fewer entries than we hold must be a root of ours; else the host has forked, and the evidence is
   kept before anything else. If it is one, the venue is behind: nothing is taken.
3. A receipt is verified before it counts, and kept until our own tree covers the note it came under; the two are then
   compared.
4. After a change of venue the host of each part answers for it: what it signed of sizes up to its cut is compared by its keys
   and its last word, the rest by those of the host that follows (spec/moving.md R-156).
5. Evidence is bytes that `goodoffices verify` reads; it holds no plaintext and stands in the folder `evidence`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final, NoReturn

from good_offices.desk import terms
from good_offices.desk.source import Source
from good_offices.desk.storage import Storage, write_durably
from good_offices.desk.terms import Left, stated
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import EquivocationError, LocalError, OperationalError, RemoteError
from good_offices.instrument.outcome import EVIDENCE, EvidenceFile
from good_offices.register.fork import FORM, Entry, Fork, check_view, fork_of_prefix
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostKeys, seen_of
from good_offices.register.host import Seen as HostSeen
from good_offices.register.leaf import Leaf
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree, leaf_hash
from good_offices.talks.acts import Seen
from good_offices.transport import pages

Verified = list[tuple[int, Leaf, bytes | None]]
_EVIDENCE: Final = "evidence"
# What our leaves do not lead to may be another history; a form that is merely wrong is not.
_DIFFERS: Final = ("register-broken", "consistency-invalid")


class KeptReceipt(Record, kw_only=True):
    """A receipt that our own tree does not yet cover."""

    index: int
    leaf: bytes
    proof: list[bytes]
    note: bytes


class Ledger:
    """The verified view of one register."""

    def __init__(
        self, storage: Storage, source: Source, register: str, genesis: bytes, delegation: str
    ) -> None:
        """Begin empty, at a desk of `delegation`; `restore` gives back what was verified before."""
        self._delegation = delegation
        self.register = register
        self.genesis = Genesis.parse(genesis)
        self.genesis_body = genesis
        self.tree = Tree()
        self.note = b""
        # How many entries the host has signed beyond those of the page that was last fetched.
        self.ahead = 0
        self._storage = storage
        self._source = source
        self.look_up_hosts()

    def look_up_hosts(self) -> None:
        """Take from the disk the hosts that were left, in order, each with the one that followed (rule 4)."""
        names = self._storage.names(f"parted/{self.register}/")
        self.left = [unpack(self._storage.get(name) or b"", Left) for name in names]
        self.keys = HostKeys(self.left[-1].host) if self.left else self.genesis.keys

    def restore(self, leaves: bytes, note: bytes) -> None:
        """Take back leaf hashes (32 bytes each, concatenated) and the note over all of them."""
        self.tree = Tree.from_leaves(leaves)
        self.note = note

    @property
    def cut(self) -> int:
        """Where the present host's part begins: 0, or the size at which the last one was left."""
        return self.left[-1].term.cut if self.left else 0

    def leave(self, left: Left) -> None:
        """Keep the term of the host that was left and trust the next one's keys from its cut on; within a transaction.

        What was kept to be compared with the former host's part is compared, and let go.

        Raises:
            EquivocationError: the former host has forked; the evidence is kept.
            RemoteError: the term is not of our leaves.
        """
        cut = left.term.cut
        left.term.tree(self.tree.leaves(0, cut))
        for name, note in self._kept_notes():
            if stated(note) <= cut:
                self._compare(note, left.term.tree(self.tree.leaves(0, cut)), left.term.note, self.keys)
            self._storage.remove(name)
        self._storage.put(f"parted/{self.register}/{len(self.left):04d}", pack(left))
        self.left.append(left)
        self.keys, self.note = HostKeys(left.host), b""

    def truncate(self, size: int, note: bytes) -> None:
        """Forget what was taken beyond a size; `note` is the last word of the host over no more than that, or empty."""
        self.tree = Tree.from_leaves(self.tree.leaves(0, size))
        if self.note and stated(self.note) > size:
            self.note = note if note and stated(note) <= size else b""

    @contextmanager
    def reading(self, source: Source) -> Iterator[None]:
        """Take pages, proofs and receipts from another source within the block: a pouch."""
        usual, self._source = self._source, source
        try:
            yield
        finally:
            self._source = usual

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
            OperationalError: `venue-behind`, `venue-withholds` and the failures of `VenueClient.append`.
            RemoteError: an answer that does not fit the host's signature.
        """
        while True:
            page = self._source.page(self.register, self.tree.size)
            if page is None:
                return
            batch = self.take(page)
            signed = self.keys.open(page.checkpoint).size
            self.ahead = signed - self.tree.size
            if batch:
                yield batch
            if signed <= self.tree.size:
                return
            if not batch:
                raise OperationalError("venue-withholds", signed=signed, shown=self.tree.size)

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
            if checkpoint.size == self.tree.size:
                self._check_kept(page.checkpoint)
        except BaseException as broken:
            self.tree = Tree.from_leaves(b"".join(self.tree.leaf(i) for i in range(before)))
            if isinstance(broken, RemoteError) and broken.code in _DIFFERS:
                self._compare_whole(page.checkpoint)
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
        view = terms.view_of(note, self.left, self.tree, self.note, self.keys)
        if view is None:
            return
        self._compare(note, *view)

    def _compare(self, note: bytes, tree: Tree, own: bytes, keys: HostKeys) -> None:
        """Hold a note against a tree that `own` covers whole; keep the evidence if they are two histories of one host."""
        try:
            check_view(note, tree, own, keys)
        except EquivocationError as fork:
            self._keep_evidence(fork, keys)
            raise

    def compare_seen(self, seen: Seen) -> None:
        """Do `compare` for what an act's author had seen; a view beyond our leaves is kept until they reach it."""
        note = self._note_of(seen)
        self.compare(note)
        if seen.size > self.tree.size:
            digest = hashlib.sha256(note).hexdigest()[:16]
            self._storage.put(f"ahead/{self.register}/{seen.size:020d}-{digest}", note)

    def is_signed(self, seen: Seen) -> bool:
        """Tell whether the host signed a view, ours or not."""
        try:
            self._note_of(seen)
        except RemoteError:
            return False
        return True

    def _note_of(self, seen: Seen) -> bytes:
        """Return the note of a view, signed by a host that answers for it.

        Raises:
            RemoteError: none has signed it.
        """
        view = HostSeen(seen.size, seen.root, seen.signature)
        *others, last = terms.answering(seen.size, self.left, self.keys)
        for keys in others:
            with suppress(RemoteError):
                keys.open_seen(view)
                return keys.seen_note(view)
        last.open_seen(view)
        return last.seen_note(view)

    def append(self, entries: list[tuple[int, bytes]]) -> list[int]:
        """Return the indices of entries (kind, body) after verifying and keeping each receipt.

        Raises:
            OperationalError: as `VenueClient.append`; the entries may be appended again.
            RemoteError: `receipt-invalid`.
        """
        answer = self._source.append(self.register, entries)
        checkpoint = self.keys.open(answer.checkpoint)
        if len(answer.receipts) != len(entries):
            raise RemoteError("receipt-invalid", why="not one for each entry")
        for (kind, body), receipt in zip(entries, answer.receipts, strict=True):
            leaf = Leaf.from_bytes(receipt.leaf)
            leaf.check_body(body)
            if leaf.kind != kind:
                raise RemoteError("receipt-invalid", why="another kind of entry")
            verify_inclusion(receipt.index, checkpoint.size, leaf.hash, receipt.proof, checkpoint.root)
        if self.note:
            self.compare(answer.checkpoint)
        with self._storage.transaction():
            for receipt in answer.receipts:
                self._keep_receipt(receipt, answer.checkpoint)
        return [receipt.index for receipt in answer.receipts]

    def deposit(self, box: bytes, deposit: bytes) -> bytes:
        """Return the host's receipt, a note, for a deposit that it now holds (spec/soundings.md 9.3).

        Raises:
            LocalError: `by-courier`: a deposit that travels could not be there before its box is ended.
            OperationalError: as `VenueClient.append`; the same deposit may be handed over again.
            RemoteError: `receipt-invalid`, and as `HostKeys.open_deposit`.
        """
        if self._storage.get("courier") is not None:
            raise LocalError("by-courier")
        note = self._source.deposit(self.register, box, deposit).note
        held = self.keys.open_deposit(note)
        if (held.box, held.delegation) != (box, self._delegation):
            raise RemoteError("receipt-invalid", why="of another box or delegation")
        if held.digest != hashlib.sha256(deposit).digest():
            raise RemoteError("receipt-invalid", why="of another deposit")
        return note

    def receipt(self, index: int, leaf: Leaf) -> Receipt:
        """Return the receipt of an entry of ours under the last note: a tlog-proof (spec/register.md section 9)."""
        tree, note, _ = self.signed_over(index)
        return Receipt.of(index, leaf, tree.inclusion_proof(index, stated(note)), note)

    def signed_over(self, index: int) -> tuple[Tree, bytes, HostKeys]:
        """Return tree, last word and keys of the host in whose part an entry stands."""
        former = next((one.term for one in self.left if index < one.term.cut), None)
        if former is None:
            return self.tree, self.note, self.keys
        return former.tree(self.tree.leaves(0, former.cut)), former.note, former.keys

    def _check_root(self, note: bytes) -> None:
        """Refuse leaves that do not lead to the host's signed root (rule 1)."""
        checkpoint = self.keys.open(note)
        if checkpoint.size == self.tree.size:
            if checkpoint.root != self.tree.root():
                raise RemoteError("register-broken", size=checkpoint.size)
            return
        if checkpoint.size < self.tree.size:
            raise RemoteError("register-broken", size=checkpoint.size)
        proof = self._source.consistency(self.register, self.tree.size, checkpoint.size)
        verify_consistency(self.tree.size, checkpoint.size, proof, self.tree.root(), checkpoint.root)

    def _check_genesis(self, fresh: Verified) -> None:
        """Refuse a register that does not begin with the genesis of the invitation."""
        if fresh and fresh[0][0] == 0 and fresh[0][2] != self.genesis_body:
            raise RemoteError("genesis-differs")

    def _check_kept(self, own: bytes) -> None:
        """Compare the note of each kept receipt and view with our leaves, which `own` covers whole (rule 3).

        The note, not the entry alone: a host could show the entry at its place in two histories.
        """
        for _, note in self._kept_notes():
            self._compare(note, self.tree, own, self.keys)

    def settle(self) -> None:
        """Let go of the receipts and views that our tree now covers; in the transaction that keeps the entries (rule 3).

        Not before the host's last word covers the tree whole: only then have they been compared, and a host that shows a long
        record in small pages could else have them let go unseen.
        """
        if not self.note or stated(self.note) != self.tree.size:
            return
        for name, note in self._kept_notes():
            if self.keys.open_evidence(note).size <= self.tree.size:
                self._storage.remove(name)

    def _kept_notes(self) -> list[tuple[str, bytes]]:
        """Return the notes of the host that our tree did not cover when they came, by name."""
        views = [
            (name, self._storage.get(name) or b"") for name in self._storage.names(f"ahead/{self.register}/")
        ]
        names = self._storage.names(f"receipt/{self.register}/")
        return views + [(name, unpack(self._storage.get(name) or b"", KeptReceipt).note) for name in names]

    def _compare_whole(self, note: bytes) -> None:
        """Pass unless the host shows that `note` stands for another history than ours (rule 2).

        A note alone that our leaves do not lead to proves nothing to others: the leaves that it does stand for are
        fetched from their beginning.

        Raises:
            EquivocationError: the host has forked; the evidence is kept.
        """
        if not self.note:
            return
        if self.keys.open(note).size <= self.tree.size:
            self.compare(note)
            return
        whole = self._other_view(note)
        if whole.root(self.tree.size) != self.tree.root():
            self._convict(fork_of_prefix(self.note, note, whole, self.keys))

    def _other_view(self, note: bytes) -> Tree:
        """Return all leaves that a note of the host stands for, as the host shows them, ours or not.

        Raises:
            RemoteError: `register-broken` if the host does not show them.
        """
        checkpoint = self.keys.open(note)
        tree = Tree()
        while tree.size < checkpoint.size:
            page = self._source.page(self.register, tree.size)
            if page is None:
                raise RemoteError("register-broken", size=checkpoint.size)
            shown = page.entries[: checkpoint.size - tree.size]
            if page.start != tree.size or not shown:
                raise RemoteError("register-broken", size=checkpoint.size)
            tree.extend(b"".join(Leaf.from_bytes(kept.leaf).hash for kept in shown))
        if tree.root() != checkpoint.root:
            raise RemoteError("register-broken", size=checkpoint.size)
        return tree

    def _convict(self, fork: Fork) -> NoReturn:
        """Keep the evidence, then raise it."""
        error = fork.error(self.keys)
        self._keep_evidence(error, self.keys)
        raise error

    def _keep_receipt(self, receipt: pages.Receipt, note: bytes) -> None:
        """Write a receipt until our tree covers its note; compare at once what it already has."""
        if receipt.index < self.tree.size and self.tree.leaf(receipt.index) != leaf_hash(receipt.leaf):
            claim = Entry(
                index=receipt.index,
                first_leaf=self.tree.leaf(receipt.index),
                first_proof=self.tree.inclusion_proof(receipt.index, self.keys.open(self.note).size),
                second_leaf=leaf_hash(receipt.leaf),
                second_proof=list(receipt.proof),
            )
            self._convict(Fork(form=FORM, first=self.note, second=note, claim=claim))
        if self.keys.open(note).size <= self.tree.size:
            return
        kept = KeptReceipt(index=receipt.index, leaf=receipt.leaf, proof=receipt.proof, note=note)
        self._storage.put(f"receipt/{self.register}/{receipt.index:012d}", pack(kept))

    def _keep_evidence(self, fork: EquivocationError, keys: HostKeys) -> None:
        """Write the evidence before anybody can act on it (rule 4)."""
        folder = self._storage.folder / _EVIDENCE
        folder.mkdir(exist_ok=True, mode=0o700)
        name = hashlib.sha256(fork.evidence).hexdigest()[:16]
        # With the genesis, so that a stranger's `verify` needs nothing beside the file.
        moved = tuple(keys.vkeys) if keys != self.genesis.keys else ()
        whole = EvidenceFile(form=EVIDENCE, genesis=self.genesis_body, fork=fork.evidence, moved=moved)
        write_durably(folder / f"{name}.fork", whole.to_bytes())
