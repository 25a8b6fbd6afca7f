"""The silence procedure: what stands unless somebody objects in time. See spec/talks.md section 7.

This module decides when a proposal under silence has effect, and when not. It never decides what it does to the text: that is the
joint act for which it stands (`talks.textual`).

1. Only where the modalities allow it. Any delegation breaks it, without a reason; one is enough.
2. Absence is never consent. Hours pass for a delegation only from its own first act in view of the opening, and only by its own
   next acts; what a desk does by itself, new keys and epochs, is nobody's silence.
3. The host's clock decides nothing: a withheld entry can prevent an adoption and never cause one.
4. A silence whose provisions are not any more what they were is overtaken; a break or a conclusion of the talks ends it.
5. In a group it is about the group's own text, and passes by what is done in the group (spec/groups.md R-170).
"""

from __future__ import annotations

from typing import Any, Final

import msgspec

from good_offices.encoding import digest
from good_offices.errors import LocalError
from good_offices.talks import textual
from good_offices.talks.events_silence import SilenceBroken, SilenceOpened
from good_offices.talks.plenary import PlenaryState, Step
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import UNASKED
from good_offices.talks.silences import Fate, Silence, meant
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Effect, Place, Unbroken
from good_offices.text.tables import put

HOURS_MOST: Final = 8_760
HOUR: Final = 3_600_000


def silence_opened(plenary: PlenaryState, roster: RosterState, place: Place, event: SilenceOpened) -> Step:
    """Put a proposal under silence; it is tried on the present text, as a joint act is (R-56)."""
    if not _allowed(plenary):
        raise LocalError("silence-not-allowed")
    if not 1 <= event.hours <= HOURS_MOST:
        raise LocalError("silence-hours", most=HOURS_MOST)
    if bool(event.units) == (event.digest is not None):
        raise LocalError("silence-about")
    known = plenary.silences.get(event.content.hex())
    if known is not None and known.fate == "open":
        raise LocalError("silence-open-already")
    textual.foreseen(plenary, roster, meant(event))
    fresh = Silence(by=place.delegation, opened=place.here, event=event, stood=_stands(plenary, event))
    return _with(plenary, event.content.hex(), fresh), ()


def silence_broken(plenary: PlenaryState, _roster: RosterState, place: Place, event: SilenceBroken) -> Step:
    """Break a silence: what was proposed is not adopted (R-57)."""
    key = event.silence.hex()
    known = plenary.silences.get(key)
    if known is None:
        raise LocalError("silence-unknown")
    if known.fate != "open":
        raise LocalError("silence-ended")
    broken = msgspec.structs.replace(known, fate="broken", broken=place.delegation, ended=place.index)
    return _with(plenary, key, broken), ()


def passed(plenary: PlenaryState, roster: RosterState, place: Place, event: Any) -> Step:
    """Return the state after what an act of the plenary or a group does to the silences that are open there (R-58).

    Called for every act of the room that has effect or is kept, after its own effect.
    """
    effects: tuple[Effect, ...] = ()
    for key, one in plenary.silences.items():
        if one.fate != "open":
            continue
        lost = how_lost(plenary, roster, place.room, one)
        if lost is not None:
            plenary = _ended(plenary, key, lost, place)
        elif event.name != "SilenceBroken" and event.name not in UNASKED:
            plenary, done = _heard(plenary, roster, place, key)
            effects += done
    return plenary, effects


def _heard(plenary: PlenaryState, roster: RosterState, place: Place, key: str) -> Step:
    """Count an act of a delegation, and adopt what was proposed if the hours have passed for all the others."""
    one = plenary.silences[key]
    if place.delegation == one.by or one.opened.index >= place.seen:
        return plenary, ()
    counted = _counted(one, place)
    if counted is one:
        return plenary, ()
    plenary = _with(plenary, key, counted)
    if not set(roster.expected) <= {one.by, *counted.passed}:
        return plenary, ()
    plenary = textual.unopposed(plenary, roster, place, meant(one.event))
    return _ended(plenary, key, "adopted", place), (Unbroken(content=bytes.fromhex(key)),)


def _counted(one: Silence, place: Place) -> Silence:
    """Return a silence of which the author's delegation has seen the beginning, or the end, of its hours."""
    own = place.delegation
    if own in one.passed:
        return one
    if own not in one.begun:
        return msgspec.structs.replace(one, begun=dict(sorted({**one.begun, own: place.time}.items())))
    if place.time <= one.begun[own] + one.event.hours * HOUR:
        return one
    return msgspec.structs.replace(one, passed=dict(sorted({**one.passed, own: place.index}.items())))


def how_lost(plenary: PlenaryState, roster: RosterState, room: str, one: Silence) -> Fate | None:
    """Return how an open silence of a room has lost its object, or nothing if it has not (R-58, R-170)."""
    if plenary.course.standing in ("broken-off", "concluded") or not _allowed(plenary):
        return "ended"
    if room != roster.plenary and _elsewhere(plenary) > one.opened.index:
        return "ended"
    try:
        textual.foreseen(plenary, roster, meant(one.event))
    except LocalError:
        return "overtaken"
    # An agreement at a higher level would not be refused; silence must not bring it down to a lower one.
    return None if _stands(plenary, one.event) == one.stood else "overtaken"


def _elsewhere(lent: PlenaryState) -> int:
    """Return the entry of the plenary since which course and modalities are what they are.

    In a group nobody looks at each act of the plenary: a break that was over, or modalities that came back, before the next act of
    the group would have ended nothing there. So any change ends its silences, and they are opened again.
    """
    current = lent.modalities
    return max(lent.course.since, current.since if current else 0)


def _stands(plenary: PlenaryState, event: SilenceOpened) -> bytes:
    """Return a hash over how far the provisions that a silence names have come."""
    standing = textual.text_of(plenary, event.instrument).standing
    return digest([standing[one.unit].digest if one.unit in standing else None for one in event.units])


def _allowed(plenary: PlenaryState) -> bool:
    """Tell whether the modalities in force allow the silence procedure."""
    return plenary.modalities is not None and plenary.modalities.modalities.silence


def _ended(plenary: PlenaryState, key: str, fate: Fate, place: Place) -> PlenaryState:
    """Return the state in which a silence has ended so, by this entry."""
    done = msgspec.structs.replace(plenary.silences[key], fate=fate, ended=place.index)
    return _with(plenary, key, done)


def _with(plenary: PlenaryState, key: str, one: Silence) -> PlenaryState:
    """Return the state with a silence in its place."""
    return evolve(plenary, silences=put(plenary.silences, {key: one}))
