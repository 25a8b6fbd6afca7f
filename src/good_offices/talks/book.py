"""The book: desks, members and epochs of one register. See spec/credentials.md and spec/rooms.md.

This module decides who is a reader of a room at a size of the register. It never knows which rooms there are: the
roster and the caucus each keep a book, and say which of its desks read what.

1. An introduced desk is in the book with its keys; it reads and signs only from its certification on, by its root.
2. A member id belongs to one delegation for good; accreditations are numbered upwards; a recall is final.
3. Everything is dated by its index, so that the book answers for every earlier size.
4. An epoch is issued by a manifest that names its predecessor, the author's head, and exactly the readers that the
   author saw. The first valid successor wins.
"""

from __future__ import annotations

import hashlib
from typing import Final

from msgspec import field

from good_offices.encoding import Record, pack
from good_offices.errors import LocalError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ROOT
from good_offices.talks.credentials import (
    NO_HASH,
    Introduction,
    Manifest,
    Root,
    Statement,
    certificate_message,
)
from good_offices.talks.event import POWERS
from good_offices.talks.events_roster import (
    DeskCertified,
    EpochsHandedOver,
    MemberAccreditation,
    MemberAccredited,
    MemberRecalled,
)
from good_offices.talks.state import Item, State, evolve
from good_offices.talks.verdict import Place

# An X-Wing public key: ML-KEM-768 (1184 bytes) and X25519 (32). Not taken from `seals.wraps`, which draws randomness.
KEM_PUBLIC: Final = 1216
# X25519 and Ed25519.
_SHORT_PUBLIC: Final = 32
_COMMITMENT: Final = b"good-offices/v1/epoch\x00"


class Introduced(Item, frozen=True, kw_only=True):
    """A desk that has shown its keys and waits for its root's certificate."""

    statement: Statement
    kems: dict[str, bytes]
    since: int


class Desk(Item, frozen=True, kw_only=True):
    """A certified desk."""

    statement: Statement
    since: int


class Given(Record, frozen=True, kw_only=True):
    """Credentials and the index from which they stand."""

    since: int
    accreditation: MemberAccreditation


class Member(Item, frozen=True, kw_only=True):
    """A member's credentials over time, the newest last; `recalled` is the index of the recall."""

    id: str
    delegation: str
    given: tuple[Given, ...] = ()
    recalled: int | None = None

    def at(self, size: int) -> MemberAccreditation | None:
        """Return the credentials in force at a size of the register, if any."""
        if self.recalled is not None and self.recalled < size:
            return None
        for one in reversed(self.given):
            if one.since < size:
                return one.accreditation
        return None


class Issued(Record, frozen=True, kw_only=True):
    """An epoch: its manifest by hash, the index of the act that issued it, and its readers."""

    manifest: bytes
    epoch: int
    since: int
    readers: tuple[bytes, ...]
    commitment: bytes
    nonce: bytes
    wraps: bytes


class Epochs(Item, frozen=True, kw_only=True):
    """All epochs of a room, in order."""

    issued: tuple[Issued, ...] = ()

    def at(self, size: int) -> Issued | None:
        """Return the epoch in force at a size of the register, if any."""
        for one in reversed(self.issued):
            if one.since < size:
                return one
        return None


class Kem(Item, frozen=True, kw_only=True):
    """A desk's present key for the epochs of a room."""

    public: bytes


class Book(State, frozen=True, kw_only=True):
    """Desks, members, keys and epochs, by certificate hash, member id, `room/certificate` and room."""

    introduced: dict[str, Introduced] = field(default_factory=dict)
    desks: dict[str, Desk] = field(default_factory=dict)
    members: dict[str, Member] = field(default_factory=dict)
    kems: dict[str, Kem] = field(default_factory=dict)
    epochs: dict[str, Epochs] = field(default_factory=dict)

    def desk_at(self, certificate: bytes, size: int) -> Desk | None:
        """Return a desk that is certified and not recalled at a size of the register."""
        desk = self.desks.get(certificate.hex())
        if desk is None or desk.since >= size or self.recalled_at(desk.statement.member, size):
            return None
        return desk

    def recalled_at(self, member: str, size: int) -> bool:
        """Tell whether a member is recalled at a size of the register."""
        one = self.members.get(member)
        return one is not None and one.recalled is not None and one.recalled < size

    def member_at(self, member: str, size: int) -> MemberAccreditation | None:
        """Return a member's credentials at a size of the register."""
        one = self.members.get(member)
        return one.at(size) if one else None

    def desks_at(self, size: int) -> list[tuple[bytes, Desk]]:
        """Return all desks certified and not recalled at a size of the register, by certificate."""
        found = [
            (bytes.fromhex(name), self.desk_at(bytes.fromhex(name), size)) for name in sorted(self.desks)
        ]
        return [(name, desk) for name, desk in found if desk]

    def epoch_at(self, room: str, size: int) -> Issued | None:
        """Return the epoch of a room in force at a size of the register."""
        return self.epochs[room].at(size) if room in self.epochs else None

    def kem(self, room: str, certificate: bytes) -> bytes | None:
        """Return a desk's present key for the epochs of a room."""
        one = self.kems.get(f"{room}/{certificate.hex()}")
        return one.public if one else None


