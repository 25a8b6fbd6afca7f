"""After the text: what is told of originals on paper, the procès-verbal and corrections, and the events about them.

This module decides what a screen and the command line say of them, and which text, notice or file an event names. It never
decides whether a step has effect.

1. Of a scan only the hash goes on record; the file stays with whoever has it.
2. A correction is told with the words as they stand and as they should, by whom, and whose answer is missing; days are told
   with when they end for one's own delegation, by its own clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.provisions import called
from good_offices.clerk.signing import grouped, may, title_of
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.locale.naming import name_of_language
from good_offices.talks import events_after as events
from good_offices.talks.finished import TITLE, Finished, Notice, corrected_text
from good_offices.text.model import Instrument
from good_offices.text.state import TextState

_DAY: Final = 86_400_000


def attested(
    desk: Desk,
    text: TextState,
    digest: bytes,
    signatories: Iterable[tuple[str, str, str]],
    *,
    place: str,
    date: str,
    until: int | None = None,
) -> events.PaperSignatureAttested:
    """Return the event that attests an original on paper by the SHA-256 of its scan; signatories as (delegation, name, capacity).

    Raises:
        LocalError: as `names.delegation`.
    """
    return events.PaperSignatureAttested(
        instrument=text.instrument.id,
        digest=text.instrument.digest,
        scan=digest,
        place=place,
        date=date,
        signatories=tuple(
            events.PaperSignatory(delegation=names.delegation(desk, who), name=name, capacity=capacity)
            for who, name, capacity in signatories
        ),
        until=until,
    )


def recorded(text: TextState, words: Mapping[str, str], until: int | None = None) -> events.SignatureRecorded:
    """Return the event that agrees a procès-verbal of signature, in words by language."""
    one = text.instrument
    return events.SignatureRecorded(instrument=one.id, digest=one.digest, words=dict(words), until=until)


def notified(
    text: TextState, errata: Iterable[tuple[str, str, str, str]], days: int = 0, until: int | None = None
) -> events.ErrorNotified:
    """Return the event that notifies errors, each as (provision, language, words as they stand, words as they should).

    Raises:
        LocalError: as `names.unit`.
    """
    return events.ErrorNotified(
        instrument=text.instrument.id,
        digest=text.instrument.digest,
        errata=tuple(
            events.Erratum(unit=_place(text, unit), language=tag, found=found, correct=correct)
            for unit, tag, found, correct in errata
        ),
        days=days,
        until=until,
    )


def _place(text: TextState, word: str) -> str:
    """Return the id of the provision that a word names; `title` is the title, unless a provision is called so."""
    try:
        return names.unit(text, word).id
    except LocalError:
        if word != "title":
            raise
        return TITLE


def objected(desk: Desk, entry: str, why: str, tag: str) -> events.CorrectionObjected:
    """Return the event that objects to the correction notified at an entry, and says why.

    Raises:
        LocalError: `correction-unknown`, and as `names.act_at`.
    """
    return events.CorrectionObjected(notice=notice_at(desk, entry), text=why, language=tag)


def notice_at(desk: Desk, entry: str) -> bytes:
    """Return the name of the notice at an entry.

    Raises:
        LocalError: `correction-unknown`, and as `names.act_at`.
    """
    act = names.act_at(desk.common, entry).act
    event = act.event if act else None
    if isinstance(event, events.ErrorNotified):
        return event.content
    if isinstance(event, events.CorrectionAccepted):
        return event.notice
    raise LocalError("correction-unknown")


def finished_told(desk: Desk, text: TextState) -> dict[str, Any]:
    """Return what stands of a text after its signature, and which steps are open to this member."""
    one = desk.talks.plenary.finished.get(text.instrument.id, Finished())
    held = desk.talks.plenary.outcomes.get(text.instrument.id)
    named, own = names.delegations(desk), desk.identity.place.delegation
    signed = text.phase == "signed"
    return {
        "papers": [
            {
                "scan": grouped(each.scan),
                "place": each.place,
                "date": each.date,
                "index": each.since,
                "signatories": [
                    (named.get(who.delegation, who.delegation), who.name, who.capacity)
                    for who in each.signatories
                ],
            }
            for each in one.papers
        ],
        "recorded": _recorded(desk, one),
        "notices": [notice_told(desk, text, bytes.fromhex(key)) for key in one.notices],
        "corrected": grouped(one.corrected) if one.corrected else [],
        "depositary": bool(held and held.deposited and held.depositary == own),
        "may": {
            "paper": bool(text.phase) and may(desk, "PaperSignatureAttested"),
            "record": signed and one.recorded is None and may(desk, "SignatureRecorded"),
            "notify": signed and may(desk, "ErrorNotified"),
            "certify": bool(
                held and held.deposited and held.depositary == own and may(desk, "InstrumentDeposited")
            ),
        },
    }


def notice_told(desk: Desk, text: TextState, content: bytes) -> dict[str, Any]:
    """Return a notice of errors in words and values (rule 2)."""
    notice = desk.talks.plenary.finished[text.instrument.id].notices[content.hex()]
    joint, own = desk.talks.plenary.joint.get(content.hex()), desk.identity.place.delegation
    accepted = set(joint.accepted) if joint else set()
    named, known = names.delegations(desk), called(text.instrument, language())
    begun = notice.begun.get(own)
    return {
        "content": content,
        "index": notice.notified.index,
        "time_ms": names.line(desk.common, notice.notified.index).leaf.time_ms,
        "by": named.get(notice.by, notice.by),
        "fate": notice.fate,
        "ended": notice.ended,
        "days": notice.days,
        "ends_ms": begun + notice.days * _DAY if begun is not None and own not in accepted else None,
        "objected": named.get(notice.objected, ""),
        "reason": _reason(desk, notice),
        "waits_for": [named[who] for who in desk.talks.roster.expected if who not in accepted],
        "ours": own in accepted,
        "open": notice.fate == "open" and may(desk, "CorrectionObjected"),
        "errata": [
            {
                "provision": known[each.unit].whole if each.unit in known else each.unit or _("Title"),
                "language": each.language,
                "found": each.found,
                "correct": each.correct,
            }
            for each in notice.errata
        ],
    }


def corrected_instrument(desk: Desk, text: TextState) -> Instrument:
    """Return a text as it reads with the corrections that were made; the signed one if there are none."""
    return corrected_text(text, desk.talks.plenary.finished.get(text.instrument.id, Finished())).instrument


def rectification(desk: Desk, text: TextState) -> list[str]:
    """Return the procès-verbal of rectification of a text, in lines; none while nothing is corrected (VCLT 79)."""
    one = desk.talks.plenary.finished.get(text.instrument.id, Finished())
    if one.corrected is None:
        return []
    lines = [
        _("Procès-verbal of rectification"),
        title_of(text.instrument)[1],
        _("The signed text has the hash {digits}.").format(digits=" ".join(grouped(text.instrument.digest))),
        _("With the corrections below it has the hash {digits}.").format(
            digits=" ".join(grouped(one.corrected))
        ),
    ]
    for content in one.made:
        told = notice_told(desk, text, content)
        ended = names.line(desk.common, told["ended"])
        lines.append(
            _("Notified by {name} at entry {index}; corrected as of entry {ended}.").format(
                name=told["by"], index=told["index"], ended=ended.index
            )
        )
        lines += [erratum_line(each) for each in told["errata"]]
    return lines


def erratum_line(one: Mapping[str, str]) -> str:
    """Return an error in one line: where, the words as they stand and as they should."""
    return _("{provision}, {language}: for “{found}” read “{correct}”").format(
        **{**one, "language": name_of_language(one["language"])}
    )


def certifying_words(desk: Desk, text: TextState) -> str:
    """Return the usual words of a depositary's certificate, in the reader's language; whoever certifies may use others."""
    return _(
        "I hereby certify that the foregoing text is a true copy of {title}, the original of which is deposited with {name}."
    ).format(title=title_of(text.instrument)[1], name=desk.identity.delegation_name)


def certificate_lines(desk: Desk, text: TextState, words: str, place: str, date: str) -> list[str]:
    """Return the paragraphs of a depositary's certificate as it is printed under a copy."""
    person = desk.identity.person
    one = desk.talks.plenary.finished.get(text.instrument.id, Finished())
    lines = [words or certifying_words(desk, text)]
    lines.append(
        _("Hash of the signed text: {digits}").format(digits=" ".join(grouped(text.instrument.digest)))
    )
    if one.corrected is not None:
        lines.append(
            _("The copy has the corrections that were made; its hash is {digits}.").format(
                digits=" ".join(grouped(one.corrected))
            )
        )
    lines.append(", ".join(part for part in (place, date) if part))
    lines.append(
        _("{name}, {capacity}, for {delegation}").format(
            name=person.name, capacity=person.capacity, delegation=desk.identity.delegation_name
        )
    )
    return [line for line in lines if line]


