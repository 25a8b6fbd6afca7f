"""The pouch: talks by courier. A letter goes to the venue, a pouch comes back; both are files.

This module decides the two forms, who wrote a letter, and whether a pouch agrees with itself and the host's signature
(spec/transport.md section 9). It never decides what a desk takes from a pouch: `desk.ledger` does, as from the network.

1. A letter is authenticated by its own content: whoever carries it may hand it in, any number of times.
2. Its MAC and an enrolment's are HMAC-SHA256 over the packed letter without them, under a label each, so that neither
   passes for the other or for a signed request.
3. A pouch is read by itself: its leaves, from the peaks before them on, lead to the root that the host signed.
4. No byte of a pouch is outside what is checked: a proof where none is due is refused. The names of desk and delegation, the
   outbox's places and the desks' own signatures are the desk's to check.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

import msgspec

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import RemoteError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Genesis
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.note import Note
from good_offices.register.peaks import root_after
from good_offices.register.proofs import verify_consistency, verify_inclusion
from good_offices.transport.pages import MAX_ENTRIES, Page, Posted, Receipt
from good_offices.transport.signing import posting_secret

LETTER: Final = "good-offices/letter/1"
POUCH: Final = "good-offices/pouch/1"
MAX_LETTER: Final = 4 * 1024 * 1024
MAX_POUCH: Final = 16 * 1024 * 1024
MAX_WRITTEN: Final = 1024
MAX_CARRIED: Final = 8192
MAX_REGISTERS: Final = 2
_BY_DESK: Final = b"good-offices/v1/letter\x00"
_BY_DELEGATION: Final = b"good-offices/v1/letter-enrolment\x00"


class Held(Record, frozen=True, kw_only=True):
    """How many entries of a register the desk has verified, and its cosignature of that state, if any."""

    register: str
    have: int
    cosigned: bytes | None = None


class Item(Record, frozen=True, kw_only=True):
    """Entries that wait in the outbox together, at a place of its own there."""

    place: int
    register: str
    entries: list[Posted]


class Letter(Record, frozen=True, kw_only=True, tag=LETTER, tag_field="form"):
    """What a desk sends by courier; `enrolment` is the MAC of a first desk that the venue does not know yet."""

    desk: str
    delegation: str
    registers: list[Held]
    items: list[Item]
    enrolment: bytes | None = None
    mac: bytes = b""


class Receipted(Record, frozen=True, kw_only=True):
    """The receipts for what stood at one place of the outbox, under the part's checkpoint."""

    place: int
    receipts: list[Receipt]


class Part(Record, frozen=True, kw_only=True):
    """What a pouch brings of one register.

    `founding` is the receipt of the genesis, without which nobody but a desk could tell whose register this is. `before` are the peaks of the entries before the page; `consistency` leads from the end of the page to the
    checkpoint, where the page ends before it.
    """

    register: str
    genesis: bytes
    founding: Receipt
    before: list[bytes]
    page: Page
    consistency: list[bytes]
    receipts: list[Receipted]
    cosigned: list[bytes]
    # The verifier keys of a host that was not the first (spec/moving.md 5.3).
    host: tuple[str, ...] = ()

    @property
    def keys(self) -> HostKeys:
        """The keys by which the part's checkpoint is opened.

        Raises:
            RemoteError: as `Genesis.parse`, and `pouch-broken`.
        """
        genesis = Genesis.parse(self.genesis)
        keys = HostKeys(self.host) if self.host else genesis.keys
        if keys.origin.rpartition("/")[2] != genesis.register:
            raise RemoteError("pouch-broken", why="keys of another register")
        return keys


class Pouch(Record, frozen=True, kw_only=True, tag=POUCH, tag_field="form"):
    """The answer to a letter of this desk."""

    desk: str
    delegation: str
    parts: list[Part]


def seal_letter(letter: Letter, posting: bytes, enrolment: bytes | None = None) -> bytes:
    """Return the bytes of a letter with its MAC, and that of the enrolment key if given (spec/transport.md rule 9.3)."""
    bare = msgspec.structs.replace(letter, enrolment=None, mac=b"")
    if enrolment is not None:
        bare = msgspec.structs.replace(bare, enrolment=_mac(enrolment, _BY_DELEGATION, bare))
    return pack(msgspec.structs.replace(bare, mac=_mac(posting, _BY_DESK, bare)))


def read_letter(data: bytes) -> Letter:
    """Return a letter in its form, of which nothing is verified (spec/transport.md rules 9.1 and 9.2).

    Raises:
        RemoteError: `too-large`, `not-canonical` or `request-malformed`.
    """
    letter = unpack(data, Letter, what="the letter", limit=MAX_LETTER)
    names = [one.register for one in letter.registers]
    places = [item.place for item in letter.items]
    if not 1 <= len(names) <= MAX_REGISTERS or names != sorted(set(names)):
        raise RemoteError("request-malformed", why="the registers of a letter")
    if places != sorted(set(places)) or any(place < 0 for place in places):
        raise RemoteError("request-malformed", why="the places of a letter")
    if any(item.register not in names or not 1 <= len(item.entries) <= MAX_ENTRIES for item in letter.items):
        raise RemoteError("request-malformed", why="the entries of a letter")
    if sum(len(item.entries) for item in letter.items) > MAX_WRITTEN or any(
        one.have < 0 for one in letter.registers
    ):
        raise RemoteError("request-malformed", why="a number in a letter")
    return letter


