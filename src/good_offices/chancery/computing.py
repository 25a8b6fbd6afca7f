"""Answering soundings at a member's desk while it is open, and working out results: beside the pages, never in their way.

This module decides when the desk computes and when it may speak. What is answered, and whether this desk answers at all, is
decided in `desk.soundings.answering`.

1. Every `BEAT` seconds, after what the post has fetched, the desk looks what is due. It looks at the same intervals whatever was
   marked; a desk whose delegation has a duty desk finds nothing that is its own.
2. While something is computed, turn and wire are free: pages are shown, and acts are sent. What comes of it is looked at again
   by the rules before it goes.
3. Computing ends at once when the desk is locked or its user says so; nothing half made is kept or sent. It is begun again
   when the user says so, or when the desk is opened.
4. A result is worked out once, from the record, whoever answered; what does not hold is told where the sounding is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from good_offices.desk.desk import Desk
from good_offices.desk.soundings.answering import Answering, milliseconds
from good_offices.desk.soundings.record import has_result
from good_offices.desk.soundings.working import Working
from good_offices.errors import GoodOfficesError, LocalError, RemoteError

if TYPE_CHECKING:
    from good_offices.chancery.seat import Seat

BEAT: Final = 5.0
# Shorter loops are over before anybody could read how far they are.
LONG: Final = 500


class Computing:
    """What one open desk computes and answers."""

    def __init__(self, seat: Seat) -> None:
        """Answer at a seat."""
        self.seat = seat
        self.beat = BEAT
        self.now: Callable[[], int] = milliseconds
        self.paused = False
        self.progress: tuple[int, int] | None = None
        self.broken: dict[bytes, RemoteError] = {}
        self._wake = threading.Event()
        self._closing = threading.Event()

    def run(self, desk: Desk, closing: threading.Event) -> None:
        """Look what is due at every beat, until the desk is locked (rule 1)."""
        self._closing = closing
        self.paused, self.broken = False, {}
        with Working(self._told, self._is_over) as working:
            answering = Answering(desk, each=self._aside(working), now=self._clock)
            while not self._rest(closing):
                if self.paused or self.seat.state in ("connecting", "stopped", "courier"):
                    continue
                try:
                    with self.seat.wire, self.seat.turn:
                        if closing.is_set():
                            return
                        moved = self._look(desk, answering)
                except GoodOfficesError:
                    # The host does not answer, the user said stop, or the record moved meanwhile: the next beat looks again.
                    continue
                finally:
                    self.progress = None
                if moved:
                    self.seat.check()

    def pause(self) -> None:
        """End what is computed (rule 3)."""
        self.paused = True

    def go_on(self) -> None:
        """Compute again."""
        self.paused = False
        self.hurry()

    def hurry(self) -> None:
        """Look now, and not at the next beat."""
        self._wake.set()

    def _clock(self) -> int:
        """Return the time that the beats go by."""
        return self.now()

    def _rest(self, closing: threading.Event) -> bool:
        """Wait for the next beat; tell whether the desk was locked."""
        self._wake.wait(self.beat)
        self._wake.clear()
        return closing.is_set()

    def end(self) -> None:
        """Have the thread see that the desk was locked."""
        self._wake.set()

    def _look(self, desk: Desk, answering: Answering) -> bool:
        """Say what is due and work out one result; tell whether anything moved. In one's turn, with the wire."""
        state = desk.talks.sounding
        if not state.soundings and not state.calendars:
            return False
        moved = bool(answering.beat())
        for one in list(state.soundings.values()):
            if has_result(one) and one.id not in self.broken and not answering.runs.is_found(one):
                try:
                    answering.runs.found(one)
                except RemoteError as broken:
                    self.broken[one.id] = broken
                return True
        return moved

    def _aside(self, working: Working) -> Callable[[Callable[[int], bytes], Sequence[int]], list[bytes]]:
        """Return a mapper that computes while turn and wire are free (rule 2)."""

        def each(function: Callable[[int], bytes], items: Sequence[int]) -> list[bytes]:
            with self._free():
                found = list(working(function, items))
            # The folder may be closed by now: nobody may touch it.
            if self._is_over():
                raise LocalError("sounding-stopped")
            return found

        return each

    @contextmanager
    def _free(self) -> Iterator[None]:
        """Give up turn and wire meanwhile."""
        with self.seat.turn.away():
            self.seat.wire.release()
            try:
                yield
            finally:
                self.seat.wire.acquire()

    def _told(self, done: int, total: int) -> None:
        """Note how far a loop is."""
        self.progress = (done, total) if total >= LONG else None

    def _is_over(self) -> bool:
        """Tell whether to stop (rule 3)."""
        return self.paused or self._closing.is_set()
