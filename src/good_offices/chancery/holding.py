"""What is held in memory between two steps of one browser: a file that was chosen, a file that is to be saved.

This module decides for how long. It never writes to the disk, and puts nothing into a page: what is held is often a key.

1. A thing is held for one session, under one name, for a while; the next of that name replaces it.
2. What nobody came back for is forgotten, as is everything of a session that has ended, and everything when the desk is locked.
"""

from __future__ import annotations

import threading
import time
from typing import Any, Final
from weakref import WeakKeyDictionary

from good_offices.chancery.guard import Session

SECONDS: Final = 20 * 60.0


class Holding:
    """Things held by session and name."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """Hold each thing for so many seconds."""
        self.seconds = seconds
        self._lock = threading.Lock()
        self._held: WeakKeyDictionary[Session, dict[str, tuple[float, Any]]] = WeakKeyDictionary()

    def put(self, session: Session, name: str, thing: Any) -> None:
        """Hold a thing (rule 1)."""
        with self._lock:
            self._sweep()
            self._held.setdefault(session, {})[name] = (time.monotonic() + self.seconds, thing)

    def get(self, session: Session, name: str) -> Any:
        """Return a thing, or None if it is not held (any more)."""
        with self._lock:
            self._sweep()
            return self._held.get(session, {}).get(name, (0.0, None))[1]

    def drop(self, session: Session, name: str) -> Any:
        """Return a thing and hold it no longer; None if it was not held."""
        with self._lock:
            self._sweep()
            return self._held.get(session, {}).pop(name, (0.0, None))[1]

    def clear(self) -> None:
        """Hold nothing any longer (rule 2)."""
        with self._lock:
            self._held.clear()

    def _sweep(self) -> None:
        """Forget whatever is overdue (rule 2)."""
        now = time.monotonic()
        for things in self._held.values():
            for name in [name for name, (until, _) in things.items() if until <= now]:
                del things[name]


HOLDING: Final = Holding()
