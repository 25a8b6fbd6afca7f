"""Since you left: one page for the head and for the capital, to read and to print.

This module decides the order of the page: what is asked of us, what changed, what expires. It never says that something
was read before a person has said so.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from starlette.responses import Response

from good_offices.chancery import addresses
from good_offices.chancery.screens.overview import worded
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import agenda_view
from good_offices.clerk.changes import MANY, changes
from good_offices.clerk.needs import expiring, needs
from good_offices.locale import N_, _

HEADINGS: Final = {
    "course": N_("Course of the talks"),
    "urgent": N_("Urgent notes and incidents"),
    "text": N_("Text"),
    "agenda": N_("Agenda and modalities"),
    "meetings": N_("Meetings"),
    "groups": N_("Rooms"),
    "sounding": N_("Soundings"),
    "said": N_("Statements, notes and papers"),
    "outcome": N_("Outcome and record"),
    "people": N_("People and keys"),
    "caucus": N_("In your caucus"),
}


def show(visit: Visit) -> Response:
    """Show what came since the last visit."""
    desk, seat = visit.desk, visit.seat
    common, caucus = seat.lines(desk.common), seat.lines(desk.caucus)
    now = datetime.now(UTC)
    last = seat.since[desk.common.ledger.register]
    return visit.page(
        "since.html",
        found=seat.of_record(
            ("changes", *seat.since.items()), lambda: changes(desk, common, caucus, seat.since)
        ),
        headings=HEADINGS,
        asked=seat.once("needs", lambda: [worded(one) for one in needs(desk, common, caucus, seat.since)]),
        expiring=expiring(desk, common, int(now.timestamp() * 1000)),
        course=agenda_view.course(desk),
        last=common[last - 1].leaf.time_ms if 0 < last <= len(common) else None,
        now=now,
        long=len(common) - last > MANY,
        address=addresses.of_entry,
    )


def read(visit: Visit) -> Response:
    """Keep that all up to here has been read."""
    visit.seat.visited()
    return visit.go("/", _("Noted at this desk only. The next “since you left” begins here."))


ROUTES: Final = (get("/since", show), post("/since/read", read))
