"""Provisions as rows of a screen: the words in each language, where they stand, what is proposed, what may be done.

This module decides what a row shows and which buttons it has. It never decides whether an act has effect: a button that
the rules do not let pass is left out, and the rules are asked again when it is pressed.

1. A row is written once for what it shows; a text of hundreds of provisions is put together from rows that stand.
2. No row has a token of the session: its buttons belong to the one form of the page.
3. A button is shown to a member who holds the power; a capital reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from good_offices import locale
from good_offices.chancery.screen import render
from good_offices.chancery.text.cells import cell, readable, redlined
from good_offices.chancery.text.kept import Shelf, shelf
from good_offices.clerk import names, pending
from good_offices.clerk.provisions import HEADINGS, Called, called, state_of
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.talks.joint import Joint
from good_offices.talks.rules import RULES
from good_offices.text.brackets import points_of
from good_offices.text.concordance import concordance_of
from good_offices.text.model import Unit
from good_offices.text.state import Proposal, TextState

MAX_ROWS: Final = 20_000
_MARK: Final = 12


@dataclass
class Sheet:
    """A text as one reader sees it now."""

    desk: Desk
    text: TextState
    languages: tuple[str, ...]
    shelf: Shelf
    names: Mapping[str, str]
    own: str
    called: Mapping[str, Called]
    proposals: Mapping[str, list[Proposal]]
    stances: Mapping[str, list[Any]]
    joints: Mapping[str, list[Joint]]
    amendments: Mapping[str, Joint]
    powers: frozenset[str]
    open_to_acts: bool

    @property
    def id(self) -> str:
        """The text's id."""
        return self.text.instrument.id

    def may(self, event: str) -> bool:
        """Tell whether the reader's credentials let an event be done (rule 3)."""
        power = RULES[event].power
        return self.open_to_acts and (power is None or power in self.powers)

    def waits_for(self, joint: Joint) -> list[str]:
        """Return the names of the delegations whose acceptance a joint act still needs."""
        return [self.names[one] for one in self.desk.talks.roster.expected if one not in joint.accepted]


def languages_of(text: TextState) -> tuple[str, ...]:
    """Return the languages of a text: the authentic ones in their order, then others by their tags."""
    authentic = text.instrument.authentic
    others = {language for unit in text.instrument.units for language in unit.texts} - set(authentic)
    return (*authentic, *sorted(others))


def sheet(desk: Desk, text: TextState, lines: list[Any], languages: Iterable[str] = ()) -> Sheet:
    """Return a text as its reader sees it; `lines` are the entries of the common record."""
    kept = shelf(desk)
    kept.read(desk.common.readings, lines)
    plenary, person = desk.talks.plenary, desk.identity.person
    proposals: dict[str, list[Proposal]] = {}
    for one in text.proposals.values():
        if not one.fate:
            proposals.setdefault(one.unit, []).append(one)
    stances: dict[str, list[Any]] = {}
    for stance in text.stances.values():
        stances.setdefault(stance.unit, []).append(stance)
    joints: dict[str, list[Joint]] = {}
    prefix = f"{text.instrument.id}/"
    for joint in plenary.joint.values():
        if joint.event != "AmendmentProposed":
            for subject in joint.subjects:
                if subject.startswith(prefix):
                    joints.setdefault(subject.removeprefix(prefix), []).append(joint)
    order = kept.chronicle.proposals
    for found in proposals.values():
        found.sort(
            key=lambda one: (
                order[key].index if (key := (text.instrument.id, one.package or one.id)) in order else 0
            )
        )
    return Sheet(
        desk=desk,
        text=text,
        languages=tuple(languages) or languages_of(text),
        shelf=kept,
        names=names.delegations(desk),
        own=desk.identity.place.delegation,
        called=called(text.instrument, locale.language()),
        proposals=proposals,
        stances=stances,
        joints=joints,
        amendments=names.amendments(plenary, text.instrument.id),
        powers=frozenset(() if person.capital else person.powers),
        open_to_acts=desk.confirmed
        and not person.capital
        and plenary.course.standing not in ("broken-off", "concluded"),
    )


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
        sheet.id,
        unit.digest,
        sheet.called[unit.id],
        text.phase,
        sheet.languages,
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
        kept[key] = Markup(
            render("text_row.html", s=sheet, **_facts(sheet, unit), changed=_change(sheet, unit, looked))
        )
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
        "standing": _standing(sheet, unit),
        "cells": {one: cell(unit.texts[one], sheet.names) for one in sheet.languages if one in unit.texts},
        "concordance": concordance_of(text, unit),
        "proposals": [proposal_facts(sheet, unit, one) for one in found],
        "stances": [_stance(sheet, unit, one) for one in sheet.stances.get(unit.id, ())],
        "joints": [joint_facts(sheet, one) for one in sheet.joints.get(unit.id, ())],
    }


def _standing(sheet: Sheet, unit: Unit) -> dict[str, Any] | None:
    """Return where a provision was agreed and locked, by whom and when."""
    standing = sheet.text.standing.get(unit.id)
    if standing is None:
        return None
    stood = sheet.shelf.chronicle.stood
    event = "ProvisionLocked" if standing.status == "locked" else "ProvisionAgreed"
    done = stood.get((sheet.id, unit.id, event))
    return {
        "status": standing.status,
        "level": standing.level,
        "confirmed": [sheet.names.get(one, one) for one in standing.confirmed_by],
        "ours_confirmed": sheet.own in standing.confirmed_by,
        "locked_by": [sheet.names.get(one, one) for one in standing.locked_by],
        "time": done.time if done else None,
        "index": done.index if done else None,
    }


