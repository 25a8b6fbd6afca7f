"""A tree known by its peaks: the roots of the perfect subtrees that its first leaves make, largest first.

This module decides what root leaves give when those before them are known by a few hashes only. It never sees a tree.

1. `n` leaves have one peak for each bit of `n` that is set (spec/transport.md rule 9.7).
2. Peaks are what a reader needs of the leaves it does not have; they prove nothing until a signed root follows from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from good_offices.errors import RemoteError
from good_offices.register.tree import EMPTY_ROOT, HASH, MAX_SIZE, Tree, node_hash


def peaks_of(tree: Tree, size: int) -> list[bytes]:
    """Return the peaks of the first `size` leaves of a tree, largest first.

    Raises:
        LocalError: `register-range`.
    """
    if not size:
        return []
    proof = tree.inclusion_proof(size - 1, size)
    inside = (size & -size).bit_length() - 1
    # The last leaf's proof climbs its own peak from the right, and then names every other peak.
    last = tree.leaf(size - 1)
    for one in proof[:inside]:
        last = node_hash(one, last)
    return [*reversed(proof[inside:]), last]


def root_after(size: int, peaks: Sequence[bytes], leaves: Iterable[bytes]) -> bytes:
    """Return the root of `size` leaves with these peaks and the leaf hashes that follow (spec/transport.md rule 9.7).

    Raises:
        RemoteError: `peaks-invalid`.
    """
    if not 0 <= size <= MAX_SIZE or len(peaks) != size.bit_count() or any(len(one) != HASH for one in peaks):
        raise RemoteError("peaks-invalid", size=size)
    held = list(peaks)
    for leaf in leaves:
        node = leaf
        for _ in range(((size + 1) & -(size + 1)).bit_length() - 1):
            node = node_hash(held.pop(), node)
        held.append(node)
        size += 1
    if not held:
        return EMPTY_ROOT
    root = held.pop()
    while held:
        root = node_hash(held.pop(), root)
    return root
