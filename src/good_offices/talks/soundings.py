"""The state of the sounding room, and what a desk asks of it. See spec/soundings.md sections 2, 3, 9 and 10.

This module decides which soundings there are, which run of each is under way, what has been said in it and what is to be
said next. It never judges a message, and never knows what was sounded out.

1. A sounding holds all that its context is made of, so that every desk has the same ctx for every attempt.
2. The occurrences of standing lists are soundings from the moment the calendar is held by all; each is put into the state
   when something happens in it, for there may be thousands in which nothing ever does.
3. Messages are kept as the entries that carry them: the archive has the bytes.
4. A box belongs to the attempt whose ctx and number give its id. An attempt has a known number of boxes.
5. No clock: whether a sounding is over is asked with a time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import field

from good_offices.encoding import Record, pack, unpack
from good_offices.register.box import Reason, Release, box_id
from good_offices.soundings.context import MOST_ATTEMPTS, Context, Kind, Listed, Party, boxes_of, steps_of
from good_offices.talks.credentials import room_id
from good_offices.talks.events_sounding import CALENDAR_LIMIT, Calendar
from good_offices.talks.joint import Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.state import Item, State
from good_offices.text.tables import put

Outcome: TypeAlias = Literal["running", "opened", "void"]
Begun: TypeAlias = Literal["opened", "repeated", "standing"]

_OPENED: Final = b"good-offices/v1/sounding\x00"
_STANDING: Final = b"good-offices/v1/standing\x00"
FIGURES: Final = 1
# For the deposits of a run its pace counts; for figures, that the other side may have to ask its capital.
WAIT: Final = 10
FIGURES_WAIT: Final = 7 * 24 * 60 * 60 * 1_000


class Message(Record, frozen=True, kw_only=True):
    """The message of a step so far: its pieces by the indices and act hashes of the entries that carry them."""

    step: int
    pieces: int
    entries: tuple[int, ...]
    acts: tuple[bytes, ...]

    @property
    def whole(self) -> bool:
        """Whether all pieces are there."""
        return len(self.entries) == self.pieces


class Answer(Record, frozen=True, kw_only=True):
    """What a delegation has said in an attempt, and by which desk."""

    author: bytes
    messages: tuple[Message, ...] = ()

    def message(self, step: int) -> Message | None:
        """Return the message of a step, if any of it is there."""
        return next((one for one in self.messages if one.step == step), None)

    def has(self, step: int) -> bool:
        """Tell whether the message of a step is there whole."""
        one = self.message(step)
        return one is not None and one.whole


class Attempt(Record, frozen=True, kw_only=True):
    """One attempt: its ctx (64 bytes), since which entry, what was said, and how many of its boxes were opened.

    `committed` has the hashes of deposits that delegations have committed to by an act, under `number/delegation`.
    """

    ctx: bytes
    since: int
    answers: dict[str, Answer] = field(default_factory=dict)
    committed: dict[str, bytes] = field(default_factory=dict)
    opened: int = 0
    ended: int | None = None


class Sounding(Item, frozen=True, kw_only=True):
    """A sounding, by all that its context is made of; `sponsor` is empty unless one delegation opened it."""

    id: bytes
    list_hash: bytes
    kind: Kind
    size: int
    chunk: int
    begun: Begun
    sponsor: str = ""
    index: int
    closes: int
    pace: int
    until: int
    parties: tuple[Party, ...]
    manifest: bytes
    head_size: int
    head_root: bytes
    outcome: Outcome = "running"
    attempts: tuple[Attempt, ...] = ()

    @property
    def attempt(self) -> int:
        """The number of the attempt under way, or of the last one."""
        return len(self.attempts) - 1

    @property
    def delegations(self) -> tuple[str, ...]:
        """The delegations by place."""
        return tuple(one.delegation for one in self.parties)

    @property
    def boxes(self) -> int:
        """How many boxes a run has (spec/soundings.md sections 5 to 8), the opening of figures apart."""
        return boxes_of(self.size, self.chunk)

    @property
    def boxes_known(self) -> int:
        """How many boxes there can be: of a range one more, for the figures."""
        return self.boxes + (1 if self.kind == "range" else 0)

    def wait(self, number: int) -> int:
        """Return how long the host waits for the deposits of a box, in milliseconds (R-87)."""
        return FIGURES_WAIT if self.kind == "range" and number == FIGURES else WAIT * self.pace

    def release(self, number: int) -> Release:
        """Return what is deposited in a box."""
        sealed = (self.kind == "packages" and number == 0) or (self.kind == "range" and number == FIGURES)
        return "sealed" if sealed else "scalars"

    @property
    def course(self) -> Mapping[int, tuple[int, ...]]:
        """Every step in order, with the places that answer it."""
        return steps_of(self.kind, len(self.parties))

    def steps(self, place: int) -> tuple[int, ...]:
        """Return the steps that a place answers, in order."""
        return tuple(step for step, places in self.course.items() if place in places)

    def takers(self, step: int) -> tuple[int, ...]:
        """Return the places that answer a step; none if the run has no such step."""
        return self.course.get(step, ())

    def said(self, place: int, step: int, attempt: int | None = None) -> Message | None:
        """Return the message of a place in a step, of the last attempt if none is given, so far as it is there."""
        answers = self.attempts[self.attempt if attempt is None else attempt].answers
        answer = answers.get(self.parties[place].delegation)
        return answer.message(step) if answer else None

    def is_whole(self, step: int) -> bool:
        """Tell whether all messages of a step of the last attempt are there."""
        return all((one := self.said(place, step)) is not None and one.whole for place in self.takers(step))

    def due(self, place: int) -> tuple[int, int] | None:
        """Return the step and piece that a place can answer now, if any: all earlier messages are there (R-82)."""
        if self.outcome != "running":
            return None
        for step in self.steps(place):
            said = self.said(place, step)
            if said is not None and said.whole:
                continue
            before = range(1, step)
            ready = all(self.is_whole(one) for one in before)
            return (step, len(said.entries) if said else 0) if ready else None
        return None

    def commitment(self, number: int, delegation: str) -> bytes | None:
        """Return the hash of what a delegation deposits in a box of the last attempt, if it has committed to any."""
        return self.attempts[-1].committed.get(f"{number}/{delegation}")

    def is_said(self) -> bool:
        """Tell whether all messages of the attempt under way are there, so that boxes may be committed to."""
        return all(self.is_whole(step) for step in self.course)

    def standing(self, time: int) -> Literal["running", "opened", "void", "over"]:
        """Return how a sounding stands at a time (ms): `over` is a run that can no longer be answered (R-84)."""
        return "over" if self.outcome == "running" and time >= self.until else self.outcome


class Offered(Item, frozen=True, kw_only=True):
    """A list that has had a run, with the times of the first."""

    listed: Listed = field(name="list")


class Held(Item, frozen=True, kw_only=True):
    """A calendar: who holds it, and once all do, what its soundings' contexts are made of."""

    talks: bytes
    calendar: bytes
    held: dict[str, int] = field(default_factory=dict)
    index: int | None = None
    parties: tuple[Party, ...] = ()
    manifest: bytes = b""
    head_root: bytes = b""


