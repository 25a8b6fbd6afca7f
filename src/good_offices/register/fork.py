"""Evidence of a split view: two words of the host that cannot both be true.

This module decides what convicts a host. It never convicts on what is missing: a proof that a host refuses to
give proves nothing to a third person.

1. Both notes are the host's, of one origin, each in full (two lines) or as `seen` (the Ed25519 line alone).
2. `roots`: the sizes are equal and the roots differ. Nothing else is needed.
3. `prefix`: size `first` < size `second`, and a consistency proof shows under the second root another root of the
   first `first` leaves than the one that was signed. Whoever holds all leaves of the second view can make it.
4. `entry`: size `first` < size `second`, and inclusion proofs show two leaf hashes at one index. This convicts a host
   that denies an entry for which it gave a receipt.
5. One claim has one form: sizes ascend, equal sizes stand in the order of their roots.

Why each is sound: a root fixes every leaf and every earlier root, unless SHA-256 collides; and a host must never
sign two checkpoints without a consistency proof from one to the other (tlog-checkpoint, Signatures).
"""

from __future__ import annotations

from typing import Final

from good_offices.encoding import Record, pack
from good_offices.errors import EquivocationError, RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.forms import read
from good_offices.register.host import HostKeys
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.register.receipt import Receipt
from good_offices.register.tree import Tree

FORM: Final = "good-offices/fork/1"
MAX_FORK: Final = 64 * 1024


class Roots(Record, tag="roots", tag_field="kind", frozen=True):
    """Rule 2: the notes speak for themselves."""


class Prefix(Record, tag="prefix", tag_field="kind", frozen=True):
    """Rule 3: the second view's root of the first view's size, and the proof that it is."""

    root: bytes
    proof: list[bytes]


class Entry(Record, tag="entry", tag_field="kind", frozen=True):
    """Rule 4: two leaf hashes at one index, each with its inclusion proof."""

    index: int
    first_leaf: bytes
    first_proof: list[bytes]
    second_leaf: bytes
    second_proof: list[bytes]


class Fork(Record, frozen=True):
    """Two notes and what shows that they contradict each other; unverified until `verify_fork`."""

    form: str
    first: bytes
    second: bytes
    claim: Roots | Prefix | Entry

    def to_bytes(self) -> bytes:
        """Return the evidence as one file (spec/register.md section 11)."""
        return pack(self)

    def error(self, keys: HostKeys) -> EquivocationError:
        """Return the error that carries both notes and this evidence, to be raised by the caller.

        Raises:
            RemoteError: as `verify`.
        """
        first, second = self.verify(keys)
        return EquivocationError(
            "host-equivocated",
            first=self.first,
            second=self.second,
            evidence=self.to_bytes(),
            origin=keys.origin,
            first_size=first.size,
            second_size=second.size,
        )

    def verify(self, keys: HostKeys) -> tuple[Checkpoint, Checkpoint]:
        """Return both checkpoints if the evidence convicts the host of `keys` (spec/register.md section 11).

        Raises:
            RemoteError: as `HostKeys.open` for a note that is not the host's; `inclusion-invalid` or
                `consistency-invalid` for a proof; `fork-unproved`.
        """
        first, second = keys.open_evidence(self.first), keys.open_evidence(self.second)
        if isinstance(self.claim, Roots):
            if first.size != second.size:
                raise _unproved("the sizes differ")
            if first.root >= second.root:
                raise _unproved("the roots are equal, or not in order")
            return first, second
        if first.size >= second.size:
            raise _unproved("the sizes do not ascend")
        if isinstance(self.claim, Prefix):
            _check_prefix(self.claim, first, second)
        else:
            _check_entry(self.claim, first, second)
        return first, second


def verify_fork(data: bytes, keys: HostKeys) -> Fork:
    """Return the evidence in `data` if it convicts the host of `keys` (spec/register.md section 11).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `unknown-version`, or as `Fork.verify`.
    """
    fork = read(data, Fork, FORM, what="the evidence", limit=MAX_FORK)
    fork.verify(keys)
    return fork


