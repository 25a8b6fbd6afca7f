"""What is told of proposals, stances, standing and waiting acts, as plain values and markup.

This module decides the words for them. It never leaves out who has accepted and who has not.
"""

from __future__ import annotations

from typing import Any

from good_offices.chancery.screen import level_name, listed, name_of_language
from good_offices.chancery.text.cells import plain, readable, redlined
from good_offices.chancery.text.sheet import Sheet
from good_offices.clerk import names, pending
from good_offices.locale import _
from good_offices.talks.joint import Joint
from good_offices.text.model import Close, Open, Unit
from good_offices.text.state import Proposal


def standing_facts(sheet: Sheet, unit: Unit) -> dict[str, Any] | None:
    """Return where a provision was agreed and locked, by whom and when."""
    standing = sheet.text.standing.get(unit.id)
    if standing is None:
        return None
    stood = sheet.shelf.chronicle.stood
    event = "ProvisionLocked" if standing.status == "locked" else "ProvisionAgreed"
    done = stood.get((sheet.key, unit.id, event))
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
    done = sheet.shelf.chronicle.proposals.get((sheet.key, name))
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


def stance_facts(sheet: Sheet, unit: Unit, one: Any) -> dict[str, Any]:
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
    acceptable = ours or pending.acceptable(sheet.desk, one, pending.Circumstances(sheet.desk, sheet.room))
    foreseen = pending.foreseen(sheet.desk, event, sheet.room) if event is not None else []
    changes = [one | {"line": redlined(plain(one["now"]), plain(one["then"]))} for one in foreseen]
    return {
        "content": one.content.hex(),
        "event": one.event,
        "words": joint_words(sheet, one.event, event),
        "accepted": [sheet.names.get(who, who) for who in one.accepted],
        "ours": ours,
        "waits_for": sheet.waits_for(one),
        "may_accept": not ours and sheet.may(one.event) and acceptable,
        "overtaken": not ours and not acceptable,
        "changes": changes,
        "time": line.leaf.time_ms,
        "index": index,
    }


def joint_words(sheet: Sheet, name: str, event: Any) -> str:
    """Return what a joint act on a text would do, in words of the craft."""
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
    told = {
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
    return told.get(name, name).format(which=which)
