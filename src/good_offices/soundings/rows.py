"""Rows of encrypted bits: their running sums, and what is stated about them (spec/soundings.md section 8.1).

This module decides what a proof about the rows of a range is a proof of. It never makes or verifies one; `overlap` does.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from good_offices.seals.group import GENERATOR, IDENTITY, Element, plus
from good_offices.soundings import elgamal
from good_offices.soundings.elgamal import Cipher, ciphers, less, total
from good_offices.soundings.proofs import Branch, Equality
from good_offices.soundings.scope import Each, elements

_TWO: Final = Cipher(IDENTITY, plus(GENERATOR, GENERATOR))


def running(values: Sequence[Cipher], each: Each) -> tuple[list[Cipher], list[Cipher]]:
    """Return the sums of the first row up to each tick, and of the second from each tick on."""
    size = len(values) // 2
    low, high = values[:size], values[: size - 1 : -1]
    # Four chains of sums, to be shared out.
    chains = [[one[part] for one in row] for row in (low, high) for part in (0, 1)]

    def sums(index: int) -> bytes:
        found: list[Element] = list(accumulate(chains[index], plus))
        return b"".join(found)

    made = [elements(one) for one in each(sums, range(len(chains)))]
    begun, ending = (ciphers(map(bytes.__add__, *made[at : at + 2])) for at in (0, 2))
    return begun, ending[::-1]


def statements(joint: Element, picked: Cipher, offered: Sequence[Cipher], each: Each) -> list[Branch]:
    """Return the statements that what was picked is an encryption anew of each that was offered."""
    rest = ciphers(each(lambda index: b"".join(less(picked, offered[index])), range(len(offered))))
    return [Branch(joint, *one) for one in rest]


def is_one(joint: Element, cipher: Cipher) -> Equality:
    """Return the statement that a sum encrypts 1."""
    (_, one) = elgamal.bit_branches(joint, cipher)
    return Equality(GENERATOR, joint, one.r, one.s)


def raw(values: Sequence[Cipher]) -> bytes:
    """Return the bytes of encryptions."""
    return b"".join(part for one in values for part in one)


def difference(low: Cipher, high: Cipher) -> list[Cipher]:
    """Return 2 less both picks, encrypted."""
    return [less(_TWO, total([low, high]))]
