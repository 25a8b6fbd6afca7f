"""The roster: delegations, their roots, and the book of the common register. See spec/credentials.md.

This module decides what the acts of the roster room do. It never decides who may act in other rooms: they ask it.

1. The first introduction with a root stands for its delegation; its desk is certified at once.
2. A root is succeeded only by the key it committed to, which names it. What it signed before stays in force.
3. Keys are compared when a member posts the hash of the number over all roots; a wrong number is void and evidence.
4. The roster's readers are all certified desks of members who are not recalled, the capital apart; the plenary's
   readers are those of them whose member is accredited, duty desks apart; the sounding room's are these and the duty
   desks. A guest's desk reads roster and plenary while all delegations invite it, and else nothing (spec/guests.md).
5. A guest's desk is no member's: its member id has no credentials and no desk of another kind, before or after.
6. A duty desk speaks in the roster of keys and epochs alone: who took it cannot say there that keys were compared.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from msgspec import field

from good_offices.encoding import Record, pack
from good_offices.errors import LocalError
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ROOT
from good_offices.talks import book as books
from good_offices.talks.book import Book
from good_offices.talks.credentials import (
    Introduction,
    Root,
    Statement,
    comparison_number,
    room_id,
    successor_commitment,
)
from good_offices.talks.events_roster import (
    DelegationAccreditation,
    DelegationAccredited,
    DeskCertified,
    EpochsHandedOver,
    KeyRenewed,
    KeysCompared,
    ManifestIssued,
    MemberAccreditation,
    MemberAccredited,
    MemberRecalled,
    RootSucceeded,
)
from good_offices.talks.guests import Guests
from good_offices.talks.hosts import Hosts
from good_offices.talks.state import Item, State, evolve
from good_offices.talks.verdict import Place


class Rooted(Record, frozen=True, kw_only=True):
    """A root and the index from which it is the delegation's."""

    since: int
    root: Root


class Delegation(Item, frozen=True, kw_only=True):
    """A delegation: its roots over time, how it names itself, and where it compared keys."""

    id: str
    roots: tuple[Rooted, ...]
    accreditation: DelegationAccreditation | None = None
    compared: int | None = None

    @property
    def root(self) -> Root:
        """The root now in force."""
        return self.roots[-1].root

    def root_at(self, size: int) -> Root | None:
        """Return the root in force at a size of the common register."""
        return next((one.root for one in reversed(self.roots) if one.since < size), None)


class RosterState(State, frozen=True, kw_only=True):
    """The roster: what the genesis says, the delegations that were introduced, and the book."""

    talks: bytes = b""
    suite: str = ""
    rules: int = 0
    expected: tuple[str, ...] = ()
    delegations: dict[str, Delegation] = field(default_factory=dict)
    book: Book = field(default_factory=Book)
    guests: Guests = field(default_factory=Guests)
    hosts: Hosts = field(default_factory=Hosts)

    @cached_property
    def room(self) -> str:
        """The id of the roster room."""
        return room_id("roster", self.talks)

    @cached_property
    def plenary(self) -> str:
        """The id of the plenary."""
        return room_id("plenary", self.talks)

    @cached_property
    def sounding(self) -> str:
        """The id of the sounding room."""
        return room_id("sounding", self.talks)

    @cached_property
    def rooms(self) -> tuple[str, str, str]:
        """The ids of the common rooms."""
        return self.room, self.plenary, self.sounding

    @property
    def introduced(self) -> bool:
        """Whether every delegation of the genesis has shown its root."""
        return bool(self.expected) and len(self.delegations) == len(self.expected)

    def root(self, delegation: str) -> Root:
        """Return the root of a delegation whose desk has acted."""
        return self.delegations[delegation].root

    def compared(self, delegation: str) -> bool:
        """Tell whether a delegation has compared keys."""
        one = self.delegations.get(delegation)
        return one is not None and one.compared is not None

    @property
    def number(self) -> str:
        """The 60 digits that the delegations compare.

        Raises:
            LocalError: `introductions-missing`.
        """
        if not self.introduced:
            raise LocalError("introductions-missing")
        roots = [one.root.public for one in self.delegations.values()]
        return comparison_number(self.talks, self.suite, roots)

    def readers(self, room: str, size: int) -> list[bytes]:
        """Return the certificates of all readers of a common room at a size of the register, in order."""
        desks = [(name, desk) for name, desk in self.book.desks_at(size) if not desk.statement.capital]
        return [name for name, desk in desks if self.may_read(desk.statement, room, size)]

    def credentials(self, desk: Statement, size: int) -> MemberAccreditation | None:
        """Return the credentials under which a desk acts at a size of the register; duty and guest desks have none."""
        return None if desk.duty or desk.guest else self.book.member_at(desk.member, size)

    def may_read(self, desk: Statement, room: str, size: int) -> bool:
        """Tell whether a certified desk, the capital apart, reads a common room (spec/rooms.md section 2)."""
        if desk.guest:
            return room != self.sounding and self.guests.at(desk.hash, size) is not None
        if room == self.room or (desk.duty and room == self.sounding):
            return True
        return self.credentials(desk, size) is not None

    def duty_desk(self, delegation: str, size: int) -> bytes | None:
        """Return the desk on duty of a delegation at a size of the register: of several the one certified last."""
        found = [
            (desk.since, name)
            for name, desk in self.book.desks_at(size)
            if desk.statement.duty and desk.statement.delegation == delegation
        ]
        return max(found)[1] if found else None

    def certificate(self, author: bytes) -> Statement | None:
        """Return the public keys of a desk that was ever certified, for checking its signature."""
        desk = self.book.desks.get(author.hex())
        return desk.statement if desk else None


