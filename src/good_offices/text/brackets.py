"""Balance: which sequences of runs are texts. See spec/text.md section 2.

This module decides whether brackets are balanced, nested and named once. It never changes a text.

1. Along the units of one language, the ends of variants nest like brackets.
2. The variants of a slot are opened in order, 0, 1, ..., all inside the same variant of the same outer slot (or
   outside all), and there are `of` of them.
3. A slot id stands for one slot; in two languages it has the same number of variants.
4. A role other than text is what the variant's own words say (`notation.role_of`), never a mere claim.
5. Words are never empty, never beside words, and pass `check_words`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from good_offices.encoding import Record, check_words
from good_offices.errors import LocalError
from good_offices.text.model import (
    Close,
    Edge,
    Instrument,
    NoteRef,
    Open,
    Placeholder,
    Role,
    Run,
    Runs,
    Unit,
    Words,
    check_id,
    check_language,
    crossing_of,
    name_of,
)
from good_offices.text.notation import role_of

_BLANK: Final = re.compile(r"_{3,}")


class SlotView(Record, frozen=True, kw_only=True):
    """A slot as the text holds it now: `units` in order, `roles` one a variant, `outer` the slot around it."""

    id: str
    units: tuple[str, ...]
    variants: int
    roles: tuple[Role, ...]
    outer: str = ""

    @property
    def kind(self) -> str:
        """Say "retain" for one variant (keep it or leave it out), "choice" for several."""
        return "retain" if self.variants == 1 else "choice"


class OpenPoints(Record, frozen=True, kw_only=True):
    """What is still open in a unit: slots that begin or go on in it, and placeholders."""

    slots: int
    placeholders: int


def check_unit(unit: Unit) -> None:
    """Pass if the unit is well formed in itself (spec/text.md rules 1.2 to 2.2).

    Raises:
        LocalError: `text-id`, `language-tag`, `text-not-plain`, `brackets-cross` or `runs-not-plain`.
    """
    if "_checked" in unit.__dict__:
        return
    check_id(unit.id)
    if unit.label:
        check_words(unit.label, what="a label")
    counts: dict[str, int] = {}
    # In the order of the languages, not of the map: which refusal comes first is part of a verdict.
    for language, runs in sorted(unit.texts.items()):
        check_language(language)
        check_runs(runs, unit)
        _same_count(counts, runs, unit)
    unit.__dict__["_checked"] = True


def check_runs(runs: Runs, unit: Unit) -> None:
    """Pass if one text of a unit is well formed as far as it can be told without its neighbours.

    Raises:
        LocalError: as `check_unit`.
    """
    previous: Run | None = None
    for run in runs:
        if isinstance(run, Words):
            if not run.text or isinstance(previous, Words):
                raise LocalError("runs-not-plain", unit=name_of(unit))
            check_words(run.text, what=f"the text of {name_of(unit)}")
        elif isinstance(run, Placeholder | NoteRef):
            _check_mark(run, unit)
        else:
            check_id(run.slot)
            if isinstance(run, Open) and not 0 <= run.variant < run.of:
                raise LocalError("brackets-cross", unit=name_of(unit))
        previous = run
    _check_local(runs, unit)
    _check_roles(runs, unit)


def _check_roles(runs: Runs, unit: Unit) -> None:
    """Refuse a variant said to be no text while its words are: settling it would take words away unseen."""
    for place, run in enumerate(runs):
        if isinstance(run, Open) and run.role:
            ends = runs[place + 2 : place + 3] == (Close(slot=run.slot, variant=run.variant),)
            if not ends or role_of(runs[place + 1]) != run.role:
                raise LocalError("runs-not-plain", unit=name_of(unit))


def _check_local(runs: Runs, unit: Unit) -> None:
    """Refuse slots inside the unit that are not balanced, or that an end of a slot from outside cuts through."""
    outside = {edge.slot for edge in crossing_of(runs)}
    edges = [run for run in runs if isinstance(run, Open | Close)]
    _balance([(unit, [edge for edge in edges if edge.slot not in outside])])
    depth = 0
    for edge in edges:
        if edge.slot not in outside:
            depth += 1 if isinstance(edge, Open) else -1
        elif depth:
            raise LocalError("brackets-cross", unit=name_of(unit))


def _check_mark(run: Placeholder | NoteRef, unit: Unit) -> None:
    """Refuse a placeholder or note reference that notation could not print."""
    text = run.text if isinstance(run, Placeholder) else run.note
    check_words(text, what=f"the text of {name_of(unit)}")
    forbidden = "{}[]\\\n⟦⟧" if isinstance(run, Placeholder) else "{}[]\\\n⟦⟧ \t"
    if any(character in forbidden for character in text) or not text:
        raise LocalError("runs-not-plain", unit=name_of(unit))
    if isinstance(run, Placeholder) and text.startswith(":"):
        raise LocalError("runs-not-plain", unit=name_of(unit))


def check_instrument(instrument: Instrument, changed: Iterable[Unit] | None = None) -> None:
    """Pass if the whole is a text; `changed` names the only units not checked before (spec/text.md section 2).

    Raises:
        LocalError: as `check_unit`, and `unit-twice`, `unit-unknown` for a parent, `brackets-cross`.
    """
    check_id(instrument.id)
    for language in sorted({*instrument.titles, *instrument.authentic}):
        check_language(language)
    for _, title in sorted(instrument.titles.items()):
        check_words(title, what="a title")
    for unit in instrument.units if changed is None else changed:
        check_unit(unit)
    if len(instrument.places) != len(instrument.units):
        raise LocalError("unit-twice")
    _check_parents(instrument)
    check_balance(instrument)


def with_units(instrument: Instrument, changed: Mapping[str, Unit]) -> Instrument:
    """Return the instrument with some units replaced by others of the same id, checked.

    Where the new units leave what crosses units as it was, the rest needs no second look: only their new slots must not
    stand elsewhere.

    Raises:
        LocalError: as `check_instrument`.
    """
    places = instrument.places
    units = list(instrument.units)
    for unit in changed.values():
        units[places[unit.id]] = unit
    whole = msgspec.structs.replace(instrument, units=tuple(units))
    fresh: set[str] = set()
    for unit in changed.values():
        old = instrument.unit(unit.id)
        if unit.crossing != old.crossing or unit.parent != old.parent:
            check_instrument(whole, list(changed.values()))
            return whole
        check_unit(unit)
        fresh |= unit.slots - old.slots
        crosses = {edge.slot for edges in unit.crossing.values() for edge in edges}
        if not crosses.isdisjoint(unit.inside):
            raise LocalError("brackets-cross", unit=name_of(unit))
    if fresh:
        _check_fresh(whole, fresh)
    _hand_on(instrument, whole, changed, fresh)
    return whole


def _check_fresh(instrument: Instrument, fresh: set[str]) -> None:
    """Refuse new slots that stand in more than one unit, when none of them crosses units."""
    holders: dict[str, str] = {}
    for unit in instrument.units:
        if not fresh.isdisjoint(unit.slots):
            for slot in fresh & unit.slots:
                if holders.setdefault(slot, unit.id) != unit.id:
                    raise LocalError("brackets-cross", unit=name_of(unit))


def _hand_on(old: Instrument, new: Instrument, changed: Mapping[str, Unit], fresh: set[str]) -> None:
    """Keep what was computed of the text before and still holds, with the new units' hashes in their place."""
    if "_ends" in old.__dict__:
        ends: dict[str, tuple[int, int]] = old.__dict__["_ends"]
        here = {slot: old.places[unit.id] for unit in changed.values() for slot in unit.slots & fresh}
        new.__dict__["_ends"] = {**ends, **{slot: (at, at) for slot, at in here.items()}} if here else ends
    for name in ("places", "outline", "_around"):
        if name in old.__dict__:
            new.__dict__[name] = old.__dict__[name]
    if "unit_digests" in old.__dict__:
        digests = bytearray(old.unit_digests)
        for unit in changed.values():
            at = 32 * old.places[unit.id]
            digests[at : at + 32] = unit.digest
        new.__dict__["unit_digests"] = bytes(digests)


