"""Where secrets come from: a seed, and everything they are used on. See spec/soundings.md section 11.6.

This module decides each secret number of a step. It never draws anything, and it keeps nothing.

1. The key of a step is HMAC-SHA512 under the seed of what the step is (context, place, number) and of all that it
   depends on: the marks, and every message before it. So a step that is computed again is the same message, and one that is
   computed on anything else shares no secret with it.
2. A scalar is 64 bytes of HKDF-Expand (RFC 5869) under that key for its label, reduced: one block, as SHA-512 gives 64.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from good_offices.errors import LocalError
from good_offices.seals.group import Scalar, scalar_from
from good_offices.soundings.context import Run, lengthened

SEED: Final = 32
_DOMAIN: Final = b"good-offices/v1/sounding/secrets\x00"
_BLOCK: Final = b"\x01"


class Secrets:
    """The secrets of one step of one party."""

    def __init__(self, seed: bytes, run: Run, place: int, step: int, *depends: bytes) -> None:
        """Bind `seed` to the step and to all that it `depends` on, in the order of the specification.

        Raises:
            LocalError: `sounding-seed`.
        """
        if len(seed) != SEED:
            raise LocalError("sounding-seed")
        bound = lengthened(run.ctx, place.to_bytes(4) + step.to_bytes(4), *depends)
        # Kept with the key taken in: half of the price of the many numbers of a step.
        self._keyed = hmac.new(hmac.digest(seed, _DOMAIN + bound, "sha512"), digestmod=hashlib.sha512)

    def __repr__(self) -> str:
        """Show nothing."""
        return "Secrets()"

    def raw(self, label: bytes, about: bytes = b"") -> bytes:
        """Return 64 secret bytes for this use."""
        keyed = self._keyed.copy()
        keyed.update(label + b"\x00" + about + _BLOCK)
        return keyed.digest()

    def scalar(self, label: bytes, about: bytes = b"") -> Scalar:
        """Return the secret scalar of this use; never zero."""
        return scalar_from(self.raw(label, about))


def bits(marks: tuple[bool, ...]) -> bytes:
    """Return marks as bytes, one bit a mark, the first the highest of its byte (spec/soundings.md section 11.2)."""
    padded = marks + (False,) * (-len(marks) % 8)
    eights = (padded[at : at + 8] for at in range(0, len(padded), 8))
    return bytes(sum(bool(mark) << (7 - bit) for bit, mark in enumerate(eight)) for eight in eights)
