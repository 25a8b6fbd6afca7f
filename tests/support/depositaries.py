"""A depositary without a folder: its card, its key, and what it signs."""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Any

import msgspec

from good_offices.encoding import pack
from good_offices.register.depositary import Card, Held
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, PairSigner

DIGEST = hashlib.sha256(b"something else").digest()


@cache
def key_of(label: str = "depositary") -> PairSigner:
    """Return the key of a depositary: always the same for a label."""
    seed = hashlib.sha512(b"depositary " + label.encode()).digest()
    return ACT.signer(seed)


@cache
def card(label: str = "depositary", called: str = "Archive of Meridon") -> Card:
    """Return a depositary's card, signed once, as it is handed to all delegations."""
    signer = key_of(label)
    plain = Card(called=called, represents="Keeper of records", language="en", key=signer.public)
    return msgspec.structs.replace(plain, signature=signer.sign(Domain.DEPOSITARY, plain.presented))


def receipt(label: str = "depositary", **said: Any) -> tuple[bytes, bytes]:
    """Return what a depositary states of a text, and its signature; label `card` signs for another purpose."""
    plain = {"file": DIGEST, "number": 1, "time": 1_900_000_000_000}
    statement = pack(Held(**(plain | said)))
    if label == "card":
        return statement, key_of().sign(Domain.DEPOSITARY, statement)
    return statement, key_of(label).sign(Domain.DEPOSIT_RECEIPT, statement)
