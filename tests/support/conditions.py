"""Requests for conditions, for tests."""

from __future__ import annotations

from typing import Any

from good_offices.desk import conditions as desks
from good_offices.encoding import pack
from good_offices.register.conditions import ConditionItem, ConditionsRequest
from good_offices.seals.domains import Domain
from good_offices.talks.events_conditions import ConditionsRequested, ConditionsSigned

ROOMS = ConditionItem(key="rooms", kind="rooms", words="Two rooms of equal size", language="en")
VOICES = ConditionItem(
    key="voices", kind="interpretation", words="In both directions", language="en", pair=("en", "ru")
)
DAYS = ConditionItem(
    key="days",
    kind="dates",
    words="Three days in May",
    language="en",
    begins=1_777_888_800_000,
    ends=1_778_148_000_000,
)


def request(talks: bytes, delegations: Any, **fields: Any) -> ConditionsRequest:
    """Return a request; its fields are changed by name."""
    given = {"number": 1, "items": (ROOMS, VOICES, DAYS)} | fields
    return ConditionsRequest(talks=talks, delegations=tuple(sorted(delegations)), **given)


def requested(smith: Any, **fields: Any) -> ConditionsRequested:
    """Return the event that proposes a request in the talks of a talksmith."""
    roster = smith.replay.roster
    return ConditionsRequested(request=request(roster.talks, roster.expected, **fields))


def signed(smith: Any, name: str, asked: ConditionsRequested) -> ConditionsSigned:
    """Return the event by which a party's desk signs a request for the host."""
    signature = smith.desk(name).signer.sign(Domain.CONDITIONS, pack(asked.request))
    return ConditionsSigned(number=asked.request.number, signature=signature)


def agreed(house: Any, **fields: Any) -> ConditionsRequested:
    """Have all delegations accept a request."""
    first = house.desks[0]
    event = ConditionsRequested(
        request=request(first.identity.place.talks, first.talks.roster.expected, **fields)
    )
    for desk in house.desks:
        desk.sync()
        assert desk.act("plenary", event).verdict.status == "valid"
    first.sync()
    return event


def signed_by_all(house: Any, number: int = 1) -> None:
    """Have all delegations sign it."""
    for desk in house.desks:
        desk.sync()
        assert desk.act("plenary", desks.signed(desk, number)).verdict.status == "valid"
    for desk in house.desks:
        desk.sync()
