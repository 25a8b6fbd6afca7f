"""`goodoffices text show`: the text on the table, as it stands.

This module decides how a text is shown: every provision with its status, its words in the notation in each language, the
brackets by name, and what the delegations have said of it. It never leaves out what is pending.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from good_offices.cli import names
from good_offices.cli.voice import _
from good_offices.cli.work import Work, plain, verb
from good_offices.desk.desk import Desk
from good_offices.text.brackets import open_points, slots_of
from good_offices.text.concordance import concordance_of
from good_offices.text.ladder import obstacles
from good_offices.text.model import Close, NoteRef, Open, Placeholder, Runs, Unit, Words
from good_offices.text.notation import print_runs
from good_offices.text.state import TextState


@click.command("show", help=_("Show the text: provisions, status, brackets, proposals, stances."))
@click.argument("units", nargs=-1)
@click.option("--text", "instrument", help=_("Which text, if there are several."))
@click.option("--language", "languages", multiple=True, help=_("A language; may be repeated; else all."))
@click.option(
    "--open", "only_open", is_flag=True, help=_("Only provisions with brackets, blanks or proposals.")
)
@verb
def show_text(
    work: Work, units: tuple[str, ...], instrument: str | None, languages: tuple[str, ...], *, only_open: bool
) -> None:
    """Show the text."""
    text = names.text_named(work.desk.talks.plenary, instrument)
    chosen = {names.unit(text, word).id for word in units} or set(text.instrument.places)
    data = state_of(work.desk, text, chosen, languages)
    if only_open:
        data["units"] = [
            one for one in data["units"] if one["slots"] or one["placeholders"] or one["proposals"]
        ]
    work.show(data, _lines(data))


def state_of(desk: Desk, text: TextState, chosen: set[str], languages: tuple[str, ...]) -> dict[str, Any]:
    """Return a text as values for JSON; `base` of a unit is the hash that acts on it name."""
    instrument, called = text.instrument, names.delegations(desk)
    points, slots = open_points(instrument), slots_of(instrument)
    units = [
        _unit_state(text, unit, called, languages)
        | {
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
            "content": one.content,
            "accepted": [called.get(who, who) for who in one.accepted],
        }
        for name, one in names.amendments(desk.talks.plenary, instrument.id).items()
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
            language: [_variant(runs, slot.id, number) for number in range(slot.variants)]
            for language, runs in unit.texts.items()
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


def _lines(data: dict[str, Any]) -> list[str]:
    """Return a text for people."""
    title = "; ".join(data["titles"].values())
    lines = [
        f"{data['text']}  {title}".rstrip(),
        _("{phase}; {slots} brackets and {placeholders} blanks open; authentic: {languages}").format(
            phase=data["phase"], languages=", ".join(data["authentic"]), **data["open"]
        ),
    ]
    for unit in data["units"]:
        lines += ["", *_unit_lines(unit)]
    standing = data["proposals"]
    if standing:
        lines += ["", _("Proposals:")]
    lines += [
        _("  {proposal} by {by} on {units}; accepted by {names}").format(
            proposal=one["proposal"],
            by=one["by"],
            units=", ".join(one["units"]),
            names=", ".join(one["accepted"]) or "-",
        )
        for one in standing
    ]
    return lines


def _unit_lines(unit: dict[str, Any]) -> list[str]:
    """Return one provision for people."""
    label = f"{unit['label']}  " if unit["label"] else ""
    status = unit["status"].replace("_", " ")
    lines = [f"{label}({unit['id']}, {status})"]
    lines += [f"  {language}  {words}" for language, words in unit["texts"].items()]
    for slot in unit["slots"]:
        offered: list[str] = next(iter(slot["words"].values()), [])
        words = " | ".join(f"{number}: {each or _('(no words)')}" for number, each in enumerate(offered, 1))
        if words and slot["variants"] == 1:
            words = _("{words}, or omit").format(words=words)
        lines.append(
            f"    {slot['slot']}  {words or _('reaches over {count} provisions').format(count=len(slot['units']))}"
        )
    for one in unit["proposals"]:
        stale = _(" (on an older text)") if one["stale"] else ""
        lines.append(_("    proposal {id} by {by}{stale}:").format(id=one["id"], by=one["by"], stale=stale))
        lines += [f"      {language}  {words}" for language, words in one["texts"].items()]
        if one["condition"]:
            lines.append(_("      if: {condition}").format(condition=one["condition"]))
    for one in unit["stances"]:
        about = _("variant {variant} of {slot}").format(**one) if one["slot"] else ""
        lines.append(
            "    " + " ".join(part for part in (one["by"], one["says"], about, one["condition"]) if part)
        )
    return lines
