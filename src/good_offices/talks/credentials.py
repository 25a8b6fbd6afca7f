"""Who somebody is: roots, introductions, certificates, manifests, and the number that people compare.

This module decides the forms of spec/credentials.md; those that stand in clear are in `register.introduced`. It never
decides who may act: that is `talks.roster`, from these forms.

1. A delegation is its root key pair. The introduction, in clear, binds the root, the commitment to its successor
   and the first desk to the talks and to the delegation's place in the genesis.
2. A desk is its certificate: a statement of its public keys, signed by the root. Its hash is the desk's name in acts.
3. Every desk proves possession of its signing key over its introduction.
4. A desk that joins later is introduced under the one-time secret of its hand-over file, so that the host
   cannot put another desk in its place; the root then certifies the very same statement.
5. A manifest names exactly the readers of a room for one epoch and commits to the epoch's secret.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from good_offices.encoding import Record, pack
from good_offices.register.introduced import (
    Introduction,
    Root,
    Statement,
    Succession,
    certificate_message,
    successor_commitment,
)

# What stands in clear has its forms below the host's own code; it is as much of this module for everybody above.
__all__ = [
    "HASH",
    "NO_HASH",
    "Introduction",
    "Manifest",
    "Root",
    "Statement",
    "Succession",
    "Wraps",
    "certificate_message",
    "comparison_number",
    "handover_mac",
    "room_id",
    "successor_commitment",
]

HASH: Final = 32
NO_HASH: Final = bytes(HASH)


class Manifest(Record, kw_only=True, tag="good-offices/manifest/1", tag_field="form"):
    """The readers of a room for one epoch (spec/rooms.md section 3)."""

    talks: bytes
    room: str
    epoch: int
    previous: bytes
    readers: list[bytes]
    head_size: int
    head_root: bytes
    commitment: bytes
    nonce: bytes

    @property
    def hash(self) -> bytes:
        """The manifest hash by which acts name their epoch: 32 bytes."""
        return hashlib.sha256(pack(self)).digest()


class Wraps(Record, kw_only=True, tag="good-offices/wraps/1", tag_field="form"):
    """The body of a `wraps` entry: the epoch's secret, sealed to each reader, in equal blocks."""

    manifest: bytes
    blocks: list[bytes]


def handover_mac(secret: bytes, statement: Statement, kems: dict[str, bytes]) -> bytes:
    """Return HMAC-SHA256 of a joining desk's public keys under its hand-over secret: 32 bytes."""
    message = pack({"statement": pack(statement), "kems": kems})
    return hmac.new(secret, b"good-offices/v1/handover\x00" + message, hashlib.sha256).digest()


def comparison_number(talks: bytes, suite: str, roots: list[bytes]) -> str:
    """Return the 60 digits that the parties read to each other, in groups of five.

    The digits are SHA-512 over the genesis hash, the suite and the sorted root keys, modulo 10^60
    (spec/credentials.md section 6): about 199 bits, so that no party and no host can search for a second set of
    keys with the same number.
    """
    preimage = pack({"talks": talks, "suite": suite, "roots": sorted(roots)})
    number = int.from_bytes(hashlib.sha512(b"good-offices/v1/comparison\x00" + preimage).digest())
    digits = f"{number % 10**60:060d}"
    return " ".join(digits[at : at + 5] for at in range(0, 60, 5))


def room_id(name: str, talks: bytes) -> str:
    """Return the id of a room that every talks has (`roster`, `plenary`, `sounding`) or every delegation has."""
    return hashlib.sha256(b"good-offices/v1/room\x00" + name.encode() + b"\x00" + talks).hexdigest()[:32]
