"""Verify an outcome bundle, step by step; the first step that fails names itself.

This module decides whether a bundle holds. It trusts nothing in it: every key is reached from a root, every entry from
a checkpoint, every sentence of the closing record from entries, and the roots only from the reader's anchors.

The steps (spec/outcome.md section 7), each with the codes it refuses by:

1. The file is the canonical form of one bundle: `not-canonical`, `unknown-version`.
2. The first entry is the genesis of a common register: `genesis-wrong`.
3. The checkpoint is the host's, by both keys: `checkpoint-invalid`.
4. Each entry stands at its index with its body, in order: `entry-order`, `entry-not-in-register`, `entry-altered`.
5. Each envelope opens by its key to a signed act: `seal-wrong`, `entry-malformed`, `entry-kind`.
6. Each act's author stands in the shown roster, signed it, and did what the rules allow: see `reading`.
7. Every delegation has signed one closing record: `closing-record-missing`, `closing-record-incomplete`.
8. Its head is an earlier state of this register: `head-differs`.
9. What is shown is what it lists, and nothing else: `disclosure-list-differs`.
10. What it says follows from what is shown, and the texts are those it names: see `closing`.
11. The desks it requires have cosigned: `cosignature-missing`, `cosignature-wrong`.
12. The roots are the reader's: `root-differs`.
"""

from __future__ import annotations

from dataclasses import dataclass

from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument import telling
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.checking import Texts, check_closing, check_cosigned, check_listed, read_texts
from good_offices.instrument.entries import check_placed, open_entry, open_genesis
from good_offices.instrument.finding import Cosigner, Finding, Rooted, Trust
from good_offices.instrument.outcome import OUTCOME, Outcome, Shown
from good_offices.instrument.reading import Reading
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.genesis import Genesis
from good_offices.register.note import Note
from good_offices.register.proofs import verify_consistency
from good_offices.talks.events_outcome import ClosingRecord
from good_offices.talks.roster import Delegation


@dataclass(frozen=True, slots=True)
class _Unopened(Checkpoint):
    """What a note of another host than the first states; nobody has verified it yet."""

    note: bytes


