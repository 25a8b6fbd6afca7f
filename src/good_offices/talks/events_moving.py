"""The events by which talks go on elsewhere, or under other rules: change of venue, upgrade of the rules.

This module decides their forms (spec/moving.md). It never decides whether one has effect.

1. A change of venue names the new host by the host's own card, word for word (spec/moving.md section 1).
2. An upgrade names a version of the rules by its number.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.talks.event import Acceptable


class VenueChanged(Acceptable, frozen=True, kw_only=True):
    """All move the talks to another host: its address, its two verifier keys, its posting key, its own signature over them."""

    address: str
    host: tuple[str, ...]
    posting: bytes
    signed: bytes


class RulesUpgraded(Acceptable, frozen=True, kw_only=True):
    """All put another version of the rules in force, from the entry after the one that completes it."""

    rules: int


MovingEvent: TypeAlias = VenueChanged | RulesUpgraded
