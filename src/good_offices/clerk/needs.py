"""What needs a member now, and what waits for others.

This module decides what a member is asked to look at, in which order, by the powers that the record gives him. It never
says what to answer, and never counts or compares what delegations have done.

1. Order: what keeps everybody from going on, what others wait for, what only has to be read. Within one kind, the
   oldest first.
2. An act is offered to whoever may do it. To the others of the delegation it is told as something that waits for a
   member with the power.
3. An acceptance that is about to expire is told from `SOON` on before its end.
"""

from __future__ import annotations

import time
from collections.abc import Container, Iterable, Sequence
from datetime import timedelta
from typing import Any, Final

from good_offices.clerk import (
    communiques,
    ending,
    meeting_needs,
    names,
    paper_needs,
    silence_view,
    sounding_needs,
)
from good_offices.clerk.authors import Authors, powers_of
from good_offices.clerk.conditions import needs as condition_needs
from good_offices.clerk.describing import described
from good_offices.clerk.outcome_view import powers_state
from good_offices.clerk.pending import Circumstances, acceptable, all_joint, rooms, states
from good_offices.clerk.rooms_view import labels, subject
from good_offices.desk.desk import Desk
from good_offices.desk.people import waiting as invited
from good_offices.desk.record import Line
from good_offices.talks.events_plenary import (
    InstructionsAsked,
    InstructionsGiven,
    NotePassed,
    StatementMade,
)
from good_offices.talks.joint import Joint
from good_offices.talks.rules import RULES

SOON: Final = timedelta(days=7)

Need = dict[str, Any]


def needs(desk: Desk, common: Sequence[Line], caucus: Sequence[Line], since: dict[str, int]) -> list[Need]:
    """Return what needs this desk's member now, in the order of rule 1.

    `common` and `caucus` are all entries of both records, `since` says how many of each, by register, were read at the
    last visit. A need has `kind`, and as far as they apply `what`, `by` (names), `index`, `since_ms`, `until_ms`,
    `subject`, `unit`, `sounding`, `mine` (may this member do it), `power`, `count`.
    """
    found: list[Need] = []
    if desk.doubts():
        found.append({"kind": "doubts", "count": len(desk.doubts())})
    if not desk.confirmed:
        found.append({"kind": "compare"})
    if desk.identity.person.guest:
        return found  # nothing waits for whoever speaks for nobody
    if desk.identity.enrolment is not None:
        found += [{"kind": "admit", "what": one.person.name} for one in invited(desk)]
    authors = Authors(desk)
    found += _urgent(desk, common, since[desk.common.ledger.register], authors)
    found += _joint(desk, common)
    found += _unconfirmed(desk, common, authors)
    found += _to_sign(desk, common)
    found += _communiques(desk, common)
    found += condition_needs(desk, common)
    found += silence_view.needs(desk, common)
    found += sounding_needs.needs(desk, int(time.time() * 1000))
    found += meeting_needs.needs(desk, int(time.time() * 1000))
    found += paper_needs.needs(desk, common, since[desk.common.ledger.register], authors)
    found += _instructions(desk, caucus, since[desk.caucus.ledger.register], authors)
    found += _over(desk, int(time.time() * 1000))
    waits = sum(1 for one in desk.outgoing() if one.act)
    if waits:
        found.append({"kind": "outbox", "count": waits})
    return found


def _over(desk: Desk, now_ms: int) -> list[Need]:
    """Return that the day has come on which adjourned talks go on, or on which keys and archive are to be destroyed.

    By this machine's clock: a hint, and nothing happens by itself.
    """
    found: list[Need] = []
    resuming = ending.resuming(desk, now_ms)
    if resuming and resuming["due"]:
        mine = "agree" in powers_of(desk)
        found.append(
            {
                "kind": "resume",
                "index": resuming["index"],
                "since_ms": resuming["resumes_ms"],
                "mine": mine,
                "power": "agree",
            }
        )
    kept = ending.retention(desk, now_ms)
    if kept["due"]:
        found.append({"kind": "destroy", "since_ms": kept["ends_ms"], "mine": True})
    return found


def awaited(desk: Desk, common: Sequence[Line]) -> list[Need]:
    """Return what this delegation has accepted and others have not; a guest has accepted nothing."""
    called = names.delegations(desk)
    own = "" if desk.identity.person.guest else desk.identity.place.delegation
    found = []
    for room, joint in all_joint(desk):
        if own not in joint.accepted:
            continue
        missing = [name for one, name in called.items() if one not in joint.accepted]
        line = common[joint.accepted[own].index]
        found.append(
            {
                "kind": "awaited",
                "what": _what(desk, joint, common, labels(desk, room)),
                "by": missing,
                "index": line.index,
                "since_ms": line.leaf.time_ms,
                "until_ms": joint.accepted[own].until,
                "stands": joint.event == "ClosingRecordSigned",
            }
        )
    return sorted(found, key=lambda one: int(one["index"]))


