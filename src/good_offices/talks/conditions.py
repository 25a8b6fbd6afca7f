"""Conditions asked of the host: accepted by all, then signed by each in clear. See spec/conditions.md R-110 to R-114.

This module decides when a request for conditions stands and who has signed it for the host. It never sends anything: what the
host answers is a claim of the host's and no act.

1. A request is accepted as a whole, under the next number. Another that waited for the same number is then gone.
2. A request may stand in the place of an earlier one; that one is then asked no more.
3. Nobody signs for the host what is not complete: a signature that went out with an acceptance could be shown to the host after
   the acceptance was taken back or had lapsed.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from good_offices.encoding import pack
from good_offices.errors import LocalError, RemoteError
from good_offices.register.conditions import ConditionsRequest, check_request
from good_offices.seals.domains import Domain
from good_offices.seals.pairs import ACT
from good_offices.talks.events_conditions import ConditionsRequested, ConditionsSigned
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import PlenaryState, Step, accepted
from good_offices.talks.requested import Requested, Signing
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Place
from good_offices.text.tables import put

_SUBJECT = "conditions"


def conditions_requested(
    plenary: PlenaryState, roster: RosterState, place: Place, event: ConditionsRequested
) -> Step:
    """Propose or accept a request for conditions (R-111, R-112)."""
    request = event.request
    if request.talks != roster.talks or request.delegations != tuple(sorted(roster.expected)):
        raise LocalError("conditions-foreign")
    check_request(request)
    if request.number != len(plenary.conditions) + 1:
        raise LocalError("conditions-number", number=request.number, next=len(plenary.conditions) + 1)
    if request.sitting and request.sitting not in plenary.meetings.sittings:
        raise LocalError("conditions-sitting")
    if request.replaces:
        _check_asked(plenary.conditions, request.replaces)
    fresh = Joint(event=event.name, content=event.content, subjects=(_SUBJECT,), accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        # What else waited, waited for this number.
        gone = [key for key, one in plenary.joint.items() if one.subjects == (_SUBJECT,)]
        plenary = evolve(
            plenary,
            joint=put(plenary.joint, {}, without=tuple(gone)),
            conditions=_with(plenary.conditions, request, event.content, place.index),
        )
    return plenary, effects


def conditions_signed(
    plenary: PlenaryState, _roster: RosterState, place: Place, event: ConditionsSigned
) -> Step:
    """Sign an accepted request for the host (R-113)."""
    _check_asked(plenary.conditions, event.number)
    one = plenary.conditions[str(event.number)]
    if place.delegation in one.signed:
        raise LocalError("conditions-signed-already")
    try:
        ACT.verify(Domain.CONDITIONS, place.desk.act, event.signature, pack(one.request))
    except RemoteError:
        raise LocalError("conditions-signature") from None
    signing = Signing(
        index=place.done.index if place.done else place.index,
        certificate=place.author,
        signature=event.signature,
    )
    new = msgspec.structs.replace(one, signed={**one.signed, place.delegation: signing})
    return evolve(plenary, conditions=put(plenary.conditions, {str(event.number): new})), ()


def _check_asked(conditions: Mapping[str, Requested], number: int) -> None:
    """Refuse the number of a request that is not complete, or that another stands in the place of."""
    one = conditions.get(str(number))
    if one is None:
        raise LocalError("conditions-unknown", number=number)
    if one.replaced:
        raise LocalError("conditions-replaced", number=number, by=one.replaced)


def _with(
    conditions: dict[str, Requested], request: ConditionsRequest, content: bytes, index: int
) -> dict[str, Requested]:
    """Return the requests with one more, which stands in the place of the one that it names."""
    fresh = {str(request.number): Requested(request=request, content=content, since=index)}
    if request.replaces:
        before = conditions[str(request.replaces)]
        fresh[str(request.replaces)] = msgspec.structs.replace(before, replaced=request.number)
    return put(conditions, fresh)
