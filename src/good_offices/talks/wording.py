"""What an act does to a text, once it has effect: from events to `good_offices.text`.

This module decides which function of the text an event means and which units it is about. It never decides whether an
act has effect, and it changes no text itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeAlias

from good_offices.errors import LocalError
from good_offices.talks.events_text import (
    AdReferendumConfirmed,
    AmendmentProposed,
    Bound,
    BracketsPlaced,
    BracketsRemoved,
    ConcordanceCertified,
    LanguageTextSet,
    OptionsPlaced,
    ProvisionAgreed,
    ProvisionLocked,
    ProvisionReopened,
    StanceTaken,
    TextAdopted,
    TextReopened,
    UnitAdded,
    UnitMoved,
    UnitRelabelled,
    UnitRemoved,
)
from good_offices.text import acts, concordance, ladder, order
from good_offices.text.state import Proposal, Stance, TextState

ORDER: Final = "#order"
TEXT: Final = "#text"
# The joint acts that change words or order: what was pending on the old ones is stale after them.
CHANGING: Final = frozenset(
    {
        "UnitAdded",
        "UnitMoved",
        "UnitRemoved",
        "UnitRelabelled",
        "AmendmentProposed",
        "BracketsRemoved",
        "LanguageTextSet",
    }
)
# The joint acts that settle how far a unit has come: a change of its words that crosses one would wipe it out.
STANDING: Final = frozenset({"ProvisionAgreed", "ProvisionLocked"})

Everyone: TypeAlias = tuple[str, ...]
Change: TypeAlias = Callable[[TextState, Any, str, Everyone], TextState]


def bases(units: Iterable[Bound]) -> dict[str, bytes]:
    """Return unit ids with the hashes that an act names, each once.

    Raises:
        LocalError: `units-repeated`.
    """
    found: dict[str, bytes] = {}
    for one in units:
        if one.unit in found:
            raise LocalError("units-repeated")
        found[one.unit] = one.digest
    return found


def proposals(event: AmendmentProposed, party: str) -> list[Proposal]:
    """Return an amendment as proposals of the text; several of them are one package.

    Raises:
        LocalError: `units-missing`, `units-repeated`.
    """
    units = [one.unit for one in event.changes]
    if not units:
        raise LocalError("units-missing")
    if len(set(units)) < len(units):
        raise LocalError("units-repeated")
    many = len(event.changes) > 1
    return [
        Proposal(
            id=f"{event.proposal}.{number}" if many else event.proposal,
            party=party,
            unit=one.unit,
            base=one.base,
            texts=one.texts,
            condition=event.condition,
            package=event.proposal if many else "",
        )
        for number, one in enumerate(event.changes)
    ]


def _unit_added(text: TextState, event: UnitAdded, _party: str, _everyone: Everyone) -> TextState:
    outline = event.outline
    for one in event.additions:
        text = order.add_unit(text, one.unit, after=one.after, outline=outline)
        outline = text.instrument.outline
    return text


def _unit_moved(text: TextState, event: UnitMoved, _party: str, _everyone: Everyone) -> TextState:
    outline = event.outline
    for one in event.moves:
        text = order.move_unit(text, one.unit, after=one.after, parent=one.parent, outline=outline)
        outline = text.instrument.outline
    return text


def _unit_removed(text: TextState, event: UnitRemoved, _party: str, _everyone: Everyone) -> TextState:
    for name, base in bases(event.units).items():
        text = order.remove_unit(text, name, base)
    return text


def _unit_relabelled(text: TextState, event: UnitRelabelled, _party: str, _everyone: Everyone) -> TextState:
    for one in event.labels:
        text = order.relabel_unit(text, one.unit, one.base, one.label)
    return text


def _stance_taken(text: TextState, event: StanceTaken, party: str, _everyone: Everyone) -> TextState:
    stance = Stance(
        party=party,
        unit=event.unit,
        slot=event.slot,
        variant=event.variant,
        says=event.says,
        condition=event.condition,
    )
    return acts.take_stance(text, stance)


def _brackets_placed(text: TextState, event: BracketsPlaced, _party: str, _everyone: Everyone) -> TextState:
    for one in event.changes:
        text = acts.place_brackets(text, one.unit, one.base, one.texts)
    return text


def _options_placed(text: TextState, event: OptionsPlaced, _party: str, _everyone: Everyone) -> TextState:
    return order.place_options(text, event.slot, event.groups, bases(event.units))


def _brackets_removed(text: TextState, event: BracketsRemoved, _party: str, _everyone: Everyone) -> TextState:
    # Of the units alone, not of the text: two settlements that wait at once leave each other alone.
    result = None if event.result is None else bases(event.result)
    return acts.settle_slots(text, event.choices, bases(event.units), result=result)


def _language_text_set(
    text: TextState, event: LanguageTextSet, _party: str, _everyone: Everyone
) -> TextState:
    for one in event.texts:
        text = acts.set_language_text(text, one.unit, one.base, one.language, one.runs)
    return text


def _concordance(text: TextState, event: ConcordanceCertified, _party: str, _everyone: Everyone) -> TextState:
    for one in event.units:
        text = concordance.certify(text, one.unit, one.texts)
    return text


def _agreed(text: TextState, event: ProvisionAgreed, _party: str, _everyone: Everyone) -> TextState:
    return ladder.agree(text, bases(event.units), level=event.level, ad_referendum=event.ad_referendum)


def _confirmed(text: TextState, event: AdReferendumConfirmed, party: str, _everyone: Everyone) -> TextState:
    return ladder.confirm(text, bases(event.units), party)


def _locked(text: TextState, event: ProvisionLocked, _party: str, everyone: Everyone) -> TextState:
    return ladder.lock(text, bases(event.units), everyone)


def _reopened(text: TextState, event: ProvisionReopened, _party: str, everyone: Everyone) -> TextState:
    return ladder.reopen(text, bases(event.units), everyone)


def _adopted(text: TextState, event: TextAdopted, _party: str, _everyone: Everyone) -> TextState:
    return ladder.advance(text, "adopted", event.digest)


def _text_reopened(text: TextState, event: TextReopened, _party: str, everyone: Everyone) -> TextState:
    return ladder.reopen_text(text, event.digest, everyone)


CHANGES: Final[Mapping[str, Change]] = {
    "UnitAdded": _unit_added,
    "UnitMoved": _unit_moved,
    "UnitRemoved": _unit_removed,
    "UnitRelabelled": _unit_relabelled,
    "StanceTaken": _stance_taken,
    "BracketsPlaced": _brackets_placed,
    "OptionsPlaced": _options_placed,
    "BracketsRemoved": _brackets_removed,
    "LanguageTextSet": _language_text_set,
    "ConcordanceCertified": _concordance,
    "ProvisionAgreed": _agreed,
    "AdReferendumConfirmed": _confirmed,
    "ProvisionLocked": _locked,
    "ProvisionReopened": _reopened,
    "TextAdopted": _adopted,
    "TextReopened": _text_reopened,
}


def subjects(event: Any) -> tuple[str, ...]:
    """Return what an event about a text would change: `instrument/unit`, `instrument/#order`, `instrument/#text`.

    Raises:
        LocalError: `units-missing`.
    """
    match event.name:
        case "UnitAdded":
            names = [ORDER for _ in event.additions]
        case "UnitMoved":
            names = [name for one in event.moves for name in (ORDER, one.unit)]
        case "UnitRemoved":
            names = [name for one in event.units for name in (ORDER, one.unit)]
        case "UnitRelabelled":
            names = [one.unit for one in event.labels]
        case "AmendmentProposed" | "BracketsPlaced":
            names = [one.unit for one in event.changes]
        case "LanguageTextSet":
            names = [one.unit for one in event.texts]
        case "TextAdopted" | "TextReopened":
            names = [TEXT]
        case _:
            names = [one.unit for one in event.units]
    if not names:
        raise LocalError("units-missing")
    return tuple(f"{event.instrument}/{name}" for name in sorted(set(names)))
