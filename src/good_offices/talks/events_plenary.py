"""The events of the plenary and the caucus that are about no text: modalities, agenda, statements, powers, course.

This module decides their forms (spec/talks.md section 6). It never decides whether one has effect.

1. What is accepted jointly is accepted by content hash: `modalities`, `item`, or the event itself.
2. Nothing here is judged for truth: a public statement, an incident and a date are their author's claims.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import field

from good_offices.encoding import Record
from good_offices.talks.convening_rule import Condition, Presiding
from good_offices.talks.event import Acceptable, Happened, Level


class Modalities(Record, frozen=True, kw_only=True, tag="good-offices/modalities/1", tag_field="form"):
    """The terms of reference. `names[A][B]` is what delegation A calls delegation B, `names[A][A]` itself.

    `destroy_after_days` says how long after the conclusion each delegation keeps its keys and archive, where `retention` says it
    in words. `release` lists the delegations whose desks may hand a communiqué to the host (none: all may); `other` holds what the parties
    add in words. `convening` is the convening rule of each level, `clock` a speaker's minutes in a sitting (0: no clock).
    `silence` allows the silence procedure.
    """

    names: dict[str, dict[str, str]]
    authentic: tuple[str, ...]
    working: tuple[str, ...]
    levels: tuple[Level, ...]
    settled_by: Literal["consensus"] = "consensus"
    nothing_agreed_until_everything: bool = True
    confidentiality: Literal["closed", "chatham-house"] = "closed"
    vocabulary: Literal["treaty", "plain"] = "treaty"
    without_prejudice: bool = True
    retention: str = ""
    destroy_after_days: int | None = None
    release: tuple[str, ...] = ()
    other: str = ""
    convening: dict[Level, tuple[Condition, ...]] = field(default_factory=dict)
    clock: int = 0
    presiding: Presiding = "none"
    silence: bool = False


class ModalitiesProposed(Acceptable, frozen=True, kw_only=True):
    """Modalities are proposed over those in force, whose content hash is `base` (none at first)."""

    modalities: Modalities
    base: bytes | None = None


class ModalitiesAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the modalities whose content hash this is."""

    modalities: bytes


class ItemProposed(Acceptable, frozen=True, kw_only=True):
    """An agenda item is proposed; the content hash of this event is the item's name."""

    title: str
    note: str = ""


class ItemAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the agenda item whose proposal has this content hash."""

    item: bytes


class ItemWithdrawn(Acceptable, frozen=True, kw_only=True):
    """A proposed item is taken back by the delegation that proposed it; an agreed one only by all."""

    item: bytes


class StatementMade(Happened, frozen=True, kw_only=True):
    """A member speaks. `to` names the acts it answers, `item` the agenda item, `sitting` the sitting it is made in."""

    text: str
    language: str
    item: bytes | None = None
    to: tuple[bytes, ...] = ()
    sitting: bytes | None = None


class NotePassed(Happened, frozen=True, kw_only=True):
    """A note verbale, or an aide-memoire; an urgent one passes even while the talks are broken off.

    `to` names the acts it answers.
    """

    text: str
    language: str
    subject: str = ""
    urgent: bool = False
    to: tuple[bytes, ...] = ()
    kind: Literal["note-verbale", "aide-memoire"] = "note-verbale"


class IncidentNotified(Happened, frozen=True, kw_only=True):
    """A delegation notifies an incident; `occurred` and `place` are its words."""

    text: str
    language: str
    occurred: str = ""
    place: str = ""


class AnnexFiled(Happened, frozen=True, kw_only=True):
    """A file is put on record by its hash: a map, a list, a scan.

    With `pieces`, the hashes of its parts in order, the file itself comes sealed to the room (spec/papers.md R-127).
    """

    annex: str
    title: str
    media: str
    size: int
    digest: bytes
    pieces: tuple[bytes, ...] = ()


class PublicStatementRecorded(Happened, frozen=True, kw_only=True):
    """That `speaker` is reported to have said words with this hash: the author's claim, never a fact."""

    speaker: str
    date: str
    medium: str
    reported_by: str
    language: str
    quotation: bytes


class InstructionsAsked(Happened, frozen=True, kw_only=True):
    """A member asks its capital; only in the caucus. `about` names acts of the common rooms."""

    text: str
    language: str
    about: tuple[bytes, ...] = ()


class InstructionsGiven(Happened, frozen=True, kw_only=True):
    """The capital instructs; only in the caucus. `to` names the acts that asked."""

    text: str
    language: str
    to: tuple[bytes, ...] = ()


class FullPowersProduced(Happened, frozen=True, kw_only=True):
    """A delegation produces a member's full powers (VCLT 7), by document hash, or says that they are ex officio."""

    member: str
    ex_officio: bool = False
    document: bytes | None = None
    text: str = ""


class FullPowersFoundInOrder(Happened, frozen=True, kw_only=True):
    """Another delegation has examined the full powers that the act with this hash produced."""

    produced: bytes


class FullPowersFoundNotInOrder(Happened, frozen=True, kw_only=True):
    """Another delegation does not accept the full powers that the act with this hash produced; `text` says why."""

    produced: bytes
    text: str
    language: str


class ActConfirmed(Happened, frozen=True, kw_only=True):
    """An act done without powers is confirmed (VCLT 8) and has effect from here."""

    index: int
    act: bytes


class AcceptanceWithdrawn(Happened, frozen=True, kw_only=True):
    """The author's delegation no longer accepts the content with this hash."""

    content: bytes


class TalksBrokenOff(Happened, frozen=True, kw_only=True):
    """One delegation breaks off the talks; everybody keeps the record."""

    text: str = ""
    language: str = ""


class TalksResumed(Acceptable, frozen=True, kw_only=True):
    """Talks that were broken off or adjourned go on, where they stood."""


class TalksAdjourned(Acceptable, frozen=True, kw_only=True):
    """The talks rest until a date and place that the parties name in words; `resumes` is the date in claimed milliseconds.

    Nothing happens by itself when it comes: it takes all to resume.
    """

    date: str = ""
    place: str = ""
    resumes: int | None = None


class TalksConcluded(Acceptable, frozen=True, kw_only=True):
    """The talks are over; signatures, deposit and the closing record may still follow."""


PlenaryEvent: TypeAlias = (
    ModalitiesProposed
    | ModalitiesAccepted
    | ItemProposed
    | ItemAccepted
    | ItemWithdrawn
    | StatementMade
    | NotePassed
    | IncidentNotified
    | AnnexFiled
    | PublicStatementRecorded
    | InstructionsAsked
    | InstructionsGiven
    | FullPowersProduced
    | FullPowersFoundInOrder
    | FullPowersFoundNotInOrder
    | ActConfirmed
    | AcceptanceWithdrawn
    | TalksBrokenOff
    | TalksResumed
    | TalksAdjourned
    | TalksConcluded
)
