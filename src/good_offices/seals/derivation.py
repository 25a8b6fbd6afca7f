"""Key derivation: HKDF with SHA-256 (RFC 5869), one label a purpose.

The two steps are separate because an envelope discloses what stands between them: the extracted message key.
`hashlib` and `hmac` compute them; the vectors of RFC 5869 are in the tests.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

KEY: Final = 32


def extract(salt: bytes, secret: bytes) -> bytes:
    """Return HKDF-Extract(salt, secret): 32 bytes (RFC 5869 section 2.2)."""
    return hmac.digest(salt, secret, hashlib.sha256)


def expand(key: bytes, label: bytes, length: int = KEY) -> bytes:
    """Return HKDF-Expand(key, label, length), length at most 64 (RFC 5869 section 2.3)."""
    first = hmac.digest(key, label + b"\x01", hashlib.sha256)
    if length <= KEY:
        return first[:length]
    return (first + hmac.digest(key, first + label + b"\x02", hashlib.sha256))[:length]
