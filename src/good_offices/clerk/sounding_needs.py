"""What soundings ask of a member: marks that close soon, a repetition that others want, a result that is there.

This module decides when a member is reminded. The reminder is private, and what it says does not depend on any mark: neither
that marks are missing, nor that something matched, is told to anybody else.

1. Who may agree for the delegation is reminded of marks that close within `SOON` and are not sealed. To mark nothing is an
   answer; so the reminder can be put aside.
2. A result is news until it was looked at, whatever it is.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from good_offices.clerk.authors import powers_of
from good_offices.clerk.soundings import ordered, repeats, words
from good_offices.desk.desk import Desk
from good_offices.desk.soundings import marks
from good_offices.desk.soundings.record import has_result
from good_offices.talks.soundings import Sounding

SOON: Final = timedelta(days=2)
_SEEN: Final = "sounding-seen/{sounding}"
_ASIDE: Final = "sounding-aside/{sounding}"


def needs(desk: Desk, now: int) -> list[dict[str, Any]]:
    """Return what needs this desk's member (`clerk.needs`) at a time (ms), each with `sounding`: its id as hex."""
    found = []
    for one in ordered(desk):
        soon = one.closes - int(SOON.total_seconds() * 1000) <= now < one.closes
        if has_result(one) and not is_seen(desk, one):
            found.append(_need(desk, one, "sounding-result"))
        elif soon and marks.standing(desk, one) != "sealed" and not is_aside(desk, one):
            found.append(_need(desk, one, "sounding-marks") | {"until_ms": one.closes, **_power(desk)})
    return [*found, *_repeats(desk, now)]


def keep_seen(desk: Desk, sounding: Sounding) -> None:
    """Keep that the end of a sounding was looked at (rule 2)."""
    _keep(desk, _SEEN, sounding)


def is_seen(desk: Desk, sounding: Sounding) -> bool:
    """Tell whether the end of a sounding was looked at."""
    return desk.storage.get(_SEEN.format(sounding=sounding.id.hex())) is not None


def keep_aside(desk: Desk, sounding: Sounding) -> None:
    """Keep that nobody wants to be reminded of the marks of a sounding (rule 1)."""
    _keep(desk, _ASIDE, sounding)


def is_aside(desk: Desk, sounding: Sounding) -> bool:
    """Tell whether nobody wants to be reminded of the marks of a sounding."""
    return desk.storage.get(_ASIDE.format(sounding=sounding.id.hex())) is not None


def _keep(desk: Desk, name: str, sounding: Sounding) -> None:
    """Keep a note on a sounding, once."""
    name = name.format(sounding=sounding.id.hex())
    if desk.storage.get(name) is None:
        desk.storage.put(name, b"1")


def _repeats(desk: Desk, now: int) -> list[dict[str, Any]]:
    """Return the repetitions that others want and this delegation has not accepted."""
    return [
        _need(desk, one, "sounding-repeat")
        | {"by": wanted["by"], "until_ms": wanted["closes_ms"], **_power(desk)}
        for one in ordered(desk)
        for wanted in repeats(desk, one)
        if not wanted["ours"] and now < wanted["closes_ms"]
    ]


def _need(desk: Desk, sounding: Sounding, kind: str) -> dict[str, Any]:
    """Return a need about a sounding."""
    subject = words(desk.talks.sounding.listed(sounding).subject)
    return {"kind": kind, "sounding": sounding.id.hex(), "what": subject}


def _power(desk: Desk) -> dict[str, Any]:
    """Return whether this member may do what needs the power to agree."""
    return {"power": "agree", "mine": "agree" in powers_of(desk)}
