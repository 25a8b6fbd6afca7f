"""The Merkle tree of a register: append, roots of every earlier size, proofs.

This module decides which hashes stand for a sequence of leaves. It never removes or changes a leaf.

1. Hashing is RFC 9162 section 2.1.1 with SHA-256: 0x00 before a leaf record, 0x01 before two nodes.
2. Every complete subtree is kept, one row a level: row `k`, node `i` covers the leaves `i * 2**k` to
   `(i + 1) * 2**k - 1`. A million leaves take 64 MB.
3. Append costs one hash on average; roots and proofs of any size cost O(log n) and hash only where a size
   cuts a subtree.

Tiles of 256 with their roots would save half the memory; a proof would then hash up to 255 nodes a tile.
A row is a list of pages. As one array it was copied whenever it outgrew its place: at a million leaves single
appends stood still for tens of milliseconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

from good_offices.errors import LocalError

HASH: Final = 32
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
MAX_SIZE: Final = 2**63 - 1

_LEAF: Final = b"\x00"
_NODE: Final = b"\x01"
# Nodes on one page: 128 KB, also what is hashed in one go when many leaves come at once.
_PAGE_BITS: Final = 12
_PAGE: Final = 1 << _PAGE_BITS
# Roots that are remembered: acts that came together name the same size.
_ROOTS: Final = 64


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
        self._rows: list[list[bytearray]] = [[]]
        self._leaves = 0
        self._roots: dict[int, bytes] = {}

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
        return self._leaves

    def append(self, leaf: bytes) -> int:
        """Add one leaf hash and return its index, counted from 0.

        Raises:
            LocalError: `leaf-hash-length`.
        """
        if len(leaf) != HASH:
            raise LocalError("leaf-hash-length", length=len(leaf))
        index = self._leaves
        node, at, level = leaf, index, 0
        self._put(0, at, node)
        while at & 1:
            node = node_hash(self._node(level, at - 1), node)
            at >>= 1
            level += 1
            self._put(level, at, node)
        self._leaves += 1
        return index

    def extend(self, hashes: bytes) -> int:
        """Add leaf hashes given one after another; return the index of the first of them.

        Raises:
            LocalError: `leaf-hash-length`; nothing was added.
        """
        if len(hashes) % HASH:
            raise LocalError("leaf-hash-length", length=len(hashes))
        index, size = self._leaves, self._leaves + len(hashes) // HASH
        for at, stop in _pages(index, size):
            self._put(0, at, hashes[(at - index) * HASH : (stop - index) * HASH])
        level = 1
        while size >> level:
            for at, stop in _pages(index >> level, size >> level):
                self._put(level, at, _parents(self._span(level - 1, 2 * at, 2 * stop)))
            level += 1
        self._leaves = size
        return index

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash at `index`.

        Raises:
            LocalError: `register-range`.
        """
        self._within(index, self.size)
        return self._node(0, index)

    def leaves(self, start: int, stop: int) -> bytes:
        """Return the leaf hashes `start` to `stop` - 1, one after another.

        Raises:
            LocalError: `register-range`.
        """
        if start < stop:
            self._within(start, self.size)
            self._within(stop - 1, self.size)
        return self._span(0, start, stop)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first `size` leaves; of all when not given (spec/register.md section 2).

        Raises:
            LocalError: `register-range`.
        """
        size = self._size(size)
        if not size:
            return EMPTY_ROOT
        known = self._roots.get(size)
        if known is None:
            known = self._tail(size, size.bit_length())
            if len(self._roots) >= _ROOTS:
                self._roots.clear()
            self._roots[size] = known
        return known

    def inclusion_proof(self, index: int, size: int | None = None) -> list[bytes]:
        """Return the hashes that join leaf `index` to the root of the first `size` leaves (section 3).

        Raises:
            LocalError: `register-range`.
        """
        size = self._size(size)
        self._within(index, size)
        return self._path(0, index, size)

    def joined_proofs(self, start: int, stop: int, before: bytes = b"") -> list[bytes]:
        """Return `inclusion_proof` of the leaves `start` to `stop` - 1 in the present tree, each in one piece.

        Every hash stands after `before`. What neighbours share is put together once: a fifth of the work.

        Raises:
            LocalError: `register-range`.
        """
        if start >= stop:
            return []
        self._within(start, self.size)
        self._within(stop - 1, self.size)
        paths = [b""]
        for level in reversed(range((self.size - 1).bit_length())):
            paths = self._down(level, start >> level, (stop - 1) >> level, before, paths)
        return paths

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

    def _put(self, level: int, index: int, nodes: bytes) -> None:
        """Add `nodes`, which fit on one page, as nodes `index` and following of row `level`."""
        if level == len(self._rows):
            self._rows.append([])
        row = self._rows[level]
        if index & (_PAGE - 1):
            row[-1] += nodes
        else:
            row.append(bytearray(nodes))

    def _node(self, level: int, index: int) -> bytes:
        """Return the hash of a complete subtree."""
        at = (index & (_PAGE - 1)) * HASH
        return bytes(self._rows[level][index >> _PAGE_BITS][at : at + HASH])

    def _span(self, level: int, start: int, stop: int) -> bytes:
        """Return the nodes `start` to `stop` - 1 of a row, one after another."""
        row = self._rows[level]
        parts = []
        for at, end in _pages(start, stop):
            first = (at & (_PAGE - 1)) * HASH
            parts.append(row[at >> _PAGE_BITS][first : first + (end - at) * HASH])
        return b"".join(parts)

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

    def _down(self, level: int, first: int, last: int, before: bytes, above: list[bytes]) -> list[bytes]:
        """Return the joined paths of the nodes `first` to `last` of a row; `above` are those of their parents."""
        size = self.size
        even, full = first & ~1, size >> level
        nodes = self._span(level, even, min(last | 1, full - 1) + 1)
        paths = []
        for at in range(first, last + 1):
            path = above[(at >> 1) - (first >> 1)]
            sibling = at ^ 1
            if sibling < full:
                place = (sibling - even) * HASH
                path = before + nodes[place : place + HASH] + path
            elif sibling == (size - 1) >> level:
                path = before + self._tail(size, level) + path
            paths.append(path)
        return paths

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


def _pages(start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Yield the nodes `start` to `stop` - 1 in parts that lie on one page each."""
    while start < stop:
        end = min(stop, (start | (_PAGE - 1)) + 1)
        yield start, end
        start = end


def _parents(nodes: bytes) -> bytes:
    """Return the hashes above pairs of nodes, one after another."""
    sha256, pair = hashlib.sha256, 2 * HASH
    return b"".join([sha256(_NODE + nodes[at : at + pair]).digest() for at in range(0, len(nodes), pair)])
