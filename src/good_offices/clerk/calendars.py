"""Sittings and confirmed conditions as an iCalendar file (RFC 5545), with the time zones of all concerned.

This module decides what stands in a calendar and how sure it is. It sends nothing: the file is for the member's own calendar, and whoever
syncs that elsewhere shows it there.

1. A sitting that is convened is confirmed, an earlier one tentative. A condition is shown when it has times, the host has
   confirmed it or offers others, and no later request stands in its place; an offered change is tentative.
2. Times are given in the first zone of the sitting, so that a calendar keeps them if the zone's rules change; the
   description has them in every zone that the sitting names. What belongs to no sitting is in UTC.
3. An event keeps its id from one export to the next; its sequence is the number of what it is made of.
4. A zone that this machine does not know keeps nothing out of the file: anybody can name one. Its times are in UTC, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from icalendar import Calendar as File
from icalendar import Event as Entry

from good_offices.clerk import conditions, meetings_view
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.locale.moments import moment

_PRODUCT: Final = "-//Good Offices//goodoffices//EN"
_UTC: Final = (("UTC", "UTC"),)


class Meant(NamedTuple):
    """What stands in a calendar; times in milliseconds since 1970, `zones` as pairs of place and IANA name, the own first."""

    uid: str
    title: str
    start: int
    end: int | None
    zones: tuple[tuple[str, str], ...]
    place: str = ""
    words: str = ""
    certain: bool = True
    sequence: int = 0


def meant(desk: Desk) -> list[Meant]:
    """Return the sittings and the conditions that belong in a calendar, in the order of their times (rule 1)."""
    found, zones = [], {}
    for key in desk.talks.plenary.meetings.sittings:
        one = meetings_view.calendar(desk, bytes.fromhex(key))
        zones[key] = one.zones or _UTC
        found.append(
            Meant(one.uid, one.title, one.start, one.end, one.zones or _UTC, one.place, certain=one.convened)
        )
    for request in conditions.state(desk)["requests"]:
        if not request["replaced"]:
            found += _conditions(desk, request, zones.get(request["sitting"], _UTC))
    return sorted(found, key=lambda one: (one.start, one.uid))


def calendar(entries: Sequence[Meant], now: int) -> bytes:
    """Return an iCalendar file of entries, made at a time (ms)."""
    file = File()
    file.add("prodid", _PRODUCT)
    file.add("version", "2.0")
    for one in entries:
        file.add_component(_entry(one, now))
    file.add_missing_timezones()
    return bytes(file.to_ical())


def in_zones(milliseconds: int, zones: Iterable[tuple[str, str]]) -> list[str]:
    """Return a moment in every zone, a line for each, as `Verin: 2027-03-01 10:00 (Europe/Zurich)` (rule 4)."""
    found = []
    for place, name in zones:
        at = _at(milliseconds, name)
        called = (
            name if name == "UTC" or at.tzinfo is not UTC else _("UTC; this computer does not know {zone}")
        )
        found.append(f"{place}: {at:%Y-%m-%d %H:%M} ({called.format(zone=name)})")
    return found


def _conditions(desk: Desk, request: dict[str, Any], zones: tuple[tuple[str, str], ...]) -> list[Meant]:
    """Return the items of a request that have times and that the host has confirmed or would change (rule 1)."""
    talks = desk.identity.place.talks.hex()[:16]
    found = []
    for one in request["items"]:
        answer = one["answer"]
        if answer is None or answer["says"] == "declined":
            continue
        times = answer if answer["begins_ms"] is not None else one
        if times["begins_ms"] is None:
            continue
        confirmed = answer["says"] == "confirmed"
        words = (
            one["words"]
            if not answer["words"]
            else f"{one['words']}\n{answer['says_words']}: {answer['words']}"
        )
        found.append(
            Meant(
                uid=f"condition-{request['number']}-{one['key']}@{talks}.goodoffices",
                title=one["kind_words"]
                if confirmed
                else _("{kind} (offered)").format(kind=one["kind_words"]),
                start=times["begins_ms"],
                end=times["ends_ms"],
                zones=zones,
                words=words,
                certain=confirmed,
                sequence=request["answer"],
            )
        )
    return found


def _entry(one: Meant, now: int) -> Entry:
    """Return one event (rules 2 and 3)."""
    entry = Entry()
    zone = one.zones[0][1]
    entry.add("uid", one.uid)
    entry.add("dtstamp", moment(now))
    entry.add("summary", one.title)
    entry.add("dtstart", _at(one.start, zone))
    if one.end is not None:
        entry.add("dtend", _at(one.end, zone))
    if one.place:
        entry.add("location", one.place)
    lines = [*([one.words] if one.words else []), *in_zones(one.start, one.zones)]
    entry.add("description", "\n".join(lines))
    entry.add("status", "CONFIRMED" if one.certain else "TENTATIVE")
    entry.add("sequence", one.sequence)
    entry.add("class", "CONFIDENTIAL")
    return entry


def _at(milliseconds: int, zone: str) -> datetime:
    """Return a moment in a time zone, in UTC if this machine does not know it (rule 4)."""
    if zone == "UTC":
        return moment(milliseconds)
    try:
        return moment(milliseconds).astimezone(ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return moment(milliseconds)
