"""The X25519 key that every desk publishes for non-papers (reserved by spec/envelope.md section 6)."""

from __future__ import annotations

import nacl.bindings


def x25519_public(private: bytes) -> bytes:
    """Return the public key of a 32-byte X25519 private key (RFC 7748 section 5)."""
    return nacl.bindings.crypto_scalarmult_base(private)