def expiring(desk: Desk, common: Sequence[Line], now_ms: int) -> list[Need]:
    """Return the acceptances with a time limit that has passed or ends soon (rule 3), the next to end first."""
    called = names.delegations(desk)
    last = now_ms + int(SOON.total_seconds() * 1000)
    found = [
        {
            "kind": "expires",
            "what": _what(desk, joint, common, labels(desk, room)),
            "by": [called.get(who, who)],
            "ours": who == desk.identity.place.delegation,
            "index": held.index,
            "until_ms": held.until,
            "passed": held.until < now_ms,
        }
        for room, joint in all_joint(desk)
        for who, held in joint.accepted.items()
        if held.until is not None and held.until <= last and not desk.identity.person.guest
    ]
    return sorted(found, key=lambda one: (one["until_ms"], one["index"]))


def _what(desk: Desk, joint: Joint, common: Sequence[Line], known: dict[str, str]) -> str:
    """Return a pending joint act in words: the act that proposed it, and never a mere acceptance of it."""
    items = [state.agenda.get(joint.content.hex()) for state in states(desk).values()]
    for item in items:
        if item is not None:
            return item.title
    held = min(joint.accepted.values(), key=lambda one: one.index)
    act = common[held.index].act
    return described(act.event, known) if act else joint.event


def _to_sign(desk: Desk, common: Sequence[Line]) -> list[Need]:
    """Return the full powers that this delegation has to examine, and the adopted texts that it has not signed."""
    plenary, own, powers = desk.talks.plenary, desk.identity.place.delegation, powers_of(desk)
    called, known = names.delegations(desk), labels(desk)
    found: list[Need] = [
        {
            "kind": "examine",
            "what": called.get(one.delegation, one.delegation),
            "index": one.produced.index,
            "since_ms": common[one.produced.index].leaf.time_ms,
            "mine": "agree" in powers,
            "power": "agree",
        }
        for one in plenary.powers.values()
        if one.delegation != own and own not in one.found and own not in one.refused
    ]
    found += _refused(desk, common, powers)
    for name, text in plenary.texts.items():
        outcome = plenary.outcomes.get(name)
        signed = {one.delegation for one in outcome.marks if one.how != "initialled"} if outcome else set()
        # Leaders may have signed on paper for all (spec/talks.md R-65).
        if text.phase in ("adopted", "initialled") and own not in signed and plenary.closing is None:
            found.append(
                {"kind": "sign", "what": known.get(name, name), "mine": "sign" in powers, "power": "sign"}
            )
    return found


def _refused(desk: Desk, common: Sequence[Line], powers: Container[str]) -> list[Need]:
    """Return the full powers of this delegation that another has found not in order, until others are produced."""
    plenary, own, called = desk.talks.plenary, desk.identity.place.delegation, names.delegations(desk)
    held = [one for one in plenary.powers.values() if one.delegation == own]
    newest = {
        one.member: max(each.produced.index for each in held if each.member == one.member) for one in held
    }
    return [
        {
            "kind": "refused",
            "what": powers_state(desk, one)["name"],
            "by": [called.get(who, who) for who in one.refused],
            "index": one.produced.index,
            "since_ms": common[min(at.index for at in one.refused.values())].leaf.time_ms,
            "mine": "speak" in powers,
            "power": "speak",
        }
        for one in held
        if one.refused and one.produced.index == newest[one.member]
    ]


def _joint(desk: Desk, common: Sequence[Line]) -> list[Need]:
    """Return the joint acts that others have accepted and this delegation has not."""
    called, powers = names.delegations(desk), powers_of(desk)
    found: list[Need] = []
    circumstances = {room: Circumstances(desk, room) for room in rooms(desk)}
    own = desk.identity.place.delegation
    for room, joint in all_joint(desk):
        if own in joint.accepted or not acceptable(desk, joint, circumstances[room]):
            continue
        held = min(joint.accepted.values(), key=lambda each: each.index)
        line = common[held.index]
        ends = [each.until for each in joint.accepted.values() if each.until is not None]
        found.append(
            {
                "kind": "proposal" if joint.proposals else "joint",
                "event": joint.event,
                "room": room,
                "subject": subject(line.act.event) if line.act else "text",
                "text": next((part.partition("/")[0] for part in joint.subjects), ""),
                "unit": next((part.partition("/")[2] for part in joint.subjects), ""),
                "what": _what(desk, joint, common, labels(desk, room)),
                "by": [called.get(who, who) for who in joint.accepted],
                "index": held.index,
                "since_ms": line.leaf.time_ms,
                "until_ms": min(ends, default=None),
                "mine": accepting(joint) in powers,
                "power": accepting(joint),
            }
        )
    return sorted(found, key=lambda one: int(one["index"]))


