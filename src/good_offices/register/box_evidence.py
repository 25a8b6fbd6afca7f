"""Evidence of what a host did with a box, and must not. See spec/soundings.md 9.5.

This module decides what convicts a host. It never convicts on what is missing: that a host never ended a box proves nothing to
a third person, as only the whole register would show it.

1. Every entry stands under a receipt of the host (spec/register.md section 9), every deposit receipt is the host's, all of one
   common register. Its first entry, the genesis, is shown in the same way: it names the host and the parties, and with other
   parties than the true ones an honest host could be convicted.
2. `opening`: a box-open after commitments to its box, and one deposit in it is not the one that was committed to, or there is not
   one for each party; or all were committed to and 9.4 does not open them.
3. `voiding`: a box-void although every party holds a deposit receipt: with the reason "time" by itself, with "differ" if the deposits
   are shown, are those of the receipts and of the commitments, and 9.4 opens them.
4. `ends`: two entries of kinds 6 and 7 that end one box.

Why each is sound: the host alone makes these entries, it takes no commitment after an end, and it signs a deposit receipt only for
what it holds; with the last deposit the box ends.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeAlias, TypeVar

from good_offices.encoding import Record, pack
from good_offices.errors import RemoteError
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, judge, read_box
from good_offices.register.forms import read
from good_offices.register.genesis import MAX_DELEGATIONS, Genesis
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Kind, Leaf
from good_offices.register.receipt import Receipt

FORM: Final = "good-offices/box-evidence/1"
MAX_EVIDENCE: Final = 16 * 1024 * 1024
_WHAT: Final = "the evidence"


class Logged(Record, frozen=True, kw_only=True):
    """An entry of the register: its 50-byte leaf, its body, and its receipt (a tlog-proof)."""

    leaf: bytes
    body: bytes
    receipt: str


class Opening(Record, tag="opening", tag_field="kind", frozen=True, kw_only=True):
    """Rule 2: the commitments that are needed, and the box-open."""

    commits: tuple[Logged, ...]
    end: Logged


class Voiding(Record, tag="voiding", tag_field="kind", frozen=True, kw_only=True):
    """Rule 3: the box-void and all deposit receipts; for "differ" also all commitments and deposits, in the order of parties."""

    end: Logged
    receipts: tuple[bytes, ...]
    commits: tuple[Logged, ...] = ()
    deposits: tuple[bytes, ...] = ()


class Ends(Record, tag="ends", tag_field="kind", frozen=True, kw_only=True):
    """Rule 4: two ends."""

    first: Logged
    second: Logged


Claim: TypeAlias = Opening | Voiding | Ends
_End: TypeAlias = BoxOpen | BoxVoid
Part = TypeVar("Part", Logged, bytes)


class BoxEvidence(Record, frozen=True, kw_only=True):
    """The first entry of the register and what convicts its host; unverified until `verify`."""

    form: str
    founding: Logged
    claim: Claim

    @classmethod
    def of(cls, founding: Logged, claim: Claim) -> BoxEvidence:
        """Return evidence once it is verified: what would not convict is never handed out.

        Raises:
            RemoteError: as `verify`.
        """
        evidence = cls(form=FORM, founding=founding, claim=claim)
        evidence.verify()
        return evidence

    @classmethod
    def parse(cls, data: bytes) -> BoxEvidence:
        """Return the evidence that a file holds, nothing verified (spec/soundings.md 9.5).

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain` or `unknown-version`.
        """
        return read(data, cls, FORM, what=_WHAT, limit=MAX_EVIDENCE)

    def to_bytes(self) -> bytes:
        """Return the evidence as one file."""
        return pack(self)

    def verify(self) -> bytes:
        """Return the id of the box with which the host of the genesis is convicted (spec/soundings.md 9.5).

        Raises:
            RemoteError: as `Genesis.parse`, `Receipt.verify`, `HostKeys.open_deposit` and `read_box` for a part that is not what it
                says; `body-mismatch`; `box-unproved`.
        """
        genesis = Genesis.parse(self.founding.body)
        if genesis.caucus is not None:
            raise _unproved("a caucus has no boxes")
        if _verified(self.founding, genesis.keys) != (0, Kind.GENESIS):
            raise _unproved("the genesis is not the first entry")
        if isinstance(self.claim, Opening):
            return _check_opening(self.claim, genesis)
        if isinstance(self.claim, Voiding):
            return _check_voiding(self.claim, genesis)
        return _check_ends(self.claim, genesis.keys)


def logged(receipt: Receipt, body: bytes) -> Logged:
    """Return an entry as evidence has it, from its receipt and body."""
    return Logged(leaf=receipt.leaf.to_bytes(), body=body, receipt=receipt.to_text())


def _check_opening(claim: Opening, genesis: Genesis) -> bytes:
    """Refuse a claim that rule 2 does not bear out."""
    place, end = _end(claim.end, genesis.keys)
    if not isinstance(end, BoxOpen):
        raise _unproved("no box was opened")
    commits = _commits(claim.commits, genesis, end.box, before=place)
    if not commits:
        raise _unproved("no commitment")
    if len(end.deposits) != len(genesis.delegations):
        return end.box
    given = dict(zip(genesis.delegations, end.deposits, strict=True))
    if any(hashlib.sha256(given[one.delegation]).digest() != one.hash for one in commits):
        return end.box
    if len(commits) < len(genesis.delegations):
        raise _unproved("the deposits are those of the commitments that are shown")
    if judge(commits, end.deposits) == "open":
        raise _unproved("the box opened as it should")
    return end.box


def _check_voiding(claim: Voiding, genesis: Genesis) -> bytes:
    """Refuse a claim that rule 3 does not bear out."""
    place, end = _end(claim.end, genesis.keys)
    if not isinstance(end, BoxVoid):
        raise _unproved("no box was closed")
    held = [genesis.keys.open_deposit(note) for note in _bounded(claim.receipts)]
    if [one.delegation for one in held] != genesis.delegations or any(one.box != end.box for one in held):
        raise _unproved("not one deposit receipt of this box for each party")
    if end.reason == "time":
        if claim.commits or claim.deposits:
            raise _unproved("more than is needed")
        return end.box
    commits = _commits(claim.commits, genesis, end.box, before=place)
    if len(commits) != len(held) or [one.digest for one in held] != [one.hash for one in commits]:
        raise _unproved("the receipts are not those of the commitments")
    if len(claim.deposits) != len(held) or judge(commits, claim.deposits) != "open":
        raise _unproved("the deposits do not open the box")
    return end.box


def _check_ends(claim: Ends, keys: HostKeys) -> bytes:
    """Refuse a claim that rule 4 does not bear out."""
    one, first = _end(claim.first, keys)
    other, second = _end(claim.second, keys)
    if first.box != second.box:
        raise _unproved("the ends are of different boxes")
    # One entry, shown twice, has one place and one leaf; two entries at one place are a fork, and two ends as well.
    if (one, claim.first.leaf) >= (other, claim.second.leaf):
        raise _unproved("one end, or two not in order")
    return first.box


def _end(entry: Logged, keys: HostKeys) -> tuple[int, _End]:
    """Return the index of an end of a box, and the end."""
    index, kind = _verified(entry, keys)
    if kind not in (Kind.BOX_OPEN, Kind.BOX_VOID):
        raise _unproved("an entry that ends no box")
    end = read_box(kind, entry.body)
    assert not isinstance(end, BoxCommit)  # what `read_box` gives for these kinds
    return index, end


def _commits(entries: Sequence[Logged], genesis: Genesis, box: bytes, *, before: int) -> list[BoxCommit]:
    """Return the commitments of a box that stand before its end, of parties in their order, each once."""
    commits = []
    for entry in _bounded(entries):
        index, kind = _verified(entry, genesis.keys)
        if kind != Kind.BOX_COMMIT or index >= before:
            raise _unproved("an entry that is no commitment before the end")
        commit = read_box(kind, entry.body)
        if not isinstance(commit, BoxCommit) or commit.box != box:
            raise _unproved("a commitment to another box")
        if list(commit.parties) != genesis.delegations:
            raise _unproved("a commitment with other parties")
        commits.append(commit)
    names = [one.delegation for one in commits]
    if names != sorted(set(names)):
        raise _unproved("commitments repeated or out of order")
    return commits


def _verified(entry: Logged, keys: HostKeys) -> tuple[int, Kind]:
    """Return index and kind of an entry that the host has logged (rule 1)."""
    leaf = Leaf.from_bytes(entry.leaf)
    leaf.check_body(entry.body)
    receipt = Receipt.from_text(entry.receipt, leaf)
    receipt.verify(keys)
    return receipt.index, leaf.kind


def _bounded(parts: Sequence[Part]) -> Sequence[Part]:
    """Return parts of which there may be one for each party."""
    if len(parts) > MAX_DELEGATIONS:
        raise _unproved("more parts than parties")
    return parts


def _unproved(why: str) -> RemoteError:
    """Return the refusal of evidence that proves nothing."""
    return RemoteError("box-unproved", why=why)
