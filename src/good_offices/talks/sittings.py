"""Sittings: attendance, floor by turn, suspension, procès-verbal. See spec/meetings.md section 4.

This module decides what happens in a sitting that was convened. It never looks at what is said, and asks no clock: times are
claims of acts.

1. A sitting happens in its room; it is opened, resumed and closed by all, suspended by one.
2. Who sits has credentials of its level at least; advisers of any level are listed and have no floor.
3. Whose turn it is, is computed and not chosen: of the delegations that wait the one that had the floor longest ago; of one
   delegation's members the one who asked first. No order of arrival favours a delegation.
4. A suspension keeps agenda item, floor and order.
5. A speaker's time is counted by each delegation's own acts for itself, never from one's claim to another's. It is over by the acts
   of the speaker's delegation, or by those of two others: no single delegation takes the floor by a time that it claims.
6. What waits for the others was meant for where the sitting stood: it falls when the sitting goes on to something else.
"""

from __future__ import annotations

from typing import Any

import msgspec

from good_offices.errors import LocalError
from good_offices.talks.convening_rule import MINUTE_MS
from good_offices.talks.event import Acceptable
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    FloorGiven,
    FloorRequested,
    ItemTakenUp,
    MinutesAgreed,
    MinutesProposed,
    SittingClosed,
    SittingOpened,
    SittingResumed,
    SittingSuspended,
)
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.groups import reaches
from good_offices.talks.joint import Joint
from good_offices.talks.meetings import Conduct, Counted, Floor, Present, Request, Sitting
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Effect, Place
from good_offices.text.tables import put


def turns(roster: RosterState, sitting: Sitting) -> tuple[str, ...]:
    """Return the delegations in the order of a sitting, which goes on by one from each sitting to the next (R-107)."""
    everyone = sorted(roster.expected)
    first = sitting.ordinal % len(everyone)
    return (*everyone[first:], *everyone[:first])


def presiding(state: PlenaryState, roster: RosterState, sitting: Sitting) -> str:
    """Return the delegation that presides, empty if none does (R-107)."""
    rotates = state.modalities is not None and state.modalities.modalities.presiding == "rotation"
    return turns(roster, sitting)[0] if rotates else ""


def next_turn(conduct: Conduct, roster: RosterState, sitting: Sitting, size: int) -> Request | None:
    """Return whose turn it is next, of those whose credentials stand at a size of the register (R-107)."""
    waiting = [one for one in conduct.requests if roster.book.member_at(one.member, size) is not None]
    order = turns(roster, sitting)
    return min(
        waiting,
        key=lambda one: (conduct.turns.get(one.delegation, 0), order.index(one.delegation), one.index),
        default=None,
    )


def minutes_each(state: PlenaryState) -> int:
    """Return how many minutes a speaker has; 0 without a clock."""
    return state.modalities.modalities.clock if state.modalities is not None else 0


def over_by(state: PlenaryState, floor: Floor) -> tuple[str, ...]:
    """Return the delegations by whose own acts the speaker's time is over; none without a clock (rule 5)."""
    minutes = minutes_each(state)
    return tuple(name for name, one in floor.counted.items() if minutes and one.spent >= minutes * MINUTE_MS)


def time_over(state: PlenaryState, floor: Floor) -> bool:
    """Tell whether the speaker's time is over: by its own delegation's acts, or by two others' (R-107)."""
    found = over_by(state, floor)
    return floor.delegation in found or len(found) > 1


def conduct_of(state: PlenaryState, sitting: bytes) -> Conduct:
    """Return how a convened sitting goes on in this room."""
    return state.conduct.get(sitting.hex(), Conduct())


# The acts.


