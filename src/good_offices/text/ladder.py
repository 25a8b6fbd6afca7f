"""The ladder: agree, confirm, lock, reopen, adopt, initial, sign, correct. See spec/text.md section 8.

This module decides which step follows which, and what stands in the way of initialling. It never knows who may take
a step: the caller gives the parties, and has seen that they consent.

1. A unit is agreed or locked only without slots and placeholders, on the hash that is named.
2. A lock covers the text in every authentic language, which must be there.
3. A locked unit accepts nothing but reopening, by everyone who locked it.
4. Adoption needs every unit locked; initialling also a complete concordance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.text.brackets import OpenPoints, open_points, points_of, with_units
from good_offices.text.concordance import discordant
from good_offices.text.model import Runs, Unit, name_of
from good_offices.text.state import (
    LADDER,
    PHASES,
    Bases,
    Phase,
    Standing,
    Status,
    TextState,
    based,
    changeable,
    evolve,
)
from good_offices.text.tables import put

_SHOWN = 5


class Obstacle(Record, frozen=True, kw_only=True):
    """Something in the way of initialling: in which unit, of which sort, and how many."""

    unit: str
    why: Literal["slots", "placeholders", "not-locked", "concordance"]
    count: int


def agree(state: TextState, bases: Bases, *, level: str = "", ad_referendum: bool = False) -> TextState:
    """Return the state in which these units are agreed at a level, or ad referendum (rule 8.1).

    Raises:
        LocalError: `unit-status`, `brackets-remain`, `stale-base`, `text-closed`.
    """
    wanted: Literal["agreed", "agreed_ad_referendum"] = "agreed_ad_referendum" if ad_referendum else "agreed"
    units = _stepping(state, bases, wanted)
    _nothing_open(state, units)
    new = {unit.id: Standing(unit=unit.id, status=wanted, level=level) for unit in units}
    return evolve(state, standing=put(state.standing, new))


def confirm(state: TextState, bases: Bases, party: str) -> TextState:
    """Return the state in which a party's capital has confirmed units agreed ad referendum.

    Raises:
        LocalError: `unit-status`, `stale-base`, `text-closed`.
    """
    units = based(state, bases, tuple(bases))
    changeable(state, units)
    new: dict[str, Standing] = {}
    for unit in units:
        if state.status(unit.id) != "agreed_ad_referendum":
            raise LocalError(
                "unit-status", unit=name_of(unit), status=state.status(unit.id), wanted="confirmed"
            )
        old = state.standing[unit.id]
        new[unit.id] = msgspec.structs.replace(old, confirmed_by=tuple(sorted({*old.confirmed_by, party})))
    return evolve(state, standing=put(state.standing, new))


def lock(state: TextState, bases: Bases, parties: Sequence[str]) -> TextState:
    """Return the state in which these parties have locked these units (rules 8.1 and 8.2).

    Raises:
        LocalError: `unit-status`, `not-all-confirmed`, `language-missing`, `brackets-remain`, `stale-base`,
            `text-closed`.
    """
    units = _stepping(state, bases, "locked")
    _nothing_open(state, units)
    new: dict[str, Standing] = {}
    for unit in units:
        old = state.standing[unit.id]
        if old.status == "agreed_ad_referendum" and not set(parties) <= set(old.confirmed_by):
            raise LocalError("not-all-confirmed", unit=name_of(unit))
        for language in state.instrument.authentic:
            if language not in unit.texts:
                raise LocalError("language-missing", unit=name_of(unit), language=language)
        by = tuple(sorted(set(parties)))
        new[unit.id] = msgspec.structs.replace(old, status="locked", locked_by=by)
    return evolve(state, standing=put(state.standing, new))


def reopen(state: TextState, bases: Bases, parties: Sequence[str]) -> TextState:
    """Return the state in which these units are open again (rule 8.3).

    Raises:
        LocalError: `not-all-reopen`, `unit-status`, `stale-base`, `text-closed`.
    """
    units = based(state, bases, tuple(bases))
    changeable(state, [])
    for unit in units:
        if unit.id not in state.standing:
            raise LocalError("unit-status", unit=name_of(unit), status="open", wanted="reopened")
        needed = state.standing[unit.id].locked_by
        if not set(needed) <= set(parties):
            raise LocalError("not-all-reopen", unit=name_of(unit), needed=len(needed))
    return evolve(state, standing=put(state.standing, {}, without=bases))


def advance(state: TextState, phase: Phase, base: bytes) -> TextState:
    """Return the state in which the whole text is adopted, initialled or signed (rule 8.5).

    Raises:
        LocalError: `stale-base` for another instrument hash; `text-phase`, `units-not-locked`,
            `brackets-remain`, `concordance-incomplete`.
    """
    current = state.instrument.digest
    if base != current:
        raise LocalError("stale-base", unit="the text", base=base.hex()[:12], current=current.hex()[:12])
    if PHASES.get(phase) != state.phase:
        raise LocalError("text-phase", phase=state.phase or "not adopted", wanted=phase or "open")
    if phase == "adopted":
        loose = [
            unit for unit in state.instrument.units if not state.locked_by(unit.id) and unit.kind != "layout"
        ]
        if loose:
            raise LocalError("units-not-locked", count=len(loose), where=_where(loose))
    _nothing_open(state, state.instrument.units)
    if phase == "initialled":
        differing = discordant(state)
        if differing:
            raise LocalError("concordance-incomplete", count=len(differing), where=_where(differing))
    return evolve(state, phase=phase)


def reopen_text(state: TextState, base: bytes, parties: Sequence[str]) -> TextState:
    """Return the state in which an adopted text is not adopted any more; its units stay locked (rule 8.7).

    Raises:
        LocalError: `stale-base`, `text-phase`, `not-all-reopen`.
    """
    current = state.instrument.digest
    if base != current:
        raise LocalError("stale-base", unit="the text", base=base.hex()[:12], current=current.hex()[:12])
    if state.phase != "adopted":
        raise LocalError("text-phase", phase=state.phase or "not adopted", wanted="reopened")
    needed = {party for one in state.standing.values() for party in one.locked_by}
    if not needed <= set(parties):
        raise LocalError("not-all-reopen", unit="the text", needed=len(needed))
    return evolve(state, phase="")


def correct(state: TextState, unit: str, base: bytes, texts: Mapping[str, Runs]) -> TextState:
    """Return the state in which an error in a closed text is corrected; its phase stays (rule 8.7).

    Raises:
        LocalError: `text-phase` if the text is not closed; `stale-base`, `brackets-remain`, as `check_instrument`.
    """
    if not state.phase:
        raise LocalError("text-phase", phase="not adopted", wanted="corrected")
    old = based(state, {unit: base}, (unit,))[0]
    new = msgspec.structs.replace(old, texts={**old.texts, **texts})
    corrected = evolve(state, instrument=with_units(state.instrument, {unit: new}))
    _nothing_open(corrected, [new])
    return corrected


def obstacles(state: TextState) -> tuple[Obstacle, ...]:
    """Return everything that stands in the way of initialling, in the order of the text (invariant 7)."""
    found: list[Obstacle] = []
    points = open_points(state.instrument)
    differing = {unit.id for unit in discordant(state)}
    for unit in state.instrument.units:
        here = points.get(unit.id, OpenPoints(slots=0, placeholders=0))
        if here.slots:
            found.append(Obstacle(unit=unit.id, why="slots", count=here.slots))
        if here.placeholders:
            found.append(Obstacle(unit=unit.id, why="placeholders", count=here.placeholders))
        if not state.phase and not state.locked_by(unit.id) and unit.kind != "layout":
            found.append(Obstacle(unit=unit.id, why="not-locked", count=1))
        if unit.id in differing:
            found.append(Obstacle(unit=unit.id, why="concordance", count=1))
    return tuple(found)


def _stepping(state: TextState, bases: Bases, wanted: Status) -> list[Unit]:
    """Return the units, all of which may take this step now."""
    units = based(state, bases, tuple(bases))
    if state.phase:
        raise LocalError("text-closed", phase=state.phase)
    for unit in units:
        status = state.status(unit.id)
        if status not in LADDER[wanted]:
            raise LocalError("unit-status", unit=name_of(unit), status=status, wanted=wanted)
    return units


def _nothing_open(state: TextState, units: Sequence[Unit]) -> None:
    """Refuse units with slots or placeholders."""
    found = {unit.id: points_of(state.instrument, unit) for unit in units}
    points = {name: one for name, one in found.items() if one is not None}
    unready = [unit for unit in units if unit.id in points]
    if unready:
        slots = sum(points[unit.id].slots for unit in unready)
        blanks = sum(points[unit.id].placeholders for unit in unready)
        raise LocalError("brackets-remain", slots=slots, placeholders=blanks, where=_where(unready))


def _where(units: Sequence[Unit]) -> str:
    """Return the names of the first units, and how many more there are."""
    more = f" and {len(units) - _SHOWN} more" if len(units) > _SHOWN else ""
    return ", ".join(name_of(unit) for unit in units[:_SHOWN]) + more
