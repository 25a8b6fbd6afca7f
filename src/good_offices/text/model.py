"""The negotiating text: instrument, units, runs. See spec/text.md sections 1 to 3.

This module decides what a negotiating text is and which bytes are hashed. It never knows who may act, and never
changes a text.

1. An `Instrument` is a sequence of units. A `Unit` has an opaque id (its identity), a label as printed (which is
   not its identity), and in each language one flat sequence of runs.
2. A run is `Words`, `Open` or `Close` (the two ends of one variant of a slot), a `Placeholder` or a `NoteRef`.
3. Brackets are structure: `Open` and `Close` name their slot and variant. A slot may begin in one unit and end
   in another; a block of whole units is a slot whose ends stand at the outer ends of those units.
4. The same slot id in two languages is the same slot: one settlement settles both.
5. A unit is hashed whole, in every language; an instrument is hashed over its units' hashes, so that one changed
   unit costs one hash.

A flat sequence, not a tree: real drafts nest deeper than canonical bytes allow containers to nest, and their
brackets cross paragraphs. What a tree would guarantee is checked in `brackets.py`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final, Literal, TypeAlias

from good_offices.encoding import Record, digest, encode, image
from good_offices.errors import LocalError

Role: TypeAlias = Literal["", "other", "none", "move", "blank"]
Kind: TypeAlias = Literal[
    "heading",
    "preamble",
    "recital",
    "chapeau",
    "article",
    "paragraph",
    "subparagraph",
    "annex",
    "note",
    "layout",
]

INSTRUMENT: Final = "good-offices/instrument/1"
OUTLINE: Final = "good-offices/outline/1"
# BCP 47 (RFC 5646 section 2.1), the part that names real languages: en, ru, zh-Hant, sr-Latn-RS.
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z._:-]{0,95}")


class Attribution(Record, frozen=True, kw_only=True):
    """Who stands behind a variant, as printed in it: `says` is empty for its sponsor, or retain, delete, ..."""

    who: str
    says: str = ""
    semicolon: bool = False


class Words(Record, frozen=True, tag="words", tag_field="is", kw_only=True):
    """Literal text: never empty, never beside other words."""

    text: str


class Open(Record, frozen=True, tag="open", tag_field="is", kw_only=True):
    """The beginning of variant `variant` (from 0) of `of` variants of a slot."""

    slot: str
    variant: int
    of: int
    role: Role = ""
    by: tuple[Attribution, ...] = ()
    slash: bool = False


class Close(Record, frozen=True, tag="close", tag_field="is", kw_only=True):
    """The end of a variant."""

    slot: str
    variant: int


class Placeholder(Record, frozen=True, tag="placeholder", tag_field="is", kw_only=True):
    """Words that stand for a text still to come, as printed between braces."""

    text: str


class NoteRef(Record, frozen=True, tag="note", tag_field="is", kw_only=True):
    """A reference to a footnote by its mark; the footnote itself is a unit of kind "note"."""

    note: str


Edge: TypeAlias = Open | Close
Run: TypeAlias = Words | Open | Close | Placeholder | NoteRef
Runs: TypeAlias = tuple[Run, ...]
Texts: TypeAlias = dict[str, Runs]


class Unit(Record, frozen=True, dict=True, kw_only=True, tag="good-offices/unit/1", tag_field="form"):
    """A provision: what is proposed, agreed and locked as one."""

    id: str
    kind: Kind
    label: str = ""
    parent: str = ""
    texts: dict[str, tuple[Run, ...]]

    @cached_property
    def digest(self) -> bytes:
        """The 32-byte hash of the whole unit, in every language (spec/text.md rule 3.1)."""
        return hashlib.sha256(image(self)).digest()

    @cached_property
    def slots(self) -> frozenset[str]:
        """The ids of all slots that begin, go on or end in this unit, in any language."""
        return frozenset(
            run.slot for runs in self.texts.values() for run in runs if isinstance(run, Open | Close)
        )

    @cached_property
    def inside(self) -> frozenset[str]:
        """The ids of the slots that are wholly inside this unit in some language."""
        return frozenset(
            run.slot
            for language, runs in self.texts.items()
            for outside in [{edge.slot for edge in self.crossing.get(language, ())}]
            for run in runs
            if isinstance(run, Open) and run.slot not in outside
        )

    @cached_property
    def crossing(self) -> dict[str, tuple[Edge, ...]]:
        """For each language that has any, in order, the ends of slots that are not wholly inside this unit."""
        found = {language: crossing_of(runs) for language, runs in self.texts.items()}
        return {language: edges for language, edges in found.items() if edges}


class Instrument(Record, frozen=True, dict=True, kw_only=True, tag=INSTRUMENT, tag_field="form"):
    """The whole text: titles by language, its authentic languages, its units in order."""

    id: str
    titles: dict[str, str]
    authentic: tuple[str, ...]
    units: tuple[Unit, ...]

    @cached_property
    def digest(self) -> bytes:
        """The 32-byte hash over titles, languages and the hashes of the units (spec/text.md rule 3.2)."""
        units = hashlib.sha256(self.unit_digests).digest()
        said = [INSTRUMENT, self.id, self.titles, self.authentic, len(self.units), units]
        return hashlib.sha256(image(said)).digest()

    @cached_property
    def unit_digests(self) -> bytes:
        """The units' hashes one after the other; whoever replaces units may hand it on with theirs in place."""
        return b"".join(unit.digest for unit in self.units)

    @cached_property
    def outline(self) -> bytes:
        """The 32-byte hash of the order alone: ids and parents (spec/text.md rule 3.3)."""
        return digest([OUTLINE, self.id, [[unit.id, unit.parent] for unit in self.units]])

    @cached_property
    def places(self) -> dict[str, int]:
        """The place of each unit by its id, from 0."""
        return {unit.id: place for place, unit in enumerate(self.units)}

    def unit(self, name: str) -> Unit:
        """Return the unit with this id.

        Raises:
            LocalError: `unit-unknown`.
        """
        if name not in self.places:
            raise LocalError("unit-unknown", unit=name)
        return self.units[self.places[name]]


