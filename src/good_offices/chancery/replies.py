"""Pages that answered a form, kept for the browser that sent it: what *Back* and *Reload* find instead of an error.

This module decides for how long such a page is kept. It never decides what stands on it, and shows it to nobody else.

1. A page that answers a form has no address of its own: a browser that comes back to it can only ask whether to send the form
   again, or fails (`ERR_CACHE_MISS`, since nothing of ours is cached). So the form leads to an address where the page is kept.
2. A browser has its last pages, up to a number and a size. It is told of an older one that it is gone, and what to do.
3. They hold words of the talks: locking the desk empties all, and what was made before the lock is not kept after it.
"""

from __future__ import annotations

import secrets
import threading
from typing import Final, NamedTuple

_MOST: Final = 16
_BYTES: Final = 8 * 1024 * 1024


class Kept(NamedTuple):
    """A page as it was sent, and its status."""

    page: bytes
    status: int


class Replies:
    """The last pages that answered the forms of one browser."""

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = threading.Lock()
        self._kept: dict[str, Kept] = {}
        self._emptied = 0

    def begin(self) -> int:
        """Return what `keep` wants to be told: since when a page is being made."""
        return self._emptied

    def keep(self, reply: Kept, since: int) -> str | None:
        """Return the name under which a page is kept; None if all were let go since the page was begun (rule 3)."""
        with self._lock:
            if since != self._emptied:
                return None
            name = secrets.token_urlsafe(16)
            self._kept[name] = reply
            while len(self._kept) > 1 and (len(self._kept) > _MOST or self._size() > _BYTES):
                del self._kept[next(iter(self._kept))]
        return name

    def get(self, name: str) -> Kept | None:
        """Return a page, or None if it is not kept (any more)."""
        with self._lock:
            return self._kept.get(name)

    def clear(self) -> None:
        """Let go of all pages (rule 3)."""
        with self._lock:
            self._kept.clear()
            self._emptied += 1

    def _size(self) -> int:
        """Return the bytes of all pages."""
        return sum(len(one.page) for one in self._kept.values())
