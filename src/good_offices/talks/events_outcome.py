"""The events of the outcome: initials, signatures, deposit, and the closing record.

This module decides their forms (spec/talks.md section 8). It never decides who may sign.

1. Each names the instrument by the hash over all its authentic languages: nothing else is initialled or signed.
2. The closing record says everything that a stranger needs to check the outcome, and no more.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.encoding import Record
from good_offices.talks.event import Acceptable, Happened


class Head(Record, frozen=True, kw_only=True):
    """A register at one size, by its root."""

    size: int
    root: bytes


class ClosingRoot(Record, frozen=True, kw_only=True):
    """A delegation's root, by its fingerprint."""

    delegation: str
    fingerprint: str


class ClosingText(Record, frozen=True, kw_only=True):
    """An instrument in one language, by the hash of its units' words."""

    instrument: str
    language: str
    digest: bytes


class ClosingInstrument(Record, frozen=True, kw_only=True):
    """An instrument by its hash over all languages, and how far it came."""

    instrument: str
    digest: bytes
    adopted: bool = False


class Signatory(Record, frozen=True, kw_only=True):
    """Who initialled or signed what, by which act, under which full powers."""

    instrument: str
    how: str
    delegation: str
    member: str
    name: str
    capacity: str
    certificate: bytes
    index: int
    act: bytes
    full_powers: bytes | None = None
    confirmed: bytes | None = None


class Disclosed(Record, frozen=True, kw_only=True):
    """A register entry that the outcome shows."""

    index: int
    leaf: bytes


class ClosingRecord(Record, frozen=True, kw_only=True, tag="good-offices/closing-record/1", tag_field="form"):
    """What every delegation signs of the outcome (spec/talks.md section 9)."""

    talks: bytes
    rules: int
    suite: str
    head: Head
    state: bytes
    roots: tuple[ClosingRoot, ...]
    modalities: bytes | None = None
    agenda: tuple[bytes, ...] = ()
    instruments: tuple[ClosingInstrument, ...] = ()
    texts: tuple[ClosingText, ...] = ()
    signatories: tuple[Signatory, ...] = ()
    disclosed: tuple[Disclosed, ...] = ()
    cosigners: tuple[bytes, ...] = ()


class TextInitialled(Happened, frozen=True, kw_only=True):
    """A member initials the text: it is authentic and definitive (VCLT 10)."""

    instrument: str
    digest: bytes


class SignedAdReferendum(Happened, frozen=True, kw_only=True):
    """A member signs, subject to confirmation by the capital (VCLT 12)."""

    instrument: str
    digest: bytes


class SignatureConfirmed(Happened, frozen=True, kw_only=True):
    """A signature ad referendum is confirmed; `signature` is the act that signed."""

    instrument: str
    digest: bytes
    signature: bytes


class InstrumentSigned(Happened, frozen=True, kw_only=True):
    """A member with full powers signs for its delegation."""

    instrument: str
    digest: bytes


class InstrumentDeposited(Acceptable, frozen=True, kw_only=True):
    """The depositary that all designate: a delegation, which has received the signed instrument, or one admitted (VCLT 76, 77)."""

    instrument: str
    digest: bytes
    depositary: str
    place: str = ""


class ClosingRecordSigned(Acceptable, frozen=True, kw_only=True):
    """A delegation signs the closing record; complete when all have signed the same."""

    record: ClosingRecord


OutcomeEvent: TypeAlias = (
    TextInitialled
    | SignedAdReferendum
    | SignatureConfirmed
    | InstrumentSigned
    | InstrumentDeposited
    | ClosingRecordSigned
)
