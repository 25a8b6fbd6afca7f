"""What was made of the desk for a page, kept as long as it stays true.

This module decides when something is made again. It never decides what: whoever asks says how it is made.

1. A thing is kept under all that goes into it: the state that it was made of (`of`) and its own name. Another state lets go of
   everything that was made of the last one. Nothing is kept for a time and shown meanwhile.
2. It holds words of the talks, and is emptied when the desk is locked.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")
_MOST: Final = 64


class Lasting:
    """Things that were made of one state."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._of: Hashable = None
        self._made: dict[Hashable, Any] = {}

    def get(self, of: Hashable, name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` makes, made once of this state under this name (rule 1)."""
        if of != self._of:
            self.clear()
            self._of = of
        if name not in self._made:
            # Names come out of addresses, such as which part of a room is shown: there is no end of them.
            if len(self._made) >= _MOST:
                self._made.clear()
            self._made[name] = make()
        value: T = self._made[name]
        return value

    def clear(self) -> None:
        """Let go of everything."""
        self._of, self._made = None, {}
