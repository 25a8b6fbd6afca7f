"""Standing lists at a desk: which calendar the host gave it, who holds which, and why one does not run.

This module decides the words and the order (spec/soundings.md section 2.7). It holds nothing and answers nothing: that is
the duty desk's, unattended.

1. The calendar that this desk was given comes first, held or not; then every other that somebody holds.
2. That a delegation does not hold a calendar says nothing of what it wants: it may have no duty desk.
3. A calendar that another delegation holds and this desk was not given is always told: it is how both see that the host gave
   them different ones.
4. At a desk of the capital nothing is told: it does not read the sounding room.
"""

from __future__ import annotations

import hashlib
from typing import Any, Final

from good_offices.clerk import names
from good_offices.clerk.listing import shown
from good_offices.desk.desk import Desk
from good_offices.desk.founding import CALENDAR
from good_offices.locale import N_, _, language
from good_offices.talks.soundings import read_calendar

SHORT: Final = 16
STANDING: Final = {
    "runs": N_("held by all: its lists are sounded at their times"),
    "waits": N_("not yet held by all: nothing of it runs"),
    "differs": N_("not the one that this desk was given: nothing of it runs"),
}


def calendars(desk: Desk) -> list[dict[str, Any]]:
    """Return the calendars of standing lists that this desk knows, its own first (rule 1).

    `calendar`: SHA-256 as hex; `given`: whether this desk was given it; `held` and `missing`: names of delegations;
    `standing` (a key of `STANDING`) and `standing_words`; `lists` as `clerk.listing.shown`.
    """
    if "sounding" not in desk.identity.seats:
        return []
    own = desk.storage.get(CALENDAR)
    known = {key: (one.calendar, one.held) for key, one in desk.talks.sounding.calendars.items()}
    mine = hashlib.sha256(own).hexdigest() if own is not None else ""
    if own is not None and mine not in known:
        known = {mine: (own, {}), **known}
    called = names.delegations(desk)
    found = []
    for key in sorted(known, key=lambda one: (one != mine, one)):
        calendar, held = known[key]
        missing = [name for one, name in called.items() if one not in held]
        standing = "waits" if missing else "runs"
        if missing and key != mine:
            standing = "differs"
        found.append(
            {
                "calendar": key,
                "given": key == mine,
                "held": [name for one, name in called.items() if one in held],
                "missing": missing,
                "standing": standing,
                "standing_words": _(STANDING[standing]),
                "lists": shown(read_calendar(calendar), language()),
            }
        )
    return found


def warnings(desk: Desk) -> list[str]:
    """Return why standing lists do not run, as far as this side can mend or must know it (rules 2 and 3)."""
    rows = calendars(desk)
    place, size = desk.identity.place.delegation, desk.common.ledger.size
    found = []
    waits = any(one["given"] and one["standing"] == "waits" for one in rows)
    if waits and desk.talks.roster.duty_desk(place, size) is None:
        found.append(
            _(
                "The host’s standing lists do not run: your delegation has no duty desk. A member’s desk does not hold "
                "them by itself, because that would show that somebody is there."
            )
        )
    given = next((one["calendar"][:SHORT] for one in rows if one["given"]), None)
    for one in rows:
        if one["standing"] != "differs":
            continue
        who = ", ".join(one["held"])
        if given is None:
            words = _(
                "{who} holds standing lists that did not come with your invitation. Nothing of them runs."
            )
        else:
            words = _(
                "{who} holds other standing lists than those that came with your invitation: the host gave you different "
                "ones, or they are of its own making. Nothing of them runs. Compare your number {number} with them by "
                "another channel."
            )
        found.append(words.format(who=who, number=given))
    return found
