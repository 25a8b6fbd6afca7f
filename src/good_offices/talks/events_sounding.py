"""The events of the sounding room: what is sounded, and the messages of a run. See spec/soundings.md sections 2 and 10.

This module decides the forms. It never decides who answers or when: that is `talks.sounding_acts`.

1. A sounding is opened with its list, whole: what is sounded is known to all before anybody marks anything.
2. A message may be longer than an entry: it goes in pieces.
3. Standing lists are posted as the host's calendar, byte for byte, so that two delegations can hold the same.
"""

from __future__ import annotations

import hashlib
from typing import Final

from msgspec import field

from good_offices.encoding import Record, pack
from good_offices.soundings.context import Listed
from good_offices.talks.event import Happened

PIECE: Final = 480 * 1024
PIECES: Final = 64
BINDS: Final = 64
# A calendar is posted in one act.
CALENDAR_LIMIT: Final = PIECE


class Recurring(Record, frozen=True, kw_only=True):
    """A list that is sounded `times` times, each `every` milliseconds after the one before."""

    listed: Listed = field(name="list")
    every: int
    times: int


class Calendar(Record, frozen=True, kw_only=True, tag="good-offices/sounding-calendar/1", tag_field="form"):
    """Standing lists, as the host offers them (spec/soundings.md section 2.5)."""

    lists: tuple[Recurring, ...]


class SoundingOpened(Happened, frozen=True, kw_only=True):
    """A delegation opens a sounding of a list."""

    listed: Listed = field(name="list")


class SoundingRepeated(Happened, frozen=True, kw_only=True):
    """A delegation wants a list sounded once more, with these times; all must (spec/soundings.md section 2.4)."""

    sounding: bytes
    closes: int
    until: int

    @property
    def content(self) -> bytes:
        """The content hash that every delegation must accept: 32 bytes; `until` is part of it, not a time limit of it."""
        return hashlib.sha256(pack(self)).digest()


class StandingListsHeld(Happened, frozen=True, kw_only=True):
    """A delegation answers the lists of this calendar: the canonical bytes of a `Calendar`."""

    calendar: bytes


class SoundingAnswered(Happened, frozen=True, kw_only=True):
    """One piece of the message of one step of one attempt; `binds` is the hash of ctx and all messages before (64 bytes).

    So an author signs under which context, and after which messages, it said this: a message that does not hold convicts
    it before others (spec/soundings.md section 10).
    """

    sounding: bytes
    attempt: int
    step: int
    piece: int
    pieces: int
    binds: bytes
    body: bytes


class SoundingCommitted(Happened, frozen=True, kw_only=True):
    """A delegation commits to what it deposits in a box, by the hash that its entry of kind 5 names: nobody else can.

    Without this act such an entry is of no effect (spec/soundings.md R-87).
    """

    sounding: bytes
    attempt: int
    number: int
    hash: bytes


class SoundingGivenUp(Happened, frozen=True, kw_only=True):
    """A delegation cannot go on with an attempt: the next one begins, with fresh secrets."""

    sounding: bytes
    attempt: int


SoundingEvent = (
    SoundingOpened
    | SoundingRepeated
    | StandingListsHeld
    | SoundingAnswered
    | SoundingCommitted
    | SoundingGivenUp
)
