"""The bodies of requests and answers, and the invitation file.

This module decides the forms of spec/transport.md section 3. It never verifies a leaf, a proof or a checkpoint: that
is the register's work, at the desk.

1. Every form is a `Record`, read by `unpack`.
2. What a venue reads and writes thousands of times a second is read and put together as bytes (`read_append`,
   `write_receipt`, `write_receipts`, `write_page`): canonical bytes have one form. Tests hold them equal to `unpack` and `pack`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from good_offices.encoding import Record, unpack

INVITATION: Final = "good-offices/invitation/1"
MAX_ENTRIES: Final = 256
MAX_PAGE: Final = 1000
LEAF: Final = 50


class Posted(Record, frozen=True):
    """One entry to append: its kind (spec/register.md) and its body."""

    kind: int
    body: bytes


class Append(Record, frozen=True):
    """The request to append entries, 1 to `MAX_ENTRIES`, contiguously and in order."""

    entries: list[Posted]


class Receipt(Record, frozen=True):
    """Where an entry stands: index, leaf record (50 bytes) and inclusion proof under the answer's checkpoint."""

    index: int
    leaf: bytes
    proof: list[bytes]


class Receipts(Record, frozen=True):
    """The answer to `Append`: one receipt for each entry, under one checkpoint (a signed note)."""

    checkpoint: bytes
    receipts: list[Receipt]


class Kept(Record, frozen=True):
    """One entry as kept: its leaf record and its body, or None where the body was destroyed."""

    leaf: bytes
    body: bytes | None


class Page(Record, frozen=True, rename={"start": "from"}):
    """Entries from index `start` on, and the current checkpoint, which may be ahead of them."""

    start: int
    entries: list[Kept]
    checkpoint: bytes


class Head(Record, frozen=True):
    """The current checkpoint alone."""

    checkpoint: bytes


class Inclusion(Record, frozen=True):
    """The proof that the leaf at `index` is in the tree of `size` leaves."""

    index: int
    size: int
    leaf: bytes
    proof: list[bytes]


class Consistency(Record, frozen=True):
    """The proof that the tree of `new` leaves continues the tree of `old` leaves."""

    old: int
    new: int
    proof: list[bytes]


class Cosigned(Record, frozen=True):
    """A checkpoint with exactly one more line: a desk's cosignature."""

    note: bytes


class Cosignatures(Record, frozen=True):
    """The cosigned notes that the venue holds for one size."""

    notes: list[bytes]


class Deposit(Record, frozen=True):
    """A deposit for the box that the path names."""

    deposit: bytes


class DepositReceipt(Record, frozen=True):
    """The host's word that it holds a deposit: a signed note (spec/soundings.md 9.3)."""

    note: bytes


class Released(Record, frozen=True):
    """A communiqué that all delegations signed, for everybody (spec/communique.md R-138)."""

    file: bytes


class Publication(Record, frozen=True):
    """The number of a communiqué that the host shows."""

    number: str


class Enrolment(Record, frozen=True):
    """A desk that may post and fetch for a delegation; both are ids of 32 hexadecimal digits."""

    desk: str
    delegation: str


class Problem(Record, frozen=True):
    """Why a request was refused; `time` is the venue's clock in seconds, where clocks are the reason."""

    code: str
    message: str
    remedy: str
    time: int | None = None


class Recovery(Record, frozen=True, rename={"start": "from"}):
    """Entries that a restored venue lost, with the host's own later checkpoint and the consistency proof to it."""

    start: int
    entries: list[Kept]
    checkpoint: bytes
    proof: list[bytes]


class Invitation(Record, frozen=True):
    """The file that a party is given: where the talks are, and the key that enrols its desks.

    With standing lists it has the host's calendar and the host's note on it, as bytes (spec/soundings.md 2.7).
    """

    form: str
    url: str
    talks: bytes
    genesis: bytes
    common: str
    caucus: str
    caucus_genesis: bytes
    delegation: str
    enrolment: bytes
    calendar: bytes = b""
    calendar_note: bytes = b""


