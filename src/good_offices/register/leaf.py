"""Leaf v1: what the tree keeps of an entry, 50 bytes.

This module decides what a register states of an entry: kind, arrival, length and hash of the body. It never
holds the body, so a body can be destroyed as the modalities say while the tree still proves what was there.

1. version 0x01 ‖ kind ‖ arrival in milliseconds since 1970 UTC (uint64) ‖ length (uint64) ‖ SHA-256(body);
   integers are big-endian.
2. An unknown version or kind is refused.
3. The arrival is the host's claim; it lies within the years 1970 to 9999, so that every clock can show it.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from good_offices.errors import LocalError, RemoteError
from good_offices.register.tree import HASH, leaf_hash

LEAF_BYTES: Final = 50
TIME_MAX: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z

_VERSION: Final = 1
_FORM: Final = struct.Struct(">BBQQ32s")
_LENGTH_MAX: Final = 2**63 - 1


class Kind(IntEnum):
    """What an entry is, in clear (spec/register.md section 5)."""

    GENESIS = 1
    INTRODUCTION = 2
    WRAPS = 3
    ENVELOPE = 4
    BOX_COMMIT = 5
    BOX_OPEN = 6
    BOX_VOID = 7
    TERM = 8


_KINDS: Final = frozenset(int(kind) for kind in Kind)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry as the tree keeps it; `length` in bytes, `digest` the SHA-256 of the body."""

    kind: Kind
    time_ms: int
    length: int
    digest: bytes

    @classmethod
    def of(cls, kind: Kind, time_ms: int, body: bytes) -> Leaf:
        """Return the leaf of `body` that arrived at `time_ms` (spec/register.md section 5)."""
        return cls(kind, time_ms, len(body), hashlib.sha256(body).digest())

    @classmethod
    def from_bytes(cls, data: bytes) -> Leaf:
        """Return the leaf that 50 bytes stand for (spec/register.md section 5).

        Raises:
            RemoteError: `not-canonical` or `unknown-version`.
        """
        if len(data) != LEAF_BYTES:
            raise RemoteError("not-canonical", what="the leaf", why="not 50 bytes")
        version, kind, time_ms, length, digest = _FORM.unpack(data)
        if version != _VERSION:
            raise RemoteError("unknown-version", what="the leaf", version=version)
        if kind not in _KINDS:
            raise RemoteError("unknown-version", what="the kind of the leaf", version=kind)
        if time_ms > TIME_MAX or length > _LENGTH_MAX:
            raise RemoteError("not-canonical", what="the leaf", why="a number that is too large")
        return cls(Kind(kind), time_ms, length, digest)

    def to_bytes(self) -> bytes:
        """Return the 50 bytes of the leaf (spec/register.md section 5).

        Raises:
            LocalError: `not-canonical` if a field is outside its range.
        """
        if (
            not (0 <= self.time_ms <= TIME_MAX and 0 <= self.length <= _LENGTH_MAX)
            or len(self.digest) != HASH
        ):
            raise LocalError("not-canonical", what="the leaf", why="a field outside its range")
        return _FORM.pack(_VERSION, self.kind, self.time_ms, self.length, self.digest)

    @property
    def hash(self) -> bytes:
        """The 32-byte leaf hash (spec/register.md section 2)."""
        return leaf_hash(self.to_bytes())

    def check_body(self, body: bytes) -> None:
        """Pass if `body` is the one that this leaf names.

        Raises:
            RemoteError: `body-mismatch`.
        """
        if len(body) != self.length or hashlib.sha256(body).digest() != self.digest:
            raise RemoteError("body-mismatch", length=self.length)
