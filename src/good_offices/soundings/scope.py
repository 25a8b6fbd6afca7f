"""Which message is spoken of, how it is read, and how its long loops are run. See spec/soundings.md section 4.

This module decides what every challenge is bound to and which bytes have the form of elements and scalars. It never
verifies a proof.

1. A scope is a step of a party in a run, and a part of it (a chunk of packages; else 0). Every challenge covers it.
2. What is read has exactly its length; elements are decoded strictly and are not the identity; scalars are from 1 to
   ORDER - 1. All of that is looked at before any proof.
3. A loop over options or chunks goes over `each`, which the caller gives: it may run in threads, tell how far it is, or
   end by raising. Its functions take a number and return bytes, and depend on nothing that changes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, MutableMapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, TypeAlias

from good_offices.errors import RemoteError
from good_offices.seals.group import LENGTH, Element, Scalar, element, scalar
from good_offices.soundings.context import Run, lengthened

Each: TypeAlias = Callable[[Callable[[int], bytes], Sequence[int]], Iterable[bytes]]
Store: TypeAlias = MutableMapping[bytes, bytes]

STORED: Final = 500


@dataclass(frozen=True)
class Scope:
    """A step of a party in a run; `part` is the chunk where there are chunks."""

    run: Run
    place: int
    step: int
    part: int = 0

    @property
    def head(self) -> bytes:
        """What every challenge of this scope begins with after ctx: 12 bytes."""
        return self.place.to_bytes(4) + self.step.to_bytes(4) + self.part.to_bytes(4)

    def challenge(self, tag: bytes, points: bytes, commitments: bytes) -> Scalar:
        """Return the challenge of a proof (spec/soundings.md section 4)."""
        return self.run.hashed(tag, self.head, points, commitments)

    def unformed(self, what: str, broken: RemoteError | None = None) -> RemoteError:
        """Return the refusal of a message without the form of its step; `broken` is what a value in it broke."""
        said = f"{what}: {broken.facts['why']}" if broken else what
        return RemoteError("sounding-form", place=self.place, step=self.step, what=said)

    def unproven(self, what: str) -> RemoteError:
        """Return the refusal of a message whose proof does not hold."""
        return RemoteError("sounding-proof", place=self.place, step=self.step, what=what)


class Reader:
    """Reads a message from its beginning to its end, in the form of its step (rule 2)."""

    def __init__(self, scope: Scope, message: bytes, length: int, *, own: bool = False) -> None:
        """Take a message of exactly `length` bytes.

        One's `own` is known by its bytes: what this desk made of elements and scalars is not decoded to see whether it has.

        Raises:
            RemoteError: `sounding-form`.
        """
        if len(message) != length:
            raise scope.unformed("its length")
        self.scope = scope
        self._own = own
        self._message = bytes(message)
        self._at = 0

    def raw(self, count: int) -> bytes:
        """Return the next bytes."""
        self._at += count
        return self._message[self._at - count : self._at]

    def element(self, what: str) -> Element:
        """Return the next element.

        Raises:
            RemoteError: `sounding-form`.
        """
        if self._own:
            return Element(self.raw(LENGTH))
        try:
            return element(self.raw(LENGTH), what=what)
        except RemoteError as broken:
            raise self.scope.unformed(what, broken) from None

    def scalar(self, what: str) -> Scalar:
        """Return the next scalar.

        Raises:
            RemoteError: `sounding-form`.
        """
        if self._own:
            return Scalar(self.raw(LENGTH))
        try:
            return scalar(self.raw(LENGTH), what=what)
        except RemoteError as broken:
            raise self.scope.unformed(what, broken) from None


def serial(function: Callable[[int], bytes], items: Sequence[int]) -> Iterable[bytes]:
    """Return the function of every item, computed here one after another."""
    return (function(item) for item in items)


def kept(  # one loop: what it computes, how often, by whom, and where it is kept
    function: Callable[[int], bytes], count: int, each: Each, store: Store | None, name: bytes
) -> list[bytes]:
    """Return the function of 0 to `count` - 1, each of one length, in blocks of `STORED` that `store` keeps.

    A block is kept under the hash of `name`, which must say all that the function depends on: then a store can be shared
    by everything, and a block of anything else is never taken up. It is kept as soon as `each` has given all of it.
    """
    if store is None:
        return list(each(function, range(count)))
    spans = [range(start, min(start + STORED, count)) for start in range(0, count, STORED)]
    keys = [_key(name, span) for span in spans]
    known = [store.get(key) for key in keys]
    # One loop over all that is missing: a loop for each block would let cores wait at the end of every one.
    missing = [item for span, block in zip(spans, known, strict=True) if block is None for item in span]
    computed = iter(each(function, missing))
    found: list[bytes] = []
    for span, key, held in zip(spans, keys, known, strict=True):
        block = held
        if block is None:
            block = store[key] = b"".join(islice(computed, len(span)))
        size = len(block) // len(span)
        found += [block[at : at + size] for at in range(0, len(block), size)]
    return found


def _key(name: bytes, span: range) -> bytes:
    """Return what a block is kept under."""
    return hashlib.sha256(lengthened(name, span.start.to_bytes(4), span.stop.to_bytes(4))).digest()


def elements(raw: bytes) -> list[bytes]:
    """Return bytes cut into pieces of 32."""
    return [raw[at : at + LENGTH] for at in range(0, len(raw), LENGTH)]
