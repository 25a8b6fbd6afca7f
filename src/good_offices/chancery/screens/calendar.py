"""The calendar of sittings and confirmed conditions, as a file.

This module decides nothing but the answer; what stands in it is decided in `clerk.calendars`.
"""

from __future__ import annotations

import time
from typing import Final

from starlette.responses import Response

from good_offices.chancery.visit import Visit, get
from good_offices.clerk import calendars


def download(visit: Visit) -> Response:
    """Answer with the calendar."""
    data = calendars.calendar(calendars.meant(visit.desk), time.time_ns() // 1_000_000)
    headers = {"content-disposition": 'attachment; filename="talks.ics"', "cache-control": "no-store"}
    return Response(data, media_type="text/calendar", headers=headers)


ROUTES: Final = (get("/meetings/calendar.ics", download),)
