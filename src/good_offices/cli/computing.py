"""The long computations of soundings, with a bar on a terminal.

This module decides from which length on somebody is told that it takes a while. An interruption ends it; the next call goes on
where it ended.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from good_offices.cli.voice import progress
from good_offices.locale import _
from good_offices.soundings.scope import STORED, serial

if TYPE_CHECKING:
    from good_offices.soundings.scope import Each

_TOLD: Final = STORED


@contextmanager
def computing(size: int) -> Iterator[Each]:
    """Yield what runs the loops of a list of `size` options: long ones on all cores, with a bar."""
    if size <= _TOLD:
        yield serial
        return
    # Loaded here: threads are only for long lists.
    from good_offices.desk.soundings.working import Working

    with progress(_("computing")) as advance:
        before = 0

        def told(done: int, _of: int) -> None:
            nonlocal before
            advance(done - before if done > before else done)
            before = done

        with Working(told) as each:
            yield each
