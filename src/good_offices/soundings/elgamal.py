"""Numbers hidden under the key of all parties together: what sums and bits of them are, and how all open one sum.

This module decides the parts that `many` and `overlap` share (spec/soundings.md sections 7 and 8): the joint key, encrypted
bits, the blinding of sums, the shares of all. It never decides what is summed.

1. Nobody holds the joint key: it is the sum of keys each shown to be known (7.1), so no key is made to cancel another.
2. An encrypted bit is proved to be 0 or 1 (7.2). A sum of ciphertexts encrypts the sum.
3. What is opened is a sum times a factor to which every party contributed: it shows whether the sum is 0 and nothing of
   it otherwise (7.3).
4. Shares are hidden by a factor of each party that only the box opens (7.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Final, NamedTuple

from good_offices.seals.group import (
    GENERATOR,
    IDENTITY,
    LENGTH,
    Element,
    Scalar,
    add,
    base,
    invert,
    minus,
    plus,
    same,
    times,
)
from good_offices.soundings.blinding import (
    Blinded,
    blind,
    check_blinded,
    length,
    read_blinded,
    read_factor,
)
from good_offices.soundings.context import Run
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.proofs import (
    Branch,
    Equality,
    Proof,
    check_equality,
    check_many,
    prove_equality,
    prove_many,
    read_proof,
)
from good_offices.soundings.scope import Each, Reader, Scope, serial

KEY: Final = 3 * LENGTH
CIPHER: Final = 2 * LENGTH


class Cipher(NamedTuple):
    """An encryption (rG, rY + mG) of a small number m."""

    a: Element
    b: Element


NOTHING: Final = Cipher(IDENTITY, IDENTITY)


class Key(NamedTuple):
    """A message of step 1: the party's key y."""

    message: bytes
    y: Element


class Blindings(NamedTuple):
    """A message by which a party has multiplied every sum by a factor of its own."""

    message: bytes
    values: list[Cipher]


class Shares(NamedTuple):
    """A message with the party's hidden shares of every blinded sum."""

    message: bytes
    blinded: Blinded


def total(values: Sequence[Cipher]) -> Cipher:
    """Return the encryption of the sum."""
    return reduce(_sum, values) if values else NOTHING


def totals(rows: Sequence[Sequence[Cipher]], each: Each = serial) -> list[Cipher]:
    """Return the encryption of the sum of each column."""
    columns = list(zip(*rows, strict=True))
    return ciphers(each(lambda index: b"".join(total(columns[index])), range(len(columns))))


def ciphers(raw: Iterable[bytes]) -> list[Cipher]:
    """Return encryptions of their bytes."""
    return [Cipher(Element(one[:LENGTH]), Element(one[LENGTH:])) for one in raw]


def less(one: Cipher, other: Cipher) -> Cipher:
    """Return the encryption of the difference."""
    return Cipher(minus(one.a, other.a), minus(one.b, other.b))


def encrypted(joint: Element, number: int, r: Scalar) -> Cipher:
    """Return the encryption of 0 or 1; both sums are computed whichever it is."""
    hidden = times(r, joint)
    return Cipher(base(r), (hidden, plus(hidden, GENERATOR))[number])


def bit_branches(joint: Element, cipher: Cipher) -> list[Branch]:
    """Return the two statements of an encrypted bit: that it is 0, that it is 1 (spec/soundings.md section 7.2)."""
    return [Branch(joint, cipher.a, cipher.b), Branch(joint, cipher.a, minus(cipher.b, GENERATOR))]


def read_cipher(reader: Reader, what: str) -> Cipher:
    """Return the next encryption.

    Raises:
        RemoteError: `sounding-form`.
    """
    return Cipher(reader.element(what), reader.element(what))


# Step 1: the keys.


def key(run: Run, place: int, x: Scalar, secrets: Secrets) -> bytes:
    """Return y with the proof that x is known: 96 bytes (spec/soundings.md section 7.1)."""
    y = base(x)
    return y + prove_equality(Scope(run, place, 1), Equality(GENERATOR, GENERATOR, y, y), x, secrets)


def read_key(run: Run, place: int, message: bytes) -> Key:
    """Return the key of the party at `place`, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
    """
    scope = Scope(run, place, 1)
    reader = Reader(scope, message, KEY)
    y = reader.element("y")
    proof = read_proof(reader, "the proof")
    check_equality(scope, Equality(GENERATOR, GENERATOR, y, y), proof, "that it knows its key")
    return Key(bytes(message), y)


