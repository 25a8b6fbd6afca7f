"""Parity of treatment, as the common register shows it.

This module decides how the report stands on a page and in a file. Its numbers and words are those of `clerk.parity`.
"""

from __future__ import annotations

from typing import Any, Final

from starlette.responses import Response

from good_offices.chancery.visit import Visit, get
from good_offices.clerk import parity


def show(visit: Visit) -> Response:
    """Show the report."""
    return visit.page("record_parity.html", report=_report(visit), seconds=parity.seconds)


def download(visit: Visit) -> Response:
    """Answer with the table as a file."""
    headers = {"content-disposition": 'attachment; filename="parity.csv"', "cache-control": "no-store"}
    return Response(parity.table(_report(visit)), media_type="text/csv", headers=headers)


def _report(visit: Visit) -> dict[str, Any]:
    """Return the report over the record as it stands."""
    seat = visit.seat
    return seat.of_record("parity", lambda: parity.report(visit.desk, seat.lines(visit.desk.common)))


ROUTES: Final = (get("/record/parity", show), get("/record/parity.csv", download))
