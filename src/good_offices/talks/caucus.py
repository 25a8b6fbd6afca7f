"""The caucus: one delegation's own room in its own register. See spec/rooms.md section 7 and spec/talks.md section 3.

This module decides whether an act stands in a caucus, in the order of the caucus register. It never changes anything
in the common rooms, and the common rooms never know of it.

1. The order of the two registers cannot be compared. An act of the caucus names the common register that it was
   judged by; the caucus judges it by the greatest common size that any of its acts has named so far (R-16), so that
   nobody who was recalled goes on by naming an old one.
2. Readers are the delegation's certified desks of the common register, duty desks apart, and the capital's, certified here by the root
   that the common register holds.
3. What can happen here: credentials of the capital, epochs, words, instructions, consent. Nothing here binds anyone.
4. The secrets of the common rooms are handed over here to the capital, which has no place there (R-25).

An act that names more of the common register than this desk holds cannot be judged yet: `common-behind`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from msgspec import field

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.register.genesis import Genesis
from good_offices.talks import book as books
from good_offices.talks import consent as consents
from good_offices.talks.acts import Act, act_hash
from good_offices.talks.book import Book, Issued
from good_offices.talks.closing import Register
from good_offices.talks.consent import ConsentState
from good_offices.talks.credentials import Introduction, Root, Statement, room_id
from good_offices.talks.entries import Aside, Broken, Entry, InBox, Opened, concluded, refused, told
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.papers import heads
from good_offices.talks.performing import permit
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.replay import CommonReplay
from good_offices.talks.rooms import (
    Chain,
    History,
    Log,
    begins_room,
    check_next,
    check_seen,
    recorded,
    state_hash,
)
from good_offices.talks.snapshots import SNAPSHOT_LIMIT
from good_offices.talks.state import State, evolve
from good_offices.talks.verdict import Effect, ForkSuspected, Place, StateDiffers, Verdict
from good_offices.talks.words import check_event


class CaucusState(State, frozen=True, kw_only=True):
    """What the caucus register adds: the capital's credentials, the epochs, and how far the common record counts."""

    delegation: str = ""
    common: int = 0
    book: Book = field(default_factory=Book)
    consent: ConsentState = field(default_factory=ConsentState)


class CaucusSnapshot(
    Record, frozen=True, kw_only=True, tag="good-offices/caucus-snapshot/1", tag_field="form"
):
    """Everything a replay of a caucus holds at one size."""

    size: int
    caucus: CaucusState
    log: Log
    history: bytes


@dataclass(slots=True)
class _Case:
    """An act on trial: what it would change, and what was found on the way."""

    caucus: CaucusState
    log: Log
    effects: tuple[Effect, ...] = ()


