"""Convening: from a proposed sitting to one that all have confirmed. See spec/meetings.md sections 1 and 2.

This module decides what is still missing for a sitting, and when it is convened. It never decides what happens in it, and the
host has no part in it: nothing here asks for an act of the host's, and none waives.

1. A sitting is proposed and accepted by all; until it is convened each delegation steps back alone.
2. What is missing is computed from the state, condition by condition and for each delegation its own part; rule, command
   line and screen show the same.
3. A confirmation is refused while anything is missing, and by the last one everything is looked at again.
4. Conditions are waived by all, for one sitting.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, Literal, TypeAlias

import msgspec

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.talks.convening_rule import (
    DAY_MS,
    Agreed,
    Condition,
    Deliverables,
    Expectations,
    NoOpenPoint,
    Notice,
    Readiness,
    condition_name,
)
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ReadinessDeclared,
    SittingAccepted,
    SittingConvened,
    SittingProposed,
    SittingWithdrawn,
)
from good_offices.talks.joint import Joint
from good_offices.talks.meetings import Sitting
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.sitting_terms import check_terms
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place
from good_offices.text.brackets import points_of
from good_offices.text.model import Unit
from good_offices.text.state import TextState
from good_offices.text.tables import put

Lack: TypeAlias = Literal[
    "not-tabled",
    "unit-gone",
    "not-agreed",
    "open-point",
    "not-ready",
    "notice",
    "not-sealed",
    "not-opened",
    "brackets",
]

_RANK: Final = {"open": 0, "agreed_ad_referendum": 1, "agreed": 2, "locked": 3}
_WANTED: Final = {"ad-referendum": 1, "agreed": 2, "locked": 3}


class Missing(Record, frozen=True, kw_only=True):
    """What is missing of a condition: what it lacks, whose part it is (empty: everybody's), which units, until when (claimed ms)."""

    condition: Condition
    lacks: Lack
    delegation: str = ""
    units: tuple[str, ...] = ()
    until: int | None = None


def rule_of(state: PlenaryState, sitting: Sitting) -> tuple[Condition, ...]:
    """Return the convening rule of a sitting, less what was waived for it (R-100, R-103)."""
    if state.modalities is None:
        return ()
    rule = state.modalities.modalities.convening.get(sitting.level, ())
    return tuple(one for one in rule if one not in sitting.waived)


def missing(
    state: PlenaryState,
    roster: RosterState,
    sitting: Sitting,
    *,
    time: int,
    sender: str = "",
    seen: int | None = None,
) -> tuple[Missing, ...]:
    """Return what is missing of the convening rule of a sitting, in the order of the rule (R-101).

    `time` is the claimed time of the confirmation that is tried, or now. For a notice the earlier confirmations count by their
    own times; `sender` and `seen` are who confirms and what it has seen, if an act is tried.
    """
    found: list[Missing] = []
    for one in rule_of(state, sitting):
        match one:
            case Agreed():
                found += _not_agreed(state, roster, one)
            case NoOpenPoint():
                found += _open_points(state, one)
            case Readiness():
                away = [name for name in roster.expected if name not in sitting.ready]
                found += [Missing(condition=one, lacks="not-ready", delegation=name) for name in away]
            case Notice():
                found += _no_notice(roster, sitting, one, time, sender, seen)
            case Expectations():
                found += _not_opened(roster, sitting, one)
            case Deliverables():
                found += _brackets(state, one)
    return tuple(found)


def _text(state: PlenaryState, condition: Agreed | NoOpenPoint | Deliverables) -> TextState | None:
    """Return the text that a condition is about, if it is on the table."""
    return state.texts.get(condition.instrument)


def _units(text: TextState, named: Iterable[str]) -> tuple[list[Unit], tuple[str, ...]]:
    """Return the named units of a text, all if none is named, and the names of those that are not there."""
    held = {unit.id: unit for unit in text.instrument.units}
    wanted = list(named) or list(held)
    return [held[name] for name in wanted if name in held], tuple(name for name in wanted if name not in held)


def _not_agreed(state: PlenaryState, roster: RosterState, condition: Agreed) -> Iterator[Missing]:
    """Yield what is not agreed so far, for each delegation the units that it has not accepted itself."""
    text = _text(state, condition)
    if text is None or not text.instrument.units:
        yield Missing(condition=condition, lacks="not-tabled")
        return
    units, gone = _units(text, condition.units)
    if gone:
        yield Missing(condition=condition, lacks="unit-gone", units=gone)
    short = [unit.id for unit in units if not _reached(text, unit.id, condition, roster)]
    for name in roster.expected:
        open_ = tuple(unit for unit in short if not _accepted(state, text, unit, name, condition))
        # If all parts are done and the unit still is not there, a settlement waits for what it waits for: everybody's part.
        if open_:
            yield Missing(condition=condition, lacks="not-agreed", delegation=name, units=open_)
    waits = tuple(
        unit
        for unit in short
        if all(_accepted(state, text, unit, name, condition) for name in roster.expected)
    )
    if waits:
        yield Missing(condition=condition, lacks="not-agreed", units=waits)


def _reached(text: TextState, unit: str, condition: Agreed, roster: RosterState) -> bool:
    """Tell whether a unit has come so far; agreed ad referendum and confirmed by every capital is agreed."""
    status = text.status(unit)
    rank = _RANK.get(status, 3)  # An adopted text and what follows it is further than locked.
    if status == "agreed_ad_referendum" and set(roster.expected) <= set(text.standing[unit].confirmed_by):
        rank = 2
    return rank >= _WANTED[condition.at_least]


def _accepted(state: PlenaryState, text: TextState, unit: str, delegation: str, condition: Agreed) -> bool:
    """Tell whether a delegation has done its own part for a unit: a pending acceptance, or its capital's confirmation."""
    if text.status(unit) == "agreed_ad_referendum" and condition.at_least == "agreed":
        return delegation in text.standing[unit].confirmed_by
    subject = f"{condition.instrument}/{unit}"
    events = (
        ("ProvisionLocked",) if condition.at_least == "locked" else ("ProvisionAgreed", "ProvisionLocked")
    )
    return any(
        one.event in events and subject in one.subjects and delegation in one.accepted
        for one in state.joint.values()
    )


def _open_points(state: PlenaryState, condition: NoOpenPoint) -> Iterator[Missing]:
    """Yield the units with a bracket, a placeholder or a proposal that waits."""
    text = _text(state, condition)
    if text is None or not text.instrument.units:
        yield Missing(condition=condition, lacks="not-tabled")
        return
    units, gone = _units(text, condition.units)
    if gone:
        yield Missing(condition=condition, lacks="unit-gone", units=gone)
    proposed = {one.unit for one in text.proposals.values() if not one.fate}
    open_ = tuple(
        unit.id for unit in units if points_of(text.instrument, unit) is not None or unit.id in proposed
    )
    if open_:
        yield Missing(condition=condition, lacks="open-point", units=open_)


def _no_notice(
    roster: RosterState, sitting: Sitting, condition: Notice, time: int, sender: str, seen: int | None
) -> Iterator[Missing]:
    """Yield whose confirmation does not come after the period, or not after having seen what began it."""
    ends = sitting.agreed_at + condition.days * DAY_MS
    for name in roster.expected:
        at = time if name == sender else sitting.confirmed.get(name, time)
        blind = name == sender and seen is not None and sitting.agreed is not None and seen <= sitting.agreed
        if sitting.agreed is None or at <= ends or blind:
            until = None if sitting.agreed is None else ends
            yield Missing(condition=condition, lacks="notice", delegation=name, until=until)


def _not_opened(roster: RosterState, sitting: Sitting, condition: Expectations) -> Iterator[Missing]:
    """Yield who has not sealed what it expects; all have, and the box is not open: everybody's part."""
    if sitting.opened is not None:
        return
    last = sitting.attempts[sitting.attempt] if sitting.attempt < len(sitting.attempts) else None
    away = [name for name in roster.expected if last is None or name not in last.announced]
    for name in away:
        yield Missing(condition=condition, lacks="not-sealed", delegation=name)
    if not away:
        yield Missing(condition=condition, lacks="not-opened")


def _brackets(state: PlenaryState, condition: Deliverables) -> Iterator[Missing]:
    """Yield the units of the joint list in which a bracket is open."""
    text = _text(state, condition)
    if text is None or not text.instrument.units:
        yield Missing(condition=condition, lacks="not-tabled")
        return
    open_ = tuple(
        unit.id
        for unit in text.instrument.units
        if (points := points_of(text.instrument, unit)) is not None and points.slots
    )
    if open_:
        yield Missing(condition=condition, lacks="brackets", units=open_)


# The acts.


def sitting_proposed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SittingProposed
) -> Step:
    """Propose a sitting; to propose the same again is to accept it (R-102)."""
    name = event.content.hex()
    if name not in plenary.meetings.sittings:
        check_terms(plenary, event)
        plenary = _with(
            plenary, name, Sitting(terms=event, by=place.delegation, act=place.act, since=place.index)
        )
    return _counted(plenary, roster, place, SittingAccepted(sitting=event.content, until=event.until))


