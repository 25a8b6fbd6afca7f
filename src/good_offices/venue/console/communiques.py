"""Communiqués in the console: what the delegations handed in for the public page, since when it is shown, what was taken off.

This module decides what an operator sees of them, and that taking one off takes two steps. What may be shown is decided by
`venue.communiques`.

1. Nothing can be written or changed here: every word on the public page bears the signatures of all its delegations.
2. What is taken off the page stays with the parties; any of them can hand it in again.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.errors import LocalError
from good_offices.locale import _, language
from good_offices.venue import communiques as kept
from good_offices.venue.communiques import Public
from good_offices.venue.console.visit import Visit, get, post
from good_offices.venue.rendering import when

_SHORT: Final = 16


def every(visit: Visit) -> Response:
    """Show what is on the public page, and what was taken off it."""
    public = kept.load(visit.folder)
    shown = [
        {
            "number": one.number,
            "short": one.number[:_SHORT],
            "talks": one.communique.talks.hex()[:_SHORT],
            "title": _title(one),
            "names": list(one.communique.names.values()),
            "languages": kept.languages(one.communique, language()),
            "since": one.since_ms,
            "embargo": one.communique.embargo,
            "size": len(one.data),
        }
        for one in public
    ]
    files = {name for name, _time, _size in kept.stamp(visit.folder)}
    broken = sorted(files - {kept.file_name(one.number) for one in public})
    gone = [{"number": one.number, "time": one.time_ms} for one in kept.taken_off(visit.folder)]
    return visit.page("communiques.html", shown=shown, broken=broken, gone=gone)


def take_off(visit: Visit) -> Response:
    """Take one off the public page, in two steps (rule 2)."""
    number = str(visit.request.path_params["number"])
    found = next((one for one in kept.load(visit.folder) if one.number == number), None)
    if found is None:
        raise LocalError("console-page-unknown")
    page = visit.sure(
        title=_("Take this communiqué off the page?"),
        binds=_(
            "The public page shows it no more. The parties keep their file, which proves the same elsewhere, and each of them can hand it in again."
        ),
        lines=[
            _title(found),
            ", ".join(found.communique.names.values()),
            _("Shown since {time}").format(time=when(found.since_ms)),
        ],
        readers=_("Everybody sees that it is gone."),
        verb=_("Take it off the page"),
        back="/communiques",
    )
    if page:
        return page
    kept.take_off(visit.folder, number)
    return visit.go("/communiques", _("It is shown no more."))


def _title(one: Public) -> str:
    """Return a title in the reader's language, else in the first one."""
    titles = one.communique.titles
    return titles.get(language()) or titles[kept.languages(one.communique, language())[0]]


ROUTES: Final[tuple[Any, ...]] = (
    get("/communiques", every),
    post("/communiques/{number}/off", take_off),
)
