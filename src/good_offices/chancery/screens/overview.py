"""The overview: what needs this member now, and where the levels stand."""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.visit import Visit, get


def show(visit: Visit) -> Response:
    """Show the overview."""
    return visit.page("overview.html")


ROUTES: Final = (get("/", show),)
