"""After the text: originals on paper, the procès-verbal of signature, correction of errors. See spec/talks.md section 8.

This module decides when leaders have signed on paper, and when an error in a signed text is corrected (VCLT 79). It never
changes the text that was signed: its hash stays the one under the signatures.

1. All attest together what was signed on paper. A text is signed when each delegation has signed in the talks or on paper.
2. A correction is made when all have accepted it. Of a deposited text the depositary may set days within which to object:
   then it is made also when these have passed for each delegation by its own clock, and nobody has objected.
3. Days pass for a delegation only from its own first act in view of the notice: no notice can be dated back, and whoever
   is silent is not bound by silence.
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from good_offices.errors import LocalError
from good_offices.talks.events_after import (
    CorrectionAccepted,
    CorrectionObjected,
    DestructionAttested,
    ErrorNotified,
    PaperSignatureAttested,
    SignatureRecorded,
)
from good_offices.talks.finished import (
    Finished,
    Notice,
    SignedOnPaper,
    corrected_text,
    with_errata,
    with_notice,
    with_text,
)
from good_offices.talks.joint import Joint
from good_offices.talks.outcome import advanced, check_ready
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import UNASKED
from good_offices.talks.state import evolve
from good_offices.talks.textual import text_of
from good_offices.talks.verdict import Completed, Place
from good_offices.text.state import TextState
from good_offices.text.tables import put

DAYS_MOST: Final = 3_650
_DAY: Final = 86_400_000
_SCAN: Final = 32


def paper_attested(
    plenary: PlenaryState, roster: RosterState, place: Place, event: PaperSignatureAttested
) -> Step:
    """Attest, together, that an original on paper was signed (R-65)."""
    text = text_of(plenary, event.instrument)
    finished = plenary.finished.get(event.instrument, Finished())
    if text.phase != "signed":
        check_ready(text, event.digest)
    elif event.digest != text.instrument.digest:
        raise LocalError("instrument-differs")
    _check_paper(event, roster)
    if any(one.scan == event.scan for one in finished.papers):
        raise LocalError("paper-attested-already")
    subjects = (f"{event.instrument}/#paper {event.scan.hex()}",)
    fresh = Joint(event=event.name, content=event.content, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if not complete:
        return plenary, effects
    paper = SignedOnPaper(
        scan=event.scan,
        place=event.place,
        date=event.date,
        signatories=event.signatories,
        content=event.content,
        since=place.index,
    )
    new = msgspec.structs.replace(finished, papers=(*finished.papers, paper))
    plenary = _without(_with(plenary, event.instrument, new), subjects)
    return advanced(plenary, roster, event.instrument), effects


def signature_recorded(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SignatureRecorded
) -> Step:
    """Agree the procès-verbal of signature, in every authentic language (R-66)."""
    text = _signed(plenary, event.instrument, event.digest)
    if set(event.words) != set(text.instrument.authentic) or not all(map(str.strip, event.words.values())):
        raise LocalError("record-languages", languages=", ".join(text.instrument.authentic))
    finished = plenary.finished.get(event.instrument, Finished())
    if finished.recorded is not None:
        raise LocalError("signature-recorded-already")
    subjects = (f"{event.instrument}/#record",)
    fresh = Joint(event=event.name, content=event.content, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if not complete:
        return plenary, effects
    new = msgspec.structs.replace(finished, recorded=event.content)
    return _without(_with(plenary, event.instrument, new), subjects), effects


def error_notified(plenary: PlenaryState, roster: RosterState, place: Place, event: ErrorNotified) -> Step:
    """Notify errors in a signed text; to notify the same again is to accept the correction (R-67)."""
    text = _signed(plenary, event.instrument, event.digest)
    finished = plenary.finished.get(event.instrument, Finished())
    known = finished.notices.get(event.content.hex())
    if known is None or known.fate in ("objected", "overtaken"):
        _check_notice(plenary, place, event)
        with_errata(corrected_text(text, finished), event.errata)
        notice = Notice(by=place.delegation, notified=place.here, errata=event.errata, days=event.days)
        plenary = _with(plenary, event.instrument, with_notice(finished, event.content, notice))
    return _accepted(plenary, roster, place, CorrectionAccepted(notice=event.content, until=event.until))


def correction_accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: CorrectionAccepted
) -> Step:
    """Accept a correction, in view of its notice; it is made when all have (R-68, VCLT 79 paragraph 1)."""
    _name, _finished, notice = _open(plenary, event.notice)
    if place.seen <= notice.notified.index:
        # Its author's delegation may have objected to an earlier notice of the same since.
        raise LocalError("correction-unknown")
    return _accepted(plenary, roster, place, event)


def _accepted(plenary: PlenaryState, roster: RosterState, place: Place, event: CorrectionAccepted) -> Step:
    """Count a delegation's acceptance of a correction."""
    name, finished, notice = _open(plenary, event.notice)
    with_errata(corrected_text(text_of(plenary, name), finished), notice.errata)
    subjects = (f"{name}/#correction",)
    fresh = Joint(event="ErrorNotified", content=event.notice, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        plenary = _made(plenary, name, event.notice, place)
    return plenary, effects


def correction_objected(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: CorrectionObjected
) -> Step:
    """Object to a correction, and say why; it is then not made (R-68, VCLT 79 paragraph 2)."""
    name, finished, notice = _open(plenary, event.notice)
    if not event.text.strip():
        raise LocalError("objection-reason-missing")
    ended = msgspec.structs.replace(notice, fate="objected", objected=place.delegation, ended=place.index)
    plenary = _with(plenary, name, with_notice(finished, event.notice, ended))
    rest = put(plenary.joint, {}, without=(event.notice.hex(),))
    return evolve(plenary, joint=rest), ()


def destruction_attested(
    plenary: PlenaryState, _roster: RosterState, _place: Place, event: DestructionAttested
) -> Step:
    """Leave the state as it is: that a delegation destroys its keys and archive is its claim (R-69)."""
    if not event.text.strip():
        raise LocalError("attestation-empty")
    return plenary, ()


def passed(plenary: PlenaryState, roster: RosterState, place: Place, event: Any) -> Step:
    """Return the state after the days of notices that have passed for the author's delegation by this act (R-68).

    Called for every act of the plenary that has effect or is kept; an objection lets no time pass, nor does what desks post unasked.
    """
    effects: tuple[Completed, ...] = ()
    if event.name == "CorrectionObjected" or event.name in UNASKED:
        return plenary, effects
    for name, finished in plenary.finished.items():
        for key, notice in finished.notices.items():
            if notice.fate == "open" and notice.days and notice.notified.index < place.seen:
                counted = _with(
                    plenary,
                    name,
                    with_notice(plenary.finished[name], bytes.fromhex(key), _counted(notice, place)),
                )
                plenary, done = _all_passed(counted, roster, place, name, key)
                effects += done
    return plenary, effects


def _all_passed(
    plenary: PlenaryState, roster: RosterState, place: Place, name: str, key: str
) -> tuple[PlenaryState, tuple[Completed, ...]]:
    """Return the state in which a correction is made if every delegation has accepted it or let the days pass."""
    notice, joint = plenary.finished[name].notices[key], plenary.joint.get(key)
    # Without the acceptance of whoever notified nobody says any more that there is an error.
    if joint is None or notice.by not in joint.accepted:
        return plenary, ()
    if not set(roster.expected) <= joint.accepted.keys() | notice.passed.keys():
        return plenary, ()
    plenary = evolve(plenary, joint=put(plenary.joint, {}, without=(key,)))
    content = bytes.fromhex(key)
    return _made(plenary, name, content, place), (Completed(content=content, event="ErrorNotified"),)


def _counted(notice: Notice, place: Place) -> Notice:
    """Return a notice of which the author's delegation has seen the beginning, or the end, of its days."""
    own = place.delegation
    if own in notice.passed:
        return notice
    if own not in notice.begun:
        return msgspec.structs.replace(notice, begun={**notice.begun, own: place.time})
    if place.time <= notice.begun[own] + notice.days * _DAY:
        return notice
    return msgspec.structs.replace(notice, passed={**notice.passed, own: place.index})


def _made(plenary: PlenaryState, name: str, content: bytes, place: Place) -> PlenaryState:
    """Return the state in which a correction is made; one whose words another has changed meanwhile is overtaken."""
    finished, text = plenary.finished[name], text_of(plenary, name)
    notice = finished.notices[content.hex()]
    try:
        with_errata(corrected_text(text, finished), notice.errata)
    except LocalError:
        lost = msgspec.structs.replace(notice, fate="overtaken", ended=place.index)
        return _with(plenary, name, with_notice(finished, content, lost))
    done = msgspec.structs.replace(notice, fate="made", ended=place.index)
    new = msgspec.structs.replace(with_notice(finished, content, done), made=(*finished.made, content))
    return _with(plenary, name, with_text(text, new))


def _check_paper(event: PaperSignatureAttested, roster: RosterState) -> None:
    """Refuse an attestation that does not say what, where, when and by whom; one of a delegation that there is not."""
    named = all(one.name.strip() and one.delegation in roster.expected for one in event.signatories)
    if len(event.scan) != _SCAN:
        raise LocalError("paper-incomplete", part="the hash of the scan")
    if not event.place.strip() or not event.date.strip():
        raise LocalError("paper-incomplete", part="place and date")
    if not event.signatories or not named:
        raise LocalError("paper-incomplete", part="who signed for which delegation")


def _check_notice(plenary: PlenaryState, place: Place, event: ErrorNotified) -> None:
    """Refuse a notice without errors, and days that are not the depositary's to set (VCLT 79 paragraphs 1 and 2)."""
    outcome = plenary.outcomes.get(event.instrument)
    if not event.errata:
        raise LocalError("errata-missing")
    if not 0 <= event.days <= DAYS_MOST:
        raise LocalError("correction-days", most=DAYS_MOST)
    if event.days and (outcome is None or not outcome.deposited or outcome.depositary != place.delegation):
        raise LocalError("correction-not-depositary")
    if event.days and event.until is not None:
        raise LocalError("correction-until")


def _signed(plenary: PlenaryState, instrument: str, digest: bytes) -> TextState:
    """Return a text that all have signed under this hash."""
    text = text_of(plenary, instrument)
    if digest != text.instrument.digest:
        raise LocalError("instrument-differs")
    if text.phase != "signed":
        raise LocalError("signatures-missing")
    return text


def _open(plenary: PlenaryState, content: bytes) -> tuple[str, Finished, Notice]:
    """Return a notice that still waits, with its text's name and what is kept of it."""
    for name, finished in plenary.finished.items():
        notice = finished.notices.get(content.hex())
        if notice is not None:
            if notice.fate != "open":
                raise LocalError("correction-ended")
            return name, finished, notice
    raise LocalError("correction-unknown")


def _with(plenary: PlenaryState, name: str, finished: Finished) -> PlenaryState:
    """Return the state with what is kept of a text."""
    return evolve(plenary, finished=put(plenary.finished, {name: finished}))


def _without(plenary: PlenaryState, subjects: tuple[str, ...]) -> PlenaryState:
    """Return the state without joint acts about the same: what was settled otherwise is not pending any more."""
    gone = [key for key, one in plenary.joint.items() if one.subjects == subjects]
    return evolve(plenary, joint=put(plenary.joint, {}, without=tuple(gone)))
