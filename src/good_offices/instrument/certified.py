"""Certified copies: the depositary's word for a text, and what it rests on. See spec/outcome.md section 11.

This module decides the form of a certified copy, which entries it shows, and whether one holds. It never signs: that is the
desk's.

1. Shown are the adoption of this text, its signatures here and as attested on paper, and its deposit: who reads the copy sees that the
   one who certifies it is the depositary whom all designated. Nothing of the agenda, the modalities or another text is shown.
2. The text in the file is the one that was signed. Corrections are listed beside it, as the depositary states them, and applied by
   whoever reads the copy: no word differs but those that are listed.
3. The certification is signed for the purpose `certified-copy` by a desk of the delegation that is depositary, or by the key of one
   that all admitted (spec/depositary.md R-169).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.instrument import telling
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.checking import read_text
from good_offices.instrument.closing import Kept, shown_at
from good_offices.instrument.deposited import NOT_OBJECTED, NOT_WITHDRAWN, corrected_by
from good_offices.instrument.entries import open_genesis
from good_offices.instrument.finding import (
    NOT_ARRIVAL,
    NOT_CLAIMED,
    NOT_COMPLETE,
    NOT_IDENTITY,
    Certified,
    Finding,
)
from good_offices.instrument.outcome import MAX_FILE, Shown
from good_offices.instrument.reading import Reading
from good_offices.instrument.selecting import Judged, Selection, settled
from good_offices.instrument.verify import established, open_checkpoint, read_entries
from good_offices.locale import N_
from good_offices.locale.phrases import Phrase, phrase
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.forms import read
from good_offices.register.note import Note
from good_offices.register.tree import Tree
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT
from good_offices.talks.credentials import Statement
from good_offices.talks.events_after import Erratum
from good_offices.talks.events_roster import MemberAccreditation
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.roster import RosterState
from good_offices.text.model import Instrument
from good_offices.text.rendering import render

CERTIFIED_COPY: Final = "good-offices/certified-copy/1"

_NOT_AGREED: Final = phrase(
    N_(
        "that the corrections were made as the rules of the talks require: they are the depositary's statement"
    )
)


class Certification(Record, frozen=True, kw_only=True, tag="good-offices/certification/1", tag_field="form"):
    """What the depositary certifies: of which text, by hash, with which corrections, in which words, where and when."""

    talks: bytes
    instrument: str
    digest: bytes
    certificate: bytes = b""
    depositary: str = ""
    language: str
    words: str
    date: str
    place: str = ""
    corrections: tuple[Erratum, ...] = ()
    corrected: bytes | None = None
    time: int


@dataclass(frozen=True, slots=True)
class _By:
    """Who certifies: the public key, the delegation by its name (empty: a depositary that all admitted), name and capacity."""

    key: bytes
    delegation: str
    name: str
    capacity: str


class CertifiedCopy(Record, frozen=True, kw_only=True):
    """A certified copy (spec/outcome.md section 11); unverified."""

    form: str
    checkpoint: bytes
    entries: tuple[Shown, ...]
    text: bytes
    certification: bytes
    signature: bytes

    def to_bytes(self) -> bytes:
        """Return the file."""
        return pack(self)

    @classmethod
    def parse(cls, data: bytes) -> CertifiedCopy:
        """Return the certified copy that `data` stands for, unverified.

        Raises:
            RemoteError: `too-large`, `not-canonical`, `text-not-plain`, `unknown-version`.
        """
        return read(data, cls, CERTIFIED_COPY, what="the certified copy", limit=MAX_FILE)


def select_deposit(
    roster: RosterState, plenary: PlenaryState, judged: Sequence[Judged], name: str, certificate: bytes
) -> list[int]:
    """Return the entries that show how a text was adopted, signed and deposited, and who the desk is (rule 1).

    Raises:
        LocalError: `not-deposited`, `closing-entry-missing`.
    """
    outcome = plenary.outcomes.get(name)
    if outcome is None or not outcome.deposited:
        raise LocalError("not-deposited", instrument=name)
    selection = Selection(roster, plenary, judged)
    selection.adoption(name)
    selection.marks({name: outcome})
    for content in settled(judged, name):
        selection.acceptances(content)
    selection.standing((certificate,))
    return sorted(selection.chosen)


def assemble_copy(
    indices: Sequence[int],
    kept: Kept,
    tree: Tree,
    note: bytes,
    text: Instrument,
    certification: bytes,
    signature: bytes,
) -> CertifiedCopy:
    """Return the file of a certification that was signed; `note` is the host's checkpoint (spec/outcome.md section 11)."""
    size = Checkpoint.parse(Note.parse(note, what="the checkpoint").text).size
    return CertifiedCopy(
        form=CERTIFIED_COPY,
        checkpoint=note,
        entries=tuple(shown_at(index, kept, tree, size) for index in indices),
        text=pack(text),
        certification=certification,
        signature=signature,
    )


def verify_certified(data: bytes, anchors: Anchors = NO_ANCHORS) -> Finding:
    """Return what a certified copy proves, if it holds (spec/outcome.md section 11); trusts `anchors` alone.

    Raises:
        RemoteError: with the code of the first step that fails.
    """
    file = CertifiedCopy.parse(data)
    genesis, talks = open_genesis(file.entries)
    checkpoint = open_checkpoint(file.checkpoint, genesis)
    reading = read_entries(file.entries, checkpoint, Reading(genesis, talks))
    said = unpack(file.certification, Certification, what="the certification", limit=MAX_FILE)
    text = read_text(file.text)
    if (said.talks, said.instrument, said.digest) != (talks, text.id, text.digest):
        raise _wrong("it is of other talks or another text")
    by = _admitted(reading, said, text) if said.depositary else _of_delegation(reading, said, checkpoint.size)
    try:
        ACT.verify(Domain.CERTIFIED_COPY, by.key, file.signature, file.certification)
    except RemoteError:
        raise _wrong("the signature is not that of the key that it names") from None
    return _finding(reading, said, _corrected(text, said), checkpoint, anchors, by)


