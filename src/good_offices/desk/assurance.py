"""What this desk can say of its record by itself: how far it is verified, and what speaks against it.

This module decides which facts make up that answer; whoever shows it puts them into words. It asks no network but in
`cosigners`, and never takes the host's word: roots are computed from the leaves that this desk keeps.

1. Complete and unaltered means: the leaves here lead to the root that the host signed last, this desk's own acts stand
   there without a gap, and no author of an act had seen another history.
2. Evidence and undecided doubts are told first. Neither makes what was verified before them less true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from good_offices.desk import boxes
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.desk.soundings import evidence
from good_offices.errors import LocalError, RemoteError
from good_offices.register.cosignature import desk_name, open_cosigned
from good_offices.register.note import KeyType, VKey
from good_offices.talks.verdict import ForkSuspected


@dataclass(frozen=True, slots=True)
class Assurance:
    """What is verified: entries, the root over them, the host that signed it, own acts, and what others had seen."""

    size: int
    caucus: int
    root: bytes
    host: str
    signed: bool
    acts: int
    gaps: bool
    seen: dict[str, int] = field(default_factory=dict)
    suspected: tuple[int, ...] = ()
    awaited: int = 0
    doubts: tuple[tuple[str, int], ...] = ()
    evidence: tuple[Path, ...] = ()
    stopped: bool = False


class Told(NamedTuple):
    """What the acts of a record say of it: own acts and whether one is missing, what others had seen, who saw otherwise."""

    acts: int
    gaps: bool
    seen: dict[str, int]
    suspected: tuple[int, ...]


def told(desk: Desk, lines: Iterable[Line]) -> Told:
    """Return what the acts of the common record say of it; `lines` are all its entries, and nothing else goes into it."""
    own: dict[str, list[int]] = {}
    seen: dict[str, int] = {}
    suspected: list[int] = []
    for line in lines:
        if line.act is None:
            continue
        if any(isinstance(one, ForkSuspected) for one in line.verdict.effects):
            suspected.append(line.index)
            continue
        if line.act.author == desk.certificate:
            own.setdefault(line.act.room, []).append(line.act.sequence)
        statement = desk.talks.roster.certificate(line.act.author)
        if statement is not None and not statement.guest and line.verdict.status != "void":
            seen[statement.delegation] = max(seen.get(statement.delegation, 0), line.act.seen.size)
    return Told(
        acts=sum(len(one) for one in own.values()),
        gaps=any(sorted(one) != list(range(min(one), min(one) + len(one))) for one in own.values()),
        seen=seen,
        suspected=tuple(suspected),
    )


def assurance(desk: Desk, acts: Told) -> Assurance:
    """Return what this desk can say of the common record now (rule 1); `acts` is what its acts say."""
    ledger = desk.common.ledger
    return Assurance(
        size=ledger.size,
        caucus=desk.caucus.ledger.size,
        root=ledger.root(),
        host=ledger.keys.fingerprint,
        signed=_is_signed(desk),
        acts=acts.acts,
        gaps=acts.gaps,
        seen=acts.seen,
        suspected=acts.suspected,
        awaited=len(desk.storage.names(f"receipt/{ledger.register}/")),
        doubts=tuple(desk.doubts()),
        evidence=tuple(evidence_files(desk)),
        stopped=bool(desk.storage.get("stopped")),
    )


def evidence_files(desk: Desk) -> list[Path]:
    """Return the files of evidence against the host that this desk keeps, in the order of their names."""
    return _files(desk, ".fork", boxes.SUFFIX)


def other_evidence(desk: Desk) -> list[Path]:
    """Return the files of evidence against desks of other delegations: messages of soundings that do not hold."""
    return _files(desk, evidence.SUFFIX)


def evidence_file(desk: Desk, name: str) -> bytes:
    """Return one file of evidence.

    Raises:
        LocalError: `evidence-unknown`.
    """
    for one in (*evidence_files(desk), *other_evidence(desk)):
        if one.name == name:
            return one.read_bytes()
    raise LocalError("evidence-unknown")


def _files(desk: Desk, *suffixes: str) -> list[Path]:
    """Return the files of evidence with these endings."""
    folder = desk.storage.folder / boxes.FOLDER
    return sorted(one for one in folder.iterdir() if one.suffix in suffixes) if folder.is_dir() else []


def cosigners(desk: Desk) -> dict[str, int]:
    """Return by delegation the desks whose cosignature of our own last root the venue holds, each verified here.

    Raises:
        LocalError: `by-courier`.
        OperationalError: the venue cannot be asked.
    """
    if desk.by_courier:
        raise LocalError("by-courier")
    ledger, found = desk.common.ledger, dict[str, int]()
    notes = desk.client.cosignatures(ledger.register, ledger.size)
    for one in desk.talks.roster.book.desks.values():
        statement = one.statement
        if statement.guest:
            continue
        vkey = VKey(desk_name(statement.desk), KeyType.ED25519_COSIGNATURE, statement.cosigner)
        if any(_is_by(vkey, note, ledger.root()) for note in notes):
            found[statement.delegation] = found.get(statement.delegation, 0) + 1
    return found


def _is_by(vkey: VKey, note: bytes, root: bytes) -> bool:
    """Tell whether a note bears a desk's cosignature over a root."""
    try:
        return open_cosigned(vkey, note).checkpoint.root == root
    except RemoteError:
        return False


def _is_signed(desk: Desk) -> bool:
    """Tell whether the host's last note is over the leaves that this desk keeps; its signatures are verified again."""
    ledger = desk.common.ledger
    if not ledger.note:
        return False
    try:
        checkpoint = ledger.keys.open(ledger.note)
    except RemoteError:
        return False
    return checkpoint.size <= ledger.size and checkpoint.root == ledger.root(checkpoint.size)
