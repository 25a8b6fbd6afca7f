"""The convening rule as a form: one group of fields for each level.

This module decides which fields stand for which condition. It never decides whether a condition can stand: the rules do.

1. A level has at most one condition of a kind on the form. What else a rule in force has stays as it is.
2. A rule that says the same as the one in force is that one, so that nothing differs that nobody changed.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.chancery.visit import Visit
from good_offices.clerk.meeting_words import AT_LEAST, read_units
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

_KINDS: Final = ("Readiness", "Notice", "Expectations", "Deliverables", "NoOpenPoint", "Agreed")


def fields(desk: Desk) -> list[dict[str, Any]]:
    """Return for each level, the highest first, what the fields of its rule hold."""
    found = []
    for level in reversed(LEVELS):
        held: dict[str, Any] = dict.fromkeys(_KINDS)
        held |= {type(one).__name__: one for one in reversed(_in_force(desk, level))}
        found.append(
            {"level": level, "held": held, "begun": any(held.values()), "more": len(_further(desk, level))}
        )
    return found


def rule_of(visit: Visit) -> dict[Level, tuple[Condition, ...]]:
    """Return the convening rule of the form (rules 1 and 2); of levels that are not ticked none.

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
    if said("deliverables"):
        found.append(Deliverables(instrument=said("deliverables")))
    if said("nopoint"):
        units = read_units(visit.desk, said("nopoint"), said("nopoint-units"))
        found.append(NoOpenPoint(instrument=said("nopoint"), units=units))
    if said("agreed"):
        units = read_units(visit.desk, said("agreed"), said("agreed-units"))
        least: Any = said("agreed-least") if said("agreed-least") in AT_LEAST else "ad-referendum"
        found.append(Agreed(instrument=said("agreed"), units=units, at_least=least))
    found += _further(visit.desk, level)
    current = _in_force(visit.desk, level)
    same = len(found) == len(current) and all(one in current for one in found)
    return current if same else tuple(found)


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
