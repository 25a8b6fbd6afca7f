"""One name for each purpose a signature can have, so that no signature can be carried from one to another.

This module decides which purposes there are, and never signs.

A signature is over `PREFIX ‖ domain ‖ 0x00 ‖ algorithm ‖ 0x00 ‖ message`; ML-DSA also gets the domain as its
`context` (FIPS 204 section 5.2). Checkpoints and cosignatures are not here: they follow C2SP, byte for byte.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

PREFIX: Final = b"good-offices/v1\x00"


class Domain(StrEnum):
    """The purposes (spec/credentials.md section 2)."""

    ACT = "act"
    INTRODUCTION = "introduction"
    CERTIFICATE = "certificate"
    ACCREDITATION = "accreditation"
    SUCCESSION = "succession"
    MARKS = "marks"
    COMMUNIQUE = "communique"
    CONDITIONS = "conditions"
    CERTIFIED_COPY = "certified-copy"
    DEPOSITARY = "depositary"
    DEPOSIT_RECEIPT = "deposit-receipt"
    REGISTER_FILE = "register-file"


def framed(domain: Domain, algorithm: str, message: bytes) -> bytes:
    """Return the bytes that are signed for `message` under `domain` (spec/credentials.md section 2)."""
    return b"".join((PREFIX, domain.encode(), b"\x00", algorithm.encode(), b"\x00", message))