class Box(Item, frozen=True, kw_only=True):
    """A box to which somebody has committed: the commits by delegation, and how it ended, by which entry."""

    sounding: bytes
    attempt: int
    number: int
    wait: int
    commits: dict[str, bytes]
    entries: dict[str, int]
    ended: int | None = None
    end: Literal["", "open", "void"] = ""
    reason: Reason | None = None


class SoundingState(State, frozen=True, kw_only=True):
    """Everything that the rules of the sounding room need to know; by id, list hash, content, and box id, as hex."""

    soundings: dict[str, Sounding] = field(default_factory=dict)
    lists: dict[str, Offered] = field(default_factory=dict)
    joint: dict[str, Joint] = field(default_factory=dict)
    calendars: dict[str, Held] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)

    def find(self, sounding: bytes) -> Sounding | None:
        """Return a sounding by its id, occurrences of standing lists among them."""
        known = self.soundings.get(sounding.hex())
        if known is not None:
            return known
        for held in self.calendars.values():
            at = _occurrences(held.calendar).get(sounding) if held.index is not None else None
            if at is not None:
                return _occurrence(held, *at)
        return None

    def every(self) -> Iterator[Sounding]:
        """Yield all soundings, those of standing lists among them, whether or not anybody has answered yet."""
        yield from self.soundings.values()
        for held in self.calendars.values():
            if held.index is not None:
                circumstances = (
                    held.talks,
                    held.calendar,
                    held.index,
                    held.parties,
                    held.manifest,
                    held.head_root,
                )
                yield from (one for one in _untouched(*circumstances) if one.id.hex() not in self.soundings)

    def listed(self, sounding: Sounding) -> Listed:
        """Return the list of a sounding with its own times."""
        found = self.lists[sounding.list_hash.hex()].listed
        return msgspec.structs.replace(
            found, closes=sounding.closes, pace=sounding.pace, until=sounding.until
        )

    def box(self, sounding: Sounding, number: int, attempt: int | None = None) -> Box | None:
        """Return a box of an attempt, the last if none is given, if somebody has committed to it."""
        ctx = sounding.attempts[sounding.attempt if attempt is None else attempt].ctx
        return self.boxes.get(box_id(ctx, number).hex())

    def which(self, box: bytes) -> tuple[Sounding, int, int] | None:
        """Return the sounding, the attempt and the number of a box, if it is of any."""
        known = self.boxes.get(box.hex())
        if known is not None:
            return self.soundings[known.sounding.hex()], known.attempt, known.number
        for sounding in self.soundings.values():
            for attempt, one in enumerate(sounding.attempts):
                number = _numbers(one.ctx, sounding.boxes_known).get(box)
                if number is not None:
                    return sounding, attempt, number
        return None