def attendance_announced(
    state: PlenaryState, roster: RosterState, place: Place, event: AttendanceAnnounced
) -> Step:
    """Announce who sits for the author's delegation, and its advisers (R-106)."""
    sitting, conduct = _under_way(state, roster, place, event.sitting)
    listed = (*event.members, *event.advisers)
    if not event.members or len(set(listed)) < len(listed):
        raise LocalError("attendance-invalid")
    for member in listed:
        given = roster.book.member_at(member, place.index)
        if given is None or given.delegation != place.delegation:
            raise LocalError("member-unknown")
        if member in event.members and not reaches(given.level, sitting.level):
            raise LocalError("member-below-level", level=given.level, least=sitting.level)
    present = {**conduct.present, place.delegation: Present(members=event.members, advisers=event.advisers)}
    # Who no longer sits no longer waits.
    waiting = tuple(
        one for one in conduct.requests if one.delegation != place.delegation or one.member in event.members
    )
    new = msgspec.structs.replace(conduct, present=dict(sorted(present.items())), requests=waiting)
    return _with(state, event.sitting, _counted(new, place)), ()


def sitting_opened(state: PlenaryState, roster: RosterState, place: Place, event: SittingOpened) -> Step:
    """Open a sitting, when all that sit have (R-105)."""
    sitting, conduct = _under_way(state, roster, place, event.sitting)
    if conduct.course != "convened":
        raise LocalError("sitting-course", course=conduct.course)
    _check_present(conduct, place)
    state, complete, effects = _joined(state, roster, place, event)
    if complete:
        first = sitting.terms.agenda[0] if sitting.terms.agenda else None
        opened = msgspec.structs.replace(conduct, course="open", opened=place.index, item=first)
        state = _without_waiting(_with(state, event.sitting, opened), event.sitting)
    return state, effects


def item_taken_up(state: PlenaryState, roster: RosterState, place: Place, event: ItemTakenUp) -> Step:
    """Go to an item of the sitting's agenda, when all have accepted it (R-105)."""
    sitting, conduct = _open(state, roster, place, event.sitting)
    if event.item not in sitting.terms.agenda:
        raise LocalError("item-unknown")
    if event.item == conduct.item:
        raise LocalError("item-under-discussion")
    state, complete, effects = _joined(state, roster, place, event)
    if complete:
        state = _with(state, event.sitting, msgspec.structs.replace(conduct, item=event.item))
        state = _without_waiting(state, event.sitting)
    return state, effects


def floor_requested(state: PlenaryState, roster: RosterState, place: Place, event: FloorRequested) -> Step:
    """Ask for the floor, or no longer ask (R-107)."""
    _, conduct = _open(state, roster, place, event.sitting)
    _check_present(conduct, place)
    member = place.desk.member
    asked = any(one.member == member for one in conduct.requests)
    if asked == event.wanted:
        raise LocalError("floor-requested" if asked else "floor-not-requested")
    rest = tuple(one for one in conduct.requests if one.member != member)
    if event.wanted:
        rest = (*rest, Request(member=member, delegation=place.delegation, index=place.index))
    new = _counted(msgspec.structs.replace(conduct, requests=rest), place)
    return _with(state, event.sitting, new), ()


def floor_given(state: PlenaryState, roster: RosterState, place: Place, event: FloorGiven) -> Step:
    """Give the floor to whose turn it is; another delegation than the speaker's calls the time over, and gives when it is (R-107)."""
    sitting, conduct = _open(state, roster, place, event.sitting)
    _check_present(conduct, place)
    conduct = _counted(conduct, place)
    floor = conduct.floor
    if floor is None:
        presides = presiding(state, roster, sitting)
        if presides and place.delegation != presides:
            raise LocalError("not-presiding")
    elif place.delegation != floor.delegation and not minutes_each(state):
        raise LocalError("floor-held")
    due = next_turn(conduct, roster, sitting, place.index)
    if event.member != (due.member if due else ""):
        raise LocalError("floor-not-next")
    if floor is not None and place.delegation != floor.delegation and not time_over(state, floor):
        # Its own word on the time stands in the record; the floor stays until another's says the same.
        return _with(state, event.sitting, conduct), ()
    if due is None:
        if floor is None:
            raise LocalError("floor-free")
        return _with(state, event.sitting, msgspec.structs.replace(conduct, floor=None)), ()
    turn = conduct.turn + 1
    given = msgspec.structs.replace(
        conduct,
        floor=_count(Floor(member=due.member, delegation=due.delegation, since=place.time), place),
        requests=tuple(one for one in conduct.requests if one != due),
        turn=turn,
        turns=dict(sorted({**conduct.turns, due.delegation: turn}.items())),
    )
    return _with(state, event.sitting, given), ()


