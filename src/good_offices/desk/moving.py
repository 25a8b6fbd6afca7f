"""Moving with the talks: leaving the host that all have left, and going on with the one that all have named. See spec/moving.md.

This module decides when this desk trusts another host, and what it takes along. It never names one: that is an act of all.

1. A desk moves when its own record completes the change of venue, the new host shows the same tree up to the cut under the old
   host's signature, and goes on from it under the keys that the act names. Otherwise it stays as it is.
2. Keys, address and secrets change in one transaction: a desk is at one venue or at the other.
3. What it had sent, or what waits, and is not below the cut, is posted again first, byte for byte and in order.
4. Where the old host does not answer any more, the new one, by its card, may show what is missing: it counts by the old host's
   signature alone, and the move only if the act then named exactly this host.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import msgspec

from good_offices.desk import boxes, sending
from good_offices.desk.checking import Checks
from good_offices.desk.client import VenueClient
from good_offices.desk.compose import Outgoing
from good_offices.desk.record import Book, Kept
from good_offices.desk.terms import Left, stated, term_of
from good_offices.encoding import pack, unpack
from good_offices.errors import (
    GoodOfficesError,
    HostConvictedError,
    LocalError,
    OperationalError,
    RemoteError,
)
from good_offices.register.host import HostKeys
from good_offices.register.hosting import NOBODY, read_card
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.proofs import verify_consistency
from good_offices.register.term import Held, Part, Seat, Statement, Term, write_file
from good_offices.register.tree import Tree
from good_offices.seals.exchange import moved_secret
from good_offices.talks.acts import Event
from good_offices.talks.events_moving import RulesUpgraded, VenueChanged
from good_offices.talks.hosts import Hosting
from good_offices.talks.rules import VERSIONS
from good_offices.transport import pages

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_TERM: Final = "term/"
# Where the first file ended in which this desk handed its caucus over; a later one holds no less.
_FILED: Final = "filed/"
_POSTED: Final = frozenset(
    {int(Kind.INTRODUCTION), int(Kind.WRAPS), int(Kind.ENVELOPE), int(Kind.BOX_COMMIT)}
)


@dataclass(frozen=True)
class Moved:
    """Where the desk is now, the host's number, and how many posts it makes again there."""

    address: str
    number: str
    repeated: int


class Former:
    """What the old host signed, as the new one shows it (`desk.source.Source`, rule 4)."""

    def __init__(self, client: VenueClient, register: str, term: Term, leaves: bytes) -> None:
        """Fetch what is missing behind our `leaves`, up to the cut."""
        self._term, self._start = term, len(leaves) // 32
        self._entries: list[pages.Kept] = []
        while self._start + len(self._entries) < term.cut:
            page = client.page(register, self._start + len(self._entries))
            shown = page.entries[: term.cut - page.start]
            if not shown:
                raise OperationalError("venue-withholds", signed=term.cut, shown=page.start)
            self._entries += shown
        hashes = b"".join(Leaf.from_bytes(one.leaf).hash for one in self._entries)
        self._tree = Tree.from_leaves(leaves + hashes + term.tail)

    def page(self, register: str, start: int) -> pages.Page | None:
        """Return a page up to the cut, under the old host's last word."""
        _ = register
        some = self._entries[start - self._start :][: pages.MAX_PAGE]
        if not some:
            return None
        return pages.Page(start=start, entries=some, checkpoint=self._term.note)

    def consistency(self, register: str, old: int, new: int) -> list[bytes]:
        """Return the consistency proof between two sizes."""
        _ = register
        return self._tree.consistency_proof(old, new)

    def append(self, register: str, entries: list[tuple[int, bytes]]) -> pages.Receipts:
        """Refuse: nothing is appended to what has ended.

        Raises:
            LocalError: `venue-changed`.
        """
        raise LocalError("venue-changed", address=f"{register}/{len(entries)}")

    def deposit(self, register: str, box: bytes, deposit: bytes) -> pages.DepositReceipt:
        """Refuse like `append`."""
        _ = box, deposit
        raise LocalError("venue-changed", address=register)


def named(desk: Desk) -> Hosting | None:
    """Return the host that all have named and that this desk has not moved to; None if it is where the talks are."""
    if desk.talks.roster.rules not in VERSIONS or not desk.common.has_ended:
        return None
    return desk.talks.roster.hosts.now


