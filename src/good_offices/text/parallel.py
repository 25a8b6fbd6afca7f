"""Drafts of one text in several languages, laid side by side.

This module decides when two drafts are the same text in two languages: unit for unit of the same kind, under the same
parent, with the same slots. It never matches by words, and never guesses which unit belongs to which.
"""

from __future__ import annotations

from collections.abc import Mapping

from good_offices.errors import LocalError
from good_offices.text.brackets import check_instrument, slots_of
from good_offices.text.importing import Draft
from good_offices.text.model import Instrument, Unit


def side_by_side(drafts: Mapping[str, Draft], *, name: str, titles: Mapping[str, str]) -> Instrument:
    """Return the instrument whose units have the words of each draft, by language (spec/text.md).

    The languages are equally authentic, in the order of `drafts`. Labels are those of the first.

    Raises:
        LocalError: `drafts-not-parallel` with the first place where the drafts differ in form.
    """
    languages = tuple(drafts)
    parts = {
        language: draft.to_instrument(
            language, name=name, title=titles.get(language, ""), authentic=languages
        )
        for language, draft in drafts.items()
    }
    first = parts[languages[0]]
    units = list(first.units)
    for language in languages[1:]:
        other = parts[language]
        if len(other.units) != len(units):
            raise LocalError(
                "drafts-not-parallel", language=language, unit=min(len(other.units), len(units)) + 1
            )
        for place, (ours, theirs) in enumerate(zip(units, other.units, strict=True)):
            if (ours.id, ours.kind, ours.parent) != (theirs.id, theirs.kind, theirs.parent):
                raise LocalError("drafts-not-parallel", language=language, unit=place + 1)
            units[place] = Unit(
                id=ours.id,
                kind=ours.kind,
                label=ours.label,
                parent=ours.parent,
                texts={**ours.texts, **theirs.texts},
            )
        one, two = _slots(first), _slots(other)
        for place, unit in enumerate(units, 1):
            if one.get(unit.id) != two.get(unit.id):
                raise LocalError("drafts-not-parallel", language=language, unit=place)
    joined = Instrument(
        id=first.id,
        titles={language: titles[language] for language in languages if language in titles},
        authentic=languages,
        units=tuple(units),
    )
    check_instrument(joined)
    return joined


def _slots(instrument: Instrument) -> dict[str, list[tuple[str, int]]]:
    """Return for each unit its slots with their numbers of variants, in order."""
    found: dict[str, list[tuple[str, int]]] = {}
    for slot in slots_of(instrument).values():
        for unit in slot.units:
            found.setdefault(unit, []).append((slot.id, slot.variants))
    return found
