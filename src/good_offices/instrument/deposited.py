"""A deposit with a depositary that is no delegation: the file that it is given, and the receipt that it gives.

This module decides their forms, which entries they show, and whether one holds (spec/depositary.md sections 2 and 3). It never
signs, and keeps nothing: that is the depositary's.

1. Shown are the adoption of this text, its signatures, the admission of the depositary and the deposit with it, and each correction
   that all accepted. Nothing of the agenda, the modalities or another text is shown.
2. A receipt shows the same entries without the text: whoever has it sees whose receipt it is, and not what was agreed.
3. Who the depositary is follows from the delegations' acts, never from the key that signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.encoding import Record, pack
from good_offices.errors import GoodOfficesError, RemoteError
from good_offices.instrument import telling
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.checking import read_text
from good_offices.instrument.closing import Kept, shown_at
from good_offices.instrument.entries import open_genesis
from good_offices.instrument.finding import (
    NOT_ARRIVAL,
    NOT_CLAIMED,
    NOT_COMPLETE,
    NOT_IDENTITY,
    Finding,
    Rooted,
    Trust,
)
from good_offices.instrument.outcome import MAX_FILE, Shown
from good_offices.instrument.reading import Reading
from good_offices.instrument.selecting import Judged, Selection, settled
from good_offices.instrument.verify import established, open_checkpoint, read_entries
from good_offices.locale import N_
from good_offices.locale.phrases import Phrase, phrase
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.depositary import Card, Held, verify_held
from good_offices.register.forms import read
from good_offices.register.note import Note
from good_offices.register.tree import Tree
from good_offices.talks.events_after import Erratum
from good_offices.talks.finished import with_errata
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.roster import RosterState
from good_offices.text.model import Instrument
from good_offices.text.rendering import render
from good_offices.text.state import TextState

DEPOSIT: Final = "good-offices/deposit/1"
RECEIPT: Final = "good-offices/deposit-receipt/1"

NOT_OBJECTED: Final = phrase(
    N_("that nobody objected to a correction, or took an acceptance of it back, before all had accepted it")
)
NOT_WITHDRAWN: Final = phrase(
    N_(
        "that no delegation had taken back its acceptance of the depositary, or of the deposit, before all had accepted"
    )
)
_NOT_KEPT: Final = phrase(N_("that the depositary still has the text, or when it received it"))


class DepositFile(Record, frozen=True, kw_only=True):
    """The file of a deposit (spec/depositary.md R-165); unverified."""

    form: str
    checkpoint: bytes
    entries: tuple[Shown, ...]
    text: bytes

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> DepositFile:
        """Return the file that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, DEPOSIT, what="the file of a deposit", limit=MAX_FILE)


class DepositReceipt(Record, frozen=True, kw_only=True):
    """A depositary's receipt as a file (spec/depositary.md R-168); unverified."""

    form: str
    checkpoint: bytes
    entries: tuple[Shown, ...]
    statement: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> DepositReceipt:
        """Return the receipt that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, RECEIPT, what="the receipt of a deposit", limit=MAX_FILE)


@dataclass(frozen=True, slots=True)
class Deposited:
    """What the file of a deposit says when it holds: the text as signed, its corrections, and who is to keep it."""

    file: DepositFile
    reading: Reading
    checkpoint: Checkpoint
    card: Card
    text: Instrument
    errata: tuple[Erratum, ...]
    final: Instrument

    @property
    def corrected(self) -> bytes | None:
        """The hash of the text with its corrections; None if there are none."""
        return self.final.digest if self.errata else None


def select_handed(
    roster: RosterState, plenary: PlenaryState, judged: Sequence[Judged], name: str
) -> list[int]:
    """Return the entries that the file of a deposit shows (rule 1), for a text deposited with an admitted depositary.

    Raises:
        LocalError: `closing-entry-missing`.
    """
    outcome = plenary.outcomes[name]
    selection = Selection(roster, plenary, judged)
    selection.adoption(name)
    selection.marks({name: outcome})
    selection.acceptances(plenary.depositaries[outcome.depositary].content)
    for content in settled(judged, name):
        selection.acceptances(content)
    if name in plenary.finished:
        for content in plenary.finished[name].made:
            selection.acceptances(content)
    selection.standing(())
    return sorted(selection.chosen)


def assemble_deposit(
    indices: Sequence[int], kept: Kept, tree: Tree, note: bytes, text: Instrument
) -> DepositFile:
    """Return the file that is handed to a depositary; `note` is the host's checkpoint (spec/depositary.md R-165)."""
    size = Checkpoint.parse(Note.parse(note, what="the checkpoint").text).size
    entries = tuple(shown_at(index, kept, tree, size) for index in indices)
    return DepositFile(form=DEPOSIT, checkpoint=note, entries=entries, text=pack(text))


