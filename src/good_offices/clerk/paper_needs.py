"""What of papers and consents needs a member now: drafts that wait for another member, letters to the heads.

This module decides what is told on the overview. It never tells a member of a letter that this desk cannot open.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from good_offices.clerk import consents, papers_view
from good_offices.clerk.authors import Authors
from good_offices.desk.desk import Desk
from good_offices.desk.record import Line
from good_offices.locale import _
from good_offices.talks.events_papers import LetterSent


def needs(desk: Desk, common: Sequence[Line], since: int, authors: Authors) -> list[dict[str, Any]]:
    """Return the drafts that this member may consent to or send, and the letters since the last visit that this desk opens."""
    return [*_drafts(desk), *_letters(desk, common, since, authors)]


def _drafts(desk: Desk) -> list[dict[str, Any]]:
    """Return the drafts that wait for this member: for a consent, or to be sent by whoever asked."""
    found = []
    for one in consents.state(desk)["drafts"]:
        told = {
            "what": one["what"],
            "by": [one["by"].name],
            "index": one["index"],
            "since_ms": one["time_ms"],
        }
        if one["mine"] and one["missing"] == 0 and one["may_send"]:
            found.append({"kind": "consented", **told})
        elif not one["mine"] and not one["consented"]:
            found.append({"kind": "consent", **told})
    return found


def _letters(desk: Desk, common: Sequence[Line], since: int, authors: Authors) -> list[dict[str, Any]]:
    """Return the letters of others since the last visit that this desk opens."""
    found = []
    for line in common:
        event = line.act.event if line.act is not None and line.verdict.status == "valid" else None
        if line.act is None or not isinstance(event, LetterSent) or line.index < since:
            continue
        author = authors(line.act.author, line.index)
        words = papers_view.letter(desk, event)
        if author.delegation != desk.identity.place.delegation and not words["closed"]:
            found.append(
                {
                    "kind": "letter",
                    "what": words["subject"] or _("a letter to the heads"),
                    "by": [author.called],
                    "index": line.index,
                    "since_ms": line.leaf.time_ms,
                }
            )
    return found
