"""Chanceries for tests: the interface of a desk, served in a thread of the test process."""

from __future__ import annotations

import asyncio
import secrets
import socket
import threading
from pathlib import Path
from typing import Any, Self

import uvicorn
from playwright.sync_api import Page
from tests.support.house import PASSPHRASE
from tests.support.waiting import LONGEST

from good_offices.chancery.app import build
from good_offices.chancery.guard import Door
from good_offices.chancery.seat import Seat


class Chancery:
    """The interface of the desk in a folder, until the end of the block."""

    def __init__(self, folder: Path) -> None:
        self._listening = socket.socket()
        self._listening.bind(("127.0.0.1", 0))
        self._listening.listen()
        port = self._listening.getsockname()[1]
        hosts = (f"go-{secrets.token_hex(8)}.localhost:{port}", f"127.0.0.1:{port}")
        self.address = f"http://{hosts[0]}"
        self.door = Door(hosts)
        self.seat = Seat(folder)
        self._cookies: list[Any] = []
        app = build(self.seat, self.door)
        app.state.renew = self.door.token
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._server.serve(sockets=[self._listening])), daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join(LONGEST)
        self._listening.close()

    def open(self, page: Page, path: str = "/") -> Page:
        """Launch the interface in a page, unlock the desk, and go to a screen.

        The first page is led all the way in; those of later contexts come by its cookie, if that still lets them in.
        """
        if self._cookies:
            page.context.add_cookies(self._cookies)
            answer = page.goto(self.address + path)
            if answer and answer.ok and not page.url.endswith(("/launch", "/unlock")):
                return page
        page.goto(f"{self.address}/launch")
        page.fill("input[name=token]", self.door.token())
        page.click("button.go")
        page.wait_for_url(lambda url: "/launch" not in url)
        if page.url.endswith("/unlock"):
            page.fill("input[name=passphrase]", PASSPHRASE)
            page.click("button.go")
            page.wait_for_url("**/since")
        self._cookies = page.context.cookies(self.address)
        page.goto(self.address + path)
        return page
