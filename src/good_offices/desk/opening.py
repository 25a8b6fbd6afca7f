"""Opening entries: from verified bodies to what the rules judge.

This module decides what stands in an entry for this desk. It never judges an act.

1. Introductions, wraps and the entries of the host's box are in clear; an envelope is tried under every secret this desk holds.
2. What does not open is somebody else's, and nothing to us.
3. The room of an envelope is that of the epoch whose manifest, already in the record, commits to the secret that opened
   it: the one that the act names, else the first there is. A first manifest may be sealed under the secret that it
   commits to itself. What opens under any other secret is an entry of no room, at every desk alike.
4. What opens is an entry of its room at every reader's desk, whatever is wrong inside: it carries the code of the first
   problem, and all readers find the same one in the same order: form, epoch, view of the common register, signature.
5. Entries are opened a few ahead of their verdicts, so that a second core can check signatures meanwhile (`desk.checking`):
   that takes most of the time of opening a record. Who the author is counts at the entry's own place: if the certificate has changed by then, the signatures
   are checked again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from good_offices.desk.checking import Check, Checks, ahead, verified
from good_offices.desk.epochs import Epochs
from good_offices.encoding import unpack
from good_offices.errors import RemoteError
from good_offices.register.box import read_box
from good_offices.register.genesis import Genesis
from good_offices.register.leaf import Kind, Leaf
from good_offices.seals.envelope import open_envelope
from good_offices.talks.acts import Act, Seen, SignedAct
from good_offices.talks.book import Book, epoch_commitment
from good_offices.talks.book import Epochs as RoomEpochs
from good_offices.talks.credentials import Introduction, Statement
from good_offices.talks.entries import Aside, Broken, Content, Opened
from good_offices.talks.events_papers import AnnexPiece, NonPaper, SealedPaper
from good_offices.talks.papers import read_aside
from good_offices.talks.rooms import begins_room

Numbered = tuple[int, Leaf, bytes | None]

_NO_EPOCHS = RoomEpochs()


@dataclass(frozen=True)
class Looks:
    """What a register's record so far says of secrets and authors; `first` is the room whose epochs stand in it.

    `others` are the books of other registers whose secrets may be handed over in this one.
    """

    book: Book
    first: str
    certificate: Callable[[Act], Statement | None]
    is_signed: Callable[[Seen], bool]
    others: tuple[Book, ...] = ()
    # Group rooms, whose epochs stand in the plenary.
    groups: Mapping[str, RoomEpochs] = field(default_factory=dict)

    @cached_property
    def issued(self) -> Mapping[str, RoomEpochs]:
        """The epochs of all rooms of this register, by room id."""
        return {**self.book.epochs, **self.groups} if self.groups else self.book.epochs


class Read(NamedTuple):
    """The content of an entry for the rules, the message key that opens it (empty if none), and the act inside.

    An act may be inside an entry that is of no room (rule 3): it counts for nothing, but may hold secrets.
    """

    content: Content
    key: bytes = b""
    act: Act | None = None


class _Opening(NamedTuple):
    """What stands in an entry, for an envelope with its secret and the check of signatures begun under `public`."""

    read: Read
    secret: bytes = b""
    problem: str | None = None
    signed: SignedAct | None = None
    check: Check | None = None
    aside: NonPaper | SealedPaper | AnnexPiece | None = None


def read_entries(
    entries: Iterable[Numbered], epochs: Epochs, looks: Callable[[], Looks], checks: Checks | None = None
) -> Iterator[tuple[Numbered, Read]]:
    """Yield each entry with what stands in it, in order; the caller judges one before it asks for the next (rule 5)."""
    checks = checks or Checks()
    begun = ((entry, _begun(_open(entry[1], entry[2], epochs), looks, checks)) for entry in entries)
    for entry, opening in ahead(begun):
        # What is nobody's secret here needs no look at the record.
        yield entry, _settled(opening, looks(), checks) if opening.secret else opening.read


def _open(leaf: Leaf, body: bytes | None, epochs: Epochs) -> _Opening:
    """Return what stands in an entry; a destroyed body is nothing to anybody (rules 1 and 2)."""
    if body is None:
        return _Opening(Read(None))
    if leaf.kind == Kind.GENESIS:
        return _Opening(Read(_genesis(body)))
    if leaf.kind == Kind.INTRODUCTION:
        return _Opening(Read(_introduction(body)))
    if leaf.kind == Kind.WRAPS:
        epochs.learn_wraps(body)
    if leaf.kind == Kind.ENVELOPE:
        return _envelope(body, epochs)
    if leaf.kind in (Kind.BOX_COMMIT, Kind.BOX_OPEN, Kind.BOX_VOID):
        return _Opening(Read(_boxed(leaf.kind, body)))
    return _Opening(Read(None))


def _boxed(kind: Kind, body: bytes) -> Content:
    """Return an entry of the host's box; one without its form is of no room (spec/soundings.md section 9)."""
    try:
        return read_box(kind, body)
    except RemoteError:
        return None


