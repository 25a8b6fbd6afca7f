"""Connections with a deadline: uvicorn's HTTP protocol, and what it lacks against slow and greedy clients.

This module decides how long a connection may take for what. It never looks at what is sent.

1. A request's head must be complete within `header_seconds` and `MAX_HEAD` bytes, its body within `body_seconds`.
2. A client that does not read what it asked for is cut off after `write_seconds`.
3. Over `connections` a new connection is told so and closed.
4. A plain append is answered without uvicorn's cycle of request and response: see `appending`.
5. Deadlines are swept once a second: a timer for each request would cost more than the requests' own work.
"""

from __future__ import annotations

import asyncio
import socket
from typing import Any, ClassVar, Final, cast

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from good_offices.encoding import pack
from good_offices.errors import OperationalError
from good_offices.transport.pages import Problem
from good_offices.venue.appending import Appending, Appends, is_append
from good_offices.venue.gate import Scope
from good_offices.venue.settings import Limits

MAX_HEAD: Final = 16 * 1024
MAX_HEADERS: Final = 64
SWEEP: Final = 1.0
_REASONS: Final = {
    408: b"Request Timeout",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


class _Joined:
    """A transport that sends what is written within one turn of the loop in one piece.

    uvicorn writes head and body of an answer apart; each write is a system call and a packet.
    """

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Write to `transport`."""
        self._transport = transport
        self._later = loop.call_soon
        self._held: list[bytes] = []
        self.get_extra_info = transport.get_extra_info
        self.is_closing = transport.is_closing
        self.abort = transport.abort

    def write(self, data: bytes) -> None:
        """Hold `data` until the end of this turn."""
        if not self._held:
            self._later(self._flush)
        self._held.append(data)

    def write_whole(self, data: bytes) -> None:
        """Send an answer that is complete, at once unless something is held before it."""
        if self._held:
            self._held.append(data)
        elif not self._transport.is_closing():
            self._transport.write(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        """Send what is held."""
        if self._held and not self._transport.is_closing():
            self._transport.write(b"".join(self._held))
        self._held.clear()


class GuardedProtocol(HttpToolsProtocol):
    """One connection; `limits` and `appends` are set on a subclass for each server (`guarded`)."""

    limits: ClassVar[Limits] = Limits()
    appends: ClassVar[Appends | None] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Begin with no deadline."""
        super().__init__(*args, **kwargs)
        self.deadline: float | None = None
        self.write_deadline: float | None = None
        self._seconds = 0
        self._head = 0
        self._in_head = True
        self._appending: Appending | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time for the first head, or refuse the connection."""
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        if connection is not None:
            # asyncio does so only for sockets that state their protocol, which accepted ones here do not. Head and
            # body of an answer are two writes: without this the second waits 40 ms for the client.
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.transport = _Joined(transport, self.loop)  # type: ignore[assignment]
        self._give(self.limits.header_seconds)
        if len(self.connections) > self.limits.connections:
            self._refuse(503, OperationalError("venue-busy"))

    def connection_lost(self, exc: Exception | None) -> None:
        """Let go of an append: holding each other, both would keep its body until the collector comes by."""
        super().connection_lost(exc)
        if self._appending is not None:
            self.cycle = self._appending = None  # type: ignore[assignment]

    def data_received(self, data: bytes) -> None:
        """Count the head's bytes while it is not complete."""
        counted = self._in_head
        if counted:
            self._head += len(data)
        super().data_received(data)
        if counted and self._in_head and self._head > MAX_HEAD:
            self._refuse(431, OperationalError("venue-busy"))

    def on_message_begin(self) -> None:
        """Start the time for a head."""
        super().on_message_begin()
        self._in_head = True
        self._give(self.limits.header_seconds)

    def on_headers_complete(self) -> None:
        """Refuse a head that is too long although it came in one piece; start the time for the body."""
        if len(self.headers) > MAX_HEADERS or sum([len(a) + len(b) for a, b in self.headers]) > MAX_HEAD:
            # The parser turns whatever is raised here into its own error, which is answered with 400.
            raise OperationalError("venue-busy")
        appends = self._plain_append()
        if appends is None:
            self._appending = None
            super().on_headers_complete()
        else:
            target, scope = self.url, cast("Scope", self.scope)
            scope.update(method="POST", path=target.decode(), raw_path=target, query_string=b"")
            self._appending = Appending(appends, self)
            self.cycle = self._appending  # type: ignore[assignment]
            self._appending.admit(scope)
        self._in_head = False
        self._head = 0
        self._give(self.limits.body_seconds)

    def _plain_append(self) -> Appends | None:
        """Return who takes this request if it is an append, and nothing about it is out of the ordinary."""
        parser = self.parser
        if (
            is_append(parser.get_method(), self.url)
            and (self.cycle is None or self.cycle.response_complete)
            and not self.expect_100_continue
            and not self.flow.write_paused
            and parser.get_http_version() == "1.1"
            and parser.should_keep_alive()
        ):
            return self.appends
        return None

    def on_body(self, body: bytes) -> None:
        """Give an append its body; uvicorn would keep it for a task."""
        if self._appending is None:
            super().on_body(body)
        else:
            self._appending.take(body)

    def answer(self, status: int, head: bytes, body: bytes, *, close: bool) -> None:
        """Send the answer to an append, `head` with all header lines but the date."""
        lines = [STATUS_LINE[status]]
        for name, value in self.server_state.default_headers:
            lines += (name, b": ", value, b"\r\n")
        self.transport.write_whole(b"".join((*lines, head, body)))  # type: ignore[attr-defined]
        if close:
            self.transport.close()
        self.on_response_complete()

    def on_message_complete(self) -> None:
        """Stop the time: from here on the venue is the one who takes it."""
        if self._appending is None:
            super().on_message_complete()
        else:
            self._appending.end()
        self._in_head = True
        self.deadline = None

    def pause_writing(self) -> None:
        """Start the time for a client that does not read."""
        super().pause_writing()
        self.write_deadline = self.loop.time() + self.limits.write_seconds

    def resume_writing(self) -> None:
        """Stop that time."""
        super().resume_writing()
        self.write_deadline = None

    def sweep(self, now: float) -> None:
        """Close the connection if it is over a deadline at the time `now` of the loop."""
        if self.write_deadline is not None and now > self.write_deadline:
            # What is buffered would never leave: closing in good order would wait for it.
            self.transport.abort()
        elif self.deadline is not None and now > self.deadline:
            self.deadline = None
            self._refuse(408, OperationalError("request-too-slow", seconds=self._seconds))

    def _give(self, seconds: int) -> None:
        """Set the deadline `seconds` from now."""
        self._seconds = seconds
        self.deadline = self.loop.time() + seconds

    def _refuse(self, status: int, refusal: OperationalError) -> None:
        """Answer by hand, as no request may exist yet, and close."""
        if self.transport.is_closing():
            return
        if self.cycle is None or not self.cycle.response_started or self.cycle.response_complete:
            problem = Problem(code=refusal.code, message=str(refusal), remedy=refusal.remedy)
            body = pack(problem)
            self.transport.write(
                b"HTTP/1.1 %d %s\r\ncontent-type: application/cbor\r\ncontent-length: %d\r\n"
                b"retry-after: 1\r\nconnection: close\r\n\r\n%s" % (status, _REASONS[status], len(body), body)
            )
        self.transport.close()


def guarded(limits: Limits, appends: Appends | None = None) -> type[GuardedProtocol]:
    """Return the protocol with the limits of one server, and who takes its appends."""
    return type("Guarded", (GuardedProtocol,), {"limits": limits, "appends": appends})
