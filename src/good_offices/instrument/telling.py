"""From a bundle that holds to what it proves, in words and lists.

This module decides what is told of a verified outcome. It never checks: it is called when every step has passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from good_offices.instrument.checking import Texts
from good_offices.instrument.finding import (
    NOT_ARRIVAL,
    NOT_CLAIMED,
    NOT_COMPLETE,
    NOT_IDENTITY,
    Deposit,
    PaperSigned,
    Receipt,
    Recorded,
    Said,
    Signed,
    Trust,
)
from good_offices.instrument.reading import STANDING, Reading
from good_offices.instrument.signing import HOW, ShownAct
from good_offices.locale import N_
from good_offices.locale.phrases import Phrase, phrase
from good_offices.register.depositary import Held
from good_offices.talks.credentials import comparison_number
from good_offices.talks.event import Happened
from good_offices.talks.events_outcome import ClosingRecord, Signatory
from good_offices.talks.events_plenary import FullPowersProduced
from good_offices.text.rendering import render

# What has a place of its own in a finding, or only carries others.
_TOLD: Final = (
    STANDING
    | HOW.keys()
    | {
        "ModalitiesProposed",
        "ModalitiesAccepted",
        "ItemProposed",
        "ItemAccepted",
        "TextAdopted",
        "FullPowersProduced",
        "FullPowersFoundInOrder",
        "ActConfirmed",
        "SignatureConfirmed",
        "ClosingRecordSigned",
        "InstrumentDeposited",
        "PaperSignatureAttested",
        "SignatureRecorded",
        "SilenceOpened",
        "DepositaryAdmitted",
        "DepositReceived",
    }
)
BY_SILENCE: Final = N_(
    "that every delegation has put its signature to the text shown, or to a closing record that says it was adopted, after it was "
    "put under silence, in every authentic language, word for word"
)
# By how it was signed: with trust, and without. Whole sentences, because languages put the verb elsewhere.
_SIGNED: Final = {
    "initialled": (
        N_("that {name}, {capacity}, for {delegation}, initialled {text}"),
        N_(
            "that the holder of the key that this file calls {name}, {capacity}, for {delegation}, initialled {text}"
        ),
    ),
    "ad-referendum": (
        N_("that {name}, {capacity}, for {delegation}, signed ad referendum {text}"),
        N_(
            "that the holder of the key that this file calls {name}, {capacity}, for {delegation}, "
            "signed ad referendum {text}"
        ),
    ),
    "signed": (
        N_("that {name}, {capacity}, for {delegation}, signed {text}"),
        N_(
            "that the holder of the key that this file calls {name}, {capacity}, for {delegation}, signed {text}"
        ),
    ),
}


def number(reading: Reading) -> str:
    """Return the 60 digits that the delegations compared when they were introduced."""
    roots = [one.roots[0].root.public for one in reading.roster.delegations.values()]
    return comparison_number(reading.talks, reading.genesis.suite, roots)


def texts_by_language(texts: Texts, record: ClosingRecord) -> dict[str, str]:
    """Return the adopted texts in each authentic language; open texts only when none was adopted."""
    adopted = {one.instrument for one in record.instruments if one.adopted}
    parts: dict[str, list[str]] = {}
    for name, text in texts.items():
        final = name in adopted
        if adopted and not final:
            continue
        for language in text.authentic:
            parts.setdefault(language, []).append(render(text, language, "txt", final=final))
    return {language: "\n".join(found) for language, found in parts.items()}


def signed(marks: Iterable[Signatory], reading: Reading) -> tuple[Signed, ...]:
    """Return who initialled and signed, for people."""
    acts = {one.place.act: one for one in reading.acts}
    return tuple(
        Signed(
            delegation=reading.name(one.delegation),
            name=one.name,
            capacity=one.capacity,
            how=one.how,
            instrument=one.instrument,
            index=one.index,
            act=one.act.hex(),
            full_powers=one.full_powers.hex() if one.full_powers else None,
            claimed_ms=acts[one.act].place.time,
            first_how=HOW[acts[one.act].event.name],
            confirmed=acts[one.confirmed].place.index if one.confirmed in acts else None,
            basis=_basis(acts[one.full_powers].event) if one.full_powers in acts else "",
        )
        for one in marks
    )


def _basis(event: Happened) -> str:
    """Return on what full powers rest, as the act that produced them says."""
    if not isinstance(event, FullPowersProduced):
        return ""
    # Latin in every language, as in the texts of treaties.
    parts = ["ex officio"] if event.ex_officio else []
    parts += [f"document sha256 {event.document.hex()}"] if event.document else []
    return ", ".join([*parts, *([event.text] if event.text else [])])


def statements(reading: Reading) -> tuple[Said, ...]:
    """Return every other act that is disclosed."""
    return tuple(said(one, reading) for one in reading.acts if one.event.name not in _TOLD)


def said(one: ShownAct, reading: Reading) -> Said:
    """Return what a member said or did by one act."""
    event, member = one.event, one.place.member
    return Said(
        delegation=reading.name(one.place.delegation),
        name=member.name if member else "",
        event=event.name,
        language=str(getattr(event, "language", "")),
        text=str(getattr(event, "text", "")),
        index=one.place.index,
        claimed_ms=one.place.time,
    )


def deposits(reading: Reading, brought: Held | None = None) -> tuple[Deposit, ...]:
    """Return who keeps the originals, with their receipts; `brought` is one that a file of its own holds."""
    receipts = [held for _, held in reading.signing.received] + ([brought] if brought else [])
    return tuple(
        Deposit(
            instrument=event.instrument,
            depositary=reading.keeper(event.depositary),
            place=event.place,
            index=one.place.index,
            claimed_ms=one.place.time,
            key=event.depositary if event.depositary in reading.signing.admitted else "",
            received=tuple(
                Receipt(
                    corrected=held.corrected.hex() if held.corrected else None,
                    number=held.number,
                    claimed_ms=held.time,
                )
                for held in receipts
                if held.instrument == event.instrument
            ),
        )
        for one, event in reading.signing.deposits
    )


def papers(reading: Reading) -> tuple[PaperSigned, ...]:
    """Return the originals on paper that all say were signed."""
    return tuple(
        PaperSigned(
            instrument=event.instrument,
            scan=event.scan.hex(),
            place=event.place,
            date=event.date,
            signatories=tuple(
                (reading.name(who.delegation), who.name, who.capacity) for who in event.signatories
            ),
            index=one.place.index,
            claimed_ms=one.place.time,
        )
        for one, event in reading.signing.papers
    )


def records(reading: Reading) -> tuple[Recorded, ...]:
    """Return the procès-verbaux of signature."""
    return tuple(
        Recorded(
            instrument=event.instrument,
            words=dict(event.words),
            index=one.place.index,
            claimed_ms=one.place.time,
        )
        for one, event in reading.signing.records
    )


def agenda(reading: Reading) -> tuple[str, ...]:
    """Return the titles of the agreed agenda items."""
    return tuple(item.title for _, item in sorted(reading.agenda.items()))


def proves(record: ClosingRecord, reading: Reading, trust: Trust, cosigners: int) -> tuple[str, ...]:
    """Return the sentences of what a valid bundle proves (spec/outcome.md section 10)."""
    found = [
        phrase(
            N_("that desks of all {count} delegations signed this closing record, word for word"),
            count=len(reading.genesis.delegations),
        ),
        phrase(
            N_(
                "that every entry shown stands in one register, unchanged and in this order, as the host signed it"
            )
        ),
    ]
    known = reading.signing
    adopted = [one for one in record.instruments if one.adopted]
    by_all = [one for one in adopted if known.adopted.get(one.instrument) == one.digest]
    if by_all:
        found.append(
            phrase(
                N_("that every delegation adopted the text shown, in every authentic language, word for word")
            )
        )
    if len(by_all) < len(adopted):
        found.append(phrase(BY_SILENCE))
    found += [signature(one, reading, trust) for one in record.signatories]
    found += [
        phrase(
            N_(
                "that every delegation attested that an original of {text} on paper, whose scan has the SHA-256 {scan}, "
                "was signed"
            ),
            text=event.instrument,
            scan=event.scan.hex(),
        )
        for _, event in reading.signing.papers
    ]
    if record.modalities is not None:
        found.append(phrase(N_("that every delegation accepted the same modalities")))
    if cosigners:
        found.append(
            phrase(
                N_("that the host's register with what is shown in it was cosigned by desks: {count}"),
                count=cosigners,
            )
        )
    if trust == "established":
        found.append(phrase(N_("that the delegations are those whose roots you compared")))
    return tuple(found)


def does_not_prove(reading: Reading, record: ClosingRecord, texts: Texts, trust: Trust) -> tuple[str, ...]:
    """Return the sentences of what no bundle proves, and what this one does not."""
    found = [] if trust == "established" else [NOT_IDENTITY]
    found += [NOT_COMPLETE, NOT_ARRIVAL, NOT_CLAIMED]
    left = [one.instrument for one in record.instruments if one.instrument not in texts]
    found += [phrase(N_("what the draft {name} says: it is not in the file"), name=name) for name in left]
    recalled = [one for one in reading.roster.book.members.values() if one.recalled is not None]
    found += [
        phrase(N_("anything that {name} did after the recall"), name=one.given[-1].accreditation.name)
        for one in recalled
        if one.given
    ]
    return tuple(found)


def signature(one: Signatory, reading: Reading, trust: Trust) -> Phrase:
    """Return the sentence of one signature; without trust it speaks of keys, never of people."""
    known, unknown = _SIGNED[one.how]
    return phrase(
        known if trust == "established" else unknown,
        name=one.name,
        capacity=one.capacity,
        delegation=reading.name(one.delegation),
        text=one.instrument,
    )