def read_deposit(data: bytes) -> Deposited:
    """Return what the file of a deposit says, if it holds (spec/depositary.md R-166); whose it is, is not asked.

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    file = DepositFile.parse(data)
    reading, checkpoint = _read(file.checkpoint, file.entries)
    text = read_text(file.text)
    found = reading.signing.deposited_with(text.id)
    if reading.waiting() or found is None or found[0].digest != text.digest:
        raise RemoteError("deposit-file-wrong", why="the text is not shown to be deposited with a depositary")
    made = [one for one in reading.signing.corrections if one.instrument == text.id]
    errata = tuple(erratum for one in made for erratum in one.errata)
    return Deposited(file, reading, checkpoint, found[1], text, errata, corrected_by(text, errata))


def corrected_by(text: Instrument, errata: Sequence[Erratum], code: str = "deposit-file-wrong") -> Instrument:
    """Return a signed text with these corrections.

    Raises:
        RemoteError: under `code`, if they do not fit the text.
    """
    try:
        return with_errata(TextState(instrument=text, phase="signed"), errata).instrument
    except GoodOfficesError:
        raise RemoteError(code, why="the corrections do not fit the text") from None


def verify_deposit(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what the file of a deposit proves, if it holds (spec/depositary.md R-166); trusts `anchors` alone.

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    return deposit_finding(read_deposit(data), anchors)


def deposit_finding(one: Deposited, anchors: Anchors) -> Finding:
    """Return the finding of the file of a deposit that holds.

    Raises:
        RemoteError: `root-differs`.
    """
    roots, trust = established(one.reading, anchors)
    known = one.reading.signing
    adopted = (
        phrase(N_("that every delegation adopted the text shown, in every authentic language, word for word"))
        if not one.errata
        else phrase(
            N_(
                "that every delegation adopted the text shown, word for word in every authentic language, "
                "but for the corrections that every delegation accepted"
            )
        )
    )
    designated = phrase(
        N_("that every delegation admitted {name} as a depositary, and designated it for {text}"),
        name=one.card.called,
        text=one.text.id,
    )
    silent = known.adopted.get(one.text.id) != one.text.digest
    signed = tuple(sorted(known.signatories, key=lambda each: (each.delegation, each.how)))
    doubts = (NOT_OBJECTED,) if one.errata else ()
    return _finding(
        DEPOSIT,
        one.reading,
        one.checkpoint,
        (roots, trust),
        proves=(
            designated,
            phrase(telling.BY_SILENCE) if silent else adopted,
            *(telling.signature(each, one.reading, trust) for each in signed),
        ),
        doubts=(
            *doubts,
            NOT_WITHDRAWN,
            phrase(N_("that the depositary has received it: its receipt says so")),
        ),
        text={tag: render(one.final, tag, "txt", final=True) for tag in one.final.authentic},
    )


def verify_receipt(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what a depositary's receipt proves, if it holds (spec/depositary.md R-168); trusts `anchors` alone.

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    file = DepositReceipt.parse(data)
    reading, checkpoint = _read(file.checkpoint, file.entries)
    card, held = held_by(reading, file)
    roots, trust = established(reading, anchors)
    received = phrase(
        N_(
            "that {name}, the depositary that every delegation admitted and designated, signed that it has received {text}, "
            "the text with the hash {digest}"
        ),
        name=card.called,
        text=held.instrument,
        digest=(held.corrected or held.digest).hex(),
    )
    return _finding(
        RECEIPT,
        reading,
        checkpoint,
        (roots, trust),
        proves=(received,),
        doubts=(phrase(N_("what the text says: it is not in this file")), NOT_WITHDRAWN, _NOT_KEPT),
        held=held,
    )


def held_by(reading: Reading, file: DepositReceipt) -> tuple[Card, Held]:
    """Return the depositary that is shown, and what it states of the text that is deposited with it.

    Raises:
        RemoteError: `deposit-receipt-wrong`.
    """
    deposits = [one for _, one in reading.signing.deposits if one.depositary in reading.signing.admitted]
    if reading.waiting() or len(deposits) != 1:
        raise RemoteError("deposit-receipt-wrong", why="it does not show one deposit with a depositary")
    card = reading.signing.admitted[deposits[0].depositary]
    try:
        held = verify_held(card.key, file.statement, file.signature)
    except RemoteError as broken:
        raise RemoteError("deposit-receipt-wrong", why=broken) from None
    named = (deposits[0].instrument, deposits[0].digest)
    if held.talks != reading.talks or (held.instrument, held.digest) != named:
        raise RemoteError("deposit-receipt-wrong", why="it is of other talks or another text")
    return card, held


def _read(note: bytes, entries: tuple[Shown, ...]) -> tuple[Reading, Checkpoint]:
    """Return the entries of a file, read, and the host's checkpoint that they stand under."""
    genesis, talks = open_genesis(entries)
    checkpoint = open_checkpoint(note, genesis)
    return read_entries(entries, checkpoint, Reading(genesis, talks)), checkpoint


def _finding(
    form: str,
    reading: Reading,
    checkpoint: Checkpoint,
    whose: tuple[tuple[Rooted, ...], Trust],
    *,
    proves: tuple[Phrase, ...],
    doubts: tuple[Phrase, ...],
    text: dict[str, str] | None = None,
    held: Held | None = None,
) -> Finding:
    """Return the finding of a file of this form that holds."""
    roots, trust = whose
    unknown = () if trust == "established" else (NOT_IDENTITY,)
    signed = tuple(sorted(reading.signing.signatories, key=lambda one: (one.delegation, one.how)))
    return Finding(
        form=form,
        valid=True,
        trust=trust,
        proves=proves,
        does_not_prove=(*unknown, *doubts, NOT_COMPLETE, NOT_ARRIVAL, NOT_CLAIMED),
        text=text or {},
        signatories=telling.signed(signed, reading),
        deposits=telling.deposits(reading, held),
        papers=telling.papers(reading),
        records=telling.records(reading),
        roots=roots,
        talks=reading.talks.hex(),
        number=telling.number(reading),
        host=reading.genesis.keys.fingerprint,
        origin=checkpoint.origin,
        size=checkpoint.size,
    )