def introduce(book: Book, introduction: Introduction, index: int, *, certified: bool) -> Book:
    """Return the book with a desk's keys; a first desk is certified with it (spec/credentials.md section 5).

    Raises:
        LocalError: `introduced-twice` for the same keys; `member-elsewhere`, `kem-invalid`, `desk-keys-invalid`.
    """
    name = introduction.statement.hash.hex()
    if name in book.introduced or name in book.desks:
        raise LocalError("introduced-twice")
    owner = book.members.get(introduction.statement.member)
    if owner and owner.delegation != introduction.statement.delegation:
        raise LocalError("member-elsewhere")
    if any(len(public) != KEM_PUBLIC for public in introduction.kems.values()):
        raise LocalError("kem-invalid")
    statement = introduction.statement
    # The key for acts has signed the introduction; of these two the first wrong use would be somebody else's failure.
    if any(len(public) != _SHORT_PUBLIC for public in (statement.note, statement.cosigner)):
        raise LocalError("desk-keys-invalid")
    shown = Introduced(statement=introduction.statement, kems=introduction.kems, since=index)
    return (
        _certified(book, shown, index)
        if certified
        else evolve(book, introduced={**book.introduced, name: shown})
    )


def certify(book: Book, place: Place, root: Root, event: DeskCertified) -> Book:
    """Return the book in which an introduced desk is certified (spec/credentials.md section 5).

    Raises:
        LocalError: `statement-foreign`, `desk-not-introduced`, `member-recalled`.
        RemoteError: `signature-invalid`.
    """
    statement = event.statement
    if statement.delegation != place.delegation or statement.talks != place.desk.talks:
        raise LocalError("statement-foreign")
    shown = book.introduced.get(statement.hash.hex())
    if shown is None:
        raise LocalError("desk-not-introduced")
    _own_member(book, statement.member, place)
    ROOT.verify(Domain.CERTIFICATE, root.public, event.signature, certificate_message(statement, root))
    return _certified(book, shown, place.index)


def accredit(book: Book, place: Place, root: Root, event: MemberAccredited, *, capital: bool) -> Book:
    """Return the book with a member's new credentials (spec/credentials.md section 7).

    Raises:
        LocalError: `statement-foreign`, `capital-apart`, `powers-not-sorted`, `member-recalled`,
            `member-elsewhere`, `number-not-next`.
        RemoteError: `signature-invalid`.
    """
    given = event.accreditation
    _own(place, given.talks, given.delegation)
    if given.capital != capital:
        raise LocalError("capital-apart")
    if list(given.powers) != [power for power in POWERS if power in given.powers]:
        raise LocalError("powers-not-sorted")
    member = _own_member(book, given.member, place)
    if member.given and given.number <= member.given[-1].accreditation.number:
        raise LocalError("number-not-next")
    ROOT.verify(Domain.ACCREDITATION, root.public, event.signature, pack(given))
    new = Member(
        id=given.member,
        delegation=given.delegation,
        given=(*member.given, Given(since=place.index, accreditation=given)),
    )
    return evolve(book, members={**book.members, given.member: new})


def recall(book: Book, place: Place, root: Root, event: MemberRecalled) -> Book:
    """Return the book in which a member and the member's desks are recalled for good.

    Raises:
        LocalError: `statement-foreign`, `member-recalled`, `member-elsewhere`.
        RemoteError: `signature-invalid`.
    """
    recalled = event.recall
    _own(place, recalled.talks, recalled.delegation)
    member = _own_member(book, recalled.member, place)
    ROOT.verify(Domain.ACCREDITATION, root.public, event.signature, pack(recalled))
    new = Member(id=member.id, delegation=member.delegation, given=member.given, recalled=place.index)
    return evolve(book, members={**book.members, member.id: new})