def context(roster: RosterState, sounding: Sounding, attempt: int) -> Context:
    """Return the context of an attempt (spec/soundings.md section 3)."""
    return _context(roster.talks, sounding, attempt)


def answering(roster: RosterState, sounding: Sounding, delegation: str, size: int) -> bytes | None:
    """Return the one desk that may answer for a delegation at a size of the register; None if several may (R-83)."""
    answer = sounding.attempts[-1].answers.get(delegation)
    return answer.author if answer else roster.duty_desk(delegation, size)


def opened_id(act: bytes) -> bytes:
    """Return the id of a sounding that an act began: 32 bytes (spec/soundings.md section 2.3)."""
    return hashlib.sha256(_OPENED + act).digest()


def standing_id(calendar: bytes, number: int, occurrence: int) -> bytes:
    """Return the id of an occurrence of a standing list: 32 bytes (spec/soundings.md section 2.5)."""
    place = number.to_bytes(4) + occurrence.to_bytes(4)
    return hashlib.sha256(_STANDING + hashlib.sha256(calendar).digest() + place).digest()


def started(talks: bytes, sounding: Sounding, index: int) -> Sounding:
    """Return a sounding with its next attempt, which begins at an entry; after the last one, void (R-86)."""
    number = len(sounding.attempts)
    if number == MOST_ATTEMPTS:
        return msgspec.structs.replace(sounding, outcome="void")
    ctx = hashlib.sha512(pack(_context(talks, sounding, number))).digest()
    return msgspec.structs.replace(sounding, attempts=(*sounding.attempts, Attempt(ctx=ctx, since=index)))


def with_sounding(state: SoundingState, sounding: Sounding) -> dict[str, Sounding]:
    """Return the table of soundings with this one in its place."""
    return put(state.soundings, {sounding.id.hex(): sounding})


@lru_cache(maxsize=8)
def read_calendar(calendar: bytes) -> Calendar:
    """Return the calendar that bytes stand for; `talks.sounding_acts` has checked those in the state.

    Raises:
        RemoteError: `too-large`, `not-canonical`, `text-not-plain`.
    """
    return unpack(calendar, Calendar, what="the calendar", limit=CALENDAR_LIMIT)


@lru_cache(maxsize=8)
def _occurrences(calendar: bytes) -> dict[bytes, tuple[int, int]]:
    """Return the ids of all occurrences with list and number, in order."""
    return {
        standing_id(calendar, number, occurrence): (number, occurrence)
        for number, one in enumerate(read_calendar(calendar).lists)
        for occurrence in range(one.times)
    }


def _occurrence(held: Held, number: int, occurrence: int) -> Sounding:
    """Return an occurrence in which nothing has happened yet."""
    one = read_calendar(held.calendar).lists[number]
    assert held.index is not None  # only calendars that all hold have occurrences
    later = occurrence * one.every
    fresh = Sounding(
        id=standing_id(held.calendar, number, occurrence),
        list_hash=one.listed.hash,
        kind=one.listed.kind,
        size=one.listed.size,
        chunk=one.listed.chunk,
        begun="standing",
        index=held.index,
        closes=one.listed.closes + later,
        pace=one.listed.pace,
        until=one.listed.until + later,
        parties=held.parties,
        manifest=held.manifest,
        head_size=held.index,
        head_root=held.head_root,
    )
    return started(held.talks, fresh, held.index)


# A desk asks for all of them at every beat; there may be ten thousand, and a context is packed and hashed for each.
@lru_cache(maxsize=4)
def _untouched(
    talks: bytes, calendar: bytes, index: int, parties: tuple[Party, ...], manifest: bytes, head_root: bytes
) -> tuple[Sounding, ...]:
    """Return all occurrences of a calendar, as they are before anything has happened in them."""
    held = Held(
        talks=talks,
        calendar=calendar,
        index=index,
        parties=parties,
        manifest=manifest,
        head_root=head_root,
    )
    return tuple(_occurrence(held, *at) for at in _occurrences(calendar).values())


@lru_cache(maxsize=256)
def _numbers(ctx: bytes, count: int) -> dict[bytes, int]:
    """Return the ids of all boxes of an attempt."""
    return {box_id(ctx, number): number for number in range(count)}


def _context(talks: bytes, sounding: Sounding, attempt: int) -> Context:
    """Return the context of an attempt in the sounding room of these talks."""
    return Context(
        talks=talks,
        room=room_id("sounding", talks),
        manifest=sounding.manifest,
        sounding=sounding.id,
        attempt=attempt,
        kind=sounding.kind,
        list_hash=sounding.list_hash,
        size=sounding.size,
        chunk=sounding.chunk,
        closes=sounding.closes,
        parties=list(sounding.parties),
        head_size=sounding.head_size,
        head_root=sounding.head_root,
    )
