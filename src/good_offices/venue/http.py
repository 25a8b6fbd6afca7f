"""The hot routes as one bare ASGI callable: pages, streams, appends. Everything else goes to `routes`.

This module decides how the many requests become calls and answers. It never decides who may do what: see `service`.
Plain appends do not get here: see `appending`.
"""

from __future__ import annotations

import asyncio
import logging
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local
from typing import Final, TypeVar

from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.transport.pages import MAX_PAGE, write_page
from good_offices.transport.sse import HEARTBEAT, frame
from good_offices.venue.appending import ID_END, PREFIX, Appends
from good_offices.venue.folder import Folder
from good_offices.venue.gate import DisconnectedError, Gate, Receive, Scope, Send
from good_offices.venue.hub import Hub, Stream
from good_offices.venue.service import Caller, Service, numbers
from good_offices.venue.store import Reader, Register, connect

T = TypeVar("T")
MAX_INDEX: Final = 1 << 40
_log = logging.getLogger("good_offices.venue")
_CBOR: Final = (b"content-type", b"application/cbor")
_NO_STORE: Final = (b"cache-control", b"no-store")
_STREAM: Final = (
    (b"content-type", b"text/event-stream"),
    _NO_STORE,
    # Proxies would otherwise hold events back.
    (b"x-accel-buffering", b"no"),
)

App = Callable[[Scope, Receive, Send], "asyncio.Future[None]"]


