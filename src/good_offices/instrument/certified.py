"""Certified copies: the depositary's word for a text, and what it rests on. See spec/outcome.md section 11.

This module decides the form of a certified copy, which entries it shows, and whether one holds. It never signs: that is the
desk's.

1. Shown are the adoption of this text, its signatures here and as attested on paper, and its deposit: who reads the copy sees that the
   one who certifies it is the depositary whom all designated. Nothing of the agenda, the modalities or another text is shown.
2. The text in the file is the one that was signed. Corrections are listed beside it, as the depositary states them, and applied by
   whoever reads the copy: no word differs but those that are listed.
3. The certification is signed by a desk of the depositary for the purpose `certified-copy`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, LocalError, RemoteError
from good_offices.instrument import telling
from good_offices.instrument.anchors import NO_ANCHORS, Anchors
from good_offices.instrument.checking import read_text
from good_offices.instrument.closing import Kept, shown_at
from good_offices.instrument.entries import Done, open_genesis
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
from good_offices.instrument.selecting import LATER, Judged, Selection
from good_offices.instrument.verify import established, open_checkpoint, read_entries
from good_offices.locale import N_
from good_offices.locale.phrases import phrase
from good_offices.register.checkpoint import Checkpoint
from good_offices.register.forms import read
from good_offices.register.note import Note
from good_offices.register.tree import Tree
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT
from good_offices.talks.credentials import Statement
from good_offices.talks.event import Acceptable
from good_offices.talks.events_after import Erratum
from good_offices.talks.events_roster import MemberAccreditation
from good_offices.talks.finished import with_errata
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.roster import RosterState
from good_offices.talks.verdict import Completed
from good_offices.text.model import Instrument
from good_offices.text.rendering import render
from good_offices.text.state import TextState

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
    certificate: bytes
    language: str
    words: str
    date: str
    place: str = ""
    corrections: tuple[Erratum, ...] = ()
    corrected: bytes | None = None
    time: int


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
    for content in _settled(judged, name):
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
    desk = _certifier(reading, said, checkpoint.size)
    try:
        ACT.verify(Domain.CERTIFIED_COPY, desk.act, file.signature, file.certification)
    except RemoteError:
        raise _wrong("the signature is not that of the desk that it names") from None
    final = _corrected(text, said)
    member = _deposited(reading, said, desk, checkpoint.size)
    return _finding(reading, said, final, checkpoint, anchors, (desk.delegation, member))


def _settled(judged: Sequence[Judged], name: str) -> set[bytes]:
    """Return the contents about a text that have effect: its deposit, and what is said of its signature."""
    done = {
        effect.content
        for one in judged
        for effect in one.verdict.effects
        if isinstance(effect, Completed) and effect.event in LATER
    }
    events = [one.content.act.event for one in judged if isinstance(one.content, Done)]
    return {
        one.content
        for one in events
        if isinstance(one, Acceptable) and getattr(one, "instrument", "") == name and one.content in done
    }


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
    try:
        final = with_errata(TextState(instrument=text, phase="signed"), said.corrections).instrument
    except GoodOfficesError:
        raise _wrong("the corrections do not fit the text") from None
    if final.digest != said.corrected:
        raise _wrong("the text with its corrections has another hash")
    return final


def _finding(
    reading: Reading,
    said: Certification,
    text: Instrument,
    checkpoint: Checkpoint,
    anchors: Anchors,
    by: tuple[str, MemberAccreditation],
) -> Finding:
    """Return the finding of a certified copy that holds."""
    roots, trust = established(reading, anchors)
    delegation, member = reading.name(by[0]), by[1]
    signed = tuple(sorted(reading.signing.signatories, key=lambda one: (one.delegation, one.how)))
    return Finding(
        form=CERTIFIED_COPY,
        valid=True,
        trust=trust,
        proves=(
            phrase(
                N_(
                    "that a desk of {delegation}, the depositary whom all designated, certified this copy of {text}"
                ),
                delegation=delegation,
                text=said.instrument,
            ),
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
            *((_NOT_AGREED,) if said.corrections else ()),
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
            delegation=delegation,
            name=member.name,
            capacity=member.capacity,
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


def _wrong(why: str) -> RemoteError:
    """Return the refusal of a certified copy."""
    return RemoteError("certified-copy-wrong", why=why)
