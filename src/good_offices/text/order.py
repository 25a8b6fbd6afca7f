"""Acts on whole units: add, move, relabel, remove, set as options; undo a settlement. See spec/text.md section 7.

This module decides the order of a text after an act. It never numbers anything: labels are what people wrote.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from good_offices.errors import LocalError
from good_offices.text.acts import changed_by_all
from good_offices.text.brackets import check_instrument, span, with_units
from good_offices.text.model import Close, Instrument, Open, Runs, Unit, check_id, name_of
from good_offices.text.state import SECTIONS, Bases, TextState, based, changeable, evolve


def add_unit(state: TextState, unit: Unit, *, after: str, outline: bytes) -> TextState:
    """Return the state with a new unit after another (or first, if `after` is empty) (rule 7.6).

    Raises:
        LocalError: `stale-base` if the order has changed; `text-closed`, `unit-twice`, as `check_instrument`.
    """
    _same_outline(state, outline)
    if unit.id in state.instrument.places:
        raise LocalError("unit-twice")
    units = _put(state.instrument.units, unit, _place_after(state.instrument, after))
    return evolve(state, instrument=_checked(state.instrument, units, [unit]))


def move_unit(state: TextState, unit: str, *, after: str, parent: str, outline: bytes) -> TextState:
    """Return the state in which a unit stands elsewhere; those under it are moved by acts of their own (7.7).

    Raises:
        LocalError: as `add_unit`, and `unit-locked`.
    """
    _same_outline(state, outline)
    present = state.instrument.unit(unit)
    changeable(state, [present])
    if after == unit:
        raise LocalError("unit-parent", unit=name_of(present))
    moved = msgspec.structs.replace(present, parent=parent)
    rest = tuple(one for one in state.instrument.units if one.id != unit)
    place = _place_after(msgspec.structs.replace(state.instrument, units=rest), after)
    return changed_by_all(
        state, _checked(state.instrument, _put(rest, moved, place), [moved]), (unit,), clear=False
    )


def relabel_unit(state: TextState, unit: str, base: bytes, label: str) -> TextState:
    """Return the state in which a unit has another label (rule 7.8).

    Raises:
        LocalError: `stale-base`, `unit-locked`, `text-closed`, `text-not-plain`.
    """
    units = based(state, {unit: base}, (unit,))
    changeable(state, units)
    new = msgspec.structs.replace(units[0], label=label)
    return changed_by_all(state, with_units(state.instrument, {unit: new}), (unit,), clear=False)


def remove_unit(state: TextState, unit: str, base: bytes) -> TextState:
    """Return the state without a unit (rule 7.9).

    Raises:
        LocalError: `unit-has-parts`, `stale-base`, `unit-locked`, `text-closed`, `brackets-cross`.
    """
    units = based(state, {unit: base}, (unit,))
    changeable(state, units)
    if any(one.parent == unit for one in state.instrument.units):
        raise LocalError("unit-has-parts", unit=name_of(units[0]))
    rest = tuple(one for one in state.instrument.units if one.id != unit)
    return changed_by_all(state, _checked(state.instrument, rest, []), (unit,), clear=True)


def place_options(state: TextState, slot: str, groups: Sequence[Sequence[str]], bases: Bases) -> TextState:
    """Return the state in which groups of whole neighbouring units are the variants of one slot (rule 7.10).

    Raises:
        LocalError: `options-apart` if they are not neighbours in this order; `unit-not-open`, `stale-base`,
            `base-missing`, `text-closed`, `brackets-cross`.
    """
    check_id(slot)
    names = [name for group in groups for name in group]
    present = based(state, bases, tuple(names))
    changeable(state, present)
    for unit in present:
        if state.status(unit.id) != "open":
            raise LocalError("unit-not-open", unit=name_of(unit), status=state.status(unit.id))
    if not names or not all(groups) or span(state.instrument, names) != tuple(names):
        raise LocalError("options-apart")
    changed: dict[str, Unit] = {unit.id: unit for unit in present}
    # A language in which some unit has no text would lose an end of the slot, so every unit gets every language.
    languages = {language: None for unit in present for language in unit.texts}
    for number, group in enumerate(groups):
        opening = Open(slot=slot, variant=number, of=len(groups))
        closing = Close(slot=slot, variant=number)
        first, last = changed[group[0]], changed[group[-1]]
        changed[first.id] = _edged(first, languages, before=(opening,))
        last = changed[last.id]
        changed[last.id] = _edged(last, languages, after=(closing,))
    return evolve(state, instrument=with_units(state.instrument, changed))


def _edged(unit: Unit, languages: dict[str, None], before: Runs = (), after: Runs = ()) -> Unit:
    """Return the unit with runs put before and after its text in every language."""
    texts = {language: (*before, *unit.texts.get(language, ()), *after) for language in languages}
    return msgspec.structs.replace(unit, texts=texts)


def undo(state: TextState, *, before: TextState, after: TextState) -> TextState:
    """Return `state` without the settlement that led from `before` to `after` (rule 7.11).

    The units that it changed, with their status, stances, proposals and certificates, are as they were before.

    Raises:
        LocalError: `stale-base` if one of these units, or the order of units it changed, has changed since.
    """
    old, new, now = before.instrument, after.instrument, state.instrument
    names = {one.id for one in old.units if one.id not in new.places or new.unit(one.id) != one}
    names |= {one.id for one in new.units if one.id not in old.places}
    for name in sorted(names & new.places.keys()):
        based(state, {name: new.unit(name).digest}, (name,))
    if old.outline != new.outline:
        _same_outline(state, new.outline)
        units = tuple(one if one.id in names else now.unit(one.id) for one in old.units)
    else:
        units = tuple(old.unit(one.id) if one.id in names else one for one in now.units)
    sections: dict[str, object] = {}
    for section in SECTIONS:
        was, present = getattr(before, section), getattr(state, section)
        kept = {key: item for key, item in present.items() if not _of(item, names)}
        sections[section] = kept | {key: item for key, item in was.items() if _of(item, names)}
    return evolve(state, instrument=_checked(now, units, []), **sections)


def _of(item: object, names: set[str]) -> bool:
    """Tell whether an entry of a state speaks of one of these units."""
    return getattr(item, "unit", "") in names


def _same_outline(state: TextState, outline: bytes) -> None:
    """Refuse an act on another order of units than the present one."""
    changeable(state, [])
    current = state.instrument.outline
    if outline != current:
        raise LocalError(
            "stale-base", unit="the order of the text", base=outline.hex()[:12], current=current.hex()[:12]
        )


def _place_after(instrument: Instrument, after: str) -> int:
    """Return the place behind a unit, or the first."""
    return instrument.places[instrument.unit(after).id] + 1 if after else 0


def _put(units: tuple[Unit, ...], unit: Unit, place: int) -> tuple[Unit, ...]:
    """Return the units with one more."""
    return (*units[:place], unit, *units[place:])


def _checked(instrument: Instrument, units: tuple[Unit, ...], changed: Sequence[Unit]) -> Instrument:
    """Return the instrument with these units, checked."""
    whole = msgspec.structs.replace(instrument, units=units)
    check_instrument(whole, changed)
    return whole