class Readers:
    """A few threads that read the store, each over a connection of its own."""

    def __init__(self, folder: Folder) -> None:
        """Open connections when a thread first needs one."""
        self._path = folder.database
        self._threads = ThreadPoolExecutor(2, "reader")
        self._own = local()

    async def ask(self, question: Callable[[Reader], T]) -> T:
        """Return the answer to `question`."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._ask, question)

    def _ask(self, question: Callable[[Reader], T]) -> T:
        """Ask on this thread."""
        if not hasattr(self._own, "reader"):
            self._own.reader = Reader(connect(self._path))
        return question(self._own.reader)

    def close(self) -> None:
        """End the threads."""
        self._threads.shutdown()


@dataclass(frozen=True, slots=True)
class _Page:
    """An encoded page, how many entries it has, and the size of the register."""

    data: bytes
    count: int
    size: int


class Hot:
    """The ASGI callable; `rest` answers what is not here."""

    def __init__(
        self,
        folder: Folder,
        service: Service,
        gate: Gate,
        appends: Appends,
        hub: Hub,
        readers: Readers,
        rest: Callable[[Scope, Receive, Send], object],
    ) -> None:
        """Answer by the parts of one venue."""
        self._limits = folder.settings.limits
        self._service = service
        self._gate = gate
        self._appends = appends
        self._hub = hub
        self._readers = readers
        self._rest = rest
        self._routes = {
            ("POST", "/entries"): self._append,
            ("GET", "/entries"): self._entries,
            ("GET", "/stream"): self._stream,
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        path: str = scope["path"]
        route = None
        if path.startswith(PREFIX):
            route = self._routes.get((scope["method"], path[ID_END:]))
        if route is None:
            await self._rest(scope, receive, send)  # type: ignore[misc]
            return
        try:
            await route(scope, receive, send)
        except GoodOfficesError as refusal:
            status, headers, body = self._gate.answer(refusal)
            await _send(send, status, body, headers)
        except DisconnectedError:
            return
        except Exception as fault:  # noqa: BLE001
            # The last resort for what nobody thought of: the desk gets an answer, the log no data of its own.
            _log.error("fault in %s %s: %s", scope["method"], path[ID_END:], type(fault).__name__)
            status, headers, body = self._gate.answer(OperationalError("venue-fault"))
            await _send(send, status, body, headers)

    def _register(self, caller: Caller, path: str) -> Register:
        """Return the register that a path names, if it is for the caller."""
        return self._service.register(caller, path[len(PREFIX) : ID_END])

    async def _append(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer POST /v1/r/<id>/entries (spec/transport.md section 4)."""
        admitted = self._appends.admit(scope)
        body = await self._gate.read(scope, receive)
        await _send(send, 200, await self._appends.place(admitted, body))

    async def _entries(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET /v1/r/<id>/entries (spec/transport.md section 4)."""
        caller, digest = self._gate.admit(scope)
        register = self._register(caller, scope["path"])
        await self._gate.body(scope, receive, digest)
        query = scope["query_string"].decode("latin-1")
        bounds = {"from": (0, 0, MAX_INDEX), "limit": (MAX_PAGE, 1, MAX_PAGE)}
        start, limit = numbers(query, **bounds)
        page = await self._page(register.number, start, limit)
        await _send(send, 200, page.data)

    async def _page(self, number: int, start: int, limit: int = MAX_PAGE) -> _Page:
        """Return a page from the store, encoded on a reader's thread."""

        def read(reader: Reader) -> _Page:
            state, rows = reader.page(number, start, limit, self._limits.page_bytes)
            if start > state.size:
                raise RemoteError("no-such-entry", size=state.size, index=start)
            return _Page(write_page(state.note, start, rows), len(rows), state.size)

        return await self._readers.ask(read)

    async def _stream(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer GET /v1/r/<id>/stream (spec/transport.md section 5)."""
        caller, digest = self._gate.admit(scope)
        register = self._register(caller, scope["path"])
        await self._gate.body(scope, receive, digest)
        start = _after(scope)
        if self._hub.count(caller.desk) >= self._limits.streams_per_desk:
            raise OperationalError("too-many-requests")
        # Before the first page is read: see hub, rule 2.
        stream = Stream(register.number, caller.desk)
        self._hub.add(stream)
        leaving = None
        try:
            page = await self._page(register.number, start)
            leaving = asyncio.ensure_future(receive())
            leaving.add_done_callback(lambda _: stream.close())
            await send({"type": "http.response.start", "status": 200, "headers": _STREAM})
            await self._write(send, _frame(page, start))
            await self._follow(stream, start + page.count, send)
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._hub.discard(stream)
            if leaving is not None:
                leaving.cancel()

    async def _follow(self, stream: Stream, at: int, send: Send) -> None:
        """Send what comes after index `at - 1` until the stream is closed."""
        while not stream.closed:
            if stream.behind:
                stream.caught_up()
                while not stream.closed:
                    page = await self._page(stream.register, at)
                    if page.count:
                        await self._write(send, _frame(page, at))
                    at += page.count
                    if at >= page.size:
                        break
                continue
            batch = stream.pop()
            if batch is None:
                if not await stream.wait(self._limits.heartbeat_seconds):
                    await self._write(send, HEARTBEAT)
            elif batch.start == at:
                await self._write(send, batch.frame)
                at = batch.end
            elif batch.end > at:
                # A page went past the start of this batch: the store knows what is left of it.
                stream.fall_behind()

    @staticmethod
    async def _write(send: Send, data: bytes) -> None:
        """Send a piece of a stream; waits while the client does not read."""
        await send({"type": "http.response.body", "body": data, "more_body": True})


def _frame(page: _Page, start: int) -> bytes:
    """Return the event of a page from index `start`; without entries it has no id."""
    number = start + page.count - 1 if page.count else None
    return frame("entries", b64encode(page.data), number)


def _after(scope: Scope) -> int:
    """Return the index from which a stream begins: after the query's `after`, else after `Last-Event-ID`, else 0."""
    query = scope["query_string"].decode("latin-1")
    for name, value in scope["headers"]:
        if name == b"last-event-id" and not query:
            query = f"after={value.decode('latin-1')}"
    return numbers(query, after=(-1, -1, MAX_INDEX))[0] + 1


async def _send(
    send: Send, status: int, body: bytes, headers: list[tuple[bytes, bytes]] | None = None
) -> None:
    """Send a whole answer."""
    fields = [_CBOR, _NO_STORE, (b"content-length", b"%d" % len(body)), *(headers or ())]
    await send({"type": "http.response.start", "status": status, "headers": fields})
    await send({"type": "http.response.body", "body": body})
