"""The acts of the negotiating text: who has accepted what, and what then becomes of the text. See spec/talks.md section 7.

This module decides when an act about a text has effect. It never decides what the words are: `wording` asks
`good_offices.text` for that, with the bases that the act names.

1. Every act is tried on the present text when it is posted, not only when it completes: nobody is asked to accept
   what cannot be done.
2. A joint act changes the text when the last delegation accepts; what was pending on the old words goes.
3. An act refused only for a settlement that its author's delegation had not seen crosses it (`talks.crossing`).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from good_offices.errors import LocalError
from good_offices.talks import joint as joints
from good_offices.talks import wording
from good_offices.talks.crossing import pending_again, touched, unseen, would_complete
from good_offices.talks.events_plenary import AcceptanceWithdrawn
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    AmendmentWithdrawn,
    TextTabled,
)
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState, Step, Undo, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place, Undone
from good_offices.text import acts, order
from good_offices.text.state import TextState
from good_offices.text.state import evolve as evolve_text
from good_offices.text.tables import of_units, put

# How an act is refused that a settlement has overtaken. With any other code it would have been refused anyway.
_OVERTAKEN: Final = frozenset(
    {
        "base-missing",
        "concordance-differs",
        "crossed-late",
        "proposal-not-pending",
        "slot-unknown",
        "stale-base",
        "unit-locked",
        "unit-status",
        "unit-unknown",
    }
)


# The tables of a text whose keys are units.
_BY_UNIT: Final = ("standing", "certified")


def text_of(plenary: PlenaryState, instrument: str) -> TextState:
    """Return the text with this id.

    Raises:
        LocalError: `instrument-unknown`.
    """
    if instrument not in plenary.texts:
        raise LocalError("instrument-unknown")
    return plenary.texts[instrument]


def with_text(plenary: PlenaryState, instrument: str, text: TextState) -> PlenaryState:
    """Return the state with a text replaced."""
    return evolve(plenary, texts=put(plenary.texts, {instrument: text}))


def text_tabled(plenary: PlenaryState, _roster: RosterState, _place: Place, event: TextTabled) -> Step:
    """Put a text on the table; every unit is open (R-50)."""
    if event.instrument.id in plenary.texts:
        raise LocalError("instrument-tabled")
    return with_text(plenary, event.instrument.id, acts.table(event.instrument)), ()


def one_sided(plenary: PlenaryState, roster: RosterState, place: Place, event: Any) -> Step:
    """Apply an act about a text that needs nobody else: a stance, brackets, a confirmation (R-51)."""
    text = text_of(plenary, event.instrument)
    subjects = () if event.name == "StanceTaken" else wording.subjects(event)
    after = wording.CHANGES[event.name](text, event, place.delegation, roster.expected)
    plenary = with_text(plenary, event.instrument, after)
    return evolve(plenary, undo=touched(plenary.undo, subjects)) if subjects else plenary, ()


def joint_text(plenary: PlenaryState, roster: RosterState, place: Place, event: Any) -> Step:
    """Accept a joint act about a text, and let it have effect when all have accepted it (R-52)."""
    return _accepted(plenary, roster, place, event, event.content, event.until)


def amendment_proposed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: AmendmentProposed
) -> Step:
    """Propose an amendment; to propose the same again is to accept it (R-53)."""
    content = event.content
    if content.hex() in plenary.joint:
        return _accepted(plenary, roster, place, _same(event), content, event.until)
    text = text_of(plenary, event.instrument)
    # One id means one amendment: a lone proposal and a package of the same name could not be told apart.
    first = text.proposals.get(f"{event.proposal}.0")
    if event.proposal in text.proposals or (first is not None and first.package == event.proposal):
        raise LocalError("proposal-twice", proposal=event.proposal)
    offered = wording.proposals(event, place.delegation)
    for one in offered:
        text = acts.propose(text, one)
    fresh = Joint(
        event=event.name,
        content=content,
        subjects=wording.subjects(event),
        accepted={},
        proposals=tuple(one.id for one in offered),
        by=place.delegation,
    )
    plenary, _, _, effects = accepted(
        with_text(plenary, event.instrument, text), roster, place, fresh, event.until
    )
    return plenary, effects


def amendment_accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: AmendmentAccepted
) -> Step:
    """Accept an amendment by its hash (R-53)."""
    return _accepted(plenary, roster, place, event, event.amendment, event.until)


def amendment_withdrawn(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: AmendmentWithdrawn
) -> Step:
    """Take back one's own amendment (R-53)."""
    text = text_of(plenary, event.instrument)
    mine = [
        one.id
        for one in text.proposals.values()
        if event.proposal in (one.id, one.package) and one.status == "pending"
    ]
    if not mine:
        raise LocalError("amendment-unknown")
    for name in sorted(mine):
        text = acts.withdraw(text, name, place.delegation)
    rest = {
        key: one
        for key, one in plenary.joint.items()
        if not (one.proposals and set(one.proposals) & set(mine) and _about(one, event.instrument))
    }
    return evolve(with_text(plenary, event.instrument, text), joint=rest), ()


