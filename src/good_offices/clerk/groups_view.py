"""Group rooms as people see them: what they are for, who sits and who reads there, what was referred.

This module decides which group a word names and what is told of it. It never tells what was said in one: that is
`rooms_view`, and only at a desk that reads it.

1. Who sits is whom each delegation has named; who reads is to whom the present keys were given. They differ until the next
   keys, and both are told.
2. Everything told here is in the plenary, so that the other side sees the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from good_offices.clerk import guest_words, names
from good_offices.clerk import pending as waits
from good_offices.clerk.describing import described
from good_offices.clerk.provisions import in_room
from good_offices.clerk.rooms_view import labels
from good_offices.clerk.versions import all_versions
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.locale import N_, _
from good_offices.talks import groups
from good_offices.talks.event import LEVELS
from good_offices.talks.groups import Group, Referral

PLENARY: Final = "plenary"
KINDS: Final[Mapping[str, str]] = {
    "level": N_("Room of a level"),
    "contact-group": N_("Contact group"),
}
_ABOUT: Final = ("RoomOpened", "RoomClosed", "ReferredToLevel")


def called(desk: Desk, room: str) -> str:
    """Return what people call a room, by its name or id."""
    held = desk.talks.plenary.groups.rooms.get(room)
    if held is not None:
        return held.title
    return _("Plenary") if room in (PLENARY, desk.rooms[PLENARY]) else room


def room_named(desk: Desk, word: str) -> str:
    """Return the room that a word names: `plenary`, or the id of a group by its title or the beginning of its id.

    Raises:
        LocalError: `group-unknown`.
    """
    return PLENARY if word == PLENARY else group_named(desk, word)


def group_named(desk: Desk, word: str) -> str:
    """Return the id of the group that a word names: its title if only one has it, or the beginning of its id.

    Raises:
        LocalError: `group-unknown`.
    """
    known = desk.talks.plenary.groups.rooms
    titled = [room for room, one in known.items() if one.title == word]
    return titled[0] if len(titled) == 1 else names.key(word, known, "group-unknown")


def all_groups(desk: Desk) -> list[dict[str, Any]]:
    """Return all groups as `group` tells them, those of the highest level first, closed ones last."""
    held = desk.talks.plenary.groups.rooms
    order = sorted(
        held,
        key=lambda room: (held[room].closed is not None, -LEVELS.index(held[room].level), held[room].since),
    )
    return [group(desk, room) for room in order]


def group(desk: Desk, room: str) -> dict[str, Any]:
    """Return what is told of a group: its mandate, who sits and who reads by delegation, its keys, its referrals.

    Raises:
        LocalError: `room-unknown`.
    """
    one = desk.talks.plenary.groups.room(room)
    epoch = desk.epoch(room)
    held = epoch is not None and desk.epochs.secret(epoch.manifest) is not None
    return {
        "room": room,
        "title": one.title,
        "kind": one.kind,
        "level": one.level,
        "mandate": one.mandate,
        "language": one.language,
        "since": one.since,
        "closed": one.closed,
        "delegations": _seats(desk, one, room),
        "guests": [
            {"name": each.guest, "capacity": guest_words.capacity(desk, each)}
            for each in guest_words.reading(desk, room)
        ],
        "epoch": epoch.epoch + 1 if epoch else None,
        "reads": held and desk.certificate in (epoch.readers if epoch else ()),
        "seated": desk.identity.person.member
        in one.members_at(desk.identity.place.delegation, desk.talks.size),
        "referred": referrals(desk, room),
    }


def _seats(desk: Desk, one: Group, room: str) -> list[dict[str, Any]]:
    """Return by delegation whom it has named, with how many desks of each read under the present keys (rule 1)."""
    roster, size, own = desk.talks.roster, desk.talks.size, desk.identity.place.delegation
    epoch = desk.epoch(room)
    reading = [roster.certificate(name) for name in (epoch.readers if epoch else ())]
    due = [roster.certificate(name) for name in groups.readers(one, roster, size)]
    found = []
    for delegation, name in names.delegations(desk).items():
        named = one.members_at(delegation, size)
        leaving = {
            each.member for each in reading if each and not each.guest and each.delegation == delegation
        } - set(named)
        members = []
        for member in [*named, *sorted(leaving)]:
            known = roster.book.members[member]
            given = known.at(size) or (known.given[-1].accreditation if known.given else None)
            members.append(
                {
                    "id": member,
                    "name": given.name if given else member[:8],
                    "capacity": given.capacity if given else "",
                    "level": given.level if given else "",
                    "named": member in named,
                    "desks": sum(1 for each in reading if each and each.member == member),
                    "due": sum(1 for each in due if each and each.member == member),
                    "self": member == desk.identity.person.member,
                }
            )
        found.append({"id": delegation, "name": name, "ours": delegation == own, "members": members})
    return found


def referrals(desk: Desk, room: str) -> list[dict[str, Any]]:
    """Return what was referred from a room or to it, as far as this desk reads where it arrived; the newest last.

    `up` says whether it came to a higher room, `in` whether it came to this one; `known` whether this desk, if it reads the
    source, holds what the hash names there.
    """
    found = [
        _told(desk, target, one)
        | {"in": target == room or (room == PLENARY and target == desk.rooms[PLENARY])}
        for target, held in _receiving(desk).items()
        for one in held.values()
        if room in (target, one.source) or (room == PLENARY and desk.rooms[PLENARY] in (target, one.source))
    ]
    return sorted(found, key=lambda one: int(one["since"]))


def _receiving(desk: Desk) -> dict[str, dict[str, Referral]]:
    """Return by room id what has been referred to each room that this desk reads."""
    talks = desk.talks
    here = {desk.rooms[PLENARY]: talks.plenary.referred}
    return here | {room: state.referred for room, state in talks.groups.items()}


def _told(desk: Desk, target: str, one: Referral) -> dict[str, Any]:
    """Return a referral as plain values."""
    return {
        "source": one.source,
        "from": called(desk, one.source),
        "target": target,
        "to": called(desk, target),
        "up": is_up(desk, one.source, target),
        "subject": one.subject.hex(),
        "title": one.title,
        "text": one.text,
        "language": one.language,
        "since": one.since,
        "known": is_known(desk, one.source, one.subject),
    }


def is_up(desk: Desk, source: str, target: str) -> bool:
    """Tell whether something that goes from one room to another goes up: to the plenary, or to a higher level."""
    held = desk.talks.plenary.groups.rooms
    if target not in held or source not in held:
        return target not in held
    return LEVELS.index(held[target].level) > LEVELS.index(held[source].level)


def reads(desk: Desk, room: str) -> bool:
    """Tell whether this desk has something of a group, or the keys to what is said there next."""
    epoch = desk.epoch(room)
    return room in desk.talks.groups or (epoch is not None and desk.epochs.secret(epoch.manifest) is not None)


def check_reads(desk: Desk, room: str) -> None:
    """Pass if this desk reads a room: of a group that it does not, it would say that nothing is there.

    Raises:
        LocalError: `group-not-begun`, `not-reader`.
    """
    if room != PLENARY and not reads(desk, room):
        if desk.epoch(room) is None:
            raise LocalError("group-not-begun")
        raise LocalError("not-reader", room="group")


def writes(desk: Desk, room: str) -> bool:
    """Tell whether this desk can do something in a group now: it reads it, its member is on the list, and it is open."""
    one = desk.talks.plenary.groups.rooms.get(room)
    named = one.members_at(desk.identity.place.delegation, desk.talks.size) if one else ()
    here = one is not None and one.closed is None and desk.identity.person.member in named
    return here and reads(desk, room)


def is_known(desk: Desk, source: str, subject: bytes) -> bool | None:
    """Tell whether this desk holds in a room what a hash names; None if it does not read that room."""
    if source not in (PLENARY, desk.rooms[PLENARY]) and not reads(desk, source):
        return None
    if subject in {digest for digest, _words in results(desk, source)}:
        return True
    # A text may have changed since it was referred.
    here = in_room(source, "") if source in desk.talks.plenary.groups.rooms else ""
    return any(
        version.instrument.digest == subject
        for name, known in (all_versions(desk) if subject else {}).items()
        if (name.startswith(here) if here else "/" not in name)
        for version in known
    )


def results(desk: Desk, room: str) -> list[tuple[bytes, str]]:
    """Return what a room has that can be referred, by hash and in words: texts, annexes, agreed items, what came to it."""
    state = desk.talks.room_state(desk.rooms.get(room, room))
    found = [
        (
            text.instrument.digest,
            _("Text: {title}").format(title=next(iter(text.instrument.titles.values()), name)),
        )
        for name, text in state.texts.items()
    ]
    found += [(one.file, _("Annex: {title}").format(title=one.title)) for one in state.annexes.values()]
    found += [
        (bytes.fromhex(name), _("Agenda item: {title}").format(title=one.title))
        for name, one in state.agenda.items()
        if one.agreed
    ]
    found += [
        (one.subject, _("Referred: {title}").format(title=one.title)) for one in state.referred.values()
    ]
    return found


def ours(desk: Desk, room: str) -> list[dict[str, Any]]:
    """Return the members of one's own delegation: whether each may sit in a group by level, and is named for it now.

    Raises:
        LocalError: `room-unknown`.
    """
    one, size, own = desk.talks.plenary.groups.room(room), desk.talks.size, desk.identity.place.delegation
    named = one.members_at(own, size)
    found = []
    for member in desk.talks.roster.book.members.values():
        given = member.at(size)
        if member.delegation != own or given is None:
            continue
        found.append(
            {
                "id": member.id,
                "name": given.name,
                "capacity": given.capacity,
                "level": given.level,
                "fits": groups.reaches(given.level, one.level),
                "named": member.id in named,
            }
        )
    return found


def subject_named(desk: Desk, room: str, word: str) -> bytes:
    """Return the hash that a word names among what a room has: whole words as `results` tells them, or a hash itself.

    Raises:
        LocalError: `subject-unknown`.
    """
    for digest, words in results(desk, room) if is_known(desk, room, b"") is not None else ():
        if word in (words, words.partition(": ")[2]) or (
            len(word) >= 8 and digest.hex().startswith(word.lower())
        ):
            return digest
    try:
        whole = bytes.fromhex(word)
    except ValueError:
        whole = b""
    if len(whole) != 32:
        raise LocalError("subject-unknown")
    return whole


def pending(desk: Desk, room: str = "") -> list[dict[str, Any]]:
    """Return the pending joint acts about groups in the plenary, or with `room` those of one group and about it.

    Each has `event`, `index`, `room` (where it is accepted), `what`, `marks` (a mark for every delegation) and `ours`.
    """
    own, delegations = desk.identity.place.delegation, names.delegations(desk)
    found = []
    for where, joint in waits.all_joint(desk):
        first = min(joint.accepted.values(), key=lambda one: one.index)
        line = names.line(desk.common, first.index)
        event = line.act.event if line.act else None
        about = {where, getattr(event, "room", ""), getattr(event, "source", "")}
        if event is None or (room not in about if room else where != PLENARY or event.name not in _ABOUT):
            continue
        found.append(
            {
                "event": event.name,
                "index": first.index,
                "room": where,
                "what": described(event, labels(desk, where)),
                "text": str(getattr(event, "mandate", "") or getattr(event, "text", "")),
                "language": str(getattr(event, "language", "")),
                "level": str(getattr(event, "level", "")),
                "marks": [
                    {"name": name, "accepted": one in joint.accepted} for one, name in delegations.items()
                ],
                "ours": own in joint.accepted,
            }
        )
    return sorted(found, key=lambda one: int(one["index"]))
