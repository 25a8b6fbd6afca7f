"""All soundings on one page, with the standing lists of the host, and the way to stop what this desk computes for them.

This module decides what stands on that page. What is told is `clerk.soundings` and `clerk.standing_lists`; a sounding of its own
is `chancery.screens.soundings`.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.screens.soundings import STATES, WORDS, has_duty, working
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import soundings as views
from good_offices.clerk import standing_lists
from good_offices.clerk.authors import powers_of
from good_offices.locale import _

# The icon of each standing of a calendar (`clerk.standing_lists.STANDING`).
CALENDARS: Final = {"runs": "agreed", "waits": "waiting", "differs": "without-effect"}


def show(visit: Visit) -> Response:
    """Show all soundings."""
    desk = visit.desk
    now = visit.seat.computing.now()
    return visit.page(
        "soundings.html",
        groups=visit.seat.once("soundings", lambda: views.rows(desk, now)),
        states=STATES,
        state_words=WORDS,
        opens="propose" in powers_of(desk),
        room_open=desk.epoch("sounding") is not None,
        duty=has_duty(desk),
        calendars=standing_lists.calendars(desk),
        calendar_states=CALENDARS,
        short=standing_lists.SHORT,
        warnings=standing_lists.warnings(desk),
        **working(visit),
    )


def pause(visit: Visit) -> Response:
    """End what this desk computes for soundings."""
    visit.seat.computing.pause()
    return visit.go(visit.back, _("Stopped. Nothing half made is kept or sent."), "waiting")


def go_on(visit: Visit) -> Response:
    """Let this desk compute again."""
    visit.seat.computing.go_on()
    return visit.go(visit.back, _("This desk goes on with the soundings."))


ROUTES: Final = (
    get("/soundings", show),
    post("/soundings/~/pause", pause),
    post("/soundings/~/go-on", go_on),
)
