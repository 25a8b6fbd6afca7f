"""Acts on the words: propose, accept, bracket, settle, add, move. See spec/text.md sections 7 and 8.

This module decides what becomes of a text when an act takes effect. Who may act, and whether all have consented,
is decided before it is called. It never merges, rebases or shortens.

1. A proposal changes nothing. It is accepted whole, on the base it names; a package is accepted together.
2. Brackets placed by one side leave every present word and variant as it was.
3. Any other change of words is settled by all; pending proposals on the old words are then superseded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

import msgspec

from good_offices.errors import LocalError
from good_offices.text.brackets import check_instrument, slots_of, with_units
from good_offices.text.model import Close, Instrument, Open, Run, Runs, Unit, check_id, joined, name_of
from good_offices.text.settling import Choice, settle, touched
from good_offices.text.state import (
    Bases,
    Proposal,
    Stance,
    Standing,
    TextState,
    based,
    changeable,
    evolve,
)
from good_offices.text.tables import of_units, put

S = TypeVar("S", Standing, Stance)


def table(instrument: Instrument) -> TextState:
    """Return the state of a text that has just been tabled: everything open.

    Raises:
        LocalError: as `check_instrument`.
    """
    check_instrument(instrument)
    return TextState(instrument=instrument)


def propose(state: TextState, proposal: Proposal) -> TextState:
    """Return the state with one more pending proposal (rule 7.2).

    Raises:
        LocalError: `proposal-twice`, `proposal-empty`, `proposal-not-pending`, `stale-base`, `unit-locked`,
            `text-closed`, and as `check_instrument` for the text that would follow.
    """
    check_id(proposal.id)
    if proposal.id in state.proposals:
        raise LocalError("proposal-twice", proposal=proposal.id)
    if proposal.fate:
        raise LocalError("proposal-not-pending", proposal=proposal.id, status=proposal.fate)
    changeable(state, based(state, {proposal.unit: proposal.base}, (proposal.unit,)))
    _with_texts(state.instrument, [proposal])
    return evolve(state, proposals=put(state.proposals, {proposal.id: proposal}))


def withdraw(state: TextState, name: str, party: str) -> TextState:
    """Return the state in which the author has withdrawn a proposal.

    Raises:
        LocalError: `proposal-unknown`, `proposal-not-pending`, `proposal-not-yours`.
    """
    proposal = _pending(state, name)
    if proposal.party != party:
        raise LocalError("proposal-not-yours", proposal=name)
    gone = msgspec.structs.replace(proposal, fate="withdrawn")
    return evolve(state, proposals=put(state.proposals, {name: gone}))


def accept(state: TextState, names: Sequence[str]) -> TextState:
    """Return the state in which these proposals have become the text, all at once (rule 7.2).

    Raises:
        LocalError: `proposal-unknown`, `proposal-not-pending`, `proposals-compete`, `package-incomplete`,
            `stale-base`, `unit-locked`, `text-closed`, and as `check_instrument`.
    """
    taken = [_pending(state, name) for name in names]
    for proposal in taken:
        if sum(other.unit == proposal.unit for other in taken) > 1:
            unit = name_of(state.instrument.unit(proposal.unit))
            raise LocalError("proposals-compete", unit=unit)
    packages = {proposal.package for proposal in taken if proposal.package}
    for other in state.proposals.values() if packages else ():
        if other.package in packages and other.id not in names and other.fate != "withdrawn":
            raise LocalError("package-incomplete", package=other.package)
    bases = {proposal.unit: proposal.base for proposal in taken}
    changeable(state, based(state, bases, tuple(bases)))
    fates = {one.id: msgspec.structs.replace(one, fate="accepted") for one in taken}
    marked = evolve(state, proposals=put(state.proposals, fates))
    return changed_by_all(marked, _with_texts(state.instrument, taken), tuple(bases), clear=True)


def take_stance(state: TextState, stance: Stance) -> TextState:
    """Return the state with this stance in place of the party's earlier one on the same thing.

    Raises:
        LocalError: `unit-unknown`, `slot-unknown`, `variant-unknown`.
    """
    unit = state.instrument.unit(stance.unit)
    if stance.slot:
        if stance.slot not in unit.slots:
            raise LocalError("slot-unknown", slot=stance.slot)
        ends = [run for runs in unit.texts.values() for run in runs if isinstance(run, Open | Close)]
        if not any(run.slot == stance.slot and run.variant == stance.variant for run in ends):
            of = slots_of(state.instrument)[stance.slot].variants
            raise LocalError("variant-unknown", slot=stance.slot, variant=stance.variant + 1, of=of)
    return evolve(state, stances=put(state.stances, {stance.key: stance}))


def place_brackets(state: TextState, unit: str, base: bytes, texts: Mapping[str, Runs]) -> TextState:
    """Return the state with new brackets in an open unit (rule 7.3): words stand, variants are only added.

    Raises:
        LocalError: `unit-not-open`, `brackets-change-words`, `stale-base`, `text-closed`, as `check_instrument`.
    """
    units = based(state, {unit: base}, (unit,))
    changeable(state, units)
    present = units[0]
    if state.status(unit) != "open":
        raise LocalError("unit-not-open", unit=name_of(present), status=state.status(unit))
    for language, runs in texts.items():
        old = present.texts.get(language)
        if old is None or runs == old or _without_new(runs, present) != old:
            raise LocalError("brackets-change-words", unit=name_of(present))
    new = msgspec.structs.replace(present, texts={**present.texts, **texts})
    return evolve(state, instrument=with_units(state.instrument, {unit: new}))


def _without_new(runs: Runs, present: Unit) -> Runs:
    """Return `runs` without slots that `present` does not have and without variants it does not have."""
    counts = {run.slot: run.of for texts in present.texts.values() for run in texts if isinstance(run, Open)}
    out: list[Run] = []
    taking: tuple[str, int] | None = None
    for run in runs:
        if taking:
            if isinstance(run, Close) and (run.slot, run.variant) == taking:
                taking = None
        elif not isinstance(run, Open | Close):
            out.append(run)
        elif isinstance(run, Open) and run.variant >= counts.get(
            run.slot, 1 if run.slot not in present.slots else 0
        ):
            taking = (run.slot, run.variant)
        elif run.slot in present.slots:
            of = counts.get(run.slot, 0)
            out.append(msgspec.structs.replace(run, of=of) if isinstance(run, Open) else run)
    return joined(out)


def settle_slots(
    state: TextState, choices: Sequence[Choice], bases: Bases, *, result: Bases | None = None
) -> TextState:
    """Return the state in which these slots are settled (section 7.4).

    `bases` names the hash of every unit that `touched` gives; `result`, if given, the hash that each of them must have
    afterwards, without those that go.

    Raises:
        LocalError: `base-missing`, `stale-base`, `unit-locked`, `text-closed`, `result-differs`; as `settle`.
    """
    names = touched(state.instrument, [choice.slot for choice in choices])
    changeable(state, based(state, bases, names))
    instrument = settle(state.instrument, choices)
    if result is not None and result != digests(instrument, names):
        raise LocalError("result-differs")
    return changed_by_all(state, instrument, names, clear=False)


def digests(instrument: Instrument, names: Iterable[str]) -> dict[str, bytes]:
    """Return the hash of each of these units that stands in a text (section 7.4)."""
    return {name: instrument.unit(name).digest for name in names if name in instrument.places}


def replace_text(state: TextState, unit: str, base: bytes, texts: Mapping[str, Runs]) -> TextState:
    """Return the state in which a unit has this complete text in these languages; the others stay (rule 7.5).

    Raises:
        LocalError: `stale-base`, `unit-locked`, `text-closed`, and as `check_instrument`.
    """
    units = based(state, {unit: base}, (unit,))
    changeable(state, units)
    new = msgspec.structs.replace(units[0], texts={**units[0].texts, **texts})
    return changed_by_all(state, with_units(state.instrument, {unit: new}), (unit,), clear=True)


def set_language_text(state: TextState, unit: str, base: bytes, language: str, runs: Runs) -> TextState:
    """Return the state in which a unit has this text in one language.

    Raises:
        LocalError: as `replace_text`.
    """
    return replace_text(state, unit, base, {language: runs})


def _with_texts(instrument: Instrument, proposals: Sequence[Proposal]) -> Instrument:
    """Return the instrument as it is once these proposals are accepted."""
    changed: dict[str, Unit] = {}
    for proposal in proposals:
        changed[proposal.unit] = _becoming(instrument.unit(proposal.unit), proposal)
    return with_units(instrument, changed)


def _becoming(unit: Unit, proposal: Proposal) -> Unit:
    """Return what a unit becomes by a proposal; kept with it, with all that is computed of it until it is accepted."""
    known: tuple[Unit, Unit] | None = proposal.__dict__.get("_becoming")
    if known is not None and known[0] is unit:
        return known[1]
    new = msgspec.structs.replace(unit, texts={**unit.texts, **proposal.texts})
    if new == unit:
        raise LocalError("proposal-empty", unit=name_of(unit))
    proposal.__dict__["_becoming"] = (unit, new)
    return new


def _pending(state: TextState, name: str) -> Proposal:
    """Return a proposal that can still be accepted or withdrawn."""
    if name not in state.proposals:
        raise LocalError("proposal-unknown", proposal=name)
    proposal = state.proposals[name]
    if proposal.fate:
        raise LocalError("proposal-not-pending", proposal=name, status=proposal.status)
    return proposal


def changed_by_all(
    state: TextState, instrument: Instrument, names: Sequence[str], *, clear: bool
) -> TextState:
    """Return the state after all have settled a change of these units (rule 8.4).

    The units are open again; pending proposals on them are superseded; stances on the old words go, and with
    `clear` also those on slots, whose ids may now stand for others.
    """
    units = frozenset(
        name
        for name in names
        if name not in instrument.places or instrument.unit(name).digest != state.instrument.unit(name).digest
    )
    stances = [
        key
        for key, one in of_units(state.stances, units).items()
        if clear or not one.slot or not _has_slot(instrument, one)
    ]
    stale = {
        name: msgspec.structs.replace(one, fate="superseded")
        for name, one in of_units(state.proposals, units).items()
        if not one.fate
    }
    gone = {name for name in units if name not in instrument.places}
    changed: dict[str, tuple[dict[str, Proposal], Iterable[str]]] = {
        "standing": ({}, units & state.standing.keys()),
        "stances": ({}, stances),
        "proposals": (stale, ()),
        "certified": ({}, state.certified.keys() & gone),
    }
    # A table that stays equal stays the same object, and its hash is not computed again.
    sections = {
        name: put(getattr(state, name), new, without=old)
        for name, (new, old) in changed.items()
        if new or old
    }
    return evolve(state, instrument=instrument, **sections)


def _has_slot(instrument: Instrument, stance: Stance) -> bool:
    """Tell whether the slot of a stance still stands in its unit."""
    return stance.unit in instrument.places and stance.slot in instrument.unit(stance.unit).slots
