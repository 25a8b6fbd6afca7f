"""The gate: every request passes it before anything is read or done.

This module decides whether a request comes in, and reads its body within the limits. It never buffers the body of
somebody it does not know: the signature covers the digest, so it is verified before the body is read. A letter is the
exception, as its content is its signature: `courier` reads a few at a time.

1. Address bucket, signature, clock, desk bucket, nonce; then length, body, digest.
2. Appends are exempt from nonces: they are idempotent by their content, and they are the many.
3. Nothing of a request is logged but its method, the form of its path and the status.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.transport import signing
from good_offices.transport.pages import Problem
from good_offices.venue.limits import Buckets, Nonces
from good_offices.venue.service import RETRY, Caller, Head, Service, status_of
from good_offices.venue.settings import Limits

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class DisconnectedError(Exception):
    """The client went away before its request was complete; there is nobody to answer."""


class Gate:
    """Admission by service and limits, with the clocks of this machine."""

    def __init__(
        self,
        service: Service,
        limits: Limits,
        *,
        now: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Admit by `service` and `limits`; tests bring their own clocks."""
        self._service = service
        self._limits = limits
        self._now = now
        self._monotonic = monotonic
        self._addresses = Buckets(limits.address_rate, limits.address_burst)
        self._desks = Buckets(limits.desk_rate, limits.desk_burst)
        self._nonces = Nonces()

    def touch(self, scope: Scope) -> None:
        """Take a token for the address of a request, whoever sent it.

        Raises:
            OperationalError: `too-many-requests`.
        """
        client = scope.get("client")
        self._addresses.take(client[0] if client else "", self._monotonic())

    def admit(self, scope: Scope, *, once: bool = True) -> tuple[Caller, str]:
        """Return who a request is from and its `Content-Digest`; with `once` its nonce is used up.

        Raises:
            RemoteError: `request-not-signed`, `clock-apart` or `request-replayed`.
            OperationalError: `too-many-requests`.
        """
        self.touch(scope)
        head = _head(scope)
        caller = self._service.identify(head, int(self._now()))
        now = self._monotonic()
        self._desks.take(caller.keyid, now)
        if once:
            self._nonces.take(caller.keyid, caller.nonce, now)
        return caller, head.digest

    def admit_letter(self, caller: Caller) -> None:
        """Take a token for a letter of this desk; letters have no nonces, as handing one in again changes nothing.

        Raises:
            OperationalError: `too-many-requests`.
        """
        self._desks.take(caller.keyid, self._monotonic())

    def charge(self, caller: Caller, entries: int) -> None:
        """Take tokens for the entries of a request beyond the first, a sixteenth each: a batch is cheaper.

        Raises:
            OperationalError: `too-many-requests`.
        """
        if entries > 1:
            self._desks.take(caller.keyid, self._monotonic(), (entries - 1) / 16)

    async def body(self, scope: Scope, receive: Receive, digest: str) -> bytes:
        """Return the body of a request.

        Raises:
            RemoteError: `digest-differs`, and as `read`.
            DisconnectedError: before the end.
        """
        body = await self.read(scope, receive)
        signing.check_digest(digest, body)
        return body

    def check_length(self, scope: Scope) -> None:
        """Refuse a request that states a length over the limit.

        Raises:
            RemoteError: `too-large`.
        """
        for name, value in scope["headers"]:
            # A length that is no number never gets here: the HTTP parser refuses it.
            if name == b"content-length":
                self.check_size(int(value))

    def check_size(self, size: int) -> None:
        """Refuse a body of which `size` bytes have come, or will.

        Raises:
            RemoteError: `too-large`.
        """
        limit = self._limits.request_bytes
        if size > limit:
            raise RemoteError("too-large", what="the request", size=size, limit=limit)

    async def read(self, scope: Scope, receive: Receive) -> bytes:
        """Return the body of a request whose content alone says who it is from: a letter.

        Raises:
            RemoteError: `too-large` as soon as it is known.
            DisconnectedError: before the end.
        """
        self.check_length(scope)
        message = await receive()
        if not message.get("more_body") and message["type"] == "http.request":
            body: bytes = message.get("body", b"")
        else:
            parts = bytearray()
            while message["type"] == "http.request":
                parts += message.get("body", b"")
                self.check_size(len(parts))
                if not message.get("more_body"):
                    break
                message = await receive()
            else:
                raise DisconnectedError
            body = bytes(parts)
        return body

    def answer(self, refusal: GoodOfficesError) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Return status, headers and body that tell a client of a refusal (spec/transport.md section 7)."""
        if not isinstance(refusal, RemoteError | OperationalError):
            # A LocalError here is a fault of the venue's own: its facts are for the host, not for a desk.
            refusal = OperationalError("venue-fault")
        status = status_of(refusal)
        clock = int(self._now()) if refusal.code == "clock-apart" else None
        problem = Problem(code=refusal.code, message=str(refusal), remedy=refusal.remedy, time=clock)
        headers: list[tuple[bytes, bytes]] = []
        if status in RETRY:
            headers.append((b"retry-after", b"%d" % RETRY[status]))
        if status == 401:
            headers.append((b"www-authenticate", b"Signature"))
        if status == 413:
            # The rest of the body is not read, so the connection cannot be used again.
            headers.append((b"connection", b"close"))
        return status, headers, pack(problem)


def _head(scope: Scope) -> Head:
    """Return the head of a request; a header that is repeated counts as wrong."""
    found = {b"content-digest": "", b"signature-input": "", b"signature": ""}
    for name, value in scope["headers"]:
        if name in found:
            if found[name]:
                raise RemoteError("request-not-signed")
            found[name] = value.decode("latin-1")
    digest, signature_input, signature = found.values()
    path = scope["raw_path"].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return Head(scope["method"], path, query, digest, signature_input, signature)
