"""The outcome: initials, signatures, deposit. See spec/talks.md section 8.

This module decides who has initialled and signed which text. It never decides what a signature means in law.

1. Initials and signatures name the hash over all authentic languages of an adopted text that has no slot, no
   placeholder and a complete concordance.
2. To sign, a member needs the power and full powers that every other delegation found in order (VCLT 7). To sign ad
   referendum it needs the power alone: what binds is the confirmation (VCLT 12), which needs the full powers.
3. The text is initialled or signed when every delegation has done so. Signature needs no initials before it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from good_offices.errors import LocalError
from good_offices.talks.events_outcome import (
    InstrumentDeposited,
    InstrumentSigned,
    SignatureConfirmed,
    SignedAdReferendum,
    TextInitialled,
)
from good_offices.talks.events_text import TextReopened
from good_offices.talks.finished import Finished, on_paper
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import Mark, Outcome, PlenaryState, Step, accepted
from good_offices.talks.powers import full_powers_of
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.textual import joint_text, text_of, with_text
from good_offices.talks.verdict import Place, WithoutEffectError
from good_offices.text import ladder
from good_offices.text.state import TextState

SIGNED: Final = ("ad-referendum", "signed")


def text_initialled(plenary: PlenaryState, roster: RosterState, place: Place, event: TextInitialled) -> Step:
    """Put a delegation's initials to a text (R-60)."""
    check_ready(text_of(plenary, event.instrument), event.digest)
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    if _marked(outcome, place.delegation, ("initialled",)):
        raise LocalError("initialled-already")
    mark = _mark(place, "initialled")
    return _with_mark(plenary, roster, event.instrument, outcome, mark), ()


def signed_ad_referendum(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SignedAdReferendum
) -> Step:
    """Sign subject to confirmation by the capital (R-61, VCLT 12)."""
    check_ready(text_of(plenary, event.instrument), event.digest)
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    if _marked(outcome, place.delegation, SIGNED):
        raise LocalError("signed-already")
    return _with_mark(plenary, roster, event.instrument, outcome, _mark(place, "ad-referendum")), ()


def instrument_signed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: InstrumentSigned
) -> Step:
    """Sign for one's delegation, with full powers (R-61)."""
    check_ready(text_of(plenary, event.instrument), event.digest)
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    if _marked(outcome, place.delegation, SIGNED):
        raise LocalError("signed-already")
    mark = _mark(place, "signed", full_powers=_full_powers(plenary, roster, place))
    return _with_mark(plenary, roster, event.instrument, outcome, mark), ()


def signature_confirmed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SignatureConfirmed
) -> Step:
    """Confirm a signature ad referendum of one's own delegation (R-61)."""
    check_ready(text_of(plenary, event.instrument), event.digest)
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    held = [one for one in outcome.marks if one.done.act == event.signature and one.how == "ad-referendum"]
    if not held or held[0].delegation != place.delegation:
        raise LocalError("signature-unknown")
    powers = _full_powers(plenary, roster, place)
    mark = msgspec.structs.replace(held[0], how="signed", full_powers=powers, confirmed=place.here)
    rest = Outcome(marks=tuple(one for one in outcome.marks if one != held[0]))
    return _with_mark(plenary, roster, event.instrument, rest, mark), ()


