"""Four eyes: a delegation's own rule that some acts need another member's consent before they leave. See spec/papers.md R-129.

This module decides what stands in the caucus: the rule, the drafts that wait, who consents. It never holds back an act: that
is the desk's own guard (`desk.consent`), and the other side never learns of any of this.

1. The first rule is set by a head (R-126) or a member of the capital. A rule in force is changed when as many members as
   it asks for, and one more, have set the same.
2. A draft is a whole event for one room. Its content is that of R-30 with the room: a consent is for these words and no others.
3. Whoever asked does not consent to it again; the same member consents once. A consent is for one act: what has left is no
   draft any more.
4. No more consents are asked for than there are other members who could give them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from typing import Any, Final

from msgspec import field

from good_offices.encoding import Record, pack, unpack
from good_offices.errors import LocalError, RemoteError
from good_offices.talks.acts import Event
from good_offices.talks.events_papers import ConsentAsked, ConsentGiven, ConsentRuleSet, ConsentUsed
from good_offices.talks.rules import RULES
from good_offices.talks.state import Item, State, evolve
from good_offices.talks.verdict import Cited, Place

MOST: Final = 9


class Draft(Record, frozen=True, kw_only=True, tag="good-offices/draft/1", tag_field="form"):
    """An event that a member would do in a room, before it has left."""

    room: str
    event: Event

    @property
    def content(self) -> bytes:
        """The hash that a consent names: 32 bytes (R-129)."""
        event = self.event
        fields = {name: getattr(event, name) for name in event.__struct_fields__ if name != "until"}
        return hashlib.sha256(pack(Draft(room=self.room, event=type(event)(**fields)))).digest()


class ConsentRule(Item, frozen=True, kw_only=True):
    """The rule in force: which acts, how many consents, and the members who set it with the act of each."""

    acts: tuple[str, ...] = ()
    consents: int = 0
    by: dict[str, Cited] = field(default_factory=dict)


class Drafted(Item, frozen=True, kw_only=True):
    """A draft that waits: which event, for which room, who asked, and which members consent."""

    name: str
    room: str
    by: str
    asked: Cited
    given: dict[str, Cited] = field(default_factory=dict)

    def others(self, member: str) -> set[str]:
        """Return the members who stand behind the draft, without one."""
        return {self.by, *self.given} - {member}


class ConsentState(State, frozen=True, kw_only=True):
    """The rule, those that would change it by their content, and the drafts by theirs."""

    rule: ConsentRule = field(default_factory=ConsentRule)
    proposed: dict[str, ConsentRule] = field(default_factory=dict)
    drafts: dict[str, Drafted] = field(default_factory=dict)

    def needed(self, name: str, others: int) -> int:
        """Return how many consents an event needs where `others` other members could give one (rule 4)."""
        return min(self.rule.consents, others) if name in self.rule.acts else 0


def check_rule(event: ConsentRuleSet) -> None:
    """Pass if a rule names acts that bind, each once and in order, and a number that can be met.

    Raises:
        LocalError: `consent-rule`.
    """
    named = [name for name in event.acts if name in RULES and RULES[name].binding]
    if named != sorted(set(event.acts)) or not 0 <= event.consents <= MOST:
        raise LocalError("consent-rule", most=MOST)
    if bool(event.acts) != bool(event.consents):
        raise LocalError("consent-rule", most=MOST)


def _rule_set(
    state: ConsentState,
    place: Place,
    event: ConsentRuleSet,
    members: Collection[str],
    leads: Callable[[], bool],
) -> ConsentState:
    """Put a rule in force, or note who would change the one that is (rule 1)."""
    check_rule(event)
    in_force = bool(state.rule.consents)
    if not in_force and not leads():
        raise LocalError("consent-not-head")
    if (event.acts, event.consents) == (state.rule.acts, state.rule.consents):
        raise LocalError("consent-rule-in-force")
    content = hashlib.sha256(pack(event)).hexdigest()
    held = state.proposed.get(content, ConsentRule(acts=event.acts, consents=event.consents))
    if place.desk.member in held.by:
        raise LocalError("consent-given")
    # Who was recalled since has no word in it any more.
    by = {name: one for name, one in held.by.items() if name in members} | {place.desk.member: place.here}
    rule = ConsentRule(acts=event.acts, consents=event.consents, by=by)
    needed = 1 + min(state.rule.consents, max(0, len(members) - 1))
    if len(by) >= needed:
        return evolve(state, rule=rule, proposed={})
    return evolve(state, proposed={**state.proposed, content: rule})


def _asked(state: ConsentState, place: Place, event: ConsentAsked) -> ConsentState:
    """Put a draft before the other members (rule 2)."""
    draft = read_draft(event.draft)
    name = draft.content.hex()
    if name in state.drafts:
        raise LocalError("consent-asked")
    drafted = Drafted(name=draft.event.name, room=draft.room, by=place.desk.member, asked=place.here)
    return evolve(state, drafts={**state.drafts, name: drafted})


def read_draft(data: bytes) -> Draft:
    """Return the draft that was put before the members.

    Raises:
        LocalError: `consent-draft`: no draft, or of an act that binds nobody.
    """
    try:
        draft = unpack(data, Draft, what="a draft")
    except RemoteError:
        raise LocalError("consent-draft") from None
    if not RULES[draft.event.name].binding:
        raise LocalError("consent-draft")
    return draft


def _given(state: ConsentState, place: Place, event: ConsentGiven) -> ConsentState:
    """Consent to another member's draft, once (rule 3)."""
    drafted, member = _drafted(state, event.content), place.desk.member
    if member == drafted.by:
        raise LocalError("consent-own")
    if member in drafted.given:
        raise LocalError("consent-given")
    given = {**drafted.given, member: place.here}
    new = Drafted(name=drafted.name, room=drafted.room, by=drafted.by, asked=drafted.asked, given=given)
    return evolve(state, drafts={**state.drafts, event.content.hex(): new})


def _used(state: ConsentState, event: ConsentUsed) -> ConsentState:
    """Take away a draft whose act has left (rule 3)."""
    _drafted(state, event.content)
    rest = {name: one for name, one in state.drafts.items() if name != event.content.hex()}
    return evolve(state, drafts=rest)


def _drafted(state: ConsentState, content: bytes) -> Drafted:
    """Return the draft with a content."""
    found = state.drafts.get(content.hex())
    if found is None:
        raise LocalError("consent-unknown")
    return found


Members = Callable[[], Collection[str]]


def perform(
    state: ConsentState, place: Place, event: Any, *, members: Members, leads: Callable[[], bool]
) -> ConsentState:
    """Return the state after an event of consent; `members` can consent now, `leads` says whether the author may begin.

    Raises:
        LocalError: `consent-rule`, `consent-not-head`, `consent-rule-in-force`, `consent-draft`, `consent-asked`,
            `consent-unknown`, `consent-own`, `consent-given`.
    """
    if isinstance(event, ConsentRuleSet):
        return _rule_set(state, place, event, members(), leads)
    if isinstance(event, ConsentAsked):
        return _asked(state, place, event)
    if isinstance(event, ConsentGiven):
        return _given(state, place, event)
    return _used(state, event)


EVENTS: Final = ("ConsentRuleSet", "ConsentAsked", "ConsentGiven", "ConsentUsed")
