"""Provisions as rows of a screen: the words in each language, where they stand, what is proposed, what may be done.

This module decides what a row shows and which buttons it has. It never decides whether an act has effect: a button that
the rules do not let pass is left out, and the rules are asked again when it is pressed.

1. A row is written once for what it shows; a text of hundreds of provisions is put together from rows that stand.
2. No row has a token of the session: its buttons belong to the one form of the page.
3. A button is shown to a member who holds the power; a capital reads.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from markupsafe import Markup

from good_offices import locale
from good_offices.chancery.paper.numbering import lines
from good_offices.chancery.screen import render
from good_offices.chancery.text.cells import cell
from good_offices.chancery.text.facts import joint_facts, proposal_facts, stance_facts, standing_facts
from good_offices.chancery.text.sheet import Sheet
from good_offices.clerk.provisions import HEADINGS, state_of
from good_offices.locale import _
from good_offices.text.brackets import points_of
from good_offices.text.concordance import concordance_of
from good_offices.text.model import Unit

MAX_ROWS: Final = 20_000
_MARK: Final = 12


def fingerprint(sheet: Sheet, unit: Unit) -> str:
    """Return how a provision stands, short: what a reader has looked at is compared with it."""
    parts = [unit.digest.hex()[:_MARK], sheet.text.status(unit.id)]
    parts += sorted(one.id for one in sheet.proposals.get(unit.id, ()) if one.party != sheet.own)
    return " ".join(parts)


def row(sheet: Sheet, unit: Unit, looked: str | None) -> Markup:
    """Return a provision as a row (rule 1); `looked` is how it stood when the reader last looked, None for no mark."""
    text = sheet.text
    found = [
        one for values in (sheet.proposals, sheet.stances, sheet.joints) for one in values.get(unit.id, ())
    ]
    amended = [
        joint.digest
        for one in sheet.proposals.get(unit.id, ())
        if (joint := sheet.amendments.get(one.package or one.id))
    ]
    standing, certified = text.standing.get(unit.id), text.certified.get(unit.id)
    changed = looked is not None and looked != fingerprint(sheet, unit)
    key = (
        sheet.key,
        unit.digest,
        sheet.called[unit.id],
        text.phase,
        sheet.languages,
        sheet.numbered,
        locale.language(),
        sheet.powers,
        sheet.open_to_acts,
        changed and looked,
        standing.digest if standing else b"",
        certified.digest if certified else b"",
        tuple(sheet.names.items()),
        tuple(one.digest for one in found),
        tuple(amended),
    )
    kept = sheet.shelf.rows
    if key not in kept:
        if len(kept) > MAX_ROWS:
            kept.clear()
        # Written from our own template, which escapes; only so may it stand in another one.
        words = render("text_row.html", s=sheet, **_facts(sheet, unit), changed=_change(sheet, unit, looked))
        kept[key] = Markup(words)  # noqa: S704
    made: Markup = kept[key]
    return made


def _change(sheet: Sheet, unit: Unit, looked: str | None) -> str:
    """Return in words what is new about a provision since the reader looked; empty if nothing is."""
    if looked is None or looked == fingerprint(sheet, unit):
        return ""
    if not looked:
        return _("New since you looked")
    if not looked.startswith(unit.digest.hex()[:_MARK]):
        return _("Text changed since you looked")
    return _("Changed since you looked")


def _facts(sheet: Sheet, unit: Unit) -> dict[str, Any]:
    """Return what the template of a row shows."""
    text = sheet.text
    found = sheet.proposals.get(unit.id, [])
    status = text.status(unit.id)
    points = points_of(text.instrument, unit)
    return {
        "unit": unit,
        "name": sheet.called[unit.id],
        "is_heading": unit.kind in HEADINGS,
        "state": state_of(text, unit, found),
        "status": status,
        "slots": len(unit.slots),
        "ready": not points,
        "standing": standing_facts(sheet, unit),
        "cells": {
            one: cell(
                unit.texts[one],
                sheet.names,
                lines(unit, one, names=sheet.names) if sheet.numbered else (),
            )
            for one in sheet.languages
            if one in unit.texts
        },
        "concordance": concordance_of(text, unit),
        "proposals": [proposal_facts(sheet, unit, one) for one in found],
        "stances": [stance_facts(sheet, unit, one) for one in sheet.stances.get(unit.id, ())],
        "joints": [joint_facts(sheet, one) for one in sheet.joints.get(unit.id, ())],
    }


def joined(rows: Iterable[Markup]) -> Markup:
    """Return rows as one piece of markup."""
    return Markup("").join(rows)


def rail_of(sheet: Sheet, rail: list[dict[str, Any]]) -> Markup:
    """Return the list of provisions, written once for what it shows."""
    key = (sheet.key, "rail", locale.language(), *(tuple(one.values()) for one in rail))
    kept = sheet.shelf.rows
    if key not in kept:
        kept[key] = Markup(render("text_rail.html", rail=rail))  # noqa: S704 -- our own template, which escapes
    made: Markup = kept[key]
    return made
