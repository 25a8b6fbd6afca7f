"""The state of a text: status, stances, proposals, certified languages. See spec/text.md sections 8 to 10.

This module decides which step of the ladder follows which. It never knows who may take it.

1. open -> agreed -> agreed_ad_referendum -> locked, unit by unit; adopted -> initialled -> signed, the whole text.
2. Every act that changes a unit names the hash of the unit it was made on; another present hash refuses it.
3. A changed unit is open again, unless it is locked, when it cannot change at all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Final, Literal, TypeAlias, cast

import msgspec

from good_offices.encoding import Record, image
from good_offices.errors import LocalError
from good_offices.text.model import Instrument, Run, Unit, name_of
from good_offices.text.tables import table_digest

Status: TypeAlias = Literal[
    "open", "agreed", "agreed_ad_referendum", "locked", "adopted", "initialled", "signed"
]
Phase: TypeAlias = Literal["", "adopted", "initialled", "signed"]
Says: TypeAlias = Literal["proposes", "supports", "opposes", "retain", "delete", "reserves"]
Fate: TypeAlias = Literal["", "withdrawn", "accepted", "superseded"]
Bases: TypeAlias = Mapping[str, bytes]

# From which status a unit may reach which, each by its own act.
LADDER: Final[Mapping[Status, frozenset[Status]]] = {
    "agreed": frozenset({"open", "agreed"}),
    "agreed_ad_referendum": frozenset({"open", "agreed", "agreed_ad_referendum"}),
    "locked": frozenset({"agreed", "agreed_ad_referendum"}),
}
PHASES: Final[Mapping[Phase, Phase]] = {"adopted": "", "initialled": "adopted", "signed": "initialled"}


class Item(Record, frozen=True, dict=True, kw_only=True):
    """An entry of one of the four lists of a state; hashed once."""

    @property
    def digest(self) -> bytes:
        """The 32-byte hash of the entry."""
        known = self.__dict__
        if "_digest" not in known:
            known["_digest"] = hashlib.sha256(image(self)).digest()
        return cast("bytes", known["_digest"])


class Standing(Item, frozen=True, kw_only=True):
    """How far a unit has come; `level` is where it was agreed, `locked_by` and `confirmed_by` are parties."""

    unit: str
    status: Literal["agreed", "agreed_ad_referendum", "locked"]
    level: str = ""
    confirmed_by: tuple[str, ...] = ()
    locked_by: tuple[str, ...] = ()


class Stance(Item, frozen=True, kw_only=True):
    """What a party says of a unit, or of a variant of a slot in it."""

    party: str
    unit: str
    slot: str = ""
    variant: int = 0
    says: Says
    condition: str = ""

    @property
    def key(self) -> str:
        """One stance a party on one thing: the key it is kept under."""
        return f"{self.unit}/{self.slot}/{self.variant}/{self.party}"


class Proposal(Item, frozen=True, kw_only=True):
    """Complete new text for a unit in the languages it gives; `fate` is empty while it is pending."""

    id: str
    party: str
    unit: str
    base: bytes
    texts: dict[str, tuple[Run, ...]]
    condition: str = ""
    package: str = ""
    fate: Fate = ""

    @property
    def status(self) -> str:
        """pending, withdrawn, accepted or superseded."""
        return self.fate or "pending"


class Certificate(Item, frozen=True, kw_only=True):
    """Language versions of a unit certified to say the same: the hash of the text in each."""

    unit: str
    texts: dict[str, bytes]


class TextState(
    Record, frozen=True, dict=True, kw_only=True, tag="good-offices/text-state/1", tag_field="form"
):
    """A text and everything said of it; the same acts in the same order give the same bytes."""

    instrument: Instrument
    phase: Phase = ""
    standing: dict[str, Standing] = msgspec.field(default_factory=dict)
    stances: dict[str, Stance] = msgspec.field(default_factory=dict)
    proposals: dict[str, Proposal] = msgspec.field(default_factory=dict)
    certified: dict[str, Certificate] = msgspec.field(default_factory=dict)

    @cached_property
    def digest(self) -> bytes:
        """The 32-byte hash of the state: the instrument's hash, the phase, four lists (rule 8.6)."""
        parts = [section_digest(self, name) for name in SECTIONS]
        return hashlib.sha256(image([self.instrument.digest, self.phase, parts])).digest()

    def status(self, unit: str) -> Status:
        """Return the status of a unit.

        Raises:
            LocalError: `unit-unknown`.
        """
        self.instrument.unit(unit)
        return self.phase or (self.standing[unit].status if unit in self.standing else "open")

    def locked_by(self, unit: str) -> tuple[str, ...]:
        """Return the parties that locked a unit, none if it is not locked."""
        return self.standing[unit].locked_by if unit in self.standing else ()


SECTIONS: Final = ("standing", "stances", "proposals", "certified")


def section_digest(state: TextState, section: str) -> bytes:
    """Return the hash of one of the four tables (rule 8.8); kept with the state."""
    cache = state.__dict__
    if section not in cache:
        cache[section] = table_digest(getattr(state, section))
    found: bytes = cache[section]
    return found


def evolve(state: TextState, **changes: object) -> TextState:
    """Return the state with some fields replaced; hashes of the lists that stay are kept."""
    new = msgspec.structs.replace(state, **changes)
    new.__dict__.update(
        {name: state.__dict__[name] for name in SECTIONS if name in state.__dict__ and name not in changes}
    )
    return new


def based(state: TextState, bases: Bases, wanted: tuple[str, ...]) -> list[Unit]:
    """Return the wanted units, after seeing that the act names the present hash of each (rule 7.1).

    Raises:
        LocalError: `base-missing`, `stale-base`, `unit-unknown`.
    """
    units = [state.instrument.unit(name) for name in wanted]
    for unit in units:
        base = bases.get(unit.id)
        if base is None:
            raise LocalError("base-missing", unit=name_of(unit))
        if base != unit.digest:
            raise LocalError(
                "stale-base", unit=name_of(unit), base=base.hex()[:12], current=unit.digest.hex()[:12]
            )
    return units


def changeable(state: TextState, units: list[Unit]) -> None:
    """Pass if these units may still change (rules 8.3 and 8.5).

    Raises:
        LocalError: `text-closed`, `unit-locked`.
    """
    if state.phase:
        raise LocalError("text-closed", phase=state.phase)
    for unit in units:
        if state.locked_by(unit.id):
            raise LocalError("unit-locked", unit=name_of(unit))
