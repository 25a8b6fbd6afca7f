"""The guard: what a request must be before any screen sees it, and what every answer carries.

This module decides who may talk to the desk's server. Everything on this machine and every page in any browser can
reach a port on the loopback address; so nothing is believed because of where it comes from.

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

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE: Final = "go-desk"
MAX_BODY: Final = 4 * 1024 * 1024
LAUNCH: Final = "/launch"
STATIC: Final = "/static/"

HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "origin-agent-cluster": "?1",
    "permissions-policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    # Not `no-referrer`: under it browsers send `Origin: null` with our own forms (Fetch, section 3.2). Nothing goes elsewhere.
    "referrer-policy": "same-origin",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cache-control": "no-store",
}
_SAFE: Final = ("GET", "HEAD")
_OURS: Final = ("same-origin", "none")


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
        limited = _Limited(receive)
        await self._app(scope, limited, _with_headers(send, scope["path"]))

    def _refusal(self, scope: Scope, headers: Headers) -> tuple[int, str] | None:
        """Return the status and reason of a refusal (rules 1, 2, 3 and 5), or None."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._door.hosts:
            return 421, "This is not the address of this desk."
        method, path = scope["method"], scope["path"]
        if method not in (*_SAFE, "POST"):
            return 405, "Only GET and POST."
        declared = headers.get("content-length", "0")
        if not declared.isdecimal() or int(declared) > MAX_BODY:
            return 413, "That is more than this desk takes at once."
        launching = path == LAUNCH
        if headers.get("sec-fetch-site", "none") not in _OURS and not (launching and _is_navigation(headers)):
            return 403, "Another page sent this request."
        if method == "POST" and not launching and headers.get("origin") != f"http://{hosts[0]}":
            return 403, "This request does not come from a page of this desk."
        if launching or path.startswith(STATIC) or self._door.session(headers):
            return None
        if method in _SAFE and "text/html" in headers.get("accept", ""):
            return None  # the application shows how to open the desk, and nothing else
        return 403, "This browser has not opened the desk."


def _is_navigation(headers: Headers) -> bool:
    """Tell whether a request opens a page in a tab of its own: the launch file does, a frame or script does not."""
    return (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


class BodyTooLargeError(Exception):
    """A body went on beyond the limit (rule 5)."""


class _Limited:
    """A request's body, counted."""

    def __init__(self, receive: Receive) -> None:
        """Count what `receive` brings."""
        self._receive = receive
        self._size = 0

    async def __call__(self) -> Message:
        """Return the next part.

        Raises:
            BodyTooLargeError: there is more than the limit.
        """
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > MAX_BODY:
            raise BodyTooLargeError
        return message


def _with_headers(send: Send, path: str) -> Send:
    """Return `send` that adds the headers of rule 6; only fonts, styles and scripts may be kept, for an hour."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                if name != "cache-control" or not path.startswith(STATIC):
                    headers[name] = value
            if path.startswith(STATIC):
                headers["cache-control"] = "private, max-age=3600"
        await send(message)

    return guarded
