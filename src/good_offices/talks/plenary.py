"""The plenary's state, and its acts that are about no text: modalities, agenda, statements, powers, course.

This module decides what these acts do (spec/talks.md section 6). It never decides whether their author may act here:
`talks.replay` has seen to that.

1. The state holds what rules need and nothing that is only read: statements and notes are in the record.
2. Modalities are in force when all have accepted the same hash over those in force before.
3. One delegation breaks off; all together resume, adjourn and conclude. Breaking off ends what was pending of the
   course, and nothing else: the talks go on without losing their place.
4. An act without powers is kept until a member who holds the power confirms it, and then has effect at that place.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Final, Literal, TypeAlias

import msgspec
from msgspec import field

from good_offices.encoding import Record, image
from good_offices.errors import LocalError
from good_offices.talks import joint as joints
from good_offices.talks.admitted import Depositary
from good_offices.talks.convening_rule import check_convening
from good_offices.talks.credentials import Statement
from good_offices.talks.events_plenary import (
    ItemAccepted,
    ItemProposed,
    ItemWithdrawn,
    Modalities,
    ModalitiesAccepted,
    ModalitiesProposed,
    TalksAdjourned,
    TalksBrokenOff,
    TalksConcluded,
    TalksResumed,
)
from good_offices.talks.events_roster import MemberAccreditation
from good_offices.talks.finished import Finished
from good_offices.talks.groups import Groups, Referral
from good_offices.talks.joint import Acceptance, Joint
from good_offices.talks.meetings import Conduct, Meetings
from good_offices.talks.releases import Release
from good_offices.talks.requested import Requested
from good_offices.talks.roster import RosterState
from good_offices.talks.silences import Silence
from good_offices.talks.state import Item, State, evolve
from good_offices.talks.verdict import AcceptanceExpired, Cited, Completed, Effect, Place
from good_offices.text.state import SECTIONS, TextState
from good_offices.text.tables import put

Standing: TypeAlias = Literal["running", "adjourned", "broken-off", "concluded"]


DAYS_KEPT: Final = 36_500


class Course(Item, frozen=True, kw_only=True):
    """Where the talks stand, since which entry, for a break by which delegation, and if adjourned until when."""

    standing: Standing = "running"
    since: int = 0
    by: str = ""
    resumes: int | None = None


class InForce(Item, frozen=True, kw_only=True):
    """Modalities that all accepted, and the entry that completed them."""

    content: bytes
    modalities: Modalities
    since: int


class Proposed(Item, frozen=True, kw_only=True):
    """Modalities that wait for everyone, and those they would replace."""

    modalities: Modalities
    base: bytes | None


class AgendaItem(Item, frozen=True, kw_only=True):
    """An item of the agenda, by whom it was proposed, and whether all accepted it."""

    title: str
    note: str
    by: str
    agreed: bool = False


class Powers(Item, frozen=True, kw_only=True):
    """Full powers that were produced, and which delegations found them in order or not in order."""

    produced: Cited
    delegation: str
    member: str
    ex_officio: bool
    document: bytes | None
    found: dict[str, Cited] = field(default_factory=dict)
    refused: dict[str, Cited] = field(default_factory=dict)


class Unconfirmed(Item, frozen=True, kw_only=True):
    """An act done without powers: its event as bytes, its author and credentials, and why it has no effect."""

    done: Cited
    desk: Statement
    member: MemberAccreditation
    event: bytes
    code: str


class Annex(Item, frozen=True, kw_only=True):
    """A filed annex: its title, its file by kind, size, hash and the hashes of its pieces, and who filed it."""

    title: str
    media: str
    size: int
    file: bytes
    by: str
    pieces: tuple[bytes, ...] = ()


class Mark(Record, frozen=True, kw_only=True):
    """An initial or a signature: by which act of whom, under which full powers, confirmed by which act."""

    how: Literal["initialled", "ad-referendum", "signed"]
    delegation: str
    member: str
    name: str
    capacity: str
    author: bytes
    done: Cited
    full_powers: bytes | None = None
    confirmed: Cited | None = None


class Outcome(Item, frozen=True, kw_only=True):
    """How far an instrument came: who marked it, and who keeps it."""

    marks: tuple[Mark, ...] = ()
    depositary: str = ""
    deposited: bytes | None = None


class Undo(Item, frozen=True, kw_only=True):
    """A joint act that took effect while somebody may not have seen it yet, and what it takes to undo it.

    `late` is set when something was built on it. `joint` is as it was before the completing acceptance; `pruned` are
    the joint acts that it made stale.
    """

    index: int
    by: str
    subjects: tuple[str, ...]
    joint: Joint
    pruned: dict[str, Joint] = field(default_factory=dict)
    late: bool = False
    instrument: str = ""
    words: bool = False
    before: TextState | None = None
    after: TextState | None = None
    modalities: InForce | None = None

    @cached_property
    def digest(self) -> bytes:
        """The 32-byte hash of the entry, from the hashes that its texts keep."""
        said = [
            [self.index, self.by, list(self.subjects), self.late, self.instrument, self.words],
            [self.joint.digest, *(self.pruned[key].digest for key in sorted(self.pruned))],
            [_text_digest(self.before), _text_digest(self.after)],
            self.modalities.digest if self.modalities else None,
        ]
        return hashlib.sha256(image(said)).digest()


class PlenaryState(State, frozen=True, kw_only=True):
    """Everything that the rules of the plenary need to know."""

    course: Course = field(default_factory=Course)
    modalities: InForce | None = None
    proposed: dict[str, Proposed] = field(default_factory=dict)
    agenda: dict[str, AgendaItem] = field(default_factory=dict)
    joint: dict[str, Joint] = field(default_factory=dict)
    powers: dict[str, Powers] = field(default_factory=dict)
    unconfirmed: dict[str, Unconfirmed] = field(default_factory=dict)
    annexes: dict[str, Annex] = field(default_factory=dict)
    texts: dict[str, TextState] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    undo: dict[str, Undo] = field(default_factory=dict)
    seen: dict[str, int] = field(default_factory=dict)
    closing: bytes | None = None
    finished: dict[str, Finished] = field(default_factory=dict)
    conditions: dict[str, Requested] = field(default_factory=dict)
    groups: Groups = field(default_factory=Groups)
    referred: dict[str, Referral] = field(default_factory=dict)
    communiques: dict[str, Release] = field(default_factory=dict)
    meetings: Meetings = field(default_factory=Meetings)
    conduct: dict[str, Conduct] = field(default_factory=dict)
    silences: dict[str, Silence] = field(default_factory=dict)
    depositaries: dict[str, Depositary] = field(default_factory=dict)


def _text_digest(text: TextState | None) -> bytes | None:
    """Return a hash over the units and entries that undoing keeps; cheaper than that of a whole text."""
    if text is None:
        return None
    kept = [text.instrument.unit_digests]
    for section in SECTIONS:
        items = getattr(text, section)
        kept += [items[key].digest for key in sorted(items)]
    return hashlib.sha256(b"".join(kept)).digest()


Step: TypeAlias = tuple[PlenaryState, tuple[Effect, ...]]


def accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, fresh: Joint, until: int | None
) -> tuple[PlenaryState, Joint, bool, tuple[Effect, ...]]:
    """Return the state with the author's acceptance, the joint act, whether it is complete, and effects (section 4)."""
    stands = joints.until_of(fresh.event, until, place.time)
    mine = {place.delegation: Acceptance(index=place.index, act=place.act, author=place.author, until=stands)}
    fresh = msgspec.structs.replace(fresh, accepted=mine)
    table, joint, expired = joints.accept(
        plenary.joint, fresh, place.delegation, everyone=roster.expected, time=place.time
    )
    effects: tuple[Effect, ...] = tuple(
        AcceptanceExpired(content=joint.content, delegation=name) for name in expired
    )
    if not joints.complete(joint, roster.expected):
        return evolve(plenary, joint=table), joint, False, effects
    rest = put(table, {}, without=(joint.content.hex(),))
    done = Completed(content=joint.content, event=joint.event)
    return evolve(plenary, joint=rest), joint, True, (*effects, done)


