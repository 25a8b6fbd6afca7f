"""Crossing: two joint acts completed by authors who had not seen each other. See spec/talks.md R-35 to R-38.

This module decides that the host's order of two such acts is nobody's advantage. It never prefers one of them.

1. What one desk of a delegation has shown that it saw, its delegation has seen (R-36): a silent desk with an old view
   is no means to undo what one regrets.
2. An acceptance crosses a settlement if it would complete its own joint act, if it would be refused only because of
   that settlement, if another delegation completed that, and if the author's delegation had not seen it.
3. If nothing was built on the settlement, it is undone, and both stand pending again without the two completing
   acceptances. Either can be accepted by whoever has now seen both. Otherwise the later one is void.
4. What undoing takes is kept only until every delegation has shown that it saw the settlement.
"""

from __future__ import annotations

from collections.abc import Iterable

from good_offices.errors import LocalError
from good_offices.talks import joint as joints
from good_offices.talks.plenary import PlenaryState, Step, Undo
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place, Undone
from good_offices.text.tables import put


def saw(plenary: PlenaryState, roster: RosterState, place: Place) -> PlenaryState:
    """Return the state that knows what the author's delegation has seen, less what no one can cross any more."""
    known = plenary.seen.get(place.delegation, 0)
    if place.desk.guest or place.seen <= known:
        # What a guest saw, the delegation that brought it has not.
        return plenary
    seen = {**plenary.seen, place.delegation: place.seen}
    least = min(seen.get(name, 0) for name in roster.expected)
    if not any(one.index < least for one in plenary.undo.values()):
        return evolve(plenary, seen=seen)
    kept = put(plenary.undo, {}, without=[key for key, one in plenary.undo.items() if one.index < least])
    return evolve(plenary, seen=seen, undo=kept)


def unseen(plenary: PlenaryState, place: Place, subjects: Iterable[str]) -> list[Undo]:
    """Return the settlements of these subjects, newest first, that the author's delegation may not have seen (R-36)."""
    known = max(place.seen, plenary.seen.get(place.delegation, 0))
    about = set(subjects)
    found = [
        one
        for one in plenary.undo.values()
        if one.index >= known and one.by != place.delegation and about & set(one.subjects)
    ]
    return sorted(found, key=lambda one: -one.index)


def would_complete(plenary: PlenaryState, roster: RosterState, place: Place, content: bytes) -> bool:
    """Tell whether the author's acceptance is the last one missing."""
    joint = plenary.joint.get(content.hex())
    if joint is None:
        return False
    standing = {name for name, one in joint.accepted.items() if one.until is None or one.until >= place.time}
    return set(roster.expected) - {place.delegation} <= standing


def touched(undo: dict[str, Undo], subjects: Iterable[str]) -> dict[str, Undo]:
    """Return the settlements, with those late on which an act about these subjects is built."""
    about = set(subjects)
    late = {
        key: _late(one) for key, one in undo.items() if not one.late and not about.isdisjoint(one.subjects)
    }
    return put(undo, late) if late else undo


def pending_again(plenary: PlenaryState, undo: Undo) -> PlenaryState:
    """Return the state in which the joint act of a settlement, and those it made stale, are pending again."""
    table = joints.put(put(plenary.joint, undo.pruned), undo.joint, without=undo.by)
    rest = put(plenary.undo, {}, without=(str(undo.index),))
    return evolve(plenary, joint=table, undo=rest)


def uncross_modalities(
    plenary: PlenaryState, roster: RosterState, place: Place, content: bytes, base: bytes | None
) -> Step:
    """Return the state in which modalities that crossed are both pending (R-37).

    Raises:
        LocalError: `modalities-stale`, `crossed-late`.
    """
    crossed = unseen(plenary, place, ("modalities",))
    if not crossed or not would_complete(plenary, roster, place, content):
        raise LocalError("modalities-stale")
    undo = crossed[0]
    before = undo.modalities.content if undo.modalities else None
    if undo.late or before != base:
        raise LocalError("crossed-late", index=undo.index)
    restored = evolve(pending_again(plenary, undo), modalities=undo.modalities)
    return restored, (Undone(index=undo.index, content=undo.joint.content),)


def _late(undo: Undo) -> Undo:
    """Return a settlement on which something was built: it can no longer be undone."""
    return Undo(
        index=undo.index,
        by=undo.by,
        subjects=undo.subjects,
        joint=undo.joint,
        pruned=undo.pruned,
        late=True,
        instrument=undo.instrument,
    )