def ends_of(instrument: Instrument, slot: str) -> tuple[int, int] | None:
    """Return the places of the first and the last unit that hold an end of a slot, or nothing if none does."""
    kept = instrument.__dict__
    if "_ends" not in kept:
        first: dict[str, int] = {}
        last: dict[str, int] = {}
        for place, unit in enumerate(instrument.units):
            for one in unit.slots:
                first.setdefault(one, place)
                last[one] = place
        kept["_ends"] = {one: (place, last[one]) for one, place in first.items()}
    found: tuple[int, int] | None = kept["_ends"].get(slot)
    # What is handed on names slots that have gone since; those that cross units are all as they were.
    return found if found and slot in instrument.units[found[0]].slots else None


def _check_parents(instrument: Instrument) -> None:
    """Refuse a parent that does not stand before its child: this also excludes circles."""
    places = instrument.places
    for place, unit in enumerate(instrument.units):
        if unit.parent and places.get(unit.parent, place) >= place:
            raise LocalError("unit-parent", unit=name_of(unit))


def check_balance(instrument: Instrument) -> None:
    """Pass if the slots that cross units are balanced in every language, and no slot id stands twice.

    Raises:
        LocalError: `brackets-cross` or `brackets-differ`.
    """
    owners: dict[str, str] = {}
    counts: dict[str, int] = {}
    crossing: dict[str, list[tuple[Unit, Sequence[Edge]]]] = {}
    for unit in instrument.units:
        for language, edges in sorted(unit.crossing.items()):
            crossing.setdefault(language, []).append((unit, edges))
            _same_count(counts, edges, unit)
        for slot in unit.inside:
            if owners.setdefault(slot, unit.id) != unit.id:
                raise LocalError("brackets-cross", unit=name_of(unit))
    for _, parts in sorted(crossing.items()):
        _balance(parts)
        for unit, runs in parts:
            if any(isinstance(run, Open) and run.slot in owners for run in runs):
                raise LocalError("brackets-cross", unit=name_of(unit))


