"""Desks that betray their marks, each in one way: what the classifier must find. They exist in processes of these tests only."""

from __future__ import annotations

import time

from good_offices.desk.soundings import answering, duty, marks
from good_offices.seals import envelope

PADDING = 64
PAUSE = 0.030


class _AnyLength(int):
    """A length that a padding is never refused for: the desks of a sample are spoilt alike, and read each other."""

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = int.__hash__


def spoil(how: str) -> None:
    """Spoil the desk of this process: `padding`, `pause`, `sync`, `halt`; or leave it honest."""
    if how:
        {"padding": _padding, "pause": _pause, "sync": _sync, "halt": _halt}[how]()


def accepted(one: answering.Answering, case) -> int:
    """Return how many options this desk accepts."""
    return sum(marks.fix(one.desk, case.sounding))


def _padding() -> None:
    """Step 1 is longer by 64 bytes for every option that is accepted."""
    say, honest = answering.Answering._say, envelope.padded_length
    more = 0

    def padded(length: int) -> int:
        return _AnyLength(honest(length) + more)

    def longer(self, case, step: int, piece: int) -> None:
        nonlocal more
        more = PADDING * accepted(self, case) if step == 1 else 0
        try:
            say(self, case, step, piece)
        finally:
            more = 0

    envelope.padded_length = padded
    answering.Answering._say = longer


def _pause() -> None:
    """Step 1 comes 30 ms later for every option that is accepted."""
    say = answering.Answering._say

    def later(self, case, step: int, piece: int) -> None:
        time.sleep(PAUSE * accepted(self, case) if step == 1 else 0)
        say(self, case, step, piece)

    answering.Answering._say = later


def _sync() -> None:
    """The register is read once more when marks have come."""
    take = marks.take_file

    def eager(desk, content: bytes, now: int):
        found = take(desk, content, now)
        desk.sync()
        return found

    duty.marks.take_file = eager


def _halt() -> None:
    """Of packages, no box is filled any more after the first match: what was wanted is known."""
    deposit = answering.Answering._deposit

    def stopping(self, case, number: int) -> bool:
        opened = self.runs.opened(case.sounding)
        return (number < 2 or not self._side(case)[1].found(opened).mutual) and deposit(self, case, number)

    answering.Answering._deposit = stopping
