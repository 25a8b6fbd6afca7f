"""What the delegations expect of a sitting, sealed one by one and opened together. See spec/meetings.md section 3.

This module decides which seals and which entries of the host's box count. It never learns what was sealed.

1. A delegation announces by an act the hash of what it deposits; the host can commit in nobody's name.
2. The host's box opens all deposits at once or none (spec/soundings.md section 9). No act opens: nobody is the last to do so.
3. A box that ended void has opened nothing; what is expected can be sealed anew, in the next box.
4. In the deniable form what is announced and deposited are a public key and its private half. Of the words nothing is signed.
"""

from __future__ import annotations

import hashlib
from typing import Final

import msgspec

from good_offices.errors import LocalError
from good_offices.register.box import BoxCommit, BoxOpen, check_deposit
from good_offices.talks.entries import InBox
from good_offices.talks.events_meetings import ExpectationsSealed
from good_offices.talks.meetings import Attempt, Sitting, expectations_box
from good_offices.talks.plenary import PlenaryState, Step
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place
from good_offices.text.tables import put

WAIT_MS: Final = 7 * 24 * 60 * 60 * 1000
HASH: Final = 32
# An X-Wing public key. Not taken from `seals.wraps`, which draws randomness.
KEY: Final = 1216
ATTEMPTS_MOST: Final = 8


def expectations_sealed(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: ExpectationsSealed
) -> Step:
    """Announce the hash of what the author's delegation expects of a sitting (R-104)."""
    sitting = plenary.meetings.sitting(event.sitting)
    if sitting.stage == "proposed":
        raise LocalError("sitting-not-agreed")
    if sitting.stage == "convened":
        raise LocalError("sitting-convened")
    if sitting.agreed is None or place.seen <= sitting.agreed:
        raise LocalError("sitting-not-agreed")
    if len(event.hash) != HASH:
        raise LocalError("expectations-hash")
    if event.key and len(event.key) != KEY:
        raise LocalError("expectations-key")
    if sitting.opened is not None or event.attempt != sitting.attempt or event.attempt >= ATTEMPTS_MOST:
        raise LocalError("expectations-attempt", attempt=sitting.attempt)
    now = sitting.attempts[event.attempt] if event.attempt < len(sitting.attempts) else Attempt()
    if place.delegation in now.announced:
        raise LocalError("expectations-sealed")
    announced = dict(sorted({**now.announced, place.delegation: event.hash}.items()))
    new = msgspec.structs.replace(now, announced=announced)
    if event.key:
        key = {place.delegation: hashlib.sha256(event.key).digest()}
        new = msgspec.structs.replace(
            new,
            keys=dict(sorted({**now.keys, **key}.items())),
            authors=dict(sorted({**now.authors, place.delegation: place.author}.items())),
        )
    return _with(plenary, event.sitting.hex(), sitting, event.attempt, new), ()


def put_in_box(plenary: PlenaryState, roster: RosterState, index: int, content: InBox) -> PlenaryState | None:
    """Return the plenary after an entry of kind 5, 6 or 7; None if its box is of no sitting (R-104).

    Raises:
        LocalError: `box-ended`, `box-not-ready`, `box-differs`, `box-not-announced`, `box-committed`.
        RemoteError: `too-large`, `box-deposit-differs`.
    """
    found = _which(plenary, roster, content.box)
    if found is None:
        return None
    key, sitting, number = found
    now = sitting.attempts[number] if number < len(sitting.attempts) else Attempt()
    if now.ended is not None:
        raise LocalError("box-ended")
    if isinstance(content, BoxCommit):
        new = _committed(roster, now, content)
    elif isinstance(content, BoxOpen):
        parties = tuple(sorted(roster.expected))
        if now.commits.keys() != set(parties) or len(content.deposits) != len(parties):
            raise LocalError("box-not-ready")
        for name, deposit in zip(parties, content.deposits, strict=True):
            check_deposit(now.commits[name], deposit)
        new = msgspec.structs.replace(now, ended=index, end="open")
    elif not now.commits:
        raise LocalError("box-not-ready")
    else:
        new = msgspec.structs.replace(now, ended=index, end="void")
    return _with(plenary, key, sitting, number, new)


def _which(plenary: PlenaryState, roster: RosterState, box: bytes) -> tuple[str, Sitting, int] | None:
    """Return the sitting and the attempt whose box this is."""
    for key in sorted(plenary.meetings.sittings):
        sitting = plenary.meetings.sittings[key]
        for number in range(len(sitting.attempts)):
            if expectations_box(roster.talks, sitting, number) == box:
                return key, sitting, number
    return None


def _committed(roster: RosterState, now: Attempt, commit: BoxCommit) -> Attempt:
    """Return a box with one more commitment, which its delegation has announced by an act."""
    wanted = (tuple(sorted(roster.expected)), "sealed", WAIT_MS)
    if (commit.parties, commit.release, commit.wait) != wanted:
        raise LocalError("box-differs")
    if now.announced.get(commit.delegation) != commit.hash:
        raise LocalError("box-not-announced")
    if commit.delegation in now.commits:
        raise LocalError("box-committed")
    commits = dict(sorted({**now.commits, commit.delegation: commit.hash}.items()))
    return msgspec.structs.replace(now, commits=commits)


def _with(plenary: PlenaryState, key: str, sitting: Sitting, number: int, new: Attempt) -> PlenaryState:
    """Return the plenary with one box of a sitting's expectations put in its place."""
    attempts = (*sitting.attempts[:number], new, *sitting.attempts[number + 1 :])
    after = msgspec.structs.replace(sitting, attempts=attempts)
    meetings = plenary.meetings
    return evolve(plenary, meetings=evolve(meetings, sittings=put(meetings.sittings, {key: after})))
