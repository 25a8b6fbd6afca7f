"""The hosts that were left, as a desk keeps them: whose word counts for which part of a register. See spec/moving.md R-156.

This module decides which host answers for a size, and what the end of a host's part is, as that host shows it. It never decides
that a host is left: `desk.moving` does, when the record says so.

1. What a host signed counts up to its cut. At the cut itself the next one has signed the same tree.
2. Beyond its cut a former host's word is nobody's: it proves nothing, and is compared with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from good_offices.desk.source import Source
from good_offices.encoding import Record
from good_offices.errors import OperationalError
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.host import HostKeys
from good_offices.register.leaf import Leaf
from good_offices.register.note import Note
from good_offices.register.term import Term
from good_offices.register.tree import HASH, Tree

MOST: Final = 1 << 20


class Left(Record, kw_only=True):
    """A host that was left: its term, and the verifier keys of the host that followed, for this register."""

    term: Term
    host: tuple[str, ...]


def stated(note: bytes) -> int:
    """Return the size that a note states, whoever signed it.

    Raises:
        RemoteError: `not-canonical`, `too-large`.
    """
    return _checkpoint(note).size


def answering(size: int, left: Sequence[Left], last: HostKeys) -> list[HostKeys]:
    """Return the keys of the host that answers for what is said of a size, be it none; at a cut two do (rule 1)."""
    begins = [0, *(one.term.cut for one in left)]
    ends = [*begins[1:], max(size, begins[-1])]
    keys = [*(one.term.keys for one in left), last]
    return [one for begin, end, one in zip(begins, ends, keys, strict=True) if begin <= max(size, 0) <= end]


def view_of(
    note: bytes, left: Sequence[Left], tree: Tree, own: bytes, keys: HostKeys
) -> tuple[Tree, bytes, HostKeys] | None:
    """Return what a note is held against: the tree and last word of its host, and its keys; None beyond that host's part.

    `tree` is ours, `own` the last word over it of the present host, whose keys are `keys`.

    Raises:
        RemoteError: as `stated`.
    """
    said = _checkpoint(note)
    former = next((one.term for one in left if one.term.keys.named_by(note)), None)
    if former is None:
        return tree, own, keys
    if said.size > former.cut or tree.size < former.cut:
        return None
    return former.tree(tree.leaves(0, former.cut)), former.note, former.keys


def term_of(source: Source, register: str, leaves: bytes, keys: HostKeys) -> Term:
    """Return the term of a host that is left where our leaves end, as the host itself shows it (spec/moving.md 3.1).

    Of what it signed beyond, no more than `MOST` entries are asked for: the new host shows their hashes in one answer.

    Raises:
        OperationalError: as `VenueClient.append`; `venue-withholds`.
        RemoteError: what it shows is not what it signed.
    """
    cut, tail = len(leaves) // HASH, b""
    page = source.page(register, cut)
    if page is None:
        raise OperationalError("venue-withholds", signed=0, shown=cut)
    # Its first word: a host that signs more with every page would hold us for as long as it likes.
    note, signed = page.checkpoint, keys.open(page.checkpoint).size
    while (size := cut + len(tail) // HASH) != signed:
        if page is None or page.start != size or not cut <= signed <= cut + MOST or not page.entries:
            raise OperationalError("venue-withholds", signed=signed, shown=size)
        behind = page.entries[: signed - size]
        tail += b"".join(Leaf.from_bytes(kept.leaf).hash for kept in behind)
        if len(behind) < signed - size:
            page = source.page(register, size + len(behind))
    term = Term(cut=cut, old=tuple(keys.vkeys), note=note, tail=tail)
    term.tree(leaves)
    return term


def _checkpoint(note: bytes) -> Checkpoint:
    """Return what a note states, unverified."""
    return Checkpoint.parse(Note.parse(note, what="the checkpoint").text)
