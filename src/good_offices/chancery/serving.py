"""Serving a desk on this machine: the address, the launch file, starting and stopping.

This module decides where the chancery listens and how its first page is opened. It never decides what is answered.

1. Only 127.0.0.1 listens, on a port that the system chooses unless one is asked for, under a host name that nobody
   can guess: browsers take every name below `localhost` for this machine, and keep its cookies apart from other programs
   on other ports. A browser that does not know such names uses 127.0.0.1, where they are shared.
2. Whoever can read the launch file opens the desk's first page, once: the file is readable by its owner alone, and a
   new token replaces the one that was used. The token stands in no address and in no argument.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import signal
import socket
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import uvicorn

from good_offices.chancery.app import build
from good_offices.chancery.guard import LAUNCH, Door
from good_offices.chancery.seat import IDLE, Seat
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import _

_GRACE: Final = 1
_PAGE: Final = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<body>
<h1>{title}</h1>
<p>{words}</p>
<form method="post" action="http://{host}{path}">
<input type="hidden" name="token" value="{token}">
<p><button autofocus>{verb}</button></p>
</form>
<p>{fallback}</p>
<form method="post" action="http://{other}{path}">
<input type="hidden" name="token" value="{token}">
<p><button>{other_verb}</button></p>
</form>
</body>
</html>
"""


@dataclass(frozen=True)
class Served:
    """Where a desk is served: the two addresses, and the file that opens the first page."""

    address: str
    fallback: str
    launch_file: Path


def launch_file_of(folder: Path) -> Path:
    """Return the place of the launch file of a desk folder: beside it, where its owner finds it."""
    return folder.resolve().parent / f"{folder.resolve().name}-open.html"


def serve(
    folder: Path,
    *,
    port: int = 0,
    idle: float = IDLE,
    ready: Callable[[Served], None],
) -> None:
    """Serve the desk in `folder` until interrupted; `ready` is told where once it listens.

    Raises:
        OperationalError: `venue-address-taken`, `disk-refused`.
    """
    listening = _listen(port)
    port = listening.getsockname()[1]
    hosts = (f"go-{secrets.token_hex(8)}.localhost:{port}", f"127.0.0.1:{port}")
    door = Door(hosts)
    launch = launch_file_of(folder)

    def renew() -> None:
        _write_launch(launch, hosts, door.token())

    renew()
    app = build(Seat(folder, idle=idle), door)
    app.state.renew = renew
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    try:
        ready(Served(f"http://{hosts[0]}/", f"http://{hosts[1]}/", launch))
        asyncio.run(_run(server, listening))
    finally:
        launch.unlink(missing_ok=True)
        listening.close()


async def _run(server: uvicorn.Server, listening: socket.socket) -> None:
    """Run until a signal asks for the end."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, stop)
    server.capture_signals = _no_signals  # type: ignore[method-assign, assignment] # uvicorn would raise them again at the end
    await server.serve(sockets=[listening])


def _no_signals() -> contextlib.AbstractContextManager[None]:
    """Leave the signals as they are."""
    return contextlib.nullcontext()


def _listen(port: int) -> socket.socket:
    """Return a socket that listens on the loopback address alone.

    Raises:
        OperationalError: `venue-address-taken`.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
    except (OSError, OverflowError) as refused:
        listening.close()
        raise LocalError("venue-address-taken", listen=f"127.0.0.1:{port}", why=str(refused)) from None
    return listening


def _write_launch(path: Path, hosts: tuple[str, str], token: str) -> None:
    """Write the launch file, readable by its owner alone; never over a link or a file of somebody else.

    Raises:
        OperationalError: `disk-refused`.
    """
    page = _PAGE.format(
        language="en",
        title=escape(_("Open my desk")),
        words=escape(_("This file opens your desk in this browser, once. Keep it to yourself.")),
        verb=escape(_("Open my desk")),
        fallback=escape(
            _(
                "If the browser does not find that address, use the next button. "
                "Programs on other ports of this machine then share the browser’s cookies with the desk."
            )
        ),
        other_verb=escape(_("Open it under 127.0.0.1")),
        host=hosts[0],
        other=hosts[1],
        path=LAUNCH,
        token=token,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(page)
    except OSError as broken:
        raise OperationalError("disk-refused", folder=path.parent, why=broken.strerror) from broken
