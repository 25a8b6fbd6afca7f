"""Verifying what a host proves about its register.

This module decides whether hashes join a leaf, or an old root, to a root. It never sees a tree.

1. Edge cases first: an index outside the tree, sizes in the wrong order, equal sizes.
2. The number of hashes follows from index and sizes; another number is refused before anything is hashed.
3. Whatever is hashed has 32 bytes a hash.
4. No proof starts at size 0 (RFC 9162 section 2.1.4 defines none): who holds nothing has nothing to compare.
"""

from __future__ import annotations

from collections.abc import Sequence

from good_offices.errors import RemoteError
from good_offices.register.tree import HASH, MAX_SIZE, node_hash


def verify_inclusion(index: int, size: int, leaf_hash: bytes, proof: Sequence[bytes], root: bytes) -> None:
    """Pass if `proof` joins `leaf_hash` at `index` to `root` of `size` leaves (spec/register.md section 3).

    Raises:
        RemoteError: `inclusion-invalid`.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise _no_inclusion(index, size, "the number is outside the register")
    inner, border = _lengths(index, size - 1)
    if len(proof) != inner + border:
        raise _no_inclusion(index, size, "a wrong number of hashes")
    if any(len(one) != HASH for one in (leaf_hash, root, *proof)):
        raise _no_inclusion(index, size, "a hash of a wrong length")
    node = leaf_hash
    for level, one in enumerate(proof):
        left = level >= inner or index >> level & 1
        node = node_hash(one, node) if left else node_hash(node, one)
    if node != root:
        raise _no_inclusion(index, size, "another root")


def verify_consistency(
    old_size: int, new_size: int, proof: Sequence[bytes], old_root: bytes, new_root: bytes
) -> None:
    """Pass if `proof` shows `old_root` as the root of the first leaves under `new_root` (section 4).

    Raises:
        RemoteError: `consistency-invalid`.
    """
    if not 0 < old_size <= new_size <= MAX_SIZE:
        raise _no_consistency(old_size, new_size, "the sizes are in a wrong order")
    if old_size == new_size:
        if proof:
            raise _no_consistency(old_size, new_size, "a wrong number of hashes")
        if old_root != new_root:
            raise _no_consistency(old_size, new_size, "another root")
        return
    if any(len(one) != HASH for one in (old_root, new_root, *proof)):
        raise _no_consistency(old_size, new_size, "a hash of a wrong length")
    level = (old_size & -old_size).bit_length() - 1
    at = (old_size - 1) >> level
    inner, border = _lengths(at, (new_size - 1) >> level)
    # A power of two is one complete subtree: its root is known and the proof leaves it out.
    start, path = (old_root, proof) if at == 0 else (proof[0] if proof else b"", proof[1:])
    if len(path) != inner + border or not start:
        raise _no_consistency(old_size, new_size, "a wrong number of hashes")
    old = new = start
    for step, one in enumerate(path):
        if step >= inner or at >> step & 1:
            old, new = node_hash(one, old), node_hash(one, new)
        else:
            new = node_hash(new, one)
    if old != old_root or new != new_root:
        raise _no_consistency(old_size, new_size, "another root")


def _lengths(index: int, last: int) -> tuple[int, int]:
    """Return how many hashes stand below and beside the right border of a tree whose last node is `last`."""
    inner = (index ^ last).bit_length()
    return inner, (index >> inner).bit_count()


def _no_inclusion(index: int, size: int, why: str) -> RemoteError:
    """Return the refusal of an inclusion proof."""
    return RemoteError("inclusion-invalid", index=index, size=size, why=why)


def _no_consistency(old: int, new: int, why: str) -> RemoteError:
    """Return the refusal of a consistency proof."""
    return RemoteError("consistency-invalid", old=old, new=new, why=why)