def check_notes(one: bytes, other: bytes, keys: HostKeys) -> None:
    """Pass if both notes are the host's and do not contradict each other at one size (rule 2).

    Raises:
        EquivocationError: `host-equivocated`.
        RemoteError: as `HostKeys.open` for a note that is not the host's.
    """
    first, second = keys.open_evidence(one), keys.open_evidence(other)
    if first.size == second.size and first.root != second.root:
        raise fork_of_roots(one, other, keys).error(keys)


def check_view(note: bytes, tree: Tree, own: bytes, keys: HostKeys) -> Checkpoint:
    """Return the checkpoint of `note` if `tree` agrees with it; `own` is the host's note over the whole tree.

    A checkpoint beyond the tree is returned as it is: the caller fetches the entries and asks again.

    Raises:
        EquivocationError: `host-equivocated`.
        RemoteError: as `HostKeys.open` for a note that is not the host's.
    """
    seen = keys.open_evidence(note)
    if seen.size <= tree.size and seen.root != tree.root(seen.size):
        raise fork_of_prefix(note, own, tree, keys).error(keys)
    return seen


def fork_of_roots(one: bytes, other: bytes, keys: HostKeys) -> Fork:
    """Return the evidence of rule 2, its notes in order.

    Raises:
        RemoteError: `fork-unproved`, or as `HostKeys.open`.
    """
    notes = sorted((one, other), key=lambda note: keys.open_evidence(note).root)
    return _proved(Fork(form=FORM, first=notes[0], second=notes[1], claim=Roots()), keys)


def fork_of_prefix(note: bytes, own: bytes, tree: Tree, keys: HostKeys) -> Fork:
    """Return the evidence that `note` contradicts the host's note `own`, whose leaves `tree` holds (rules 2, 3).

    Raises:
        LocalError: `register-range` if `tree` does not reach the size of `own`.
        RemoteError: `fork-unproved`, or as `HostKeys.open`.
    """
    first, second = keys.open_evidence(note), keys.open_evidence(own)
    if first.size == second.size:
        return fork_of_roots(note, own, keys)
    if first.size > second.size or tree.root(second.size) != second.root:
        raise _unproved("the leaves are not those under the later note")
    if first.root == tree.root(first.size):
        raise _unproved("the earlier roots are equal")
    proof = tree.consistency_proof(first.size, second.size)
    claim = Prefix(root=tree.root(first.size), proof=proof)
    return _proved(Fork(form=FORM, first=note, second=own, claim=claim), keys)


def fork_of_entries(one: Receipt, other: Receipt, keys: HostKeys) -> Fork:
    """Return the evidence that two receipts put different leaves at one index (rules 2 and 4).

    Raises:
        RemoteError: `fork-unproved`, or as `Receipt.verify`.
    """
    views = [(receipt.verify(keys).size, receipt) for receipt in (one, other)]
    (size, first), (later, second) = sorted(views, key=lambda view: view[0])
    if size == later:
        return fork_of_roots(first.note, second.note, keys)
    if first.index != second.index:
        raise _unproved("the entries have different numbers")
    claim = Entry(
        index=first.index,
        first_leaf=first.leaf.hash,
        first_proof=list(first.proof),
        second_leaf=second.leaf.hash,
        second_proof=list(second.proof),
    )
    return _proved(Fork(form=FORM, first=first.note, second=second.note, claim=claim), keys)


def _proved(fork: Fork, keys: HostKeys) -> Fork:
    """Return `fork` once it is verified: evidence that would not convict is never handed out."""
    fork.verify(keys)
    return fork


def _check_prefix(claim: Prefix, first: Checkpoint, second: Checkpoint) -> None:
    """Refuse a claim that rule 3 does not bear out."""
    if claim.root == first.root:
        raise _unproved("the earlier roots are equal")
    verify_consistency(first.size, second.size, claim.proof, claim.root, second.root)


def _check_entry(claim: Entry, first: Checkpoint, second: Checkpoint) -> None:
    """Refuse a claim that rule 4 does not bear out."""
    if claim.first_leaf == claim.second_leaf:
        raise _unproved("the leaves are equal")
    verify_inclusion(claim.index, first.size, claim.first_leaf, claim.first_proof, first.root)
    verify_inclusion(claim.index, second.size, claim.second_leaf, claim.second_proof, second.root)


def _unproved(why: str) -> RemoteError:
    """Return the refusal of evidence that proves nothing."""
    return RemoteError("fork-unproved", why=why)