def acceptance_withdrawn(
    plenary: PlenaryState, roster: RosterState, place: Place, event: AcceptanceWithdrawn
) -> Step:
    """Take back one's own acceptance of what is not complete (R-33); of one's own amendment, the amendment."""
    joint = plenary.joint.get(event.content.hex())
    if joint is not None and joint.proposals and joint.by == place.delegation:
        instrument = joint.subjects[0].split("/", 1)[0]
        proposal = plenary.texts[instrument].proposals[joint.proposals[0]]
        gone = AmendmentWithdrawn(instrument=instrument, proposal=proposal.package or proposal.id)
        return amendment_withdrawn(plenary, roster, place, gone)
    return evolve(plenary, joint=joints.withdraw(plenary.joint, event.content, place.delegation)), ()


def foreseen(plenary: PlenaryState, roster: RosterState, event: Any) -> TextState:
    """Return a text as a joint act about it would leave it now.

    Raises:
        LocalError: as the act would be refused.
    """
    return _changed(plenary, text_of(plenary, event.instrument), event, roster)


def unopposed(plenary: PlenaryState, roster: RosterState, place: Place, event: Any) -> PlenaryState:
    """Return the state in which a joint act about a text has effect because nobody objected (R-58).

    Nothing crosses it: by then every delegation has acted in view of it, so that no two wills can have missed each other.

    Raises:
        LocalError: as the act would be refused.
    """
    before, after = text_of(plenary, event.instrument), foreseen(plenary, roster, event)
    joint = Joint(event=event.name, content=event.content, subjects=wording.subjects(event), accepted={})
    rest = evolve(plenary, joint=put(plenary.joint, {}, without=(event.content.hex(),)))
    settled = _settled(rest, place, event.instrument, joint, before, after)
    return evolve(settled, undo=touched(settled.undo, joint.subjects))


def _same(event: AmendmentProposed) -> AmendmentAccepted:
    """Return the acceptance of what an act proposes once more."""
    return AmendmentAccepted(
        instrument=event.instrument, proposal=event.proposal, amendment=event.content, until=event.until
    )


def _about(joint: Joint, instrument: str) -> bool:
    """Tell whether a joint act is about this text."""
    return joint.subjects[0].startswith(instrument + "/")


def _amendment(plenary: PlenaryState, event: AmendmentAccepted) -> Joint:
    """Return the amendment that an act accepts, pending or made stale by a settlement that not all have seen.

    Raises:
        LocalError: `proposal-not-pending`, `amendment-unknown`.
    """
    key = event.amendment.hex()
    tables = [plenary.joint, *(one.pruned for one in plenary.undo.values())]
    found = next((table[key] for table in tables if key in table), None)
    if found and found.proposals and _about(found, event.instrument):
        return found
    known = text_of(plenary, event.instrument).proposals.get(event.proposal)
    if known is not None and known.fate:
        raise LocalError("proposal-not-pending", proposal=event.proposal, status=known.status)
    raise LocalError("amendment-unknown")


def _accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: Any, content: bytes, until: int | None
) -> Step:
    """Accept, and settle when complete; or find that the act crosses a settlement."""
    before = text_of(plenary, event.instrument)
    subjects = _subjects(plenary, event)
    kind = "AmendmentProposed" if event.name == "AmendmentAccepted" else event.name
    try:
        after = _changed(plenary, before, event, roster)
    except LocalError as refused:
        return _uncrossed(plenary, roster, place, event, content, refused)
    if kind in wording.CHANGING and would_complete(plenary, roster, place, content):
        wiped = [one for one in unseen(plenary, place, subjects) if one.joint.event in wording.STANDING]
        if wiped:
            return _uncrossed(
                plenary, roster, place, event, content, LocalError("crossed-late", index=wiped[0].index)
            )
    fresh = Joint(event=kind, content=content, subjects=subjects, accepted={})
    plenary, joint, complete, effects = accepted(plenary, roster, place, fresh, until)
    if not complete:
        return plenary, effects
    return _settled(plenary, place, event.instrument, joint, before, after), effects


def _subjects(plenary: PlenaryState, event: Any) -> tuple[str, ...]:
    """Return what an event about a text would change."""
    if isinstance(event, AmendmentAccepted):
        return _amendment(plenary, event).subjects
    return wording.subjects(event)