def statement_made(state: PlenaryState, roster: RosterState, place: Place, event: StatementMade) -> Step:
    """Speak: in a sitting only who has the floor (R-107); elsewhere nothing but the record changes (R-42)."""
    if event.sitting is None:
        return state, ()
    _, conduct = _open(state, roster, place, event.sitting)
    if conduct.floor is None or conduct.floor.member != place.desk.member:
        raise LocalError("floor-not-yours")
    return _with(state, event.sitting, _counted(conduct, place)), ()


def sitting_suspended(
    state: PlenaryState, roster: RosterState, place: Place, event: SittingSuspended
) -> Step:
    """Suspend a sitting, alone; what it was at stays (R-105)."""
    _, conduct = _open(state, roster, place, event.sitting)
    _check_present(conduct, place)
    floor = conduct.floor
    if floor is not None:
        floor = _count(floor, place)
        spent = {name: Counted(before=one.spent) for name, one in floor.counted.items()}
        floor = msgspec.structs.replace(floor, counted=spent)
    new = msgspec.structs.replace(conduct, course="suspended", suspended=place.index, floor=floor)
    return _without_waiting(_with(state, event.sitting, new), event.sitting), ()


def sitting_resumed(state: PlenaryState, roster: RosterState, place: Place, event: SittingResumed) -> Step:
    """Resume a suspended sitting where it stood, when all have accepted it (R-105)."""
    _, conduct = _under_way(state, roster, place, event.sitting)
    if conduct.course != "suspended" or conduct.suspended is None or place.seen <= conduct.suspended:
        # Who has not seen this suspension resumes an earlier one, and the sitting stood otherwise then.
        raise LocalError("sitting-course", course=conduct.course)
    _check_present(conduct, place)
    state, complete, effects = _joined(state, roster, place, event)
    if complete:
        floor = conduct.floor
        if floor is not None:
            floor = msgspec.structs.replace(floor, since=place.time)
        new = msgspec.structs.replace(conduct, course="open", suspended=None, floor=floor)
        state = _without_waiting(_with(state, event.sitting, new), event.sitting)
    return state, effects


def sitting_closed(state: PlenaryState, roster: RosterState, place: Place, event: SittingClosed) -> Step:
    """Close a sitting, or call it off if it was not opened, when all have accepted it (R-105)."""
    _, conduct = _under_way(state, roster, place, event.sitting)
    state, complete, effects = _joined(state, roster, place, event)
    if complete:
        over = msgspec.structs.replace(
            conduct,
            course="called-off" if conduct.opened is None else "closed",
            closed=place.index,
            floor=None,
            requests=(),
        )
        state = _without_waiting(_with(state, event.sitting, over), event.sitting)
    return state, effects


def minutes_proposed(state: PlenaryState, roster: RosterState, place: Place, event: MinutesProposed) -> Step:
    """Propose a procès-verbal; to propose the same again is to agree it (R-108)."""
    _, conduct = _held(state, roster, place, event.sitting)
    if not event.words or any(not words.strip() for words in event.words.values()):
        raise LocalError("minutes-empty")
    key = event.content.hex()
    if key not in conduct.drafts:
        drafts = dict(sorted({**conduct.drafts, key: place.index}.items()))
        state = _with(state, event.sitting, msgspec.structs.replace(conduct, drafts=drafts))
    same = MinutesAgreed(sitting=event.sitting, minutes=event.content, until=event.until)
    return minutes_agreed(state, roster, place, same)


def minutes_agreed(state: PlenaryState, roster: RosterState, place: Place, event: MinutesAgreed) -> Step:
    """Agree a procès-verbal by its hash (R-108)."""
    _, conduct = _held(state, roster, place, event.sitting)
    if conduct.minutes is not None:
        raise LocalError("minutes-agreed")
    if event.minutes.hex() not in conduct.drafts:
        raise LocalError("minutes-unknown")
    fresh = Joint(
        event="MinutesProposed", content=event.minutes, subjects=(subject(event.sitting),), accepted={}
    )
    state, _, complete, effects = accepted(state, roster, place, fresh, event.until)
    if complete:
        state = _with(state, event.sitting, msgspec.structs.replace(conduct, minutes=event.minutes))
    return state, effects


