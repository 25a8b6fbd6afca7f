"""Events about meetings, from what people say: proposing, readiness, waiving, confirming, attendance, floor, minutes.

This module decides which record a word of a person means. It never decides whether the act stands.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping

from good_offices.clerk import names
from good_offices.clerk.meetings_view import conduct
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.convening import missing
from good_offices.talks.convening_rule import Condition, condition_name
from good_offices.talks.event import Level
from good_offices.talks.events_meetings import (
    AttendanceAnnounced,
    ConveningWaived,
    FloorGiven,
    MinutesProposed,
    SittingProposed,
    Zone,
)
from good_offices.talks.events_plenary import StatementMade
from good_offices.talks.sittings import next_turn


def proposed(  # noqa: PLR0913 # each is a field of the form
    desk: Desk,
    *,
    title: str,
    level: Level,
    start: int | None,
    end: int | None,
    zones: Iterable[tuple[str, str]],
    place: str = "",
    dates: str = "",
    items: Iterable[str] = (),
    room: str = "",
    chatham_house: bool = False,
    until: int | None = None,
) -> SittingProposed:
    """Return the event that proposes a sitting; items by their titles or numbers.

    Raises:
        LocalError: `item-unknown`, `time-unreadable`.
    """
    if start is None or end is None:
        raise LocalError("time-unreadable")
    return SittingProposed(
        level=level,
        title=title,
        start=start,
        end=end,
        room=room,
        agenda=tuple(bytes.fromhex(names.item(desk.talks.plenary, one)) for one in items),
        dates=dates,
        place=place,
        zones=tuple(Zone(place=where, zone=zone) for where, zone in zones),
        format="chatham-house" if chatham_house else "closed",
        until=until,
    )


def waivable(desk: Desk, sitting: bytes) -> tuple[Condition, ...]:
    """Return the conditions of which something is missing now (raises LocalError `sitting-unknown`)."""
    plenary = desk.talks.plenary
    one = plenary.meetings.sitting(sitting)
    lacking = missing(plenary, desk.talks.roster, one, time=int(time.time() * 1000))
    found: list[Condition] = []
    for each in lacking:
        if each.condition not in found:
            found.append(each.condition)
    return tuple(found)


def waived(desk: Desk, sitting: bytes, kinds: Iterable[str], until: int | None = None) -> ConveningWaived:
    """Return the event that waives what is missing of conditions of these kinds.

    Raises:
        LocalError: `sitting-unknown`, `condition-unknown` if nothing of a kind is missing.
    """
    wanted = list(kinds)
    held = waivable(desk, sitting)
    chosen = tuple(one for one in held if condition_name(one) in wanted)
    if not chosen or {condition_name(one) for one in chosen} != set(wanted):
        raise LocalError("condition-unknown")
    return ConveningWaived(sitting=sitting, conditions=chosen, until=until)


def attending(
    desk: Desk, sitting: bytes, members: Iterable[str], advisers: Iterable[str]
) -> AttendanceAnnounced:
    """Return the event that announces members and advisers by their names; nobody named is this desk's own member.

    Raises:
        LocalError: `member-unknown`.
    """
    who = tuple(names.member(desk, one) for one in members) or (desk.identity.person.member,)
    return AttendanceAnnounced(
        sitting=sitting, members=who, advisers=tuple(names.member(desk, one) for one in advisers)
    )


def given(desk: Desk, sitting: bytes) -> FloorGiven:
    """Return the event that gives the floor to whose turn it is, to nobody if nobody waits."""
    one = desk.talks.plenary.meetings.sitting(sitting)
    due = next_turn(conduct(desk, sitting), desk.talks.roster, one, desk.common.ledger.size)
    return FloorGiven(sitting=sitting, member=due.member if due else "")


def spoken(desk: Desk, sitting: bytes, text: str, language: str) -> StatementMade:
    """Return the event of a statement in a sitting, under the item that is under discussion."""
    return StatementMade(text=text, language=language, item=conduct(desk, sitting).item, sitting=sitting)


def minutes(sitting: bytes, words: Mapping[str, str], until: int | None = None) -> MinutesProposed:
    """Return the event that proposes a procès-verbal; languages without words are left out."""
    said = {tag: text.strip() for tag, text in words.items() if text.strip()}
    return MinutesProposed(sitting=sitting, words=said, until=until)
