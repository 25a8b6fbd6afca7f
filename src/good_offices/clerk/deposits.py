"""Depositaries for people: how they are called, who is admitted, what is told of a deposit and its receipts.

This module decides what a screen and the command line say of a depositary. It never decides whether a
step has effect.

1. A depositary apart from the delegations is told with its number, since that is what people compare.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk import names
from good_offices.clerk.signing import grouped
from good_offices.desk.depositing import admitting
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.talks.depositaries import card_of
from good_offices.talks.events_depositary import DepositaryAdmitted
from good_offices.talks.finished import Finished
from good_offices.text.state import TextState


def admitted_told(desk: Desk) -> list[dict[str, Any]]:
    """Return the depositaries that all have admitted: name, whom it represents, number, since which entry."""
    return [
        {
            "id": name,
            "name": one.called,
            "represents": one.represents,
            "language": one.language,
            "number": grouped(bytes.fromhex(name)),
            "index": one.since,
        }
        for name, one in desk.talks.plenary.depositaries.items()
    ]


def admitting_waits(desk: Desk) -> list[dict[str, Any]]:
    """Return the admissions that wait for an acceptance: entry, name, number, and whether ours is given."""
    own, found = desk.identity.place.delegation, []
    for joint in desk.talks.plenary.joint.values():
        if joint.event != "DepositaryAdmitted":
            continue
        index = min(one.index for one in joint.accepted.values())
        event = names.event_at(desk, index)
        if isinstance(event, DepositaryAdmitted):
            found.append(
                {"index": index, "name": event.called, "number": number(event), "ours": own in joint.accepted}
            )
    return found


def number(event: DepositaryAdmitted) -> list[str]:
    """Return the number of a depositary that is to be admitted, in groups."""
    return grouped(bytes.fromhex(card_of(event).fingerprint))


def event_of_card(data: bytes) -> DepositaryAdmitted:
    """Return the event that admits the depositary of a card.

    Raises:
        RemoteError: as `admitting`.
    """
    return admitting(data)[1]


def facts(event: DepositaryAdmitted) -> list[str]:
    """Return in lines who is to be admitted, for whoever is to accept it."""
    return [
        _("Depositary: {name}").format(name=event.called),
        *([_("Speaks for: {name}").format(name=event.represents)] if event.represents else []),
        _("Its number, to be compared with the depositary: {digits}").format(digits=" ".join(number(event))),
        _("It reads no room. It reads a signed text when a delegation hands it over."),
    ]


def deposit_told(desk: Desk, text: TextState) -> dict[str, Any]:
    """Return what is told of a text's deposit with an admitted depositary; empty if it has none."""
    plenary = desk.talks.plenary
    held = plenary.outcomes.get(text.instrument.id)
    card = plenary.depositaries.get(held.depositary) if held and held.deposited else None
    if held is None or card is None:
        return {}
    finished = plenary.finished.get(text.instrument.id, Finished())
    newest = any(one.corrected == finished.corrected for one in finished.received)
    return {
        "name": card.called,
        "number": grouped(bytes.fromhex(held.depositary)),
        "receipts": [
            {
                "number": one.number,
                "time_ms": one.time,
                "index": one.by.index,
                "corrected": one.corrected is not None,
            }
            for one in finished.received
        ],
        "newest": newest,
    }
