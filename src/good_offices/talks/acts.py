"""The act: what a member's desk signs, and the bytes that are hashed. See spec/talks.md section 1.

This module decides the form of an act and of the signature over it. It never decides whether an act has effect.

1. An act is signed as bytes: a reader keeps the bytes it verified and never the bytes it would have made.
2. An act names its author's certificate, its room, the epoch's manifest, its place in the author's chain of this
   room, what its author had seen, and the state its author had computed from that.
3. The hash of an act is SHA-256 over those bytes; the next act in the chain names it.
"""

from __future__ import annotations

import hashlib
from typing import Final, TypeAlias

from good_offices.encoding import Record, pack, unpack
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT, PairSigner
from good_offices.talks.events_after import AfterEvent
from good_offices.talks.events_communique import CommuniqueEvent
from good_offices.talks.events_conditions import ConditionsEvent
from good_offices.talks.events_depositary import DepositaryEvent
from good_offices.talks.events_guests import GuestsEvent
from good_offices.talks.events_meetings import MeetingsEvent
from good_offices.talks.events_moving import MovingEvent
from good_offices.talks.events_outcome import OutcomeEvent
from good_offices.talks.events_papers import PapersEvent
from good_offices.talks.events_plenary import PlenaryEvent
from good_offices.talks.events_rooms import RoomsEvent
from good_offices.talks.events_roster import RosterEvent
from good_offices.talks.events_silence import SilenceEvent
from good_offices.talks.events_sounding import SoundingEvent
from good_offices.talks.events_text import TextEvent

NO_ACT: Final = bytes(32)
ACT_LIMIT: Final = 8 * 1024 * 1024

Event: TypeAlias = (
    RosterEvent
    | PlenaryEvent
    | TextEvent
    | OutcomeEvent
    | AfterEvent
    | SoundingEvent
    | RoomsEvent
    | MeetingsEvent
    | PapersEvent
    | ConditionsEvent
    | CommuniqueEvent
    | SilenceEvent
    | GuestsEvent
    | DepositaryEvent
    | MovingEvent
)


class Seen(Record, frozen=True, kw_only=True):
    """The register as the author had seen it; `signature` is the host's Ed25519 note signature, 64 bytes."""

    size: int
    root: bytes
    signature: bytes = b""


class Act(Record, frozen=True, kw_only=True, tag="good-offices/act/1", tag_field="form"):
    """An event with its author, place and circumstances (spec/talks.md R-1)."""

    talks: bytes
    room: str
    author: bytes
    manifest: bytes
    sequence: int
    previous: bytes
    seen: Seen
    common: Seen | None = None
    state: bytes
    time: int
    event: Event


class SignedAct(Record, frozen=True, kw_only=True, tag="good-offices/signed-act/1", tag_field="form"):
    """The bytes of an act and the pair of signatures over them (spec/talks.md R-2)."""

    act: bytes
    signature: bytes

    @property
    def hash(self) -> bytes:
        """The act hash: 32 bytes."""
        return act_hash(self.act)

    def opened(self) -> Act:
        """Return the act that the bytes stand for.

        Raises:
            RemoteError: `too-large`, `not-canonical` or `text-not-plain`.
        """
        return unpack(self.act, Act, what="an act", limit=ACT_LIMIT)

    def verify(self, public: bytes) -> None:
        """Pass if the desk with this public key signed these bytes as an act.

        Raises:
            RemoteError: `signature-invalid`.
        """
        ACT.verify(Domain.ACT, public, self.signature, self.act)


def act_hash(act: bytes) -> bytes:
    """Return the hash of an act's bytes: 32 bytes."""
    return hashlib.sha256(act).digest()


def sign_act(act: Act, signer: PairSigner) -> SignedAct:
    """Return the act as bytes with the pair of signatures over them (spec/talks.md R-2)."""
    data = pack(act)
    return SignedAct(act=data, signature=signer.sign(Domain.ACT, data))