def _same_count(counts: dict[str, int], runs: Iterable[Run], unit: Unit) -> None:
    """Refuse a slot that has different numbers of variants at two places."""
    for run in runs:
        if isinstance(run, Open) and counts.setdefault(run.slot, run.of) != run.of:
            raise LocalError("brackets-differ", unit=name_of(unit))


def _balance(parts: Sequence[tuple[Unit, Sequence[Edge]]]) -> None:
    """Refuse edges that are not balanced by rules 1 and 2; `parts` holds them unit by unit."""
    stack: list[tuple[str, int]] = []
    slots: dict[
        str, list[object]
    ] = {}  # id: [the next variant, of, the variant around it, the one before closed]
    for unit, runs in parts:
        for run in runs:
            if isinstance(run, Open):
                around = stack[-1] if stack else None
                expected = slots.setdefault(run.slot, [0, run.of, around, True])
                if expected != [run.variant, run.of, around, True]:
                    raise LocalError("brackets-cross", unit=name_of(unit))
                slots[run.slot] = [run.variant + 1, run.of, around, False]
                stack.append((run.slot, run.variant))
            else:
                if not stack or stack.pop() != (run.slot, run.variant):
                    raise LocalError("brackets-cross", unit=name_of(unit))
                slots[run.slot][3] = True
    if stack or any(slot[0] != slot[1] for slot in slots.values()):
        raise LocalError("brackets-cross", unit=name_of(parts[-1][0]))


def slots_of(instrument: Instrument) -> dict[str, SlotView]:
    """Return every slot of the text by its id, language by language."""
    units: dict[str, list[str]] = {}
    roles: dict[str, dict[int, Role]] = {}
    outer: dict[str, str] = {}
    for language in sorted({language for unit in instrument.units for language in unit.texts}):
        stack: list[str] = []
        for unit in instrument.units:
            if not unit.slots:
                continue
            for run in unit.texts.get(language, ()):
                if isinstance(run, Open):
                    outer.setdefault(run.slot, stack[-1] if stack else "")
                    roles.setdefault(run.slot, {}).setdefault(run.variant, run.role)
                    stack.append(run.slot)
                elif isinstance(run, Close):
                    stack.pop()
                if isinstance(run, Open | Close):
                    units.setdefault(run.slot, []).append(unit.id)
    return {
        slot: SlotView(
            id=slot,
            units=span(instrument, units[slot]),
            variants=len(found),
            roles=tuple(found.values()),
            outer=outer[slot],
        )
        for slot, found in roles.items()
    }


def span(instrument: Instrument, units: Iterable[str]) -> tuple[str, ...]:
    """Return all units from the first to the last of `units`, in the order of the text."""
    places = [instrument.places[unit] for unit in units]
    return tuple(unit.id for unit in instrument.units[min(places) : max(places) + 1])


def open_points(instrument: Instrument) -> dict[str, OpenPoints]:
    """Return what is open for each unit that has anything open (spec/text.md section 6)."""
    found = {unit.id: points_of(instrument, unit) for unit in instrument.units}
    return {name: points for name, points in found.items() if points}


def points_of(instrument: Instrument, unit: Unit) -> OpenPoints | None:
    """Return what is open in a unit of this text, or nothing (spec/text.md section 6)."""
    kept = unit.__dict__
    if "_blanks" not in kept:
        kept["_blanks"] = sum(placeholders(runs) for runs in unit.texts.values())
    slots = unit.slots | _around(instrument).get(unit.id, frozenset())
    if not (slots or kept["_blanks"]):
        return None
    return OpenPoints(slots=len(slots), placeholders=kept["_blanks"])


def _around(instrument: Instrument) -> dict[str, frozenset[str]]:
    """Return for each unit that begins inside slots which slots these are, in any language; kept with the text."""
    kept = instrument.__dict__
    if "_around" not in kept:
        found: dict[str, frozenset[str]] = {}
        inside: dict[str, list[str]] = {}
        for unit in instrument.units:
            if any(inside.values()):
                found[unit.id] = frozenset(slot for stack in inside.values() for slot in stack)
            for language, edges in unit.crossing.items():
                stack = inside.setdefault(language, [])
                for edge in edges:
                    if isinstance(edge, Open):
                        stack.append(edge.slot)
                    else:
                        stack.remove(edge.slot)
        kept["_around"] = found
    around: dict[str, frozenset[str]] = kept["_around"]
    return around


def placeholders(runs: Runs) -> int:
    """Return the number of placeholders: runs of that kind, and blanks of three or more underscores."""
    return sum(
        1 if isinstance(run, Placeholder) else len(_BLANK.findall(run.text))
        for run in runs
        if isinstance(run, Placeholder | Words)
    )


def pairs_of(instrument: Instrument, language: str) -> int:
    """Return how many pairs of printed brackets the text has in a language."""
    return sum(
        1
        for unit in instrument.units
        for run in unit.texts.get(language, ())
        if isinstance(run, Open) and (run.variant == 0 or not run.slash)
    )
