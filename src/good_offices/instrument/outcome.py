"""The files of the outcome: the bundle, a single disclosed act, a receipt and evidence with their genesis.

This module decides the forms of spec/outcome.md sections 1 and 9. It never decides whether one of them holds: that is
`verify`.

1. A bundle is one record: its canonical bytes are the file, and every byte of it is checked by some step.
2. Entries stand in the order of their index, genesis first; an entry is leaf, proof, body, and the message key of
   an envelope.
3. A renewal chain (in the manner of RFC 4998) is reserved: in this version it is empty, so that a later release
   can renew old files without changing what they say.
"""

from __future__ import annotations

from typing import Final

from good_offices.encoding import Record, pack
from good_offices.errors import RemoteError
from good_offices.register.forms import read

OUTCOME: Final = "good-offices/outcome/1"
DISCLOSURE: Final = "good-offices/disclosure/1"
RECEIPT: Final = "good-offices/receipt/1"
EVIDENCE: Final = "good-offices/evidence/1"
MAX_FILE: Final = 16 * 1024 * 1024


class Shown(Record, frozen=True, kw_only=True):
    """A register entry that is shown: its 50-byte leaf, its inclusion proof, its body, and what opens it."""

    index: int
    leaf: bytes
    proof: tuple[bytes, ...]
    body: bytes
    key: bytes | None = None


class Cosignature(Record, frozen=True, kw_only=True):
    """A desk's cosigned note, and the consistency proof from it to the checkpoint of the file."""

    note: bytes
    proof: tuple[bytes, ...] = ()


class Outcome(Record, frozen=True, kw_only=True):
    """The outcome bundle (spec/outcome.md section 1); unverified."""

    form: str
    checkpoint: bytes
    head: tuple[bytes, ...]
    entries: tuple[Shown, ...]
    texts: tuple[bytes, ...] = ()
    cosignatures: tuple[Cosignature, ...] = ()
    renewals: tuple[bytes, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> Outcome:
        """Return the bundle that `data` stands for, unverified (spec/outcome.md section 1).

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        outcome = read(data, cls, OUTCOME, what="the outcome", limit=MAX_FILE)
        if outcome.renewals:
            raise RemoteError(
                "unknown-version", what="the renewal chain of the outcome", version="1 or later"
            )
        return outcome


class Disclosure(Record, frozen=True, kw_only=True):
    """One act with the entries that name its author (spec/outcome.md section 9); unverified.

    The last entry is the act that is disclosed; those before it are its genesis, introductions and credentials.
    """

    form: str
    checkpoint: bytes
    entries: tuple[Shown, ...]

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> Disclosure:
        """Return the disclosure that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, DISCLOSURE, what="the disclosure", limit=MAX_FILE)


class ReceiptFile(Record, frozen=True, kw_only=True):
    """A receipt with the leaf it is for and the genesis that names the host (spec/outcome.md section 9).

    `moved` are the keys of a host that was not the first (spec/moving.md 7.1).
    """

    form: str
    genesis: bytes
    leaf: bytes
    receipt: str
    moved: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> ReceiptFile:
        """Return the receipt file that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, RECEIPT, what="the receipt", limit=MAX_FILE)


class EvidenceFile(Record, frozen=True, kw_only=True):
    """Evidence of two histories with the genesis that names the host (spec/outcome.md section 9).

    `moved` are the keys of a host that was not the first (spec/moving.md 7.1).
    """

    form: str
    genesis: bytes
    fork: bytes
    moved: tuple[str, ...] = ()

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> EvidenceFile:
        """Return the evidence file that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, EVIDENCE, what="the evidence", limit=MAX_FILE)
