"""What the host did with boxes, held against it by every desk that reads the register. See spec/soundings.md 9.5.

This module decides when a desk has seen its host convict itself with a box, and what it keeps of that. What convicts is decided in
`register.box_evidence`. It never judges a party, and nothing here depends on a desk's having taken part in the sounding.

1. What is in clear of a box is noted in the transaction that keeps its entry; an end is looked at when the host's word covers it,
   after a crash once more.
2. It is computed first, cheaply, whether an end is one that convicts; evidence is put together only then, and written before
   anything else happens.
3. Convicted by what it logged, the host is not sent anything more, as after a fork. What needs a receipt of the other side
   (`soundings.receipts`) stops nothing: a host restored from a backup may have lost a deposit, and what follows people decide.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from good_offices.desk.storage import Storage, write_durably
from good_offices.encoding import Record, pack, unpack
from good_offices.errors import HostConvictedError, RemoteError
from good_offices.register.box import BoxCommit, BoxOpen, BoxVoid, judge, read_box
from good_offices.register.box_evidence import BoxEvidence, Claim, Ends, Logged, Opening, logged
from good_offices.register.leaf import Leaf

if TYPE_CHECKING:
    from good_offices.desk.record import Book

FOLDER: Final = "evidence"
SUFFIX: Final = ".box"
_BOX: Final = "box/"
_ENDED: Final = "box-ended/"


class Traces(Record, kw_only=True):
    """Where a box stands in the register: the first commit of each delegation, and the first two ends."""

    commits: dict[str, int]
    ends: list[int]


def note(storage: Storage, index: int, content: BoxCommit | BoxOpen | BoxVoid) -> None:
    """Remember an entry of a box, in the transaction that keeps it (rule 1)."""
    name = content.box.hex()
    held = storage.get(_BOX + name)
    traces = unpack(held, Traces) if held else Traces(commits={}, ends=[])
    if isinstance(content, BoxCommit):
        traces.commits.setdefault(content.delegation, index)
    else:
        if len(traces.ends) < 2:
            traces.ends.append(index)
        storage.put(_ENDED + name, b"")
    storage.put(_BOX + name, pack(traces))


def look(storage: Storage, common: Book[Any]) -> None:
    """Look at every end that came since, and pass if none convicts the host (rules 1 and 2).

    Raises:
        HostConvictedError: `box-opened-wrongly`, `box-ended-twice`; the evidence is kept.
    """
    for name in storage.names(_ENDED):
        box = name.removeprefix(_ENDED)
        traces = unpack(storage.get(_BOX + box) or b"", Traces)
        if traces.ends[-1] >= signed(common):
            continue
        try:
            evidence = _evidence(common, traces)
        except RemoteError:
            evidence = None  # nothing that a third person would have to believe
        if evidence is not None:
            keep(storage, evidence)
        storage.remove(name)
        if evidence is not None:
            code = "box-ended-twice" if isinstance(evidence.claim, Ends) else "box-opened-wrongly"
            raise HostConvictedError(code, origin=common.ledger.keys.origin, box=box[:16])


def keep(storage: Storage, evidence: BoxEvidence) -> Path:
    """Write evidence into the folder of evidence and return its path; what is there already is not written again."""
    claim = evidence.claim
    ends = (claim.first, claim.second) if isinstance(claim, Ends) else (claim.end,)
    # By what it is about: put together a second time it would stand under other signatures of the same host.
    about = hashlib.sha256(b"".join(one.leaf for one in ends)).hexdigest()[:16]
    path = storage.folder / FOLDER / f"{about}{SUFFIX}"
    if not path.exists():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        write_durably(path, evidence.to_bytes())
    return path


def shown(common: Book[Any], index: int) -> Logged:
    """Return an entry of the common register as evidence has it, under the host's last word."""
    kept = common.kept(index)
    return logged(common.ledger.receipt(index, Leaf.from_bytes(kept.leaf)), kept.body or b"")


def signed(common: Book[Any]) -> int:
    """Return how many entries the host's last word covers; a receipt can be given for those alone."""
    return common.ledger.keys.open(common.ledger.note).size if common.ledger.note else 0


def traces_of(storage: Storage, box: bytes) -> Traces | None:
    """Return where a box stands in the register, if anything of it does."""
    held = storage.get(_BOX + box.hex())
    return unpack(held, Traces) if held else None


def _evidence(common: Book[Any], traces: Traces) -> BoxEvidence | None:
    """Return what convicts the host by the register alone; None if it was honest, as far as that shows.

    Raises:
        RemoteError: `box-unproved` and the refusals of `BoxEvidence.verify`.
    """
    claim = _claim(common, traces)
    return BoxEvidence.of(shown(common, 0), claim) if claim else None


def _claim(common: Book[Any], traces: Traces) -> Claim | None:
    """Return the claim that an end calls for; None of one that needs none (rule 2)."""
    if len(traces.ends) > 1:
        first, second = (shown(common, index) for index in traces.ends)
        return Ends(first=first, second=second)
    (place,) = traces.ends
    end = _read(common, place)
    if not isinstance(end, BoxOpen):
        return None
    parties = common.ledger.genesis.delegations
    found = {name: traces.commits[name] for name in parties if traces.commits.get(name, place) < place}
    commits = [_read(common, index) for index in found.values()]
    if not found or _is_sound(commits, end, parties):
        return None
    return Opening(commits=tuple(shown(common, index) for index in found.values()), end=shown(common, place))


def _is_sound(commits: Sequence[Any], end: BoxOpen, parties: Sequence[str]) -> bool:
    """Tell whether a box was opened as spec/soundings.md 9.4 has it, as far as its commitments show."""
    if len(end.deposits) != len(parties):
        return False
    given = dict(zip(parties, end.deposits, strict=True))
    if any(hashlib.sha256(given[one.delegation]).digest() != one.hash for one in commits):
        return False
    try:
        return len(commits) < len(parties) or judge(commits, end.deposits) == "open"
    except RemoteError:
        return False  # too large, which no host may take


def _read(common: Book[Any], index: int) -> BoxCommit | BoxOpen | BoxVoid:
    """Return an entry of a box out of the archive."""
    kept = common.kept(index)
    return read_box(Leaf.from_bytes(kept.leaf).kind, kept.body or b"")