def instrument_deposited(
    plenary: PlenaryState, roster: RosterState, place: Place, event: InstrumentDeposited
) -> Step:
    """Designate the depositary that has received a signed instrument, together (R-62, VCLT 76 and 77)."""
    text = text_of(plenary, event.instrument)
    if event.digest != text.instrument.digest:
        raise LocalError("instrument-differs")
    if text.phase != "signed":
        raise LocalError("signatures-missing")
    if event.depositary not in roster.expected and event.depositary not in plenary.depositaries:
        raise LocalError("depositary-unknown")
    # All may have signed on paper alone.
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    if outcome.deposited is not None:
        raise LocalError("deposited-already")
    subjects = (f"{event.instrument}/#deposit",)
    fresh = Joint(event=event.name, content=event.content, subjects=subjects, accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if not complete:
        return plenary, effects
    new = Outcome(marks=outcome.marks, depositary=event.depositary, deposited=place.act)
    rest = {key: one for key, one in plenary.joint.items() if one.subjects != subjects}
    return evolve(plenary, joint=rest, outcomes={**plenary.outcomes, event.instrument: new}), effects


def text_reopened(plenary: PlenaryState, roster: RosterState, place: Place, event: TextReopened) -> Step:
    """Reopen an adopted text that nobody has signed; initials fall with the adoption (R-59)."""
    outcome = plenary.outcomes.get(event.instrument, Outcome())
    if any(one.how in SIGNED for one in outcome.marks) or event.instrument in plenary.finished:
        raise LocalError("text-signed")
    plenary, effects = joint_text(plenary, roster, place, event)
    if not text_of(plenary, event.instrument).phase:
        rest = {name: one for name, one in plenary.outcomes.items() if name != event.instrument}
        plenary = evolve(plenary, outcomes=rest)
    return plenary, effects


def check_ready(text: TextState, digest: bytes) -> None:
    """Pass if a text may be initialled and signed under this hash: adopted, settled, concordant in all languages (R-60).

    Raises:
        LocalError: `instrument-differs`, `text-phase`, and as `ladder.advance`.
    """
    if digest != text.instrument.digest:
        raise LocalError("instrument-differs")
    if text.phase == "adopted":
        ladder.advance(text, "initialled", digest)
    elif text.phase != "initialled":
        raise LocalError("text-phase", phase=text.phase or "not adopted", wanted="initialled or signed")


def _marked(outcome: Outcome, delegation: str, how: tuple[str, ...]) -> bool:
    """Tell whether a delegation has made such a mark."""
    return any(one.delegation == delegation and one.how in how for one in outcome.marks)


def _full_powers(plenary: PlenaryState, roster: RosterState, place: Place) -> bytes:
    """Return the act that produced the author's full powers, or find that it has none in order (VCLT 7 and 8)."""
    powers = full_powers_of(plenary, roster, place)
    if powers is None:
        raise WithoutEffectError("full-powers-missing")
    return powers.produced.act


def _mark(place: Place, how: str, full_powers: bytes | None = None) -> Mark:
    """Return the author's mark."""
    member = place.member
    return Mark(
        how=how,  # type: ignore[arg-type]
        delegation=place.delegation,
        member=place.desk.member,
        name=member.name if member else "",
        capacity=member.capacity if member else "",
        author=place.author,
        done=place.done or place.here,
        full_powers=full_powers,
        confirmed=place.here if place.done else None,
    )


def _with_mark(
    plenary: PlenaryState, roster: RosterState, instrument: str, outcome: Outcome, mark: Mark
) -> PlenaryState:
    """Return the state with one more mark; the text is initialled or signed when all delegations have done so."""
    marks = tuple(sorted((*outcome.marks, mark), key=lambda one: (one.delegation, one.how)))
    plenary = evolve(plenary, outcomes={**plenary.outcomes, instrument: Outcome(marks=marks)})
    return advanced(plenary, roster, instrument)


def advanced(plenary: PlenaryState, roster: RosterState, instrument: str) -> PlenaryState:
    """Return the state in which a text has come as far as its marks, here and on paper, bring it (R-60, R-61, R-65)."""
    marks = plenary.outcomes.get(instrument, Outcome()).marks
    text = text_of(plenary, instrument)
    digest = text.instrument.digest
    everyone = set(roster.expected)
    paper = on_paper(plenary.finished.get(instrument, Finished()))
    signed = everyone <= paper | {one.delegation for one in marks if one.how == "signed"}
    if text.phase == "adopted" and (
        signed or everyone <= {one.delegation for one in marks if one.how == "initialled"}
    ):
        # A signed text needs no initials before it: signature also makes it authentic (VCLT 10 b).
        text = ladder.advance(text, "initialled", digest)
    if text.phase == "initialled" and signed:
        text = ladder.advance(text, "signed", digest)
    return with_text(plenary, instrument, text)
