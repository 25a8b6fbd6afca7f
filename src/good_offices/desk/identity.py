"""Who this desk is: its keys, its place at the venue, and the files that bring a desk into being.

This module decides what an invitation and a hand-over file hold, and what a desk makes of them. It never talks to
the venue.

1. An invitation is the host's, one for each party; the first desk that opens it makes the delegation's root.
2. A hand-over file is a delegation's own, one for each further desk; it carries a one-time secret that ties the joining
   desk's public keys to the person who was given the file.
3. The root and its successor leave in two kits; the desk's everyday folder needs neither.
4. Standing lists come with the invitation and with every hand-over, as the host signed them; a desk is not founded on a
   calendar that is not signed, or that cannot be sounded.
"""

from __future__ import annotations

import hashlib
import secrets
from typing import Final

import msgspec
from msgspec import field

from good_offices.encoding import Record, check_words, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.register.genesis import Genesis
from good_offices.seals.domains import Domain
from good_offices.seals.exchange import x25519_public
from good_offices.seals.pairs import ACT, ROOT, PairSigner
from good_offices.seals.signatures import Ed25519Signer
from good_offices.seals.wraps import KemKey
from good_offices.talks.credentials import (
    Introduction,
    Root,
    Statement,
    certificate_message,
    handover_mac,
    room_id,
    successor_commitment,
)
from good_offices.talks.sounding_acts import check_calendar
from good_offices.talks.soundings import read_calendar
from good_offices.transport.pages import INVITATION, Invitation
from good_offices.transport.signing import posting_secret

# A calendar of standing lists has up to 480 KiB.
MAX_FILE: Final = 768 * 1024
_HAND_OVER: Final = b"good-offices/hand-over/1"


class Place(Record, kw_only=True):
    """Where the talks are, for one delegation."""

    url: str
    talks: bytes
    genesis: bytes
    common: str
    caucus: str
    caucus_genesis: bytes
    delegation: str


class Person(Record, kw_only=True):
    """A member as its delegation accredits it."""

    member: str
    name: str
    capacity: str
    level: str
    powers: list[str]
    capital: bool = False
    duty: bool = False
    guest: bool = False


class HandOver(Record, kw_only=True, tag="good-offices/hand-over/1", tag_field="form"):
    """The file that a further desk of a delegation opens; secret."""

    place: Place
    person: Person
    delegation_name: str
    desk: str
    posting: bytes
    secret: bytes
    number: str | None = None
    calendar: bytes = b""
    calendar_note: bytes = b""
    # The hosts that the talks have left, as a desk keeps them (spec/moving.md 4.4).
    left: dict[str, bytes] = field(default_factory=dict)


class Identity(Record, kw_only=True, tag="good-offices/identity/1", tag_field="form"):
    """What a desk keeps sealed about itself."""

    place: Place
    person: Person
    delegation_name: str
    statement: Statement
    posting: bytes
    act_seed: bytes
    note_seed: bytes
    cosigner_seed: bytes
    enrolment: bytes | None = None

    @property
    def signer(self) -> PairSigner:
        """The key pair that signs this desk's acts."""
        return ACT.signer(self.act_seed)

    @property
    def rooms(self) -> dict[str, str]:
        """The ids of the rooms this desk reads, by name."""
        talks = self.place.talks
        caucus = f"caucus/{self.place.delegation}"
        names = {"roster": "roster", "plenary": "plenary", "sounding": "sounding", "caucus": caucus}
        return {name: room_id(whole, talks) for name, whole in names.items()}

    @property
    def seats(self) -> dict[str, str]:
        """The ids of the rooms in which this desk has a place: the capital's in the caucus alone, a duty desk's in two.

        A guest's are the roster and the plenary; into a group it is wrapped by its key for the plenary.
        """
        if self.person.capital:
            theirs: tuple[str, ...] = ("caucus",)
        elif self.person.guest:
            theirs = ("roster", "plenary")
        else:
            theirs = ("roster", "sounding") if self.person.duty else tuple(self.rooms)
        return {name: self.rooms[name] for name in theirs}


class NewDesk(Record, kw_only=True):
    """All that opening a desk makes: written together, or not at all."""

    identity: Identity
    kem_seeds: dict[str, bytes]
    introductions: dict[str, bytes]
    root_seed: bytes | None = None
    successor_seed: bytes | None = None


def read_invitation(data: bytes) -> Invitation | HandOver:
    """Return the invitation or hand-over file after checking its genesis against the talks id, and its calendar.

    Raises:
        LocalError: `invitation-damaged`, `calendar-not-signed`, `calendar-unusable`.
    """
    try:
        found: Invitation | HandOver
        if _HAND_OVER in data:
            found = unpack(data, HandOver, what="the hand-over file", limit=MAX_FILE)
        else:
            found = unpack(data, Invitation, what="the invitation", limit=MAX_FILE)
            if found.form != INVITATION:
                raise RemoteError("unknown-version", what="the invitation", version=found.form)
        _check_place(found.place if isinstance(found, HandOver) else found)
    except RemoteError as broken:
        raise LocalError("invitation-damaged", why=broken.code) from None
    _check_calendar(found)
    return found


