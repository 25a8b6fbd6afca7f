"""The sounding room: what two or more delegations could all accept. See spec/soundings.md section 10.

This module decides what the acts of the sounding room do. It never decides whether a message of a sounding holds: every
desk computes that from the record.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from good_offices.errors import LocalError
from good_offices.talks import book as books
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.roster import RosterState
from good_offices.talks.state import State
from good_offices.talks.verdict import Effect, Place

SoundingStep: TypeAlias = "tuple[SoundingState, tuple[Effect, ...]]"


class SoundingState(State, frozen=True, kw_only=True):
    """Everything that the rules of the sounding room need to know."""


def perform(state: SoundingState, roster: RosterState, place: Place, event: Any) -> SoundingStep:
    """Return the sounding room after an event that may happen there, and its effects (spec/soundings.md section 10).

    Raises:
        LocalError: what the event's own rules say.
    """
    return HANDLERS[event.name](state, roster, place, event)


def _epochs_handed_over(
    state: SoundingState, roster: RosterState, _place: Place, event: EpochsHandedOver
) -> SoundingStep:
    """Check what a joiner receives of the sounding room (spec/rooms.md section 6)."""
    if event.room != roster.sounding:
        raise LocalError("room-unknown")
    books.check_handed_over(roster.book, event)
    return state, ()


HANDLERS = {"EpochsHandedOver": _epochs_handed_over}
