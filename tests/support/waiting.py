"""Waiting for what comes in its own time: threads, other processes, streams. A limit is for a machine that is slow and busy."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

LONGEST = 60.0
_AGAIN = 0.02


def until(condition: Callable[[], object], seconds: float = LONGEST, *, what: object = None) -> bool:
    """Wait until something is the case, and fail if it does not come; `what` tells more, called if it can be."""
    end = time.monotonic() + seconds
    while not condition():
        told = what() if callable(what) else what
        assert time.monotonic() < end, f"it has not come in {seconds:.0f} s: {told}"
        time.sleep(_AGAIN)
    return True


@contextmanager
def patient() -> Iterator[None]:
    """Let whoever acts at a page wait for the host as long as a busy machine needs: else the page says that it waits."""
    from good_offices.chancery import seat

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(seat, "_ANSWER", LONGEST)
        yield