def check_place(desk: Desk) -> None:
    """Pass if this desk is with the host of the talks and knows their rules.

    Raises:
        LocalError: `rules-newer`, `venue-changed`.
        RemoteError: `venue-not-named`: whoever brought this desk named a host that the record does not name.
    """
    desk.talks.check_rules()
    hosting = named(desk)
    if hosting is not None:
        raise LocalError("venue-changed", address=hosting.address)
    known = {one.since: one for one in desk.talks.roster.hosts.hosts}
    for left in desk.common.ledger.left:
        if desk.talks.size >= left.term.cut and known and left.term.cut not in known:
            continue  # whoever joins cannot read the act before it has been handed the roster's secrets
        one = known.get(left.term.cut)
        if one is not None and one.host != left.host:
            raise RemoteError("venue-not-named", address=desk.identity.place.url)


def go_on(desk: Desk) -> Moved | None:
    """Move this desk to the host that all have named, if there is one; return where it is then (rules 1 to 3).

    Raises:
        OperationalError: `venue-not-ready`; the desk stays and may try again.
        RemoteError: `venue-differs`.
    """
    hosting = named(desk)
    if hosting is None:
        return None
    _keep_terms(desk)
    client = _client(desk, hosting.address, hosting.posting)
    try:
        return _move(desk, hosting, client)
    except HostConvictedError as convicted:
        desk.storage.put("stopped", convicted.code.encode())
        raise
    finally:
        client.close()


def check_known(event: Event) -> None:
    """Pass unless an event names rules that this release does not know (R-159).

    Raises:
        LocalError: `rules-unknown-here`.
    """
    if isinstance(event, RulesUpgraded) and event.rules not in VERSIONS:
        raise LocalError("rules-unknown-here", rules=event.rules)


def follow(desk: Desk) -> Moved | None:
    """Do `go_on` unless the desk talks by courier, and asks nothing of any network."""
    return None if desk.by_courier else go_on(desk)


def by_card(desk: Desk, data: bytes) -> Moved:
    """Move this desk by the card of the new venue, where the old one does not answer (rule 4).

    Raises:
        OperationalError: `venue-not-ready`.
        RemoteError: `venue-card-wrong`, `venue-differs`, `venue-not-named`.
    """
    card, ledger = read_card(data), desk.common.ledger
    client = _client(desk, card.address, card.posting)
    try:
        if named(desk) is None:
            _catch_up(desk, desk.common, client, _term(client, ledger.register, card.address), card.address)
    except HostConvictedError as convicted:
        desk.storage.put("stopped", convicted.code.encode())
        raise
    finally:
        client.close()
    hosting = named(desk)
    if hosting is None or list(hosting.host) != card.for_register(ledger.register).vkeys:
        raise RemoteError("venue-not-named", address=card.address)
    moved = go_on(desk)
    assert moved is not None  # `named` has just said so
    return moved


def register_file(desk: Desk) -> bytes:
    """Return the file by which the new host takes over the register and this delegation's caucus (spec/moving.md 3.1).

    Raises:
        LocalError: `not-first-desk`; `venue-stays` if no other host is named, or this desk has moved.
        OperationalError: the old host does not show how its part ends.
    """
    if desk.identity.enrolment is None:
        raise LocalError("not-first-desk")
    hosting = named(desk)
    if hosting is None:
        raise LocalError("venue-stays")
    _keep_terms(desk, strict=True)
    keys = hosting.keys
    name = keys.origin.rpartition("/t/")[0]
    parts = tuple(_part(desk, book) for book in (desk.common, desk.caucus))
    filed = f"{_FILED}{desk.caucus.ledger.register}/{len(desk.caucus.ledger.left)}"
    if desk.storage.get(filed) is None:
        desk.storage.put(filed, str(parts[1].term.cut).encode())
    statement = Statement(
        talks=desk.identity.place.talks,
        delegation=desk.identity.place.delegation,
        host=tuple(keys.named(f"{name}/t/{NOBODY}").vkeys),
        registers=parts,
        desks=_seats(desk),
    )
    return write_file(statement, desk.certificate, desk.signer)