def number_digest(number: str) -> bytes:
    """Return the hash by which `KeysCompared` names the number: SHA-256 of its 60 digits without spaces."""
    return hashlib.sha256(number.replace(" ", "").encode()).digest()


def introduce(roster: RosterState, introduction: Introduction, index: int) -> RosterState:
    """Return the roster with an introduced desk (spec/credentials.md section 5).

    Raises:
        LocalError: `statement-foreign`, `capital-apart`, `introduced-twice`, `introductions-missing` and as
            `book.introduce`.
    """
    statement = introduction.statement
    if statement.talks != roster.talks or statement.delegation not in roster.expected:
        raise LocalError("statement-foreign")
    if statement.capital:
        raise LocalError("capital-apart")
    if statement.duty and introduction.root is not None:
        raise LocalError("duty-desk")
    if statement.guest and (statement.duty or introduction.root is not None):
        raise LocalError("guest-desk")
    known = statement.delegation in roster.delegations
    if introduction.root is None:
        if not known:
            raise LocalError("introductions-missing")
        book = books.introduce(roster.book, introduction, index, certified=False)
        return evolve(roster, book=book)
    if known:
        raise LocalError("introduced-twice")
    new = Delegation(id=statement.delegation, roots=(Rooted(since=index, root=introduction.root),))
    return evolve(
        roster,
        delegations={**roster.delegations, new.id: new},
        book=books.introduce(roster.book, introduction, index, certified=True),
    )


def _delegation_accredited(roster: RosterState, place: Place, event: DelegationAccredited) -> RosterState:
    """Let a delegation name itself."""
    given = event.accreditation
    one = roster.delegations[place.delegation]
    if (given.talks, given.delegation) != (roster.talks, one.id):
        raise LocalError("statement-foreign")
    if one.accreditation and given.number <= one.accreditation.number:
        raise LocalError("number-not-next")
    ROOT.verify(Domain.ACCREDITATION, one.root.public, event.signature, pack(given))
    return _with(roster, Delegation(id=one.id, roots=one.roots, accreditation=given, compared=one.compared))


def _member_accredited(roster: RosterState, place: Place, event: MemberAccredited) -> RosterState:
    """Give a member new credentials."""
    _check_kind(roster, event.accreditation.member, guest=False)
    root = roster.root(place.delegation)
    return evolve(roster, book=books.accredit(roster.book, place, root, event, capital=False))


def _desk_certified(roster: RosterState, place: Place, event: DeskCertified) -> RosterState:
    """Certify an introduced desk."""
    _check_kind(roster, event.statement.member, guest=event.statement.guest)
    return evolve(roster, book=books.certify(roster.book, place, roster.root(place.delegation), event))