class CaucusReplay:
    """One caucus, replayed from its register, judged by the common replay."""

    def __init__(self, common: CommonReplay, register: Register) -> None:
        """Start before the genesis of the caucus register."""
        self.common = common
        self.register = register
        self.size = 0
        self.caucus = CaucusState()
        self._log = Log()
        self._history = History()

    # What a desk asks.

    @property
    def room(self) -> str:
        """The id of the caucus room."""
        return room_id(f"caucus/{self.caucus.delegation}", self.common.roster.talks)

    def certificate(self, author: bytes, common: int) -> Statement | None:
        """Return the public keys of a desk of this delegation, certified within `common` entries or here."""
        desk = self.caucus.book.desks.get(author.hex())
        if desk is None:
            desk = self.common.roster.book.desks.get(author.hex())
            if desk is None or desk.since >= max(common, self.caucus.common):
                return None
        return desk.statement if desk.statement.delegation == self.caucus.delegation else None

    def readers(self, size: int, common: int) -> list[bytes]:
        """Return the certificates of all readers at a size of this register and of the common one, in order."""
        desks = self.common.roster.book.desks_at(common)
        ours = [
            name
            for name, desk in desks
            if desk.statement.delegation == self.caucus.delegation
            and not (desk.statement.duty or desk.statement.guest)
        ]
        return sorted(ours + [name for name, _ in self.caucus.book.desks_at(size)])

    def state_hash(self, size: int) -> bytes:
        """Return the hash of the caucus's state at a size of its register (R-70)."""
        return self._history.at(size)

    def chain(self, author: bytes) -> Chain:
        """Return what the next act of a desk in the caucus must follow."""
        return self._log.chain(author)

    def epoch(self, size: int | None = None) -> Issued | None:
        """Return the epoch in force at a size of the caucus register, the present one if none is given."""
        return self.caucus.book.epoch_at(self.room, self.size if size is None else size)

    def kem(self, certificate: bytes) -> bytes | None:
        """Return a desk's present key for the epochs of the caucus."""
        return self.caucus.book.kem(self.room, certificate) or self.common.kem(self.room, certificate)

    def check(self, act: Act) -> None:
        """Pass if the act, posted now and next, would be valid.

        Raises:
            LocalError: the code with which it would be void.
        """
        opened = Opened(room=act.room, act=act, act_hash=act_hash(pack(act)))
        entry = Entry(index=self.size, leaf_hash=bytes(32), kind=4, time=0, content=opened)
        refused(self._judged(entry, opened)[1])

    # What a desk feeds.

    def apply(self, entry: Entry) -> Verdict:
        """Return the verdict on the next entry of the caucus register; the state advances by it.

        Raises:
            LocalError: `entry-out-of-order`.
            OperationalError: `common-behind` if the act was judged by more of the common register than we hold.
        """
        if entry.index != self.size or self.register.size < entry.index:
            raise LocalError("entry-out-of-order", index=entry.index, expected=self.size)
        content = entry.content
        if isinstance(content, Aside):
            # Papers are for other delegations: in a caucus such an entry is no act, and void like any other.
            content = Opened(room=content.room, act=None, act_hash=bytes(32), problem="act-unreadable")
        if content is None or isinstance(content, InBox):
            # A box stands in the common register alone.
            self.size += 1
            return Verdict(index=entry.index)
        if isinstance(content, Opened):
            case, verdict = self._judged(entry, content)
            if verdict.status != "valid" and begins_room(content.act):
                self.size += 1
                return verdict
            self.caucus, log = case.caucus, case.log
        else:
            verdict, log = self._in_clear(entry.index, content), self._log
        self._log = recorded(log, entry.leaf_hash, verdict)
        self._history.add(entry.index, state_hash(self.room, [self.caucus.digest, self._log.digest]))
        self.size += 1
        return verdict

    def snapshot(self) -> bytes:
        """Return everything this replay holds, as bytes."""
        held = CaucusSnapshot(size=self.size, caucus=self.caucus, log=self._log, history=self._history.rows())
        return pack(held)

    @classmethod
    def restored(cls, data: bytes, common: CommonReplay, register: Register) -> CaucusReplay:
        """Return the replay that `snapshot` made these bytes of.

        Raises:
            RemoteError: `not-canonical` or `too-large`.
        """
        held = unpack(data, CaucusSnapshot, what="a snapshot", limit=SNAPSHOT_LIMIT)
        new = cls(common, register)
        new.size, new.caucus, new._log = held.size, held.caucus, held.log
        new._history = History(held.history)
        return new

    # How it is judged.

    def _in_clear(self, index: int, content: Genesis | Introduction | Broken) -> Verdict:
        """Take up the genesis, or the introduction of a desk of the capital."""
        if isinstance(content, Genesis) and index == 0 and content.caucus is not None:
            self.caucus = CaucusState(delegation=content.caucus.delegation)
            return Verdict(index=index, room=self.room, status="valid")
        if not isinstance(content, Introduction):
            code = content.code if isinstance(content, Broken) else "genesis-twice"
            return Verdict(index=index, room=self.room, status="void", code=code)
        statement = content.statement
        try:
            if (statement.talks, statement.delegation) != (self.common.roster.talks, self.caucus.delegation):
                raise LocalError("statement-foreign")
            if not statement.capital or statement.duty or statement.guest or content.root is not None:
                raise LocalError("capital-apart")
            book = books.introduce(self.caucus.book, content, index, certified=False)
        except LocalError as broken:
            return told(index, self.room, broken)
        self.caucus = evolve(self.caucus, book=book)
        return Verdict(index=index, room=self.room, status="valid")

    def _judged(self, entry: Entry, opened: Opened) -> tuple[_Case, Verdict]:
        """Return what an act would change, and the verdict on it."""
        act = opened.act
        waits = act is not None and opened.problem is None
        if waits and act and act.common and act.common.size > self.common.size:
            raise OperationalError("common-behind", size=act.common.size, held=self.common.size)
        case = _Case(self.caucus, self._log)
        try:
            self._try(case, entry, opened)
        except GoodOfficesError as broken:
            return case, told(entry.index, self.room, broken, case.effects)
        return case, concluded(entry.index, self.room, case.effects)

    def _try(self, case: _Case, entry: Entry, opened: Opened) -> None:
        """Apply the rules in their order; `case` keeps what stands even if a later one is broken."""
        act = opened.act
        if opened.problem is not None or act is None:
            raise LocalError(opened.problem or "act-unreadable")
        if act.talks != self.common.roster.talks:
            raise LocalError("other-talks")
        if act.room != self.room:
            raise LocalError("room-differs")
        common = act.common.size if act.common else 0
        desk = self.certificate(act.author, common)
        if desk is None:
            raise LocalError("author-unknown")
        chain = case.log.chain(act.author)
        check_next(chain, act)
        self._advance(case, act, opened.act_hash, chain, entry.index)
        self._check_epoch(act)
        if desk.duty or desk.guest:
            # The first manifest of the caucus names no epoch that could pass such a desk over.
            raise LocalError("not-reader", room="caucus")
        judged_by = case.caucus.common
        ours = self.caucus.book if desk.capital else self.common.roster.book
        if ours.desk_at(act.author, entry.index if desk.capital else judged_by) is None:
            raise LocalError("desk-recalled")
        place = Place(
            index=entry.index,
            leaf=entry.leaf_hash,
            act=opened.act_hash,
            author=act.author,
            desk=desk,
            member=None,
            seen=act.seen.size,
            seen_root=act.seen.root,
            time=act.time,
        )
        computed = self._history.at(act.seen.size)
        if act.state != computed:
            case.effects += (StateDiffers(stated=act.state, computed=computed),)
        check_event(act.event)
        permit(PlenaryState(), self.common.roster, place, act.event, "caucus")
        if act.event.name in consents.EVENTS:
            case.caucus = self._consented(case.caucus, place, act.event)
            return
        book = self._performed(case.caucus, place, act.event, common)
        case.caucus = evolve(case.caucus, book=book)

    def _advance(self, case: _Case, act: Act, digest: bytes, chain: Chain, index: int) -> None:
        """Advance the author's chain and the common record that counts; check both views and the time."""
        size, common = act.seen.size, act.common
        root = self.register.root(size) if 1 <= size <= index else None
        theirs = self.common.register.root(common.size) if common and common.size >= 1 else None
        here, there = root == act.seen.root, common is not None and theirs == common.root
        new = Chain(
            sequence=act.sequence + 1,
            previous=digest,
            seen=max(chain.seen, size) if here else chain.seen,
            common=max(chain.common, common.size) if common and there else chain.common,
            time=max(chain.time, act.time),
        )
        case.log = evolve(case.log, chains={**case.log.chains, act.author.hex(): new})
        if root is not None and not here:
            case.effects += (ForkSuspected(seen=act.seen, register="caucus"),)
        check_seen(act.seen, chain.seen, index, root)
        if common is None:
            raise LocalError("common-missing")
        if theirs is not None and not there:
            case.effects += (ForkSuspected(seen=common, register="common"),)
        check_seen(common, chain.common, self.common.size, theirs)
        if act.time < chain.time:
            raise LocalError("time-runs-back")
        case.caucus = evolve(case.caucus, common=max(case.caucus.common, common.size))

    def _check_epoch(self, act: Act) -> None:
        """Pass if the act names the epoch in force at what it saw, or begins the first (R-13)."""
        epoch = self.caucus.book.epoch_at(self.room, act.seen.size)
        if epoch is None and begins_room(act):
            return
        if epoch is None or act.manifest != epoch.manifest:
            raise LocalError("manifest-not-in-force")
        if act.author not in epoch.readers:
            raise LocalError("not-reader", room="caucus")

    def _performed(self, caucus: CaucusState, place: Place, event: Any, common: int) -> Book:
        """Return the book after an event of the caucus."""
        book = caucus.book
        if event.name == "ManifestIssued":
            if event.manifest.room != self.room:
                raise LocalError("room-unknown")
            return books.issue(book, place, event.manifest, event.wraps, self.readers(place.seen, common))
        if event.name == "KeyRenewed":
            if event.room != self.room:
                raise LocalError("room-unknown")
            return books.renew(book, place, event.room, event.kem)
        if event.name == "EpochsHandedOver":
            self._check_handed_over(caucus, event)
            return book
        if event.name == "MemberAccredited":
            return books.accredit(book, place, self._root(caucus.common), event, capital=True)
        if event.name == "DeskCertified":
            return books.certify(book, place, self._root(caucus.common), event)
        if event.name == "MemberRecalled":
            if event.recall.member not in book.members:
                raise LocalError("member-unknown")
            return books.recall(book, place, self._root(caucus.common), event)
        return book

    def members(self, size: int, common: int) -> set[str]:
        """Return the members who read the caucus, at a size of this register and of the common one."""
        desks = self.common.roster.book.desks | self.caucus.book.desks
        return {desks[one.hex()].statement.member for one in self.readers(size, common)}

    def _consented(self, caucus: CaucusState, place: Place, event: Any) -> CaucusState:
        """Return the caucus after an event of consent (spec/papers.md R-129)."""

        def members() -> set[str]:
            return self.members(place.index, caucus.common)

        def leads() -> bool:
            return place.desk.capital or place.desk.member in heads(
                self.common.roster, caucus.delegation, caucus.common
            )

        after = consents.perform(caucus.consent, place, event, members=members, leads=leads)
        return evolve(caucus, consent=after)

    def _check_handed_over(self, caucus: CaucusState, event: EpochsHandedOver) -> None:
        """Pass if secrets are of the caucus, or of a common room as the common register that counts has it (R-25)."""
        if event.room == self.room:
            books.check_handed_over(caucus.book, event)
        elif self.common.kind(event.room) not in ("roster", "plenary"):
            raise LocalError("room-unknown")
        else:
            books.check_handed_over(self.common.roster.book, event, caucus.common)

    def _root(self, common: int) -> Root:
        """Return the delegation's root at a size of the common register that one of its desks has named."""
        root = self.common.roster.delegations[self.caucus.delegation].root_at(common)
        assert root is not None  # a desk of the delegation is certified there, and its root came with it
        return root