def verify_letter(letter: Letter, posting: bytes) -> None:
    """Pass if the desk with this posting secret wrote the letter (spec/transport.md rule 9.3).

    Raises:
        RemoteError: `request-not-signed`.
    """
    bare = msgspec.structs.replace(letter, mac=b"")
    if not hmac.compare_digest(letter.mac, _mac(posting, _BY_DESK, bare)):
        raise RemoteError("request-not-signed")


def verify_enrolment(letter: Letter, enrolment: bytes) -> bytes:
    """Return the posting secret of a desk that the enrolment key enrols by this letter (spec/transport.md rule 9.4).

    Raises:
        RemoteError: `request-not-signed`.
    """
    bare = msgspec.structs.replace(letter, enrolment=None, mac=b"")
    if letter.enrolment is None or not hmac.compare_digest(
        letter.enrolment, _mac(enrolment, _BY_DELEGATION, bare)
    ):
        raise RemoteError("request-not-signed")
    return posting_secret(enrolment, letter.desk)


def read_pouch(data: bytes) -> Pouch:
    """Return a pouch after `check_part` of each of its parts (spec/transport.md rule 9.7).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `pouch-broken` and as `check_part`.
    """
    pouch = unpack(data, Pouch, what="the pouch", limit=MAX_POUCH)
    names = [part.register for part in pouch.parts]
    if not 1 <= len(names) <= MAX_REGISTERS or names != sorted(set(names)):
        raise RemoteError("pouch-broken", why="its registers")
    for part in pouch.parts:
        check_part(part)
    return pouch


def check_part(part: Part) -> Checkpoint:
    """Return the host's checkpoint after everything in the part has been led to its root (spec/transport.md rule 9.7).

    Raises:
        RemoteError: `pouch-broken`, `peaks-invalid`, `register-broken`, `consistency-invalid`, `inclusion-invalid`,
            and what the genesis, the note or a leaf is refused with.
    """
    checkpoint, page, leaves = _founded(part), part.page, _leaves(part)
    for note in part.cosigned:
        _check_cosigned(note, checkpoint)
    if page.start > checkpoint.size:
        # The venue has fewer entries than the desk: it says so with its checkpoint, and nothing else.
        if page.entries or part.before or part.consistency or part.receipts:
            raise RemoteError("pouch-broken", why="entries beyond the register")
        return checkpoint
    end = page.start + len(leaves)
    if end > checkpoint.size:
        raise RemoteError("pouch-broken", why="entries beyond the register")
    root = root_after(page.start, part.before, [leaf.hash for leaf in leaves])
    if 0 < end < checkpoint.size:
        verify_consistency(end, checkpoint.size, part.consistency, root, checkpoint.root)
    elif part.consistency:
        raise RemoteError("pouch-broken", why="a proof that nothing needs")
    elif end and root != checkpoint.root:
        raise RemoteError("register-broken", size=checkpoint.size)
    for receipt in (one for receipted in part.receipts for one in receipted.receipts):
        _check_receipt(receipt, checkpoint)
    return checkpoint


def _founded(part: Part) -> Checkpoint:
    """Return the host's checkpoint over a register that begins with the part's genesis."""
    genesis = Genesis.parse(part.genesis)
    if genesis.register != part.register:
        raise RemoteError("pouch-broken", why="a genesis of another register")
    checkpoint = part.keys.open(part.page.checkpoint)
    leaf = Leaf.from_bytes(part.founding.leaf)
    leaf.check_body(part.genesis)
    if part.founding.index != 0 or leaf.kind != Kind.GENESIS:
        raise RemoteError("pouch-broken", why="the genesis stands elsewhere")
    _check_receipt(part.founding, checkpoint)
    return checkpoint


def _check_receipt(receipt: Receipt, checkpoint: Checkpoint) -> None:
    """Refuse a receipt that does not lead to the checkpoint's root."""
    leaf = Leaf.from_bytes(receipt.leaf)
    verify_inclusion(receipt.index, checkpoint.size, leaf.hash, receipt.proof, checkpoint.root)


def _leaves(part: Part) -> list[Leaf]:
    """Return the leaves of a part's page, each body being the one that its leaf names."""
    entries = part.page.entries
    leaves = [Leaf.from_bytes(kept.leaf) for kept in entries]
    for leaf, kept in zip(leaves, entries, strict=True):
        if kept.body is not None:
            leaf.check_body(kept.body)
    return leaves


def _check_cosigned(note: bytes, checkpoint: Checkpoint) -> None:
    """Refuse what is not one line over a state of this register; whose line it is, desks know (rule 9.8)."""
    parsed = Note.parse(note, what="a cosignature")
    over = Checkpoint.parse(parsed.text)
    if len(parsed.signatures) != 1 or over.origin != checkpoint.origin or over.size > checkpoint.size:
        raise RemoteError("pouch-broken", why="a cosignature of another register")
    if over.size == checkpoint.size and over.root != checkpoint.root:
        raise RemoteError("pouch-broken", why="a cosignature of another history")


def _mac(key: bytes, label: bytes, letter: Letter) -> bytes:
    """Return the HMAC-SHA256 of a letter under a label."""
    return hmac.digest(key, label + pack(letter), hashlib.sha256)