def _move(desk: Desk, hosting: Hosting, client: VenueClient) -> Moved:
    """Check what the new host shows, and move."""
    lefts: list[tuple[Book[Any], Left]] = []
    gone: list[Kept] = []
    for book in _books(desk):
        term = _term(client, book.ledger.register, hosting.address)
        filed = desk.storage.get(f"{_FILED}{book.ledger.register}/{len(book.ledger.left)}")
        if (book is desk.common and term.cut != hosting.since) or (filed and term.cut < int(filed)):
            raise RemoteError("venue-differs", address=hosting.address, why="another cut")
        if list(term.old) != book.ledger.keys.vkeys:
            raise RemoteError("venue-differs", address=hosting.address, why="another former host")
        if book.ledger.size < term.cut:
            _catch_up(desk, book, client, term, hosting.address)
        keys = hosting.keys.named(f"{hosting.keys.origin.rpartition('/')[0]}/{book.ledger.register}")
        _check_continued(book, term, keys, client, hosting.address)
        lefts.append((book, Left(term=term, host=tuple(keys.vkeys))))
    place = msgspec.structs.replace(desk.identity.place, url=hosting.address)
    identity = msgspec.structs.replace(
        desk.identity,
        place=place,
        posting=_secret(desk, hosting.posting, "posting", desk.identity.statement.desk),
        enrolment=desk.identity.enrolment and _secret(desk, hosting.posting, "enrolment", place.delegation),
    )
    try:
        with desk.storage.transaction():
            for book, left in lefts:
                if book is not desk.common:
                    gone += book.shorten(left.term.cut)
                book.ledger.leave(left)
                desk.storage.put(f"note/{book.ledger.register}", b"")
            repeated = _repeat(desk, lefts, gone)
            desk.storage.put("identity", pack(identity))
    except BaseException:
        for book, _ in lefts:
            book.forget()  # what memory holds of another host, the disk does not
        desk.caucus.judge.common = desk.talks
        raise
    desk.identity = identity
    desk.client.move(hosting.address, identity.posting)
    desk.caucus.judge.common = desk.talks
    return Moved(hosting.address, hosting.keys.fingerprint, repeated)


def _check_continued(book: Book[Any], term: Term, keys: HostKeys, client: VenueClient, address: str) -> None:
    """Refuse a host that does not go on from our own leaves under the old host's signature (rule 1)."""
    ledger = book.ledger
    try:
        term.tree(ledger.tree.leaves(0, term.cut))
        root = ledger.tree.root(term.cut)
        now = keys.open(client.page(ledger.register, term.cut).checkpoint)
        if now.size < term.cut or (now.size == term.cut and now.root != root):
            raise RemoteError("register-broken", size=now.size)
        if now.size > term.cut:
            proof = client.consistency(ledger.register, term.cut, now.size)
            verify_consistency(term.cut, now.size, proof, root, now.root)
    except RemoteError as broken:
        raise RemoteError("venue-differs", address=address, why=broken) from None


def _catch_up(desk: Desk, book: Book[Any], client: VenueClient, term: Term, address: str) -> None:
    """Take what is missing below the cut, by the old host's signature (rule 4)."""
    ledger = book.ledger
    if list(term.old) != ledger.keys.vkeys or ledger.size > term.cut:
        raise RemoteError("venue-differs", address=address, why="another former host, or fewer entries")
    leaves = ledger.leaves()
    source = Former(client, ledger.register, term, leaves)
    try:
        with ledger.reading(source), Checks() as checks:
            book.catch_up(checks)
    except HostConvictedError:
        raise
    except RemoteError as broken:
        raise RemoteError("venue-differs", address=address, why=broken) from None
    desk.caucus.judge.common = desk.talks
    desk.judge_again()


