"""The desk's own guard of four eyes: what leaves only with another member's consent. See spec/papers.md R-129.

This module decides whether an act of this desk's member may leave by the delegation's own rule, and keeps what it held back. It
never judges another's act: a desk with other software passes this by, and what left without consent stands.

1. What was held back is kept, sealed, until it is put before the members, or something else is held back.
2. A consent counts as long as its member reads the caucus; those recalled count no more.
3. The rule is about what an act does, by whatever name: to propose what another delegation has proposed is to accept it, and to
   confirm an act that was kept is to do it; who had done it then stands behind it already.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from good_offices.encoding import pack, unpack
from good_offices.errors import LocalError
from good_offices.talks.acts import Event
from good_offices.talks.confirming import Held
from good_offices.talks.consent import Draft, Drafted
from good_offices.talks.event import Acceptable
from good_offices.talks.events_papers import ConsentAsked, ConsentUsed
from good_offices.talks.events_plenary import ActConfirmed
from good_offices.talks.plenary import Unconfirmed

if TYPE_CHECKING:
    from good_offices.desk.desk import Desk

_HELD: Final = "consent/held"
# By which act another delegation's proposal is accepted, where it is not the same act.
_ACCEPTS: Final = {
    "AmendmentProposed": "AmendmentAccepted",
    "CommuniqueProposed": "CommuniqueAccepted",
    "ErrorNotified": "CorrectionAccepted",
    "ItemProposed": "ItemAccepted",
    "MinutesProposed": "MinutesAgreed",
    "ModalitiesProposed": "ModalitiesAccepted",
    "SittingProposed": "SittingAccepted",
}


def written(desk: Desk, room: str, event: Event, write: Callable[[], bytes]) -> bytes:
    """Return the hash of an act that `write` puts into the outbox, with what uses up the consent for it.

    Raises:
        LocalError: `consent-missing`, and as `write`; nothing of it stays in the outbox.
    """
    if room == "caucus" or not does(desk, desk.room_id(room), event) & set(
        desk.home.caucus.consent.rule.acts
    ):
        return write()
    try:
        # What the rules refuse needs nobody's consent: they are asked first.
        with desk.storage.transaction():
            act = write()
            used = check(desk, room, event)
            if used is not None:
                desk.write("caucus", ConsentUsed(content=used, act=act))
    except LocalError as refused:
        if refused.code == "consent-missing":
            hold(desk, room, event)
        raise
    return act


def check(desk: Desk, room: str, event: Event) -> bytes | None:
    """Return the content of the draft that an act which the rule names uses up; None if there is none.

    Raises:
        LocalError: `consent-missing`.
    """
    state = desk.home.caucus.consent
    draft = Draft(room=desk.room_id(room), event=event)
    missing = lacking(desk, draft)
    if missing:
        raise LocalError("consent-missing", missing=missing)
    return draft.content if draft.content.hex() in state.drafts else None


def hold(desk: Desk, room: str, event: Event) -> None:
    """Keep what was held back, to be put before the members (rule 1)."""
    desk.storage.put(_HELD, pack(Draft(room=desk.room_id(room), event=event)))


def lacking(desk: Desk, draft: Draft) -> int:
    """Return how many members' consent a draft lacks, if this desk's member does it now (rule 2)."""
    home, me = desk.home, desk.identity.person.member
    members = home.members(home.size, desk.talks.size) - {me}
    drafted = home.caucus.consent.drafts.get(draft.content.hex())
    behind = drafted.others(me) if drafted else set()
    kept = _kept(desk, draft.room, draft.event)
    if kept is not None:
        behind = behind | {kept.desk.member}
    names = does(desk, draft.room, draft.event)
    needed = max(home.caucus.consent.needed(name, len(members)) for name in names)
    return max(0, needed - len(behind & members))


def does(desk: Desk, room: str, event: Event) -> set[str]:
    """Return the names of what an event does in a room, named by its id: its own, and what it accepts or confirms (rule 3)."""
    names = {event.name}
    kept = _kept(desk, room, event)
    if kept is not None:
        names.add(unpack(kept.event, Held, what="a kept act").event.name)
    accepts = _ACCEPTS.get(event.name)
    if accepts and isinstance(event, Acceptable) and desk.talks.kind(room) in ("plenary", "group"):
        waiting = desk.talks.room_state(room).joint.get(event.content.hex())
        if waiting is not None and set(waiting.accepted) - {desk.identity.place.delegation}:
            names.add(accepts)
    return names


def _kept(desk: Desk, room: str, event: Event) -> Unconfirmed | None:
    """Return the act that an event would confirm."""
    if not isinstance(event, ActConfirmed) or desk.talks.kind(room) not in ("plenary", "group"):
        return None
    return desk.talks.room_state(room).unconfirmed.get(event.act.hex())


def held(desk: Desk) -> Draft | None:
    """Return what this desk held back last and nobody was asked about."""
    data = desk.storage.get(_HELD)
    return unpack(data, Draft, what="a draft") if data else None


def forget(desk: Desk) -> None:
    """Let go of what was held back."""
    if desk.storage.get(_HELD) is not None:
        desk.storage.remove(_HELD)


def asking(desk: Desk, text: str = "", language: str = "") -> ConsentAsked:
    """Return the event that puts what was held back before the other members.

    Raises:
        LocalError: `consent-nothing`.
    """
    draft = held(desk)
    if draft is None:
        raise LocalError("consent-nothing")
    return ConsentAsked(draft=pack(draft), text=text, language=language if text else "")


def draft_of(desk: Desk, drafted: Drafted) -> Draft:
    """Return the draft that an entry of the caucus put before the members."""
    line = next(desk.caucus.lines(drafted.asked.index, drafted.asked.index + 1))
    event = line.act.event if line.act else None
    assert isinstance(event, ConsentAsked)
    return unpack(event.draft, Draft, what="a draft")