def _check_calendar(found: Invitation | HandOver) -> None:
    """Pass if there are no standing lists, or lists that the host signed for these talks and that can be sounded.

    Raises:
        LocalError: `calendar-not-signed`, `calendar-unusable`.
    """
    if not (found.calendar or found.calendar_note):
        return
    genesis = Genesis.parse((found.place if isinstance(found, HandOver) else found).genesis)
    try:
        genesis.keys.open_calendar(found.calendar_note, found.calendar)
    except RemoteError as broken:
        raise LocalError("calendar-not-signed", why=broken.code) from None
    try:
        check_calendar(read_calendar(found.calendar), len(genesis.delegations))
    except GoodOfficesError as broken:
        raise LocalError("calendar-unusable", why=broken.code) from None


def _check_place(place: Place | Invitation) -> None:
    """Pass if talks, registers, delegation and both geneses belong to each other and to one host.

    A host that could put another caucus there would read nothing, but would have the caucus posted where the other
    delegation stores it.

    Raises:
        RemoteError: `genesis-invalid`, `genesis-differs`, and as `Genesis.parse`.
    """
    common, caucus = Genesis.parse(place.genesis), Genesis.parse(place.caucus_genesis)
    caucus.check_caucus(place.genesis)
    if hashlib.sha256(place.genesis).digest() != place.talks:
        raise RemoteError("genesis-differs")
    named = (common.register, caucus.register, caucus.caucus.delegation if caucus.caucus else "")
    if named != (place.common, place.caucus, place.delegation):
        raise RemoteError("genesis-differs")


def first_desk(invitation: Invitation, delegation_name: str, name: str, capacity: str) -> NewDesk:
    """Return a delegation's first desk with a new root and successor (spec/credentials.md section 5).

    Raises:
        LocalError: `text-not-plain` for a name that is not plain text.
    """
    root_seed, successor_seed = secrets.token_bytes(64), secrets.token_bytes(64)
    signer = ROOT.signer(root_seed)
    successor = successor_commitment(ROOT.signer(successor_seed).public)
    root = Root(public=signer.public, successor=successor)
    place = Place(
        url=invitation.url,
        talks=invitation.talks,
        genesis=invitation.genesis,
        common=invitation.common,
        caucus=invitation.caucus,
        caucus_genesis=invitation.caucus_genesis,
        delegation=invitation.delegation,
    )
    powers = ["agree", "initial", "propose", "release", "sign", "speak", "table"]
    person = Person(
        member=secrets.token_hex(16), name=name, capacity=capacity, level="leaders", powers=powers
    )
    desk = secrets.token_hex(16)
    identity = _identity(
        place, person, delegation_name, desk, posting_secret(invitation.enrolment, desk), invitation.enrolment
    )
    certificate = signer.sign(Domain.CERTIFICATE, certificate_message(identity.statement, root))
    new = _introduced(identity, root=root, certificate=certificate, secret=None)
    return msgspec.structs.replace(new, root_seed=root_seed, successor_seed=successor_seed)


def further_desk(handover: HandOver) -> NewDesk:
    """Return a desk that joins its delegation under a hand-over file (spec/credentials.md section 5)."""
    identity = _identity(
        handover.place, handover.person, handover.delegation_name, handover.desk, handover.posting, None
    )
    return _introduced(identity, root=None, certificate=None, secret=handover.secret)


def kem_public(seed: bytes) -> bytes:
    """Return the public key of a room's KEM seed."""
    return KemKey(seed).public


def _identity(
    place: Place, person: Person, delegation_name: str, desk: str, posting: bytes, enrolment: bytes | None
) -> Identity:
    """Return an identity with fresh keys."""
    for what, words in (("the delegation's name", delegation_name), ("the name", person.name)):
        check_words(words, what=what)
    check_words(person.capacity, what="the capacity")
    act_seed, note_seed, cosigner_seed = (
        secrets.token_bytes(64),
        secrets.token_bytes(32),
        secrets.token_bytes(32),
    )
    statement = Statement(
        talks=place.talks,
        delegation=place.delegation,
        member=person.member,
        desk=desk,
        act=ACT.signer(act_seed).public,
        note=x25519_public(note_seed),
        cosigner=Ed25519Signer(cosigner_seed).public,
        capital=person.capital,
        duty=person.duty,
        guest=person.guest,
    )
    return Identity(
        place=place,
        person=person,
        delegation_name=delegation_name,
        statement=statement,
        posting=posting,
        act_seed=act_seed,
        note_seed=note_seed,
        cosigner_seed=cosigner_seed,
        enrolment=enrolment,
    )


def _introduced(
    identity: Identity, *, root: Root | None, certificate: bytes | None, secret: bytes | None
) -> NewDesk:
    """Return the new desk with its introduction in the register where it stands."""
    seeds = {room: secrets.token_bytes(32) for room in identity.seats.values()}
    kems = {room: kem_public(seed) for room, seed in seeds.items()}
    plain = Introduction(
        statement=identity.statement,
        kems=kems,
        root=root,
        certificate=certificate,
        handover=None if secret is None else handover_mac(secret, identity.statement, kems),
    )
    possession = identity.signer.sign(Domain.INTRODUCTION, plain.unsigned())
    # The capital stands only in the caucus register; everyone else is introduced where both sides read.
    register = identity.place.caucus if identity.person.capital else identity.place.common
    body = pack(msgspec.structs.replace(plain, possession=possession))
    return NewDesk(identity=identity, kem_seeds=seeds, introductions={register: body})