def _genesis(body: bytes) -> Content:
    """Return the genesis, or why it is none."""
    try:
        return Genesis.parse(body)
    except RemoteError:
        return Broken("genesis-twice")


def _introduction(body: bytes) -> Content:
    """Return the introduction, verified, or why it is none."""
    try:
        introduction = unpack(body, Introduction, what="an introduction")
        introduction.verify()
    except RemoteError:
        return Broken("introduction-invalid")
    return introduction


def _envelope(body: bytes, epochs: Epochs) -> _Opening:
    """Return the act in an envelope, or what is wrong with it."""
    try:
        fit = epochs.fit(body)
    except RemoteError:
        return _Opening(Read(Broken("act-unreadable")))
    if fit is None:
        return _Opening(Read(None))
    signed, act, problem = None, None, None
    try:
        content = open_envelope(body, fit.key)
        aside = read_aside(content)
        if aside is not None:
            return _Opening(Read(None, fit.key), fit.secret, aside=aside)
        signed = unpack(content, SignedAct, what="an act")
        act = signed.opened()
    except RemoteError:
        # One code for all of it: the parser's own would need its facts to be told, and say no more to anybody.
        problem = "act-unreadable"
    return _Opening(Read(None, fit.key, act), fit.secret, problem, signed)


def _begun(opening: _Opening, looks: Callable[[], Looks], checks: Checks) -> _Opening:
    """Return the opening with its signatures being checked, if the author is known by now."""
    signed, act = opening.signed, opening.read.act
    statement = None if signed is None or act is None else looks().certificate(act)
    if signed is None or statement is None:
        return opening
    return opening._replace(check=checks.begin(signed, statement.act))


def _settled(opening: _Opening, looks: Looks, checks: Checks) -> Read:
    """Return what stands in an entry, now that all before it are judged."""
    read, signed, problem = opening.read, opening.signed, opening.problem
    room, differs = _room(opening.secret, read.act, looks)
    if room is None:
        return Read(None, act=read.act)
    if opening.aside is not None:
        return Read(Aside(room, opening.aside), read.key)
    if read.act is not None and signed is not None:
        problem = "manifest-not-in-force" if differs else _problem(opening, read.act, signed, looks, checks)
    digest = signed.hash if signed else bytes(32)
    return Read(Opened(room=room, act=read.act, act_hash=digest, problem=problem), read.key, read.act)


def _room(secret: bytes, act: Act | None, looks: Looks) -> tuple[str | None, bool]:
    """Return the room of what opened under `secret`, and whether the act names another epoch (rule 3)."""
    issued = looks.issued
    if act is not None:
        # A manifest names its room, so that it stands in one alone: in nearly all cases that which the act names.
        for room in (act.room, *issued):
            epochs = issued.get(room, _NO_EPOCHS).issued
            named = next((one for one in reversed(epochs) if one.manifest == act.manifest), None)
            if named is not None and epoch_commitment(secret, named.nonce) == named.commitment:
                return room, False
        if begins_room(act) and act.room == looks.first and act.room not in looks.book.epochs:
            manifest = act.event.manifest  # type: ignore[union-attr]
            if epoch_commitment(secret, manifest.nonce) == manifest.commitment:
                return act.room, False
    # By id: somebody may have used one secret in two rooms, and a restored state holds its rooms in another order.
    for room, held in sorted(issued.items()):
        if any(epoch_commitment(secret, one.nonce) == one.commitment for one in held.issued):
            return room, True
    return None, False


def _problem(opening: _Opening, act: Act, signed: SignedAct, looks: Looks, checks: Checks) -> str | None:
    """Return the code of the first thing wrong with an act of its epoch, before any rule is asked."""
    if act.common is not None and not looks.is_signed(act.common):
        # Else anybody could name a size that no register has, and stop everyone who waits for it.
        return "seen-unsigned"
    statement = looks.certificate(act)
    if statement is None:
        return None  # the rules say so themselves
    if opening.check is not None and statement.act == opening.check.public:
        return checks.result(opening.check)
    return verified(signed, statement.act)