_NULL: Final = b"\xf6"
_LEAF: Final = b"dleaf\x58\x32"
_RECEIPT: Final = b"\xa3" + _LEAF
HASH: Final = b"\x58\x20"
_PROVED: Final = len(HASH) + 32
_APPEND: Final = b"\xa1gentries"
_BODY: Final = b"\xa2dbody"
_BODY_256: Final = _BODY + b"\x59"
_KIND: Final = b"dkind"
# The bytes after the first in the head of a CBOR item, by its lowest five bits.
_EXTRA: Final = {24: 1, 25: 2, 26: 4, 27: 8}


def write_receipt(index: int, leaf: bytes, proof: bytes) -> bytes:
    """Return `Receipt(...)` within `write_receipts`; of `proof` each hash stands after `HASH`."""
    return b"".join(
        (_RECEIPT, leaf, b"eindex", _head(0, index), b"eproof", _head(4, len(proof) // _PROVED), proof)
    )


def write_receipts(checkpoint: bytes, receipts: Sequence[bytes]) -> bytes:
    """Return `pack(Receipts(...))` of what `write_receipt` gave; only the end of it depends on the checkpoint."""
    head, end = _head(4, len(receipts)), _head(2, len(checkpoint))
    return b"".join((b"\xa2hreceipts", head, *receipts, b"jcheckpoint", end, checkpoint))


def write_page(checkpoint: bytes, start: int, rows: Sequence[tuple[bytes, bytes | None]]) -> bytes:
    """Return `pack(Page(...))` of the rows (50-byte leaf, body or None)."""
    parts = [b"\xa3dfrom", _head(0, start), b"gentries", _head(4, len(rows))]
    for leaf, body in rows:
        if body is None:
            parts += (b"\xa2dbody", _NULL, _LEAF, leaf)
        else:
            parts += (b"\xa2dbody", _head(2, len(body)), body, _LEAF, leaf)
    parts += (b"jcheckpoint", _head(2, len(checkpoint)), checkpoint)
    return b"".join(parts)


def read_append(data: bytes, *, limit: int) -> Append:
    """Return `unpack(data, Append)` of a request of at most `limit` bytes (spec/transport.md rule 4.1).

    Raises:
        RemoteError: `too-large` or `not-canonical`.
    """
    entries = _read_entries(data) if len(data) <= limit else None
    # Whatever has not the one form is left to `unpack`, which says what is wrong with it.
    return unpack(data, Append, what="the request", limit=limit) if entries is None else Append(entries)


def _read_entries(data: bytes) -> list[Posted] | None:
    """Return the entries of canonical bytes of an `Append`, or None if they are not that."""
    count, at = _read_head(data, len(_APPEND), 4) if data.startswith(_APPEND) else (-1, 0)
    if count < 0:
        return None
    entries = []
    for _ in range(count):
        start = at + len(_BODY) + 3
        if data.startswith(_BODY_256, at):
            # Most bodies have 256 to 65,535 bytes; below that this head would not be the shortest.
            length = int.from_bytes(data[start - 2 : start], "big")
            length = length if length >= 256 else -1
        else:
            length, start = _read_head(data, at + len(_BODY), 2) if data.startswith(_BODY, at) else (-1, 0)
        end = start + length
        at = end + len(_KIND) + 1
        # Every kind there may ever be is below 24 and so one byte.
        if length < 0 or not data.startswith(_KIND, end) or at > len(data) or data[at - 1] >= 24:
            return None
        entries.append(Posted(data[at - 1], data[start:end]))
    return entries if at == len(data) else None


def _read_head(data: bytes, at: int, major: int) -> tuple[int, int]:
    """Return the number of the CBOR head at `at` and where it ends; -1 unless it is the shortest one."""
    first = data[at] if at < len(data) else 0
    end = at + 1 + _EXTRA.get(first & 31, 0)
    number = first & 31 if end == at + 1 else int.from_bytes(data[at + 1 : end], "big")
    return (number if data[at:end] == _head(major, number) else -1), end


def _head(major: int, number: int) -> bytes:
    """Return the shortest head of a CBOR item (RFC 8949 section 3)."""
    if number < 24:
        return bytes((major << 5 | number,))
    if number < 1 << 8:
        return bytes((major << 5 | 24, number))
    if number < 1 << 16:
        return ((major << 5 | 25) << 16 | number).to_bytes(3, "big")
    if number < 1 << 32:
        return ((major << 5 | 26) << 32 | number).to_bytes(5, "big")
    return bytes((major << 5 | 27,)) + number.to_bytes(8, "big")
