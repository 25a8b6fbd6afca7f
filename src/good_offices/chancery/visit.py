"""A visit: one request to a screen, with the seat, the form, and the ways of answering.

This module decides how a screen answers. It never decides what stands on it.

1. A form is a POST that ends in a page shown by GET, so that going back and reloading repeat nothing; first steps and refusals too (`replies`).
2. What binds others takes two steps: a page that says what it does and who will see it, and there the act.
   The second step acts on what the first has shown: if that has moved meanwhile, the page is shown anew and says so.
3. An error is a page in plain words: what happened, what is safe, what to do next; and all that was typed.
4. A form that arrives twice acts once (`once`).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartParser
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from good_offices.chancery import addresses
from good_offices.chancery.frame import frame
from good_offices.chancery.guard import MAX_BODY, BodyTooLargeError, Session
from good_offices.chancery.listening import place
from good_offices.chancery.remedies import for_page, on_screen
from good_offices.chancery.replies import Kept
from good_offices.chancery.screen import render
from good_offices.chancery.seat import Seat
from good_offices.chancery.seen import seen_by
from good_offices.chancery.ways import back_from, name_of, within
from good_offices.clerk import consents
from good_offices.clerk.plain import verdict_of
from good_offices.desk.desk import Desk, Done
from good_offices.encoding import pack
from good_offices.errors import GoodOfficesError, LocalError, OperationalError
from good_offices.locale import _, preferred, use
from good_offices.locale.refusals import sentences
from good_offices.talks.acts import Event
from good_offices.talks.rules import RULES
from good_offices.talks.verdict import Completed

_MAX_FIELDS: Final = 20_000
# An upload stays in memory: beyond 1 MB it would else be written, in clear, to a folder for temporary files.
MultiPartParser.spool_max_size = MAX_BODY + 1
REPLIES: Final = "/replies"


@dataclass
class Visit:
    """One request to a screen."""

    request: Request
    seat: Seat
    session: Session
    form: FormData = field(default_factory=FormData)
    files: Mapping[str, tuple[str, bytes]] = field(default_factory=dict)

    @property
    def desk(self) -> Desk:
        """The open desk."""
        return self.seat.desk

    @property
    def path(self) -> Mapping[str, Any]:
        """The variable parts of the address."""
        return self.request.path_params

    @property
    def room(self) -> str:
        """The room of the address: the id of a group, or else the plenary."""
        return str(self.path.get("room", "plenary"))

    @property
    def texts(self) -> str:
        """The address of the texts of this room."""
        return addresses.texts(self.room)

    @property
    def query(self) -> Mapping[str, str]:
        """What stands behind the question mark."""
        return self.request.query_params

    def field(self, name: str) -> str:
        """Return a field of the form, without spaces around it; empty if it is not there."""
        value = self.form.get(name, "")
        return value.strip().replace("\r\n", "\n") if isinstance(value, str) else ""

    def fields(self, name: str) -> list[str]:
        """Return all values of a field, such as boxes that were ticked."""
        return [value for value in self.form.getlist(name) if isinstance(value, str)]

    @property
    def back(self) -> str:
        """The way back that a form or an address names, if it leads to a screen of ours; else the overview."""
        asked = self.form.get("back", "") or self.query.get("back", "")
        return within(asked if isinstance(asked, str) else "")

    def file(self, name: str) -> bytes:
        """Return an uploaded file.

        Raises:
            LocalError: `upload-missing`.
        """
        data = self.files.get(name, ("", b""))[1]
        if not data:
            raise LocalError("upload-missing")
        return data

    # Answers

    def page(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """Return a screen; no value of `context` may bear a name of the frame or of what all templates may call."""
        shown = {"visit": self, "seat": self.seat, "session": self.session, "here": self.request.url.path}
        if self.seat.is_open:
            shown |= frame(self)
        flashes: list[tuple[str, str]] = []
        # The wall is for all to read, and looks anew by itself: what is told to this reader waits for a page of the desk.
        if template != "room.html":
            flashes, self.session.flashes = self.session.flashes, []
        return HTMLResponse(render(template, shown | {"flashes": flashes}, **context), status)

    def go(self, path: str, said: str = "", tone: str = "done", **query: str) -> Response:
        """Return the way to another screen, which first says `said`; tones are `done`, `waiting` and `refused`."""
        if said:
            self.session.flashes.append((tone, said))
        anchor = path.partition("#")
        target = anchor[0] + (f"?{urlencode(query)}" if query else "") + anchor[1] + anchor[2]
        return RedirectResponse(target, 303)

    def preview(  # noqa: PLR0913 # each says one thing that stands on the page
        self,
        *,
        title: str,
        binds: str,
        lines: Iterable[str] = (),
        changes: Iterable[Mapping[str, str]] = (),
        warnings: Iterable[str] = (),
        words: tuple[str, str] | None = None,
        readers: str = "",
        verb: str,
        back: str,
        passphrase: bool = False,
        of: Event | str | None = None,
    ) -> Response | None:
        """Return the first of the two steps of rule 2, or None when the second has been taken.

        The form that came is carried on, so that the second step is the same form with a yes. `words` are what would be
        said: its language and itself. `of` is what the page shows where others can change it: the second step must find the same.
        """
        confirmed, shown = self.field("confirmed") == "yes", bound(of)
        if confirmed and (not shown or self.has_shown(shown)):
            return None
        carried = [
            (name, value)
            for name, value in self.form.multi_items()
            if isinstance(value, str) and name not in ("csrf", "confirmed", "passphrase", "shown")
        ]
        return self.page(
            "preview.html",
            409 if confirmed else 200,
            moved=self.moved() if confirmed else "",
            title=title,
            binds=binds,
            lines=list(lines),
            changes=list(changes),
            warnings=list(warnings),
            words=words,
            readers=readers or self.readers("plenary"),
            verb=verb,
            back=back,
            passphrase=passphrase,
            carried=[*carried, ("shown", shown)] if shown else carried,
        )

    def has_shown(self, shown: str) -> bool:
        """Tell whether the form comes from a page that showed just this (`bound`)."""
        return hmac.compare_digest(self.field("shown").encode(), shown.encode())

    def moved(self) -> str:
        """Return what a reader is told whose page shows no longer what is (rule 2)."""
        return " ".join(f"{one[:1].upper()}{one[1:]}." for one in sentences("text-moved", {}))

    def act(
        self, room: str, event: Event, back: str, *, said: str = "", unconfirmed: bool = False
    ) -> Response:
        """Do an act, and return the way back with what became of it."""
        return self.tell(self.seat.act(room, event, unconfirmed=unconfirmed), event.name, back, said=said)

    def tell(self, done: Done, event: str, back: str, *, said: str = "") -> Response:
        """Return the way back with what became of an act."""
        if done.verdict is None:
            return self.go(
                back, _("Kept and sealed at this desk. It is sent as soon as the host answers."), "waiting"
            )
        told = verdict_of(done.verdict)
        if told["status"] != "valid":
            code = done.verdict.code
            words = " ".join(for_page(code, done.verdict.facts)) if code else ""
            return self.go(back, words, "refused")
        if RULES[event].joint and not any(isinstance(one, Completed) for one in done.verdict.effects):
            return self.go(back, _("On record. It has effect when the other side has accepted the same."))
        return self.go(back, said or _("On record. It stands."))

    def readers(self, room: str) -> str:
        """Return who will see what is written in a room, in one sentence."""
        return seen_by(self.desk, room)


Handler = Callable[[Visit], Response]


def bound(of: Event | str | None) -> str:
    """Return the hash by which a page carries what it shows (rule 2); empty for nothing."""
    if of is None:
        return ""
    return hashlib.sha256(of.encode() if isinstance(of, str) else pack(of)).hexdigest()


def get(path: str, handler: Handler, *, locked: bool = False) -> Route:
    """Return the route of a screen; `locked` ones are shown without an open desk."""
    return Route(path, _endpoint(handler, locked=locked), methods=["GET", "HEAD"])


def post(path: str, handler: Handler, *, locked: bool = False) -> Route:
    """Return the route of a form; its token is checked before the handler sees it."""
    return Route(path, _endpoint(handler, locked=locked), methods=["POST"])


def _endpoint(handler: Handler, *, locked: bool) -> Callable[[Request], Any]:
    """Return an endpoint that runs a handler in its turn, in its language."""

    async def endpoint(request: Request) -> Response:
        seat, session = request.app.state.seat, request.scope["session"]
        if session is None:
            with use(preferred(request.headers.get("accept-language", ""))):
                return HTMLResponse(render("outside.html", seat=seat), 403)
        visit = Visit(request, seat, session)
        try:
            if request.method == "POST":
                await _read(visit)
        # Starlette turns its own refusal of a form with too many fields or files into the second, inside an application.
        except (BodyTooLargeError, HTTPException):
            return await run_in_threadpool(_refused, visit, LocalError("too-much-at-once", limit=MAX_BODY))
        return await run_in_threadpool(_handle, visit, handler, locked)

    endpoint.__name__ = handler.__name__
    return endpoint


async def _read(visit: Visit) -> None:
    """Read the form of a request."""
    async with visit.request.form(max_files=8, max_fields=_MAX_FIELDS, max_part_size=MAX_BODY) as form:
        visit.files = {
            name: (value.filename or "", await value.read())
            for name, value in form.multi_items()
            if isinstance(value, UploadFile)
        }
        visit.form = FormData([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


def language_of(visit: Visit) -> str:
    """Return the language of the interface: chosen in this browser, kept at this desk, or asked for by the browser."""
    if visit.session.language is None and visit.seat.is_open:
        with visit.seat.turn:
            if visit.seat.is_open:
                kept = visit.desk.storage.get("language")
                visit.session.language = kept.decode() if kept else None
    return visit.session.language or preferred(visit.request.headers.get("accept-language", ""))


def _handle(visit: Visit, handler: Handler, locked: bool) -> Response:  # noqa: FBT001 # runs in a thread
    """Return a handler's answer, or the page of its refusal."""
    with use(language_of(visit)):
        token, _dot, number = visit.field("csrf").partition(".")
        if visit.request.method == "POST" and not hmac.compare_digest(
            token.encode(), visit.session.csrf.encode()
        ):
            return _refused(visit, LocalError("form-expired"), 403)
        since = visit.session.replies.begin()
        answer = _once(visit, handler, locked) if number else _answer(visit, handler, locked)
        return _kept(visit, answer, since) if visit.request.method == "POST" else answer


