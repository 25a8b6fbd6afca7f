"""Making an outcome: which entries to show, and the file of them.

This module decides what a closing record discloses by default and assembles the bundle (spec/outcome.md sections 5
and 6). It never decides that talks are over, and shows nothing that the record does not list.

1. What is shown follows from the state: the modalities and agenda in force, adoption, initials and signatures with
   full powers and confirmations, and the acts that the delegations name. How each is shown stands in `selecting`.
2. With it go the credentials of whoever is expected to sign the closing record or to receive the deposit.
3. Of what follows the record, what `LATER` names is shown, and what a depositary signed that it received.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from good_offices.encoding import pack
from good_offices.instrument.entries import Done
from good_offices.instrument.outcome import DISCLOSURE, OUTCOME, Cosignature, Disclosure, Outcome, Shown
from good_offices.instrument.selecting import (
    Judged,
    Selection,
    accepts,
    completes,
    delegation_of,
    event_of,
    later,
)
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.note import Note
from good_offices.register.tree import Tree
from good_offices.talks.credentials import Introduction
from good_offices.talks.events_depositary import DepositReceived
from good_offices.talks.events_outcome import (
    ClosingRecord,
    ClosingRecordSigned,
    Disclosed,
    InstrumentDeposited,
)
from good_offices.talks.events_roster import DeskCertified
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.roster import RosterState


class Kept(Protocol):
    """Where the assembler gets an entry: the desk's store."""

    def __call__(self, index: int) -> tuple[bytes, bytes, bytes | None]:
        """Return the 50-byte leaf, the body, and the message key (None for a clear entry)."""
        ...


def select_disclosed(
    roster: RosterState,
    plenary: PlenaryState,
    judged: Sequence[Judged],
    *,
    extra: Iterable[bytes] = (),
    signers: Iterable[bytes] | None = None,
) -> tuple[Disclosed, ...]:
    """Return the entries that a closing record of this state discloses, by index (spec/outcome.md section 5).

    `extra` are the hashes of further acts that the delegations wish to show; `signers` the certificates of the desks
    that will sign the closing record or receive the deposit (all that may, if it is left out).

    Raises:
        LocalError: `closing-entry-missing` if an act is not among `judged`.
    """
    return Selection(roster, plenary, judged).selected(extra, signers)


def assemble(
    record: ClosingRecord,
    roster: RosterState,
    judged: Sequence[Judged],
    kept: Kept,
    tree: Tree,
    note: bytes,
    *,
    texts: Mapping[str, object],
    cosigned: Mapping[bytes, bytes],
) -> Outcome:
    """Return the bundle of a closing record that every delegation has signed (spec/outcome.md section 1).

    `note` is the host's checkpoint; `texts` the instruments by id; `cosigned` a desk's cosigned note by its cosigner
    key. What is assembled is verified by the caller before it is handed out.

    Raises:
        LocalError: `closing-entry-missing`, `register-range`.
    """
    size = _size(note)
    indices = [0, *(one.index for one in record.disclosed), *_after(record, roster, judged, size)]
    shown = [shown_at(index, kept, tree, size) for index in sorted(set(indices))]
    cosignatures = []
    for key in record.cosigners:
        if key in cosigned:
            proof = tuple(tree.consistency_proof(_size(cosigned[key]), size))
            cosignatures.append(Cosignature(note=cosigned[key], proof=proof))
    return Outcome(
        form=OUTCOME,
        checkpoint=note,
        head=tuple(tree.consistency_proof(record.head.size, size)),
        entries=tuple(shown),
        texts=tuple(pack(texts[one.instrument]) for one in record.instruments if one.instrument in texts),
        cosignatures=tuple(cosignatures),
    )


def disclose(
    roster: RosterState,
    plenary: PlenaryState,
    judged: Sequence[Judged],
    kept: Kept,
    tree: Tree,
    note: bytes,
    act: bytes,
) -> Disclosure:
    """Return the file that shows one act, named by its hash, and who its author is (spec/outcome.md section 9.2).

    Raises:
        LocalError: `closing-entry-missing` if the act is not among `judged`, or has no effect.
    """
    chosen = Selection(roster, plenary, judged).for_one(act)
    size = _size(note)
    return Disclosure(
        form=DISCLOSURE, checkpoint=note, entries=tuple(shown_at(index, kept, tree, size) for index in chosen)
    )


def shown_at(index: int, kept: Kept, tree: Tree, size: int) -> Shown:
    """Return an entry as a file shows it, under the checkpoint of this size."""
    leaf, body, key = kept(index)
    return Shown(index=index, leaf=leaf, proof=tuple(tree.inclusion_proof(index, size)), body=body, key=key)


def _after(record: ClosingRecord, roster: RosterState, judged: Sequence[Judged], size: int) -> list[int]:
    """Return the indices of the acts that sign this record, the last of each delegation, and of `LATER`."""
    content = ClosingRecordSigned(record=record).content
    found = _last(judged, roster, content, record, size)
    for deposit in {effect.content for one in judged if one.index < size for effect in later(one)}:
        last = _last(judged, roster, deposit, record, size)
        # An acceptance below the head that the record does not list cannot be shown, nor what rests on it.
        if set(roster.expected) <= last.keys():
            found |= {f"{deposit.hex()} {name}": index for name, index in last.items()}
    after = [index for index in found.values() if index >= record.head.size]
    return after + _receipts(record, judged, size, after)


def _receipts(record: ClosingRecord, judged: Sequence[Judged], size: int, after: Iterable[int]) -> list[int]:
    """Return the indices of what a depositary signed after the head, of deposits and by desks that the file shows."""
    listed = {one.index for one in record.disclosed} | set(after)
    events = {one.index: event_of(one) for one in judged}
    deposited = {
        event.instrument
        for index, event in events.items()
        if index in listed and isinstance(event, InstrumentDeposited)
    }
    desks = {
        event.statement.hash
        for index, event in events.items()
        if index in listed and isinstance(event, DeskCertified)
    }
    return [
        one.index
        for one in judged
        if record.head.size <= one.index < size
        and one.verdict.status == "valid"
        and isinstance(one.content, Done)
        and isinstance(event := events[one.index], DepositReceived)
        and event.instrument in deposited
        and (one.content.act.author in desks or _introduces(judged, listed, one.content.act.author))
    ]


def _introduces(judged: Sequence[Judged], listed: set[int], author: bytes) -> bool:
    """Tell whether a shown introduction certified the author's desk by itself."""
    return any(
        one.index in listed
        and isinstance(one.content, Introduction)
        and one.content.certificate is not None
        and one.content.statement.hash == author
        for one in judged
    )


def _last(
    judged: Sequence[Judged], roster: RosterState, content: bytes, record: ClosingRecord, size: int
) -> dict[str, int]:
    """Return each delegation's last acceptance of a content before it had effect, of those that a file can show."""
    complete = [one.index for one in judged if completes(one, content) and one.index < size]
    listed = {one.index for one in record.disclosed}
    return {
        delegation_of(one, roster): one.index
        for one in judged
        if complete
        and one.index <= complete[-1]
        and one.verdict.status == "valid"
        and (one.index >= record.head.size or one.index in listed)
        and accepts(one, content)
    }


def _size(note: bytes) -> int:
    """Return the size that a note of our own store states."""
    return Checkpoint.parse(Note.parse(note, what="the checkpoint").text).size
