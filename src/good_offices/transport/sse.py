"""Event streams: the frames of Server-Sent Events that a venue writes and a desk reads.

This module decides which bytes are an event. It never looks into an event's data.

1. Written: one `id` (if any), one `event`, one `data` line, an empty line; LF only; heartbeats are comments.
2. Read: the same form and nothing else, in pieces of any size. The standard (WHATWG HTML section 9.2) allows much
   more; a desk talks to a venue only, and whatever else answers is not a venue.
3. No line is longer than the reader's limit.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from good_offices.errors import RemoteError

HEARTBEAT: Final = b":\n\n"
MAX_LINE: Final = 24 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Event:
    """One event: its name, its data as ASCII bytes, and the index it leaves the reader at."""

    name: str
    data: bytes
    id: int | None


def frame(name: str, data: bytes, number: int | None) -> bytes:
    """Return the bytes of one event; `data` is base64 and `number` its id (spec/transport.md section 5)."""
    head = b"" if number is None else b"id: %d\n" % number
    return b"%sevent: %s\ndata: %s\n\n" % (head, name.encode(), data)


class Reader:
    """Bytes in, events out; keeps at most one unfinished line."""

    def __init__(self, limit: int = MAX_LINE) -> None:
        """Refuse lines of more than `limit` bytes."""
        self._limit = limit
        self._rest = bytearray()
        self._fields: dict[bytes, bytes] = {}

    def feed(self, data: bytes) -> Iterator[Event | None]:
        """Yield each event that `data` completes, and None for each heartbeat (spec/transport.md section 5).

        Raises:
            RemoteError: `stream-broken`, or `too-large` for a line over the limit.
        """
        self._rest += data
        start = 0
        while (end := self._rest.find(b"\n", start)) >= 0:
            line = bytes(self._rest[start:end])
            start = end + 1
            if line == b":":
                yield None
            elif line:
                self._field(line)
            elif self._fields:
                yield self._event()
        del self._rest[:start]
        if len(self._rest) > self._limit:
            raise RemoteError(
                "too-large", what="a line of the stream", size=len(self._rest), limit=self._limit
            )

    def _field(self, line: bytes) -> None:
        """Keep one field of the event under way."""
        name, colon, value = line.partition(b": ")
        if not colon or name not in (b"id", b"event", b"data") or name in self._fields:
            raise RemoteError("stream-broken", why="an unknown field")
        self._fields[name] = value

    def _event(self) -> Event:
        """Return the event that the kept fields make."""
        fields, self._fields = self._fields, {}
        number, name, data = fields.get(b"id"), fields.get(b"event"), fields.get(b"data")
        if name is None or data is None or not name.isascii() or not data.isascii():
            raise RemoteError("stream-broken", why="an event without name or data")
        if number is not None and (not number.isdigit() or len(number) > 18):
            raise RemoteError("stream-broken", why="an id that is not a number")
        return Event(name.decode(), data, None if number is None else int(number))
