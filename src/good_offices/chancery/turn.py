"""Whose turn it is at the desk: one thread at a time, and nobody waits for the network.

This module decides when a thread may use the open desk. A desk knows nothing of threads.

1. A thread uses the desk only in its turn, and takes its turn once.
2. While a request is on the wire the turn is free: reading and writing go on although the host is slow or away.
3. Only one thread at a time speaks with the venue (`Seat.wire`), so that no two fetch or send the same.
"""

from __future__ import annotations

import threading
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

    def __enter__(self) -> Self:
        """Wait for one's turn."""
        self._lock.acquire()
        self._owner = threading.get_ident()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End one's turn."""
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
