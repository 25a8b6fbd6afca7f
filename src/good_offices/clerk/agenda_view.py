"""Agenda, course and modalities as a screen shows them: what stands beside what is proposed, rule by rule.

This module decides which rules stand side by side and which of them differ. It never weighs a difference, and gives every
delegation's mark the same place: the order is that of the genesis.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from good_offices.clerk import names
from good_offices.clerk.meeting_words import LEVEL_WORDS, rule_words
from good_offices.clerk.plain import plain
from good_offices.clerk.terms import modalities, on_the_table
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.locale.naming import listed, name_of_language
from good_offices.locale.quotes import quoted
from good_offices.talks.events_plenary import Modalities, ModalitiesProposed
from good_offices.talks.joint import Joint


def items(desk: Desk) -> list[dict[str, Any]]:
    """Return the items of the agenda, the agreed ones first, each with its marks and what is pending about it."""
    plenary, called = desk.talks.plenary, names.delegations(desk)
    own = desk.identity.place.delegation
    found = []
    for name, one in plenary.agenda.items():
        withdrawing = [
            joint
            for joint in plenary.joint.values()
            if joint.event == "ItemWithdrawn" and joint.subjects == ("agenda/" + name,)
        ]
        found.append(
            {
                "item": name,
                "title": one.title,
                "note": one.note,
                "by": called.get(one.by, one.by),
                "mine": one.by == own,
                "agreed": one.agreed,
                "pending": _pending(desk, plenary.joint[name]) if name in plenary.joint else None,
                "withdrawing": _pending(desk, withdrawing[0]) if withdrawing else None,
            }
        )
    return sorted(found, key=lambda one: not one["agreed"])


def course(desk: Desk) -> dict[str, Any]:
    """Return where the talks stand, since which entry, by whom, and what is pending of the course."""
    standing, called = desk.talks.plenary.course, names.delegations(desk)
    steps = [_pending(desk, one) for one in desk.talks.plenary.joint.values() if one.subjects == ("course",)]
    line = names.line(desk.common, standing.since) if desk.common.ledger.size else None
    return {
        "standing": standing.standing,
        "since": standing.since,
        "since_ms": line.leaf.time_ms if line else None,
        "by": called.get(standing.by, standing.by),
        "what": plain(line.act.event) if line and line.act and standing.standing != "running" else {},
        "pending": steps,
    }


def columns(desk: Desk) -> list[dict[str, Any]]:
    """Return, for each modalities on the table, the rules as accepted and as proposed; without any, only as accepted.

    Each has `rules` (label, kind of value, `accepted`, `proposed`, `differs`), and of a proposal its marks.
    """
    plenary = desk.talks.plenary
    current = plenary.modalities.modalities if plenary.modalities else None
    tables: list[dict[str, Any]] = [
        {
            "rules": rules(desk, current, plenary.proposed[name].modalities),
            "pending": _pending(desk, plenary.joint[name]),
        }
        for name in on_the_table(plenary)
    ]
    return tables or [{"rules": rules(desk, current, None), "pending": None}]


def rules(desk: Desk, accepted: Modalities | None, proposed: Modalities | None) -> list[dict[str, Any]]:
    """Return the rules of modalities one by one; values are plain, and `kind` says how a screen writes them."""
    called = names.delegations(desk)
    told = [(one, _told(desk, one, called)) for one in (accepted, proposed)]
    found = []
    for key, label, kind in _rules(called):
        values = [told_one[key] if one is not None else None for one, told_one in told]
        differs = accepted is not None and proposed is not None and values[0] != values[1]
        found.append(
            {
                "key": key,
                "label": label,
                "kind": kind,
                "accepted": values[0],
                "proposed": values[1],
                "differs": differs,
            }
        )
    return found


def _rules(called: dict[str, str]) -> list[tuple[str, str, str]]:
    """Return the rules in their order: key, label, kind of value."""
    own_names = [
        (f"called-{one}", _("Names used by {delegation}").format(delegation=name), "names")
        for one, name in called.items()
    ]
    return [
        ("authentic", _("Authentic languages"), "languages"),
        ("working", _("Working languages"), "languages"),
        ("levels", _("Levels"), "levels"),
        ("settled_by", _("How texts are settled"), "words"),
        ("everything", _("Nothing is agreed until everything is agreed"), "yes"),
        ("silence", _("Silence procedure"), "yes"),
        ("clause", _("Without prejudice to status and claims"), "yes"),
        ("confidentiality", _("Confidentiality"), "words"),
        ("vocabulary", _("Vocabulary"), "words"),
        ("release", _("May hand communiqués to the host (all, if none is named)"), "names"),
        ("convening", _("Convening rule"), "names"),
        ("clock", _("Minutes for a speaker in a sitting"), "words"),
        ("presiding", _("Who presides over a sitting"), "words"),
        ("retention", _("What is kept, and until when"), "text"),
        ("destroy", _("Days after the conclusion on which keys and archive are destroyed"), "words"),
        *own_names,
        ("other", _("Other rules"), "text"),
    ]


def _told(desk: Desk, one: Modalities | None, called: dict[str, str]) -> dict[str, Any]:
    """Return the values of modalities by the keys of `_rules`."""
    if one is None:
        return {}
    words = {
        "consensus": _("by consensus"),
        "closed": _("closed: nothing of what is said leaves the room"),
        "chatham-house": _("Chatham House Rule: what is said may be used, not who said it"),
        "treaty": _("of treaties"),
        "plain": _("plain, without treaty terms"),
    }
    names_used = {
        f"called-{by}": [
            f"{called.get(whom, whom)}: {name}" if by != whom else _("itself: {name}").format(name=name)
            for whom, name in sorted(given.items(), key=lambda pair, by=by: pair[0] != by)  # type: ignore[misc]
        ]
        for by, given in one.names.items()
    }
    return {
        "authentic": list(one.authentic),
        "working": list(one.working),
        "levels": list(one.levels),
        "settled_by": words[one.settled_by],
        "everything": one.nothing_agreed_until_everything,
        "clause": one.without_prejudice,
        "silence": one.silence,
        "confidentiality": words[one.confidentiality],
        "vocabulary": words[one.vocabulary],
        "release": [called.get(name, name) for name in one.release],
        "convening": [
            _("{level}: {conditions}").format(
                level=_(LEVEL_WORDS[level]), conditions="; ".join(rule_words(desk, each) for each in rule)
            )
            for level, rule in one.convening.items()
        ],
        "clock": str(one.clock) if one.clock else _("no clock"),
        "presiding": _("each delegation in turn") if one.presiding == "rotation" else _("nobody"),
        "retention": one.retention,
        "destroy": str(one.destroy_after_days) if one.destroy_after_days else _("no such day"),
        "other": one.other,
        **names_used,
    }


def differences(rules: Iterable[dict[str, Any]]) -> list[str]:
    """Return the rules that differ from those in force, each in a line: what it says now, and what it would say."""
    return [
        _("{rule}: {value}").format(rule=one["label"], value=value_words(one["kind"], one["proposed"]))
        if one["accepted"] is None
        else _("{rule}: now {before}; then {after}").format(
            rule=one["label"],
            before=value_words(one["kind"], one["accepted"]),
            after=value_words(one["kind"], one["proposed"]),
        )
        for one in rules
        if one["differs"] or one["accepted"] is None
    ]


def value_words(kind: str, value: Any) -> str:
    """Return the value of a rule in words."""
    if value in (None, "", []):
        return _("nothing said")
    if kind == "yes":
        return _("yes") if value else _("no")
    if kind == "languages":
        return listed([name_of_language(one) for one in value])
    if kind == "levels":
        return listed([_(LEVEL_WORDS[one]) for one in value])
    return listed(value) if isinstance(value, list) else quoted(value) if kind == "text" else str(value)


def form(desk: Desk) -> dict[str, Any]:
    """Return the values with which the form for modalities begins: those in force, else what one starts from."""
    current = desk.talks.plenary.modalities
    return dict(plain(modalities(desk, current.modalities if current else None, {})))


def proposed(desk: Desk, whole: Modalities, until: int | None = None) -> ModalitiesProposed:
    """Return the event that proposes these modalities, all of them, over those in force."""
    current = desk.talks.plenary.modalities
    return ModalitiesProposed(modalities=whole, base=current.content if current else None, until=until)


def _pending(desk: Desk, joint: Joint) -> dict[str, Any]:
    """Return a pending joint act with a mark for every delegation."""
    own = desk.identity.place.delegation
    first = min(joint.accepted.values(), key=lambda one: one.index)
    mine = joint.accepted.get(own)
    return {
        "event": joint.event,
        "content": joint.content.hex(),
        "index": first.index,
        "marks": [
            {"name": name, "accepted": one in joint.accepted} for one, name in names.delegations(desk).items()
        ],
        "ours": mine is not None,
        "until_ms": min(
            (one.until for one in joint.accepted.values() if one.until is not None), default=None
        ),
    }
