"""Signatures by one algorithm: Ed25519 and the three ML-DSA parameter sets.

This module decides which library verifies what. It never returns a bool: verification raises.

1. Ed25519 (RFC 8032) is verified by libsodium, whose rule is the strictest in use: no small-order keys, no
   non-canonical points or scalars (of the 914 C2SP CCTV vectors it refuses 165 that OpenSSL accepts).
2. ML-DSA (FIPS 204) is pure, hedged in signing, with a context that names the purpose.
"""

from __future__ import annotations

from typing import Final, Protocol

import nacl.bindings
import nacl.exceptions
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import mldsa

from good_offices.errors import RemoteError

ED25519_PUBLIC: Final = 32
ED25519_SIGNATURE: Final = 64
SEED: Final = 32


class _MLDSAPrivate(Protocol):
    def sign(self, data: bytes, context: bytes | None = None) -> bytes: ...
    def public_key(self) -> _MLDSAPublic: ...


class _MLDSAPublic(Protocol):
    def verify(self, signature: bytes, data: bytes, context: bytes | None = None) -> None: ...
    def public_bytes_raw(self) -> bytes: ...


class Ed25519Signer:
    """An Ed25519 private key made from a 32-byte seed; its repr shows only the public key."""

    def __init__(self, seed: bytes) -> None:
        """Expand the seed (RFC 8032 section 5.1.5)."""
        self.public, self._secret = nacl.bindings.crypto_sign_seed_keypair(seed)

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of `message` (RFC 8032 section 5.1.6)."""
        return nacl.bindings.crypto_sign(message, self._secret)[:ED25519_SIGNATURE]

    def __repr__(self) -> str:
        """Show the public key only."""
        return f"Ed25519Signer({self.public.hex()})"


def verify_ed25519(public: bytes, signature: bytes, message: bytes, *, what: str = "the signature") -> None:
    """Pass if `signature` is by `public` over `message` (RFC 8032 section 5.1.7, libsodium's strict rule).

    Raises:
        RemoteError: `signature-invalid`.
    """
    if len(public) != ED25519_PUBLIC or len(signature) != ED25519_SIGNATURE:
        raise RemoteError("signature-invalid", what=what)
    try:
        nacl.bindings.crypto_sign_open(signature + message, public)
    except nacl.exceptions.BadSignatureError:
        raise RemoteError("signature-invalid", what=what) from None


class MLDSAParameters:
    """One ML-DSA parameter set: its name, the lengths of its public key and signature in bytes."""

    def __init__(
        self,
        name: str,
        public: int,
        signature: int,
        private_type: type[mldsa.MLDSA44PrivateKey | mldsa.MLDSA65PrivateKey | mldsa.MLDSA87PrivateKey],
        public_type: type[mldsa.MLDSA44PublicKey | mldsa.MLDSA65PublicKey | mldsa.MLDSA87PublicKey],
    ) -> None:
        """Bind the numbers of FIPS 204 table 2 to the library's classes."""
        self.name = name
        self.public = public
        self.signature = signature
        self._private_type = private_type
        self._public_type = public_type

    def signer(self, seed: bytes) -> MLDSASigner:
        """Return the private key that the 32-byte `seed` generates (FIPS 204 algorithm 6)."""
        return MLDSASigner(self, self._private_type.from_seed_bytes(seed))

    def verify(
        self, public: bytes, signature: bytes, message: bytes, context: bytes, *, what: str = "the signature"
    ) -> None:
        """Pass if `signature` is by `public` over `message` in `context` (FIPS 204 algorithm 3).

        Raises:
            RemoteError: `signature-invalid`.
        """
        if len(public) != self.public or len(signature) != self.signature:
            raise RemoteError("signature-invalid", what=what)
        try:
            self._public_type.from_public_bytes(public).verify(signature, message, context)
        except (InvalidSignature, ValueError):
            raise RemoteError("signature-invalid", what=what) from None


class MLDSASigner:
    """An ML-DSA private key; its repr shows nothing."""

    def __init__(self, parameters: MLDSAParameters, key: _MLDSAPrivate) -> None:
        """Keep the key and its public bytes."""
        self.parameters = parameters
        self._key = key
        self.public = key.public_key().public_bytes_raw()

    def sign(self, message: bytes, context: bytes) -> bytes:
        """Return the signature of `message` in `context` (FIPS 204 algorithm 2, hedged)."""
        return self._key.sign(message, context)

    def __repr__(self) -> str:
        """Show the parameter set only."""
        return f"MLDSASigner({self.parameters.name})"


ML_DSA_44: Final = MLDSAParameters("ML-DSA-44", 1312, 2420, mldsa.MLDSA44PrivateKey, mldsa.MLDSA44PublicKey)
ML_DSA_65: Final = MLDSAParameters("ML-DSA-65", 1952, 3309, mldsa.MLDSA65PrivateKey, mldsa.MLDSA65PublicKey)
ML_DSA_87: Final = MLDSAParameters("ML-DSA-87", 2592, 4627, mldsa.MLDSA87PrivateKey, mldsa.MLDSA87PublicKey)
