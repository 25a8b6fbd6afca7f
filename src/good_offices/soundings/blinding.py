"""A party's values taken to the other's, under a fresh factor that only the box opens: made and verified.

This module decides whether a blinded message is what its party's first message and the points given allow (spec/soundings.md
sections 5.2, 6.1 and 7.4). It never sees a mark.

1. Of x with X = x·G, and of a fresh z: E = z·G, V = z·X, and W = z·x·P for every point P. Until z is known, W tells nothing
   of x·P: z hides it, and V and E do not give z.
2. Two proofs bind it: an equality of (G, X; E, V), and a batched one of (G, points; V, W).

Prices for a point: to make, 2 multiplications, a sum, a hash; to verify, 2 multiplications, 2 sums, a hash, a decoding.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

from good_offices.errors import RemoteError
from good_offices.seals.group import (
    GENERATOR,
    LENGTH,
    Element,
    Scalar,
    base,
    invert,
    multiply,
    same,
    scalar,
    times,
)
from good_offices.soundings.context import lengthened
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.proofs import (
    Equality,
    Proof,
    check_batch,
    check_equality,
    prove_batch,
    prove_equality,
    read_proof,
)
from good_offices.soundings.scope import Each, Reader, Scope, serial

FIXED: Final = 6 * LENGTH


class Blinded(NamedTuple):
    """E, V and all W of a party, with their two proofs."""

    e: Element
    v: Element
    link: Proof
    batch: Proof
    values: list[Element]


class Deposit(NamedTuple):
    """What a party gives to the box of a run: the elements of all parties, its scalar, the hash of all messages."""

    elements: list[Element]
    scalar: Scalar
    transcript: bytes


class Said(Protocol):
    """A message that was read."""

    @property
    def message(self) -> bytes:
        """Its bytes."""


def messages(*steps: Sequence[Said]) -> list[bytes]:
    """Return the messages of steps, by step, then by place."""
    return [said.message for step in steps for said in step]


def transcript(*steps: Sequence[Said]) -> bytes:
    """Return the hash of all messages: 64 bytes (spec/soundings.md section 5.3)."""
    return hashlib.sha512(lengthened(*messages(*steps))).digest()


def box_factor(secrets: Secrets, part: int = 0) -> Scalar:
    """Return the z of a step, or of one of its chunks."""
    return secrets.scalar(b"z", part.to_bytes(4))


def length(count: int) -> int:
    """Return how many bytes a blinded message of `count` points has."""
    return FIXED + LENGTH * count


def blind(
    scope: Scope, x: Scalar, points: Sequence[Element], z: Scalar, secrets: Secrets, each: Each = serial
) -> bytes:
    """Return E ‖ V ‖ both proofs ‖ all W: 192 bytes and 32 a point (spec/soundings.md section 5.2)."""
    k = multiply(z, x)
    own, e, v = base(x), base(z), base(k)
    values = [Element(one) for one in each(lambda index: times(k, points[index]), range(len(points)))]
    link = prove_equality(scope, Equality(GENERATOR, own, e, v), z, secrets)
    batch = prove_batch(scope, (GENERATOR, v), points, values, k, secrets, each)
    return b"".join((e, v, link, batch, *values))


def read_blinded(reader: Reader, options: range) -> Blinded:
    """Return the next blinded message, of these options of the list, its form verified and its proofs not yet.

    Raises:
        RemoteError: `sounding-form`.
    """
    e, v = reader.element("E"), reader.element("V")
    link, batch = read_proof(reader, "the first proof"), read_proof(reader, "the second proof")
    return Blinded(e, v, link, batch, [reader.element(f"option {index + 1}") for index in options])


def check_blinded(
    scope: Scope, own: Element, points: Sequence[Element], said: Blinded, each: Each = serial
) -> None:
    """Pass if `said` was made of `points` by the party whose X is `own` (spec/soundings.md section 5.2).

    Raises:
        RemoteError: `sounding-proof`.
    """
    check_equality(scope, Equality(GENERATOR, own, said.e, said.v), said.link, "the factor of the box")
    check_batch(
        scope, (GENERATOR, said.v), points, said.values, said.batch, "the values of all options", each
    )


def read_factor(place: int, raw: bytes, element: Element) -> Scalar:
    """Return the scalar that a box opened for the party at `place`, if it is that of its `element`.

    Raises:
        RemoteError: `sounding-box`.
    """
    try:
        found = scalar(raw)
    except RemoteError as broken:
        raise RemoteError("sounding-box", place=place, what=broken.facts["why"]) from None
    if not same(base(found), element):
        raise RemoteError("sounding-box", place=place, what="another number than it bound itself to")
    return found


def mutual(blinded: Sequence[Blinded], scalars: Sequence[bytes], each: Each = serial) -> list[int]:
    """Return the indices at which two parties' values agree under what the box opened (spec/soundings.md section 5.4).

    Raises:
        RemoteError: `sounding-box`.
    """
    pairs = enumerate(zip(scalars, blinded, strict=True))
    one, other = [read_factor(place, raw, said.e) for place, (raw, said) in pairs]
    return compare(one, other, blinded, each)


def compare(one: Scalar, other: Scalar, blinded: Sequence[Blinded], each: Each = serial) -> list[int]:
    """Return the indices at which two parties' values agree under two scalars, whatever these are."""
    ratio = multiply(other, invert(one))

    def option(index: int) -> bytes:
        return bytes([same(times(ratio, blinded[0].values[index]), blinded[1].values[index])])

    return [index for index, found in enumerate(each(option, range(len(blinded[0].values)))) if found[0]]