def _changed(plenary: PlenaryState, text: TextState, event: Any, roster: RosterState) -> TextState:
    """Return the text as it is once everyone has accepted this event."""
    if isinstance(event, AmendmentAccepted):
        return acts.accept(text, _amendment(plenary, event).proposals)
    return wording.CHANGES[event.name](text, event, "", roster.expected)


def _settled(
    plenary: PlenaryState, place: Place, instrument: str, joint: Joint, before: TextState, after: TextState
) -> PlenaryState:
    """Return the state after a joint act about a text has taken effect."""
    words = joint.event in wording.CHANGING
    subjects = joint.subjects
    if words and len(before.instrument.units) != len(after.instrument.units):
        subjects = tuple(sorted({*subjects, f"{instrument}/{wording.ORDER}"}))
    if joint.event in ("TextAdopted", "TextReopened"):
        about = {
            one for undo in plenary.undo.values() if undo.instrument == instrument for one in undo.subjects
        }
        marked = evolve(plenary, undo=touched(plenary.undo, about))
        return with_text(marked, instrument, after)
    pruned: dict[str, Joint] = {}
    if words:
        about = set(subjects)
        pruned = {key: one for key, one in plenary.joint.items() if not about.isdisjoint(one.subjects)}
    small_before, small_after = _small(before, after, subjects, instrument, words=words)
    undo = Undo(
        index=place.index,
        by=place.delegation,
        subjects=subjects,
        joint=joint,
        pruned=pruned,
        instrument=instrument,
        words=words,
        before=small_before,
        after=small_after,
    )
    rest = put(plenary.joint, {}, without=pruned) if pruned else plenary.joint
    kept = touched(plenary.undo, subjects)
    return evolve(with_text(plenary, instrument, after), joint=rest, undo=put(kept, {str(place.index): undo}))


def _small(
    before: TextState, after: TextState, subjects: tuple[str, ...], instrument: str, *, words: bool
) -> tuple[TextState, TextState | None]:
    """Return what undoing needs of both texts: the units concerned, or all if their order changed."""
    names = {one.removeprefix(instrument + "/") for one in subjects}
    if words and wording.ORDER in names:
        return before, after
    return _of(before, names, words=words), _of(after, names, words=True) if words else None


def _of(text: TextState, names: set[str], *, words: bool) -> TextState:
    """Return a text with these units alone; without their words when only their standing counts."""
    places = sorted(text.instrument.places[name] for name in names if name in text.instrument.places)
    units = tuple(text.instrument.units[place] for place in places) if words else ()
    parts: dict[str, Any] = {
        part: {name: one for name in sorted(names) if (one := getattr(text, part).get(name))}
        for part in _BY_UNIT
    }
    if words:
        for part in ("stances", "proposals"):
            parts[part] = of_units(getattr(text, part), names)
    small = msgspec.structs.replace(text.instrument, units=units)
    return TextState(instrument=small, phase=text.phase, **parts)


def _uncrossed(
    plenary: PlenaryState,
    roster: RosterState,
    place: Place,
    event: Any,
    content: bytes,
    refused: LocalError,
) -> Step:
    """Return the state in which this act and the settlements it crosses are all pending (R-35), or refuse it."""
    crossed = unseen(plenary, place, _subjects(plenary, event))
    if not crossed:
        raise refused
    if any(one.late for one in crossed):
        if refused.code not in _OVERTAKEN:
            raise refused
        raise LocalError("crossed-late", index=crossed[0].index)
    restored = plenary
    for undo in crossed:
        restored = _undone(restored, undo)
    try:
        _changed(restored, text_of(restored, event.instrument), event, roster)
    except LocalError:
        raise refused from None
    if not would_complete(restored, roster, place, content):
        raise refused
    return restored, tuple(Undone(index=one.index, content=one.joint.content) for one in crossed)


def _undone(plenary: PlenaryState, undo: Undo) -> PlenaryState:
    """Return the state without a settlement on which nothing was built."""
    text = text_of(plenary, undo.instrument)
    before = undo.before or text
    if undo.words:
        after = undo.after or text
        back = order.undo(text, before=before, after=after)
        # What was proposed on the settled words since stays in the record of the text, superseded.
        lost = {
            key: one if one.fate else msgspec.structs.replace(one, fate="superseded")
            for key, one in text.proposals.items()
            if key not in back.proposals
        }
        back = evolve_text(back, proposals={**back.proposals, **lost}) if lost else back
    else:
        names = {one.removeprefix(undo.instrument + "/") for one in undo.subjects}
        parts = {
            part: {key: one for key, one in getattr(text, part).items() if one.unit not in names}
            | getattr(before, part)
            for part in _BY_UNIT
        }
        back = evolve_text(text, **parts)
    return pending_again(with_text(plenary, undo.instrument, back), undo)
