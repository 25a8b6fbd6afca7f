"""The other routes, under Starlette: checkpoint, proofs, cosignatures, deposits, desks, letters, recovery, what is public.

This module decides how they become calls and answers. It never decides who may do what: see `service`.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from good_offices.encoding import pack, unpack
from good_offices.errors import GoodOfficesError, OperationalError, RemoteError
from good_offices.register.box import DEPOSIT_LIMIT
from good_offices.register.communique import MAX_FILE
from good_offices.transport.pages import (
    Consistency,
    Cosignatures,
    Cosigned,
    Deposit,
    DepositReceipt,
    Head,
    Inclusion,
    Publication,
    Released,
)
from good_offices.venue import communiques, public, rendering
from good_offices.venue.boxes import deposit
from good_offices.venue.clear import conditions
from good_offices.venue.clear.released import check_ours
from good_offices.venue.courier import Courier
from good_offices.venue.folder import Folder
from good_offices.venue.gate import DisconnectedError, Gate
from good_offices.venue.handed import cosigned_by, enrol_desk, keep_cosignature, within
from good_offices.venue.http import MAX_INDEX, Readers
from good_offices.venue.hub import Hub
from good_offices.venue.recovery import recover
from good_offices.venue.sequencer import Sequencer
from good_offices.venue.service import Caller, Directory, Service, numbers
from good_offices.venue.store import Register

_log = logging.getLogger("good_offices.venue")


class Routes:
    """The handlers; `app` is the Starlette application of them."""

    def __init__(
        self,
        folder: Folder,
        service: Service,
        directory: Directory,
        gate: Gate,
        sequencer: Sequencer,
        hub: Hub,
        readers: Readers,
    ) -> None:
        """Answer by the parts of one venue."""
        self._folder = folder
        self._service = service
        self._directory = directory
        self._limits = folder.settings.limits
        self._gate = gate
        self._sequencer = sequencer
        self._hub = hub
        self._readers = readers
        self._courier = Courier(service, directory, gate, sequencer, readers, self._limits)
        self._pages = public.Public(folder)
        inside = "/v1/r/{register}"
        self.app = Starlette(
            routes=[
                *(Route(address, self._public) for address in public.ADDRESSES),
                Route("/declaration/{name}.txt", self._declaration),
                Route("/static/{digest}/{path:path}", self._asset),
                Route("/communique/{number}", self._communique),
                Route("/health", self._health),
                self._route(f"{inside}/checkpoint", self._checkpoint),
                self._route(f"{inside}/proof", self._proof),
                self._route(f"{inside}/consistency", self._consistency),
                self._route(f"{inside}/term", self._term),
                self._route(f"{inside}/cosignatures", self._cosignatures),
                self._route(f"{inside}/cosignatures", self._cosign, "POST"),
                self._route(f"{inside}/recover", self._recover, "POST"),
                self._route(f"{inside}/boxes/{{box}}", self._deposit, "POST"),
                self._route(f"{inside}/conditions", self._conditions),
                self._route(f"{inside}/conditions", self._hand_over, "POST"),
                self._route(f"{inside}/communiques", self._release, "POST"),
                Route("/v1/pouch", self._pouch, methods=["POST"]),
                self._route("/v1/desks", self._enrol, "POST"),
                self._route("/v1/desks/{desk}", self._remove, "DELETE"),
            ],
            exception_handlers={HTTPException: self._unknown},
        )
        # A redirect would be made from the `Host` that a visitor sent.
        self.app.router.redirect_slashes = False

    def _route(
        self, path: str, handler: Callable[[Request, Caller, bytes], Awaitable[bytes]], method: str = "GET"
    ) -> Route:
        """Return a route behind the gate whose answers are CBOR."""

        async def answer(request: Request) -> Response:
            async def answered() -> bytes:
                caller, digest = self._gate.admit(request.scope)
                body = await self._gate.body(request.scope, request.receive, digest)
                return await handler(request, caller, body)

            return await self._guarded(f"{method} {path}", answered)

        return Route(path, answer, methods=[method])

    async def _pouch(self, request: Request) -> Response:
        """Answer a letter with its pouch (spec/transport.md section 9)."""
        return await self._guarded(
            "POST /v1/pouch", lambda: self._courier.answer(request.scope, request.receive)
        )

    async def _guarded(self, what: str, work: Callable[[], Awaitable[bytes]]) -> Response:
        """Return the answer that `work` gives, or why there is none."""
        try:
            return _cbor(200, await work())
        except GoodOfficesError as refusal:
            return self._refused(refusal)
        except DisconnectedError:
            return Response(status_code=400)
        except Exception as fault:  # noqa: BLE001
            # As in `http`: an answer for the desk, and no data of its own in the log.
            _log.error("fault in %s: %s", what, type(fault).__name__)
            return self._refused(OperationalError("venue-fault"))

    def _refused(self, refusal: GoodOfficesError) -> Response:
        """Return the answer to a refused request."""
        status, headers, body = self._gate.answer(refusal)
        return _cbor(status, body, {name.decode(): value.decode() for name, value in headers})

    async def _unknown(self, request: Request, _: Exception) -> Response:
        """Answer what no route is for."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        return self._refused(RemoteError("no-such-page"))

    async def _public(self, request: Request) -> Response:
        """Answer with the public page in the language of the address."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        page = self._pages.page(request.url.path)
        return Response(page, media_type="text/html", headers=public.HEADERS)

    async def _declaration(self, request: Request) -> Response:
        """Answer with the signed note of the declaration, or of its withdrawal."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        note = self._pages.note(request.path_params["name"])
        if note is None:
            return self._refused(RemoteError("no-such-page"))
        return Response(note, media_type="text/plain", headers=public.OF_NOTES)

    async def _asset(self, request: Request) -> Response:
        """Answer with a file that the public page loads."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        found = rendering.asset(request.path_params["digest"], request.path_params["path"])
        if found is None:
            return self._refused(RemoteError("no-such-page"))
        return Response(found.data, media_type=found.media_type, headers=public.OF_ASSETS)

    async def _communique(self, request: Request) -> Response:
        """Answer with the file of a communiqué, as the delegations signed it."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        found = self._pages.file(request.path_params["number"])
        if found is None:
            return self._refused(RemoteError("no-such-page"))
        return Response(found, media_type="application/octet-stream", headers=public.OF_FILES)

    async def _health(self, request: Request) -> Response:
        """Answer whether the last write succeeded."""
        try:
            self._gate.touch(request.scope)
        except OperationalError as refusal:
            return self._refused(refusal)
        healthy = self._sequencer.healthy
        text = "ok\n" if healthy else "the disk cannot be written\n"
        return Response(text, 200 if healthy else 503, {"cache-control": "no-store"}, "text/plain")

    def _register(self, request: Request, caller: Caller) -> Register:
        """Return the register of the path, if it is for the caller."""
        return self._service.register(caller, request.path_params["register"])

    async def _checkpoint(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return the current checkpoint."""
        number = self._register(request, caller).number
        numbers(request.url.query)
        state = await self._readers.ask(lambda reader: reader.state(number))
        return pack(Head(checkpoint=state.note))

    async def _proof(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return the inclusion proof of one entry in the tree of one size."""
        register = self._register(request, caller)
        index, size = numbers(request.url.query, index=(None, 0, MAX_INDEX), size=(None, 1, MAX_INDEX))

        def prove(sequencer: Sequencer) -> Inclusion:
            opened = sequencer.opened(register)
            within(index < size <= opened.state.size, opened.state.size, index)
            proof = opened.tree.inclusion_proof(index, size)
            leaf = sequencer.store.leaf(register.number, index)
            return Inclusion(index=index, size=size, leaf=leaf, proof=proof)

        return pack(await self._sequencer.run(prove, writes=False))

    async def _consistency(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return the consistency proof between two sizes."""
        register = self._register(request, caller)
        old, new = numbers(request.url.query, old=(None, 1, MAX_INDEX), new=(None, 1, MAX_INDEX))

        def prove(sequencer: Sequencer) -> Consistency:
            opened = sequencer.opened(register)
            within(old <= new <= opened.state.size, opened.state.size, max(old, new))
            return Consistency(old=old, new=new, proof=opened.tree.consistency_proof(old, new))

        return pack(await self._sequencer.run(prove, writes=False))

    async def _term(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return how the former host's part of a register ended, if it was taken over (spec/moving.md 3.4)."""
        number = self._register(request, caller).number
        numbers(request.url.query)
        record = await self._readers.ask(lambda reader: reader.term(number))
        if record is None:
            raise RemoteError("no-such-page")
        return record

    async def _cosignatures(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return the cosigned notes held for one size."""
        number = self._register(request, caller).number
        (size,) = numbers(request.url.query, size=(None, 1, MAX_INDEX))
        notes = await self._readers.ask(lambda reader: reader.cosignatures(number, size))
        return pack(Cosignatures(notes=notes))

    async def _cosign(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Keep a desk's cosignature over a checkpoint of this register.

        The venue does not know the cosigner keys: it checks form, name, size and root; desks check the signature.
        """
        register = self._register(request, caller)
        note = unpack(body, Cosigned, what="the request", limit=16 * 1024).note
        checkpoint = cosigned_by(caller, note)
        await self._sequencer.run(
            lambda sequencer: keep_cosignature(sequencer, register, caller, note, checkpoint), writes=True
        )
        return pack(Cosigned(note=note))

    async def _deposit(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Keep a deposit for a box, and return its receipt."""
        register = self._register(request, caller)
        box = self._service.box(caller, register, request.path_params["box"])
        given = unpack(body, Deposit, what="the request", limit=2 * DEPOSIT_LIMIT).deposit
        note = await self._sequencer.run(
            lambda sequencer: deposit(sequencer, register, caller.delegation, box, given), writes=True
        )
        return pack(DepositReceipt(note=note))

    async def _release(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Keep what all delegations of the caller's talks released, and show it to everybody (spec/communique.md R-138)."""
        register = self._register(request, caller)
        if register.delegation is not None:
            raise RemoteError("no-such-register")
        data = unpack(body, Released, what="the request", limit=MAX_FILE + 1024).file

        def keep(sequencer: Sequencer) -> Publication:
            verified = communiques.verified(data)
            check_ours(sequencer.store, register, verified)
            communiques.keep(self._folder, verified, data)
            return Publication(number=verified.number)

        return pack(await self._sequencer.run(keep, writes=False))

    async def _conditions(self, request: Request, caller: Caller, _: bytes) -> bytes:
        """Return the requests for conditions that are held, and the host's last answers."""
        register = self._common(request, caller)
        numbers(request.url.query)
        return pack(await self._readers.ask(lambda reader: conditions.told(reader, register)))

    async def _hand_over(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Take a request for conditions that all delegations have signed."""
        register = self._common(request, caller)
        # Verified beside the writer, which has entries to keep.
        kept = await self._readers.ask(lambda reader: conditions.verified(reader, register, body))
        await self._sequencer.run(
            lambda sequencer: conditions.take(sequencer.store, register, kept), writes=True
        )
        return pack(await self._readers.ask(lambda reader: conditions.told(reader, register)))

    def _common(self, request: Request, caller: Caller) -> Register:
        """Return the common register of the path: a caucus hands over nothing."""
        register = self._register(request, caller)
        if register.delegation is not None:
            raise RemoteError("no-such-register")
        return register

    async def _enrol(self, _: Request, caller: Caller, body: bytes) -> bytes:
        """Enrol a desk; a desk that is enrolled already stays as it is."""
        desk = self._service.enrolment(caller, body)

        most = self._limits.desks
        await self._sequencer.run(
            lambda sequencer: enrol_desk(sequencer, desk, caller.delegation, most), writes=True
        )
        self._directory.forget(desk)
        return body

    async def _remove(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Remove a desk for good and end its streams; a desk that never was is removed in advance."""
        desk = self._service.removal(caller, request.path_params["desk"])

        def remove(sequencer: Sequencer) -> None:
            known = sequencer.store.desk(desk)
            if known is not None and known.delegation != caller.delegation:
                raise RemoteError("request-not-signed")
            if known is None:
                sequencer.store.enrol(desk, caller.delegation)
            sequencer.store.remove(desk)

        await self._sequencer.run(remove, writes=True)
        self._directory.forget(desk)
        self._hub.close(desk)
        return body or pack({})

    async def _recover(self, request: Request, caller: Caller, body: bytes) -> bytes:
        """Take back entries that a restored venue lost."""
        register = self._register(request, caller)
        note = await self._sequencer.run(lambda sequencer: recover(sequencer, register, body), writes=True)
        return pack(Head(checkpoint=note))


def _cbor(status: int, body: bytes, headers: dict[str, Any] | None = None) -> Response:
    """Return an answer in CBOR."""
    return Response(body, status, {"cache-control": "no-store", **(headers or {})}, "application/cbor")
