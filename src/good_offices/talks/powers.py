"""Full powers: produced by one delegation, found in order, or not, by each other. See spec/talks.md R-44.

This module decides on whose full powers a signature can rely (VCLT 7). It never reads the document: people do.
"""

from __future__ import annotations

import msgspec

from good_offices.errors import LocalError
from good_offices.talks.events_plenary import (
    FullPowersFoundInOrder,
    FullPowersFoundNotInOrder,
    FullPowersProduced,
)
from good_offices.talks.plenary import PlenaryState, Powers, Step
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place
from good_offices.text.tables import put


def full_powers_produced(
    plenary: PlenaryState, roster: RosterState, place: Place, event: FullPowersProduced
) -> Step:
    """Produce full powers of a member of one's own delegation (R-44, VCLT 7)."""
    member = roster.book.members.get(event.member)
    if member is None or member.delegation != place.delegation or member.at(place.index) is None:
        raise LocalError("member-unknown")
    if not event.ex_officio and event.document is None:
        raise LocalError("full-powers-empty")
    new = Powers(
        produced=place.here,
        delegation=place.delegation,
        member=event.member,
        ex_officio=event.ex_officio,
        document=event.document,
    )
    return evolve(plenary, powers=put(plenary.powers, {place.act.hex(): new})), ()


def full_powers_found(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: FullPowersFoundInOrder
) -> Step:
    """Find another delegation's full powers in order (R-44)."""
    powers = _to_examine(plenary, place, event.produced)
    new = msgspec.structs.replace(powers, found={**powers.found, place.delegation: place.here})
    return evolve(plenary, powers=put(plenary.powers, {event.produced.hex(): new})), ()


def full_powers_refused(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: FullPowersFoundNotInOrder
) -> Step:
    """Find another delegation's full powers not in order, and say why (R-44)."""
    powers = _to_examine(plenary, place, event.produced)
    if not event.text.strip():
        raise LocalError("reason-missing")
    new = msgspec.structs.replace(powers, refused={**powers.refused, place.delegation: place.here})
    return evolve(plenary, powers=put(plenary.powers, {event.produced.hex(): new})), ()


def _to_examine(plenary: PlenaryState, place: Place, produced: bytes) -> Powers:
    """Return full powers of another delegation on which the author's delegation has not found the contrary."""
    powers = plenary.powers.get(produced.hex())
    if powers is None:
        raise LocalError("full-powers-unknown")
    if powers.delegation == place.delegation:
        raise LocalError("full-powers-own")
    if place.delegation in powers.found or place.delegation in powers.refused:
        # One that could be taken back would not be proved by a file that shows it: nobody could see what came after.
        raise LocalError("full-powers-found-already")
    return powers


def full_powers_of(plenary: PlenaryState, roster: RosterState, place: Place) -> Powers | None:
    """Return the full powers that a signature of the author, or of who confirms for it, relies on, if any (R-44).

    Of several that every other delegation found in order they are those produced first: the choice must not depend
    on the order in which a table is kept, and a file that shows only some of them must come to the same.
    """
    others = set(roster.expected) - {place.delegation}
    member = place.confirming or place.desk.member
    held = [one for one in plenary.powers.values() if one.member == member and others <= one.found.keys()]
    return min(held, key=lambda one: one.produced.index, default=None)
