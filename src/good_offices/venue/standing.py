"""Standing lists at the venue: finished bytes on their way into invitations, and how many are sounded when.

This module decides what a venue remembers of them. It never reads a calendar: what is sounded is composed and checked where
the operator works, and the venue signs and hands on what it is given.

1. Remembered is what the operator is shown: for each list when it is sounded first, how often, and at which distance. The
   words are in the invitations alone.
2. The file is replaced as a whole, in the transaction in which the talks are kept, so that two offers at once lose nothing.
   What it says of talks that never came to be is never shown.
"""

from __future__ import annotations

import contextlib
import secrets
from dataclasses import dataclass
from typing import Any, Final

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import GoodOfficesError, OperationalError
from good_offices.venue.folder import Folder, sync_folder, write_private

FILE: Final = "standing-lists"


class Sounded(Record, frozen=True):
    """When a list is sounded: the first time and the distance in milliseconds, and how many times."""

    first: int
    every: int
    times: int

    def next(self, now: int) -> int | None:
        """Return the time (ms) of the first occurrence at or after `now`; None if the last is over."""
        missed = max(0, -(-(now - self.first) // self.every)) if self.every else int(now > self.first)
        return self.first + missed * self.every if missed < self.times else None


class _Remembered(
    Record, frozen=True, kw_only=True, tag="good-offices/venue-standing-lists/1", tag_field="form"
):
    """The file: the lists of talks, by their ids as hex."""

    talks: dict[str, list[Sounded]]


@dataclass(frozen=True)
class Lists:
    """Standing lists for talks about to be offered: the canonical bytes of their calendar, and when each is sounded."""

    calendar: bytes
    sounded: tuple[Sounded, ...]


def remember(folder: Folder, talks: bytes, lists: Lists) -> None:
    """Keep what is shown of the lists of talks; the caller holds the database (rule 2).

    Raises:
        OperationalError: `venue-disk` or `venue-database-damaged`.
    """
    every = {**_read(folder), talks.hex(): list(lists.sounded)}
    path = folder.path / FILE
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        write_private(fresh, pack(_Remembered(talks=every)))
        fresh.replace(path)
        sync_folder(path.parent)
    except OSError as failed:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed


def shown(folder: Folder, now: int) -> dict[str, dict[str, Any]]:
    """Return of all talks with standing lists, by their ids as hex, how many there are and when the next is sounded (ms).

    Raises:
        OperationalError: `venue-disk` or `venue-database-damaged`.
    """
    found = {}
    for talks, lists in _read(folder).items():
        coming = [at for one in lists if (at := one.next(now)) is not None]
        found[talks] = {"lists": len(lists), "next_ms": min(coming, default=None)}
    return found


def _read(folder: Folder) -> dict[str, list[Sounded]]:
    """Return what the file says; nothing if there is none."""
    path = folder.path / FILE
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return {}
    except OSError as failed:
        raise OperationalError("venue-disk", path=path, why=failed.strerror) from failed
    try:
        return unpack(data, _Remembered, what=FILE).talks
    except GoodOfficesError:
        raise OperationalError("venue-database-damaged", why=FILE) from None
