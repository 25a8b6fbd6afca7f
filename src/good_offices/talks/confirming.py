"""Acts done without powers: kept until somebody with the power confirms them. See spec/talks.md R-24 and R-46.

This module decides what a confirmation makes of such an act (VCLT 8). It never gives anybody a power.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

import msgspec

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError
from good_offices.talks.acts import ACT_LIMIT, Event
from good_offices.talks.events_plenary import ActConfirmed
from good_offices.talks.plenary import PlenaryState, Step, Unconfirmed
from good_offices.talks.rules import RULES
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Confirmed, Place, Waiting, WithoutEffectError, facts_of
from good_offices.text.tables import put

Perform: TypeAlias = Callable[[PlenaryState, Place, Any], Step]


class Held(Record, frozen=True, kw_only=True):
    """An event as it is kept."""

    event: Event


def kept(plenary: PlenaryState, place: Place, event: Any, lacking: WithoutEffectError) -> Step:
    """Return the state that keeps an act done without powers, and the effect that says so (R-24)."""
    waiting = Waiting(code=lacking.code, facts=facts_of(lacking))
    assert place.member is not None  # nobody acts in the plenary without credentials
    one = Unconfirmed(
        done=place.here,
        desk=place.desk,
        member=place.member,
        event=pack(Held(event=event)),
        code=lacking.code,
    )
    return evolve(plenary, unconfirmed=put(plenary.unconfirmed, {place.act.hex(): one})), (waiting,)


def confirmed(plenary: PlenaryState, place: Place, event: ActConfirmed, perform: Perform) -> Step:
    """Return the state in which an act of one's own delegation has effect after all (R-46).

    Raises:
        LocalError: `act-unknown`, `act-not-yours`, and whatever the act itself breaks here and now.
        WithoutEffectError: `power-lacking`.
    """
    one = plenary.unconfirmed.get(event.act.hex())
    if one is None or one.done.index != event.index:
        raise LocalError("act-unknown")
    if one.desk.delegation != place.delegation:
        raise LocalError("act-not-yours")
    inner = unpack(one.event, Held, what="a kept act", limit=ACT_LIMIT).event
    power = RULES[inner.name].power
    if place.member is None or power not in place.member.powers:
        raise WithoutEffectError("power-lacking", power=str(power))
    rest = put(plenary.unconfirmed, {}, without=(event.act.hex(),))
    as_done = msgspec.structs.replace(
        place,
        author=one.desk.hash,
        desk=one.desk,
        member=one.member,
        done=one.done,
        confirming=place.desk.member,
    )
    after, effects = perform(evolve(plenary, unconfirmed=rest), as_done, inner)
    return after, (*effects, Confirmed(index=one.done.index, act=one.done.act))