def _kept(visit: Visit, answer: Response, since: int) -> Response:
    """Return the way to a page that answers a form, where it is kept (rule 1); scripts are answered as they asked."""
    if not isinstance(answer, HTMLResponse) or "text/html" not in visit.request.headers.get("accept", ""):
        return answer
    name = visit.session.replies.keep(Kept(bytes(answer.body), answer.status_code), since)
    if name is None:
        return answer
    return visit.go(f"{REPLIES}/{name}", **({"back": visit.back} if visit.back != "/" else {}))


def _once(visit: Visit, handler: Handler, locked: bool) -> Response:  # noqa: FBT001 # as `_handle`
    """Return a handler's answer to a form; the same form a second time is led where the first led (rule 4)."""
    whole = hashlib.sha256(repr((visit.request.url.path, visit.form.multi_items(), visit.files)).encode())
    form, once = whole.digest(), visit.session.once
    if (led := once.begin(form)) is not None:
        return RedirectResponse(led, 303)
    led = None
    try:
        answer = _answer(visit, handler, locked)
        led = answer.headers.get("location")
        return answer
    finally:
        once.end(form, led)


def _answer(visit: Visit, handler: Handler, locked: bool) -> Response:  # noqa: FBT001 # as `_handle`
    """Return a handler's answer, or the page of its refusal; in the reader's language."""
    try:
        if locked:
            return handler(visit)
        if not _of_itself(visit):
            visit.seat.touch()
        if not visit.seat.is_open:
            return RedirectResponse("/unlock" if visit.seat.founded else "/begin", 303)
        with visit.seat.turn:
            if visit.desk.identity.person.guest and visit.request.url.path.startswith(_NOT_FOR_GUESTS):
                raise LocalError("guest-desk")
            return handler(visit)
    except GoodOfficesError as refusal:
        return _refused(visit, refusal)
    except Exception as fault:  # noqa: BLE001 -- a fault of ours: its place is told, and nothing that it held
        return _refused(
            visit, LocalError("chancery-fault", kind=type(fault).__name__, place=place(fault)), 500
        )


