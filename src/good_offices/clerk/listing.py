"""Standing lists as the operator writes them: a TOML file, checked and made into the bytes of a calendar.

This module decides what such a file may hold (spec/soundings.md section 2.7). It signs nothing and knows no talks.

1. Reading is strict: an unknown field, a wrong type or a duration in other words is refused with its place.
2. A moment in the file is in a stated time zone; a duration for `first` counts from now. From a day on it ends at a full
   hour, since nobody means 12:07:31.
3. The first time lies ahead: marks for a list that is fixed already would be nobody's.
4. A calendar fits into one act, and all delegations of the talks can sound it.
"""

from __future__ import annotations

import re
import tomllib
from datetime import datetime
from importlib.resources import files
from typing import Any, Final

import msgspec

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.soundings.context import About, Kind, Listed, Option, Scale
from good_offices.talks.events_sounding import CALENDAR_LIMIT, Calendar, Recurring
from good_offices.talks.sounding_acts import check_calendar

FORMAT: Final = 1
# Canonical bytes are shorter than the file; this only ends what grows without bounds.
MAX_FILE: Final = 4 * 1024 * 1024
_SECOND: Final = 1_000
_HOUR: Final = 3_600 * _SECOND
_DAY: Final = 24 * _HOUR
_UNITS: Final = {"second": _SECOND, "minute": 60 * _SECOND, "hour": _HOUR, "day": _DAY, "week": 7 * _DAY}
_DURATION: Final = re.compile(r"([1-9][0-9]{0,6}) (second|minute|hour|day|week)s?")


class _List(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """One list of the file."""

    about: About
    subject: dict[str, str]
    # A moment or a duration: TOML tells a moment from words, so the type is asked for later.
    first: Any
    every: str
    times: int
    pace: str
    open: str
    kind: Kind = "options"
    chunk: int = 0
    options: list[Option] = []
    range: Scale | None = None


class _File(msgspec.Struct, forbid_unknown_fields=True, kw_only=True):
    """The file."""

    format: int
    lists: list[_List]


def willingness() -> str:
    """Return the file that comes with this release: willingness to meet at each level, monthly for a year."""
    return files("good_offices.clerk").joinpath("willingness.toml").read_text(encoding="utf-8")


def read_lists(text: str, now: int, *, parties: int = 2) -> Calendar:
    """Return the calendar that a file of standing lists stands for, at a time (ms), for talks of so many delegations.

    Raises:
        LocalError: `lists-file-invalid` (rules 1 to 4).
    """
    try:
        told = msgspec.convert(tomllib.loads(text), _File, strict=True)
    except tomllib.TOMLDecodeError as broken:
        raise LocalError("lists-file-invalid", why=f"it is not TOML ({broken})") from None
    except (msgspec.ValidationError, RecursionError) as broken:
        raise LocalError("lists-file-invalid", why=broken) from None
    if told.format != FORMAT:
        raise LocalError("lists-file-invalid", why=f"its format is not {FORMAT}")
    calendar = Calendar(lists=tuple(_recurring(one, at, now) for at, one in enumerate(told.lists, 1)))
    try:
        check_calendar(calendar, parties)
        size = len(pack(calendar))
    except GoodOfficesError as refused:
        raise LocalError("lists-file-invalid", why=refused) from refused
    if size > CALENDAR_LIMIT:
        raise LocalError(
            "lists-file-invalid", why=f"it has {size} bytes as a calendar, {CALENDAR_LIMIT} at most"
        )
    return calendar


def shown(calendar: Calendar, *languages: str) -> list[dict[str, Any]]:
    """Return the lists of a calendar for people: `subject`, `kind`, `size`, `first_ms`, `last_ms`, `every_ms`, `times`, `open_ms`."""
    return [
        {
            "subject": next((said[one] for one in languages if one in said), next(iter(said.values()), "")),
            "kind": one.listed.kind,
            "size": one.listed.size,
            "first_ms": one.listed.closes,
            "last_ms": one.listed.closes + (one.times - 1) * one.every,
            "every_ms": one.every,
            "times": one.times,
            "open_ms": one.listed.until - one.listed.closes,
        }
        for one in calendar.lists
        for said in (one.listed.subject,)
    ]


def _recurring(told: _List, at: int, now: int) -> Recurring:
    """Return one list with its times (rules 2 and 3)."""
    place = f"lists, number {at}"
    closes = _first(told.first, place, now)
    if closes <= now:
        raise LocalError("lists-file-invalid", why=f"{place}: the first time is over")
    listed = Listed(
        kind=told.kind,
        about=told.about,
        subject=told.subject,
        options=told.options,
        scale=told.range,
        chunk=told.chunk,
        closes=closes,
        pace=_duration(told.pace, f"{place}, pace"),
        until=closes + _duration(told.open, f"{place}, open"),
    )
    return Recurring(listed=listed, every=_duration(told.every, f"{place}, every"), times=told.times)


def _first(told: Any, place: str, now: int) -> int:
    """Return the first time of a list in milliseconds (rule 2)."""
    if isinstance(told, str):
        after = _duration(told, f"{place}, first")
        closes = now + after
        return -(-closes // _HOUR) * _HOUR if after >= _DAY else closes
    if not isinstance(told, datetime) or told.tzinfo is None:
        raise LocalError(
            "lists-file-invalid", why=f"{place}: the first time is a moment in a time zone, or a duration"
        )
    return round(told.timestamp() * 1000)


def _duration(words: str, place: str) -> int:
    """Return the milliseconds of words such as `30 days`."""
    found = _DURATION.fullmatch(words)
    if found is None:
        raise LocalError(
            "lists-file-invalid", why=f"{place}: a duration is a number and a unit, such as 30 days, 1 hour"
        )
    return int(found[1]) * _UNITS[found[2]]
