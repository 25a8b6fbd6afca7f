"""Settling brackets: which words stand when variants are chosen. See spec/text.md section 7.

This module decides the words that follow from a choice. It never chooses, and never joins two texts.

1. A choice names a slot and the variants that stay: none (omit), one (choose), or several that are whole units
   each. The variants that stay keep their order.
2. Choices of one act are applied together. A slot inside a variant that goes, goes with it; a slot inside a
   variant that stays, stays open unless it is chosen too.
3. A variant whose words say that there is no text leaves nothing. An open-ended variant, a move and a placeholder
   are no texts: they can be left out, not chosen.
4. Where something is taken out between two spaces, or between a space and an end of the unit, one space goes.
5. The same slot is settled in every language at once.
6. A unit left with nothing but spaces and emphasis (`*`, `_`) goes too, unless another stands under it
   or it had none before.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import msgspec

from good_offices.encoding import Record
from good_offices.errors import LocalError
from good_offices.text.brackets import SlotView, check_instrument, ends_of, slots_of, with_units
from good_offices.text.model import (
    Close,
    Instrument,
    NoteRef,
    Open,
    Placeholder,
    Role,
    Run,
    Runs,
    Texts,
    Unit,
    Words,
    joined,
)

_EMPTY: Final = " \t\n*_"


class Choice(Record, frozen=True, kw_only=True):
    """What becomes of a slot: the variants that stay, in rising order; none if it is left out."""

    slot: str
    keep: tuple[int, ...] = ()


def touched(instrument: Instrument, slots: Iterable[str]) -> tuple[str, ...]:
    """Return the units, in order, that settling these slots concerns: an act must name the base of each.

    Raises:
        LocalError: `slot-unknown`.
    """
    places: set[int] = set()
    for slot in sorted(frozenset(slots)):
        ends = ends_of(instrument, slot)
        if ends is None:
            raise LocalError("slot-unknown", slot=slot)
        places.update(range(ends[0], ends[1] + 1))
    return tuple(instrument.units[place].id for place in sorted(places))


def settle(instrument: Instrument, choices: Sequence[Choice]) -> Instrument:
    """Return the text in which these slots are settled (spec/text.md section 7).

    Raises:
        LocalError: `slot-unknown`, `variant-unknown`, `variants-unsorted`, `variant-not-text`, `variants-joined`;
            `text-not-plain` if the joined words are not plain text.
    """
    chosen = {choice.slot: frozenset(choice.keep) for choice in choices}
    spans = touched(instrument, chosen)
    units = {name: instrument.unit(name) for name in spans}
    _check_choices(units.values(), choices)
    texts: dict[str, Texts] = {name: {} for name in spans}
    for language in sorted({language for unit in units.values() for language in unit.texts}):
        taking: list[tuple[str, int]] = []
        for name, unit in units.items():
            if language in unit.texts:
                texts[name][language] = _cut(unit.texts[language], chosen, taking)
    changed = {name: msgspec.structs.replace(unit, texts=texts[name]) for name, unit in units.items()}
    gone = {
        name
        for name, unit in changed.items()
        if not unit.slots and not _speaks(unit) and _speaks(units[name])
    }
    if gone:
        gone -= {unit.parent for unit in instrument.units}
    if not gone:
        return with_units(instrument, changed)
    kept = tuple(changed.get(unit.id, unit) for unit in instrument.units if unit.id not in gone)
    settled = msgspec.structs.replace(instrument, units=kept)
    check_instrument(settled, [unit for name, unit in changed.items() if name not in gone])
    return settled


def _check_choices(units: Iterable[Unit], choices: Sequence[Choice]) -> None:
    """Refuse a variant that does not exist or that is no text."""
    # A variant may have another role in another language: it is a text only if it is one in each.
    roles: dict[tuple[str, int], set[Role]] = {}
    for run in (run for unit in units for runs in unit.texts.values() for run in runs):
        if isinstance(run, Open):
            roles.setdefault((run.slot, run.variant), set()).add(run.role)
    for choice in choices:
        if list(choice.keep) != sorted(set(choice.keep)):
            raise LocalError("variants-unsorted", slot=choice.slot)
        for variant in choice.keep:
            found = roles.get((choice.slot, variant))
            if found is None:
                of = sum(1 for slot, _ in roles if slot == choice.slot)
                raise LocalError("variant-unknown", slot=choice.slot, variant=variant + 1, of=of)
            for role in sorted(found - {"", "none"}):
                raise LocalError("variant-not-text", slot=choice.slot, variant=variant + 1, role=role)
        if len(choice.keep) > 1:
            _check_apart(units, choice)


def _check_apart(units: Iterable[Unit], choice: Choice) -> None:
    """Refuse to keep several variants unless each is whole units: in one unit they would be words nobody wrote."""
    for runs in (runs for unit in units for runs in unit.texts.values()):
        for place, run in enumerate(runs):
            if not isinstance(run, Open | Close) or run.slot != choice.slot or run.variant not in choice.keep:
                continue
            beyond = runs[:place] if isinstance(run, Open) else runs[place + 1 :]
            if not all(isinstance(one, type(run)) for one in beyond):
                raise LocalError("variants-joined", slot=choice.slot)


def _cut(runs: Runs, chosen: Mapping[str, frozenset[int]], taking: list[tuple[str, int]]) -> Runs:
    """Return the runs without the edges of chosen slots and without the variants that go.

    `taking` is the variant being taken out, if any; it goes on from unit to unit.
    """
    out: list[Run] = []
    seam = bool(taking)
    for run in runs:
        if taking:
            if isinstance(run, Close) and (run.slot, run.variant) == taking[0]:
                taking.clear()
                seam = True
        elif isinstance(run, Open) and run.slot in chosen:
            if run.variant not in chosen[run.slot] or run.role == "none":
                taking.append((run.slot, run.variant))
        elif isinstance(run, Close) and run.slot in chosen:
            continue
        elif isinstance(run, Words) and seam:
            seam = _sew(out, run)
        else:
            seam = seam and isinstance(run, Open | Close)
            out.append(run)
    if (seam or taking) and out and isinstance(out[-1], Words):
        out[-1] = Words(text=out[-1].text.removesuffix(" "))
    return joined(out)


def _sew(out: list[Run], words: Words) -> bool:
    """Add words after something was taken out, with one space less if there would be two; tell if still open."""
    before = next((run for run in reversed(out) if not isinstance(run, Open | Close)), None)
    spaced = before is None or (isinstance(before, Words) and before.text.endswith((" ", "\n")))
    text = words.text.removeprefix(" ") if spaced else words.text
    out.extend([Words(text=text)] if text else [])
    return not text


def _speaks(unit: Unit) -> bool:
    """Tell whether a unit has a character beside spaces and emphasis, a placeholder or a note."""
    return any(
        isinstance(run, Placeholder | NoteRef) or (isinstance(run, Words) and run.text.strip(_EMPTY))
        for runs in unit.texts.values()
        for run in runs
    )


def first_open_slot(instrument: Instrument) -> SlotView | None:
    """Return the first slot in the order of the text, or nothing when all brackets are settled."""
    for unit in instrument.units:
        if unit.slots:
            # Whole slots are only found by looking at all units that hold their ends.
            name = next(
                run.slot for runs in unit.texts.values() for run in runs if isinstance(run, Open | Close)
            )
            return slots_of(instrument)[name]
    return None


def settle_first(instrument: Instrument, unit: str) -> tuple[Choice, ...]:
    """Return choices that settle every slot beginning in `unit`: its first variant that is a text, or none.

    It is a script for demonstrations and tests; nobody's preference is in it but the order of the brackets.
    """
    first: dict[str, int | None] = {}
    for runs in instrument.unit(unit).texts.values():
        for run in runs:
            if isinstance(run, Open) and run.variant == 0:
                first.setdefault(run.slot, None)
    for one in instrument.units[instrument.places[unit] :]:
        if not (one.slots & first.keys()):
            continue
        for run in (run for runs in one.texts.values() for run in runs):
            if isinstance(run, Open) and run.slot in first and first[run.slot] is None and run.role == "":
                first[run.slot] = run.variant
    return tuple(Choice(slot=slot, keep=() if keep is None else (keep,)) for slot, keep in first.items())