def _admitted(reading: Reading, said: Certification, text: Instrument) -> _By:
    """Return the depositary that all admitted, if the text is deposited with it and every correction is told."""
    found = reading.signing.deposited_with(said.instrument)
    if said.certificate or reading.waiting() or found is None or found[0].depositary != said.depositary:
        raise _wrong("it does not show that this depositary was admitted and designated")
    made = [one for one in reading.signing.corrections if one.instrument == text.id]
    if found[0].digest != said.digest or said.corrections != tuple(
        erratum for one in made for erratum in one.errata
    ):
        raise _wrong("its corrections are not those that every delegation accepted")
    return _By(key=found[1].key, delegation="", name=found[1].called, capacity=found[1].represents)


def _of_delegation(reading: Reading, said: Certification, size: int) -> _By:
    """Return the desk and the member that certify for a delegation that is depositary."""
    desk = _certifier(reading, said, size)
    member = _deposited(reading, said, desk, size)
    return _By(
        key=desk.act, delegation=reading.name(desk.delegation), name=member.name, capacity=member.capacity
    )


def _certifier(reading: Reading, said: Certification, size: int) -> Statement:
    """Return the desk that certifies, if it stands at the end of what is shown."""
    desk = reading.roster.certificate(said.certificate)
    if desk is None or reading.roster.book.recalled_at(desk.member, size):
        raise _wrong("the desk that certifies is not shown, or was recalled")
    return desk


def _deposited(reading: Reading, said: Certification, desk: Statement, size: int) -> MemberAccreditation:
    """Return the member that certifies, if its delegation is the depositary of this text and it may agree for it."""
    kept = [one for _, one in reading.signing.deposits if one.instrument == said.instrument]
    if (
        reading.waiting()
        or not kept
        or (kept[0].digest, kept[0].depositary) != (said.digest, desk.delegation)
    ):
        raise _wrong("the delegation that certifies is not shown to be the depositary of this text")
    member = reading.roster.credentials(desk, size)
    if member is None or "agree" not in member.powers:
        raise _wrong("the member that certifies has no power to agree for the depositary")
    return member


def _corrected(text: Instrument, said: Certification) -> Instrument:
    """Return the text with the corrections that are listed, if it has the hash that is stated."""
    if not said.corrections:
        if said.corrected is not None:
            raise _wrong("it states a correction and lists none")
        return text
    final = corrected_by(text, said.corrections, "certified-copy-wrong")
    if final.digest != said.corrected:
        raise _wrong("the text with its corrections has another hash")
    return final


def _finding(
    reading: Reading,
    said: Certification,
    text: Instrument,
    checkpoint: Checkpoint,
    anchors: Anchors,
    by: _By,
) -> Finding:
    """Return the finding of a certified copy that holds."""
    roots, trust = established(reading, anchors)
    signed = tuple(sorted(reading.signing.signatories, key=lambda one: (one.delegation, one.how)))
    return Finding(
        form=CERTIFIED_COPY,
        valid=True,
        trust=trust,
        proves=(
            _certifies(by, said),
            phrase(telling.BY_SILENCE)
            if reading.signing.adopted.get(said.instrument) != said.digest
            else phrase(
                N_("that every delegation adopted the text shown, in every authentic language, word for word")
            )
            if not said.corrections
            else phrase(
                N_(
                    "that every delegation adopted the text shown, word for word in every authentic language, "
                    "but for the corrections that are listed"
                )
            ),
            *(telling.signature(one, reading, trust) for one in signed),
        ),
        does_not_prove=(
            *(() if trust == "established" else (NOT_IDENTITY,)),
            *((_NOT_AGREED if by.delegation else NOT_OBJECTED,) if said.corrections else ()),
            *(() if by.delegation else (NOT_WITHDRAWN,)),
            NOT_COMPLETE,
            NOT_ARRIVAL,
            NOT_CLAIMED,
        ),
        text={language: render(text, language, "txt", final=True) for language in text.authentic},
        signatories=telling.signed(signed, reading),
        deposits=telling.deposits(reading),
        papers=telling.papers(reading),
        records=telling.records(reading),
        certified=Certified(
            delegation=by.delegation,
            name=by.name,
            capacity=by.capacity,
            instrument=said.instrument,
            digest=said.digest.hex(),
            corrected=said.corrected.hex() if said.corrected else None,
            corrections=tuple((one.unit, one.language, one.found, one.correct) for one in said.corrections),
            language=said.language,
            words=said.words,
            place=said.place,
            date=said.date,
            claimed_ms=said.time,
        ),
        roots=roots,
        talks=reading.talks.hex(),
        number=telling.number(reading),
        host=reading.genesis.keys.fingerprint,
        origin=checkpoint.origin,
        size=checkpoint.size,
    )


def _certifies(by: _By, said: Certification) -> Phrase:
    """Return the sentence of who certified."""
    if by.delegation:
        return phrase(
            N_(
                "that a desk of {delegation}, the depositary whom all designated, certified this copy of {text}"
            ),
            delegation=by.delegation,
            text=said.instrument,
        )
    return phrase(
        N_("that {name}, the depositary whom all admitted and designated, certified this copy of {text}"),
        name=by.name,
        text=said.instrument,
    )


def _wrong(why: str) -> RemoteError:
    """Return the refusal of a certified copy."""
    return RemoteError("certified-copy-wrong", why=why)