def waiting_papers(desk: Desk, text: TextState) -> list[dict[str, Any]]:
    """Return attestations and procès-verbaux of a text that wait for an acceptance: entry, event, and whether ours is given."""
    own, found = desk.identity.place.delegation, []
    for joint in desk.talks.plenary.joint.values():
        if joint.event not in ("PaperSignatureAttested", "SignatureRecorded"):
            continue
        index = min(one.index for one in joint.accepted.values())
        event = names.event_at(desk, index)
        if event is not None and event.instrument == text.instrument.id:
            found.append({"index": index, "event": event, "ours": own in joint.accepted})
    return found


def facts(desk: Desk, event: Any) -> list[str]:
    """Return in lines what an event about a signature or a correction says, for whoever is to accept it."""
    named = names.delegations(desk)
    if isinstance(event, events.PaperSignatureAttested):
        return [
            _("{place}, {date}").format(place=event.place, date=event.date),
            *(
                _("{name}, {capacity}, for {delegation}").format(
                    name=one.name,
                    capacity=one.capacity,
                    delegation=named.get(one.delegation, one.delegation),
                )
                for one in event.signatories
            ),
            _("Scan, by its hash: {digits}").format(digits=" ".join(grouped(event.scan))),
        ]
    if isinstance(event, events.SignatureRecorded):
        return [f"{name_of_language(tag)}: {words}" for tag, words in event.words.items()]
    if isinstance(event, events.ErrorNotified):
        return _errata(desk, event.instrument, event.errata) + (
            [_("Days within which to object: {days}").format(days=event.days)] if event.days else []
        )
    if isinstance(event, events.CorrectionAccepted):
        for name, one in desk.talks.plenary.finished.items():
            notice = one.notices.get(event.notice.hex())
            if notice:
                return _errata(desk, name, notice.errata)
    return []


def _errata(desk: Desk, name: str, errata: Sequence[events.Erratum]) -> list[str]:
    """Return errors in lines."""
    text = desk.talks.plenary.texts.get(name)
    known = called(text.instrument, language()) if text else {}
    return [
        erratum_line(
            {
                "provision": known[one.unit].whole if one.unit in known else one.unit or _("Title"),
                "language": one.language,
                "found": one.found,
                "correct": one.correct,
            }
        )
        for one in errata
    ]


def _recorded(desk: Desk, one: Finished) -> dict[str, str]:
    """Return the words of the procès-verbal that all agreed, by language; empty if there is none."""
    if one.recorded is None:
        return {}
    for line in desk.common.lines():
        event = line.act.event if line.act else None
        if isinstance(event, events.SignatureRecorded) and event.content == one.recorded:
            return dict(event.words)
    return {}


def _reason(desk: Desk, notice: Notice) -> str:
    """Return why a delegation objected; empty if none did."""
    event = names.event_at(desk, notice.ended) if notice.fate == "objected" else None
    return event.text if isinstance(event, events.CorrectionObjected) else ""
