"""What meetings ask of a member: a declaration, a seal, a confirmation, an announcement of who sits.

This module decides when a member is reminded of a sitting. What others wait for as a joint act is in `clerk.needs`; this is what
nobody has begun for the delegation yet.

1. A reminder is about the delegation's own part, never about the other side's.
2. Of one sitting there is one reminder at a time, the next step.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk.authors import powers_of
from good_offices.clerk.meetings_view import conduct
from good_offices.desk.desk import Desk
from good_offices.talks.convening import missing
from good_offices.talks.meetings import Sitting


def needs(desk: Desk, now: int) -> list[dict[str, Any]]:
    """Return what needs this desk's member (`clerk.needs`) at a time (ms), each with `sitting`: its number as hex."""
    if desk.talks.plenary.course.standing not in ("running", "adjourned"):
        return []
    found = []
    for key, one in desk.talks.plenary.meetings.sittings.items():
        step = _step(desk, bytes.fromhex(key), one, now)
        if step:
            kind, power = step
            found.append(
                {
                    "kind": kind,
                    "sitting": key,
                    "what": one.terms.title,
                    "power": power,
                    "mine": power in powers_of(desk),
                }
            )
    return found


def _step(desk: Desk, name: bytes, one: Sitting, now: int) -> tuple[str, str] | None:
    """Return the next step of this delegation for a sitting, and the power that it takes (rule 2)."""
    own = desk.identity.place.delegation
    if one.stage == "convened":
        held = conduct(desk, name)
        reads = not one.terms.room or one.terms.room in desk.talks.groups
        announced = own in held.present or held.closed is not None
        return None if announced or not reads else ("meeting-attend", "speak")
    if one.stage != "agreed" or own in one.confirmed:
        return None
    lacking = missing(desk.talks.plenary, desk.talks.roster, one, time=now)
    mine = {each.lacks for each in lacking if each.delegation == own}
    if "not-ready" in mine:
        return "meeting-ready", "agree"
    if "not-sealed" in mine:
        return "meeting-expect", "agree"
    # Who waits for the other's confirmation is asked by that very act (`clerk.needs`).
    waits = any(
        joint.event == "SittingConvened" and f"sitting/{name.hex()}" in joint.subjects
        for joint in desk.talks.plenary.joint.values()
    )
    return None if lacking or waits else ("meeting-convene", "agree")
