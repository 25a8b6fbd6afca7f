"""A page that answered a form, shown as often as its browser asks for it (`chancery.replies`)."""

from __future__ import annotations

from typing import Final

from starlette.responses import HTMLResponse, Response

from good_offices.chancery.visit import REPLIES, Visit, get
from good_offices.errors import LocalError


def show(visit: Visit) -> Response:
    """Show the page that a form of this browser ended in, with the status it had.

    Raises:
        LocalError: `reply-gone`, at an open desk; else the way in is shown.
    """
    kept = visit.session.replies.get(visit.path["name"])
    if kept is not None:
        return HTMLResponse(kept.page, kept.status)
    if not visit.seat.is_open:
        return visit.go("/unlock")
    raise LocalError("reply-gone")


ROUTES: Final = (get(f"{REPLIES}/{{name}}", show, locked=True),)
