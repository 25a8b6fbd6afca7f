"""How connections are held, and what is said on the terminal when something breaks.

This module decides how long a connection may be silent, how many there are, and what of a fault is told. It never decides
what is answered.

1. Whoever opens a connection says what it wants within a while, and goes on saying it; else the connection ends. Answers
   may last: a stream of news is one.
2. There are `MOST` connections; one more ends the oldest that has said nothing, or itself.
3. On the terminal a fault is its kind and its place. A traceback could hold words of the talks.
"""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

MOST: Final = 200
SILENCE: Final = 10.0


class Bounded(H11Protocol):
    """A connection under rules 1 and 2."""

    silence = SILENCE
    most = MOST

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn has it
        """Take a connection, and end another if there are too many."""
        super().connection_made(transport)
        self.since, self._stuck, self._seen = self.loop.time(), 0, self.cycle
        self._look = self.loop.call_later(self.silence / 2, self._watch)
        if len(self.connections) > self.most:
            silent = [one for one in self.connections if isinstance(one, Bounded) and one.is_silent]
            min(silent or [self], key=lambda one: one.since).transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of a connection that has ended."""
        self._look.cancel()
        super().connection_lost(exc)

    @property
    def is_silent(self) -> bool:
        """Whether a request is awaited, the first or the next, or the rest of one."""
        cycle = self.cycle
        return cycle is None or cycle.response_complete or cycle.more_body

    def _watch(self) -> None:
        """End a connection that is silent for the third time in a row, with no request meanwhile (rule 1)."""
        self._stuck = self._stuck + 1 if self.is_silent and self.cycle is self._seen else 0
        self._seen = self.cycle
        if self._stuck > 1:
            self.transport.abort()
            return
        self._look = self.loop.call_later(self.silence / 2, self._watch)


def place(fault: BaseException) -> str:
    """Return the file and line of ours in which a fault arose: no traceback, which could hold words of the talks."""
    frames = [
        (frame.f_code.co_filename, line)
        for frame, line in traceback.walk_tb(fault.__traceback__)
        if "good_offices" in frame.f_code.co_filename
    ]
    name, line = frames[-1] if frames else ("elsewhere", 0)
    return f"{'/'.join(Path(name).parts[-2:])}:{line}"


class Told(logging.Handler):
    """Tells of a fault its kind and its place, and of anything else nothing (rule 3)."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell of a fault."""
        fault = record.exc_info[1] if record.exc_info else None
        if fault is not None:
            tell(fault)


def tell(fault: BaseException) -> None:
    """Write the kind and the place of a fault (rule 3)."""
    sys.stderr.write(f"fault: {type(fault).__name__} at {place(fault)}\n")


def hush() -> None:
    """Have the server, its loop and its threads tell faults by rule 3 alone."""
    for name in ("uvicorn", "asyncio"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [Told()], False

    def in_thread(args: Any) -> None:
        if args.exc_value is not None:
            tell(args.exc_value)

    threading.excepthook = in_thread
