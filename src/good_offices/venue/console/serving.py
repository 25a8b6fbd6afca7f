"""Serving the console on this machine: the address, the application, starting and stopping.

This module decides where the console listens. It never decides what is answered, and it runs beside the venue's own server or
without it: the two share the folder, not a process, so a fault here cannot stop the talks.

1. Only 127.0.0.1 listens, under a host name that nobody can guess: browsers take every name below `localhost` for this
   machine, and keep its cookies apart from other programs on other ports. A browser that does not know such names uses
   127.0.0.1, where they are shared.
2. Whoever works from another machine reaches the port through a tunnel that ends here.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import signal
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from good_offices.errors import LocalError, OperationalError
from good_offices.venue import rendering
from good_offices.venue.console import communiques, conditions, declaring, passphrase, screens
from good_offices.venue.console.guard import IDLE, Door, Guard
from good_offices.venue.console.passphrase import Attempts
from good_offices.venue.console.visit import Desk, get, post
from good_offices.venue.folder import Folder

_GRACE: Final = 1
_SWEEP: Final = 5.0


@dataclass(frozen=True)
class Served:
    """Where the console is served."""

    address: str
    fallback: str


def build(folder: Folder, door: Door, attempts: Attempts | None = None) -> Starlette:
    """Return the application for one venue, guarded by `door`."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        sweeping = asyncio.create_task(_sweep(door))
        try:
            yield
        finally:
            sweeping.cancel()

    app = Starlette(
        routes=[
            *screens.ROUTES,
            *declaring.ROUTES,
            *conditions.ROUTES,
            *communiques.ROUTES,
            Route("/static/{digest}/{path:path}", _asset),
            get("/{rest:path}", screens.unknown),
            post("/{rest:path}", screens.unknown),
        ],
        middleware=[Middleware(Guard, door=door)],
        lifespan=lifespan,
    )
    app.state.console = Desk(folder, door, attempts or Attempts(folder))
    return app


def serve(folder: Folder, *, port: int = 0, idle: float = IDLE, ready: Callable[[Served], None]) -> None:
    """Serve the console of a venue until interrupted; `ready` is told where once it listens.

    Raises:
        LocalError: `console-passphrase-missing`.
        OperationalError: `venue-address-taken`.
    """
    if not passphrase.is_set(folder):
        raise LocalError("console-passphrase-missing", path=folder.path)
    listening = _listen(port)
    port = listening.getsockname()[1]
    hosts = (f"go-{secrets.token_hex(8)}.localhost:{port}", f"127.0.0.1:{port}")
    config = uvicorn.Config(
        build(folder, Door(hosts, idle=idle)),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    try:
        served = Served(f"http://{hosts[0]}/", f"http://{hosts[1]}/")
        asyncio.run(_run(uvicorn.Server(config), listening, lambda: ready(served)))
    finally:
        listening.close()


async def _run(server: uvicorn.Server, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run until a signal asks for the end; from `ready` on, every signal is heard."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign, assignment] # uvicorn would raise them again
    ready()
    await server.serve(sockets=[listening])


async def _sweep(door: Door) -> None:
    """End sessions that nobody uses, and with them the invitations in their memory."""
    while True:
        await asyncio.sleep(min(_SWEEP, door.idle / 4))
        door.sweep()


async def _asset(request: Request) -> Response:
    """Answer with a file that pages load."""
    found = rendering.asset(request.path_params["digest"], request.path_params["path"])
    if found is None:
        return Response(status_code=404)
    return Response(found.data, media_type=found.media_type)


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on the loopback address alone.

    Raises:
        OperationalError: `venue-address-taken`.
    """
    # With its protocol named, accepted connections send at once (asyncio does so only then): head and body of an answer are two
    # writes, and the second would wait 40 ms for the browser.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen()  # before anybody is told of the address
    except (OSError, OverflowError) as refused:
        listening.close()
        why = getattr(refused, "strerror", None) or "no such port"
        raise OperationalError("venue-address-taken", listen=f"127.0.0.1:{port}", why=why) from None
    return listening
