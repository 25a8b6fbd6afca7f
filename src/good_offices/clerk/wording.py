"""Words that people typed, into a text: notation into runs, with the brackets that stand keeping their ids.

This module decides which bracket of what a person typed is which bracket of the present text. It never decides whether
the change is allowed: a wrong guess here gives a change that the rules of the text refuse.

1. Words for a proposal: if they have the same brackets in the same order as the present text, those keep their ids; else
   all are new. Languages given together share the ids of new brackets, in their order.
2. Words with brackets placed: characters are followed in step; a bracket that stands where one stood is that one, outer
   ones beside it are new, and the words of new variants are passed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from good_offices.errors import LocalError
from good_offices.text.model import Close, Instrument, Open, Run, Runs, Texts, Unit, Words
from good_offices.text.notation import parse

_NEW = "new-"


def worded(instrument: Instrument, unit: Unit, given: Mapping[str, str], names: Mapping[str, str]) -> Texts:
    """Return the runs of a unit's new texts, by language (rule 1).

    Raises:
        LocalError: `notation`.
    """
    fresh = _Fresh(instrument, unit)
    texts: Texts = {}
    for language, words in given.items():
        runs = parse(words, _NEW, names=names, crossing=unit.crossing.get(language, ()))
        present = unit.texts.get(language) or next(
            (runs for other, runs in unit.texts.items() if other not in given), ()
        )
        there, here = _slots(present), _slots(runs, only_new=True)
        same = list(there.values()) == list(here.values())
        ids = dict(zip(here, there if same else fresh.ids(len(here)), strict=True))
        texts[language] = _renamed(runs, ids)
    return texts


def bracketed(
    instrument: Instrument, unit: Unit, given: Mapping[str, str], names: Mapping[str, str]
) -> Texts:
    """Return the runs of a unit's present texts with brackets placed, by language (rule 2).

    Raises:
        LocalError: `notation`, `language-missing`.
    """
    fresh = _Fresh(instrument, unit)
    texts: Texts = {}
    for language, words in given.items():
        if language not in unit.texts:
            raise LocalError("language-missing", unit=unit.label or unit.id, language=language)
        runs = parse(words, _NEW, names=names, crossing=unit.crossing.get(language, ()))
        known = aligned(unit.texts[language], runs)
        new = [slot for slot in _slots(runs, only_new=True) if slot not in known]
        texts[language] = _renamed(runs, known | dict(zip(new, fresh.ids(len(new)), strict=True)))
    return texts


class _Fresh:
    """Ids for new brackets of one unit: the same ones, in order, for each language."""

    def __init__(self, instrument: Instrument, unit: Unit) -> None:
        """Know the ids that are taken."""
        self._taken = {slot for one in instrument.units for slot in one.slots}
        self._unit = unit.id

    def ids(self, count: int) -> list[str]:
        """Return the first ids that are free."""
        found: list[str] = []
        number = 0
        while len(found) < count:
            number += 1
            name = f"{self._unit}.{number}"
            if name not in self._taken:
                found.append(name)
        return found


def _slots(runs: Iterable[Run], *, only_new: bool = False) -> dict[str, int]:
    """Return the slots of runs in order, with their number of variants."""
    return {
        run.slot: run.of
        for run in runs
        if isinstance(run, Open) and run.variant == 0 and (not only_new or run.slot.startswith(_NEW))
    }


def _renamed(runs: Runs, ids: Mapping[str, str]) -> Runs:
    """Return runs whose slots have other ids."""
    return tuple(
        msgspec.structs.replace(run, slot=ids[run.slot])
        if isinstance(run, Open | Close) and run.slot in ids
        else run
        for run in runs
    )


class _Step(NamedTuple):
    """One character, or one run that is not words."""

    run: Run
    character: str = ""


def aligned(present: Runs, wanted: Runs) -> dict[str, str]:
    """Return which present slot each slot of `wanted` is, as far as both can be followed in step (rule 2)."""
    old, new = _steps(present), _steps(wanted)
    counts = _slots(present)
    known: dict[str, str] = {}
    at = place = 0
    while place < len(new):
        run = new[place].run
        if isinstance(run, Open) and run.variant >= counts.get(known.get(run.slot, ""), 1):
            place = _after(new, place, run)
            continue
        if isinstance(run, Open) and run.variant == 0 and run.slot.startswith(_NEW):
            there = old[at].run if at < len(old) else None
            outer = _opening(new, place) - _opening(old, at)
            if isinstance(there, Open) and there.variant == 0 and outer <= 0:
                known[run.slot] = there.slot
        stands = not isinstance(run, Open | Close) or run.slot in known or not run.slot.startswith(_NEW)
        at += stands
        place += 1
    return known


def _steps(runs: Runs) -> list[_Step]:
    """Return runs character by character."""
    return [
        step
        for run in runs
        for step in ([_Step(run, one) for one in run.text] if isinstance(run, Words) else [_Step(run)])
    ]


def _opening(steps: list[_Step], at: int) -> int:
    """Return how many brackets open one after another at a place."""
    count = 0
    while at + count < len(steps) and isinstance(steps[at + count].run, Open):
        count += 1
    return count


def _after(steps: list[_Step], at: int, run: Open) -> int:
    """Return the place after the variant that `run` opens."""
    end = Close(slot=run.slot, variant=run.variant)
    return next((place + 1 for place in range(at, len(steps)) if steps[place].run == end), len(steps))
