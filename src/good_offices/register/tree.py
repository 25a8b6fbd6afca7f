"""The Merkle tree of a register: append, roots of every earlier size, proofs.

This module decides which hashes stand for a sequence of leaves. It never removes or changes a leaf.

1. Hashing is RFC 9162 section 2.1.1 with SHA-256: 0x00 before a leaf record, 0x01 before two nodes.
2. Every complete subtree is kept, one row of bytes a level: row `k`, node `i` covers the leaves
   `i * 2**k` to `(i + 1) * 2**k - 1`. A million leaves take 64 MB.
3. Append costs one hash on average; roots and proofs of any size cost O(log n) and hash only where a size
   cuts a subtree.

Tiles of 256 with their roots would save half the memory; a proof would then hash up to 255 nodes a tile.
"""

from __future__ import annotations

import hashlib
from typing import Final

from good_offices.errors import LocalError

HASH: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
MAX_SIZE: Final = 2**63 - 1

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
# Nodes hashed in one go while rows are filled: bounds the memory beside the rows to 128 KB.
_RUN: Final = 4096


def leaf_hash(record: bytes) -> bytes:
    """Return the 32-byte leaf hash of a leaf record (spec/register.md section 2)."""
    return hashlib.sha256(_LEAF + record).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the 32-byte hash of the node above `left` and `right` (spec/register.md section 2)."""
    return hashlib.sha256(_NODE + left + right).digest()


class Tree:
    """An append-only Merkle tree over leaf hashes of 32 bytes."""

    def __init__(self) -> None:
        """Begin with no leaf."""
        self._rows: list[bytearray] = [bytearray()]

    @classmethod
    def from_leaves(cls, hashes: bytes) -> Tree:
        """Return the tree over `hashes`, the leaf hashes one after another.

        Raises:
            LocalError: `leaf-hash-length`.
        """
        tree = cls()
        tree.extend(hashes)
        return tree

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._rows[0]) // HASH

    def append(self, leaf: bytes) -> int:
        """Add one leaf hash and return its index, counted from 0.

        Raises:
            LocalError: `leaf-hash-length`.
        """
        if len(leaf) != HASH:
            raise LocalError("leaf-hash-length", length=len(leaf))
        index = self.size
        node, at, level = leaf, index, 0
        self._row(0).extend(node)
        while at & 1:
            node = node_hash(self._node(level, at - 1), node)
            at >>= 1
            level += 1
            self._row(level).extend(node)
        return index

    def extend(self, hashes: bytes) -> int:
        """Add leaf hashes given one after another; return the index of the first of them.

        Raises:
            LocalError: `leaf-hash-length`; nothing was added.
        """
        if len(hashes) % HASH:
            raise LocalError("leaf-hash-length", length=len(hashes))
        index = self.size
        self._row(0).extend(hashes)
        level = 0
        while self.size >> (level + 1):
            self._fill(level + 1)
            level += 1
        return index

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash at `index`.

        Raises:
            LocalError: `register-range`.
        """
        self._within(index, self.size)
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves; of all when not given (spec/register.md section 2).

        Raises:
            LocalError: `register-range`.
        """
        size = self._size(size)
        return self._tail(size, size.bit_length()) if size else EMPTY_ROOT

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that join leaf `index` to the root of the first `size` leaves (section 3).

        Raises:
            LocalError: `register-range`.
        """
        size = self._size(size)
        self._within(index, size)
        return self._path(0, index, size)

    def consistency_proof(self, old: int, new: int) -> list[bytes]:
        """Return the hashes that join the root of size `old` to that of size `new` (section 4); `old` >= 1.

        Raises:
            LocalError: `register-range`.
        """
        self._size(new)
        # RFC 9162 section 2.1.4 defines no proof from nothing: size 0 is refused rather than answered.
        if not 0 < old <= new:
            raise LocalError("register-range", number=old, size=new)
        if old == new:
            return []
        level = (old & -old).bit_length() - 1
        at = (old >> level) - 1
        path = self._path(level, at, new)
        return path if old & (old - 1) == 0 else [self._node(level, at), *path]

    def _row(self, level: int) -> bytearray:
        """Return the row of `level`, begun if it is the next one."""
        if level == len(self._rows):
            self._rows.append(bytearray())
        return self._rows[level]

    def _node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        return bytes(self._rows[level][index * HASH : (index + 1) * HASH])

    def _fill(self, level: int) -> None:
        """Hash the nodes that are missing in row `level` from the row below."""
        row, below = self._row(level), self._rows[level - 1]
        pair, sha256, prefix = 2 * HASH, hashlib.sha256, _NODE
        start, stop = 2 * len(row), len(below) // pair * pair
        while start < stop:
            run = bytes(below[start : min(stop, start + _RUN * pair)])
            row += b"".join(
                [sha256(prefix + run[at : at + pair]).digest() for at in range(0, len(run), pair)]
            )
            start += len(run)

    def _tail(self, size: int, level: int) -> bytes:
        """Return the root over the last leaves of `size`: those that its lowest `level` bits count (not 0)."""
        root = b""
        for bit in range(level):
            if size >> bit & 1:
                node = self._node(bit, (size >> bit) - 1)
                root = node_hash(node, root) if root else node
        return root

    def _path(self, level: int, at: int, size: int) -> list[bytes]:
        """Return the siblings from node `at` of `level` up to the root of `size`."""
        path = []
        last = (size - 1) >> level
        while last:
            sibling = at ^ 1
            if (sibling + 1) << level <= size:
                path.append(self._node(level, sibling))
            elif sibling == last:
                path.append(self._tail(size, level))
            at >>= 1
            last >>= 1
            level += 1
        return path

    def _size(self, size: int | None) -> int:
        """Return `size`, or the present size; refuse one that the tree has not reached."""
        if size is None:
            return self.size
        if not 0 <= size <= self.size:
            raise LocalError("register-range", number=size, size=self.size)
        return size

    @staticmethod
    def _within(index: int, size: int) -> None:
        """Refuse an index outside the first `size` leaves."""
        if not 0 <= index < size:
            raise LocalError("register-range", number=index, size=size)
