"""Modalities, as people give them: what is proposed over those in force, and which ones are accepted.

This module decides what stands where nothing was given: what is in force, so that an amendment says only what it
changes; the names that nobody gave are those of the delegations themselves. It never decides who may propose.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from good_offices.clerk import names
from good_offices.clerk.meeting_words import read_rule
from good_offices.desk.desk import Desk
from good_offices.errors import LocalError
from good_offices.talks.event import LEVELS
from good_offices.talks.events_plenary import Modalities, ModalitiesAccepted, ModalitiesProposed
from good_offices.talks.plenary import PlenaryState


def proposed(desk: Desk, given: Mapping[str, Any], until: int | None = None) -> ModalitiesProposed:
    """Return the event that proposes modalities: those in force, changed by what is given (see `modalities`).

    Raises:
        LocalError: `delegation-unknown`.
    """
    current = desk.talks.plenary.modalities
    wanted = modalities(desk, current.modalities if current else None, given)
    return ModalitiesProposed(modalities=wanted, base=current.content if current else None, until=until)


def accepted(desk: Desk, content: str | None = None, until: int | None = None) -> ModalitiesAccepted:
    """Return the event that accepts modalities: those whose number begins so, else the only ones on the table.

    Raises:
        LocalError: `modalities-unknown`.
    """
    waiting = on_the_table(desk.talks.plenary)
    if content is None and len(waiting) != 1:
        raise LocalError("modalities-unknown")
    name = names.key(content, waiting, "modalities-unknown") if content else waiting[0]
    return ModalitiesAccepted(modalities=bytes.fromhex(name), until=until)


def on_the_table(plenary: PlenaryState) -> list[str]:
    """Return the contents of modalities that wait for somebody's acceptance."""
    return [name for name in plenary.proposed if name in plenary.joint]


def modalities(desk: Desk, current: Modalities | None, given: Mapping[str, Any]) -> Modalities:
    """Return modalities over those in force; what is missing, None or empty in `given` stays as it is.

    `given` has `authentic`, `working`, `levels`, `confidentiality`, `vocabulary`, `everything` (nothing is agreed until
    everything is), `clause` (without prejudice), `retention`, `destroy_after_days` (0 for none), `release` (delegations by any of their names), `other`,
    `convening`: (level, condition in words), `clock`, `presiding`, `silence`,
    and `called`: (by, whom, name), what a delegation calls another.

    Raises:
        LocalError: `delegation-unknown`.
    """
    everyone = names.delegations(desk)
    called = (
        {by: dict(whom) for by, whom in current.names.items()}
        if current
        else {by: dict(everyone) for by in everyone}
    )
    for by, whom, name in given.get("called", ()):
        called[names.delegation(desk, by)][names.delegation(desk, whom)] = name
    release = tuple(sorted(names.delegation(desk, one) for one in given.get("release", ())))
    base = current or Modalities(names=called, authentic=("en",), working=("en",), levels=LEVELS)

    def pick(option: str, field: str) -> Any:
        said = given.get(option)
        return getattr(base, field) if said is None or said == () else said

    return Modalities(
        names=called,
        authentic=tuple(pick("authentic", "authentic")),
        working=tuple(pick("working", "working")),
        levels=tuple(pick("levels", "levels")),
        confidentiality=pick("confidentiality", "confidentiality"),
        vocabulary=pick("vocabulary", "vocabulary"),
        nothing_agreed_until_everything=pick("everything", "nothing_agreed_until_everything"),
        without_prejudice=pick("clause", "without_prejudice"),
        retention=pick("retention", "retention"),
        destroy_after_days=pick("destroy_after_days", "destroy_after_days") or None,
        release=release or base.release,
        other=pick("other", "other"),
        convening=read_rule(desk, given.get("convening") or (), base.convening),
        clock=pick("clock", "clock"),
        presiding=pick("presiding", "presiding"),
        silence=pick("silence", "silence"),
    )
