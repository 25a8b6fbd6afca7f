"""Where the talks are and how they go on elsewhere, for people. See spec/moving.md.

This module decides what is told of a change of venue and of the versions of the rules. It never decides whether one is in force.

1. The new host's number is told wherever somebody puts a name to it: it is compared before it is accepted, not after.
"""

from __future__ import annotations

from typing import Any

from good_offices.clerk import names
from good_offices.desk import moving
from good_offices.desk.desk import Desk
from good_offices.locale import _
from good_offices.talks.events_moving import VenueChanged
from good_offices.talks.rules import VERSIONS


def standing(desk: Desk) -> dict[str, Any]:
    """Return where the talks are: `hosts` in order, `named` if this desk has yet to move, whether it writes the file."""
    hosts = [
        {"since": one.since, "address": one.address, "number": one.keys.fingerprint}
        for one in desk.talks.roster.hosts.hosts
    ]
    named = moving.named(desk)
    return {
        "hosts": hosts,
        "named": {"address": named.address, "number": named.keys.fingerprint} if named else None,
        "brings_file": desk.identity.enrolment is not None,
        "rules": desk.talks.roster.rules,
    }


def pending(desk: Desk) -> list[dict[str, Any]]:
    """Return the hosts that some have accepted and not all: address, number, by whom, and at which entry."""
    own, called = desk.identity.place.delegation, names.delegations(desk)
    found = []
    for joint in desk.talks.roster.hosts.joint.values():
        index = min(one.index for one in joint.accepted.values())
        event = names.event_at(desk, index)
        if not isinstance(event, VenueChanged):
            continue
        marks = [{"name": name, "accepted": one in joint.accepted} for one, name in called.items()]
        found.append(
            {
                "address": event.address,
                "number": moving.number_of(event),
                "index": index,
                "ours": own in joint.accepted,
                "marks": marks,
            }
        )
    return found


def changed_lines(_desk: Desk, event: Any, _room: str, _when: Any) -> list[str]:
    """Return what to know before one accepts another host (rule 1)."""
    return [
        _("Address: {address}").format(address=event.address),
        _("The new host’s number, to compare with the host itself: {number}").format(
            number=grouped(moving.number_of(event))
        ),
        _("When all have accepted, nothing that comes after it at the present host has effect."),
        _("Rooms, texts, acceptances and the whole record go along."),
    ]


def rules_lines(_desk: Desk, event: Any, _room: str, _when: Any) -> list[str]:
    """Return what to know before one accepts other rules."""
    return [
        _("Version {rules} of the rules is in force from the next entry on.").format(rules=event.rules),
        _("A desk whose release does not know it stops there, and goes on when such a release is installed."),
    ]


def grouped(number: str) -> str:
    """Return a host's number as people compare it: groups of four figures."""
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def warnings(desk: Desk) -> dict[str, Any]:
    """Return what every screen says first: `leaving`, this desk has yet to move; `unknown_rules`, the version that it lacks."""
    rules = desk.talks.roster.rules
    return {
        "leaving": moving.named(desk) is not None,
        "unknown_rules": rules if rules and rules not in VERSIONS else 0,
    }
