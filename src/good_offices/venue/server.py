"""Serving: puts the parts of one venue together and runs them until told to stop.

This module decides the order of starting and stopping. It never decides what is answered.

1. The lock comes first, the store second, the address last: what cannot serve never listens.
2. Stopping: no new connections, streams end, requests under way are finished, the writer finishes what waits.
3. Access is not logged. The log has starts, stops and faults, and nothing of any request but its form.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import ipaddress
import logging
import signal
import socket
import ssl
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import uvicorn

from good_offices.errors import LocalError, OperationalError
from good_offices.venue.appending import Appends
from good_offices.venue.boxes import Timer
from good_offices.venue.folder import ADDRESS, Folder, locked
from good_offices.venue.gate import Gate
from good_offices.venue.http import Hot, Readers
from good_offices.venue.hub import Hub
from good_offices.venue.protocol import SWEEP, GuardedProtocol, guarded
from good_offices.venue.routes import Routes
from good_offices.venue.sequencer import Faults, Sequencer, no_faults
from good_offices.venue.service import Directory, Service
from good_offices.venue.store import Reader, connect

BACKLOG: Final = 2048
GRACE: Final = 10
# What requests under way hold is no garbage: with Python's 700 the collector looks at it several times for each wave of
# a hundred, a quarter of the venue's time. Nearly everything here is freed by its last reference.
_YOUNG: Final = 20_000
_log = logging.getLogger("good_offices.venue")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Tls:
    """The files of a certificate chain and its key, PEM."""

    certificate: Path
    key: Path


class _Server(uvicorn.Server):
    """uvicorn's server with our order of stopping; signals are handled by `serve`."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        """Serve `config`."""
        super().__init__(config)
        self._hub = hub
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone: uvicorn would raise them again once it has stopped, before our own end."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then what uvicorn ends."""
        self._hub.close()
        await super().shutdown(sockets)

    async def sweep(self) -> None:
        """Close connections over their deadline, for as long as the server runs."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP)
            now = loop.time()
            for connection in list(self.server_state.connections):
                if isinstance(connection, GuardedProtocol):
                    connection.sweep(now)


@asynccontextmanager
async def running(
    folder: Folder, *, listen: str = "127.0.0.1:0", tls: Tls | None = None, faults: Faults = no_faults
) -> AsyncIterator[str]:
    """Serve within the block; gives the address.

    Raises:
        LocalError: `venue-running`, `venue-address-invalid`, `venue-tls-invalid` or `venue-folder-newer`.
        OperationalError: `venue-address-taken`, `venue-database-damaged` or `venue-disk`.
    """
    with locked(folder), contextlib.ExitStack() as stack:
        hub = Hub()
        sequencer = Sequencer(folder, hub, faults=faults)
        hot, appends = _assemble(folder, hub, sequencer, stack)
        config = _config(hot, appends, folder, tls)
        bound = stack.enter_context(_bind(listen))
        address = _address(bound, secure=tls is not None)
        server = _Server(config, hub)
        sequencer.start(asyncio.get_running_loop())
        try:
            serving = asyncio.ensure_future(server.serve(sockets=[bound]))
            sweeping = asyncio.ensure_future(server.sweep())
            timing = asyncio.ensure_future(Timer(sequencer).run())
            await server.up.wait()
            with _announced(folder, address):
                yield address
            server.should_exit = True
            await serving
            sweeping.cancel()
            timing.cancel()
        finally:
            await sequencer.stop()


def serve(
    folder: Folder,
    *,
    listen: str = "127.0.0.1:0",
    tls: Tls | None = None,
    faults: Faults = no_faults,
    say: Say,
    warn: Say,
) -> None:
    """Serve until SIGTERM or SIGINT; `say` gets the address, `warn` what the operator should know.

    Raises:
        LocalError, OperationalError: as `running`.
    """
    if tls is None and not _is_loopback(listen):
        warn("warning: listening beyond this machine without TLS; use --tls-cert and --tls-key, or a proxy")
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(_serve(folder, listen, tls, faults, say))


async def _serve(folder: Folder, listen: str, tls: Tls | None, faults: Faults, say: Say) -> None:
    """Serve until a signal comes."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(folder, listen=listen, tls=tls, faults=faults) as address:
        say(address)
        # What was loaded until here stays: the collector need not look at it again and again.
        gc.collect()
        gc.freeze()
        gc.set_threshold(_YOUNG, 10, 10)
        await stop.wait()


def _assemble(
    folder: Folder, hub: Hub, sequencer: Sequencer, stack: contextlib.ExitStack
) -> tuple[Hot, Appends]:
    """Return the application over the parts of one venue, and what takes plain appends before it."""
    limits = folder.settings.limits
    reader = Reader(connect(folder.database))
    stack.callback(reader.connection.close)
    readers = Readers(folder)
    stack.callback(readers.close)
    directory = Directory(reader)
    service = Service(directory, limits)
    gate = Gate(service, limits)
    routes = Routes(folder, service, directory, gate, sequencer, hub, readers)
    appends = Appends(service, gate, sequencer)
    return Hot(folder, service, gate, appends, hub, readers, routes.app), appends


def _config(app: Hot, appends: Appends, folder: Folder, tls: Tls | None) -> uvicorn.Config:
    """Return uvicorn's configuration.

    Raises:
        LocalError: `venue-tls-invalid`.
    """
    config = uvicorn.Config(
        app,
        http=guarded(folder.settings.limits, appends),
        ws="none",
        lifespan="off",
        interface="asgi3",
        access_log=False,
        log_config=None,
        log_level="critical",
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=folder.settings.limits.idle_seconds,
        timeout_graceful_shutdown=GRACE,
        ssl_certfile=None if tls is None else str(tls.certificate),
        ssl_keyfile=None if tls is None else str(tls.key),
    )
    try:
        config.load()
    except (OSError, ssl.SSLError) as failed:
        raise LocalError(
            "venue-tls-invalid", why=getattr(failed, "reason", None) or failed.strerror
        ) from failed
    if config.ssl is not None:
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
    return config


@contextmanager
def _bind(listen: str) -> Iterator[socket.socket]:
    """Give a listening socket.

    Raises:
        LocalError: `venue-address-invalid`.
        OperationalError: `venue-address-taken`.
    """
    host, port = _split(listen)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        bound = socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as failed:
        raise OperationalError(
            "venue-address-taken", listen=listen, why=failed.strerror or "no such host"
        ) from failed
    try:
        yield bound
    finally:
        bound.close()


def _split(listen: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT` or `[IPV6]:PORT`.

    Raises:
        LocalError: `venue-address-invalid`.
    """
    host, colon, port = listen.rpartition(":")
    number = int(port) if port.isascii() and port.isdigit() and len(port) <= 5 else -1
    if not colon or not host or not 0 <= number <= 0xFFFF:
        raise LocalError("venue-address-invalid", listen=listen)
    return host.removeprefix("[").removesuffix("]"), number


def _is_loopback(listen: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    host = _split(listen)[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _address(bound: socket.socket, *, secure: bool) -> str:
    """Return the address that a socket is reached under."""
    host, port = bound.getsockname()[:2]
    scheme = "https" if secure else "http"
    return f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"


@contextmanager
def _announced(folder: Folder, address: str) -> Iterator[None]:
    """Write the address into the folder while it is served: offers made meanwhile name it."""
    path = folder.path / ADDRESS
    try:
        path.write_text(f"{address}\n", encoding="ascii")
        yield
    finally:
        path.unlink(missing_ok=True)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return uvloop's loop if it is installed, else the standard one."""
    try:
        factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    except ImportError:
        return None
    return factory
