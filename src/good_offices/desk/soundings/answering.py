"""Answering soundings: which message or deposit this desk owes, when it may speak, and that it says nothing twice.

This module decides what a desk that answers for its delegation does at one beat (spec/soundings.md sections 5 to 9 and 11). It never
decides what is wanted (`marks`) and computes nothing itself (`soundings.course`).

1. The desk on duty answers every sounding; without one, a desk whose user has sealed marks and may agree.
2. Nothing is said before its time: step n not before `closes` + (n - 1) times `pace`; in a later attempt counted from when this desk
   began it. What is late waits for nobody's clock but `until`.
3. That a step or a commit was made is on the disk before it is in the outbox (`efforts`). What waits in the outbox is not
   made again.
4. A desk that has lost an attempt, whose commitment the host does not take, or that sees the desk of another recalled in the
   middle, gives the attempt up by an act, and the next one begins with fresh secrets. It cannot once all have committed.
5. A message of another delegation that does not hold is noted with its place and step, kept as evidence, and the attempt given
   up.
6. A scalar leaves this desk only when the commits of all parties stand in the register as this desk has verified it.
7. The secrets of an attempt are destroyed when it has ended, or can no longer be answered.
8. What this desk cannot say in one sounding keeps it from nothing in the others: `refused` tells the caller.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from good_offices.desk import expecting
from good_offices.desk.soundings import evidence, figures, marks
from good_offices.desk.soundings.committing import commit
from good_offices.desk.soundings.efforts import Effort, Efforts
from good_offices.desk.soundings.record import Runs, place_of
from good_offices.errors import LocalError, RemoteError
from good_offices.register.box import box_id
from good_offices.register.leaf import Kind
from good_offices.soundings.course import Course
from good_offices.soundings.scope import Each, serial
from good_offices.talks.events_sounding import PIECE, SoundingAnswered, SoundingGivenUp
from good_offices.talks.soundings import Sounding, answering

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

# How often a commitment that the host does not take is made, before the attempt is given up.
TRIES: Final = 3
# What another delegation's message or deposit can be told to break; all else is the host's.
_BROKEN: Final = frozenset({"sounding-form", "sounding-proof", "sounding-box"})


def milliseconds() -> int:
    """Return the time of this machine in milliseconds since 1970."""
    return int(time.time() * 1000)


class _Case(NamedTuple):
    """A sounding that this desk answers, with its place and what it has done in the attempt."""

    sounding: Sounding
    place: int
    effort: Effort


class Answering:
    """What one desk answers, beat after beat."""

    def __init__(self, desk: Desk, *, each: Each = serial, now: Callable[[], int] = milliseconds) -> None:
        """Answer for a desk; `now` in milliseconds, long loops go over `each`."""
        self.desk = desk
        self.runs = Runs(desk, each)
        self.efforts = Efforts(desk.storage)
        self.refused: list[tuple[Sounding, LocalError]] = []
        self.now = now

    def beat(self) -> list[Sounding]:
        """Return the soundings in which this desk has said something now; the record was brought up to date before.

        Raises:
            LocalError: `sounding-stopped`: a long loop was ended by the caller; the next beat goes on.
            OperationalError: what was said waits in the outbox, or is said at a later beat.
            RemoteError: the host's receipt is not one.
        """
        now = self.now()
        self.refused = []
        self._tidy(now)
        # A box takes no deposit by courier, so a desk without a network answers nothing.
        if not self.desk.confirmed or self.desk.by_courier or self._waits():
            return []
        due = [one for one in self.desk.talks.sounding.every() if one.closes <= now < one.until]
        spoken = [one for one in due if self._answer(one, now)]
        spoken += figures.go_on(self.desk)
        expecting.go_on(self.desk)
        if spoken:
            self.desk.send()
            self.desk.receive()
        return spoken

    def _tidy(self, now: int) -> None:
        """Destroy the secrets of attempts that have ended, and what was computed on the way."""
        for name, attempt in self.efforts.known():
            sounding = self.desk.talks.sounding.find(name)
            if sounding is None or (
                sounding.standing(now) == "running" and sounding.attempts[attempt].ended is None
            ):
                continue
            self.efforts.end(name, attempt)
            self.runs.forget(sounding, attempt)

    def is_ours(self, sounding: Sounding) -> bool:
        """Tell whether this desk answers for its delegation in this attempt (rule 1)."""
        desk = self.desk
        only = answering(desk.talks.roster, sounding, desk.identity.place.delegation, desk.common.ledger.size)
        if desk.identity.person.duty or only is not None:
            return only == desk.certificate
        kept = marks.kept(desk, sounding)
        return kept is not None and kept.sealed

    def _answer(self, sounding: Sounding, now: int) -> bool:
        """Return whether this desk has said something in a sounding."""
        if sounding.outcome != "running" or not self.is_ours(sounding):
            return False
        case = _Case(sounding, place_of(self.desk, sounding), self._effort(sounding, now))
        try:
            return self._give_up(case) if case.effort.lost else self._go_on_or_note(case, now)
        except LocalError as refused:
            if refused.code == "sounding-stopped":
                raise
            if refused.code == "sounding-own":
                self.efforts.lose(sounding.id, sounding.attempt, case.effort)
            self.refused.append((sounding, refused))
        return False

    def _go_on_or_note(self, case: _Case, now: int) -> bool:
        """Say what is due; what does not hold is noted, and the attempt given up (rule 5)."""
        try:
            return self._go_on(case, now)
        except RemoteError as broken:
            if broken.code not in _BROKEN:
                raise
            self._note(case.sounding, broken)
            return self._give_up(case)

    def _effort(self, sounding: Sounding, now: int) -> Effort:
        """Return what this desk has done in the attempt; lost if the register knows more of it (efforts rule 2)."""
        effort = self.efforts.get(sounding.id, sounding.attempt)
        if effort is None:
            effort = self.efforts.begin(sounding.id, sounding.attempt, now)
        place = place_of(self.desk, sounding)
        said = [step for step in sounding.steps(place) if sounding.said(place, step) is not None]
        own = self.desk.identity.place.delegation
        committed = [one for one in range(sounding.boxes) if sounding.commitment(one, own) is not None]
        if not effort.lost and not (set(said) <= set(effort.steps) and set(committed) <= set(effort.boxes)):
            effort = self.efforts.lose(sounding.id, sounding.attempt, effort)
        return effort

    def _go_on(self, case: _Case, now: int) -> bool:
        """Say what is due, if its time has come (rule 2)."""
        sounding, place, effort = case
        if self._is_broken(sounding):
            return False
        base = sounding.closes if sounding.attempt == 0 else effort.began
        steps = sounding.steps(place)
        due = sounding.due(place)
        if due is not None:
            step, piece = due
            if now < base + (step - 1) * sounding.pace:
                return False
            self._say(case, step, piece)
            return True
        if not sounding.is_said():
            return self._has_lost_somebody(sounding) and self._give_up(case)
        number = sounding.attempts[-1].opened
        if now < base + (steps[-1] + number) * sounding.pace:
            return False
        return self._deposit(case, number)

    def _say(self, case: _Case, step: int, piece: int) -> None:
        """Put the message of a step into the outbox, from a piece on (rule 3)."""
        sounding, _, effort = case
        side, course = self._side(case)
        message, binds = course.make(side, step), course.binds(step)
        pieces = [message[at : at + PIECE] for at in range(0, len(message), PIECE)]
        if step not in effort.steps:
            effort.steps.append(step)
            self.efforts.keep(sounding.id, sounding.attempt, effort)
        for number in range(piece, len(pieces)):
            event = SoundingAnswered(
                sounding=sounding.id,
                attempt=sounding.attempt,
                step=step,
                piece=number,
                pieces=len(pieces),
                binds=binds,
                body=pieces[number],
            )
            self.desk.hand_in("sounding", event)

    def _deposit(self, case: _Case, number: int) -> bool:
        """Commit to the box that is next, or deposit once all have committed (rule 6)."""
        sounding, _, effort = case
        box = self.desk.talks.sounding.box(sounding, number)
        side, course = self._side(case)
        deposit = course.deposit(side, number, self.runs.opened(sounding))
        digest = hashlib.sha256(deposit).digest()
        own = self.desk.identity.place.delegation
        if box is None or own not in box.commits:
            if effort.boxes.count(number) == TRIES:
                return self._give_up(case)
            effort.boxes.append(number)
            self.efforts.keep(sounding.id, sounding.attempt, effort)
            commit(self.desk, sounding, number, digest)
            return True
        # What is handed over is what was committed to, and all have committed to something.
        if box.commits[own] != digest or set(box.commits) != set(sounding.delegations):
            return False
        # At each beat until the end is in the register: a host restored from a backup may have lost it.
        self.hand_over(sounding, number, deposit)
        return True

    def hand_over(self, sounding: Sounding, number: int, deposit: bytes) -> None:
        """Hand the host a deposit, and keep its receipt (spec/soundings.md section 9.3).

        Raises:
            OperationalError: the host did not take it; it is handed over again later.
            RemoteError: the receipt is not the host's.
        """
        box = box_id(sounding.attempts[-1].ctx, number)
        self.desk.storage.put(f"deposit/{box.hex()}", self.desk.common.ledger.deposit(box, deposit))

    def _has_lost_somebody(self, sounding: Sounding) -> bool:
        """Tell whether a desk that began to answer in the attempt was recalled, so that nobody can go on in its place."""
        book, size = self.desk.talks.roster.book, self.desk.common.ledger.size
        answers = sounding.attempts[-1].answers.values()
        return any(book.desk_at(one.author, size) is None for one in answers)

    def _give_up(self, case: _Case) -> bool:
        """End an attempt that cannot go on, so that the next one begins (rule 4); nothing once something may be released."""
        event = SoundingGivenUp(sounding=case.sounding.id, attempt=case.sounding.attempt)
        try:
            self.desk.hand_in("sounding", event)
        except LocalError as refused:
            if refused.code != "sounding-released":
                raise
            return False
        return True

    def _side(self, case: _Case) -> tuple[Any, Course]:
        """Return this desk's own side of the attempt, its marks fixed (marks rule 1), and the attempt as far as it has come."""
        sounding, place, effort = case
        begun = self.runs.begun(sounding, sounding.attempt)
        side = begun.side(place, marks.fix(self.desk, sounding), effort.seed)
        return side, self.runs.course(sounding, side=side)

    def _waits(self) -> bool:
        """Tell whether something of a sounding is in the outbox: the register will tell when it is there (rule 3)."""
        room = self.desk.rooms["sounding"]
        return any(one.room == room or one.kinds == [int(Kind.BOX_COMMIT)] for one in self.desk.outgoing())

    def _note(self, sounding: Sounding, broken: RemoteError) -> None:
        """Keep what shows it to others, then note what does not hold, once (rule 5)."""
        evidence.keep(self.desk, self.runs, sounding, broken)
        said = f"{broken.code}\n{broken}"
        self.desk.storage.put(f"sounding-broken/{sounding.id.hex()}/{sounding.attempt}", said.encode())

    def _is_broken(self, sounding: Sounding) -> bool:
        """Tell whether something in the attempt under way does not hold."""
        name = f"sounding-broken/{sounding.id.hex()}/{sounding.attempt}"
        return self.desk.storage.get(name) is not None
