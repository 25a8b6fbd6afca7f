"""Meetings as data: what is proposed, what is still missing and whose part it is, what happens in a sitting.

This module decides what is told of a sitting. It never decides what stands: `talks.convening` and `talks.sittings` do.

1. What is missing is told for each delegation its own part, in the order of the genesis, and everybody's apart.
2. Expectations are told only once they were opened together; one's own before that on one's own machine.
3. Times are claims of who proposed; they are told in every zone that the proposal names.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any, NamedTuple

from good_offices.clerk import names
from good_offices.clerk.authors import powers_of
from good_offices.clerk.meeting_words import LEVEL_WORDS, missing_words, rule_words, times
from good_offices.desk import expecting
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import _
from good_offices.talks.convening import missing, rule_of
from good_offices.talks.event import LEVELS
from good_offices.talks.events_meetings import (
    ConveningWaived,
    ItemTakenUp,
    MinutesProposed,
    ReadinessDeclared,
    SittingProposed,
)
from good_offices.talks.joint import Joint
from good_offices.talks.meetings import Conduct, Sitting
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.sittings import conduct_of, next_turn, over_by, presiding, turns


class CalendarEntry(NamedTuple):
    """What a calendar needs of a sitting: `start` and `end` are claimed milliseconds, `zones` pairs of place and IANA name."""

    uid: str
    start: int
    end: int
    zones: tuple[tuple[str, str], ...]
    place: str
    title: str
    convened: bool


def room_state(desk: Desk, sitting: Sitting) -> PlenaryState:
    """Return the state of the room of a sitting; of a group that this desk does not read, an empty one."""
    room = sitting.terms.room
    return desk.talks.groups.get(room, PlenaryState()) if room else desk.talks.plenary


def room_name(sitting: Sitting) -> str:
    """Return the room in which acts of a sitting are done, as `Desk.act` takes it."""
    return sitting.terms.room or "plenary"


def conduct(desk: Desk, name: bytes) -> Conduct:
    """Return how a sitting goes on in its room (raises LocalError `sitting-unknown`)."""
    return conduct_of(room_state(desk, desk.talks.plenary.meetings.sitting(name)), name)


def named(desk: Desk, word: str | None) -> bytes:
    """Return the sitting that a word names: its title, the beginning of its number, or the only one that is not over.

    Raises:
        LocalError: `sitting-unknown`, `sitting-not-named`.
    """
    known = desk.talks.plenary.meetings.sittings
    if word is None:
        running = [key for key in known if conduct(desk, bytes.fromhex(key)).closed is None] or list(known)
        if not running:
            raise LocalError("sitting-unknown")
        if len(running) > 1:
            titles = ", ".join(known[key].terms.title for key in running)
            raise LocalError("sitting-not-named", titles=titles)
        return bytes.fromhex(running[0])
    titled = [key for key, one in known.items() if one.terms.title == word]
    return bytes.fromhex(titled[0] if len(titled) == 1 else names.key(word, known, "sitting-unknown"))


def calendar(desk: Desk, name: bytes) -> CalendarEntry:
    """Return what a calendar needs of a sitting (raises LocalError `sitting-unknown`)."""
    sitting = desk.talks.plenary.meetings.sitting(name)
    terms = sitting.terms
    return CalendarEntry(
        uid=f"{name.hex()[:32]}@{desk.identity.place.talks.hex()[:16]}.goodoffices",
        start=terms.start,
        end=terms.end,
        zones=tuple((one.place, one.zone) for one in terms.zones),
        place=terms.place,
        title=terms.title,
        convened=sitting.stage == "convened",
    )


def sittings(desk: Desk, now: int | None = None) -> list[dict[str, Any]]:
    """Return all sittings, those of the highest level first, then by their begin."""
    known = desk.talks.plenary.meetings.sittings
    found = [sitting(desk, bytes.fromhex(key), now) for key in known]
    return sorted(found, key=lambda one: (-LEVELS.index(one["level"]), one["start_ms"], one["sitting"]))


def sitting(desk: Desk, name: bytes, now: int | None = None) -> dict[str, Any]:
    """Return a sitting: terms, stage, rule, what is missing, expectations and course (raises LocalError `sitting-unknown`)."""
    plenary, called = desk.talks.plenary, names.delegations(desk)
    one = plenary.meetings.sitting(name)
    terms, held = one.terms, conduct(desk, name)
    moment = int(time.time() * 1000) if now is None else now
    lacking = missing(plenary, desk.talks.roster, one, time=moment) if one.stage != "convened" else ()
    own = desk.identity.place.delegation
    agenda = plenary.agenda
    waits = plenary.joint.get(name.hex())
    takers = waits.accepted if waits else {}
    return {
        "sitting": name.hex(),
        "title": terms.title,
        "level": terms.level,
        "stage": held.course if one.stage == "convened" else one.stage,
        "by": called.get(one.by, one.by),
        "start_ms": terms.start,
        "end_ms": terms.end,
        "dates": terms.dates,
        "place": terms.place,
        "times": times(terms),
        "format": terms.format,
        "room": terms.room,
        "agenda": [
            {"item": item.hex(), "title": agenda[item.hex()].title if item.hex() in agenda else ""}
            for item in terms.agenda
        ],
        "pending": [
            _pending(desk, each)
            for each in (*plenary.joint.values(), *_apart(room_state(desk, one), plenary))
            if f"sitting/{name.hex()}" in each.subjects or f"held/{name.hex()}" in each.subjects
        ],
        "rule": [rule_words(desk, each) for each in rule_of(plenary, one)],
        "waived": [rule_words(desk, each) for each in one.waived],
        "missing": [
            {
                "delegation": word,
                "ours": key == own,
                "parts": [
                    *(
                        []
                        if one.stage != "proposed" or key in takers
                        else [_("its acceptance of the sitting")]
                    ),
                    *(missing_words(desk, each) for each in lacking if each.delegation == key),
                ],
            }
            for key, word in called.items()
        ],
        "missing_together": [missing_words(desk, each) for each in lacking if not each.delegation],
        "complete": one.stage == "agreed" and not lacking,
        "ready": [called[key] for key in one.ready if key in called],
        "we_are_ready": own in one.ready,
        "confirmed": [called[key] for key in one.confirmed if key in called],
        "we_confirmed": own in one.confirmed,
        "expectations": expectations(desk, name),
        **_course(desk, one, held),
    }


def terms_lines(terms: SittingProposed) -> list[str]:
    """Return the terms of a sitting in lines: dates, begin and end at each place, where it is held, under which rule."""
    lines = [terms.dates] if terms.dates else []
    for one in times(terms):
        start, end = one["start"] or names.when(terms.start), one["end"] or names.when(terms.end)
        lines.append(_("{place}: {start} to {end}").format(place=one["place"], start=start, end=end))
    lines.append(_("Held in {place}").format(place=terms.place) if terms.place else _("At a distance"))
    lines.append(
        _("Closed: nothing of what is said leaves the room")
        if terms.format == "closed"
        else _("Chatham House Rule: what is said may be used, not who said it")
    )
    return lines


def act_lines(desk: Desk, event: Any) -> list[str]:
    """Return what an act about a sitting says besides its name, for whoever is asked to accept it."""
    if isinstance(event, SittingProposed):
        return [*_frame(desk, event), *terms_lines(event)]
    if isinstance(event, MinutesProposed):
        return [*_title(desk, event.sitting), *event.words.values()]
    if isinstance(event, ConveningWaived):
        return [*_title(desk, event.sitting), *(rule_words(desk, one) for one in event.conditions)]
    if isinstance(event, ItemTakenUp):
        item = desk.talks.plenary.agenda.get(event.item.hex())
        return [*_title(desk, event.sitting), *([item.title] if item else [])]
    if isinstance(event, ReadinessDeclared):
        said = _("Ready") if event.ready else _("No longer ready")
        return [*_title(desk, event.sitting), said]
    return _title(desk, event.sitting) if isinstance(getattr(event, "sitting", None), bytes) else []


def _frame(desk: Desk, terms: SittingProposed) -> list[str]:
    """Return level, room and agenda of a sitting that is proposed, in lines."""
    lines = [_("Level: {level}").format(level=_(LEVEL_WORDS[terms.level]))]
    group = desk.talks.plenary.groups.rooms.get(terms.room)
    lines += [_("Room: {title}").format(title=group.title)] if group else []
    known = desk.talks.plenary.agenda
    items = [known[one.hex()].title for one in terms.agenda if one.hex() in known]
    return lines + ([_("Agenda: {titles}").format(titles="; ".join(items))] if items else [])


def _title(desk: Desk, name: bytes) -> list[str]:
    """Return the title of a sitting, if there is one."""
    one = desk.talks.plenary.meetings.sittings.get(name.hex())
    return [one.terms.title] if one else []


def expectations(desk: Desk, name: bytes) -> dict[str, Any]:
    """Return how the expectations of a sitting stand: who has sealed, and once opened, the words side by side (rule 2)."""
    one = desk.talks.plenary.meetings.sitting(name)
    called = names.delegations(desk)
    last = one.attempts[-1] if one.attempts else None
    current = one.attempts[one.attempt] if one.attempt < len(one.attempts) else None
    opened = expecting.opened(desk, name)
    return {
        "asked": any(
            each.__struct_config__.tag == "expectations" for each in rule_of(desk.talks.plenary, one)
        ),
        "sealed": [called[key] for key in current.announced if key in called] if current else [],
        "we_sealed": current is not None and desk.identity.place.delegation in current.announced,
        "ended_void": last is not None and last.end == "void",
        "opened": one.opened,
        "deniable": [called[key] for key in current.keys if key in called] if current else [],
        "waits_for": [called.get(key, key) for key in expecting.papers_missing(desk, name)],
        "compare": len(called) > 2,
        "ours": expecting.own_words(desk, name),
        "words": [
            {
                "delegation": called.get(key, key),
                "words": said.words,
                "deniable": said.deniable,
                "ours": key == desk.identity.place.delegation,
                "entry": said.entry,
            }
            for key, said in opened.items()
        ],
    }


def _apart(room: PlenaryState, plenary: PlenaryState) -> Iterable[Joint]:
    """Return what waits in the room of a sitting, if it is not the plenary."""
    return () if room is plenary else room.joint.values()


def _course(desk: Desk, one: Sitting, held: Conduct) -> dict[str, Any]:
    """Return attendance, floor, item under discussion and procès-verbal of a sitting."""
    roster, called = desk.talks.roster, names.delegations(desk)
    state = room_state(desk, one)
    # A group's own state has not what the plenary lends.
    lent = desk.talks.plenary
    due = next_turn(held, roster, one, desk.common.ledger.size)
    chair = presiding(lent, roster, one)
    me = desk.identity.person.member
    sits = held.present.get(desk.identity.place.delegation)
    terms = lent.modalities.modalities if lent.modalities else None
    return {
        "present": [
            {
                "delegation": word,
                "members": [_member(desk, each) for each in held.present[key].members],
                "advisers": [_member(desk, each) for each in held.present[key].advisers],
            }
            for key, word in called.items()
            if key in held.present
        ],
        "we_sit": sits is not None and me in sits.members,
        "announced": sits is not None,
        "item": held.item.hex() if held.item else "",
        "order": [called[key] for key in turns(roster, one)],
        "presiding": called.get(chair, ""),
        "we_preside": chair == desk.identity.place.delegation,
        "clock": terms.clock if terms else 0,
        "speaker": _speaker(desk, held),
        "we_speak": held.floor is not None and held.floor.member == me,
        "our_floor": held.floor is not None and held.floor.delegation == desk.identity.place.delegation,
        "waiting": [
            {
                "name": _member(desk, each.member),
                "delegation": called.get(each.delegation, ""),
                "next": each == due,
            }
            for each in held.requests
        ],
        "we_wait": any(each.member == me for each in held.requests),
        "next": _member(desk, due.member) if due else "",
        "next_member": due.member if due else "",
        "minutes": _minutes(desk, state, held),
        "speaks": "speak" in powers_of(desk),
        "agrees": "agree" in powers_of(desk),
    }


def _speaker(desk: Desk, held: Conduct) -> dict[str, Any] | None:
    """Return who has the floor."""
    floor = held.floor
    if floor is None:
        return None
    word = names.delegations(desk).get(floor.delegation, "")
    called = names.delegations(desk)
    return {
        "name": _member(desk, floor.member),
        "delegation": word,
        "since_ms": floor.since,
        "over_by": [called[key] for key in over_by(desk.talks.plenary, floor) if key in called],
    }


def _minutes(desk: Desk, state: PlenaryState, held: Conduct) -> list[dict[str, Any]]:
    """Return the procès-verbaux that were proposed and can still be agreed, or the one agreed, with their words."""
    found = []
    for key, index in held.drafts.items():
        agreed = held.minutes is not None and held.minutes.hex() == key
        joint = state.joint.get(key)
        line = names.line(desk.common, index)
        event = line.act.event if line.act else None
        if (agreed or (held.minutes is None and joint is not None)) and isinstance(event, MinutesProposed):
            found.append(
                {
                    "minutes": key,
                    "index": index,
                    "agreed": agreed,
                    "words": dict(event.words),
                    "pending": _pending(desk, joint) if joint is not None else None,
                }
            )
    return found


def _member(desk: Desk, member: str) -> str:
    """Return what a member is called."""
    one = desk.talks.roster.book.members.get(member)
    return one.given[-1].accreditation.name if one is not None and one.given else member[:8]


def _pending(desk: Desk, joint: Joint) -> dict[str, Any]:
    """Return a pending joint act with a mark for every delegation."""
    own = desk.identity.place.delegation
    return {
        "event": joint.event,
        "content": joint.content.hex(),
        "index": min(one.index for one in joint.accepted.values()),
        "marks": [
            {"name": word, "accepted": key in joint.accepted} for key, word in names.delegations(desk).items()
        ],
        "ours": own in joint.accepted,
    }
