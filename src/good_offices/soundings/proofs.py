"""Proofs that values have one exponent, without showing it: made and verified. See spec/soundings.md section 4.

This module decides which proofs hold. It never reads a message, and it knows no protocol: which values must have one
exponent, its callers say.

1. A proof is challenge and responses; a verifier computes the commitments from them and compares the challenge.
2. Where one of several statements holds, the others are simulated (Cramer, Damgard, Schoenmakers 1994). The true one is
   computed first, the others after it in a circle, and only then are all put in order: whichever it is, the same
   functions are called in the same order on values of the same length.
3. The secret numbers of a proof are derived (`derivation`) under its label and number; that of an equality also from its
   points. No two proofs share one.
4. What a multiple of G is, is computed as one (`base`), a third of the price.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import reduce
from itertools import chain
from typing import Final, NamedTuple

from good_offices.seals.group import (
    GENERATOR,
    LENGTH,
    Element,
    Scalar,
    add,
    base,
    minus,
    multiply,
    plus,
    same,
    subtract,
    times,
)
from good_offices.soundings.context import lengthened
from good_offices.soundings.derivation import Secrets
from good_offices.soundings.scope import Each, Reader, Scope, serial

EQUALITY: Final = b"equality"
BATCH: Final = b"batch"
CHOICE: Final = b"choice"
MANY: Final = b"several"
WEIGHT: Final = b"weight"
# How many weighted values one call sums: a sum costs a fourth of a multiple, and should not be left to one thread.
_GROUP: Final = 8


class Equality(NamedTuple):
    """The statement that some k has r = k·p and s = k·q."""

    p: Element
    q: Element
    r: Element
    s: Element


class Branch(NamedTuple):
    """A statement of which one in several holds: some k has r = k·G and s = k·q."""

    q: Element
    r: Element
    s: Element


class Proof(NamedTuple):
    """A challenge and its responses: one for an equality."""

    challenge: Scalar
    responses: list[Scalar]


class Choice(NamedTuple):
    """What is sent for n branches: n - 1 challenges and n responses."""

    challenges: list[Scalar]
    responses: list[Scalar]


def read_proof(reader: Reader, what: str, count: int = 1) -> Proof:
    """Return the next challenge and its `count` responses.

    Raises:
        RemoteError: `sounding-form`.
    """
    return Proof(reader.scalar(what), [reader.scalar(what) for _ in range(count)])


def read_choice(reader: Reader, what: str, branches: int = 2) -> Choice:
    """Return what was sent for one of `branches`: 96 bytes for two.

    Raises:
        RemoteError: `sounding-form`.
    """
    challenges = [reader.scalar(what) for _ in range(branches - 1)]
    return Choice(challenges, [reader.scalar(what) for _ in range(branches)])


def prove_equality(
    scope: Scope, said: Equality, k: Scalar, secrets: Secrets, *, tag: bytes = EQUALITY
) -> bytes:
    """Return the proof of an equality: 64 bytes (spec/soundings.md section 4.1)."""
    points = b"".join(said)
    t = secrets.scalar(tag, scope.head + hashlib.sha512(points).digest())
    challenge = scope.challenge(tag, points, _by(t, said.p) + times(t, said.q))
    return challenge + subtract(t, multiply(challenge, k))


def check_equality(scope: Scope, said: Equality, proof: Proof, what: str, *, tag: bytes = EQUALITY) -> None:
    """Pass if an equality is proven (spec/soundings.md section 4.1).

    Raises:
        RemoteError: `sounding-proof`.
    """
    commitments = _again(said, proof.challenge, proof.responses[0])
    if not same(proof.challenge, scope.challenge(tag, b"".join(said), commitments)):
        raise scope.unproven(what)


def prove_batch(
    scope: Scope,
    one: tuple[Element, Element],
    qs: Sequence[Element],
    ss: Sequence[Element],
    k: Scalar,
    secrets: Secrets,
    each: Each = serial,
) -> bytes:
    """Return the proof that one k has r = k·p, where `one` is (p, r), and each s = k·q: 64 bytes (section 4.2)."""
    seed = _batch_seed(scope, one, qs, ss)
    (middle,) = _weighted(scope, seed, (qs,), each)
    said = Equality(one[0], middle, one[1], times(k, middle))
    return prove_equality(scope, said, k, secrets, tag=BATCH)


def check_batch(
    scope: Scope,
    one: tuple[Element, Element],
    qs: Sequence[Element],
    ss: Sequence[Element],
    proof: Proof,
    what: str,
    each: Each = serial,
) -> None:
    """Pass if one exponent is proven for a pair (p, r) and all of `qs` and `ss` (spec/soundings.md section 4.2).

    Raises:
        RemoteError: `sounding-proof`.
    """
    seed = _batch_seed(scope, one, qs, ss)
    middle, raised = _weighted(scope, seed, (qs, ss), each)
    check_equality(scope, Equality(one[0], middle, one[1], raised), proof, what, tag=BATCH)


def prove_many(
    scope: Scope, said: Sequence[Equality], ks: Sequence[Scalar], secrets: Secrets, each: Each = serial
) -> bytes:
    """Return the proof of several equalities under one challenge: 32 + 32 n bytes (spec/soundings.md section 4.5)."""
    points = b"".join(chain.from_iterable(said))
    about = scope.head + hashlib.sha512(points).digest()

    def commitments(index: int) -> bytes:
        t = secrets.scalar(MANY, about + index.to_bytes(4))
        return _by(t, said[index].p) + times(t, said[index].q)

    challenge = scope.challenge(MANY, points, b"".join(each(commitments, range(len(said)))))
    drawn = (secrets.scalar(MANY, about + index.to_bytes(4)) for index in range(len(said)))
    answers = [subtract(t, multiply(challenge, k)) for t, k in zip(drawn, ks, strict=True)]
    return b"".join((challenge, *answers))


def check_many(scope: Scope, said: Sequence[Equality], proof: Proof, what: str, each: Each = serial) -> None:
    """Pass if several equalities are proven under one challenge (spec/soundings.md section 4.5).

    Raises:
        RemoteError: `sounding-proof`.
    """

    def commitments(index: int) -> bytes:
        return _again(said[index], proof.challenge, proof.responses[index])

    points = b"".join(chain.from_iterable(said))
    again = b"".join(each(commitments, range(len(said))))
    if not same(proof.challenge, scope.challenge(MANY, points, again)):
        raise scope.unproven(what)


def commit(
    branches: Sequence[Branch],
    true: int,
    secrets: Secrets,
    index: int,
    *,
    known: Scalar | None = None,
    each: Each = serial,
) -> bytes:
    """Return the commitments of a choice in which the branch `true` holds: 64 bytes a branch (section 4.3, 4.4).

    `index` is the number of the choice in its step. `known` is the exponent k of all `r`, where they are one; it saves a
    multiplication a branch.
    """
    count = len(branches)

    def one(offset: int) -> bytes:
        branch = branches[(true + offset) % count]
        if not offset:
            t = _true(secrets, index)
            return base(t) + times(t, branch.q)
        challenge, response = _simulated(secrets, index, offset)
        if known is not None:
            first = base(add(response, multiply(challenge, known)))
        else:
            first = plus(base(response), times(challenge, branch.r))
        return first + plus(times(response, branch.q), times(challenge, branch.s))

    return b"".join(_turned(list(each(one, range(count))), true))


def respond(count: int, true: int, k: Scalar, secrets: Secrets, index: int, challenge: Scalar) -> bytes:
    """Return what is sent for a choice of `count` branches of which `true` holds with k: n - 1 challenges, n responses.

    `secrets` and `index` are those of `commit`.
    """
    simulated = [_simulated(secrets, index, offset) for offset in range(1, count)]
    own = reduce(subtract, (one for one, _ in simulated), challenge)
    answer = subtract(_true(secrets, index), multiply(own, k))
    challenges = _turned([own, *(one for one, _ in simulated)], true)
    responses = _turned([answer, *(one for _, one in simulated)], true)
    return b"".join((*challenges[:-1], *responses))


def recommit(
    branches: Sequence[Branch],
    choice: Choice,
    challenge: Scalar,
    *,
    whole: Element | None = None,
    each: Each = serial,
) -> bytes:
    """Return the commitments that `commit` must have made for what was sent (spec/soundings.md section 4.6).

    `whole` is challenge·r, where there are two branches with one r: computed once for many choices, it saves each a
    multiplication.
    """
    last = reduce(subtract, choice.challenges, challenge)
    challenges = [*choice.challenges, last]
    if whole is not None:
        first = times(challenges[0], branches[0].r)
        shares = (first, minus(whole, first))

    def one(at: int) -> bytes:
        branch, own, response = branches[at], challenges[at], choice.responses[at]
        share = shares[at] if whole is not None else times(own, branch.r)
        return plus(base(response), share) + plus(times(response, branch.q), times(own, branch.s))

    return b"".join(each(one, range(len(branches))))


def _by(factor: Scalar, point: Element) -> Element:
    """Return a multiple, the cheap way where it is one of G."""
    return base(factor) if point == GENERATOR else times(factor, point)


def _again(said: Equality, challenge: Scalar, response: Scalar) -> bytes:
    """Return the commitments of an equality from challenge and response."""
    first = plus(_by(response, said.p), times(challenge, said.r))
    return first + plus(times(response, said.q), times(challenge, said.s))


def _true(secrets: Secrets, index: int) -> Scalar:
    """Return the secret number behind the commitments of the branch that holds."""
    return secrets.scalar(b"choice-true", index.to_bytes(4))


def _simulated(secrets: Secrets, index: int, offset: int) -> tuple[Scalar, Scalar]:
    """Return challenge and response of a branch that is simulated, by its distance from the one that holds."""
    about = index.to_bytes(4) + offset.to_bytes(4)
    return secrets.scalar(b"choice-challenge", about), secrets.scalar(b"choice-response", about)


def _turned(circle: list[bytes], true: int) -> list[bytes]:
    """Return what was computed from the branch `true` on in a circle, in the order of the branches."""
    start = -true % len(circle)
    return circle[start:] + circle[:start]


def _batch_seed(
    scope: Scope, one: tuple[Element, Element], qs: Sequence[Element], ss: Sequence[Element]
) -> bytes:
    """Return what the weights of a batch are derived from: 64 bytes."""
    parts = (scope.run.ctx, scope.head, b"".join(one), b"".join(qs), b"".join(ss))
    return hashlib.sha512(lengthened(*parts)).digest()


def _weighted(scope: Scope, seed: bytes, rows: Sequence[Sequence[Element]], each: Each) -> list[Element]:
    """Return the sum of each row under the same weights."""
    count = len(rows[0])

    def group(number: int) -> bytes:
        indices = range(number * _GROUP, min((number + 1) * _GROUP, count))
        weights = [scope.run.hashed(WEIGHT, seed, index.to_bytes(4)) for index in indices]
        return b"".join(
            reduce(plus, [times(weight, row[index]) for weight, index in zip(weights, indices, strict=True)])
            for row in rows
        )

    parts = list(each(group, range(-(-count // _GROUP))))
    cut = [slice(at * LENGTH, (at + 1) * LENGTH) for at in range(len(rows))]
    return [reduce(plus, [Element(part[where]) for part in parts]) for where in cut]
