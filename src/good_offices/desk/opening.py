"""Opening an entry: from a verified body to what the rules judge.

This module decides what stands in an entry for this desk. It never judges an act.

1. Introductions and wraps are in clear; an envelope is tried under every secret this desk holds.
2. What does not open is somebody else's, and nothing to us.
3. What opens is an entry of its room at every reader's desk, whatever is wrong inside: it carries the code of the first
   problem, and all readers find the same one in the same order: form, talks, epoch, certificate, signature.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from good_offices.desk.epochs import Epochs
from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, SignedAct
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.entries import Broken, Content, Opened

Certificates = Callable[[Act], Statement | None]


class Read(NamedTuple):
    """The content of an entry for the rules, and the message key that opens it (empty if none)."""

    content: Content
    key: bytes = b""


def read_entry(leaf: Leaf, body: bytes | None, epochs: Epochs, certificates: Certificates) -> Read:
    """Return what stands in an entry; a destroyed body is nothing to anybody (rules 1 to 3)."""
    if body is None:
        return Read(None)
    if leaf.kind == Kind.GENESIS:
        return Read(Genesis.parse(body))
    if leaf.kind == Kind.INTRODUCTION:
        return Read(_introduction(body))
    if leaf.kind == Kind.WRAPS:
        epochs.learn_wraps(body)
        return Read(None)
    if leaf.kind == Kind.ENVELOPE:
        return _envelope(body, epochs, certificates)
    return Read(None)


def _introduction(body: bytes) -> Content:
    """Return the introduction, verified, or why it is none."""
    try:
        introduction = unpack(body, Introduction, what="an introduction")
        introduction.verify()
    except RemoteError as broken:
        return Broken(broken.code)
    return introduction


def _envelope(body: bytes, epochs: Epochs, certificates: Certificates) -> Read:
    """Return the act in an envelope, or what is wrong with it."""
    try:
        fit = epochs.fit(body)
    except RemoteError as broken:
        return Read(Broken(broken.code))
    if fit is None:
        return Read(None)
    digest = bytes(32)
    try:
        signed = unpack(open_envelope(body, fit.key), SignedAct, what="an act")
        digest = signed.hash
        act = signed.opened()
    except RemoteError as broken:
        return Read(Opened(room=fit.room, act=None, act_hash=digest, problem=broken.code), fit.key)
    problem = _problem(signed, act, fit.manifest, certificates)
    return Read(Opened(room=fit.room, act=act, act_hash=digest, problem=problem), fit.key)


def _problem(signed: SignedAct, act: Act, manifest: bytes, certificates: Certificates) -> str | None:
    """Return the code of the first thing wrong with an act, before any rule is asked."""
    if act.manifest != manifest:
        return "epoch-differs"
    statement = certificates(act)
    if statement is None:
        return None  # the rules say so themselves
    try:
        signed.verify(statement.act)
    except RemoteError as broken:
        return broken.code
    return None