def proposal_facts(sheet: Sheet, unit: Unit, one: Proposal) -> dict[str, Any]:
    """Return what is shown of a proposal on a provision."""
    name = one.package or one.id
    done = sheet.shelf.chronicle.proposals.get((sheet.id, name))
    joint = sheet.amendments.get(name)
    lines = {}
    for language in sheet.languages:
        if language in one.texts:
            old = readable(unit.texts.get(language, ()), sheet.names)
            lines[language] = redlined(old, readable(one.texts[language], sheet.names))
    package = [
        other for other in sheet.text.proposals.values() if one.package and other.package == one.package
    ]
    accepted = list(joint.accepted) if joint else []
    return {
        "name": name,
        "by": sheet.names.get(one.party, one.party),
        "member": names.author(sheet.desk, done.author)[1] if done else "",
        "ours": one.party == sheet.own,
        "stale": one.base != unit.digest,
        "time": done.time if done else None,
        "index": done.index if done else None,
        "condition": one.condition,
        "package": [sheet.called[other.unit].whole for other in package if other.unit in sheet.called],
        "lines": lines,
        "missing": [
            language for language in sheet.languages if language in unit.texts and language not in one.texts
        ],
        "accepted": [sheet.names.get(who, who) for who in accepted],
        "we_accepted": sheet.own in accepted,
        "waits_for": sheet.waits_for(joint) if joint else [],
        "pending": joint is not None,
    }


def _stance(sheet: Sheet, unit: Unit, one: Any) -> dict[str, Any]:
    """Return a delegation's stance as words."""
    about = ""
    if one.slot:
        language = sheet.languages[0]
        about = variant_words(unit, language, one.slot, one.variant)
    return {
        "by": sheet.names.get(one.party, one.party),
        "says": one.says,
        "about": about,
        "words": one.condition,
    }


def variant_words(unit: Unit, language: str, slot: str, variant: int) -> str:
    """Return the words of one variant of a bracket in a language; brackets inside it read as brackets."""
    from good_offices.text.model import Close, Open

    runs = unit.texts.get(language) or next(iter(unit.texts.values()), ())
    start = next(
        (
            at
            for at, run in enumerate(runs)
            if isinstance(run, Open) and (run.slot, run.variant) == (slot, variant)
        ),
        None,
    )
    if start is None:
        return ""
    end = next(
        (at for at in range(start, len(runs)) if runs[at] == Close(slot=slot, variant=variant)), len(runs)
    )
    return readable(runs[start + 1 : end], {})


def joint_facts(sheet: Sheet, one: Joint) -> dict[str, Any]:
    """Return what is shown of a joint act that waits."""
    index = max(who.index for who in one.accepted.values())
    line = names.line(sheet.desk.common, index)
    event = line.act.event if line.act else None
    ours = sheet.own in one.accepted
    changes = []
    for change in pending.foreseen(sheet.desk, event) if event is not None else ():
        changes.append(change | {"line": redlined(change["now"], change["then"])})
    return {
        "content": one.content.hex(),
        "event": one.event,
        "words": joint_words(sheet, one.event, event),
        "accepted": [sheet.names.get(who, who) for who in one.accepted],
        "ours": ours,
        "waits_for": sheet.waits_for(one),
        "may_accept": not ours and sheet.may(one.event) and pending.acceptable(sheet.desk, one),
        "changes": changes,
        "time": line.leaf.time_ms,
        "index": index,
    }


def joint_words(sheet: Sheet, name: str, event: Any) -> str:
    """Return what a joint act on a text would do, in words of the craft."""
    from good_offices.chancery.screen import level_name, listed, name_of_language

    units = [getattr(one, "unit", "") for one in getattr(event, "units", ())]
    which = listed([sheet.called[one].whole for one in units if isinstance(one, str) and one in sheet.called])
    if name == "ProvisionAgreed" and event is not None:
        level = level_name(event.level)
        words = (
            _("Agree ad referendum at the level “{level}”: {which}")
            if event.ad_referendum
            else _("Agree at the level “{level}”: {which}")
        )
        return words.format(level=level, which=which)
    if name == "LanguageTextSet" and event is not None:
        tags = sorted({one.language for one in event.texts})
        return _("Set the text in another language: {languages}").format(
            languages=listed([name_of_language(one) for one in tags])
        )
    plain = {
        "ProvisionLocked": _("Lock: {which}"),
        "ProvisionReopened": _("Reopen: {which}"),
        "ConcordanceCertified": _("Certify that the languages say the same: {which}"),
        "BracketsRemoved": _("Settle the brackets: {which}"),
        "UnitRemoved": _("Take out of the text: {which}"),
        "UnitAdded": _("Add a provision"),
        "UnitMoved": _("Move a provision"),
        "UnitRelabelled": _("Give new labels"),
        "TextAdopted": _("Adopt the whole text"),
        "TextReopened": _("Reopen the adopted text"),
    }
    return plain.get(name, name).format(which=which)
