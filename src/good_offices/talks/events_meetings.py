"""The events of meetings: convening a sitting, what is expected of it, and what happens in it.

This module decides their forms (spec/meetings.md). It never decides whether one has effect.

1. A sitting is named by the content of its proposal: 32 bytes.
2. Dates, places and time zones are their author's words and claims; no clock is asked.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from good_offices.encoding import Record
from good_offices.talks.convening_rule import Condition
from good_offices.talks.event import Acceptable, Happened, Level


class Zone(Record, frozen=True, kw_only=True):
    """A place from which people come or meet, in words, and its time zone by its IANA name."""

    place: str
    zone: str


class SittingProposed(Acceptable, frozen=True, kw_only=True):
    """A sitting is proposed; `start` and `end` are claimed milliseconds, `agenda` names items, no `place` is at a distance.

    `room` is the id of a group, empty for the plenary. The first of `zones` is that of the meeting's place.
    """

    level: Level
    title: str
    start: int
    end: int
    room: str = ""
    agenda: tuple[bytes, ...] = ()
    dates: str = ""
    place: str = ""
    zones: tuple[Zone, ...] = ()
    format: Literal["closed", "chatham-house"] = "closed"


class SittingAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the sitting whose proposal has this content hash."""

    sitting: bytes


class SittingWithdrawn(Happened, frozen=True, kw_only=True):
    """A delegation steps back from a sitting that is not convened: alone, and without a reason."""

    sitting: bytes


class ReadinessDeclared(Happened, frozen=True, kw_only=True):
    """The head of a delegation declares readiness for a sitting, or takes it back."""

    sitting: bytes
    ready: bool = True


class ConveningWaived(Acceptable, frozen=True, kw_only=True):
    """All waive these conditions of the convening rule for one sitting."""

    sitting: bytes
    conditions: tuple[Condition, ...]


class SittingConvened(Acceptable, frozen=True, kw_only=True):
    """A delegation confirms a sitting; confirmed by all, it is convened."""

    sitting: bytes


class ExpectationsSealed(Happened, frozen=True, kw_only=True):
    """A delegation has sealed what it expects of a sitting: the hash of what it deposits in the host's box.

    With `key`, an X-Wing public key, its words come in a paper that nobody signs, sealed to this key; the deposit opens it.
    """

    sitting: bytes
    attempt: int
    hash: bytes
    key: bytes = b""


class SittingOpened(Acceptable, frozen=True, kw_only=True):
    """All open a convened sitting."""

    sitting: bytes


class AttendanceAnnounced(Happened, frozen=True, kw_only=True):
    """Who sits for the author's delegation, and its advisers, by member ids; it replaces its last announcement."""

    sitting: bytes
    members: tuple[str, ...]
    advisers: tuple[str, ...] = ()


class ItemTakenUp(Acceptable, frozen=True, kw_only=True):
    """All go to an item of the sitting's agenda."""

    sitting: bytes
    item: bytes


class FloorRequested(Happened, frozen=True, kw_only=True):
    """The author asks for the floor, or no longer does."""

    sitting: bytes
    wanted: bool = True


class FloorGiven(Happened, frozen=True, kw_only=True):
    """The floor goes to whose turn it is, by member id; to nobody (empty) if nobody waits."""

    sitting: bytes
    member: str


class SittingSuspended(Happened, frozen=True, kw_only=True):
    """A delegation suspends a sitting; agenda item, floor and order stay."""

    sitting: bytes


class SittingResumed(Acceptable, frozen=True, kw_only=True):
    """All resume a suspended sitting, where it stood."""

    sitting: bytes


class SittingClosed(Acceptable, frozen=True, kw_only=True):
    """All close a sitting; one that was not opened does not take place."""

    sitting: bytes


class MinutesProposed(Acceptable, frozen=True, kw_only=True):
    """A procès-verbal of a sitting is proposed, in words by language."""

    sitting: bytes
    words: dict[str, str]


class MinutesAgreed(Acceptable, frozen=True, kw_only=True):
    """A delegation agrees the procès-verbal whose proposal has this content hash."""

    sitting: bytes
    minutes: bytes


MeetingsEvent: TypeAlias = (
    SittingProposed
    | SittingAccepted
    | SittingWithdrawn
    | ReadinessDeclared
    | ConveningWaived
    | SittingConvened
    | ExpectationsSealed
    | SittingOpened
    | AttendanceAnnounced
    | ItemTakenUp
    | FloorRequested
    | FloorGiven
    | SittingSuspended
    | SittingResumed
    | SittingClosed
    | MinutesProposed
    | MinutesAgreed
)
