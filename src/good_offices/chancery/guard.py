"""The guard: what a request must be before any screen sees it, and what every answer carries.

This module decides who may talk to the desk's server. Everything on this machine and every page in any browser can
reach a port on the loopback address; so nothing is believed because of where it comes from. Rules 1, 2, 5 and 6 are shared
with the operator's console: `transport.browser`.

1. The `Host` is one of the addresses that were printed, exactly; else 421. A name that an attacker points at 127.0.0.1
   (DNS rebinding) is not one of them.
2. What another site or another port makes the browser send is refused by Fetch Metadata and by the `Origin`, which
   must be ours exactly; `null` is nobody's. Else 403.
3. Only the launch page answers without the cookie of an open session; it takes a token once. The cookie is `HttpOnly` and
   `SameSite=Strict`, under a host name of its own, because cookies are shared by all ports of one host.
4. A form carries the session's own token, compared in constant time (`visit.py`).
5. A body is read up to a limit, whatever its declared length.
6. Nothing is kept by the browser, framed, sniffed or referred; scripts and styles come from this server alone, and no
   script may turn text into markup (Trusted Types).
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Mapping
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from good_offices.chancery.once import Once
from good_offices.chancery.replies import Replies
from good_offices.transport.browser import (
    SAFE,
    STATIC,
    BodyTooLargeError,
    Limited,
    headers_of_answers,
    refusal,
    with_headers,
)

__all__ = ["COOKIE", "HEADERS", "LAUNCH", "MAX_BODY", "BodyTooLargeError", "Door", "Guard", "Session"]

COOKIE: Final = "go-desk"
MAX_BODY: Final = 4 * 1024 * 1024
LAUNCH: Final = "/launch"

HEADERS: Final[Mapping[str, str]] = headers_of_answers(scripts=True)


class Session:
    """One browser that was let in: its cookie's value, its form token, and what it is to be told next."""

    def __init__(self) -> None:
        """Begin with fresh random values."""
        self.key = secrets.token_urlsafe(32)
        self.csrf = secrets.token_urlsafe(32)
        self.language: str | None = None
        self.room_screen = False
        self.writes = ""  # the language in which this browser wrote last
        self.flashes: list[tuple[str, str]] = []
        self.once = Once()
        self.replies = Replies()

    def token(self) -> str:
        """Return what a form carries: the session's token, and the number of this form (`once`)."""
        return f"{self.csrf}.{secrets.token_urlsafe(9)}"


class Door:
    """The sessions of one running server, and the launch tokens that begin them."""

    def __init__(self, hosts: tuple[str, ...]) -> None:
        """Know the exact `Host` values under which this server was announced."""
        self.hosts = hosts
        self._sessions: dict[str, Session] = {}
        self._token = ""
        self._wrong = 0

    def token(self) -> str:
        """Return a fresh launch token, 80 bits, in groups that can be typed; the one before is worth nothing."""
        letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
        self._token = "".join(secrets.choice(letters) for _ in range(16))
        self._wrong = 0
        return "-".join(self._token[at : at + 4] for at in range(0, 16, 4))

    def enter(self, token: str) -> Session | None:
        """Return a new session for the launch token, which is used up; None for any other, ten of which end the token."""
        plain = re.sub(r"[\s-]", "", token).upper()
        if not self._token or not hmac.compare_digest(plain.encode(), self._token.encode()):
            self._wrong += 1
            if self._wrong >= _TRIES:
                self._token = ""
            return None
        self._token = ""
        session = Session()
        self._sessions[session.key] = session
        return session

    def leave(self, session: Session) -> None:
        """End a session."""
        self._sessions.pop(session.key, None)

    def forget(self) -> None:
        """Forget what was to be told next, and what was answered: the desk is locked, and words may stand in it."""
        for session in list(self._sessions.values()):
            session.flashes.clear()
            session.replies.clear()

    def session(self, headers: Headers) -> Session | None:
        """Return the session whose cookie a request carries."""
        try:
            morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return None
        return self._sessions.get(morsel.value) if morsel else None


_TRIES: Final = 10


class Guard:
    """ASGI middleware that lets only our own pages, in a browser that was let in, reach the application."""

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
        refused = self._refusal(scope, headers)
        if refused:
            status, why = refused
            await PlainTextResponse(why, status, headers=dict(HEADERS))(scope, receive, send)
            return
        scope["session"] = self._door.session(headers)
        limited = Limited(receive, MAX_BODY)
        await self._app(scope, limited, with_headers(send, scope["path"], HEADERS))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return the status and reason of a refusal (rules 1, 2, 3 and 5), or None."""
        refused = refusal(scope, headers, hosts=self._door.hosts, limit=MAX_BODY, arrival=LAUNCH)
        if refused:
            return refused
        method, path = scope["method"], scope["path"]
        if path == LAUNCH or path.startswith(STATIC) or self._door.session(headers):
            return None
        if method in SAFE and "text/html" in headers.get("accept", ""):
            return None  # the application shows how to open the desk, and nothing else
        return 403, "This browser has not opened the desk."
