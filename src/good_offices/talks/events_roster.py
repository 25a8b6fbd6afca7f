"""The events of the roster: who is accredited, who reads, whose keys were compared.

This module decides the forms of spec/credentials.md sections 4 to 7 and spec/rooms.md. It never checks a signature:
that is `talks.roster`.

1. What a root states is a record of its own with the talks and the delegation inside, signed as a whole, so that
   it can be carried to no other talks and to no other delegation.
2. Accreditations of a member are numbered; an older one never comes back into force.
"""

from __future__ import annotations

from good_offices.encoding import Record
from good_offices.talks.credentials import Manifest, Statement, Succession
from good_offices.talks.event import Happened, Level, Power


class DelegationAccreditation(
    Record, frozen=True, kw_only=True, tag="good-offices/delegation/1", tag_field="form"
):
    """What a root states of its delegation: the name it gives itself, and for whom it negotiates."""

    talks: bytes
    delegation: str
    name: str
    represents: str = ""
    number: int = 0


class MemberAccreditation(Record, frozen=True, kw_only=True, tag="good-offices/member/1", tag_field="form"):
    """The credentials of a member; `powers` sorted, each once; `capital` members act only in the caucus."""

    talks: bytes
    delegation: str
    member: str
    name: str
    capacity: str
    level: Level
    powers: tuple[Power, ...] = ()
    capital: bool = False
    number: int = 0


class Recall(Record, frozen=True, kw_only=True, tag="good-offices/recall/1", tag_field="form"):
    """The end of a member's credentials and of all the member's desks, for good."""

    talks: bytes
    delegation: str
    member: str


class DelegationAccredited(Happened, frozen=True, kw_only=True):
    """A delegation names itself; signed by its root."""

    accreditation: DelegationAccreditation
    signature: bytes


class MemberAccredited(Happened, frozen=True, kw_only=True):
    """A member has credentials, or new ones; signed by the root."""

    accreditation: MemberAccreditation
    signature: bytes


class DeskCertified(Happened, frozen=True, kw_only=True):
    """A desk that was introduced is certified; the signature is the root's over `certificate_message`."""

    statement: Statement
    signature: bytes


class MemberRecalled(Happened, frozen=True, kw_only=True):
    """A member is recalled; signed by the root."""

    recall: Recall
    signature: bytes


class RootSucceeded(Happened, frozen=True, kw_only=True):
    """The successor root takes over; signed by the key that the last root committed to."""

    succession: Succession
    signature: bytes


class KeysCompared(Happened, frozen=True, kw_only=True):
    """A member has compared the number with every other delegation; `number` is the hash of its 60 digits."""

    number: bytes


class ManifestIssued(Happened, frozen=True, kw_only=True):
    """A room has a new epoch; `wraps` is the SHA-256 of the wraps entry that carries its secret."""

    manifest: Manifest
    wraps: bytes


class KeyRenewed(Happened, frozen=True, kw_only=True):
    """The author's next key for the epochs of `room`; the old one is destroyed."""

    room: str
    kem: bytes


class EpochSecret(Record, frozen=True, kw_only=True):
    """The secret of an earlier epoch, named by its manifest's hash."""

    manifest: bytes
    secret: bytes


class EpochsHandedOver(Happened, frozen=True, kw_only=True):
    """Epoch secrets of `room`, for those who joined later; in a caucus also of the common rooms, for the capital."""

    room: str
    epochs: tuple[EpochSecret, ...]


RosterEvent = (
    DelegationAccredited
    | MemberAccredited
    | DeskCertified
    | MemberRecalled
    | RootSucceeded
    | KeysCompared
    | ManifestIssued
    | KeyRenewed
    | EpochsHandedOver
)
