"""Hybrid pairs: one Ed25519 and one ML-DSA signature, and both must verify.

This module decides how a desk's acts and a delegation's root are signed. A pair is as strong as the stronger of
its halves; the algorithm's name is inside what is signed, so that neither half can be used alone or elsewhere.

1. `ACT` pairs Ed25519 with ML-DSA-65; `ROOT` pairs Ed25519 with ML-DSA-87.
2. A public key is `ed25519 ‖ ml-dsa`, a signature likewise; both halves have fixed lengths.
3. A fingerprint is SHA-256 over the suite's name, a zero byte and the public key.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from good_offices.errors import RemoteError
from good_offices.seals.domains import Domain, framed
from good_offices.seals.signatures import (
    ED25519_PUBLIC,
    ED25519_SIGNATURE,
    ML_DSA_65,
    ML_DSA_87,
    SEED,
    Ed25519Signer,
    MLDSAParameters,
    verify_ed25519,
)


@dataclass(frozen=True)
class Suite:
    """A pair of algorithms under one name (spec/credentials.md section 2)."""

    name: str
    mldsa: MLDSAParameters

    @property
    def public(self) -> int:
        """Length of a public key in bytes."""
        return ED25519_PUBLIC + self.mldsa.public

    @property
    def signature(self) -> int:
        """Length of a signature in bytes."""
        return ED25519_SIGNATURE + self.mldsa.signature

    def signer(self, seed: bytes) -> PairSigner:
        """Return the private pair that a 64-byte `seed` generates."""
        return PairSigner(self, seed)

    def fingerprint(self, public: bytes) -> str:
        """Return the fingerprint of a public key: 64 hexadecimal digits."""
        return hashlib.sha256(self.name.encode() + b"\x00" + public).hexdigest()

    def verify(self, domain: Domain, public: bytes, signature: bytes, message: bytes) -> None:
        """Pass if both halves of `signature` are by `public` over `message` for the purpose `domain`.

        Raises:
            RemoteError: `signature-invalid`.
        """
        what = f"the {domain} signature"
        if len(public) != self.public or len(signature) != self.signature:
            raise RemoteError("signature-invalid", what=what)
        signed = framed(domain, self.name, message)
        verify_ed25519(public[:ED25519_PUBLIC], signature[:ED25519_SIGNATURE], signed, what=what)
        self.mldsa.verify(
            public[ED25519_PUBLIC:], signature[ED25519_SIGNATURE:], signed, domain.encode(), what=what
        )


class PairSigner:
    """Both private halves of a pair; its repr shows only the fingerprint."""

    def __init__(self, suite: Suite, seed: bytes) -> None:
        """Make the halves from the two 32-byte parts of `seed`."""
        self.suite = suite
        self._ed25519 = Ed25519Signer(seed[:SEED])
        self._mldsa = suite.mldsa.signer(seed[SEED:])
        self.public = self._ed25519.public + self._mldsa.public

    def sign(self, domain: Domain, message: bytes) -> bytes:
        """Return the pair of signatures over `message` for the purpose `domain`."""
        signed = framed(domain, self.suite.name, message)
        return self._ed25519.sign(signed) + self._mldsa.sign(signed, domain.encode())

    @property
    def fingerprint(self) -> str:
        """The public key's fingerprint: 64 hexadecimal digits."""
        return self.suite.fingerprint(self.public)

    def __repr__(self) -> str:
        """Show the fingerprint only."""
        return f"PairSigner({self.fingerprint})"


ACT: Final = Suite("Ed25519+ML-DSA-65", ML_DSA_65)
ROOT: Final = Suite("Ed25519+ML-DSA-87", ML_DSA_87)