def accepting(joint: Joint) -> str:
    """Return the power that it takes to accept a pending joint act."""
    if joint.event in ("SittingOpened", "SittingResumed", "ItemTakenUp"):
        return "speak"
    return "release" if joint.event == "CommuniqueProposed" else "agree"


def _communiques(desk: Desk, common: Sequence[Line]) -> list[Need]:
    """Return the communiqués that this delegation has to sign for the public, and those that can be released."""
    found: list[Need] = []
    powers = powers_of(desk)
    for one in communiques.told(desk):
        to_sign = one["stage"] == "accepted" and not one["signed_by_us"]
        to_release = (
            one["stage"] == "signed" and one["released"] is None and not one["early"] and one["hands"]
        )
        if to_sign or to_release:
            found.append(
                {
                    "kind": "communique-sign" if to_sign else "communique-release",
                    "what": one["headline"],
                    "index": one["index"],
                    "since_ms": common[one["since"]].leaf.time_ms,
                    "mine": "release" in powers,
                    "power": "release",
                }
            )
    return found


def _unconfirmed(desk: Desk, common: Sequence[Line], authors: Authors) -> list[Need]:
    """Return what members of this delegation did without the power, and nobody has confirmed."""
    known, powers = labels(desk), powers_of(desk)
    found = []
    for one in [one for state in states(desk).values() for one in state.unconfirmed.values()]:
        line = common[one.done.index]
        if one.desk.delegation != desk.identity.place.delegation or line.act is None:
            continue
        rule = RULES[line.act.event.name]
        found.append(
            {
                "kind": "confirm",
                "what": described(line.act.event, known),
                "by": [authors(line.act.author, line.index).name],
                "index": line.index,
                "since_ms": line.leaf.time_ms,
                "mine": rule.power is None or rule.power in powers,
                "power": rule.power or "",
            }
        )
    return found


def _urgent(desk: Desk, common: Iterable[Line], since: int, authors: Authors) -> list[Need]:
    """Return the urgent notes of others since the last visit that nobody of this delegation has answered."""
    own = desk.identity.place.delegation
    found: list[Need] = []
    for line in common:
        if line.act is None or line.verdict.status != "valid":
            continue
        event = line.act.event
        if not isinstance(event, NotePassed | StatementMade) or line.index < since:
            continue
        ours = authors(line.act.author, line.index).delegation == own
        if ours and event.to:
            # By its hash: the newest verdicts of a desk do not go back for ever.
            found = [one for one in found if one["act"] not in event.to]
        elif ours and isinstance(event, NotePassed):
            # A note that names none answers them all: while the talks are broken off it may be the only answer.
            found = []
        elif not ours and isinstance(event, NotePassed) and event.urgent:
            found.append(
                {
                    "kind": "urgent",
                    "act": names.hash_of(line.act),
                    "what": event.subject or described(event),
                    "by": [authors(line.act.author, line.index).called],
                    "index": line.index,
                    "since_ms": line.leaf.time_ms,
                }
            )
    return found


def _instructions(desk: Desk, caucus: Iterable[Line], since: int, authors: Authors) -> list[Need]:
    """Return the questions that a member of the capital has to answer, and to the others its new instructions."""
    capital = desk.identity.person.capital
    found: list[Need] = []
    for line in caucus:
        if line.act is None or line.verdict.status != "valid":
            continue
        event = line.act.event
        one: Need = {
            "by": [authors(line.act.author, line.index).name],
            "index": line.index,
            "since_ms": line.leaf.time_ms,
        }
        if isinstance(event, InstructionsAsked) and capital:
            found.append({"kind": "asked", "what": event.text, **one})
        elif isinstance(event, InstructionsGiven) and capital:
            answered = {known.index for each in event.to if (known := desk.caucus.verdicts.get(each))}
            found = [each for each in found if each["index"] not in answered]
        elif isinstance(event, InstructionsGiven) and line.index >= since:
            found.append({"kind": "given", "what": event.text, **one})
    return found