def joint_key(run: Run, keys: Sequence[Key]) -> Element:
    """Return the sum of all keys.

    Raises:
        RemoteError: `sounding-form` if it is the identity.
    """
    joint = reduce(plus, [one.y for one in keys])
    if joint == IDENTITY:
        raise Scope(run, len(keys) - 1, 1).unformed("the joint key")
    return joint


# Blinding the sums.


def blinding(scope: Scope, sums: Sequence[Cipher], secrets: Secrets, each: Each = serial) -> bytes:
    """Return every sum times a factor of its own, proved: 32 bytes and 96 a sum (spec/soundings.md section 7.3)."""
    factors = [secrets.scalar(b"k", index.to_bytes(4)) for index in range(len(sums))]

    def one(index: int) -> bytes:
        return times(factors[index], sums[index].a) + times(factors[index], sums[index].b)

    values = list(each(one, range(len(sums))))
    said = _blinded(sums, ciphers(values))
    return b"".join((*values, prove_many(scope, said, factors, secrets, each)))


def read_blinding(scope: Scope, sums: Sequence[Cipher], message: bytes, each: Each = serial) -> Blindings:
    """Return what a party made of the sums, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
    """
    said, proof = blinding_form(scope, len(sums), message)
    check_many(scope, _blinded(sums, said.values), proof, "that each sum was multiplied as a whole", each)
    return said


def blinding_form(scope: Scope, count: int, message: bytes) -> tuple[Blindings, Proof]:
    """Return what a party made of `count` sums, and its proof, not verified.

    Raises:
        RemoteError: `sounding-form`.
    """
    reader = Reader(scope, message, LENGTH + (CIPHER + LENGTH) * count)
    values = [read_cipher(reader, f"option {index + 1}") for index in range(count)]
    return Blindings(bytes(message), values), read_proof(reader, "the proof", count)


def blinded_sums(said: Sequence[Blindings], each: Each = serial) -> list[Cipher]:
    """Return each sum times the factors of all parties together."""
    return totals([one.values for one in said], each)


# The shares, and what they open.


def share(  # the statement has its scope, its key and its points
    scope: Scope, x: Scalar, sums: Sequence[Cipher], z: Scalar, secrets: Secrets, each: Each = serial
) -> bytes:
    """Return the hidden shares: 192 bytes and 32 a sum (spec/soundings.md section 7.4)."""
    return blind(scope, x, [one.a for one in sums], z, secrets, each)


def read_share(
    scope: Scope, y: Element, sums: Sequence[Cipher], message: bytes, each: Each = serial
) -> Shares:
    """Return the hidden shares of a party, verified.

    Raises:
        RemoteError: `sounding-form`, `sounding-proof`.
    """
    said = share_form(scope, len(sums), message)
    check_blinded(scope, y, [one.a for one in sums], said.blinded, each)
    return said


def share_form(scope: Scope, count: int, message: bytes) -> Shares:
    """Return the hidden shares of `count` sums, not verified.

    Raises:
        RemoteError: `sounding-form`.
    """
    return Shares(bytes(message), read_blinded(Reader(scope, message, length(count)), range(count)))


def zeros(
    sums: Sequence[Cipher], shares: Sequence[Shares], scalars: Sequence[bytes], each: Each = serial
) -> list[bool]:
    """Return which sums are 0, by what the box opened (spec/soundings.md section 7.5).

    Raises:
        RemoteError: `sounding-box`.
    """
    found = enumerate(zip(scalars, shares, strict=True))
    factors = [invert(read_factor(place, raw, one.blinded.e)) for place, (raw, one) in found]

    def is_zero(index: int) -> bytes:
        shown = [
            times(factor, one.blinded.values[index]) for factor, one in zip(factors, shares, strict=True)
        ]
        return bytes([same(reduce(plus, shown), sums[index].b)])

    return [one[0] == 1 for one in each(is_zero, range(len(sums)))]


def added(numbers: Sequence[Scalar]) -> Scalar:
    """Return the sum of at least one scalar."""
    return reduce(add, numbers)


def _sum(one: Cipher, other: Cipher) -> Cipher:
    """Return the encryption of the sum of two."""
    return Cipher(plus(one.a, other.a), plus(one.b, other.b))


def _blinded(sums: Sequence[Cipher], values: Sequence[Cipher]) -> list[Equality]:
    """Return the statement that each value is its sum times one factor."""
    return [Equality(one.a, one.b, other.a, other.b) for one, other in zip(sums, values, strict=True)]
