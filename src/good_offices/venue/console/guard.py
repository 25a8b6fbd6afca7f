"""The guard of the console: what a request must be before any screen sees it, and who is logged in.

This module decides who may talk to the console. Where a request may come from and what every answer carries is decided by
`transport.browser`; here are the sessions.

1. Without a session there is the login page, and nothing else but style and fonts.
2. A session begins with the operators' passphrase and ends by logging out, when nobody has used it for a while, or with the
   process. Its cookie is `HttpOnly` and `SameSite=Strict`, under a host name that nobody can guess.
3. Every form carries the session's own token, compared in constant time (`visit.py`); the login form cannot have one, and
   is held by the `Origin`, which must be ours exactly.
4. Invitations that were offered and not yet handed on are in the session's memory alone: they end with it.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from good_offices.transport.browser import (
    SAFE,
    STATIC,
    Limited,
    headers_of_answers,
    refusal,
    with_headers,
)
from good_offices.venue.offer import Offered

COOKIE: Final = "go-console"
LOGIN: Final = "/login"
MAX_BODY: Final = 2 * 1024 * 1024
IDLE: Final = 15 * 60.0

HEADERS: Final = headers_of_answers(scripts=False)


class Session:
    """One browser that is logged in: its cookie's value, its form token, its language, what it is to be told next."""

    def __init__(self, now: float) -> None:
        """Begin with fresh random values."""
        self.key = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self.language: str | None = None
        self.flashes: list[tuple[str, str]] = []
        self.offers: dict[str, Offered] = {}
        self.used = now


class Door:
    """The sessions of one running console."""

    def __init__(
        self,
        hosts: tuple[str, ...],
        *,
        idle: float = IDLE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Know the exact `Host` values that were announced; end sessions after `idle` seconds."""
        self.hosts = hosts
        self.idle = idle
        self._monotonic = monotonic
        self._sessions: dict[str, Session] = {}

    def enter(self) -> Session:
        """Return a new session; whoever calls has checked the passphrase."""
        session = Session(self._monotonic())
        self._sessions[session.key] = session
        return session

    def leave(self, session: Session) -> None:
        """End a session, with the invitations in its memory."""
        self._sessions.pop(session.key, None)
        session.offers.clear()

    def sweep(self) -> None:
        """End the sessions that nobody uses."""
        now = self._monotonic()
        for session in list(self._sessions.values()):
            if now - session.used > self.idle:
                self.leave(session)

    def session(self, headers: Headers) -> Session | None:
        """Return the session whose cookie a request carries, and note that it is used."""
        self.sweep()
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        session = self._sessions.get(morsel.value) if morsel else None
        if session:
            session.used = self._monotonic()
        return session


class Guard:
    """ASGI middleware that lets only our own pages, in a browser that is logged in, reach the screens."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        """Guard `app` with the sessions of `door`."""
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or let the request through with its session in `scope["session"]`."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close"})
            return
        headers = Headers(scope=scope)
        refused = refusal(scope, headers, hosts=self._door.hosts, limit=MAX_BODY)
        if refused:
            status, why = refused
            await PlainTextResponse(why, status, headers=HEADERS)(scope, receive, send)
            return
        path = scope["path"]
        guarded = with_headers(send, path, HEADERS)
        session = scope["session"] = self._door.session(headers)
        if session is None and path != LOGIN and not path.startswith(STATIC):
            # A page leads to the login; anything else, such as a download or a form, learns nothing.
            if scope["method"] in SAFE and "text/html" in headers.get("accept", ""):
                await RedirectResponse(LOGIN, 303)(scope, receive, guarded)
            else:
                await PlainTextResponse("Nobody is logged in.", 403)(scope, receive, guarded)
            return
        await self._app(scope, Limited(receive, MAX_BODY), guarded)
