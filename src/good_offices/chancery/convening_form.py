"""The convening rule as a form: one group of fields for each level.

This module decides which fields stand for which condition. It never decides whether a condition can stand: the rules do.

1. A level has at most one condition of a kind on the form. What else a rule in force has stays as it is.
2. A text is named by its title, or by the word for it if it is not on the table yet; a provision as people call it.
3. A rule that says the same as the one in force is that one, so that nothing differs that nobody changed.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.chancery.visit import Visit
from good_offices.clerk.meeting_words import AT_LEAST, read_units
from good_offices.clerk.signing import title_of
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.convening_rule import (
    Agreed,
    Condition,
    Deliverables,
    Expectations,
    NoOpenPoint,
    Notice,
    Readiness,
)
from good_offices.talks.event import LEVELS, Level

_OF_TEXTS: Final = ("Deliverables", "NoOpenPoint", "Agreed")
_KINDS: Final = ("Readiness", "Notice", "Expectations", "Deliverables", "NoOpenPoint", "Agreed")


def fields(desk: Desk) -> list[dict[str, Any]]:
    """Return for each level, the highest first, what the fields of its rule hold."""
    found = []
    for level in reversed(LEVELS):
        held: dict[str, Any] = dict.fromkeys(_KINDS)
        held |= {type(one).__name__: one for one in reversed(_in_force(desk, level))}
        found.append(
            {
                "level": level,
                "held": held,
                "text": {kind: _title(desk, held[kind]) for kind in _OF_TEXTS},
                "units": {kind: _units(desk, held[kind]) for kind in _OF_TEXTS},
                "begun": any(held.values()),
                "more": len(_further(desk, level)),
            }
        )
    return found


def rule_of(visit: Visit) -> dict[Level, tuple[Condition, ...]]:
    """Return the convening rule of the form (rules 1 to 3); of levels that are not ticked none.

    Raises:
        LocalError: `modalities-invalid` for a number that is none, `unit-unknown`, `unit-ambiguous`.
    """
    wanted = visit.fields("levels")
    whole = {level: _of_level(visit, level) for level in LEVELS if level in wanted}
    return {level: rule for level, rule in whole.items() if rule}


def number(word: str, empty: int) -> int:
    """Return a number of the form.

    Raises:
        LocalError: `modalities-invalid` if it is none.
    """
    if not word:
        return empty
    if not (word.isascii() and word.isdigit() and len(word) < 5):
        raise LocalError("modalities-invalid", field=word[:8])
    return int(word)


def _of_level(visit: Visit, level: Level) -> tuple[Condition, ...]:
    """Return the rule of one level."""

    def said(name: str) -> str:
        return visit.field(f"cv-{level}-{name}")

    found: list[Condition] = []
    if said("readiness"):
        found.append(Readiness())
    days = number(said("notice"), 0)
    if days:
        found.append(Notice(days=days))
    if said("expectations"):
        found.append(Expectations())
    joint, closed, agreed = (_meant(visit.desk, said(one)) for one in ("deliverables", "nopoint", "agreed"))
    if joint:
        found.append(Deliverables(instrument=joint))
    if closed:
        units = read_units(visit.desk, closed, said("nopoint-units"))
        found.append(NoOpenPoint(instrument=closed, units=units))
    if agreed:
        units = read_units(visit.desk, agreed, said("agreed-units"))
        least: Any = said("agreed-least") if said("agreed-least") in AT_LEAST else "ad-referendum"
        found.append(Agreed(instrument=agreed, units=units, at_least=least))
    found += _further(visit.desk, level)
    current = _in_force(visit.desk, level)
    same = len(found) == len(current) and all(one in current for one in found)
    return current if same else tuple(found)


def titles(desk: Desk) -> dict[str, str]:
    """Return what the texts on the table are called, by id: their titles, or the ids of those that share one (rule 2)."""
    texts = desk.talks.plenary.texts
    called = {name: title_of(one.instrument)[1] for name, one in texts.items()}
    return {
        name: title if list(called.values()).count(title) == 1 else name for name, title in called.items()
    }


def _title(desk: Desk, condition: Any) -> str:
    """Return how the text of a condition is written in its field; empty without one."""
    return titles(desk).get(condition.instrument, condition.instrument) if condition else ""


def _meant(desk: Desk, words: str) -> str:
    """Return the text that a field names: by its title, else as written."""
    return next((name for name, title in titles(desk).items() if title == words), words)


def _units(desk: Desk, condition: Any) -> str:
    """Return how the provisions of a condition are written in their field: by the labels that only one has, else by id."""
    named = getattr(condition, "units", ())
    held = desk.talks.plenary.texts.get(condition.instrument) if named else None
    if held is None:
        return ", ".join(named)
    labels = [one.label.strip("*_ ").rstrip(".") for one in held.instrument.units]
    known = {
        one.id: label
        for one, label in zip(held.instrument.units, labels, strict=True)
        if label and labels.count(label) == 1
    }
    return ", ".join(known.get(one, one) for one in named)


def _in_force(desk: Desk, level: Level) -> tuple[Condition, ...]:
    """Return the rule of a level that is in force."""
    modalities = desk.talks.plenary.modalities
    return modalities.modalities.convening.get(level, ()) if modalities else ()


def _further(desk: Desk, level: Level) -> list[Condition]:
    """Return the conditions in force that the form has no field for: all but the first of each kind (rule 1)."""
    seen: set[type] = set()
    found: list[Condition] = []
    for one in _in_force(desk, level):
        if type(one) in seen:
            found.append(one)
        seen.add(type(one))
    return found
