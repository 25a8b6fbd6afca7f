"""A visit to the console: one request, with the venue, the session, the form, and the ways of answering.

This module decides how a screen answers. It never decides what stands on it.

1. A form is a POST that ends in a page shown by GET, so that going back and reloading repeat nothing.
2. What others see, or what cannot be taken back, takes two steps: a page that says what it does, and there the act.
3. An error is a page in plain words: what happened, what is safe, what to do next.
"""

from __future__ import annotations

import hmac
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.locale import preferred, use
from good_offices.locale.refusals import spoken
from good_offices.transport.browser import BodyTooLargeError
from good_offices.venue.console.guard import MAX_BODY, Door, Session
from good_offices.venue.console.passphrase import Attempts
from good_offices.venue.folder import Folder
from good_offices.venue.rendering import render

_log = logging.getLogger("good_offices.venue")
_MAX_FIELDS: Final = 400


@dataclass
class Desk:
    """What the screens share: the venue, the sessions, the attempts at the passphrase."""

    folder: Folder
    door: Door
    attempts: Attempts


@dataclass
class Visit:
    """One request to a screen; `session` is None on the login page alone."""

    request: Request
    console: Desk
    session: Session | None
    form: FormData = field(default_factory=FormData)

    @property
    def folder(self) -> Folder:
        """The venue."""
        return self.console.folder

    @property
    def inside(self) -> Session:
        """The session of a screen behind the login."""
        assert self.session is not None  # the guard lets nobody else come this far
        return self.session

    def field(self, name: str) -> str:
        """Return a field of the form, without spaces around it; empty if it is not there."""
        value = self.form.get(name, "")
        return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """Return a screen."""
        flashes: list[tuple[str, str]] = []
        if self.session:
            flashes, self.session.flashes = self.session.flashes, []
        shown = {
            "venue": self.folder.settings.name,
            "session": self.session,
            "here": self.request.url.path,
            "flashes": flashes,
        }
        return HTMLResponse(render(f"console/{template}", **shown, **context), status)

    def go(self, path: str, said: str = "", tone: str = "done", **query: str) -> Response:
        """Return the way to another screen, which first says `said`; tones are `done`, `waiting` and `refused`."""
        if said and self.session:
            self.session.flashes.append((tone, said))
        return RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), 303)

    def sure(
        self, *, title: str, binds: str, lines: Iterable[str] = (), readers: str, verb: str, back: str
    ) -> Response | None:
        """Return the first of the two steps of rule 2, or None when the second has been taken."""
        if self.field("confirmed") == "yes":
            return None
        carried = [
            (name, value)
            for name, value in self.form.multi_items()
            if isinstance(value, str) and name not in ("csrf", "confirmed")
        ]
        return self.page(
            "sure.html",
            title=title,
            binds=binds,
            lines=list(lines),
            readers=readers,
            verb=verb,
            back=back,
            carried=carried,
        )


Handler = Callable[[Visit], Response]


def get(path: str, handler: Handler) -> Route:
    """Return the route of a screen."""
    return Route(path, _endpoint(handler), methods=["GET", "HEAD"])


def post(path: str, handler: Handler) -> Route:
    """Return the route of a form; its token is checked before the handler sees it."""
    return Route(path, _endpoint(handler), methods=["POST"])


def language_of(visit: Visit) -> str:
    """Return the language of the console: chosen in this session, or asked for by the browser."""
    chosen = visit.session.language if visit.session else None
    return chosen or preferred(visit.request.headers.get("accept-language", ""))


def _endpoint(handler: Handler) -> Callable[[Request], Any]:
    """Return an endpoint that runs a handler in a thread, in the reader's language."""

    async def endpoint(request: Request) -> Response:
        visit = Visit(request, request.app.state.console, request.scope["session"])
        try:
            if request.method == "POST":
                async with request.form(max_files=0, max_fields=_MAX_FIELDS, max_part_size=MAX_BODY) as form:
                    visit.form = form
        except (BodyTooLargeError, HTTPException):
            return await run_in_threadpool(_refused, visit, LocalError("too-much-at-once", limit=MAX_BODY))
        return await run_in_threadpool(_handle, visit, handler)

    endpoint.__name__ = handler.__name__
    return endpoint


def _handle(visit: Visit, handler: Handler) -> Response:
    """Return a handler's answer, or the page of its refusal."""
    with use(language_of(visit)):
        # Without a session a form is the login: it has no token yet, and the guard held it to our origin.
        if (
            visit.session
            and visit.request.method == "POST"
            and not hmac.compare_digest(visit.field("csrf").encode(), visit.session.csrf.encode())
        ):
            return _refused(visit, LocalError("console-form-expired"))
        try:
            return handler(visit)
        except GoodOfficesError as refused:
            return _refused(visit, refused)
        except Exception as fault:  # noqa: BLE001 -- a page in plain words, and nothing of the request in the log
            _log.error("fault in the console at %s: %s", handler.__name__, type(fault).__name__)
            return _refused(visit, OperationalError("venue-fault"))


_STATUS: Final = {"console-page-unknown": 404, "console-form-expired": 403, "too-much-at-once": 413}


def _refused(visit: Visit, refused: GoodOfficesError) -> Response:
    """Return the page of rule 3."""
    with use(language_of(visit)):
        message, remedy = spoken(refused)
        status = _STATUS.get(refused.code, 409 if visit.request.method == "POST" else 400)
        return visit.page(
            "refused.html",
            status,
            message=message,
            remedy=remedy,
            code=refused.code,
            retry_safe=isinstance(refused, OperationalError) and refused.retry_safe,
            local=isinstance(refused, LocalError),
        )