def sitting_accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SittingAccepted
) -> Step:
    """Accept a sitting by its hash, in view of the proposal (R-102)."""
    if place.seen <= plenary.meetings.sitting(event.sitting).since:
        # It was for an earlier proposal of the same, from which somebody stepped back.
        raise LocalError("sitting-unknown")
    return _counted(plenary, roster, place, event)


def _counted(plenary: PlenaryState, roster: RosterState, place: Place, event: SittingAccepted) -> Step:
    """Count a delegation's acceptance; accepted by all, a sitting is agreed."""
    sitting = plenary.meetings.sitting(event.sitting)
    if sitting.stage != "proposed":
        raise LocalError("sitting-agreed")
    fresh = _joint("SittingProposed", event.sitting, event.sitting)
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        agreed = msgspec.structs.replace(sitting, stage="agreed", agreed=place.index, agreed_at=place.time)
        plenary = _with(plenary, event.sitting.hex(), agreed)
    return plenary, effects


def sitting_withdrawn(
    plenary: PlenaryState, _roster: RosterState, _place: Place, event: SittingWithdrawn
) -> Step:
    """Step back: the sitting and what waits for it are gone (R-102)."""
    sitting = plenary.meetings.sitting(event.sitting)
    if sitting.stage == "convened":
        raise LocalError("sitting-convened")
    meetings = plenary.meetings
    rest = put(meetings.sittings, {}, without=(event.sitting.hex(),))
    about = subject(event.sitting)
    gone = [key for key, one in plenary.joint.items() if about in one.subjects]
    joint = put(plenary.joint, {}, without=gone)
    return evolve(plenary, joint=joint, meetings=evolve(meetings, sittings=rest)), ()


