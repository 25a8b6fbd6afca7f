"""The wire: one request over HTTP, one answer read piece by piece, and nothing else.

This module decides how long a desk waits, which certificates it trusts and when a connection is used again. It never
follows a redirect, keeps a cookie, undoes a compression, asks the environment for a proxy or a key, or sends a request
twice: whether to ask again is decided in `desk.client`.

1. Connecting may take `CONNECT` seconds; then each piece sent or received may take the silence that the caller allows.
2. Of https the certificate must be that of the venue's name, by one of the authorities of `certifi`.
3. A connection is used again only if its last answer was read to the end, within `IDLE` seconds, and if nothing has
   come over it since: whatever comes unasked is no answer.

`http.client` suffices, and a desk's start is felt at every verb: urllib3 takes three times as long to load, httpx six times, for
pools, retries, cookies and redirects that would have to be turned off.
"""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Final, Protocol
from urllib.parse import urlsplit

import certifi

CONNECT: Final = 10.0
IDLE: Final = 5.0
_PIECE: Final = 64 * 1024


class CutError(Exception):
    """The request did not reach the venue, or its answer did not arrive whole; `why` is the kind, without any address."""

    def __init__(self, why: str) -> None:
        """Keep the kind."""
        super().__init__(why)
        self.why = why


class Answer(Protocol):
    """An answer whose body has not been read."""

    status: int

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it arrives; raises `CutError` if it ends early."""

    def close(self) -> None:
        """Leave the answer, read or not."""


class Transport(Protocol):
    """What a desk's client sends its requests through; tests put a cheating host in its place."""

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, silence: float
    ) -> Answer:
        """Return the answer to one request; raises `CutError`."""

    def close(self) -> None:
        """Close the connections."""


class Network:
    """The network, for one venue's address."""

    def __init__(self, url: str) -> None:
        """Connect with the first request, not now: a desk opens without a network."""
        self._url = url
        # Taken and given back whole: one thread may follow the stream while another sends.
        self._idle: deque[tuple[HTTPConnection, float]] = deque()
        self._busy: set[HTTPConnection] = set()

    def close(self) -> None:
        """Close the connections that wait to be used again, and cut those on which an answer is still awaited.

        A thread that follows the stream would else sit there until the venue says something.
        """
        while self._idle:
            self._idle.pop()[0].close()
        for connection in tuple(self._busy):
            if connection.sock is not None:
                with suppress(OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def send(
        self, method: str, target: str, headers: Mapping[str, str], body: bytes, silence: float
    ) -> Answer:
        """Return the answer to one request, for a path and query under the venue's address.

        Raises:
            CutError: no connection, none in time, or no answer in the form of HTTP.
        """
        connection = None
        try:
            connection = self._waiting() or self._connected()
            self._busy.add(connection)
            connection.sock.settimeout(silence)
            # In pieces, since a time limit holds for the whole of what is sent at once: a slow line is not a dead one.
            sent = (body[at : at + _PIECE] for at in range(0, len(body), _PIECE)) if body else None
            length = {"Content-Length": str(len(body))} if body else {}
            path = urlsplit(self._url).path.rstrip("/")
            connection.request(method, path + target, body=sent, headers={**headers, **length})
            return _Received(self, connection, connection.getresponse())
        except (OSError, HTTPException, ValueError) as broken:  # ValueError: an address that is none
            if connection is not None:
                self.leave(connection)
            raise CutError(type(broken).__name__) from None

    def keep(self, connection: HTTPConnection) -> None:
        """Take a connection back whose answer was read to the end."""
        self._busy.discard(connection)
        self._idle.append((connection, time.monotonic()))

    def leave(self, connection: HTTPConnection) -> None:
        """Close a connection that is not used again."""
        self._busy.discard(connection)
        connection.close()

    def _waiting(self) -> HTTPConnection | None:
        """Return a connection that waits and may be used again (rule 3)."""
        with suppress(IndexError):
            while True:
                connection, since = self._idle.pop()
                if time.monotonic() - since <= IDLE and connection.sock and not _readable(connection):
                    return connection
                connection.close()
        return None

    def _connected(self) -> HTTPConnection:
        """Return a new connection."""
        url = urlsplit(self._url)
        if url.scheme == "https":
            connection: HTTPConnection = HTTPSConnection(
                url.hostname or "", url.port, timeout=CONNECT, context=_trusting()
            )
        elif url.scheme == "http":
            connection = HTTPConnection(url.hostname or "", url.port, timeout=CONNECT)
        else:
            raise ValueError(url.scheme)
        connection.connect()
        return connection


class _Received:
    """An answer from the network."""

    def __init__(self, network: Network, connection: HTTPConnection, answer: HTTPResponse) -> None:
        """Begin after the head."""
        self.status = answer.status
        self._network, self._connection, self._answer = network, connection, answer
        self._whole = False

    def pieces(self) -> Iterator[bytes]:
        """Yield the body as it arrives."""
        try:
            while piece := self._answer.read1(_PIECE):
                yield piece
        except (OSError, HTTPException, ValueError) as broken:
            raise CutError(type(broken).__name__) from None
        if self._answer.length:
            # `read1` takes an end before the announced length for an end.
            raise CutError("IncompleteRead")
        self._whole = True

    def close(self) -> None:
        """Leave the answer; a connection with a rest on it is closed."""
        self._answer.close()
        if self._whole and not self._answer.will_close:
            self._network.keep(self._connection)
        else:
            self._network.leave(self._connection)


def _readable(connection: HTTPConnection) -> bool:
    """Tell whether something, or the end, has come over a connection that should be silent."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _trusting() -> ssl.SSLContext:
    """Return the settings of TLS (rule 2); made by hand, since the usual ones write keys where the environment says."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(certifi.where())
    context.set_alpn_protocols(["http/1.1"])
    return context
