"""The silence procedure, as a screen and the command line tell it, and the events about it.

This module decides what is told of a proposal under silence and which events people mean. It never decides what becomes of it.

1. When the silence ends is told for one's own delegation and by its own clock; of the others only whether it still waits for them.
2. Whoever can break it is told so until it has ended, also after the hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from good_offices.clerk import groups_view, names
from good_offices.clerk import pending as waits
from good_offices.clerk.describing import described
from good_offices.clerk.drafting import bound
from good_offices.clerk.fixed import fixed
from good_offices.clerk.rooms_view import labels
from good_offices.clerk.signing import may
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.errors import LocalError
from good_offices.talks.event import Level
from good_offices.talks.events_silence import SilenceBroken, SilenceOpened
from good_offices.talks.silence import HOUR, how_lost
from good_offices.talks.silences import Silence, meant
from good_offices.text.model import Unit
from good_offices.text.state import TextState


def opening(
    text: TextState,
    units: Iterable[Unit],
    hours: int,
    *,
    level: Level = "experts",
    ad_referendum: bool = False,
    whole: bool = False,
    words: str = "",
    tag: str = "",
) -> SilenceOpened:
    """Return the event that puts provisions, or the whole text, under silence."""
    return SilenceOpened(
        instrument=text.instrument.id,
        units=() if whole else bound(units),
        level=level,
        ad_referendum=ad_referendum,
        digest=text.instrument.digest if whole else None,
        hours=hours,
        text=words,
        language=tag if words else "",
    )


def breaking(desk: Desk, entry: str, words: str = "", tag: str = "") -> SilenceBroken:
    """Return the event that breaks the silence opened at an entry.

    Raises:
        LocalError: `silence-unknown`, and as `names.act_at`.
    """
    event = names.event_at(desk, names.act_at(desk.common, entry).index)
    if not isinstance(event, SilenceOpened):
        raise LocalError("silence-unknown")
    return SilenceBroken(silence=event.content, text=words, language=tag if words else "")


def told(desk: Desk, text: TextState, room: str = "plenary") -> list[dict[str, Any]]:
    """Return the silences about a text of a room, the newest first (rules 1 and 2)."""
    found = [
        _told(desk, one, room)
        for one in names.state(desk, room).silences.values()
        if one.event.instrument == text.instrument.id
    ]
    return sorted(found, key=lambda one: -int(one["index"]))


def needs(desk: Desk, common: Sequence[Line]) -> list[dict[str, Any]]:
    """Return the silences of others that this delegation can still break (`clerk.needs`)."""
    return [
        {
            "kind": "silence",
            "what": one["what"],
            "by": [one["by"]],
            "index": one["index"],
            "since_ms": common[one["index"]].leaf.time_ms,
            "until_ms": one["ends_ms"],
            "text": one["text"],
            "room": room,
            "mine": one["may_break"],
        }
        for room, state in waits.states(desk).items()
        for each in state.silences.values()
        if each.fate == "open" and each.by != desk.identity.place.delegation
        for one in [_told(desk, each, room)]
        if one["fate"] == "open"
    ]


def _fate(desk: Desk, one: Silence, room: str) -> str:
    """Return what became of a silence; of an open one of a group also what the next act there will find (R-170)."""
    groups = desk.talks.plenary.groups.rooms
    if one.fate != "open" or room not in groups:
        return one.fate
    if groups[room].closed is not None:
        return "ended"
    return how_lost(names.state(desk, room), desk.talks.roster, room, one) or "open"


def _told(desk: Desk, one: Silence, room: str) -> dict[str, Any]:
    """Return a silence in words and values."""
    fate = _fate(desk, one, room)
    here = room == "plenary" or groups_view.writes(desk, room)
    own, named = desk.identity.place.delegation, names.delegations(desk)
    begun, ended = one.begun.get(own), names.event_at(desk, one.ended) if one.broken else None
    return {
        "content": one.event.content,
        "index": one.opened.index,
        "time_ms": names.line(desk.common, one.opened.index).leaf.time_ms,
        "text": one.event.instrument,
        "what": described(one.event, labels(desk, room)),
        "provisions": [
            {"label": each["label"], "words": each["words"], "same": each["same"]}
            for each in fixed(desk, meant(one.event), room)
        ],
        "whole": one.event.digest is not None,
        "by": named.get(one.by, one.by),
        "ours": one.by == own,
        "hours": one.event.hours,
        "fate": fate,
        "ended": one.ended,
        "ends_ms": None if begun is None else begun + one.event.hours * HOUR,
        "passed": own in one.passed,
        "waits_for": [
            named[who] for who in desk.talks.roster.expected if who != one.by and who not in one.passed
        ],
        "words": (one.event.language, one.event.text),
        "broken": named.get(one.broken, one.broken),
        "reason": ended.text if isinstance(ended, SilenceBroken) else "",
        "may_break": fate == "open" and here and may(desk, "SilenceBroken"),
    }


def concerns(desk: Desk, name: str, room: str = "plenary") -> bool:
    """Tell whether a text of a room has to do with silence: the modalities allow it, or something was put under it."""
    state = names.state(desk, room)
    current = state.modalities
    return bool(current and current.modalities.silence) or any(
        one.event.instrument == name for one in state.silences.values()
    )
