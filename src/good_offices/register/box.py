"""The host's box: what is committed, deposited and opened together. See spec/soundings.md section 9.

This module decides the forms of a box and whether its deposits open. It never keeps a deposit, knows no clock, and never
learns what a scalar opens.

1. A box is named by the context of a run and a number in it (9.1).
2. Commits of one box agree in parties, release and wait; each delegation commits once (9.1).
3. A deposit has the hash that was committed (9.2).
4. Deposits of scalars open if all name the same elements and transcript and each scalar is that of its element; sealed ones
   always do (9.4). What cannot be read does not open: it differs.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

from good_offices.encoding import Record, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.leaf import Kind
from good_offices.register.tree import HASH

DEPOSIT_LIMIT: Final = 64 * 1024
# A body in clear is read before anything is known of its author, so it has a limit of its own: a commit of 64 parties.
COMMIT_LIMIT: Final = 8 * 1024
TRANSCRIPT: Final = 64
NUMBERS: Final = 2**16
WAIT_MAX: Final = 400 * 24 * 60 * 60 * 1000
_ID: Final = re.compile(r"[0-9a-f]{32}")
_BOX: Final = b"good-offices/v1/box\x00"

Release: TypeAlias = Literal["scalars", "sealed"]
Reason: TypeAlias = Literal["differ", "time"]


class BoxCommit(Record, kw_only=True, tag="good-offices/box-commit/1", tag_field="form"):
    """The body of kind 5: a delegation's commitment to its deposit; `wait` in milliseconds (9.1)."""

    box: bytes
    delegation: str
    parties: tuple[str, ...]
    release: Release
    hash: bytes
    wait: int


class ScalarDeposit(Record, kw_only=True, tag="good-offices/box-scalar/1", tag_field="form"):
    """What is deposited for "scalars": all elements by place, the transcript, and the scalar of one's own (9.2)."""

    box: bytes
    elements: tuple[bytes, ...]
    transcript: bytes
    scalar: bytes


class BoxOpen(Record, kw_only=True, tag="good-offices/box-open/1", tag_field="form"):
    """The body of kind 6: all deposits, in the order of the parties (9.4)."""

    box: bytes
    deposits: tuple[bytes, ...]


class BoxVoid(Record, kw_only=True, tag="good-offices/box-void/1", tag_field="form"):
    """The body of kind 7: the box stays shut for good (9.4)."""

    box: bytes
    reason: Reason


def box_id(ctx: bytes, number: int) -> bytes:
    """Return the id of a box: 32 bytes (spec/soundings.md 9.1).

    Raises:
        LocalError: `not-canonical` if the number is not from 0 to 65535.
    """
    if not 0 <= number < NUMBERS:
        raise LocalError("not-canonical", what="the number of a box", why="out of range")
    return hashlib.sha256(_BOX + ctx + number.to_bytes(2)).digest()


def check_commit(commit: BoxCommit) -> None:
    """Pass if a commit has the form of spec/soundings.md 9.1.

    Raises:
        RemoteError: `not-canonical`.
    """
    parties = list(commit.parties)
    sound = (
        len(commit.box) == len(commit.hash) == HASH
        and len(parties) >= 2
        and parties == sorted(set(parties))
        and all(_ID.fullmatch(one) for one in parties)
        and commit.delegation in parties
        and 0 < commit.wait <= WAIT_MAX
    )
    if not sound:
        raise RemoteError("not-canonical", what="the commitment to a box", why="a field outside its range")


def check_agrees(commit: BoxCommit, others: Sequence[BoxCommit]) -> None:
    """Pass if a further commit of a box is the first of its delegation and agrees with the others (9.1).

    Raises:
        RemoteError: `box-committed`, `box-differs`.
    """
    for other in others:
        if other.delegation == commit.delegation:
            raise RemoteError("box-committed")
        if (other.parties, other.release, other.wait) != (commit.parties, commit.release, commit.wait):
            raise RemoteError("box-differs")


def check_deposit(committed: bytes, deposit: bytes) -> None:
    """Pass if a deposit has the hash that was committed (9.2).

    Raises:
        RemoteError: `too-large`, `box-deposit-differs`.
    """
    if len(deposit) > DEPOSIT_LIMIT:
        raise RemoteError("too-large", what="the deposit", size=len(deposit), limit=DEPOSIT_LIMIT)
    if hashlib.sha256(deposit).digest() != committed:
        raise RemoteError("box-deposit-differs")


def judge(commits: Sequence[BoxCommit], deposits: Sequence[bytes]) -> Literal["open", "differ"]:
    """Return what becomes of a box all of whose deposits are in, both in the order of the parties (9.4).

    Raises:
        LocalError: `box-not-ready` if a commit or a deposit is missing.
        RemoteError: `too-large`, `box-deposit-differs` for a deposit that was not committed to.
    """
    if not commits or [one.delegation for one in commits] != list(commits[0].parties):
        raise LocalError("box-not-ready")
    if len(deposits) != len(commits):
        raise LocalError("box-not-ready")
    for commit, deposit in zip(commits, deposits, strict=True):
        check_deposit(commit.hash, deposit)
    if commits[0].release == "sealed":
        return "open"
    try:
        return "open" if _scalars_fit(commits[0].box, deposits) else "differ"
    except RemoteError:
        return "differ"


def _scalars_fit(box: bytes, deposits: Sequence[bytes]) -> bool:
    """Tell whether deposits of scalars agree and each scalar is that of its element; unreadable ones raise."""
    # Imported here: loading the group costs time and a file on the disk, and most who read these forms open nothing.
    from good_offices.seals.group import base, element, same, scalar  # noqa: PLC0415

    read = [unpack(one, ScalarDeposit, what="the deposit", limit=DEPOSIT_LIMIT) for one in deposits]
    first = read[0]
    if len(first.transcript) != TRANSCRIPT or len(first.elements) != len(read):
        return False
    for place, one in enumerate(read):
        if (one.box, one.elements, one.transcript) != (box, first.elements, first.transcript):
            return False
        if not same(base(scalar(one.scalar)), element(first.elements[place])):
            return False
    return True


def read_box(kind: Kind, body: bytes) -> BoxCommit | BoxOpen | BoxVoid:
    """Return the record of an entry of kind 5, 6 or 7 (spec/soundings.md 9.1, 9.4).

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`.
    """
    if kind == Kind.BOX_COMMIT:
        commit = unpack(body, BoxCommit, what="the commitment to a box", limit=COMMIT_LIMIT)
        check_commit(commit)
        return commit
    end: BoxOpen | BoxVoid
    if kind == Kind.BOX_OPEN:
        end = unpack(body, BoxOpen, what="the end of a box")
    else:
        end = unpack(body, BoxVoid, what="the end of a box")
    if len(end.box) != HASH:
        raise RemoteError("not-canonical", what="the end of a box", why="a field outside its range")
    return end
