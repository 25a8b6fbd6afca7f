"""The end of a desk, for people: what the modalities say of it, what is destroyed and what stays verifiable.

This module decides the words before a desk is destroyed, and when it is time. It destroys nothing: that is `desk.destroying`, when
whoever sits at the desk has typed the name.

1. The days of the modalities run from the conclusion, by the host's time of that entry and this machine's clock: a reminder and
   no more. Nothing is destroyed by itself.
"""

from __future__ import annotations

from typing import Any, Final

from good_offices.clerk import names
from good_offices.desk.desk import Desk
from good_offices.locale import _, ngettext

_DAY: Final = 86_400_000


def retention(desk: Desk, now_ms: int) -> dict[str, Any]:
    """Return what the modalities say: words, days, from when on, when they end, and whether they have."""
    plenary = desk.talks.plenary
    terms = plenary.modalities.modalities if plenary.modalities else None
    days = terms.destroy_after_days if terms else None
    concluded = plenary.course.standing == "concluded"
    since = names.line(desk.common, plenary.course.since).leaf.time_ms if concluded else None
    ends = since + days * _DAY if since is not None and days is not None else None
    return {
        "words": terms.retention if terms else "",
        "days": days,
        "concluded_ms": since,
        "ends_ms": ends,
        "due": ends is not None and ends <= now_ms,
    }


def resuming(desk: Desk, now_ms: int) -> dict[str, Any] | None:
    """Return when adjourned talks are to go on, and whether that time has come by this machine's clock; None if none is named."""
    course = desk.talks.plenary.course
    if course.standing != "adjourned" or course.resumes is None:
        return None
    return {"resumes_ms": course.resumes, "due": course.resumes <= now_ms, "index": course.since}


def destroyed_with(desk: Desk) -> list[str]:
    """Return in sentences what is destroyed with this desk, and what stays verifiable without it."""
    waits = len(desk.outgoing())
    said = [
        _(
            "Destroyed, for good: the keys of this desk, its copy of the record and of the caucus, what waits in it, and the kits in its folder."
        ),
        _(
            "What stays: the records of other desks, and the host’s register, sealed. Nobody can take these back from here."
        ),
        _(
            "What stays verifiable: outcomes, certified copies, disclosures and receipts that you exported before. They need no key of yours."
        ),
        _("This desk cannot be brought back. Kits on paper and backups of the folder are yours to destroy."),
    ]
    if waits:
        said.append(
            ngettext(
                "{count} act still waits to be sent and goes with it.",
                "{count} acts still wait to be sent and go with it.",
                waits,
            ).format(count=waits)
        )
    return said
