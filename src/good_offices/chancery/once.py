"""Each form is sent once: what two clicks on one button become.

This module decides when a form that arrives is the one that arrived before. It never decides what a form does.

1. Every form that is shown has a number of its own. The same number with the same fields at the same address is the same
   sending: a second one waits for the first, and is led where that led. Nothing is done twice.
2. A sending that ended in a page and not elsewhere (a first step, a refusal) has done nothing: it may be repeated.
"""

from __future__ import annotations

import threading
from typing import Final

_MOST: Final = 64
_PATIENCE: Final = 60.0


class Once:
    """The last forms that one browser sent, and where each led."""

    def __init__(self) -> None:
        """Begin with none."""
        self._changed = threading.Condition()
        self._led: dict[bytes, str | None] = {}

    def begin(self, form: bytes) -> str | None:
        """Return None if a form may be handled now, else where its first sending led."""
        with self._changed:
            if form in self._led:
                self._changed.wait_for(lambda: self._led.get(form, "") is not None, _PATIENCE)
                if form in self._led:
                    return self._led[form] or "/"
            self._led[form] = None
            while len(self._led) > _MOST:
                del self._led[next(iter(self._led))]
        return None

    def end(self, form: bytes, to: str | None) -> None:
        """Keep where a form led; None if it did nothing (rule 2)."""
        with self._changed:
            if to is None:
                self._led.pop(form, None)
            elif form in self._led:
                self._led[form] = to
            self._changed.notify_all()