def _member_recalled(roster: RosterState, place: Place, event: MemberRecalled) -> RosterState:
    """Recall a member."""
    return evolve(roster, book=books.recall(roster.book, place, roster.root(place.delegation), event))


def _root_succeeded(roster: RosterState, place: Place, event: RootSucceeded) -> RosterState:
    """Let the successor that the root committed to take over."""
    told = event.succession
    one = roster.delegations[place.delegation]
    if (told.talks, told.delegation) != (roster.talks, one.id):
        raise LocalError("statement-foreign")
    # Who succeeds is not enough: a successor's statement could be shown under another first root that commits to it.
    if told.succeeds != one.root.fingerprint or successor_commitment(told.root.public) != one.root.successor:
        raise LocalError("successor-wrong")
    ROOT.verify(Domain.SUCCESSION, told.root.public, event.signature, pack(told))
    roots = (*one.roots, Rooted(since=place.index, root=told.root))
    return _with(
        roster, Delegation(id=one.id, roots=roots, accreditation=one.accreditation, compared=one.compared)
    )


def _keys_compared(roster: RosterState, place: Place, event: KeysCompared) -> RosterState:
    """Note that a delegation has read the number with all others."""
    if event.number != number_digest(roster.number):
        raise LocalError("number-differs")
    one = roster.delegations[place.delegation]
    if one.compared is not None:
        return roster
    return _with(
        roster, Delegation(id=one.id, roots=one.roots, accreditation=one.accreditation, compared=place.index)
    )


def _manifest_issued(roster: RosterState, place: Place, event: ManifestIssued) -> RosterState:
    """Begin a new epoch of a common room."""
    room = event.manifest.room
    if room not in roster.rooms:
        raise LocalError("room-unknown")
    if not roster.introduced:
        raise LocalError("introductions-missing")
    readers = roster.readers(room, place.seen)
    return evolve(roster, book=books.issue(roster.book, place, event.manifest, event.wraps, readers))


def _key_renewed(roster: RosterState, place: Place, event: KeyRenewed) -> RosterState:
    """Take a desk's next key for a common room."""
    if event.room not in roster.rooms:
        raise LocalError("room-unknown")
    return evolve(roster, book=books.renew(roster.book, place, event.room, event.kem))


def _epochs_handed_over(roster: RosterState, _place: Place, event: EpochsHandedOver) -> RosterState:
    """Check what a joiner receives of the roster; epochs of the other rooms are handed over there."""
    if event.room != roster.room:
        raise LocalError("room-unknown")
    books.check_handed_over(roster.book, event)
    return roster


Handler = Callable[[RosterState, Place, Any], RosterState]


def _by_members(handler: Handler) -> Handler:
    """Return a handler that refuses duty desks (rule 6)."""

    def handle(roster: RosterState, place: Place, event: Any) -> RosterState:
        if place.desk.duty:
            raise LocalError("duty-desk")
        return handler(roster, place, event)

    return handle


HANDLERS: Final[Mapping[str, Handler]] = {
    "DelegationAccredited": _by_members(_delegation_accredited),
    "MemberAccredited": _by_members(_member_accredited),
    "DeskCertified": _by_members(_desk_certified),
    "MemberRecalled": _by_members(_member_recalled),
    "RootSucceeded": _by_members(_root_succeeded),
    "KeysCompared": _by_members(_keys_compared),
    "ManifestIssued": _manifest_issued,
    "KeyRenewed": _key_renewed,
    "EpochsHandedOver": _epochs_handed_over,
}


def _check_kind(roster: RosterState, member: str, *, guest: bool) -> None:
    """Refuse to make a member of a guest, or a guest of a member (rule 5).

    Raises:
        LocalError: `guest-desk`.
    """
    known = roster.book.members.get(member)
    theirs = [one.statement for one in roster.book.desks.values() if one.statement.member == member]
    if any(one.guest != guest for one in theirs) or (guest and known is not None and known.given):
        raise LocalError("guest-desk")


def _with(roster: RosterState, one: Delegation) -> RosterState:
    """Return the roster with a delegation replaced."""
    return evolve(roster, delegations={**roster.delegations, one.id: one})