def words_digest(unit: Unit, language: str) -> bytes:
    """Return the 32-byte hash of a unit's text in one language (spec/text.md rule 3.4).

    Raises:
        LocalError: `language-missing` if the unit has no text in it.
    """
    if language not in unit.texts:
        raise LocalError("language-missing", unit=name_of(unit), language=language)
    # The whole unit with this language alone: a text is certified at its place, not as loose words.
    alone = Unit(
        id=unit.id,
        kind=unit.kind,
        label=unit.label,
        parent=unit.parent,
        texts={language: unit.texts[language]},
    )
    return alone.digest


def name_of(unit: Unit) -> str:
    """Return how a message calls a unit: its label as printed, or else its id."""
    return unit.label or unit.id


def check_language(tag: str) -> None:
    """Pass if `tag` names a language in the form of spec/text.md rule 1.4.

    Raises:
        LocalError: `language-tag`.
    """
    if not _LANGUAGE.fullmatch(tag):
        raise LocalError("language-tag", language=tag[:40])


def check_id(name: str) -> None:
    """Pass if `name` may be the id of a unit, slot, proposal or package (spec/text.md rule 1.2).

    Raises:
        LocalError: `text-id`.
    """
    if not _ID.fullmatch(name):
        raise LocalError("text-id", name=encode(name[:40]).hex())


def joined(runs: list[Run]) -> Runs:
    """Return the runs with neighbouring words made one and empty words left out."""
    out: list[Run] = []
    for run in runs:
        last = out[-1] if out else None
        if isinstance(run, Words) and isinstance(last, Words):
            out[-1] = Words(text=last.text + run.text)
        elif not (isinstance(run, Words) and not run.text):
            out.append(run)
    return tuple(out)


def crossing_of(runs: Sequence[Run]) -> tuple[Edge, ...]:
    """Return the edges of slots of which some end lies outside `runs`."""
    wanted: dict[str, int] = {}
    found: dict[str, int] = {}
    for run in runs:
        if isinstance(run, Open | Close):
            found[run.slot] = found.get(run.slot, 0) + 1
            if isinstance(run, Open):
                wanted[run.slot] = 2 * run.of
    outside = {slot for slot, count in found.items() if wanted.get(slot) != count}
    return tuple(run for run in runs if isinstance(run, Open | Close) and run.slot in outside)
