"""Who is listening: hands each durable batch to the streams of its register.

This module decides what a stream still has to send. It never reads the store and never waits.

1. A stream's queue is bounded in frames and bytes. One that overflows is emptied and marked as behind: its reader
   goes back to pages and returns when it has caught up. A slow reader costs the venue no memory.
2. A stream is added before its first page is read, so that no batch falls between the page and the stream.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from typing import Final

MAX_FRAMES: Final = 64
MAX_BYTES: Final = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Batch:
    """A durable batch of one register, encoded once for all its streams; `end` is the index after its last."""

    register: int
    start: int
    end: int
    frame: bytes


class Stream:
    """What one open stream has not sent yet."""

    def __init__(self, register: int, desk: str) -> None:
        """Begin behind: the first thing a stream sends is a page."""
        self.register = register
        self.desk = desk
        self.closed = False
        self._behind = True
        self._frames: deque[Batch] = deque()
        self._bytes = 0
        self._waiter: asyncio.Future[None] | None = None

    def push(self, batch: Batch) -> None:
        """Add a batch, or fall behind if there is no room."""
        if self._behind:
            self._wake()
            return
        self._frames.append(batch)
        self._bytes += len(batch.frame)
        if len(self._frames) > MAX_FRAMES or self._bytes > MAX_BYTES:
            self.fall_behind()
        self._wake()

    def fall_behind(self) -> None:
        """Drop what waits; it will be read from the store."""
        self._frames.clear()
        self._bytes = 0
        self._behind = True

    def caught_up(self) -> None:
        """Say that the store is about to be read: batches from now on are kept."""
        self._behind = False

    @property
    def behind(self) -> bool:
        """Whether batches were dropped since `caught_up`."""
        return self._behind

    def pop(self) -> Batch | None:
        """Return the next batch, or None."""
        if not self._frames:
            return None
        batch = self._frames.popleft()
        self._bytes -= len(batch.frame)
        return batch

    def close(self) -> None:
        """End the stream."""
        self.closed = True
        self._wake()

    async def wait(self, seconds: float) -> bool:
        """Return True when something happened, False after `seconds` without anything."""
        if self._frames or self._behind or self.closed:
            return True
        loop = asyncio.get_running_loop()
        self._waiter = loop.create_future()
        # A bare timer: `asyncio.timeout` costs several times as much, once for each batch and stream.
        timer = loop.call_later(seconds, self._wake)
        try:
            await self._waiter
        finally:
            timer.cancel()
            self._waiter = None
        return bool(self._frames or self._behind or self.closed)

    def _wake(self) -> None:
        """Let `wait` return."""
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)


class Hub:
    """All open streams, by register."""

    def __init__(self) -> None:
        """Begin with no streams."""
        self._streams: dict[int, set[Stream]] = {}

    def add(self, stream: Stream) -> None:
        """Let a stream have the batches of its register."""
        self._streams.setdefault(stream.register, set()).add(stream)

    def discard(self, stream: Stream) -> None:
        """Forget a stream."""
        streams = self._streams.get(stream.register, set())
        streams.discard(stream)
        if not streams:
            self._streams.pop(stream.register, None)

    def listened(self, register: int) -> bool:
        """Tell whether a register has streams; may be asked from the writer's thread, after COMMIT."""
        return register in self._streams

    def count(self, desk: str) -> int:
        """Return how many streams a desk has open."""
        return sum(stream.desk == desk for streams in self._streams.values() for stream in streams)

    def publish(self, batch: Batch) -> None:
        """Hand a batch to the streams of its register."""
        for stream in self._streams.get(batch.register, ()):
            stream.push(batch)

    def close(self, desk: str | None = None) -> None:
        """End the streams of one desk, or all."""
        for streams in list(self._streams.values()):
            for stream in list(streams):
                if desk is None or stream.desk == desk:
                    stream.close()
