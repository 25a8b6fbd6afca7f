"""The one route that is asked thousands of times a second: appends, answered without a task of their own.

This module decides in which order an append is looked at. It never decides who may append, see `service`, nor what
comes first, see `sequencer`.

1. Who and where by the head alone, before a body is read; then length, body, digest, entries, tokens, the queue.
2. `Appending` stands in a connection where uvicorn has its cycle of request and response, and says the same of
   itself. That cycle costs a dictionary, an event, a task and two checked messages for each request: more than all
   that the venue decides. What is no plain append (`Expect`, HTTP/1.0, a request before the last one was answered,
   a client that does not read) goes uvicorn's way, to `http`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from typing import TYPE_CHECKING, Final

from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.transport import signing
from good_offices.venue.gate import Gate, Scope
from good_offices.venue.sequencer import Sequencer
from good_offices.venue.service import Caller, Service
from good_offices.venue.store import Register

if TYPE_CHECKING:
    from good_offices.venue.protocol import GuardedProtocol

PREFIX: Final = "/v1/r/"
ID_END: Final = len(PREFIX) + 32
_TARGET: Final = re.compile(rb"/v1/r/[0-9a-f]{32}/entries")
_PLAIN: Final = b"content-type: application/cbor\r\ncache-control: no-store\r\ncontent-length: %d\r\n%s\r\n"
_log = logging.getLogger("good_offices.venue")

Admitted = tuple[Caller, Register, str]


class Appends:
    """What becomes of an append, by the parts of one venue."""

    def __init__(self, service: Service, gate: Gate, sequencer: Sequencer) -> None:
        """Ask `gate` and `service`, hand over to `sequencer`."""
        self._service = service
        self._gate = gate
        self._sequencer = sequencer
        self.check_size = gate.check_size

    def admit(self, scope: Scope) -> Admitted:
        """Return who a request is from, the register it names, and its `Content-Digest`; by its head alone.

        Raises:
            RemoteError, OperationalError: as `Gate.admit`, `Service.register` and `Gate.check_length`.
        """
        caller, digest = self._gate.admit(scope, once=False)
        register = self._service.register(caller, scope["path"][len(PREFIX) : ID_END])
        self._gate.check_length(scope)
        return caller, register, digest

    def place(self, admitted: Admitted, body: bytes) -> asyncio.Future[bytes]:
        """Return the future of the encoded receipts for the entries in `body`.

        Raises:
            RemoteError: `digest-differs`, and as `Service.entries`.
            OperationalError: `too-many-requests`, and as `Sequencer.append`.
        """
        caller, register, digest = admitted
        signing.check_digest(digest, body)
        entries = self._service.entries(caller, register, body)
        self._gate.charge(caller, len(entries))
        return self._sequencer.append(register, entries)

    def refused(self, fault: BaseException) -> tuple[int, list[tuple[bytes, bytes]], bytes]:
        """Return status, headers and body of the answer to an append that failed."""
        if not isinstance(fault, GoodOfficesError):
            # The last resort for what nobody thought of: the desk gets an answer, the log no data of its own.
            _log.error("fault in POST /entries: %s", type(fault).__name__)
            fault = OperationalError("venue-fault")
        return self._gate.answer(fault)


def is_append(method: bytes, target: bytes) -> bool:
    """Tell whether a request line is that of an append, in its one plain form."""
    return method == b"POST" and _TARGET.fullmatch(target) is not None


class _Nobody:
    """The event that uvicorn sets for whoever waits for a message: nobody does."""

    def set(self) -> None:
        """Do nothing."""


class Appending:
    """One append on one connection; the attributes without a line of their own are those of uvicorn's cycle."""

    message_event: Final = _Nobody()

    def __init__(self, appends: Appends, connection: GuardedProtocol) -> None:
        """Begin, with the head of the request complete."""
        self._appends = appends
        self._connection = connection
        self._parts: list[bytes] = []
        self._size = 0
        self.disconnected = self.response_started = self.response_complete = False
        self.keep_alive = self.more_body = True

    def admit(self, scope: Scope) -> None:
        """Look at the head; whoever may not append is told so before the body comes (rule 1)."""
        try:
            self._admitted = self._appends.admit(scope)
        except Exception as fault:  # noqa: BLE001
            self._refuse(fault)

    def take(self, data: bytes) -> None:
        """Keep a piece of the body; what comes after the answer is dropped."""
        if self.response_complete:
            return
        self._parts.append(data)
        self._size += len(data)
        try:
            self._appends.check_size(self._size)
        except RemoteError as fault:
            self._refuse(fault)

    def end(self) -> None:
        """Queue what has come in whole."""
        if self.response_complete:
            return
        self.more_body = False
        parts = self._parts
        try:
            placed = self._appends.place(self._admitted, parts[0] if len(parts) == 1 else b"".join(parts))
        except Exception as fault:  # noqa: BLE001
            self._refuse(fault)
        else:
            # Nothing of the request is needed until it is answered.
            self._parts = []
            placed.add_done_callback(self._placed)

    def _placed(self, placed: asyncio.Future[bytes]) -> None:
        """Answer with the receipts, or say why there are none."""
        fault = placed.exception()
        if fault is None:
            self._answer(200, b"", placed.result())
        else:
            self._refuse(fault)

    def _refuse(self, fault: BaseException) -> None:
        """Say why not."""
        self._parts = []
        status, headers, body = self._appends.refused(fault)
        if (b"connection", b"close") in headers:
            self.keep_alive = False
        # The last is said for all answers at the end.
        lines = [b"%s: %s\r\n" % pair for pair in headers if pair != (b"connection", b"close")]
        self._answer(status, b"".join(lines), body)

    def _answer(self, status: int, more: bytes, body: bytes) -> None:
        """Send the answer; the connection is uvicorn's again."""
        self.response_started = self.response_complete = True
        if not self.disconnected:
            if not self.keep_alive:
                more += b"connection: close\r\n"
            self._connection.answer(status, _PLAIN % (len(body), more), body, close=not self.keep_alive)
