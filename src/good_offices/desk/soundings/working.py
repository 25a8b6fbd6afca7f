"""The long loops of a sounding on all cores of this machine, with how far they are, and an end at any time.

This module decides how a desk computes what `soundings` asks for. It never decides what is computed.

1. The library computes without the interpreter's lock, so threads are enough. Results come in order, whoever is first. The thread
   that called computes too: as long as what comes next is not there, it does the first portion that nobody has begun.
2. How far a loop is, is told after each portion, in the thread that called; there it is also asked whether to stop.
3. A loop that is stopped raises. What was not begun is not computed; a portion under way is finished, and nobody waits for
   it. What the loop gave before, its caller has.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from good_offices.errors import LocalError

# At most so many items go together, the work of less than a tenth of a second: as long may a stop take.
PORTION: Final = 50
# At least so many portions for each core, so that none is long without work at the end of a loop. Few items are one portion for
# each: what a portion more costs to hand over is then more than it could save.
_SHARES: Final = 4
_FEW: Final = 32


class Working:
    """The mapper that a desk gives to a run (`scope.Each`); a context that closes its threads."""

    def __init__(
        self, told: Callable[[int, int], None] | None = None, stop: Callable[[], bool] | None = None
    ) -> None:
        """Work on all cores; `told` is given what is done of a loop, and its length; `stop` says whether to end it."""
        self.cores: Final = _cores()
        self._pool = ThreadPoolExecutor(max(1, self.cores - 1), thread_name_prefix="sounding")
        self._told = told
        self._stop = stop

    def __call__(self, function: Callable[[int], bytes], items: Sequence[int]) -> Iterator[bytes]:
        """Yield `function` of every item, in order.

        Raises:
            LocalError: `sounding-stopped`.
        """
        shares = _SHARES if len(items) > _FEW * self.cores else 1
        size = max(1, min(PORTION, -(-len(items) // (self.cores * shares))))

        def portion(start: int) -> list[bytes]:
            return [function(item) for item in items[start : start + size]]

        starts = range(0, len(items), size)
        under_way = [self._pool.submit(portion, start) for start in starts]
        own: dict[int, list[bytes]] = {}
        done = 0
        try:
            for at, one in enumerate(under_way):
                self._look()
                while at not in own and not one.done():
                    rest = (later for later in range(at, len(starts)) if later not in own)
                    mine = next((later for later in rest if under_way[later].cancel()), None)
                    if mine is None:
                        break
                    own[mine] = portion(starts[mine])
                    self._look()
                found = own.pop(at) if at in own else one.result()
                done += len(found)
                if self._told is not None:
                    self._told(done, len(items))
                yield from found
        finally:
            for one in under_way:
                one.cancel()

    def close(self) -> None:
        """End the threads, once the portions under way are finished."""
        self._pool.shutdown(cancel_futures=True)

    def __enter__(self) -> Self:
        """Return this."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()

    def _look(self) -> None:
        """Pass if the loop may go on."""
        if self._stop is not None and self._stop():
            raise LocalError("sounding-stopped")


def _cores() -> int:
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