def modalities_proposed(
    plenary: PlenaryState, roster: RosterState, place: Place, event: ModalitiesProposed
) -> Step:
    """Propose modalities over those in force; it is their author's acceptance (R-40)."""
    check_modalities(event.modalities, roster)
    proposed = Proposed(modalities=event.modalities, base=event.base)
    noted = evolve(plenary, proposed=put(plenary.proposed, {event.content.hex(): proposed}))
    return _modalities(noted, roster, place, event.content, event.until)


def modalities_accepted(
    plenary: PlenaryState, roster: RosterState, place: Place, event: ModalitiesAccepted
) -> Step:
    """Accept modalities by their hash (R-40)."""
    if event.modalities.hex() not in plenary.proposed:
        raise LocalError("modalities-unknown")
    return _modalities(plenary, roster, place, event.modalities, event.until)


def check_modalities(modalities: Modalities, roster: RosterState) -> None:
    """Pass if every delegation of the talks, and no other, is named and releases (R-40).

    Raises:
        LocalError: `modalities-invalid`, `destruction-days`.
    """
    days = modalities.destroy_after_days
    if days is not None and not 1 <= days <= DAYS_KEPT:
        raise LocalError("destruction-days", most=DAYS_KEPT)
    everyone = set(roster.expected)
    named = modalities.names.keys() == everyone and all(
        names.keys() == everyone for names in modalities.names.values()
    )
    if not named:
        raise LocalError("modalities-invalid", field="names")
    if not set(modalities.release) <= everyone:
        raise LocalError("modalities-invalid", field="release")
    if not modalities.authentic:
        raise LocalError("modalities-invalid", field="authentic")
    check_convening(modalities.convening, modalities.levels, modalities.clock)


