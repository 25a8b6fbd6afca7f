"""Acts that wait: which can still be accepted, what they would change, and how one is accepted.

This module decides how a pending act is found and repeated, in the plenary and in the groups that this desk reads. A joint act is accepted by posting the same content, so the
event of an acceptance is read from the act that somebody posted; it is never written anew.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import cached_property
from typing import Any, Final

import msgspec

from good_offices.clerk import names, provisions
from good_offices.clerk.describing import described
from good_offices.clerk.fixed import fixed, whole_text
from good_offices.clerk.plain import plain
from good_offices.clerk.rooms_view import labels
from good_offices.desk.closing import check_signed
from good_offices.desk.compose import Standing, write_act
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.locale import language
from good_offices.talks.acts import Event
from good_offices.talks.event import Acceptable
from good_offices.talks.events_after import CorrectionAccepted, ErrorNotified
from good_offices.talks.events_communique import CommuniqueAccepted, CommuniqueProposed
from good_offices.talks.events_guests import GuestWithdrawn
from good_offices.talks.events_meetings import (
    MinutesAgreed,
    MinutesProposed,
    SittingAccepted,
    SittingProposed,
)
from good_offices.talks.events_outcome import ClosingRecordSigned
from good_offices.talks.events_plenary import (
    AcceptanceWithdrawn,
    ActConfirmed,
    ItemAccepted,
    ItemProposed,
    ModalitiesAccepted,
    ModalitiesProposed,
)
from good_offices.talks.events_text import (
    AmendmentAccepted,
    AmendmentProposed,
    BracketsPlaced,
    BracketsRemoved,
    LanguageTextSet,
    UnitAdded,
)
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState
from good_offices.talks.rooms import Chain
from good_offices.talks.verdict import WithoutEffectError
from good_offices.text.model import Runs
from good_offices.text.notation import print_runs
from good_offices.text.settling import settle

ROSTER: Final = "roster"


def pending(desk: Desk) -> dict[str, Any]:
    """Return what waits: `joint`, which can still be accepted, and `unconfirmed`, done by a member without the power.

    `room` is the plenary, the roster or the id of the group in which it is to be accepted or confirmed.

    `ours` of a joint act says whether one's own delegation has accepted it, of an unconfirmed one whether it did it.
    """
    called = names.delegations(desk)
    own = desk.identity.place.delegation
    joint: list[dict[str, Any]] = []
    circumstances = {room: Circumstances(desk, room) for room in rooms(desk)}
    for room, one in all_joint(desk):
        if not acceptable(desk, one, circumstances[room]):
            continue
        index = max(who.index for who in one.accepted.values())
        event = names.event_at(desk, index)
        joint.append(
            {
                "index": index,
                "event": one.event,
                "room": room,
                "content": one.content,
                "accepted": [called.get(who, who) for who in one.accepted],
                "ours": own in one.accepted,
                "what": described(event, labels(desk, room)) if event is not None else one.event,
            }
        )
    unconfirmed = [
        {
            "index": one.done.index,
            "room": room,
            "act": one.done.act,
            "ours": one.desk.delegation == own,
            "code": one.code,
        }
        for room, state in states(desk).items()
        for one in state.unconfirmed.values()
    ]
    return {"joint": joint, "unconfirmed": unconfirmed}


def states(desk: Desk) -> dict[str, PlenaryState]:
    """Return the states of the rooms in which something can wait: of the plenary, and of each group by its id."""
    return {"plenary": desk.talks.plenary, **desk.talks.groups}


def rooms(desk: Desk) -> tuple[str, ...]:
    """Return the rooms in which a joint act can wait: those of `states`, and the roster."""
    return (*states(desk), ROSTER)


def all_joint(desk: Desk) -> Iterator[tuple[str, Joint]]:
    """Yield every pending joint act with its room."""
    for one in desk.talks.roster.guests.joint.values():
        yield ROSTER, one
    for one in desk.talks.roster.hosts.joint.values():
        yield ROSTER, one
    for room, state in states(desk).items():
        for one in state.joint.values():
            yield room, one


def room_of(desk: Desk, line: Line) -> str:
    """Return the room of an entry of the common record in which something can wait: the plenary, the roster, or a group's id."""
    if line.verdict.room == desk.rooms[ROSTER]:
        return ROSTER
    return line.verdict.room if line.verdict.room in desk.talks.groups else "plenary"


