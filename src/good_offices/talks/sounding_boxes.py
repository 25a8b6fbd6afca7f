"""Entries of the host's box in the record of a sounding: which count, and what follows (spec/soundings.md R-86, R-87).

This module decides the verdict on an entry of kind 5, 6 or 7. It never judges whether opened scalars fit.

1. Entries of the box are of the sounding room if the box is one of a sounding's. Their bodies are in clear, so everybody can hold
   the host to them.
2. A commitment counts if its delegation has announced it by an act: the host can commit in nobody's name.
3. A box-void ends the attempt. The next begins only if nothing of it can have been released.
"""

from __future__ import annotations

import msgspec

from good_offices.errors import LocalError
from good_offices.register.box import BoxCommit, BoxOpen, check_deposit
from good_offices.talks.entries import InBox
from good_offices.talks.sounding_runs import ended, is_released
from good_offices.talks.soundings import Box, Sounding, SoundingState, started, with_sounding
from good_offices.talks.state import evolve
from good_offices.text.tables import put


def put_in_box(state: SoundingState, talks: bytes, index: int, content: InBox) -> SoundingState | None:
    """Return the sounding room after an entry of kind 5, 6 or 7; None if its box is of no sounding (R-86, R-87).

    Raises:
        LocalError: `sounding-attempt`, `box-ended`, `box-not-ready`, `box-differs`, `box-not-announced`, `box-committed`.
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
        over = msgspec.structs.replace(box, ended=index, end="open")
    else:
        over = msgspec.structs.replace(box, ended=index, end="void", reason=content.reason)
    boxes = put(state.boxes, {key: over})
    if figures:
        return evolve(state, boxes=boxes)
    if over.end == "open":
        after = _box_opened(sounding, index)
    elif is_released(sounding, number):
        after = msgspec.structs.replace(ended(sounding, index), outcome="void")
    else:
        after = started(talks, ended(sounding, index), index)
    return evolve(state, boxes=boxes, soundings=with_sounding(state, after))


def held_back(state: SoundingState, sounding: Sounding) -> bool:
    """Tell whether the host holds a box of the last attempt to which all have committed, neither opened nor ended."""
    boxes = (state.box(sounding, number) for number in range(sounding.boxes))
    return any(one and one.ended is None and len(one.commits) == len(sounding.parties) for one in boxes)


def _committed(sounding: Sounding, number: int, box: Box | None, index: int, commit: BoxCommit) -> Box:
    """Return a box with one more commitment, to which its delegation has committed by an act (R-87)."""
    wanted = (sounding.delegations, sounding.release(number), sounding.wait(number))
    if (commit.parties, commit.release, commit.wait) != wanted:
        raise LocalError("box-differs")
    if sounding.commitment(number, commit.delegation) != commit.hash:
        raise LocalError("box-not-announced")
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