def _modalities(
    plenary: PlenaryState, roster: RosterState, place: Place, content: bytes, until: int | None
) -> Step:
    """Accept modalities, put them in force when all have, or let two that crossed stand beside each other."""
    proposed = plenary.proposed[content.hex()]
    current = plenary.modalities
    if content == (current.content if current else None):
        raise LocalError("modalities-in-force")
    effects: tuple[Effect, ...] = ()
    if proposed.base != (current.content if current else None):
        # Imported here: crossing needs this module's state, and this is its one use of crossing.
        from good_offices.talks.crossing import uncross_modalities  # noqa: PLC0415

        return uncross_modalities(plenary, roster, place, content, proposed.base)
    fresh = Joint(event="ModalitiesProposed", content=content, subjects=("modalities",), accepted={})
    plenary, joint, complete, effects = accepted(plenary, roster, place, fresh, until)
    if not complete:
        return plenary, effects
    new = InForce(content=content, modalities=proposed.modalities, since=place.index)
    undo = Undo(
        index=place.index, by=place.delegation, subjects=("modalities",), joint=joint, modalities=current
    )
    kept = {
        key: Undo(index=one.index, by=one.by, subjects=one.subjects, joint=one.joint, late=True)
        if one.subjects == ("modalities",)
        else one
        for key, one in plenary.undo.items()
    }
    return evolve(plenary, modalities=new, undo={**kept, str(place.index): undo}), effects


def item_proposed(plenary: PlenaryState, roster: RosterState, place: Place, event: ItemProposed) -> Step:
    """Propose an agenda item; to propose the same again is to accept it (R-41)."""
    name = event.content.hex()
    if name not in plenary.agenda:
        item = AgendaItem(title=event.title, note=event.note, by=place.delegation)
        plenary = evolve(plenary, agenda=put(plenary.agenda, {name: item}))
    return item_accepted(plenary, roster, place, ItemAccepted(item=event.content, until=event.until))


def item_accepted(plenary: PlenaryState, roster: RosterState, place: Place, event: ItemAccepted) -> Step:
    """Accept an agenda item by its hash (R-41)."""
    name = event.item.hex()
    item = plenary.agenda.get(name)
    if item is None:
        raise LocalError("item-unknown")
    if item.agreed:
        raise LocalError("item-agreed")
    fresh = Joint(event="ItemProposed", content=event.item, subjects=("agenda/" + name,), accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        agreed = AgendaItem(title=item.title, note=item.note, by=item.by, agreed=True)
        plenary = evolve(plenary, agenda=put(plenary.agenda, {name: agreed}))
    return plenary, effects


def item_withdrawn(plenary: PlenaryState, roster: RosterState, place: Place, event: ItemWithdrawn) -> Step:
    """Take back a proposed item, alone; or an agreed one, all together (R-41)."""
    name = event.item.hex()
    item = plenary.agenda.get(name)
    if item is None:
        raise LocalError("item-unknown")
    without = {key: one for key, one in plenary.agenda.items() if key != name}
    if not item.agreed:
        if item.by != place.delegation:
            raise LocalError("item-not-yours")
        rest = {key: one for key, one in plenary.joint.items() if key != name}
        return evolve(plenary, agenda=without, joint=rest), ()
    fresh = Joint(event=event.name, content=event.content, subjects=("agenda/" + name,), accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    return (evolve(plenary, agenda=without) if complete else plenary), effects


def said(plenary: PlenaryState, _roster: RosterState, _place: Place, _event: object) -> Step:
    """Leave the state as it is: what is said stands in the record (R-42)."""
    return plenary, ()


def talks_broken_off(
    plenary: PlenaryState, _roster: RosterState, place: Place, _event: TalksBrokenOff
) -> Step:
    """Break off; what was pending of the course is forgotten (R-45)."""
    course = Course(standing="broken-off", since=place.index, by=place.delegation)
    rest = {key: one for key, one in plenary.joint.items() if one.subjects != ("course",)}
    return evolve(plenary, course=course, joint=rest), ()


def course_changed(
    plenary: PlenaryState,
    roster: RosterState,
    place: Place,
    event: TalksResumed | TalksAdjourned | TalksConcluded,
) -> Step:
    """Resume, adjourn or conclude, when all have accepted it (R-45)."""
    standing: Standing = "running"
    if isinstance(event, TalksResumed):
        if plenary.course.standing == "running":
            raise LocalError("talks-running")
        if plenary.course.standing == "broken-off" and place.seen <= plenary.course.since:
            # It was meant to end an earlier break: nobody resumes what it has not seen broken off.
            raise LocalError("talks-broken-off")
    else:
        standing = "adjourned" if isinstance(event, TalksAdjourned) else "concluded"
    until = event.resumes if isinstance(event, TalksAdjourned) else None
    fresh = Joint(event=event.name, content=event.content, subjects=("course",), accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    if complete:
        # Another pending step of the course was meant for where the talks stood before.
        rest = {key: one for key, one in plenary.joint.items() if one.subjects != ("course",)}
        course = Course(standing=standing, since=place.index, resumes=until)
        plenary = evolve(plenary, course=course, joint=rest)
    return plenary, effects
