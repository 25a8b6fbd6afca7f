"""The door: launching, unlocking, locking, the language of the interface.

This module decides how a person comes in and goes out. Founding a desk is in `begin`.
"""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from good_offices.chancery.guard import COOKIE, LAUNCH
from good_offices.chancery.screen import render
from good_offices.chancery.visit import Visit, get, post
from good_offices.locale import LANGUAGES, _, preferred, use


async def launch(request: Request) -> Response:
    """Take a launch token and let this browser in, or ask for the token."""
    seat, door = request.app.state.seat, request.app.state.door
    with use(preferred(request.headers.get("accept-language", ""))):
        if request.method != "POST":
            return HTMLResponse(render("outside.html", seat=seat))
        form = await request.form(max_files=0, max_fields=4)
        token = form.get("token")
        session = door.enter(token if isinstance(token, str) else "")
        if session is None:
            return HTMLResponse(render("outside.html", seat=seat, wrong=True), 403)
        request.app.state.renew()
        # Not a redirect: one that follows a launch from a file would come without the cookie, which is strict.
        answer = HTMLResponse(render("inside.html"))
        answer.set_cookie(COOKIE, session.key, httponly=True, samesite="strict", path="/")
        return answer


def ask(visit: Visit) -> Response:
    """Show the field for the passphrase."""
    if visit.seat.is_open:
        return visit.go("/")
    if not visit.seat.founded:
        return visit.go("/begin")
    return visit.page("unlock.html")


def unlock(visit: Visit) -> Response:
    """Open the desk."""
    if not visit.seat.is_open:
        visit.seat.open(visit.form.get("passphrase", ""))  # type: ignore[arg-type] # files are not in the form
    return visit.go("/since")


def lock(visit: Visit) -> Response:
    """Lock the desk."""
    visit.seat.lock()
    return visit.go("/unlock", _("The desk is locked. No key is in memory."))


def language(visit: Visit) -> Response:
    """Take another language for the interface, at this desk from now on."""
    chosen = visit.field("language")
    if chosen in LANGUAGES:
        visit.session.language = chosen
        if visit.seat.is_open:
            with visit.seat.turn:
                if visit.seat.is_open:
                    visit.desk.storage.put("language", chosen.encode())
    return visit.go(visit.back)


ROUTES: Final = (
    Route(LAUNCH, launch, methods=["GET", "POST"]),
    get("/unlock", ask, locked=True),
    post("/unlock", unlock, locked=True),
    post("/lock", lock, locked=True),
    post("/language", language, locked=True),
)