def _repeat(desk: Desk, lefts: Sequence[tuple[Book[Any], Left]], gone: Sequence[Kept]) -> int:
    """Put what the cuts left behind of ours before all that waits; return how many entries that is (rule 3)."""
    again: list[Outgoing] = []
    for book, left in lefts:
        register = book.ledger.register
        if book is not desk.common:
            again += [
                Outgoing(register=register, kinds=[int(leaf.kind)], bodies=[one.body])
                for one in gone
                if one.body is not None and int((leaf := Leaf.from_bytes(one.leaf)).kind) in _POSTED
            ]
        for name in desk.storage.names(f"{sending.SENT}{register}/"):
            if int(name.rpartition("/")[2]) >= left.term.cut:
                again.append(unpack(desk.storage.get(name) or b"", Outgoing))
            desk.storage.remove(name)
    for name in desk.storage.names("deposit/"):
        traces = boxes.traces_of(desk.storage, bytes.fromhex(name.partition("/")[2]))
        if traces is None or not traces.ends:
            desk.storage.remove(
                name
            )  # of a box that goes on at the new host, which is handed the deposit again
    desk.storage.post_first([pack(one) for one in again])
    return sum(len(one.bodies) for one in again)


def _keep_terms(desk: Desk, *, strict: bool = False) -> None:
    """Keep how the old host's parts end while it answers; with `strict` that it cannot be had is raised."""
    for book in _books(desk):
        ledger = book.ledger
        name = f"{_TERM}{ledger.register}/{len(ledger.left)}"
        if desk.storage.get(name) is not None and (book is desk.common or not strict):
            continue
        if ledger.note and stated(ledger.note) == ledger.size:
            term = Term(cut=ledger.size, old=tuple(ledger.keys.vkeys), note=ledger.note, tail=b"")
        else:
            try:
                term = term_of(desk.client, ledger.register, ledger.leaves(), ledger.keys)
            except GoodOfficesError:
                if strict:
                    raise
                continue
        desk.storage.put(name, pack(term))


def _part(desk: Desk, book: Book[Any]) -> Part:
    """Return a register as this desk has verified it, up to its cut."""
    ledger = book.ledger
    term = unpack(desk.storage.get(f"{_TERM}{ledger.register}/{len(ledger.left)}") or b"", Term)
    entries = tuple(Held(leaf=one.leaf, body=one.body) for index, one in book.all_kept() if index < term.cut)
    return Part(genesis=ledger.genesis_body, entries=entries, term=term)


def _seats(desk: Desk) -> tuple[Seat, ...]:
    """Return the desks of this delegation that go on: certified, and not recalled."""
    books = ((desk.talks.roster.book, desk.talks.size), (desk.home.caucus.book, desk.home.size))
    found = {
        one.statement.desk: one.statement.note
        for book, size in books
        for _, one in book.desks_at(size)
        if one.statement.delegation == desk.identity.place.delegation
    }
    return tuple(Seat(desk=name, note=note) for name, note in sorted(found.items()))


def _books(desk: Desk) -> list[Book[Any]]:
    """Return the registers of this desk: of a desk on duty or of a guest the common one alone."""
    return [desk.common, *([desk.caucus] if "caucus" in desk.identity.seats else [])]


def _term(client: VenueClient, register: str, address: str) -> Term:
    """Return the former host's term as the new one shows it."""
    try:
        return client.term(register)
    except OperationalError as refused:
        raise OperationalError("venue-not-ready", address=address) from refused


def _client(desk: Desk, address: str, posting: bytes) -> VenueClient:
    """Return a connection to a venue that this desk is not at yet."""
    name = desk.identity.statement.desk
    client = VenueClient(address, name, _secret(desk, posting, "posting", name))
    client.away = desk.client.away
    return client


def _secret(desk: Desk, posting: bytes, purpose: str, name: str) -> bytes:
    """Return what this desk and a venue with this posting key share (spec/moving.md 1.3)."""
    talks = desk.identity.place.talks
    return moved_secret(desk.identity.note_seed, posting, talks=talks, purpose=purpose, name=name)


def proposal(data: bytes, until: int | None = None) -> VenueChanged:
    """Return the act that names the venue of a card.

    Raises:
        RemoteError: `venue-card-wrong`, `too-large`, `unknown-version`.
    """
    card = read_card(data)
    return VenueChanged(
        address=card.address, host=card.host, posting=card.posting, signed=card.signed, until=until
    )


def number_of(event: VenueChanged) -> str:
    """Return the number of the host that an act names, for people to compare: 64 hexadecimal digits; empty if it names none."""
    try:
        return HostKeys(event.host).fingerprint
    except RemoteError:
        return ""
