"""What is said in a run of a sounding: messages, commitments to boxes, and that an attempt is given up.

This module decides whether such an act stands (spec/soundings.md R-82 to R-84, R-87, R-88). It never judges a message: every desk
computes from the record whether it holds.

1. One desk of a delegation answers in an attempt, piece after piece, step after step (R-82, R-83).
2. An act whose claimed time is too late does not answer; no other clock counts (R-84).
3. A delegation commits to a box by an act: nobody can in its name (R-87).
4. An attempt is given up only as long as nothing of it can have left a desk for the host (R-88).
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from good_offices.errors import LocalError
from good_offices.register.tree import HASH
from good_offices.talks.closing import Register
from good_offices.talks.events_sounding import (
    BINDS,
    PIECE,
    PIECES,
    SoundingAnswered,
    SoundingCommitted,
    SoundingGivenUp,
)
from good_offices.talks.roster import RosterState
from good_offices.talks.soundings import (
    FIGURES,
    Answer,
    Message,
    Outcome,
    Sounding,
    SoundingState,
    answering,
    started,
    with_sounding,
)
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Effect, Place

SoundingStep: TypeAlias = tuple[SoundingState, tuple[Effect, ...]]


def answered(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingAnswered, _register: Register
) -> SoundingStep:
    """Take one piece of a message (R-82 to R-84)."""
    sounding = known(state, event.sounding)
    _check_answers(sounding, roster, place, event.attempt)
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


def announced(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingCommitted, _register: Register
) -> SoundingStep:
    """Take a delegation's commitment to a box (R-87)."""
    sounding = known(state, event.sounding)
    if sounding.kind == "range" and event.number == FIGURES:
        _check_attempt(sounding, event.attempt, "opened")
        check_desk(place, None)
    else:
        _check_answers(sounding, roster, place, event.attempt)
        if not sounding.is_said() or event.number != sounding.attempts[-1].opened:
            raise LocalError("box-not-ready")
    if len(event.hash) != HASH:
        # As of an entry of kind 5 with such a hash (register.box).
        raise LocalError("not-canonical", what="the commitment to a box", why="a field outside its range")
    if sounding.commitment(event.number, place.delegation) is not None:
        raise LocalError("box-committed")
    last = sounding.attempts[-1]
    committed = {**last.committed, f"{event.number}/{place.delegation}": event.hash}
    last = msgspec.structs.replace(last, committed=committed)
    new = msgspec.structs.replace(sounding, attempts=(*sounding.attempts[:-1], last))
    return evolve(state, soundings=with_sounding(state, new)), ()


def given_up(
    state: SoundingState, roster: RosterState, place: Place, event: SoundingGivenUp, _register: Register
) -> SoundingStep:
    """End an attempt of which nothing can have been released, and begin the next (R-88)."""
    sounding = known(state, event.sounding)
    _check_answers(sounding, roster, place, event.attempt)
    if is_released(sounding, sounding.attempts[-1].opened):
        raise LocalError("sounding-released")
    new = started(roster.talks, ended(sounding, place.index), place.index)
    return evolve(state, soundings=with_sounding(state, new)), ()


def known(state: SoundingState, sounding: bytes) -> Sounding:
    """Return a sounding."""
    found = state.find(sounding)
    if found is None:
        raise LocalError("sounding-unknown")
    return found


def _check_answers(sounding: Sounding, roster: RosterState, place: Place, attempt: int) -> None:
    """Pass if an act answers in the attempt under way, in time, and by the desk that may (R-83, R-84)."""
    if place.time >= sounding.until:
        raise LocalError("sounding-over")
    _check_attempt(sounding, attempt, "running")
    check_desk(place, answering(roster, sounding, place.delegation, place.index))


def _check_attempt(sounding: Sounding, attempt: int, wanted: Outcome) -> None:
    """Pass if a sounding stands as is `wanted`, and its last attempt is this one."""
    if sounding.outcome != wanted:
        raise LocalError("sounding-over")
    if attempt != sounding.attempt:
        raise LocalError("sounding-attempt", attempt=sounding.attempt)


def check_desk(place: Place, only: bytes | None) -> None:
    """Pass if the author answers for its delegation (R-83); `only` is the desk that alone may, if there is one."""
    answers = place.member is not None and "agree" in place.member.powers
    if not (answers if only is None else place.author == only):
        raise LocalError("sounding-not-yours")


def ended(sounding: Sounding, index: int) -> Sounding:
    """Return a sounding whose last attempt has ended at an entry."""
    last = msgspec.structs.replace(sounding.attempts[-1], ended=index)
    return msgspec.structs.replace(sounding, attempts=(*sounding.attempts[:-1], last))


def is_released(sounding: Sounding, number: int) -> bool:
    """Tell whether something of the attempt under way may have left a desk for the host's box (R-86).

    A deposit is handed over when all have committed. A host that sides with one party could give it on and end the box: that
    party must not be able to ask again.
    """
    everybody = all(sounding.commitment(number, one) is not None for one in sounding.delegations)
    return everybody or sounding.attempts[-1].opened > 0