def verify_outcome(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what a bundle proves, if it holds (spec/outcome.md section 7); trusts `anchors` alone.

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    outcome = Outcome.parse(data)
    genesis, talks = open_genesis(outcome.entries)
    checkpoint = open_checkpoint(outcome.checkpoint, genesis)
    reading = read_entries(outcome.entries, checkpoint, Reading(genesis, talks))
    record = closing_of(reading)
    _check_head(outcome, record, checkpoint)
    check_listed(outcome, record, reading)
    texts = read_texts(outcome.texts, record)
    check_closing(record, reading, texts)
    cosigners = check_cosigned(outcome, record, reading, checkpoint)
    return _finding(reading, record, checkpoint, texts, cosigners, anchors)


def open_checkpoint(note: bytes, genesis: Genesis) -> Checkpoint:
    """Return the checkpoint that the host of the genesis signed with both keys (step 3).

    That of another host is returned as it stands: `read_entries` opens it with the keys of the host that the entries name, and
    until then nothing rests on it (spec/moving.md 7.1).

    Raises:
        RemoteError: `checkpoint-invalid`.
    """
    try:
        if genesis.keys.named_by(note):
            return genesis.keys.open(note)
        said = Checkpoint.parse(Note.parse(note, what="the checkpoint").text)
        return _Unopened(said.origin, said.size, said.root, note)
    except GoodOfficesError as broken:
        raise RemoteError("checkpoint-invalid", why=broken) from None


def read_entries(entries: tuple[Shown, ...], checkpoint: Checkpoint, reading: Reading) -> Reading:
    """Return the reading of all entries, genesis first (steps 4 to 6).

    Raises:
        RemoteError: with the code of the first entry that fails.
    """
    before = -1
    for entry in entries:
        if entry.index <= before:
            raise RemoteError("entry-order", index=entry.index)
        before = entry.index
        leaf = check_placed(entry, checkpoint)
        if entry.index > 0:
            reading.take(open_entry(entry, leaf))
    _check_host(before, checkpoint, reading)
    return reading


def _check_host(last: int, checkpoint: Checkpoint, reading: Reading) -> None:
    """Refuse a checkpoint that is not of the host which the entries name for all that is shown (spec/moving.md 7.1).

    Raises:
        RemoteError: `checkpoint-invalid`.
    """
    hosts = reading.roster.hosts.hosts
    at = 0
    if isinstance(checkpoint, _Unopened):
        note = checkpoint.note
        named = [number for number, one in enumerate(hosts) if one.keys.named_by(note)]
        if not named:
            raise RemoteError("checkpoint-invalid", why="the delegations have not named this host")
        (at,) = named
        try:
            hosts[at].keys.open(checkpoint.note)
        except GoodOfficesError as broken:
            raise RemoteError("checkpoint-invalid", why=broken) from None
    if checkpoint.size < hosts[at].since or (at + 1 < len(hosts) and last >= hosts[at + 1].since):
        raise RemoteError("checkpoint-invalid", why="of a host that did not hold these entries then")


def closing_of(reading: Reading) -> ClosingRecord:
    """Return the closing record that every delegation has signed (step 7).

    Raises:
        RemoteError: `closing-record-missing`, `closing-record-incomplete`.
    """
    if not reading.closings:
        raise RemoteError("closing-record-missing")
    if reading.closed is None:
        missing = [one for one in reading.genesis.delegations if one not in reading.closings]
        names = ", ".join(reading.name(one) for one in missing) or "a signature has expired or has no power"
        raise RemoteError("closing-record-incomplete", who=names)
    return next(iter(reading.closings.values()))[1].record


def established(
    reading: Reading, anchors: Anchors, delegation: str | None = None
) -> tuple[tuple[Rooted, ...], Trust]:
    """Return the delegations' roots, and whether the reader's anchors establish all of them, or the one named (step 12).

    Any root that a delegation had counts: each commits to the next, and the next names it.

    Raises:
        RemoteError: `root-differs` if a root that the reader requires is not among them.
    """
    roots = tuple(
        Rooted(
            delegation=name,
            name=reading.name(name),
            root=one.roots[0].root.fingerprint,
            now=one.root.fingerprint,
            trusted=any(had in anchors.all for had in _fingerprints(one)),
        )
        for name, one in sorted(reading.roster.delegations.items())
    )
    if not anchors.required <= {
        had for one in reading.roster.delegations.values() for had in _fingerprints(one)
    }:
        raise RemoteError("root-differs")
    trusted = {one.delegation for one in roots if one.trusted}
    needed = set(reading.genesis.delegations) if delegation is None else {delegation}
    return roots, "established" if needed <= trusted else "unestablished"


def _fingerprints(delegation: Delegation) -> list[str]:
    """Return the fingerprints of all roots that a delegation had, the first one first."""
    return [one.root.fingerprint for one in delegation.roots]


def _check_head(outcome: Outcome, record: ClosingRecord, checkpoint: Checkpoint) -> None:
    """Refuse a closing record of another register, or of another history (step 8)."""
    try:
        verify_consistency(record.head.size, checkpoint.size, outcome.head, record.head.root, checkpoint.root)
    except GoodOfficesError as broken:
        raise RemoteError("head-differs", why=broken) from None


def _finding(
    reading: Reading,
    record: ClosingRecord,
    checkpoint: Checkpoint,
    texts: Texts,
    cosigners: tuple[Cosigner, ...],
    anchors: Anchors,
) -> Finding:
    """Return the finding of a bundle that holds (step 12 and spec/outcome.md section 10)."""
    roots, trust = established(reading, anchors)
    return Finding(
        form=OUTCOME,
        valid=True,
        trust=trust,
        proves=telling.proves(record, reading, trust, len(cosigners)),
        does_not_prove=telling.does_not_prove(reading, record, texts, trust),
        text=telling.texts_by_language(texts, record),
        signatories=telling.signed(record.signatories, reading),
        statements=telling.statements(reading),
        agenda=telling.agenda(reading),
        roots=roots,
        cosigned_by=cosigners,
        deposits=telling.deposits(reading),
        papers=telling.papers(reading),
        records=telling.records(reading),
        talks=reading.talks.hex(),
        number=telling.number(reading),
        host=reading.genesis.keys.fingerprint,
        hosts=tuple(one.keys.fingerprint for one in reading.roster.hosts.hosts[1:]),
        origin=checkpoint.origin,
        size=checkpoint.size,
    )
