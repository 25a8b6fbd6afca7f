"""The host's offer on the page of its sounding: accepted wholly, in part, or not at all.

This module decides what the form becomes. Which marks an acceptance is, is decided in `clerk.offers`; sealing has its own page.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.screens.soundings import address, can_mark, which
from good_offices.chancery.visit import Visit, post
from good_offices.clerk import offers
from good_offices.desk.soundings import marks
from good_offices.errors import LocalError
from good_offices.locale import _


def accept(visit: Visit) -> Response:
    """Keep the marks of an answer to an offer, or go on to sealing what is marked."""
    sounding = which(visit)
    if not can_mark(visit.desk, sounding, visit.seat.computing.now()):
        raise LocalError("sounding-fixed")
    way = visit.field("way")
    if way == "seal":
        return visit.go(address(sounding, "/seal"))
    some = visit.fields("part") if way == "parts" else []
    if way == "parts" and not some:
        raise LocalError("offer-part-missing")
    wanted = offers.marked(visit.desk, sounding, wholly=way == "wholly", some=some)
    marks.keep(visit.desk, sounding, wanted, sealed=False)
    return visit.go(address(sounding) + "#marks", _("Kept at this desk, not sealed."))


ROUTES: Final = (post("/soundings/{sounding}/offer", accept),)
