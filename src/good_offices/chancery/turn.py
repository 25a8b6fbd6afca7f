"""Whose turn it is at the desk: one thread at a time, and nobody waits for the network.

This module decides when a thread may use the open desk. A desk knows nothing of threads.

1. A thread uses the desk only in its turn, and takes its turn once.
2. While a request is on the wire the turn is free: reading and writing go on although the host is slow or away.
3. Only one thread at a time speaks with the venue (`Seat.wire`), so that no two fetch or send the same.
4. What nobody has asked for is made only while the turn is idle: no page waits longer for it than for its shortest step.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self


class Turn:
    """A lock that its owner gives up on the way."""

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._lock = threading.Lock()
        self._owner = 0
        self._queue = threading.Lock()
        self._waiting = 0
        self._left = time.monotonic()

    def __enter__(self) -> Self:
        """Wait for one's turn."""
        with self._queue:
            self._waiting += 1
        self._lock.acquire()
        self._owner = threading.get_ident()
        with self._queue:
            self._waiting -= 1
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End one's turn."""
        self._owner, self._left = 0, time.monotonic()
        self._lock.release()

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for the turn."""
        return self._waiting > 0

    @contextmanager
    def spare(self, idle: float) -> Iterator[bool]:
        """Take the turn if nobody wants it or had it within `idle` seconds, and tell whether one has it (rule 4).

        Whoever took it so counts as nobody: work that is done in its spare time does not keep itself waiting.
        """
        quiet = not self.wanted and time.monotonic() - self._left >= idle
        if not quiet or not self._lock.acquire(blocking=False):
            yield False
            return
        self._owner = threading.get_ident()
        try:
            yield True
        finally:
            self._owner = 0
            self._lock.release()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Give up one's turn meanwhile; without a turn, nothing changes."""
        if self._owner != threading.get_ident():
            yield
            return
        self.__exit__(None, None, None)
        try:
            yield
        finally:
            self.__enter__()
