"""The envelope: how a payload is sealed to those who hold an epoch's secret, and disclosed by one key.

This module decides the outside of every sealed entry (spec/envelope.md). It never knows who reads: a secret goes
in, bytes come out. Nothing outside tells the room, the epoch, the author or the true length.

1. version (1 byte, 0x01) ‖ salt (32) ‖ commitment (32) ‖ ciphertext and tag.
2. message key = HKDF-Extract(salt, epoch secret). Key and commitment = HKDF-Expand(message key, label ‖ SHA-256
   (version ‖ salt)), 32 bytes each. The salt is random and never reused, so the nonce of ChaCha20-Poly1305
   (RFC 8439) is zero.
3. The commitment is compared before anything is opened: the envelope commits to key and plaintext, so that nobody can
   make one that opens differently under two keys.
4. The payload is length (4 bytes, big-endian) ‖ content ‖ zeros, padded by Padmé (Nikitin et al. 2019, PURBs)
   from a floor of 1 KiB. Padding that is not zero, or of another length, is refused.
5. Disclosure is handing over the message key of one entry; it opens that entry and no other.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from good_offices.errors import LocalError, RemoteError
from good_offices.seals.derivation import KEY, expand, extract

VERSION: Final = 1
SALT: Final = 32
TAG: Final = 16
FLOOR: Final = 1024
MAX_CONTENT: Final = 960 * 1024
HEADER: Final = 1 + SALT + KEY
_LENGTH: Final = 4
_NONCE: Final = bytes(12)
_LABEL: Final = b"good-offices/v1/envelope\x00"


def padded_length(length: int) -> int:
    """Return the Padmé length of a payload of `length` bytes, at least `FLOOR` (spec/envelope.md section 3)."""
    if length <= FLOOR:
        return FLOOR
    exponent = length.bit_length() - 1
    low_bits = exponent - exponent.bit_length()
    mask = (1 << low_bits) - 1
    return (length + mask) & ~mask


def seal(content: bytes, secret: bytes, *, salt: bytes | None = None) -> bytes:
    """Return the envelope of `content` under an epoch's `secret` (spec/envelope.md section 2).

    `salt` is for the test vectors alone; left out, it is random.

    Raises:
        LocalError: `too-large`.
    """
    if len(content) > MAX_CONTENT:
        raise LocalError("too-large", what="what you are sending", size=len(content), limit=MAX_CONTENT)
    salt = secrets.token_bytes(SALT) if salt is None else salt
    header = bytes([VERSION]) + salt
    key, commitment = _keys(extract(salt, secret), header)
    payload = len(content).to_bytes(_LENGTH) + content
    payload += bytes(padded_length(len(payload)) - len(payload))
    return header + commitment + ChaCha20Poly1305(key).encrypt(_NONCE, payload, header + commitment)


def message_key(envelope: bytes, secrets_: list[bytes]) -> tuple[int, bytes] | None:
    """Return (position in `secrets_`, message key) of the first secret whose commitment fits; None if none does.

    Raises:
        RemoteError: `not-canonical` or `unknown-version` if the outside is not an envelope.
    """
    header, commitment = _split(envelope)
    salt = header[1:]
    for position, secret in enumerate(secrets_):
        key = extract(salt, secret)
        if hmac.compare_digest(_keys(key, header)[1], commitment):
            return position, key
    return None


def open_envelope(envelope: bytes, key: bytes) -> bytes:
    """Return the content of an envelope under its message key (spec/envelope.md section 4).

    Raises:
        RemoteError: `seal-invalid` if the key is not this envelope's or it was altered, `not-canonical` if the
            payload is not padded as specified, `unknown-version`.
    """
    header, commitment = _split(envelope)
    cipher, expected = _keys(key, header)
    if not hmac.compare_digest(expected, commitment):
        raise RemoteError("seal-invalid", what="the envelope")
    try:
        payload = ChaCha20Poly1305(cipher).decrypt(_NONCE, envelope[HEADER:], header + commitment)
    except InvalidTag:
        raise RemoteError("seal-invalid", what="the envelope") from None
    length = int.from_bytes(payload[:_LENGTH])
    end = _LENGTH + length
    if padded_length(end) != len(payload) or payload.count(0, end) != len(payload) - end:
        raise RemoteError("not-canonical", what="the envelope", why="padding")
    return payload[_LENGTH:end]


def _split(envelope: bytes) -> tuple[bytes, bytes]:
    """Return header without commitment, and commitment."""
    if len(envelope) < HEADER + FLOOR + TAG:
        raise RemoteError("not-canonical", what="the envelope", why="too short")
    if envelope[0] != VERSION:
        raise RemoteError("unknown-version", what="the envelope", version=envelope[0])
    return envelope[: 1 + SALT], envelope[1 + SALT : HEADER]


def _keys(key: bytes, header: bytes) -> tuple[bytes, bytes]:
    """Return cipher key and commitment of a message key."""
    both = expand(key, _LABEL + hashlib.sha256(header).digest(), 2 * KEY)
    return both[:KEY], both[KEY:]
