"""Which bodies a register has already: for a SHA-256, the indexes at which it may stand.

This module decides nothing: it names candidates, and the caller compares the whole digest. It is kept in memory alone and
made again from the store when a register is opened, so it cannot differ from what is durable.

1. Of each digest the first 8 bytes are kept, and 5 bytes of index: 14 MB for a million entries.
2. Buckets are chosen by Python's own hash of bytes, whose key changes with each process: nobody can fill one bucket by
   choosing bodies. Two bodies that share the 8 bytes cost one look at a leaf record.

A unique index in the database was tried first: digests are random, so each entry dirtied a page of its own, which halved
what SQLite takes and tripled its log. A dict needs ten times the memory and stands still while it grows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Final

KEY: Final = 8
_RECORD: Final = KEY + 5
_BUCKETS: Final = (1 << 12) - 1


class Known:
    """The keys and indexes of the bodies of one register."""

    def __init__(self, keys: bytes = b"") -> None:
        """Begin with `keys`, the first 8 bytes of the digests at the indexes 0, 1, 2, ..., one after another."""
        self._buckets: defaultdict[int, bytearray] = defaultdict(bytearray)
        for at in range(0, len(keys), KEY):
            self.add(keys[at : at + KEY], at // KEY)

    def add(self, digest: bytes, index: int) -> None:
        """Add a digest, or its first 8 bytes."""
        key = digest[:KEY]
        self._buckets[hash(key) & _BUCKETS] += key + index.to_bytes(_RECORD - KEY, "big")

    def candidates(self, digest: bytes) -> Sequence[int]:
        """Return the indexes at which `digest` may stand, in ascending order: almost always none or the one."""
        key = digest[:KEY]
        bucket = self._buckets.get(hash(key) & _BUCKETS)
        at = -1 if bucket is None else bucket.find(key)
        if bucket is None or at < 0:
            return ()
        found = []
        while at >= 0:
            if at % _RECORD == 0:
                found.append(int.from_bytes(bucket[at + KEY : at + _RECORD], "big"))
            at = bucket.find(key, at + 1)
        return found
