"""The root key kits: print them, put them away, and only then take them out of the folder.

This module decides the order of these steps. It never opens a kit, and takes none out whose paper was not shown.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.stepping import refusal_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import kits
from good_offices.errors import GoodOfficesError
from good_offices.locale import _


def show(visit: Visit) -> Response:
    """Show what kits are, which lie in the folder, and what is to be done about them."""
    return _page(visit)


def paper(visit: Visit) -> Response:
    """Show one kit as it is printed: its lines with their numbers, one sheet of A4."""
    return visit.page(
        "kit.html",
        kit=kits.kit(visit.desk, visit.path["name"]),
        own=visit.desk.identity.delegation_name,
        talks=visit.desk.identity.place.talks.hex(),
    )


def put_away(visit: Visit) -> Response:
    """Keep that the kits are printed and put away."""
    there = [one.file for one in kits.kits(visit.desk)]
    ticked = [name for name in there if name in visit.fields("printed")]
    kits.printed(visit.desk, ticked)
    if len(ticked) < len(there):
        return visit.go("/people/kits", _("Noted. Print the others as well."), "waiting")
    return visit.go("/people/kits", _("Noted: printed and put away."))


def take_out(visit: Visit) -> Response:
    """Remove a kit from the folder."""
    try:
        kits.take_out(visit.desk, visit.field("file"), visit.field("digits"))
    except GoodOfficesError as refused:
        return _page(visit, refused)
    return visit.go("/people/kits", _("The kit is no longer in the folder. It exists on your paper alone."))


def _page(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the page about the kits."""
    there = kits.kits(visit.desk)
    return visit.page(
        "kits.html",
        409 if refused else 200,
        kits=there,
        printed=all(one.printed for one in there),
        folder=visit.desk.storage.folder,
        compared=visit.desk.confirmed,
        first=visit.desk.identity.enrolment is not None,
        refusal=refusal_of(refused) if refused else None,
    )


ROUTES: Final = (
    get("/people/kits", show),
    post("/people/kits", put_away),
    post("/people/kits/take-out", take_out),
    get("/people/kits/{name}", paper),
)
