"""The X25519 key that every desk publishes for non-papers, and the mark it makes with another desk's (spec/papers.md R-123).

This module decides what two desks share and nobody else. Whatever one of them can compute, the other can: that is the
purpose, and the reason why nothing here is a signature.

1. The shared key is HKDF over X25519 of one desk's private and the other's public key (RFC 7748), with a label.
2. A public key of small order, which would give everybody the same secret, is refused, and one of another length.
3. With the posting key of a host the same key of a desk gives, under labels of their own, what both sign requests with after
   the talks have moved (spec/moving.md section 1): nothing that a former host knows.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import nacl.bindings
import nacl.exceptions

from good_offices.errors import RemoteError
from good_offices.seals.derivation import KEY, expand, extract

_LABEL: Final = b"good-offices/v1/non-paper\x00"
_MOVED: Final = b"good-offices/v1/moved/"


def x25519_public(private: bytes) -> bytes:
    """Return the public key of a 32-byte X25519 private key (RFC 7748 section 5)."""
    return nacl.bindings.crypto_scalarmult_base(private)


def pair_mark(private: bytes, public: bytes, *, salt: bytes, parties: bytes, message: bytes) -> bytes:
    """Return the mark of a message between two desks: 32 bytes, the same from either side (spec/papers.md R-123).

    `private` is of one of them, `public` of the other; `parties` names author and reader, `salt` the talks.

    Raises:
        RemoteError: `not-canonical` if the public key is none.
    """
    return hmac.digest(
        expand(extract(salt, _shared(private, public)), _LABEL + parties), message, hashlib.sha256
    )


def moved_secret(private: bytes, public: bytes, *, talks: bytes, purpose: str, name: str) -> bytes:
    """Return what a desk and its new host share, for `purpose` and the desk or delegation `name`: 32 bytes (rule 3).

    Raises:
        RemoteError: `not-canonical` if the public key is none.
    """
    info = _MOVED + purpose.encode() + b"\x00" + bytes.fromhex(name)
    return expand(extract(talks, _shared(private, public)), info)


def posting_key(seed: bytes) -> bytes:
    """Return the X25519 private key of a host, from the seed of its Ed25519 key: 32 bytes, under a label of its own."""
    return expand(extract(b"", seed), _MOVED + b"host")


def _shared(private: bytes, public: bytes) -> bytes:
    """Return the X25519 secret of two keys (rule 2)."""
    # The binding checks no length: it would read beyond a short key.
    if len(public) != KEY or len(private) != KEY:
        raise RemoteError("not-canonical", what="a key for non-papers", why="its length")
    try:
        return nacl.bindings.crypto_scalarmult(private, public)
    except (nacl.exceptions.CryptoError, RuntimeError):
        raise RemoteError("not-canonical", what="a key for non-papers", why="not a key") from None


def check_mark(mark: bytes, expected: bytes) -> None:
    """Pass if a mark is the expected one, compared in constant time.

    Raises:
        RemoteError: `paper-origin-unknown`.
    """
    if not hmac.compare_digest(mark, expected):
        raise RemoteError("paper-origin-unknown")
