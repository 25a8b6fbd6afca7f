"""The desk on duty: unattended, it answers every sounding at its beats, whatever it was told.

This module decides when such a desk reads, when it speaks, and what it takes from its inbox (spec/soundings.md section 11). It
never decides what to answer.

1. Beats are fixed times of its clock, `every` seconds apart: it reads the register at each, and speaks only at the next multiple
   of `LEAD` after that. Nothing else moves either: not who is there, not what was marked. To open a marks file takes
   milliseconds that the host could measure, so files are taken in between, while the desk waits anyway.
2. Marks files come by its folder `inbox`, by the delegation's own means. One that was taken is deleted; one that is refused is
   left beside, renamed, and the reason told; but not while it may still be on its way into the folder.
3. The host's calendar of standing lists, which came with this desk's hand-over, is held without being asked: a person who
   did it would be seen to do it.
4. A venue that cannot be reached is tried again at the next beat. Evidence against the host ends the duty, as everything.
"""

from __future__ import annotations

import hashlib
import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final, NamedTuple

from good_offices.desk.desk import Desk
from good_offices.desk.founding import CALENDAR
from good_offices.desk.soundings import marks
from good_offices.desk.soundings.answering import Answering
from good_offices.errors import LocalError, OperationalError
from good_offices.soundings.scope import Each, serial
from good_offices.talks.events_sounding import StandingListsHeld
from good_offices.talks.soundings import Sounding

INBOX: Final = "inbox"
SUFFIX: Final = ".marks"
REFUSED: Final = ".refused"
EVERY: Final = 60.0
# How far the times to speak lie apart, in seconds, and at most which part of a beat: between reading and speaking is the time
# for files.
LEAD: Final = 5.0
_PART: Final = 4
# A file that was changed so many seconds ago is whole.
SETTLED: Final = 10.0


class Beat(NamedTuple):
    """What happened at one beat: soundings answered, files taken and refused, and why the venue was not reached."""

    answered: tuple[Sounding, ...] = ()
    taken: tuple[Sounding, ...] = ()
    refused: tuple[tuple[Path, LocalError], ...] = ()
    failed: OperationalError | None = None


def check_on_duty(desk: Desk) -> None:
    """Pass if this desk is one on duty.

    Raises:
        LocalError: `not-duty-desk`, `keys-not-compared-here`.
    """
    if not desk.identity.person.duty:
        raise LocalError("not-duty-desk", folder=desk.storage.folder)
    if desk.storage.get("compared") is None:
        raise LocalError("keys-not-compared-here")


def on_duty(
    desk: Desk,
    *,
    every: float = EVERY,
    each: Each = serial,
    sleep: Callable[[float], None] = time.sleep,
) -> Iterator[Beat]:
    """Yield what happened at each beat, without end (rule 1).

    Raises:
        HostConvictedError, RemoteError: the host is convicted or answers nonsense; the desk says nothing more.
    """
    answering = Answering(desk, each=each)
    while True:
        _until((time.time() // every + 1) * every, sleep)
        yield beat(desk, answering, lead=min(LEAD, every / _PART), sleep=sleep)


def beat(
    desk: Desk, answering: Answering, *, lead: float = 0.0, sleep: Callable[[float], None] = time.sleep
) -> Beat:
    """Return what happened at one beat: the record read, files taken, soundings answered (rules 1 to 4)."""
    answered: list[Sounding] = []

    def speak() -> None:
        _hold(desk)
        answered.extend(answering.beat())

    failed = _failed(desk.sync)
    # Counted from here: a host that lets its answer wait must not measure how long files take either.
    speaks = _slot(lead) if lead else 0.0
    taken, refused = _take_all(desk, answering.now())
    if failed is None:
        _until(speaks, sleep)
        failed = _failed(speak)
    return Beat(tuple(answered), tuple(taken), tuple(refused), failed)


def _failed(ask: Callable[[], object]) -> OperationalError | None:
    """Do what needs the venue; return why it was not reached, if that can be tried again (rule 4)."""
    try:
        ask()
    except OperationalError as failed:
        if not failed.retry_safe:
            raise
        return failed
    return None


def _slot(lead: float) -> float:
    """Return the next multiple of `lead` on this machine's clock that leaves half of it for files."""
    return math.ceil((time.time() + lead / 2) / lead) * lead


def _until(at: float, sleep: Callable[[float], None]) -> None:
    """Sleep until a time of this machine's clock, and not less: a beat that came early would be followed by another."""
    while (left := at - time.time()) > 0:
        sleep(left)


def _take_all(desk: Desk, now: int) -> tuple[list[Sounding], list[tuple[Path, LocalError]]]:
    """Take up all marks files in the inbox (rule 2); one for a sounding that is not known yet waits for the record."""
    taken: list[Sounding] = []
    refused: list[tuple[Path, LocalError]] = []
    folder = desk.storage.folder / INBOX
    folder.mkdir(mode=0o700, exist_ok=True)
    for path in sorted(one for one in folder.glob("*" + SUFFIX) if one.is_file()):
        try:
            taken.append(marks.take_file(desk, _content(path), now))
            path.unlink(missing_ok=True)
        except LocalError as no:
            if no.code == "sounding-unknown" or time.time() - path.stat().st_mtime < SETTLED:
                continue
            path.replace(path.with_name(path.name + REFUSED))
            refused.append((path, no))
        except OSError:
            continue  # still being written, or not ours to read: the next beat looks again
    return taken, refused


def _content(path: Path) -> bytes:
    """Return the bytes of a file, one more than any marks file has at most."""
    with path.open("rb") as file:
        return file.read(marks.MAX_FILE + 1)


def _hold(desk: Desk) -> None:
    """Hold the calendar that this desk was given, once (rule 3).

    Whether it does is read from the record, never from a note of its own: an act that came to nothing is made again.
    """
    calendar = desk.storage.get(CALENDAR)
    if calendar is None:
        return
    held = desk.talks.sounding.calendars.get(hashlib.sha256(calendar).hexdigest())
    waits = any(one.room == desk.rooms["sounding"] for one in desk.outgoing())
    if waits or (held is not None and desk.identity.place.delegation in held.held):
        return
    # Refused while keys are not compared both ways, or the room is not open, or another desk answers: asked again next time.
    with suppress(LocalError):
        desk.hand_in("sounding", StandingListsHeld(calendar=calendar))
        desk.send()
        desk.receive()
