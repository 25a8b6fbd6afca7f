"""Where the talks are: naming another host, writing the file for it, moving this desk.

This module decides what is asked before each step. It never decides whether a step has effect.

1. A card is shown whole before it is named, with the number that is compared with the new host by another channel.
2. A file that was read in the first step is carried by the form into the second: it is kept nowhere.
"""

from __future__ import annotations

from typing import Final

from starlette.responses import Response

from good_offices.chancery.carrying import carried
from good_offices.chancery.downloads import download
from good_offices.chancery.visit import Visit, get, post
from good_offices.clerk import moving_view, names
from good_offices.desk import moving
from good_offices.locale import _
from good_offices.locale.naming import listed

_BACK: Final = "/agenda/host"


def show(visit: Visit) -> Response:
    """Show where the talks are, and what can be done about it."""
    told = moving_view.standing(visit.desk)
    return visit.page(
        "host.html",
        told=told,
        pending=moving_view.pending(visit.desk),
        agrees="agree" in visit.desk.identity.person.powers,
        grouped=moving_view.grouped,
    )


def name_host(visit: Visit) -> Response:
    """Name another host by its card, in two steps (rule 1)."""
    desk = visit.desk
    event = moving.proposal(carried(visit, "card"))
    own = desk.identity.delegation_name
    others = [name for name in names.delegations(desk).values() if name != own]
    page = visit.preview(
        title=_("Go on with another host"),
        binds=_(
            "The talks leave this host when all have accepted. It needs the acceptance of {others}."
        ).format(others=listed(others)),
        lines=moving_view.changed_lines(desk, event, "roster", None),
        verb=_("The number is the same: accept for {delegation}").format(delegation=own),
        back=_BACK,
        readers=visit.readers("plenary"),
        of=event,
    )
    return page or visit.act("roster", event, _BACK)


def write_file(visit: Visit) -> Response:
    """Return the file for the new host."""
    return download(moving.register_file(visit.desk), _("For the new host"), "goregister")


def move(visit: Visit) -> Response:
    """Move this desk to the host that all have named."""
    moved = moving.go_on(visit.desk)
    if moved is None:
        return visit.go(_BACK, _("This desk is where the talks are."))
    return visit.go(_BACK, _("This desk has moved to {address}.").format(address=moved.address), "done")


def move_by_card(visit: Visit) -> Response:
    """Move this desk by the card of the new host, where the old one does not answer."""
    moved = moving.by_card(visit.desk, carried(visit, "card"))
    return visit.go(_BACK, _("This desk has moved to {address}.").format(address=moved.address), "done")


ROUTES: Final = (
    get("/agenda/host", show),
    post("/agenda/host/name", name_host),
    post("/agenda/host/file", write_file),
    post("/agenda/host/move", move),
    post("/agenda/host/card", move_by_card),
)
