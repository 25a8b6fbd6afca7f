"""A text as one reader sees it now: what is pending on each provision, what the reader may do.

This module decides which acts are open to a reader by credentials and by where the talks stand. The rules are asked again
when an act is made.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from good_offices import locale
from good_offices.chancery import addresses
from good_offices.chancery.text.kept import Shelf, shelf, view
from good_offices.clerk import groups_view, names
from good_offices.clerk.provisions import Called, called, in_room
from good_offices.desk.desk import Desk
from good_offices.talks.joint import Joint
from good_offices.talks.rules import RULES
from good_offices.text.state import Proposal, Stance, TextState

_MOST_COLUMNS: Final = 3


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
    stances: Mapping[str, list[Stance]]
    joints: Mapping[str, list[Joint]]
    amendments: Mapping[str, Joint]
    powers: frozenset[str]
    open_to_acts: bool
    numbered: bool
    room: str = "plenary"

    @property
    def id(self) -> str:
        """The text's id."""
        return self.text.instrument.id

    @property
    def key(self) -> str:
        """The text's name among those of all rooms, as the chronicle has it."""
        return key_of(self.text, self.room)

    @property
    def place(self) -> str:
        """The address of the text."""
        return f"{addresses.texts(self.room)}/{self.id}"

    def may(self, event: str) -> bool:
        """Tell whether the reader's credentials let an event be done in this room."""
        rule = RULES[event]
        here = ("plenary" if self.room == "plenary" else "group") in rule.rooms
        return here and self.open_to_acts and (rule.power is None or rule.power in self.powers)

    def waits_for(self, joint: Joint) -> list[str]:
        """Return the names of the delegations whose acceptance a joint act still needs."""
        return [self.names[one] for one in self.desk.talks.roster.expected if one not in joint.accepted]


def languages_of(text: TextState) -> tuple[str, ...]:
    """Return the languages of a text: the authentic ones in their order, then others by their tags."""
    authentic = text.instrument.authentic
    others = {language for unit in text.instrument.units for language in unit.texts} - set(authentic)
    return (*authentic, *sorted(others))


def chosen_languages(desk: Desk, text: TextState, room: str = "plenary") -> tuple[str, ...]:
    """Return the languages in which this desk's reader wants to see a text; without a choice, as many as have room."""
    there = languages_of(text)
    wanted = view(desk, key_of(text, room)).get("languages", ())
    return tuple(one for one in there if one in wanted) or there[:_MOST_COLUMNS]


def key_of(text: TextState, room: str) -> str:
    """Return a text's name among those of all rooms."""
    name = text.instrument.id
    return name if room == "plenary" else in_room(room, name)


def sheet(
    desk: Desk, text: TextState, lines: list[Any], languages: Iterable[str] = (), room: str = "plenary"
) -> Sheet:
    """Return a text of a room as its reader sees it; `lines` are the entries of the common record."""
    kept = shelf(desk)
    kept.read(desk.common.readings, lines)
    state, person = names.state(desk, room), desk.identity.person
    stances: dict[str, list[Stance]] = {}
    for stance in text.stances.values():
        stances.setdefault(stance.unit, []).append(stance)
    return Sheet(
        desk=desk,
        text=text,
        languages=tuple(languages) or languages_of(text),
        shelf=kept,
        names=names.delegations(desk),
        own=desk.identity.place.delegation,
        called=called(text.instrument, locale.language(), *chosen_languages(desk, text, room)),
        proposals=_proposals(text, kept, key_of(text, room)),
        stances=stances,
        joints=_joints(text, state.joint.values()),
        amendments=names.amendments(state, text.instrument.id),
        powers=frozenset(() if person.capital else person.powers),
        open_to_acts=desk.confirmed
        and not person.capital
        and state.course.standing not in ("broken-off", "concluded")
        and (room == "plenary" or groups_view.writes(desk, room)),
        numbered=bool(view(desk, key_of(text, room)).get("lines")),
        room=room,
    )


def _proposals(text: TextState, kept: Shelf, key: str) -> dict[str, list[Proposal]]:
    """Return the pending proposals of each provision, in the order in which they were made."""
    found: dict[str, list[Proposal]] = {}
    for one in text.proposals.values():
        if not one.fate:
            found.setdefault(one.unit, []).append(one)

    def made(one: Proposal) -> int:
        done = kept.chronicle.proposals.get((key, one.package or one.id))
        return done.index if done else 0

    for proposals in found.values():
        proposals.sort(key=made)
    return found


def _joints(text: TextState, pending: Iterable[Joint]) -> dict[str, list[Joint]]:
    """Return the joint acts that wait, amendments apart, by what they would change."""
    found: dict[str, list[Joint]] = {}
    prefix = f"{text.instrument.id}/"
    for joint in pending:
        for subject in joint.subjects if joint.event != "AmendmentProposed" else ():
            if subject.startswith(prefix):
                found.setdefault(subject.removeprefix(prefix), []).append(joint)
    return found