def subject(sitting: bytes) -> str:
    """Return what an act in a sitting is about."""
    return f"held/{sitting.hex()}"


def _counted(conduct: Conduct, place: Place) -> Conduct:
    """Return the conduct with what the author's delegation says of the speaker's time by this act."""
    if conduct.floor is None:
        return conduct
    return msgspec.structs.replace(conduct, floor=_count(conduct.floor, place))


def _count(floor: Floor, place: Place) -> Floor:
    """Return the floor with one more claimed time of the author's delegation; going back takes nothing away (rule 5)."""
    known = floor.counted.get(place.delegation, Counted())
    first = place.time if known.first is None else known.first
    last = place.time if known.first is None else max(known.last, place.time)
    now = msgspec.structs.replace(known, first=first, last=last)
    return msgspec.structs.replace(
        floor, counted=dict(sorted({**floor.counted, place.delegation: now}.items()))
    )


def _without_waiting(state: PlenaryState, name: bytes) -> PlenaryState:
    """Return the state without what waits about a sitting; a procès-verbal is of what was said, and stays (rule 6)."""
    about = subject(name)
    gone = [
        key for key, one in state.joint.items() if about in one.subjects and one.event != "MinutesProposed"
    ]
    return evolve(state, joint=put(state.joint, {}, without=gone))


def _joined(
    state: PlenaryState, roster: RosterState, place: Place, event: Any
) -> tuple[PlenaryState, bool, tuple[Effect, ...]]:
    """Return the state with the author's acceptance of a joint act in a sitting, and whether it is complete."""
    act: Acceptable = event
    fresh = Joint(event=act.name, content=act.content, subjects=(subject(event.sitting),), accepted={})
    state, _, complete, effects = accepted(state, roster, place, fresh, act.until)
    return state, complete, effects


def _here(state: PlenaryState, roster: RosterState, place: Place, name: bytes) -> tuple[Sitting, Conduct]:
    """Return a convened sitting of this room.

    Raises:
        LocalError: `sitting-unknown`, `sitting-not-convened`, `sitting-elsewhere`.
    """
    sitting = state.meetings.sitting(name)
    if sitting.stage != "convened":
        raise LocalError("sitting-not-convened")
    if (sitting.terms.room or roster.plenary) != place.room:
        raise LocalError("sitting-elsewhere")
    return sitting, conduct_of(state, name)


def _under_way(
    state: PlenaryState, roster: RosterState, place: Place, name: bytes
) -> tuple[Sitting, Conduct]:
    """Return a convened sitting of this room that is not over (raises as `_here`, and LocalError `sitting-over`)."""
    sitting, conduct = _here(state, roster, place, name)
    if conduct.closed is not None:
        raise LocalError("sitting-over")
    return sitting, conduct


def _open(state: PlenaryState, roster: RosterState, place: Place, name: bytes) -> tuple[Sitting, Conduct]:
    """Return an open sitting of this room (raises as `_under_way`, and LocalError `sitting-course`)."""
    sitting, conduct = _under_way(state, roster, place, name)
    if conduct.course != "open":
        raise LocalError("sitting-course", course=conduct.course)
    return sitting, conduct


def _held(state: PlenaryState, roster: RosterState, place: Place, name: bytes) -> tuple[Sitting, Conduct]:
    """Return a sitting of this room that was opened, be it over (raises as `_here`, and LocalError `sitting-course`)."""
    sitting, conduct = _here(state, roster, place, name)
    if conduct.opened is None:
        raise LocalError("sitting-course", course=conduct.course)
    return sitting, conduct


def _check_present(conduct: Conduct, place: Place) -> None:
    """Refuse who was not announced as a member of the sitting."""
    present = conduct.present.get(place.delegation)
    if present is None or place.desk.member not in present.members:
        raise LocalError("not-attending")


def _with(state: PlenaryState, name: bytes, conduct: Conduct) -> PlenaryState:
    """Return the state with a sitting's conduct put in its place."""
    return evolve(state, conduct=put(state.conduct, {name.hex(): conduct}))
