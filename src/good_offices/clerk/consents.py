"""Four eyes, in words: the delegation's rule, and what waits for another member's consent. See spec/papers.md R-129.

This module decides how these are told. It never holds an act back: the desk does.
"""

from __future__ import annotations

import json
from typing import Any

from good_offices.clerk import names, pending
from good_offices.clerk.act_lines import act_lines, meant
from good_offices.clerk.authors import Author, Authors
from good_offices.clerk.consent_words import CALLED, GROUPS, acts_that_bind, called
from good_offices.clerk.describing import described
from good_offices.clerk.fixed import fixed
from good_offices.clerk.plain import plain
from good_offices.clerk.provisions import called as called_provisions
from good_offices.clerk.rooms_view import labels
from good_offices.desk import consent
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.talks.acts import Event
from good_offices.talks.consent import Draft, Drafted
from good_offices.talks.events_papers import ConsentGiven, ConsentRuleSet
from good_offices.talks.events_text import TextTabled
from good_offices.talks.rules import RULES
from good_offices.text.notation import print_runs

__all__ = ["CALLED", "GROUPS", "acts_that_bind", "called"]


def rule(words: tuple[str, ...], consents: int) -> ConsentRuleSet:
    """Return the event that states a rule; words are groups of acts, `all`, or names of acts.

    Raises:
        LocalError: `consent-rule`.
    """
    found: set[str] = set()
    for word in words:
        if word == "all":
            found |= set(acts_that_bind())
        elif word in GROUPS:
            found |= set(GROUPS[word])
        elif word in RULES:
            found.add(word)
        else:
            raise LocalError("consent-rule", most=9)
    return ConsentRuleSet(acts=tuple(sorted(found)), consents=consents)


def state(desk: Desk) -> dict[str, Any]:
    """Return the rule in force, those that would replace it, and what waits for consent."""
    held = desk.home.caucus.consent
    waiting = consent.held(desk)
    return {
        "acts": list(held.rule.acts),
        "groups": called(held.rule.acts),
        "consents": held.rule.consents,
        "proposed": [
            {
                "acts": list(one.acts),
                "groups": called(one.acts),
                "consents": one.consents,
                "by": _members(desk, one.by),
            }
            for one in held.proposed.values()
        ],
        "drafts": [told(desk, one) for one in held.drafts.values()],
        "held": _draft(desk, waiting) if waiting else "",
    }


def told(desk: Desk, drafted: Drafted) -> dict[str, Any]:
    """Return a draft that waits: what it is with its words, who asked and why, who consents, and how many are missing."""
    draft = consent.draft_of(desk, drafted)
    me = desk.identity.person.member
    line = names.line(desk.caucus, drafted.asked.index)
    asked: Any = line.act.event if line.act else None
    return _shown(desk, draft) | {
        "index": drafted.asked.index,
        "time_ms": line.leaf.time_ms,
        "event": drafted.name,
        "raw": json.dumps(plain(draft.event), ensure_ascii=False, indent=2),
        "says": asked.text,
        "says_language": asked.language or "en",
        "by": _member(desk, drafted.by),
        "given": _members(desk, drafted.given),
        "missing": consent.lacking(desk, draft),
        "mine": me == drafted.by,
        "consented": me in drafted.given,
        "may_send": not desk.identity.person.capital,
    }


def held_back(desk: Desk) -> dict[str, Any] | None:
    """Return what this desk held back last, with its words; `asked` says whether consent was asked for it."""
    draft = consent.held(desk)
    if draft is None:
        return None
    return _shown(desk, draft) | {"asked": draft.content.hex() in desk.home.caucus.consent.drafts}


def _shown(desk: Desk, draft: Draft) -> dict[str, Any]:
    """Return what a draft is and everything that it says, as whoever is to accept the act itself reads it."""
    event, room = draft.event, _room(desk, draft)
    whole, lines = meant(desk, event, room), act_lines(desk, event, room)
    until = getattr(event, "until", None)
    lines += [_("Your acceptance would end {time}").format(time=names.when(until))] if until else []
    said = str(getattr(event, "text", ""))
    return {
        "content": draft.content,
        "what": _draft(desk, draft),
        "lines": lines,
        "changes": _tabled(event) if isinstance(event, TextTabled) else pending.foreseen(desk, whole, room),
        "fixed": [
            {key: one[key] for key in ("label", "note", "same", "words")} for one in fixed(desk, whole, room)
        ],
        "text": said if said not in lines else "",
        "language": str(getattr(event, "language", "")) or "en",
    }


def _tabled(event: TextTabled) -> list[dict[str, str]]:
    """Return every word of a text that would be put on the table."""
    known = called_provisions(event.instrument, language())
    return [
        {
            "unit": unit.id,
            "label": known[unit.id].whole,
            "language": tag,
            "now": "",
            "then": print_runs(unit.texts[tag]),
        }
        for unit in event.instrument.units
        for tag in event.instrument.authentic
        if tag in unit.texts
    ]


def _room(desk: Desk, draft: Draft) -> str:
    """Return the room whose texts a draft is about: the plenary, or the id of a group."""
    return draft.room if draft.room in desk.talks.groups else "plenary"


def _draft(desk: Desk, draft: Draft) -> str:
    """Return the line of an act that has not happened."""
    return _("draft: {what}").format(what=described(draft.event, labels(desk)))


def giving(desk: Desk, which: str) -> ConsentGiven:
    """Return the event that consents to what a word names: the entry of the caucus that asked, or the content.

    Raises:
        LocalError: `consent-unknown`.
    """
    return ConsentGiven(content=bytes.fromhex(_named(desk, which)))


def sending(desk: Desk, which: str) -> tuple[str, Event]:
    """Return the room and the event of a draft, to be done now as it was put before the members.

    Raises:
        LocalError: `consent-unknown`.
    """
    draft: Draft = consent.draft_of(desk, desk.home.caucus.consent.drafts[_named(desk, which)])
    rooms = {identity: name for name, identity in desk.rooms.items()}
    return rooms.get(draft.room, draft.room), draft.event


def _named(desk: Desk, which: str) -> str:
    """Return the content of the draft that a word names."""
    drafts = desk.home.caucus.consent.drafts
    if names.is_number(which):
        found = [name for name, one in drafts.items() if one.asked.index == int(which)]
        if found:
            return found[0]
    return names.key(which, drafts, "consent-unknown")


def _member(desk: Desk, member: str) -> Author:
    """Return a member of this delegation by its id."""
    authors = Authors(desk)
    for one in authors.readers("caucus"):
        if one.member == member:
            return one
    return Author(desk.identity.place.delegation, "", member, member)


def _members(desk: Desk, members: Any) -> list[str]:
    """Return the names of members of this delegation."""
    return [_member(desk, one).name for one in members]
