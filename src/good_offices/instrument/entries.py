"""Entries as they are shown: from leaf, proof, body and key to an act or an introduction.

This module decides whether an entry is the one at its index under a checkpoint, and what it says (spec/outcome.md
section 3). It never decides who its author is, or whether it has effect.

1. The inclusion proof places the leaf at its index; the leaf names the body by length and hash.
2. Genesis and introductions are clear and have no key; an envelope has one, and commits to what it opens to.
3. Other kinds prove nothing of an outcome and are refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from good_offices.encoding import unpack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument.outcome import Shown
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Genesis, talks_id
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.proofs import verify_inclusion
from good_offices.seals.derivation import KEY
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import ACT_LIMIT, Act, SignedAct
from good_offices.talks.credentials import Introduction
from good_offices.talks.papers import is_aside

INTRODUCTION_LIMIT: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Done:
    """A signed act, opened; its signature is not yet verified."""

    signed: SignedAct
    act: Act

    @property
    def hash(self) -> bytes:
        """The act hash: 32 bytes."""
        return self.signed.hash


Content: TypeAlias = Introduction | Done


@dataclass(frozen=True, slots=True)
class Opened:
    """An entry that stands in the register at `index`, and what it says."""

    index: int
    leaf: Leaf
    content: Content


def open_genesis(shown: tuple[Shown, ...]) -> tuple[Genesis, bytes]:
    """Return the genesis that the first entry is, and the talks id (spec/outcome.md rule 2.1).

    Raises:
        RemoteError: `genesis-wrong`.
    """
    if not shown or shown[0].index != 0 or shown[0].key is not None:
        raise RemoteError("genesis-wrong", why="the first entry is not number 0")
    try:
        genesis = Genesis.parse(shown[0].body)
        leaf = Leaf.from_bytes(shown[0].leaf)
    except GoodOfficesError as broken:
        raise RemoteError("genesis-wrong", why=broken) from None
    if genesis.caucus is not None or leaf.kind is not Kind.GENESIS:
        raise RemoteError("genesis-wrong", why="not the genesis of a common register")
    return genesis, talks_id(shown[0].body)


def check_placed(entry: Shown, checkpoint: Checkpoint) -> Leaf:
    """Return the leaf of an entry that stands in the register with this body (spec/outcome.md rules 3.1, 3.2).

    Raises:
        RemoteError: `entry-not-in-register`, `entry-altered`.
    """
    try:
        leaf = Leaf.from_bytes(entry.leaf)
        verify_inclusion(entry.index, checkpoint.size, leaf.hash, list(entry.proof), checkpoint.root)
    except GoodOfficesError as broken:
        raise RemoteError("entry-not-in-register", index=entry.index, why=broken) from None
    try:
        leaf.check_body(entry.body)
    except GoodOfficesError:
        raise RemoteError("entry-altered", index=entry.index) from None
    return leaf


def open_entry(entry: Shown, leaf: Leaf) -> Opened:
    """Return what an entry says (spec/outcome.md rules 3.3 to 3.5); `leaf` from `check_placed`.

    Raises:
        RemoteError: `entry-kind`, `seal-wrong`, `entry-malformed`; `paper-no-evidence` (spec/papers.md section 3).
    """
    if leaf.kind is Kind.INTRODUCTION and entry.key is None:
        return Opened(entry.index, leaf, _introduction(entry))
    if leaf.kind is not Kind.ENVELOPE or entry.key is None:
        raise RemoteError("entry-kind", index=entry.index)
    return Opened(entry.index, leaf, _act(entry, entry.key))


def _introduction(entry: Shown) -> Introduction:
    """Return the introduction in a clear entry, its signatures verified."""
    try:
        introduction = unpack(entry.body, Introduction, what="the introduction", limit=INTRODUCTION_LIMIT)
        introduction.verify()
    except GoodOfficesError as broken:
        raise RemoteError("entry-malformed", index=entry.index, why=broken) from None
    return introduction


def _act(entry: Shown, key: bytes) -> Done:
    """Return the act in an envelope."""
    try:
        if len(key) != KEY:
            raise RemoteError("seal-invalid", what="the envelope")
        content = open_envelope(entry.body, key)
    except GoodOfficesError as broken:
        raise RemoteError("seal-wrong", index=entry.index, why=broken) from None
    if is_aside(content):
        raise RemoteError("paper-no-evidence", index=entry.index)
    try:
        signed = unpack(content, SignedAct, what="the act", limit=ACT_LIMIT)
        return Done(signed, signed.opened())
    except GoodOfficesError as broken:
        raise RemoteError("entry-malformed", index=entry.index, why=broken) from None
