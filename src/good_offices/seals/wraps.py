"""Wraps: how an epoch's secret reaches each reader, and nobody can count them.

This module decides the blocks of a `wraps` entry (spec/rooms.md section 4). HPKE (RFC 9180, base mode) with the
X-Wing KEM (id 0x647A: ML-KEM-768 and X25519), HKDF-SHA256 and ChaCha20-Poly1305.

1. `info` = label ‖ talks id ‖ manifest hash ‖ certificate hash. The manifest commits to the room, the epoch and the
   secret, so a block opens for one reader, one room and one epoch only.
2. All blocks have the same length; dummies, sealed to keys that nobody keeps, fill them up to a multiple of `STEP`.
3. Blocks are shuffled; a reader tries each. X-Wing is still a draft: `spec/vectors/wraps` pins its bytes.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from good_offices.errors import RemoteError

STEP: Final = 8
SECRET: Final = 32
BLOCK: Final = 1120 + SECRET + 16
PUBLIC: Final = 1184 + 32
_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_LABEL: Final = b"good-offices/v1/wrap\x00"


class KemKey:
    """An X-Wing private key from a 32-byte seed (draft-connolly-cfrg-xwing-kem section 5.2)."""

    def __init__(self, seed: bytes) -> None:
        """Expand the seed with SHAKE256 into both halves."""
        expanded = hashlib.shake_256(seed).digest(96)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(expanded[:64])
        x25519 = X25519PrivateKey.from_private_bytes(expanded[64:])
        self._key = MLKEM768X25519PrivateKey(mlkem, x25519)
        self.public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()

    def unwrap(self, block: bytes, info: bytes) -> bytes | None:
        """Return the epoch secret if the block is for this key and `info`; None if it is for somebody else.

        Raises:
            RemoteError: `not-canonical` if the block has a wrong length.
        """
        if len(block) != BLOCK:
            raise RemoteError("not-canonical", what="a wrap", why="its length")
        secret = self.open(block, info)
        return secret if secret is not None and len(secret) == SECRET else None

    def open(self, sealed: bytes, info: bytes) -> bytes | None:
        """Return what was sealed to this key and `info`; None if it was to another, or altered."""
        try:
            return _SUITE.decrypt(sealed, self._key, info)
        except (InvalidTag, ValueError):
            return None

    def __repr__(self) -> str:
        """Show nothing."""
        return "KemKey()"


def wrap_info(talks: bytes, manifest: bytes, certificate: bytes) -> bytes:
    """Return the HPKE `info` of one block (rule 1)."""
    return _LABEL + talks + manifest + certificate


def wrap_all(secret: bytes, readers: list[tuple[bytes, bytes]]) -> list[bytes]:
    """Return shuffled blocks for `readers`, pairs of (KEM public key, info), filled with dummies.

    A reader whose published key is none gets a dummy: it has shut itself out, and must not stop everybody's epoch.
    """
    blocks = []
    for public, info in readers:
        try:
            blocks.append(seal_to(public, info, secret))
        except RemoteError:
            blocks.append(_dummy())
    while len(blocks) % STEP:
        blocks.append(_dummy())
    secrets.SystemRandom().shuffle(blocks)
    return blocks


def unwrap_any(blocks: list[bytes], key: KemKey, info: bytes) -> bytes | None:
    """Return the epoch secret from the first block that is for `key` and `info`; None if none is."""
    opened = (key.unwrap(block, info) for block in blocks)
    return next((secret for secret in opened if secret is not None), None)


def seal_to(public: bytes, info: bytes, content: bytes) -> bytes:
    """Return content sealed to one X-Wing public key: HPKE (RFC 9180, base mode), 1,136 bytes longer.

    Raises:
        RemoteError: `not-canonical` if the key is none.
    """
    if len(public) != PUBLIC:
        raise RemoteError("not-canonical", what="a KEM key", why="its length")
    try:
        key = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(public[:1184]),
            X25519PublicKey.from_public_bytes(public[1184:]),
        )
        return _SUITE.encrypt(content, key, info)
    except ValueError:
        raise RemoteError("not-canonical", what="a KEM key", why="not a key") from None


def _dummy() -> bytes:
    """Return a block that nobody can open."""
    info = secrets.token_bytes(len(_LABEL) + 96)
    return seal_to(KemKey(secrets.token_bytes(32)).public, info, secrets.token_bytes(SECRET))
