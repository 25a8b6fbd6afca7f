"""Agenda, course and modalities, as plain values.

This module decides what is told of them: what stands, what is on the table, and who has accepted it. It never counts or
weighs what delegations have accepted.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk import names
from good_offices.clerk.plain import plain
from good_offices.clerk.terms import on_the_table
from good_offices.desk.desk import Desk


def agenda_state(desk: Desk) -> dict[str, Any]:
    """Return the `items` of the agenda, agreed and proposed."""
    called = names.delegations(desk)
    plenary = desk.talks.plenary
    items: list[dict[str, Any]] = [
        {
            "item": name,
            "title": one.title,
            "note": one.note,
            "by": called.get(one.by, one.by),
            "agreed": one.agreed,
            "accepted": [
                called.get(who, who)
                for who in (plenary.joint[name].accepted if name in plenary.joint else ())
            ],
        }
        for name, one in plenary.agenda.items()
    ]
    return {"items": items}


def course_state(desk: Desk) -> dict[str, Any]:
    """Return where the talks stand, since which entry and by whom, and what about it is `pending`."""
    plenary = desk.talks.plenary
    standing = plenary.course
    called = names.delegations(desk)
    pending: list[dict[str, Any]] = [
        {
            "event": one.event,
            "content": one.content,
            "accepted": [called.get(who, who) for who in one.accepted],
        }
        for one in plenary.joint.values()
        if one.subjects == ("course",)
    ]
    by = called.get(standing.by, standing.by)
    return {
        "standing": standing.standing,
        "since": standing.since,
        "by": by,
        "resumes_ms": standing.resumes,
        "pending": pending,
    }


def modalities_state(desk: Desk) -> dict[str, Any]:
    """Return the modalities in force, with their content hash, and those `proposed`."""
    plenary = desk.talks.plenary
    called = names.delegations(desk)
    current = plenary.modalities
    proposed = [
        {
            "content": name,
            "accepted": [called.get(who, who) for who in plenary.joint[name].accepted],
            "modalities": plain(plenary.proposed[name].modalities),
        }
        for name in on_the_table(plenary)
    ]
    in_force = plain(current.modalities) if current else None
    return {"content": current.content if current else None, "modalities": in_force, "proposed": proposed}
