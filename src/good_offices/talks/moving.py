"""Going on elsewhere or under other rules: what the acts do. See spec/moving.md.

This module decides when all have named a new host or another version of the rules. It never decides what a desk does about
it: that is `desk.moving`, and a desk that does not know the version stops (`talks.replay`).

1. It happens in the roster, which every desk reads; each delegation needs a member with the power to agree, and has
   compared keys. Nothing is kept here for a confirmation: without the power it is void.
2. A host whom these talks had before is not taken again, nor one with a key of its: the register of the former goes on beside ours,
   and nobody could tell the two apart.
3. What is complete ends what else waits of the same kind.
4. An acceptance is taken back as in the plenary (R-33).
5. A version that this release does not know is accepted by the rules like any other: the desks that know it, and those that do
   not, must hold the same state. What this release does not know it neither proposes nor accepts itself (`desk`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from good_offices.errors import GoodOfficesError, LocalError
from good_offices.register.hosting import VenueCard
from good_offices.talks import joint as joints
from good_offices.talks.events_moving import RulesUpgraded, VenueChanged
from good_offices.talks.events_plenary import AcceptanceWithdrawn
from good_offices.talks.hosts import Hosting, Hosts
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.roster import RosterState
from good_offices.talks.rules import RULES
from good_offices.talks.state import evolve
from good_offices.talks.verdict import AcceptanceExpired, Completed, Effect, Place
from good_offices.text.tables import put

Step: TypeAlias = tuple[RosterState, tuple[Effect, ...]]

MOST_RULES: Final = 65_535
_VENUE: Final = ("#venue",)
_RULES: Final = ("#rules",)


def card_of(event: VenueChanged) -> VenueCard:
    """Return the card that an act names; unverified."""
    return VenueCard(address=event.address, host=event.host, posting=event.posting, signed=event.signed)


def venue_changed(roster: RosterState, place: Place, event: VenueChanged) -> Step:
    """Accept another host; when all have, the register is its own from the next entry on (R-155, R-156)."""
    _check_voice(roster, place, event)
    card = card_of(event)
    try:
        if event.content.hex() not in roster.hosts.joint:
            card.verify()
        register = roster.hosts.now.keys.origin.rpartition("/")[2]
        keys = card.for_register(register)
    except GoodOfficesError as broken:
        raise LocalError(broken.code, **broken.facts) from None
    if any(keys.shares_a_key(one.keys) for one in roster.hosts.hosts):
        raise LocalError("venue-had-already", address=event.address)
    hosts, complete, effects = _accepted(roster, place, event, _VENUE)
    if complete:
        new = Hosting(
            since=place.index + 1, host=tuple(keys.vkeys), address=event.address, posting=event.posting
        )
        hosts = evolve(_without(hosts, _VENUE), hosts=(*hosts.hosts, new))
    return evolve(roster, hosts=hosts), effects


def rules_upgraded(roster: RosterState, place: Place, event: RulesUpgraded) -> Step:
    """Accept another version of the rules; when all have, it is in force from the next entry on (R-158)."""
    _check_voice(roster, place, event)
    if not roster.rules < event.rules <= MOST_RULES:
        raise LocalError("rules-not-newer", rules=event.rules, now=roster.rules)
    hosts, complete, effects = _accepted(roster, place, event, _RULES)
    if not complete:
        return evolve(roster, hosts=hosts), effects
    hosts = evolve(_without(hosts, _RULES), upgraded=put(hosts.upgraded, {str(place.index): event.rules}))
    return evolve(roster, hosts=hosts, rules=event.rules), effects


def acceptance_withdrawn(roster: RosterState, place: Place, event: AcceptanceWithdrawn) -> Step:
    """Take back an acceptance of what is not complete yet (R-33)."""
    _check_voice(roster, place, event)
    table = joints.withdraw(roster.hosts.joint, event.content, place.delegation)
    return evolve(roster, hosts=evolve(roster.hosts, joint=table)), ()


Handler: TypeAlias = Callable[[RosterState, Place, Any], Step]

HANDLERS: Final[Mapping[str, Handler]] = {
    "VenueChanged": venue_changed,
    "RulesUpgraded": rules_upgraded,
    "AcceptanceWithdrawn": acceptance_withdrawn,
}


def _check_voice(roster: RosterState, place: Place, event: Any) -> None:
    """Refuse whoever does not speak for a delegation here (rule 1)."""
    if not roster.compared(place.delegation):
        raise LocalError("keys-not-compared")
    power = RULES[event.name].power
    if place.member is None or power not in place.member.powers:
        raise LocalError("power-lacking", power=power)


def _accepted(
    roster: RosterState, place: Place, event: VenueChanged | RulesUpgraded, subjects: tuple[str, ...]
) -> tuple[Hosts, bool, tuple[Effect, ...]]:
    """Return the hosts with one more acceptance, whether all have accepted, and the effects."""
    mine = Acceptance(index=place.index, act=place.act, author=place.author, until=event.until)
    fresh = Joint(
        event=event.name, content=event.content, subjects=subjects, accepted={place.delegation: mine}
    )
    table, joint, expired = joints.accept(
        roster.hosts.joint, fresh, place.delegation, everyone=roster.expected, time=place.time
    )
    effects: tuple[Effect, ...] = tuple(
        AcceptanceExpired(content=joint.content, delegation=name) for name in expired
    )
    complete = joints.complete(joint, roster.expected)
    if complete:
        effects = (*effects, Completed(content=joint.content, event=joint.event))
    return evolve(roster.hosts, joint=table), complete, effects


def _without(hosts: Hosts, subjects: tuple[str, ...]) -> Hosts:
    """Return the hosts without what waits about the same (rule 3)."""
    gone = [key for key, one in hosts.joint.items() if one.subjects == subjects]
    return evolve(hosts, joint=put(hosts.joint, {}, without=gone))
