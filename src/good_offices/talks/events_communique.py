"""The events of a communiqué: proposed, accepted, signed, withdrawn, released.

This module decides their forms (spec/communique.md). It never decides whether one has effect.

1. A proposal names a text by its hash over all languages, and says what the text does not: titles as they are printed, by
   which names the delegations are called in public, and the embargo.
2. Acceptance and signature are two acts: what all have accepted can still be withdrawn by whoever has not signed, and only a
   signature leaves the talks.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.talks.event import Acceptable, Happened


class CommuniqueProposed(Acceptable, frozen=True, kw_only=True):
    """A tabled text is proposed for release; the content hash of this event is what the others accept and sign.

    `names` are the delegations' names in public, `embargo` is in milliseconds since 1970 (0: none), and in words.
    """

    instrument: str
    digest: bytes
    titles: dict[str, str]
    names: dict[str, str]
    embargo: int = 0
    embargo_words: str = ""


class CommuniqueAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the communiqué whose proposal has this content hash."""

    communique: bytes


class CommuniqueSigned(Happened, frozen=True, kw_only=True):
    """A desk signs the record in clear of a communiqué that all have accepted; the signature is for the public."""

    communique: bytes
    signature: bytes


class CommuniqueWithdrawn(Happened, frozen=True, kw_only=True):
    """A delegation that has not signed wants this communiqué released no more."""

    communique: bytes


class CommuniqueReleased(Happened, frozen=True, kw_only=True):
    """The author's desk hands the communiqué to the host, which shows it to everybody."""

    communique: bytes


CommuniqueEvent: TypeAlias = (
    CommuniqueProposed | CommuniqueAccepted | CommuniqueSigned | CommuniqueWithdrawn | CommuniqueReleased
)
