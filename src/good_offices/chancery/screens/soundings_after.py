"""After a sounding: the same list once more, and the figures of a range opened together.

This module decides what is said before either binds. What a match becomes is drafted in the forms of other screens, and
never posted from here.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery import marking
from good_offices.chancery.screen import when
from good_offices.chancery.screens.accepting import local_moment
from good_offices.chancery.screens.soundings import address, which
from good_offices.chancery.visit import Visit, post
from good_offices.clerk import names, sounding_lists, sounding_words
from good_offices.clerk import soundings as views
from good_offices.desk.soundings import figures
from good_offices.errors import LocalError
from good_offices.locale import _


def repeat(visit: Visit) -> Response:
    """Want a list sounded once more, or accept that others do; in two steps."""
    sounding = which(visit)
    closes, until = (_moment(visit.field(name)) for name in ("closes", "until"))
    event = sounding_lists.repeated(sounding, closes=closes, until=until, now=visit.seat.computing.now())
    page = visit.preview(
        title=_("Sound the same list once more"),
        binds=_(
            "It is sounded again when all delegations have accepted the same times. Nobody is bound to mark anything."
        ),
        lines=[
            views.row(visit.desk, sounding, visit.seat.computing.now())["subject"],
            _("Marks close {time}").format(time=when(closes)),
            _("Answers come until {time}").format(time=when(until)),
        ],
        warnings=[_("The others see that your delegation wants it.")],
        verb=_("Accept it for {delegation}").format(delegation=visit.desk.identity.delegation_name),
        back=address(sounding),
    )
    return page or visit.act("sounding", event, address(sounding) + "#again")


def _moment(word: str) -> int:
    """Return the milliseconds of a date and time of the form; milliseconds themselves stand as they are.

    Raises:
        LocalError: `field-empty`, `time-unreadable`.
    """
    if names.is_number(word[:-3]) and word.isdecimal():
        return int(word)
    found = local_moment(word)
    if found is None:
        raise LocalError("field-empty")
    return found


def open_figures(visit: Visit) -> Response:
    """Offer to open the figures of a range together, in two steps."""
    sounding = which(visit)
    scale = visit.desk.talks.sounding.listed(sounding).scale
    if scale is None:
        raise LocalError("sounding-unknown")
    low, high = (
        marking.tick(visit.field(name), scale, at) for name, at in (("low", 0), ("high", scale.ticks - 1))
    )
    page = visit.preview(
        title=_("Open the figures together"),
        binds=_(
            "You give a range. It is opened at the same moment as that of the other side, or not at all."
        ),
        lines=[
            _("From {low} to {high} {unit}").format(
                low=scale.least + low * scale.step, high=scale.least + high * scale.step, unit=scale.unit
            )
        ],
        warnings=sounding_words.figures_warning(),
        verb=_("Offer to open these figures"),
        back=address(sounding),
    )
    if page is not None:
        return page
    with visit.seat.speaking() as desk:
        figures.open_figures(desk, sounding, low, high)
    return visit.go(
        address(sounding),
        _("Your offer is on record. The figures are opened when the other side offers its own."),
    )


ROUTES: Final = (
    post("/soundings/{sounding}/repeat", repeat),
    post("/soundings/{sounding}/figures", open_figures),
)