def room_where(desk: Desk, which: str) -> str:
    """Return the room in which what a word names is pending.

    Raises:
        LocalError: `not-pending`.
    """
    return _located(desk, which)[0]


def shown(desk: Desk, line: Line) -> dict[str, Any]:
    """Return the act at an entry of the common record whole: what it would change in the present text, and what it fixes."""
    assert line.act is not None
    event, room = line.act.event, room_of(desk, line)
    return {
        "index": line.index,
        "event": event.name,
        "what": plain(event),
        "changes": foreseen(desk, event, room),
        "fixed": [
            {name: one[name] for name in ("unit", "label", "note", "same", "words")}
            for one in fixed(desk, event, room)
        ],
        "whole": whole_text(desk, event, room),
    }


def withdrawal(desk: Desk, which: str, room: str = "") -> AcceptanceWithdrawn | GuestWithdrawn:
    """Return the event that takes back this delegation's acceptance of what a word names, with `room` in that room alone.

    Raises:
        LocalError: `not-pending`.
    """
    joint = _located(desk, which, room)[1]
    if joint.event == "GuestInvited":
        # An invitation needs no acceptance to fall, and one delegation is enough (spec/guests.md R-154).
        return GuestWithdrawn(certificate=bytes.fromhex(joint.subjects[0].partition("/")[2]))
    return AcceptanceWithdrawn(content=joint.content)


def confirmation(desk: Desk, index: int) -> ActConfirmed:
    """Return the event that confirms the act at an entry, done by a member without the power (VCLT 8).

    Raises:
        LocalError: as `names.act_at`.
    """
    line = names.act_at(desk.common, str(index))
    return ActConfirmed(index=index, act=names.hash_of(line.act))


class Circumstances:
    """What an act written now in a room says of its circumstances: looked up once for all that is asked of it."""

    def __init__(self, desk: Desk, room: str = "plenary") -> None:
        """Know the desk and the room; nothing is looked up yet."""
        self._desk = desk
        self._room = room

    @cached_property
    def _found(self) -> tuple[Standing, Chain]:
        standing = self._desk.standing(self._room)
        return standing, self._desk.talks.chain(standing.room, self._desk.certificate)

    def check(self, event: Event) -> None:
        """Pass if the rules let an event be done now (raises as `Talks.check`, and LocalError `room-not-open`)."""
        self._desk.talks.check(write_act(*self._found, event, int(time.time() * 1000)))


def acceptable(desk: Desk, joint: Joint, circumstances: Circumstances | None = None) -> bool:
    """Tell whether the rules would let a pending joint act be accepted now.

    One that others have overtaken stays pending in the rules, because whoever had not seen that may still cross it
    (spec/talks.md R-35); to offer it would be to offer a void act. A desk that may not write here is no judge of it.
    """
    if desk.identity.person.capital or not desk.confirmed:
        return True
    event = _repeated(desk, joint, None)
    try:
        if event is not None:
            (circumstances or Circumstances(desk)).check(event)
    except WithoutEffectError:
        return True  # it stands, or another member makes it stand
    except LocalError:
        return False
    return True