def readiness_declared(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: ReadinessDeclared
) -> Step:
    """Declare readiness for a sitting, or take it back; the last word counts (R-101)."""
    sitting = _to_convene(plenary, place, event.sitting)
    ready = {name: index for name, index in sitting.ready.items() if name != place.delegation}
    if event.ready:
        ready[place.delegation] = place.index
    new = msgspec.structs.replace(sitting, ready=dict(sorted(ready.items())))
    return _with(plenary, event.sitting.hex(), new), ()


def convening_waived(
    plenary: PlenaryState, roster: RosterState, place: Place, event: ConveningWaived
) -> Step:
    """Waive conditions for one sitting, when all have accepted it (R-103)."""
    sitting = _to_convene(plenary, place, event.sitting)
    rule = rule_of(plenary, sitting)
    if not event.conditions or any(one not in rule for one in event.conditions):
        raise LocalError("condition-unknown")
    fresh = _joint(event.name, event.content, event.sitting)
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        new = msgspec.structs.replace(sitting, waived=(*sitting.waived, *event.conditions))
        plenary = _with(plenary, event.sitting.hex(), new)
    return plenary, effects


def sitting_convened(
    plenary: PlenaryState, roster: RosterState, place: Place, event: SittingConvened
) -> Step:
    """Confirm a sitting; the last confirmation convenes it, if nothing is missing (R-101).

    Raises:
        LocalError: `convening-rule-unmet` with the conditions.
    """
    sitting = _to_convene(plenary, place, event.sitting)
    lacking = missing(plenary, roster, sitting, time=place.time, sender=place.delegation, seen=place.seen)
    mine = [
        one for one in lacking if not isinstance(one.condition, Notice) or one.delegation == place.delegation
    ]
    fresh = _joint(event.name, event.content, event.sitting)
    after, joint, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    # The notice of the others counts when the last one confirms; what each says before is judged by its own time.
    unmet = lacking if complete else mine
    if unmet:
        names = dict.fromkeys(condition_name(one.condition) for one in unmet)
        raise LocalError("convening-rule-unmet", missing=", ".join(names))
    confirmed = {name: at for name, at in sitting.confirmed.items() if name in joint.accepted}
    confirmed[place.delegation] = place.time
    new = msgspec.structs.replace(sitting, confirmed=dict(sorted(confirmed.items())))
    if complete:
        meetings = evolve(after.meetings, convened=after.meetings.convened + 1)
        new = msgspec.structs.replace(
            new, stage="convened", convened=place.index, ordinal=after.meetings.convened
        )
        # What was to be waived or prepared for it is over.
        about = subject(event.sitting)
        gone = [key for key, one in after.joint.items() if about in one.subjects]
        after = evolve(after, meetings=meetings, joint=put(after.joint, {}, without=gone))
    return _with(after, event.sitting.hex(), new), effects


def subject(sitting: bytes) -> str:
    """Return what an act about the preparation of a sitting is about."""
    return f"sitting/{sitting.hex()}"


def _joint(event: str, content: bytes, sitting: bytes) -> Joint:
    """Return a joint act about a sitting, not accepted yet."""
    return Joint(event=event, content=content, subjects=(subject(sitting),), accepted={})


def _to_convene(plenary: PlenaryState, place: Place, name: bytes) -> Sitting:
    """Return a sitting that all accepted, as the author had seen, and that is not convened.

    Raises:
        LocalError: `sitting-unknown`, `sitting-not-agreed`, `sitting-convened`.
    """
    sitting = plenary.meetings.sitting(name)
    if sitting.stage == "proposed":
        raise LocalError("sitting-not-agreed")
    if sitting.stage == "convened":
        raise LocalError("sitting-convened")
    if sitting.agreed is None or place.seen <= sitting.agreed:
        # What was written before all had stepped in anew, and kept back by the host, prepares nothing now.
        raise LocalError("sitting-not-agreed")
    return sitting


def _with(plenary: PlenaryState, name: str, sitting: Sitting) -> PlenaryState:
    """Return the plenary with a sitting put in its place."""
    meetings = plenary.meetings
    return evolve(plenary, meetings=evolve(meetings, sittings=put(meetings.sittings, {name: sitting})))
