"""The events of the negotiating text.

This module decides their forms (spec/talks.md section 7). It never decides whether one has effect, and never how a
text changes: that is `good_offices.text`.

1. Every act about words carries the complete words and the hash of the base they stand on; nothing is rebased.
2. An act on many units lists each with its hash, so that one signature binds exactly what is listed.
"""

from __future__ import annotations

from typing import TypeAlias

from good_offices.encoding import Record
from good_offices.talks.event import Acceptable, Happened, Level
from good_offices.text.model import Instrument, Run, Unit
from good_offices.text.settling import Choice
from good_offices.text.state import Says


class Bound(Record, frozen=True, kw_only=True):
    """A unit by its id and the hash of the whole unit in every language."""

    unit: str
    digest: bytes


class Change(Record, frozen=True, kw_only=True):
    """Complete new texts of a unit, in every language it has, over the unit with the hash `base`."""

    unit: str
    base: bytes
    texts: dict[str, tuple[Run, ...]]


class LanguageText(Record, frozen=True, kw_only=True):
    """The complete text of a unit in one language, over the unit with the hash `base`."""

    unit: str
    base: bytes
    language: str
    runs: tuple[Run, ...]


class Addition(Record, frozen=True, kw_only=True):
    """A new unit and the unit after which it stands; empty for the first place."""

    unit: Unit
    after: str = ""


class Certified(Record, frozen=True, kw_only=True):
    """A unit and the hash of its words in each language that is certified."""

    unit: str
    texts: dict[str, bytes]


class Move(Record, frozen=True, kw_only=True):
    """A unit, its new parent, and the unit after which it stands; empty for the first place."""

    unit: str
    parent: str = ""
    after: str = ""


class Label(Record, frozen=True, kw_only=True):
    """A unit by its hash, and its label as it shall be printed."""

    unit: str
    base: bytes
    label: str


class TextTabled(Happened, frozen=True, kw_only=True):
    """A delegation puts a text on the table; it binds nobody."""

    instrument: Instrument


class UnitAdded(Acceptable, frozen=True, kw_only=True):
    """Units are added, over the order with the hash `outline`."""

    instrument: str
    outline: bytes
    additions: tuple[Addition, ...]


class UnitMoved(Acceptable, frozen=True, kw_only=True):
    """Units change their place, over the order with the hash `outline`."""

    instrument: str
    outline: bytes
    moves: tuple[Move, ...]


class UnitRemoved(Acceptable, frozen=True, kw_only=True):
    """Units are taken out of the text."""

    instrument: str
    units: tuple[Bound, ...]


class UnitRelabelled(Acceptable, frozen=True, kw_only=True):
    """Units are printed under other labels; they stay the same units."""

    instrument: str
    labels: tuple[Label, ...]


class AmendmentProposed(Acceptable, frozen=True, kw_only=True):
    """A delegation proposes complete new texts; several changes stand or fall together.

    The content hash of this event is what the others accept; `condition` is in words.
    """

    instrument: str
    proposal: str
    changes: tuple[Change, ...]
    condition: str = ""


class AmendmentWithdrawn(Happened, frozen=True, kw_only=True):
    """The delegation that proposed an amendment takes it back."""

    instrument: str
    proposal: str


class AmendmentAccepted(Acceptable, frozen=True, kw_only=True):
    """A delegation accepts the amendment with this content hash."""

    instrument: str
    proposal: str
    amendment: bytes


class StanceTaken(Happened, frozen=True, kw_only=True):
    """A delegation's stance on a unit or on one variant of a slot in it; never an acceptance."""

    instrument: str
    says: Says
    unit: str
    slot: str = ""
    variant: int = 0
    condition: str = ""


class BracketsPlaced(Happened, frozen=True, kw_only=True):
    """A delegation puts brackets around words of open units; without the brackets the words are the same."""

    instrument: str
    changes: tuple[Change, ...]


class BracketsRemoved(Acceptable, frozen=True, kw_only=True):
    """Slots are settled; `units` are all units they touch, `result` those of them that stand then, as they stand then."""

    instrument: str
    units: tuple[Bound, ...]
    choices: tuple[Choice, ...]
    result: tuple[Bound, ...] | None = None


class OptionsPlaced(Happened, frozen=True, kw_only=True):
    """A delegation makes groups of whole neighbouring units, all open, the variants of one slot."""

    instrument: str
    slot: str
    groups: tuple[tuple[str, ...], ...]
    units: tuple[Bound, ...]


class LanguageTextSet(Acceptable, frozen=True, kw_only=True):
    """Units have a text in a further language, or another one."""

    instrument: str
    texts: tuple[LanguageText, ...]


class ConcordanceCertified(Acceptable, frozen=True, kw_only=True):
    """These language versions of these units say the same."""

    instrument: str
    units: tuple[Certified, ...]


class ProvisionAgreed(Acceptable, frozen=True, kw_only=True):
    """These units are agreed at this level, or ad referendum."""

    instrument: str
    units: tuple[Bound, ...]
    level: Level
    ad_referendum: bool = False


class AdReferendumConfirmed(Happened, frozen=True, kw_only=True):
    """A delegation's capital confirms units agreed ad referendum."""

    instrument: str
    units: tuple[Bound, ...]


class ProvisionLocked(Acceptable, frozen=True, kw_only=True):
    """These units are locked in every authentic language."""

    instrument: str
    units: tuple[Bound, ...]


class ProvisionReopened(Acceptable, frozen=True, kw_only=True):
    """Locked units are opened again, by everyone who locked them."""

    instrument: str
    units: tuple[Bound, ...]


class TextAdopted(Acceptable, frozen=True, kw_only=True):
    """The whole text is adopted (VCLT 9)."""

    instrument: str
    digest: bytes


class TextReopened(Acceptable, frozen=True, kw_only=True):
    """An adopted text, not yet initialled or signed, is adopted no longer; its units stay locked."""

    instrument: str
    digest: bytes


TextEvent: TypeAlias = (
    TextTabled
    | UnitAdded
    | UnitMoved
    | UnitRemoved
    | UnitRelabelled
    | AmendmentProposed
    | AmendmentWithdrawn
    | AmendmentAccepted
    | StanceTaken
    | BracketsPlaced
    | OptionsPlaced
    | BracketsRemoved
    | LanguageTextSet
    | ConcordanceCertified
    | ProvisionAgreed
    | AdReferendumConfirmed
    | ProvisionLocked
    | ProvisionReopened
    | TextAdopted
    | TextReopened
)
