"""What a server for browsers on one's own machine asks of a request, and puts on every answer.

This module decides the rules that the chancery and the operator's console share. It never knows who is let in: sessions,
tokens and cookies belong to each of them, and neither imports the other.

1. The `Host` is one of the addresses that were printed, exactly; else 421. A name that an attacker points at 127.0.0.1
   (DNS rebinding) is not one of them.
2. What another site or another port makes the browser send is refused by Fetch Metadata and by the `Origin`, which
   must be ours exactly; `null` is nobody's. Else 403.
3. A body is read up to a limit, whatever its declared length.
4. Nothing is kept by the browser, framed, sniffed or referred; scripts and styles come from this server alone, and no
   script may turn text into markup (Trusted Types).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

STATIC: Final = "/static/"
SAFE: Final = ("GET", "HEAD")
_OURS: Final = ("same-origin", "none")
_POLICY: Final = (
    "default-src 'none'; {scripts}style-src 'self'; font-src 'self'; img-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


def headers_of_answers(*, scripts: bool) -> dict[str, str]:
    """Return the headers of rule 4; without `scripts` not even our own may run or fetch."""
    ours = "script-src 'self'; connect-src 'self'; " if scripts else ""
    return {
        "content-security-policy": _POLICY.format(scripts=ours),
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


def refusal(
    scope: Scope, headers: Headers, *, hosts: Collection[str], limit: int, arrival: str | None = None
) -> tuple[int, str] | None:
    """Return the status and reason of a refusal by rules 1 to 3, or None; `limit` is in bytes.

    `arrival` is the one path that a page from elsewhere, such as a file, may open in a tab of its own.
    """
    found = headers.getlist("host")
    if len(found) != 1 or found[0] not in hosts:
        return 421, "This is not the address of this server."
    method = scope["method"]
    if method not in (*SAFE, "POST"):
        return 405, "Only GET and POST."
    declared = headers.get("content-length", "0")
    # Python refuses to read a number of thousands of digits, and that would be a fault of ours.
    if not declared.isdecimal() or len(declared) > len(str(limit)) or int(declared) > limit:
        return 413, "That is more than is taken at once."
    arriving = arrival is not None and scope["path"] == arrival
    if headers.get("sec-fetch-site", "none") not in _OURS and not (arriving and _is_navigation(headers)):
        return 403, "Another page sent this request."
    if method == "POST" and not arriving and headers.get("origin") != f"http://{found[0]}":
        return 403, "This request does not come from a page of this server."
    return None


def _is_navigation(headers: Headers) -> bool:
    """Tell whether a request opens a page in a tab of its own: a launch file does, a frame or script does not."""
    return (
        headers.get("sec-fetch-mode") == "navigate"
        and headers.get("sec-fetch-dest", "document") == "document"
    )


class BodyTooLargeError(Exception):
    """A body went on beyond the limit (rule 3)."""


class Limited:
    """A request's body, counted."""

    def __init__(self, receive: Receive, limit: int) -> None:
        """Count what `receive` brings, up to `limit` bytes."""
        self._receive = receive
        self._limit = limit
        self._size = 0

    async def __call__(self) -> Message:
        """Return the next part.

        Raises:
            BodyTooLargeError: there is more than the limit.
        """
        message = await self._receive()
        self._size += len(message.get("body", b""))
        if self._size > self._limit:
            raise BodyTooLargeError
        return message


def with_headers(send: Send, path: str, headers: Mapping[str, str]) -> Send:
    """Return `send` that adds the headers of rule 4; only fonts, styles and scripts may be kept, for an hour."""

    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            answered = MutableHeaders(scope=message)
            for name, value in headers.items():
                if name != "cache-control" or not path.startswith(STATIC):
                    answered[name] = value
            if path.startswith(STATIC):
                answered["cache-control"] = "private, max-age=3600"
        await send(message)

    return guarded
