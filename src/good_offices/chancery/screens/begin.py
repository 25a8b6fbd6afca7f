"""The first minutes: from a file that was brought by hand to an open desk.

This module decides the steps. What a file is, is told by `desk.brought`; what stands in a new folder is decided in
`desk.founding`.

1. The file is read first, and what it is is said in words before anything is asked or made.
2. It is held in memory between the steps, never on the disk and never in a page: it is a key.
3. A refusal stands on the page where it can be mended, with everything that was typed but the passphrase.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.holding import HOLDING
from good_offices.chancery.stepping import refusal_of
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk.people_view import is_admitted
from good_offices.desk.brought import Brought, brought
from good_offices.errors import GoodOfficesError, LocalError
from good_offices.locale import _

LEAST: Final = 12
_FILE: Final = "founding-file"
_FIELDS: Final = ("delegation", "member", "capacity")


def choose(visit: Visit) -> Response:
    """Show the first step: the file."""
    if visit.seat.founded:
        return visit.go("/unlock")
    return _first(visit)


def take(visit: Visit) -> Response:
    """Read the file, hold it, and go on to what it says (rules 1 and 2)."""
    if visit.seat.founded:
        return visit.go("/unlock")
    try:
        data = visit.file("file")
        brought(data)
    except GoodOfficesError as refused:
        return _first(visit, refused)
    HOLDING.put(visit.session, _FILE, data)
    return visit.go("/begin/names")


def name(visit: Visit) -> Response:
    """Show the second step: what the file is, and what it needs."""
    if visit.seat.founded:
        return visit.go("/unlock")
    data = HOLDING.get(visit.session, _FILE)
    return _second(visit, data) if data else _first(visit, LocalError("not-kept-so-long"))


def make(visit: Visit) -> Response:
    """Make the desk."""
    if visit.seat.founded:
        return visit.go("/unlock")
    data = HOLDING.get(visit.session, _FILE)
    if not data:
        return _first(visit, LocalError("not-kept-so-long"))
    first = brought(data).is_first
    try:
        passphrase = passphrase_of(visit)
        names = {one: visit.field(one) for one in _FIELDS} if first else {}
        visit.seat.found(passphrase, data, **names)
    except GoodOfficesError as refused:
        return _second(visit, data, refused)
    HOLDING.drop(visit.session, _FILE)
    if visit.session.language:
        with visit.seat.turn:
            visit.desk.storage.put("language", visit.session.language.encode())
    return visit.go("/people/kits" if first else "/begin/joined")


def joined(visit: Visit) -> Response:
    """Show what the head of delegation has to do for a desk that was made from a hand-over file."""
    return visit.page("begin_joined.html", admitted=is_admitted(visit.desk))


def passphrase_of(visit: Visit) -> str:
    """Return the new passphrase of a form that asks for it twice, as it was typed.

    Raises:
        LocalError: `passphrase-short`, `passphrase-differs`.
    """
    once, again = (str(visit.form.get(name, "")) for name in ("passphrase", "again"))
    if len(once) < LEAST:
        raise LocalError("passphrase-short", least=LEAST)
    if once != again:
        raise LocalError("passphrase-differs")
    return once


def _first(visit: Visit, refused: GoodOfficesError | None = None) -> Response:
    """Return the first step; a folder with other things in it is refused before a file is asked for."""
    folder = visit.seat.folder
    if folder.is_dir() and any(folder.iterdir()):
        refused = LocalError("folder-not-empty", folder=folder)
        return _page(visit, "begin.html", refused, folder=folder, full=True)
    return _page(visit, "begin.html", refused, folder=folder, full=False)


def _second(visit: Visit, data: bytes, refused: GoodOfficesError | None = None) -> Response:
    """Return the second step."""
    told: Brought = brought(data)
    typed = {one: visit.field(one) for one in _FIELDS}
    return _page(
        visit, "begin_names.html", refused, told=told, typed=typed, least=LEAST, folder=visit.seat.folder
    )


def _page(visit: Visit, template: str, refused: GoodOfficesError | None, **shown: Any) -> Response:
    """Return a page with what was refused on it (rule 3)."""
    refusal = refusal_of(refused) if refused else None
    return visit.page(template, 409 if refused else 200, refusal=refusal, **shown)


def back_to_file(visit: Visit) -> Response:
    """Forget the file that was chosen."""
    HOLDING.drop(visit.session, _FILE)
    return visit.go("/begin", _("The file is forgotten. Nothing was made."), "waiting")


ROUTES: Final = (
    get("/begin", choose, locked=True),
    post("/begin", take, locked=True),
    get("/begin/names", name, locked=True),
    post("/begin/names", make, locked=True),
    post("/begin/forget", back_to_file, locked=True),
    get("/begin/joined", joined),
)
