"""Serving a desk on this machine: the address, the launch file, starting and stopping.

This module decides where the chancery listens and how its first page is opened. It never decides what is answered.

1. Only 127.0.0.1 listens, on a port that the system chooses unless one is asked for, under a host name that nobody
   can guess: browsers take every name below `localhost` for this machine, and keep its cookies apart from other programs
   on other ports. A browser that does not know such names uses 127.0.0.1, where they are shared.
2. Whoever can read the launch file opens the desk's first page, once: the file is readable by its owner alone, and a
   new token replaces the one that was used. The token stands in no address and in no argument.
3. A folder has one server. Who serves it holds a lock beside the folder, which says at which address: a folder that is
   yet to become a desk must stay empty.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import fcntl
import json
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final

import uvicorn

from good_offices.chancery.app import build
from good_offices.chancery.guard import LAUNCH, Door
from good_offices.chancery.listening import Bounded, hush
from good_offices.chancery.seat import IDLE, Seat
from good_offices.errors import LocalError, OperationalError
from good_offices.locale import _, language

_GRACE: Final = 1
_PAGE: Final = """<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
<body>
<main>
<p class="brand">{brand}</p>
<h1>{title}</h1>
<p>{whose} <strong><bdi>{folder}</bdi></strong></p>
<p>{words}</p>
<form method="post" action="http://{host}{path}">
<input type="hidden" name="token" value="{token}">
<p><button autofocus>{verb}</button></p>
</form>
<details><summary>{trouble}</summary>
<p>{fallback}</p>
<form method="post" action="http://{other}{path}">
<input type="hidden" name="token" value="{token}">
<p><button class="other">{other_verb}</button></p>
</form>
</details>
</main>
</body>
</html>
"""
# The page is a file and not of the server: it brings its few rules along, in the look of assets/style.css.
_STYLE: Final = """
body { margin: 0; background: #eef1f3; color: #15222c; font: 400 16px/1.45 "Source Sans 3", system-ui, sans-serif }
main { max-width: 36rem; margin: 12vh auto 0; padding: 24px }
h1 { font: 600 24px/1.25 "Source Serif 4", Georgia, serif; margin: 16px 0 }
.brand { font: 600 18px/1 "Source Serif 4", Georgia, serif; color: #485863 }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 4px 18px; border: 1px solid #0b4f77; border-radius: 3px;
  background: #0b4f77; color: #fff; cursor: pointer }
button.other { background: #fff; color: #15222c; border-color: #74838e; font-weight: 500; min-height: 36px }
:focus-visible { outline: 3px solid #0b4f77; outline-offset: 2px }
summary { cursor: pointer; padding: 8px 0; color: #485863 }
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
        LocalError: `desk-served`, `venue-address-taken`.
        OperationalError: `disk-refused`.
    """
    with _alone(folder) as say:
        _serve(folder, _listen(port), idle=idle, ready=ready, say=say)


def _serve(
    folder: Path,
    listening: socket.socket,
    *,
    idle: float,
    ready: Callable[[Served], None],
    say: Callable[[str], None],
) -> None:
    """Serve on a socket until interrupted."""
    port = listening.getsockname()[1]
    hosts = (f"go-{secrets.token_hex(8)}.localhost:{port}", f"127.0.0.1:{port}")
    door = Door(hosts)
    launch = launch_file_of(folder)

    def renew() -> None:
        _write_launch(launch, folder.resolve().name, hosts, door.token())

    renew()
    app = build(Seat(folder, idle=idle), door)
    app.state.renew = renew
    config = uvicorn.Config(
        app,
        http=Bounded,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    hush()
    try:
        say(f"http://{hosts[0]}/")
        served = Served(f"http://{hosts[0]}/", f"http://{hosts[1]}/", launch)
        asyncio.run(_run(server, listening, lambda: ready(served)))
    finally:
        launch.unlink(missing_ok=True)
        listening.close()


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[Callable[[str], None]]:
    """Hold the lock of rule 3 and give what writes the address into it.

    Raises:
        LocalError: `desk-served`.
        OperationalError: `disk-refused`.
    """
    path = launch_file_of(folder).with_name(f".{folder.resolve().name}-serving")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as broken:
        raise OperationalError("disk-refused", folder=path.parent, why=broken.strerror) from broken
    with os.fdopen(descriptor, "r+", encoding="utf-8") as held:
        # In a folder that others can write to, somebody could lead us to a page of theirs by a lock that they hold.
        if os.fstat(descriptor).st_uid != os.getuid():
            raise OperationalError("disk-refused", folder=path.parent, why=os.strerror(errno.EPERM))
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise LocalError(
                "desk-served", folder=folder, file=launch_file_of(folder), **_told_by(held.read())
            ) from None

        def say(address: str) -> None:
            held.seek(0)
            held.truncate()
            held.write(json.dumps({"pid": os.getpid(), "address": address}))
            held.flush()

        try:
            yield say
        finally:
            path.unlink(missing_ok=True)


def _told_by(words: str) -> dict[str, object]:
    """Return process and address as the holder of the lock wrote them; it may not have come so far yet."""
    try:
        told = json.loads(words)
        return {"pid": int(told["pid"]), "address": str(told["address"])}
    except (ValueError, KeyError, TypeError):
        return {"pid": "?", "address": "127.0.0.1"}


async def _run(server: uvicorn.Server, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Run until a signal asks for the end; from `ready` on, every signal is heard."""
    loop = asyncio.get_running_loop()

    def stop() -> None:
        server.should_exit = True

    # Closing the terminal is an end like others: the launch file must not outlive the server.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        loop.add_signal_handler(one, stop)
    server.capture_signals = _no_signals  # type: ignore[method-assign, assignment] # uvicorn would raise them again at the end
    ready()
    await server.serve(sockets=[listening])


def _no_signals() -> contextlib.AbstractContextManager[None]:
    """Leave the signals as they are."""
    return contextlib.nullcontext()


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
        raise LocalError("venue-address-taken", listen=f"127.0.0.1:{port}", why=str(refused)) from None
    return listening


def _write_launch(path: Path, folder: str, hosts: tuple[str, str], token: str) -> None:
    """Write the launch file of a desk folder, readable by its owner alone; never over a link or a file of somebody else.

    Raises:
        OperationalError: `disk-refused`.
    """
    page = _PAGE.format(
        language=language(),
        style=_STYLE,
        brand=escape(_("Good Offices")),
        trouble=escape(_("The browser does not find the page")),
        title=escape(_("Open my desk")),
        words=escape(_("This file opens your desk in this browser, once. Keep it to yourself.")),
        # Of a locked desk nothing else is known without its passphrase.
        whose=escape(_("Desk folder:")),
        folder=escape(folder),
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