def issue(book: Book, place: Place, manifest: Manifest, wraps: bytes, readers: list[bytes]) -> Book:
    """Return the book with a new epoch (spec/rooms.md section 3); `readers` is who the author saw as readers.

    Raises:
        LocalError: `manifest-superseded`, `manifest-epoch`, `manifest-head`, `manifest-readers`.
    """
    history = book.epochs.get(manifest.room, Epochs())
    last = history.issued[-1] if history.issued else None
    if manifest.talks != place.desk.talks:
        raise LocalError("statement-foreign")
    if manifest.previous != (last.manifest if last else NO_HASH):
        raise LocalError("manifest-superseded")
    if manifest.epoch != (last.epoch + 1 if last else 0):
        raise LocalError("manifest-epoch")
    if (manifest.head_size, manifest.head_root) != (place.seen, place.seen_root):
        raise LocalError("manifest-head")
    if list(manifest.readers) != sorted(readers):
        raise LocalError("manifest-readers")
    new = Issued(
        manifest=manifest.hash,
        epoch=manifest.epoch,
        since=place.index,
        readers=tuple(manifest.readers),
        commitment=manifest.commitment,
        nonce=manifest.nonce,
        wraps=wraps,
    )
    return evolve(book, epochs={**book.epochs, manifest.room: Epochs(issued=(*history.issued, new))})


def renew(book: Book, place: Place, room: str, kem: bytes) -> Book:
    """Return the book with the author's next key for a room (spec/rooms.md section 5).

    Raises:
        LocalError: `kem-invalid`.
    """
    if len(kem) != KEM_PUBLIC:
        raise LocalError("kem-invalid")
    return evolve(book, kems={**book.kems, f"{room}/{place.author.hex()}": Kem(public=kem)})


def check_handed_over(book: Book, event: EpochsHandedOver, size: int | None = None) -> None:
    """Pass if every secret is that of an epoch of the room, issued below `size` if given (spec/rooms.md section 6).

    Raises:
        LocalError: `epoch-unknown`, `epoch-secret-wrong`.
    """
    history = book.epochs.get(event.room, Epochs()).issued
    issued = {one.manifest: one for one in history if size is None or one.since < size}
    for epoch in event.epochs:
        if epoch.manifest not in issued:
            raise LocalError("epoch-unknown")
        one = issued[epoch.manifest]
        if epoch_commitment(epoch.secret, one.nonce) != one.commitment:
            raise LocalError("epoch-secret-wrong")


def epoch_commitment(secret: bytes, nonce: bytes) -> bytes:
    """Return a manifest's commitment to its epoch's secret: 32 bytes (spec/rooms.md section 3)."""
    return hashlib.sha256(_COMMITMENT + nonce + secret).digest()


def _certified(book: Book, shown: Introduced, index: int) -> Book:
    """Return the book in which a desk is certified from `index` on."""
    name = shown.statement.hash.hex()
    introduced = {key: one for key, one in book.introduced.items() if key != name}
    desks = {**book.desks, name: Desk(statement=shown.statement, since=index)}
    # The desk's member belongs to its delegation from here on, so that no other can take the id.
    own = Member(id=shown.statement.member, delegation=shown.statement.delegation)
    members = book.members if own.id in book.members else {**book.members, own.id: own}
    first = {f"{room}/{name}": Kem(public=public) for room, public in shown.kems.items()}
    return evolve(book, introduced=introduced, desks=desks, members=members, kems={**book.kems, **first})


def _own(place: Place, talks: bytes, delegation: str) -> None:
    """Refuse what a root stated of other talks or of another delegation."""
    if talks != place.desk.talks or delegation != place.delegation:
        raise LocalError("statement-foreign")


def _own_member(book: Book, member: str, place: Place) -> Member:
    """Return what the book holds of a member of the author's delegation."""
    one = book.members.get(member, Member(id=member, delegation=place.delegation))
    if one.delegation != place.delegation:
        raise LocalError("member-elsewhere")
    if one.recalled is not None:
        raise LocalError("member-recalled")
    return one
