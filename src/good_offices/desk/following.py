"""Following the talks: the venue says that something is new, and the desk fetches and verifies it as always.

This module decides when a desk that is left running asks again. It believes nothing that comes over the stream: a page
is only the sign to synchronise.

1. The stream is of the common register, for the capital of the caucus; at each heartbeat the other register is asked too.
2. When the connection ends the desk waits a little, longer each time up to a minute, and begins again: what came meanwhile
   is fetched by the first synchronisation.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Final

from good_offices.desk.desk import Desk
from good_offices.errors import OperationalError
from good_offices.talks.verdict import Verdict

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0


def follow(
    desk: Desk,
    *,
    lost: Callable[[OperationalError], None],
    synced: Callable[[], object] = lambda: None,
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[list[Verdict]]:
    """Yield the verdicts on what is new whenever there is something new; `lost` is told when the venue is.

    `synced` is called after each synchronisation, at each heartbeat at the latest.

    Raises:
        HostConvictedError, RemoteError: as `Desk.sync`; the desk stops following.
    """
    waited = _FIRST_PAUSE
    while True:
        try:
            for fresh in _connected(desk):
                waited = _FIRST_PAUSE
                synced()
                if fresh:
                    yield fresh
        except OperationalError as failed:
            if not failed.retry_safe:
                raise
            lost(failed)
        pause(waited)
        waited = min(2 * waited, _LONGEST_PAUSE)


def _connected(desk: Desk) -> Iterator[list[Verdict]]:
    """Yield what each sign on one connection brings; ends with the connection."""
    yield desk.sync()
    ledger = (desk.caucus if desk.identity.person.capital else desk.common).ledger
    for page in desk.client.stream(ledger.register, ledger.size - 1):
        if page is None or page.entries:
            yield desk.sync()
