"""Requests to the venue, and nothing believed of the answers.

This module decides how a desk asks (spec/transport.md) and which failure means what. It never decides whether an
answer is true: `desk.ledger` verifies every leaf, proof and checkpoint.

1. A request that failed on the way may be made again: appending is idempotent.
2. A clock that runs wrong locks nobody out: on `clock-apart` the request is signed again at the venue's time, for
   `created` alone, and `clock_offset` tells how far the clocks are apart.
3. Secrets go into headers as HMACs only; no secret stands in a URL or an error.
4. An answer is read as it comes over the wire, up to a limit: no compression is asked for and none is undone, so that
   a venue cannot fill the memory with a small or an endless answer.
"""

from __future__ import annotations

import base64
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, nullcontext
from http import HTTPStatus
from typing import Final, TypeVar

from good_offices.desk.wire import Answer, CutError, Network, Transport
from good_offices.encoding import pack, unpack
from good_offices.errors import OperationalError, RemoteError
from good_offices.register.term import Term
from good_offices.transport import clear, pages, signing, sse

_SILENCE: Final = 30.0
_SILENT_STREAM: Final = 90.0  # a venue's heartbeats come more often
_MAX_ANSWER: Final = 64 * 1024 * 1024
R = TypeVar("R")


class VenueClient:
    """One desk's connection to its venue."""

    def __init__(self, url: str, keyid: str, secret: bytes) -> None:
        """Use the desk's id and posting secret, or `delegation:<id>` and the enrolment key."""
        self.wire: Transport = Network(url)
        self._url = url
        self._keyid = keyid
        self._secret = secret
        self.clock_offset = 0
        # Whoever shares the desk gives up the turn while a request is on the wire.
        self.away: Callable[[], AbstractContextManager[None]] = nullcontext

    def move(self, url: str, secret: bytes) -> None:
        """Speak to another venue from now on, with another posting secret."""
        self.wire.close()
        self.wire = Network(url)
        self._url, self._secret = url, secret
        self.clock_offset = 0

    def close(self) -> None:
        """Close the connections."""
        self.wire.close()

    def append(self, register: str, entries: list[tuple[int, bytes]]) -> pages.Receipts:
        """Return the receipts of entries (kind, body), appended together, in order.

        Raises:
            OperationalError: `venue-unreachable`, `venue-overloaded` or `venue-refused`.
            RemoteError: the answer is not in the form of the specification.
        """
        posted = pages.Append(entries=[pages.Posted(kind=kind, body=body) for kind, body in entries])
        return self._ask("POST", f"/v1/r/{register}/entries", pages.Receipts, body=pack(posted))

    def page(self, register: str, start: int) -> pages.Page:
        """Return up to `MAX_PAGE` entries of a register from index `start` on (raises as `append`)."""
        query = f"from={start}&limit={pages.MAX_PAGE}"
        try:
            return self._ask("GET", f"/v1/r/{register}/entries", pages.Page, query=query)
        except OperationalError as refused:
            if refused.facts.get("why") != "no-such-entry":
                raise
        # The venue has less than we hold. Its own word on how much is what can be compared, and may convict it.
        head = self._ask("GET", f"/v1/r/{register}/checkpoint", pages.Head)
        return pages.Page(start=start, entries=[], checkpoint=head.checkpoint)

    def consistency(self, register: str, old: int, new: int) -> list[bytes]:
        """Return the consistency proof between two sizes (raises as `append`)."""
        path = f"/v1/r/{register}/consistency"
        return self._ask("GET", path, pages.Consistency, query=f"old={old}&new={new}").proof

    def term(self, register: str) -> Term:
        """Return the end of the former host's part of a register (raises as `append`; spec/moving.md 3.4)."""
        return self._ask("GET", f"/v1/r/{register}/term", Term)

    def cosign(self, register: str, note: bytes) -> None:
        """Hand in a cosignature of a checkpoint (raises as `append`)."""
        self._send("POST", f"/v1/r/{register}/cosignatures", body=pack(pages.Cosigned(note=note)))

    def cosignatures(self, register: str, size: int) -> list[bytes]:
        """Return the cosigned notes that the venue holds for one size (raises as `append`)."""
        path = f"/v1/r/{register}/cosignatures"
        return self._ask("GET", path, pages.Cosignatures, query=f"size={size}").notes

    def deposit(self, register: str, box: bytes, deposit: bytes) -> pages.DepositReceipt:
        """Return the receipt of a deposit for a box (raises as `append`)."""
        path = f"/v1/r/{register}/boxes/{box.hex()}"
        return self._ask("POST", path, pages.DepositReceipt, body=pack(pages.Deposit(deposit=deposit)))

    def release(self, register: str, file: bytes) -> str:
        """Hand in a communiqué that all signed; return the number under which the host shows it (raises as `append`)."""
        path = f"/v1/r/{register}/communiques"
        return self._ask("POST", path, pages.Publication, body=pack(pages.Released(file=file))).number

    def conditions(self, register: str) -> clear.Conditions:
        """Return what the venue says of the requests for conditions that it holds (raises as `append`)."""
        return self._ask("GET", f"/v1/r/{register}/conditions", clear.Conditions)

    def hand_over(self, register: str, handed: bytes) -> clear.Conditions:
        """Hand a request for conditions over, and return what the venue then says of all (raises as `append`)."""
        return self._ask("POST", f"/v1/r/{register}/conditions", clear.Conditions, body=handed)

    def enrol(self, desk: str, delegation: str) -> None:
        """Tell the venue of a desk; this client must hold the enrolment key (raises as `append`)."""
        self._send("POST", "/v1/desks", body=pack(pages.Enrolment(desk=desk, delegation=delegation)))

    def dismiss(self, desk: str) -> None:
        """Take a desk's access away; this client must hold the enrolment key (raises as `append`)."""
        self._send("DELETE", f"/v1/desks/{desk}")

    def stream(self, register: str, after: int) -> Iterator[pages.Page | None]:
        """Yield pages as they arrive, None at each heartbeat; ends when the connection does.

        Raises:
            OperationalError: `venue-unreachable` or `venue-refused`.
            RemoteError: `stream-broken` and what `unpack` refuses.
        """
        path, query = f"/v1/r/{register}/stream", f"after={after}"
        reader = sse.Reader()
        try:
            with closing(self._request("GET", path, query, b"", _SILENT_STREAM)) as answer:
                if answer.status != HTTPStatus.OK:
                    self._refused(answer.status, next(answer.pieces(), b""))
                for piece in answer.pieces():
                    for event in reader.feed(piece):
                        yield None if event is None else _page_of(event)
        except CutError as cut:
            raise OperationalError("venue-unreachable", url=self._url, why=cut.why) from None

    def _ask(self, method: str, path: str, form: type[R], *, query: str = "", body: bytes = b"") -> R:
        """Return the answer in its form."""
        answer = self._send(method, path, query=query, body=body)
        return unpack(answer, form, what="the venue's answer", limit=_MAX_ANSWER)

    def _send(self, method: str, path: str, *, query: str = "", body: bytes = b"") -> bytes:
        """Return the bytes of an answer; sign once more if the clocks are apart (rule 2)."""
        status, content = self._exchange(method, path, query, body)
        if status == HTTPStatus.UNAUTHORIZED:
            problem = _problem(content)
            if problem.code == "clock-apart" and problem.time is not None:
                self.clock_offset = problem.time - int(time.time())
                status, content = self._exchange(method, path, query, body)
        if not 200 <= status < 300:
            self._refused(status, content)
        return content

    def _exchange(self, method: str, path: str, query: str, body: bytes) -> tuple[int, bytes]:
        """Return status and body of an answer, read no further than what an answer may be (rule 4)."""
        content = bytearray()
        try:
            with self.away(), closing(self._request(method, path, query, body, _SILENCE)) as answer:
                for piece in answer.pieces():
                    content += piece
                    if len(content) > _MAX_ANSWER:
                        raise RemoteError(
                            "too-large", what="the venue's answer", size=len(content), limit=_MAX_ANSWER
                        )
        except CutError as cut:
            raise OperationalError("venue-unreachable", url=self._url, why=cut.why) from None
        return answer.status, bytes(content)

    def _request(self, method: str, path: str, query: str, body: bytes, silence: float) -> Answer:
        """Return the answer to a request, signed now."""
        headers = signing.sign(
            self._secret,
            keyid=self._keyid,
            method=method,
            path=path,
            query=query,
            body=body,
            created=int(time.time()) + self.clock_offset,
            nonce=secrets.token_hex(16),
        )
        target = f"{path}?{query}" if query else path
        asked = {**headers, "Content-Type": "application/cbor", "Accept-Encoding": "identity"}
        return self.wire.send(method, target, asked, body, silence)

    def _refused(self, status: int, content: bytes) -> None:
        """Raise what a refusal means for the person at the desk."""
        problem = _problem(content)
        busy = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
        code = "venue-overloaded" if status in busy else "venue-refused"
        raise OperationalError(code, url=self._url, status=status, why=problem.code)


def _problem(content: bytes) -> pages.Problem:
    """Return the venue's word on a refusal, or a stand-in where something else answered."""
    try:
        return unpack(content, pages.Problem, what="the venue's refusal", limit=64 * 1024)
    except RemoteError:
        return pages.Problem(code="not-a-venue", message="", remedy="")


def _page_of(event: sse.Event) -> pages.Page:
    """Return the page of one event of the stream."""
    try:
        data = base64.b64decode(event.data, validate=True)
    except ValueError:
        raise RemoteError("stream-broken", why="data that is not base64") from None
    return unpack(data, pages.Page, what="the venue's stream", limit=_MAX_ANSWER)