def foreseen(desk: Desk, event: Any, room: str = "plenary") -> list[dict[str, str]]:
    """Return what an event would make of the words of the present text of a room: by provision and language, now and then.

    `label` is what the provision is called in the present text; of one that is to be added, its own label.
    """
    text = names.state(desk, room).texts.get(
        getattr(event, "instrument", "") if event.name != "TextTabled" else ""
    )
    if text is None:
        return []
    then: dict[tuple[str, str], Runs] = {}
    labels_of = {name: one.whole for name, one in provisions.called(text.instrument, language()).items()}
    if isinstance(event, BracketsRemoved):
        try:
            settled = settle(text.instrument, event.choices)
        except LocalError:
            return []  # the brackets are no longer those of the act; it would be refused as stale
        for one in event.units:
            unit = text.instrument.unit(one.unit)
            after = settled.unit(one.unit).texts if one.unit in settled.places else {}
            then |= {(one.unit, tag): after.get(tag, ()) for tag in unit.texts}
    elif isinstance(event, AmendmentProposed | BracketsPlaced):
        then = {(one.unit, tag): runs for one in event.changes for tag, runs in one.texts.items()}
    elif isinstance(event, LanguageTextSet):
        then = {(one.unit, one.language): one.runs for one in event.texts}
    elif isinstance(event, UnitAdded):
        labels_of |= {one.unit.id: one.unit.label.strip("*_ ") for one in event.additions}
        then = {(one.unit.id, tag): runs for one in event.additions for tag, runs in one.unit.texts.items()}
    called = names.delegations(desk)
    units = {unit.id: unit.texts for unit in text.instrument.units}
    return [
        {
            "unit": unit,
            "label": labels_of.get(unit, ""),
            "language": tag,
            "now": print_runs(units.get(unit, {}).get(tag, ()), names=called),
            "then": print_runs(runs, names=called),
        }
        for (unit, tag), runs in then.items()
    ]


def acceptance(desk: Desk, which: str, until: int | None, room: str = "") -> Event:
    """Return the event by which this delegation accepts what a word names: an entry, or a content hash; of `room` alone, if given.

    Raises:
        LocalError: `not-pending`, and as `names.act_at`; `closing-unsigned`: only `outcome close --unsigned` means that.
    """
    joint = _located(desk, which, room)[1]
    event = _repeated(desk, joint, until)
    if event is None:
        raise LocalError("not-pending")
    if isinstance(event, ClosingRecordSigned):
        check_signed(desk.talks)
    return event


def _repeated(desk: Desk, joint: Joint, until: int | None) -> Event | None:
    """Return the event that accepts a pending joint act, from the entries by which others have accepted it."""
    for held in sorted(joint.accepted.values(), key=lambda one: one.index):
        event = names.event_at(desk, held.index)
        if isinstance(event, Acceptable):
            return _same(event, joint.content, until)
    return None


def _same(event: Acceptable, content: bytes, until: int | None) -> Event:
    """Return the event that accepts the same content as `event`, with one's own time limit."""
    if isinstance(event, ModalitiesProposed | ModalitiesAccepted):
        return ModalitiesAccepted(modalities=content, until=until)
    if isinstance(event, ItemProposed | ItemAccepted):
        return ItemAccepted(item=content, until=until)
    if isinstance(event, ErrorNotified | CorrectionAccepted):
        return CorrectionAccepted(notice=content, until=until)
    if isinstance(event, CommuniqueProposed | CommuniqueAccepted):
        return CommuniqueAccepted(communique=content, until=until)
    if isinstance(event, SittingProposed | SittingAccepted):
        return SittingAccepted(sitting=content, until=until)
    if isinstance(event, MinutesProposed | MinutesAgreed):
        return MinutesAgreed(sitting=event.sitting, minutes=content, until=until)
    if isinstance(event, AmendmentProposed | AmendmentAccepted):
        return AmendmentAccepted(
            instrument=event.instrument, proposal=event.proposal, amendment=content, until=until
        )
    same: Event = msgspec.structs.replace(event, until=until)  # type: ignore[assignment] # the same event again
    return same


def _located(desk: Desk, which: str, only: str = "") -> tuple[str, Joint]:
    """Return the pending joint act that a word names, with its room."""
    joint = [(room, one) for room, one in all_joint(desk) if only in ("", room)]
    if names.is_number(which):
        for room, one in joint:
            if any(held.index == int(which) for held in one.accepted.values()):
                return room, one
        raise LocalError("not-pending")
    # The same item may be pending in two rooms: what is named by its hash is then the plenary's.
    known = {one.content.hex(): (room, one) for room, one in joint[::-1]}
    return known[names.key(which, known, "not-pending")]