# Rooms that a guest does not read.
_NOT_FOR_GUESTS: Final = ("/caucus", "/soundings")


def _of_itself(visit: Visit) -> bool:
    """Tell whether a page asked without its reader, because others did something: that keeps no desk awake."""
    return "itself" in visit.query


# What a refusal does not show again: tokens, and whatever opens a desk.
_NEVER_SHOWN: Final = ("csrf", "confirmed", "shown", "passphrase", "again", "old")
# Longer than this, with spaces between, is what a person has written.
_WORDS: Final = 40
_STATUS: Final = {"page-unknown": 404, "reply-gone": 410, "form-expired": 403, "too-much-at-once": 413}


def _refused(visit: Visit, refusal: GoodOfficesError, status: int = 0) -> Response:
    """Return the page of rule 3."""
    with use(language_of(visit)):
        kept = [
            (name, value)
            for name, value in visit.form.multi_items()
            if isinstance(value, str) and name not in _NEVER_SHOWN and value
        ]
        message, remedy = on_screen(refusal)
        back = visit.back if visit.back != "/" else back_from(visit.request.url.path)
        context = {
            "message": message,
            "remedy": remedy,
            "code": refusal.code,
            "nothing_sent": isinstance(refusal, LocalError),
            "retry_safe": isinstance(refusal, OperationalError) and refusal.retry_safe,
            "kept": kept,
            "typed": [
                value for _name, value in kept if "\n" in value or (" " in value and len(value) > _WORDS)
            ],
            "back": back,
            "back_name": name_of(back, is_open=visit.seat.is_open),
        }
        if refusal.code == "consent-missing" and visit.seat.is_open:
            with visit.seat.turn:
                held = consents.held_back(visit.desk)
                if held is not None:
                    return visit.page("consent_ask.html", 409, one=held, message=message, back=back)
        status = status or _STATUS.get(refusal.code, 409 if visit.request.method == "POST" else 400)
        if not visit.seat.is_open:
            return visit.page("refused.html", status, **context)
        with visit.seat.turn:
            return visit.page("refused.html", status, **context)
