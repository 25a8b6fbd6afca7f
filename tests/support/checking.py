"""Signed acts that hold or do not, and a process beside the desk that is ready."""

from __future__ import annotations

import functools
import time

from tests.support.waiting import LONGEST

from good_offices.desk import checking
from good_offices.desk.checking import Checks
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, PairSigner
from good_offices.talks.acts import SignedAct

KINDS = ("good", "first half", "second half", "words", "another key", "cut", "none", "a key that is none")


@functools.cache
def _signer(name: str) -> PairSigner:
    return ACT.signer(name.encode() * 64)


@functools.cache
def act(kind: str, words: str = "Words.") -> tuple[SignedAct, bytes]:
    """Return signed bytes and the public key that they are to be checked under."""
    signer = _signer("a")
    data = words.encode()
    signature = signer.sign(Domain.ACT, data)
    public = signer.public
    if kind == "first half":
        signature = bytes([signature[0] ^ 1]) + signature[1:]
    elif kind == "second half":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    elif kind == "words":
        data += b"!"
    elif kind == "another key":
        public = _signer("b").public
    elif kind == "cut":
        signature = signature[:64]
    elif kind == "none":
        signature = b""
    elif kind == "a key that is none":
        public = bytes(len(public))
    return SignedAct(act=data, signature=signature), public


def ready(checks: Checks) -> Checks:
    """Begin the other process and wait until it has greeted."""
    Checks.expect(checks, checking.MANY)
    until = time.monotonic() + LONGEST
    while checks._greeting:
        assert time.monotonic() < until, "it does not greet"
        assert checks._wire is not None, "it has ended"
        checks._exchange()
        time.sleep(0.005)
    assert checks._wire is not None
    return checks
