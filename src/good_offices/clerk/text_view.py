"""The text on the table, as it stands, as plain values.

This module decides what is told of a text: every provision with its status, its words in the notation in each language,
the brackets by name, and what the delegations have said of it. It never leaves out what is pending.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from good_offices.clerk import names
from good_offices.clerk.plain import plain
from good_offices.clerk.provisions import Called, shortened
from good_offices.clerk.provisions import called as called_in
from good_offices.desk.desk import Desk
from good_offices.locale import language
from good_offices.text.brackets import open_points, slots_of
from good_offices.text.concordance import concordance_of
from good_offices.text.importing import Draft
from good_offices.text.ladder import obstacles
from good_offices.text.model import Close, NoteRef, Open, Placeholder, Runs, Unit, Words
from good_offices.text.notation import print_runs
from good_offices.text.redline import Altered, in_words
from good_offices.text.state import TextState


def state_of(
    desk: Desk, text: TextState, chosen: set[str], languages: tuple[str, ...], room: str = "plenary"
) -> dict[str, Any]:
    """Return a text of a room as values for JSON; `base` of a unit is the hash that acts on it name, `called` its number and title."""
    instrument, called = text.instrument, names.delegations(desk)
    points, slots = open_points(instrument), slots_of(instrument)
    whole = called_in(instrument, *languages, language())
    units = [
        _unit_state(text, unit, called, languages)
        | {
            "called": _called(whole, unit.id),
            "placeholders": points[unit.id].placeholders if unit.id in points else 0,
            "slots": [_slot_state(unit, slots[name]) for name in sorted(unit.slots, key=_by_place(unit))],
        }
        for unit in instrument.units
        if unit.id in chosen
    ]
    proposals = [
        {
            "proposal": name,
            "by": called.get(one.by, one.by),
            "units": [subject.partition("/")[2] for subject in one.subjects],
            "called": [_called(whole, subject.partition("/")[2]) for subject in one.subjects],
            "content": one.content,
            "accepted": [called.get(who, who) for who in one.accepted],
        }
        for name, one in names.amendments(names.state(desk, room), instrument.id).items()
    ]
    closed = [
        {"proposal": one.id, "by": called.get(one.party, one.party), "unit": one.unit, "status": one.status}
        for one in text.proposals.values()
        if one.status != "pending"
    ]
    return {
        "text": instrument.id,
        "digest": instrument.digest,
        "titles": dict(instrument.titles),
        "authentic": list(instrument.authentic),
        "phase": text.phase or "open",
        "open": {"slots": len(slots), "placeholders": sum(one.placeholders for one in points.values())},
        "units": units,
        "proposals": proposals,
        "closed_proposals": closed,
        "obstacles": [plain(one) for one in obstacles(text)],
    }


def _called(whole: Mapping[str, Called], unit: str) -> str:
    """Return the number and title of a provision; its id if the text has it no longer, or it has no words."""
    return shortened(whole[unit].whole) or unit if unit in whole else unit


def draft_state(draft: Draft) -> dict[str, Any]:
    """Return what is in a draft: how many provisions and brackets, what has no partner, options, notes."""
    orphans = [{"line": one.line, "column": one.column, "bracket": one.bracket} for one in draft.orphans]
    return {
        "units": len(draft.units),
        "pairs": draft.pairs,
        "depth": draft.depth,
        "orphans": orphans,
        "crossing": draft.crossing,
        "options": [plain(one) for one in draft.options],
        "notes": list(draft.notes),
    }


def redline_state(altered: Iterable[Altered]) -> list[dict[str, Any]]:
    """Return the paragraphs of a redline: where in both drafts, the segments, and the changes in words."""
    return [
        {
            "old": one.old,
            "new": one.new,
            "segments": plain(one.segments),
            "words": list(in_words(one.segments)),
        }
        for one in altered
    ]


def _unit_state(
    text: TextState, unit: Unit, called: Mapping[str, str], languages: tuple[str, ...]
) -> dict[str, Any]:
    """Return one provision as values for JSON."""
    standing = text.standing.get(unit.id)
    concordance = concordance_of(text, unit)
    wanted = [name for name in unit.texts if not languages or name in languages]
    return {
        "id": unit.id,
        "kind": unit.kind,
        "label": unit.label,
        "parent": unit.parent,
        "status": text.status(unit.id),
        "level": standing.level if standing else "",
        "locked_by": [called.get(one, one) for one in (standing.locked_by if standing else ())],
        "confirmed_by": [called.get(one, one) for one in (standing.confirmed_by if standing else ())],
        "base": unit.digest,
        "concordant": concordance.complete,
        "texts": {name: print_runs(unit.texts[name], names=called) for name in wanted},
        "proposals": [
            {
                "id": one.id,
                "by": called.get(one.party, one.party),
                "stale": one.base != unit.digest,
                "condition": one.condition,
                "package": one.package,
                "texts": {name: print_runs(runs, names=called) for name, runs in one.texts.items()},
            }
            for one in text.proposals.values()
            if one.unit == unit.id and one.status == "pending"
        ],
        "stances": [
            {
                "by": called.get(one.party, one.party),
                "says": one.says,
                "slot": one.slot,
                "variant": one.variant + 1,
                "condition": one.condition,
            }
            for one in text.stances.values()
            if one.unit == unit.id
        ],
    }


def _slot_state(unit: Unit, slot: Any) -> dict[str, Any]:
    """Return one bracket as values for JSON: its name and its variants as they read in each language."""
    return {
        "slot": slot.id,
        "kind": slot.kind,
        "variants": slot.variants,
        "units": list(slot.units),
        "outer": slot.outer,
        "roles": list(slot.roles),
        "words": {
            tag: [_variant(runs, slot.id, number) for number in range(slot.variants)]
            for tag, runs in unit.texts.items()
            if len(slot.units) == 1
        },
    }


def _variant(runs: Runs, slot: str, variant: int) -> str:
    """Return the words of one variant, brackets inside it apart."""
    out: list[str] = []
    inside = False
    for run in runs:
        if isinstance(run, Open | Close) and (run.slot, run.variant) == (slot, variant):
            inside = isinstance(run, Open)
        elif inside and isinstance(run, Words | Placeholder):
            out.append(run.text)
        elif inside and isinstance(run, NoteRef):
            out.append(f"[^{run.note}]")
    return "".join(out)


def _by_place(unit: Unit) -> Any:
    """Return a key that sorts slots by where they first stand in a unit."""
    order: dict[str, int] = {}
    for runs in unit.texts.values():
        for run in runs:
            if isinstance(run, Open | Close):
                order.setdefault(run.slot, len(order))
    return lambda name: order[name]
