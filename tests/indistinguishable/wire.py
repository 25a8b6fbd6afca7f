"""The host's ears: a TCP proxy that passes every chunk on and notes when it came, whence, on which connection, and its bytes."""

from __future__ import annotations

import selectors
import signal
import socket
import time
from multiprocessing.connection import Connection

TO_VENUE, TO_DESK = 0, 1
_CHUNK = 64 * 1024


def record(listening: socket.socket, port: int, say: Connection) -> None:
    """Pass on until told to end, then hand over all chunks: (time, connection, direction, bytes)."""
    ending, chunks = [], []
    signal.signal(signal.SIGTERM, lambda *_: ending.append(True))
    ready = selectors.DefaultSelector()
    ready.register(listening, selectors.EVENT_READ, None)
    count = 0
    while not ending:
        for key, _ in ready.select(0.05):
            if key.data is None:
                desk, venue = listening.accept()[0], socket.create_connection(("127.0.0.1", port))
                for one in (desk, venue):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                ready.register(desk, selectors.EVENT_READ, (count, TO_VENUE, venue))
                ready.register(venue, selectors.EVENT_READ, (count, TO_DESK, desk))
                count += 1
                continue
            number, direction, other = key.data
            content = _read(key.fileobj)
            chunks.append((time.time(), number, direction, content))
            if content:
                other.sendall(content)
            else:
                ready.unregister(key.fileobj)
                _shut(other)
    say.send(chunks)


def _read(one: socket.socket) -> bytes:
    try:
        return one.recv(_CHUNK)
    except ConnectionError:
        return b""


def _shut(one: socket.socket) -> None:
    try:
        one.shutdown(socket.SHUT_WR)
    except OSError:
        return  # the other side was gone first
