"""The events after the text: signature on paper, its procès-verbal, correction of errors, destruction.

This module decides their forms (spec/talks.md section 8). It never decides whether one has effect.

1. Each names the instrument by the hash that was adopted and signed; a correction does not change that hash.
2. What happened on paper, where and when, is what all delegations say of it together.
3. An error is notified with the words as they stand and the words as they should: nothing else is corrected by it.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.encoding import Record
from good_offices.talks.event import Acceptable, Happened


class PaperSignatory(Record, frozen=True, kw_only=True):
    """Who put a name to the paper, for which delegation, in which capacity."""

    delegation: str
    name: str
    capacity: str


class PaperSignatureAttested(Acceptable, frozen=True, kw_only=True):
    """All say together that an original on paper was signed; `scan` is the SHA-256 of the scanned page or document."""

    instrument: str
    digest: bytes
    scan: bytes
    place: str
    date: str
    signatories: tuple[PaperSignatory, ...]


class SignatureRecorded(Acceptable, frozen=True, kw_only=True):
    """The procès-verbal of signature, agreed by all: by language, who signed what, where and when, in their words."""

    instrument: str
    digest: bytes
    words: dict[str, str]


class Erratum(Record, frozen=True, kw_only=True):
    """Words of a provision in one language: as they stand, and as they should."""

    unit: str
    language: str
    found: str
    correct: str


class ErrorNotified(Acceptable, frozen=True, kw_only=True):
    """A signed text contains errors (VCLT 79). Of the depositary, `days` may be set within which to object."""

    instrument: str
    digest: bytes
    errata: tuple[Erratum, ...]
    days: int = 0


class CorrectionAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the correction whose notice has this content hash."""

    notice: bytes


class CorrectionObjected(Happened, frozen=True, kw_only=True):
    """A delegation objects to the correction whose notice has this content hash, and says why; one objection is enough."""

    notice: bytes
    text: str
    language: str


class DestructionAttested(Happened, frozen=True, kw_only=True):
    """A delegation says before it does so that it destroys its keys and its archive: its claim, which nobody can check."""

    text: str
    language: str


AfterEvent: TypeAlias = (
    PaperSignatureAttested
    | SignatureRecorded
    | ErrorNotified
    | CorrectionAccepted
    | CorrectionObjected
    | DestructionAttested
)
