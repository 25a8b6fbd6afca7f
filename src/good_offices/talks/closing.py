"""The closing record: what the state says of the outcome, for everyone to sign. See spec/talks.md section 9.

This module decides what a closing record must say at its place. It never decides what is worth disclosing.

1. The record is computed from the state at its first signature; one that says anything else is void, with the part
   that differs. Who signs the same record later accepts it as it stands: no act between can take a signature back.
2. Its head is a size of the register that exists, with its root and the plenary's state hash there.
3. The entries of all initials and signatures, and of the full powers relied on, are disclosed; any other entry may be, by its index and leaf hash.
4. A meeting without any text has a closing record too: modalities, agenda, and the entries disclosed.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from good_offices.encoding import digest
from good_offices.errors import LocalError
from good_offices.talks.events_outcome import (
    ClosingInstrument,
    ClosingRecord,
    ClosingRecordSigned,
    ClosingRoot,
    ClosingText,
    Disclosed,
    Head,
    Signatory,
)
from good_offices.talks.joint import Joint
from good_offices.talks.plenary import Mark, PlenaryState, Step, accepted
from good_offices.talks.roster import RosterState
from good_offices.talks.state import evolve
from good_offices.talks.verdict import Cited, Place
from good_offices.text.model import Instrument, words_digest

StateAt: TypeAlias = Callable[[int], bytes]


class Register(Protocol):
    """What the rules ask of a register: `good_offices.register.tree.Tree` has it."""

    @property
    def size(self) -> int:
        """How many leaves there are."""
        ...

    def root(self, size: int | None = None) -> bytes:
        """Return the root at a size."""
        ...

    def leaf(self, index: int) -> bytes:
        """Return a leaf hash."""
        ...


def language_digest(instrument: Instrument, language: str) -> bytes:
    """Return the hash of an instrument in one language: 32 bytes (spec/talks.md R-64).

    It is over id, language, title, and `words_digest` of every unit that has words in the language, in order.
    """
    title = instrument.titles.get(language, "")
    words = [words_digest(unit, language) for unit in instrument.units if language in unit.texts]
    return digest([instrument.id, language, title, words])


def closing_record(
    roster: RosterState,
    plenary: PlenaryState,
    *,
    head: Head,
    state: bytes,
    disclosed: tuple[Disclosed, ...] = (),
    cosigners: tuple[bytes, ...] = (),
) -> ClosingRecord:
    """Return the closing record of this state (spec/talks.md section 9).

    The entries of all initials and signatures, and of the full powers relied on, are disclosed, with those that the
    caller adds.
    """
    marks = [(name, mark) for name in sorted(plenary.outcomes) for mark in plenary.outcomes[name].marks]
    entries = {one.index: one for one in disclosed}
    cited = [one for _, mark in marks for one in _cited(plenary, mark)]
    entries |= {one.index: Disclosed(index=one.index, leaf=one.leaf) for one in cited}
    texts = [plenary.texts[name] for name in sorted(plenary.texts)]
    return ClosingRecord(
        talks=roster.talks,
        rules=roster.rules,
        suite=roster.suite,
        head=head,
        state=state,
        roots=tuple(
            ClosingRoot(delegation=name, fingerprint=roster.root(name).fingerprint)
            for name in sorted(roster.delegations)
        ),
        modalities=plenary.modalities.content if plenary.modalities else None,
        agenda=tuple(bytes.fromhex(key) for key in sorted(plenary.agenda) if plenary.agenda[key].agreed),
        instruments=tuple(
            ClosingInstrument(
                instrument=one.instrument.id, digest=one.instrument.digest, adopted=bool(one.phase)
            )
            for one in texts
        ),
        texts=tuple(
            ClosingText(
                instrument=one.instrument.id, language=name, digest=language_digest(one.instrument, name)
            )
            for one in texts
            for name in one.instrument.authentic
        ),
        signatories=tuple(_signatory(name, mark) for name, mark in marks),
        disclosed=tuple(entries[index] for index in sorted(entries)),
        cosigners=tuple(sorted(cosigners)),
    )


def closing_record_signed(
    plenary: PlenaryState,
    roster: RosterState,
    place: Place,
    event: ClosingRecordSigned,
    *,
    register: Register,
    state_at: StateAt,
) -> Step:
    """Sign the closing record; the first to sign it must say what the state says (R-63).

    Raises:
        LocalError: `until-not-allowed`, `closing-differs`.
    """
    if event.until is not None:
        raise LocalError("until-not-allowed")
    if event.content.hex() not in plenary.joint:
        _check_says(plenary, roster, place, event.record, register=register, state_at=state_at)
    fresh = Joint(event=event.name, content=event.content, subjects=("closing",), accepted={})
    plenary, _, complete, effects = accepted(plenary, roster, place, fresh, event.until)
    # Other records stay pending: their signatures stand, and a file that shows them all must find us of its opinion.
    return (evolve(plenary, closing=event.content) if complete else plenary), effects


def _check_says(
    plenary: PlenaryState,
    roster: RosterState,
    place: Place,
    record: ClosingRecord,
    *,
    register: Register,
    state_at: StateAt,
) -> None:
    """Refuse a record that says anything but what the state says at its place."""
    if not 1 <= record.head.size <= place.index or record.head.root != register.root(record.head.size):
        raise LocalError("closing-differs", part="the register head")
    if record.state != state_at(record.head.size):
        raise LocalError("closing-differs", part="the state hash")
    for one in record.disclosed:
        if not 0 <= one.index < record.head.size or one.leaf != register.leaf(one.index):
            raise LocalError("closing-differs", part="a disclosed entry")
    said = closing_record(
        roster,
        plenary,
        head=record.head,
        state=record.state,
        disclosed=record.disclosed,
        cosigners=record.cosigners,
    )
    for name in said.__struct_fields__:
        if getattr(said, name) != getattr(record, name):
            raise LocalError("closing-differs", part=name)


def _cited(plenary: PlenaryState, mark: Mark) -> list[Cited]:
    """Return the acts that prove a mark: itself, its confirmation, and the full powers it relies on."""
    found = [mark.done, *([mark.confirmed] if mark.confirmed else [])]
    if mark.full_powers is not None:
        powers = plenary.powers[mark.full_powers.hex()]
        found += [powers.produced, *powers.found.values()]
    return found


def _signatory(instrument: str, mark: Mark) -> Signatory:
    """Return a mark as the closing record lists it."""
    return Signatory(
        instrument=instrument,
        how=mark.how,
        delegation=mark.delegation,
        member=mark.member,
        name=mark.name,
        capacity=mark.capacity,
        certificate=mark.author,
        index=mark.done.index,
        act=mark.done.act,
        full_powers=mark.full_powers,
        confirmed=mark.confirmed.act if mark.confirmed else None,
    )
