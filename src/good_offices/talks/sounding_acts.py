"""What the acts of the sounding room do, and the host's box in it. See spec/soundings.md section 10.

This module decides whether an act of the sounding room stands and what it changes. It never judges a message or a
deposit beyond its form and its hash: every desk computes from the record whether they hold, the same everywhere.

1. A list has one run; again only if all want it, or as a standing list that all hold (R-81).
2. One desk of a delegation answers in an attempt, piece after piece, step after step (R-82, R-83).
3. An act whose claimed time is too late does not answer; no other clock counts (R-84).
4. Nothing is kept for confirmation here: an act without the power is void (R-80).
5. Entries of the box are of this room if the box is one of a sounding's. Their bodies are in clear, so everybody can hold
   the host to them; a box-void begins the next attempt (R-86, R-87).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

import msgspec

from good_offices.errors import LocalError
from good_offices.register.box import BoxCommit, BoxOpen, check_deposit
from good_offices.soundings.context import Listed, Party, check_list
from good_offices.talks import book as books
from good_offices.talks import joint as joints
from good_offices.talks.closing import Register
from good_offices.talks.entries import InBox
from good_offices.talks.events_roster import EpochsHandedOver
from good_offices.talks.events_sounding import (
    BINDS,
    PIECE,
    PIECES,
    Calendar,
    Recurring,
    SoundingAnswered,
    SoundingOpened,
    SoundingRepeated,
    StandingListsHeld,
)
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES
from good_offices.talks.soundings import (
    Answer,
    Begun,
    Box,
    Held,
    Message,
    Offered,
    Sounding,
    SoundingState,
    answering,
    opened_id,
    read_calendar,
    started,
    with_sounding,
)
from good_offices.talks.state import evolve
from good_offices.talks.verdict import AcceptanceExpired, Completed, Effect, Place
from good_offices.text.tables import put

SoundingStep: TypeAlias = tuple[SoundingState, tuple[Effect, ...]]
Handler: TypeAlias = Callable[[SoundingState, RosterState, Place, Any, Register], SoundingStep]

# Above this a calendar costs more to look through than anybody can mean: daily for 27 years.
OCCURRENCES: Final = 10_000
_LATEST: Final = 253_402_300_799_999  # 9999-12-31T23:59:59.999Z


def perform(
    state: SoundingState, roster: RosterState, place: Place, event: Any, register: Register
) -> SoundingStep:
    """Return the sounding room after an event that may happen there, and its effects (spec/soundings.md section 10).

    Raises:
        LocalError: `power-lacking`, and what the event's own rules say.
    """
    power = RULES[event.name].power
    if power is not None and (place.member is None or power not in place.member.powers):
        raise LocalError("power-lacking", power=power)
    return HANDLERS[event.name](state, roster, place, event, register)


def put_in_box(state: SoundingState, talks: bytes, index: int, content: InBox) -> SoundingState | None:
    """Return the sounding room after an entry of kind 5, 6 or 7; None if its box is of no sounding (R-86, R-87).

    Raises:
        LocalError: `sounding-attempt`, `box-ended`, `box-not-ready`, `box-differs`, `box-committed`.
        RemoteError: `too-large`, `box-deposit-differs`.
    """
    found = state.which(content.box)
    if found is None:
        return None
    sounding, attempt, number = found
    box = state.box(sounding, number, attempt)
    if box is not None and box.ended is not None:
        raise LocalError("box-ended")
    figures = number >= sounding.boxes
    wanted = "opened" if figures else "running"
    if attempt != sounding.attempt or sounding.outcome != wanted:
        raise LocalError("sounding-attempt", attempt=sounding.attempt)
    key = content.box.hex()
    if isinstance(content, BoxCommit):
        new = _committed(sounding, number, box, index, content)
        return evolve(state, boxes=put(state.boxes, {key: new}))
    if box is None:
        raise LocalError("box-not-ready")
    if isinstance(content, BoxOpen):
        _check_open(sounding, box, content)
        ended = msgspec.structs.replace(box, ended=index, end="open")
    else:
        ended = msgspec.structs.replace(box, ended=index, end="void", reason=content.reason)
    boxes = put(state.boxes, {key: ended})
    if figures:
        return evolve(state, boxes=boxes)
    after = _box_opened(sounding, index) if ended.end == "open" else _void(sounding, talks, index)
    return evolve(state, boxes=boxes, soundings=with_sounding(state, after))


# Where a sounding comes from.


def _opened(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingOpened, register: Register
) -> SoundingStep:
    """Open a sounding of a list that has had no run (R-81)."""
    _check_list(event.listed, len(roster.expected))
    if event.listed.hash.hex() in state.lists:
        raise LocalError("sounding-run-already")
    if place.time >= event.listed.closes:
        raise LocalError("sounding-over")
    return _begin(state, roster, place, event.listed, "opened", register), ()


def _repeated(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingRepeated, register: Register
) -> SoundingStep:
    """Accept that a list is sounded once more; when all have, it is (R-81)."""
    before = _known(state, event.sounding)
    listed = msgspec.structs.replace(state.listed(before), closes=event.closes, until=event.until)
    _check_list(listed, len(roster.expected))
    if place.time >= event.closes:
        raise LocalError("sounding-over")
    mine = Acceptance(index=place.index, act=place.act, author=place.author)
    fresh = Joint(
        event=event.name,
        content=event.content,
        subjects=("sounding/" + event.sounding.hex(),),
        accepted={place.delegation: mine},
    )
    table, joint, expired = joints.accept(
        state.joint, fresh, place.delegation, everyone=roster.expected, time=place.time
    )
    effects: tuple[Effect, ...] = tuple(
        AcceptanceExpired(content=joint.content, delegation=name) for name in expired
    )
    if not joints.complete(joint, roster.expected):
        return evolve(state, joint=table), effects
    rest = evolve(state, joint=put(table, {}, without=(joint.content.hex(),)))
    done = Completed(content=joint.content, event=joint.event)
    return _begin(rest, roster, place, listed, "repeated", register), (*effects, done)


def _standing(
    state: SoundingState, roster: RosterState, place: Place, event: StandingListsHeld, register: Register
) -> SoundingStep:
    """Hold a calendar; once all hold it, its occurrences are soundings (spec/soundings.md section 2.5)."""
    _check_desk(place, roster.duty_desk(place.delegation, place.index))
    key = hashlib.sha256(event.calendar).hexdigest()
    held = state.calendars.get(key)
    if held is None:
        check_calendar(read_calendar(event.calendar), len(roster.expected))
        held = Held(talks=roster.talks, calendar=event.calendar)
    if place.delegation in held.held:
        raise LocalError("sounding-answered")
    held = msgspec.structs.replace(held, held={**held.held, place.delegation: place.index})
    lists = state.lists
    if held.held.keys() == set(roster.expected):
        parties, manifest, head_root = _circumstances(roster, place, register)
        held = msgspec.structs.replace(
            held, index=place.index, parties=parties, manifest=manifest, head_root=head_root
        )
        new = {
            one.listed.hash.hex(): Offered(listed=one.listed) for one in read_calendar(event.calendar).lists
        }
        lists = put(lists, {name: one for name, one in new.items() if name not in lists})
    return evolve(state, lists=lists, calendars=put(state.calendars, {key: held})), ()


def _begin(
    state: SoundingState,
    roster: RosterState,
    place: Place,
    listed: Listed,
    begun: Begun,
    register: Register,
) -> SoundingState:
    """Return the state with a sounding that begins at this entry."""
    parties, manifest, head_root = _circumstances(roster, place, register)
    fresh = Sounding(
        id=opened_id(place.act),
        list_hash=listed.hash,
        kind=listed.kind,
        size=listed.size,
        chunk=listed.chunk,
        begun=begun,
        sponsor=place.delegation if begun == "opened" else "",
        index=place.index,
        closes=listed.closes,
        pace=listed.pace,
        until=listed.until,
        parties=parties,
        manifest=manifest,
        head_size=place.index,
        head_root=head_root,
    )
    key = listed.hash.hex()
    lists = state.lists if key in state.lists else put(state.lists, {key: Offered(listed=listed)})
    return evolve(
        state, lists=lists, soundings=with_sounding(state, started(roster.talks, fresh, place.index))
    )


def _circumstances(
    roster: RosterState, place: Place, register: Register
) -> tuple[tuple[Party, ...], bytes, bytes]:
    """Return what a context says of where its sounding began: parties, manifest, and root of the register before it."""
    parties = tuple(
        Party(delegation=name, root=roster.root(name).fingerprint) for name in sorted(roster.expected)
    )
    epoch = roster.book.epoch_at(roster.sounding, place.index)
    assert epoch is not None  # the act itself names an epoch of this room
    return parties, epoch.manifest, register.root(place.index)


def _check_list(listed: Listed, parties: int) -> None:
    """Pass if a list can be sounded among so many delegations (spec/soundings.md section 1)."""
    check_list(listed)
    if listed.kind != "options" and parties > 2:
        raise LocalError("sounding-list", why="packages and ranges are sounded between two")
    if listed.until > _LATEST:
        raise LocalError("sounding-list", why="a time that no clock can show")


def check_calendar(calendar: Calendar, parties: int) -> None:
    """Pass if all lists of a calendar can be sounded at all their times among so many delegations.

    spec/soundings.md section 2.5.

    Raises:
        LocalError: `sounding-list` with what is wrong; `text-not-plain`.
    """
    hashes = [one.listed.hash for one in calendar.lists]
    if not hashes or len(set(hashes)) < len(hashes):
        raise LocalError("sounding-list", why="a calendar has at least one list, and each once")
    if not 0 < sum(one.times for one in calendar.lists) <= OCCURRENCES:
        raise LocalError("sounding-list", why=f"a calendar has up to {OCCURRENCES} soundings")
    for one in calendar.lists:
        _check_list(one.listed, parties)
        _check_times(one)


def _check_times(one: Recurring) -> None:
    """Pass if a standing list comes at least once, and never again before it is over."""
    if one.times < 1 or one.every < (one.listed.until - one.listed.closes if one.times > 1 else 0):
        raise LocalError("sounding-list", why="a standing list comes again before it is over")
    if one.listed.until + one.times * one.every > _LATEST:
        raise LocalError("sounding-list", why="a time that no clock can show")


# What is said in a run.


def _answered(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingAnswered, _register: Register
) -> SoundingStep:
    """Take one piece of a message (R-82 to R-84)."""
    sounding = _known(state, event.sounding)
    if sounding.outcome != "running" or place.time >= sounding.until:
        raise LocalError("sounding-over")
    if event.attempt != sounding.attempt:
        raise LocalError("sounding-attempt", attempt=sounding.attempt)
    _check_desk(place, answering(roster, sounding, place.delegation, place.index))
    at = sounding.delegations.index(place.delegation)
    attempt = sounding.attempts[-1]
    answer = attempt.answers.get(place.delegation, Answer(author=place.author))
    if answer.has(event.step):
        raise LocalError("sounding-answered")
    due = sounding.due(at)
    if due is None or due[0] != event.step:
        raise LocalError("sounding-step", step=event.step)
    said = answer.message(event.step) or Message(step=event.step, pieces=event.pieces, entries=(), acts=())
    fits = (event.piece, event.pieces) == (due[1], said.pieces) and len(event.binds) == BINDS
    if not fits or not event.piece < event.pieces <= PIECES or not 0 < len(event.body) <= PIECE:
        raise LocalError("sounding-piece", piece=event.piece)
    more = msgspec.structs.replace(said, entries=(*said.entries, place.index), acts=(*said.acts, place.act))
    messages = (*(one for one in answer.messages if one.step != event.step), more)
    answers = {**attempt.answers, place.delegation: msgspec.structs.replace(answer, messages=messages)}
    last = msgspec.structs.replace(attempt, answers=answers)
    new = msgspec.structs.replace(sounding, attempts=(*sounding.attempts[:-1], last))
    return evolve(state, soundings=with_sounding(state, new)), ()


def _known(state: SoundingState, sounding: bytes) -> Sounding:
    """Return a sounding."""
    found = state.find(sounding)
    if found is None:
        raise LocalError("sounding-unknown")
    return found


def _check_desk(place: Place, only: bytes | None) -> None:
    """Pass if the author answers for its delegation (R-83); `only` is the desk that alone may, if there is one."""
    answers = place.member is not None and "agree" in place.member.powers
    if not (answers if only is None else place.author == only):
        raise LocalError("sounding-not-yours")


# The box.


def _committed(sounding: Sounding, number: int, box: Box | None, index: int, commit: BoxCommit) -> Box:
    """Return a box with one more commitment (spec/soundings.md section 9)."""
    if commit.parties != sounding.delegations or commit.release != sounding.release(number):
        raise LocalError("box-differs")
    if box is None:
        box = Box(
            sounding=sounding.id,
            attempt=sounding.attempt,
            number=number,
            wait=commit.wait,
            commits={},
            entries={},
        )
    if commit.delegation in box.commits:
        raise LocalError("box-committed")
    if commit.wait != box.wait:
        raise LocalError("box-differs")
    return msgspec.structs.replace(
        box,
        commits={**box.commits, commit.delegation: commit.hash},
        entries={**box.entries, commit.delegation: index},
    )


def _check_open(sounding: Sounding, box: Box, content: BoxOpen) -> None:
    """Pass if a box opens what all committed to; whether the scalars fit is computed by each desk (R-85)."""
    if box.commits.keys() != set(sounding.delegations) or len(content.deposits) != len(box.commits):
        raise LocalError("box-not-ready")
    for name, deposit in zip(sounding.delegations, content.deposits, strict=True):
        check_deposit(box.commits[name], deposit)


def _box_opened(sounding: Sounding, index: int) -> Sounding:
    """Return a sounding with one more box opened; with the last one the run ends (R-86)."""
    opened = sounding.attempts[-1].opened + 1
    done = opened == sounding.boxes
    last = msgspec.structs.replace(sounding.attempts[-1], opened=opened, ended=index if done else None)
    outcome = "opened" if done else sounding.outcome
    return msgspec.structs.replace(sounding, outcome=outcome, attempts=(*sounding.attempts[:-1], last))


def _void(sounding: Sounding, talks: bytes, index: int) -> Sounding:
    """Return a sounding whose attempt has ended without a result, with its next attempt (R-86)."""
    last = msgspec.structs.replace(sounding.attempts[-1], ended=index)
    ended = msgspec.structs.replace(sounding, attempts=(*sounding.attempts[:-1], last))
    return started(talks, ended, index)


def _epochs_handed_over(
    state: SoundingState,
    roster: RosterState,
    _place: Place,
    event: EpochsHandedOver,
    _register: Register,
) -> SoundingStep:
    """Check what a joiner receives of the sounding room (spec/rooms.md section 6)."""
    if event.room != roster.sounding:
        raise LocalError("room-unknown")
    books.check_handed_over(roster.book, event)
    return state, ()


HANDLERS: Final[Mapping[str, Handler]] = {
    "EpochsHandedOver": _epochs_handed_over,
    "SoundingOpened": _opened,
    "SoundingRepeated": _repeated,
    "StandingListsHeld": _standing,
    "SoundingAnswered": _answered,
}
