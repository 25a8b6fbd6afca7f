"""What the frame around every screen of an open desk shows: whose desk, how it stands, of which group the page is.

This module decides which facts the frame has. It never decides how they look.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from good_offices.clerk import groups_view, moving_view, names

if TYPE_CHECKING:
    from good_offices.chancery.visit import Visit


def frame(visit: Visit) -> dict[str, Any]:
    """Return what the frame around every screen of an open desk shows."""
    desk = visit.desk
    return {
        "delegation": desk.identity.delegation_name,
        "person": desk.identity.person,
        "called": names.delegations(desk),
        "stamp": visit.seat.stamp(),
        "doubts": desk.doubts(),
        **moving_view.warnings(desk),
        "outgoing": sum(1 for one in desk.outgoing() if one.act),
        "confirmed": desk.confirmed,
        "host": desk.identity.place.url,
        "of_group": groups_view.called(desk, visit.room) if visit.room in desk.talks.groups else "",
    }
